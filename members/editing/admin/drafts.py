"""Which entries have a draft. It is opened, published and thrown away on the page of its entry."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from members.editing.admin.base import OwnCityAdmin
from members.editing.admin.search import ABOUT
from members.models import Draft


@admin.register(Draft)
class DraftAdmin(OwnCityAdmin):
    main_fields = ("entry", "city", "base_version", "saved_at", "saved_by")
    readonly_fields = main_fields
    list_display = ("entry", "city", "saved_at", "saved_by")
    list_display_links = None
    list_select_related = ("city", "saved_by", "content_type")
    list_filter = ("city",)
    search_fields = ("city", ABOUT)
    ordering = ("-saved_at",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description=_("entry"))
    def entry(self, draft: Draft) -> SafeString:
        kind = draft.content_type
        name = f"admin:{kind.app_label}_{kind.model}_change"
        url = reverse(name, args=[draft.object_id])
        return format_html('<a href="{}">{}: {}</a>', url, kind.name, draft.record)
