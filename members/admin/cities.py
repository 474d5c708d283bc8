"""Cities, their names, units and milestones, and countries."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.admin.city_confirmations import CityConfirmations
from members.editing.admin.base import OwnCityAdmin, OwnCityInline, StackedInline
from members.editing.admin.choices import shown_name_order
from members.forms.cities import CityForm
from members.forms.namesakes import CONFIRMATION
from members.models import (
    City,
    CityName,
    Country,
    FormerSlug,
    Membership,
    Milestone,
    Unit,
)
from members.services import cities


class CityNameInline(OwnCityInline, StackedInline):
    model = CityName
    fields = (("name", "language", "kind"),)


class FormerSlugInline(OwnCityInline, StackedInline):
    model = FormerSlug
    fields = ("slug",)


@admin.register(City)
class CityAdmin(CityConfirmations, OwnCityAdmin):
    """A city. A coordinator reads what only the network decides: address, country, kind."""

    form = CityForm
    main_fields = (
        "slug",
        "kind",
        "local_name",
        "local_language",
        "country",
        "region",
        ("population", "population_year"),
        ("latitude", "longitude"),
        "website",
        ("wikidata_id", "geonames_id"),
        "successor",
    )
    office_fields = ("slug", "kind", "country", "wikidata_id", "geonames_id", "successor")
    list_display = ("name_in_list", "country", "kind", "standing", "is_published")
    list_filter = ("country", "kind", "memberships__standing")
    list_select_related = ("country",)
    search_fields = ("slug", "local_name", "name", "region", "other_names")
    inlines = (CityNameInline, FormerSlugInline)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """By the name that the person reads; what suggests cities while one types does so, too."""
        return shown_name_order()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("memberships")

    # Translators: heading: what a city is called
    @admin.display(description=_("name"))
    def name_in_list(self, city: City) -> str:
        return str(city)

    # Translators: where a city stands with the network: member, suspended, withdrawn, …
    @admin.display(description=_("standing"))
    def standing(self, city: City) -> str:
        rows = list(city.memberships.all())
        open_rows = [row for row in rows if row.standing in Membership.OPEN]
        if not rows:
            return pgettext("standing of a city", "not a member")
        latest = (open_rows or rows)[-1]
        return latest.get_standing_display()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The question whether a second city of one name is meant, below the name."""
        page = context["adminform"]
        if CONFIRMATION in page.form.fields:
            _heading, options = page.fieldsets[0]
            fields = list(options["fields"])
            place = fields.index("local_name") + 1
            options["fields"] = [*fields[:place], CONFIRMATION, *fields[place:]]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: City, form: Any, change: bool) -> None:
        rows = City.objects.filter(pk=obj.pk)
        slugs = rows.values_list("slug", flat=True)
        slug = slugs.first()
        super().save_model(request, obj, form, change)
        if slug and slug != obj.slug:
            cities.keep_address(city=obj, slug=slug)


@admin.register(Country)
class CountryAdmin(OwnCityAdmin):
    main_fields = ("code", "in_eu")
    list_display = ("__str__", "code", "in_eu")
    search_fields = ("code",)
    ordering = ("code",)


@admin.register(Unit)
class UnitAdmin(OwnCityAdmin):
    main_fields = (
        "city",
        "original_name",
        "original_language",
        "email",
        "office_ground",
        "url",
        "is_focal_point",
    )
    list_display = ("__str__", "city", "email", "is_focal_point", "is_published")
    list_filter = ("city", "is_focal_point")
    list_select_related = ("city",)
    search_fields = ("original_name", "name", "city")
    ordering = ("city__slug", "pk")


@admin.register(Milestone)
class MilestoneAdmin(OwnCityAdmin):
    main_fields = ("city", "kind", "on")
    list_display = ("city", "kind", "on", "is_published")
    list_filter = ("kind", "city__country")
    list_select_related = ("city",)
    search_fields = ("city",)
    ordering = ("city__slug", "on")
