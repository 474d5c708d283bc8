"""The examples of the first page."""

from django.contrib import admin

from members.editing.admin.base import OwnCityAdmin
from portal.models import Example


@admin.register(Example)
class ExampleAdmin(OwnCityAdmin):
    """Three of these are told on the first page, others every day."""

    main_fields = ("action",)
    list_display = ("action", "city", "is_published")
    list_select_related = ("action__commitment__city", "action__commitment__point")
    autocomplete_fields = ("action",)
    search_fields = ("action",)
    ordering = ("pk",)

    @admin.display(description=Example._meta.get_field("action").verbose_name)
    def city(self, row: Example) -> str:
        return str(row.action.commitment.city)
