"""The pictures that cities give of themselves."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from members.editing.admin.base import OwnCityAdmin
from members.requests import user_of
from portal.forms.pictures import CityPictureForm
from portal.models import CityPicture
from portal.services import pictures


@admin.register(CityPicture)
class CityPictureAdmin(OwnCityAdmin):
    form = CityPictureForm
    main_fields = ("city", "picture_file", "credit", "focus")
    list_display = ("city", "credit", "is_published")
    list_filter = ("city",)
    list_select_related = ("city",)
    search_fields = ("credit", "picture_text", "caption", "city")
    ordering = ("city__slug",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.renditions:
            by = user_of(request)
            picture = pictures.keep(renditions=form.renditions, city=obj.city, by=by)
            pictures.show(picture=picture, of=obj)
        super().save_model(request, obj, form, change)
