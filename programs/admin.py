"""The administration of programmes."""

from django.contrib import admin

from members.admin.base import OwnCityAdmin
from programs.models import Edition, EditionEvent, Participation, Programme, ProgrammeItem, ProgrammeLink


@admin.register(Programme)
class ProgrammeAdmin(OwnCityAdmin):
    main_fields = (
        "slug",
        "kind",
        "original_name",
        "original_language",
        "city",
        "further_cities",
        "lead_organisation",
        "website",
        "points",
        "grounds",
    )
    office_fields = ("further_cities",)
    list_display = ("original_name", "kind", "city", "is_published")
    list_filter = ("kind", "city", "city__country")
    list_select_related = ("city",)
    search_fields = ("slug", "original_name", "name_en")
    ordering = ("city__slug", "slug")


@admin.register(Edition)
class EditionAdmin(OwnCityAdmin):
    main_fields = (
        "programme",
        "label",
        "stage",
        ("period_from", "period_to"),
        "legal_acts",
        "legal_basis",
        "declared_items",
    )
    list_display = ("__str__", "stage", "period_from", "period_to", "is_published")
    list_filter = ("stage", "programme__city")
    list_select_related = ("programme",)
    search_fields = ("programme__original_name", "programme__slug", "label")
    ordering = ("programme__slug", "period_from")


@admin.register(EditionEvent)
class EditionEventAdmin(OwnCityAdmin):
    main_fields = ("edition", "kind", ("starts", "ends"))
    list_display = ("edition", "kind", "starts", "ends", "is_published")
    list_filter = ("kind", "edition__programme__city")
    list_select_related = ("edition__programme",)
    search_fields = ("edition__programme__original_name", "edition__label")
    ordering = ("edition__programme__slug", "starts")


@admin.register(ProgrammeItem)
class ProgrammeItemAdmin(OwnCityAdmin):
    main_fields = ("edition", "kind", "order", "done")
    list_display = ("__str__", "edition", "kind", "order", "done", "is_published")
    list_filter = ("kind", "done", "edition__programme__city")
    list_select_related = ("edition__programme",)
    ordering = ("edition", "kind", "order")


@admin.register(Participation)
class ParticipationAdmin(OwnCityAdmin):
    main_fields = ("programme", "organisation", "role")
    list_display = ("programme", "organisation", "role", "is_published")
    list_filter = ("role", "programme__city")
    list_select_related = ("programme", "organisation")
    search_fields = ("programme__original_name", "organisation__original_name")
    ordering = ("programme__slug", "pk")


@admin.register(ProgrammeLink)
class ProgrammeLinkAdmin(OwnCityAdmin):
    main_fields = ("programme", "other", "kind")
    list_display = ("programme", "kind", "other", "is_published")
    list_filter = ("kind", "programme__city")
    list_select_related = ("programme", "other")
    ordering = ("programme__slug", "pk")
