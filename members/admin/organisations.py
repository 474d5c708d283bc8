"""Organisations, equality bodies with their tasks, and where people find help."""

from django.contrib import admin

from members.admin.base import OwnCityAdmin
from members.models import BodyTask, Organisation, SupportContact


@admin.register(Organisation)
class OrganisationAdmin(OwnCityAdmin):
    main_fields = (
        "slug",
        "kind",
        "original_name",
        "original_language",
        "country",
        "city",
        "website",
        "appointed_by",
        ("term_from", "term_to"),
        "grounds",
    )
    list_display = ("original_name", "kind", "country", "city", "is_published")
    list_filter = ("kind", "country", "city")
    list_select_related = ("country", "city")
    search_fields = ("slug", "original_name", "name_en")
    ordering = ("slug",)


@admin.register(BodyTask)
class BodyTaskAdmin(OwnCityAdmin):
    main_fields = ("organisation", "order")
    list_display = ("__str__", "organisation", "order", "is_published")
    list_filter = ("organisation",)
    list_select_related = ("organisation",)
    ordering = ("organisation", "order")


@admin.register(SupportContact)
class SupportContactAdmin(OwnCityAdmin):
    main_fields = (
        "city",
        "country",
        "organisation",
        "url",
        "phone",
        "email",
        "languages",
        ("free", "anonymous"),
        "last_checked_on",
    )
    office_fields = ("country",)
    list_display = ("organisation", "city", "country", "phone", "last_checked_on", "is_published")
    list_filter = ("country", "city")
    list_select_related = ("organisation", "city", "country")
    search_fields = ("organisation__original_name", "organisation__slug", "city__slug", "phone", "email")
    ordering = ("city__slug", "pk")
