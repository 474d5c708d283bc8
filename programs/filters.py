"""The directory of programmes and its filters."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.filters import CountryFilter, DirectoryFilter, TextFilter, countries_of
from programs.models import Edition, Programme


def country_choices() -> list[tuple[str, str]]:
    return countries_of(Programme.objects.public().real(), "city__country__code")


def stage_choices() -> list[tuple[str, str]]:
    return [(value, label) for value, label in Edition.Stage.choices if value]


class ProgrammeFilter(DirectoryFilter):
    """Programmes by free text, country, kind, stage of an edition and point."""

    q = TextFilter()
    country = CountryFilter(
        field_name="city__country__code", label=_("Country"), choices=country_choices, empty_label=_("All countries")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Programme.Kind.choices, empty_label=_("All kinds"))
    stage = django_filters.ChoiceFilter(
        method="by_stage", label=_("Stage"), choices=stage_choices, empty_label=_("All stages")
    )

    class Meta:
        model = Programme
        fields: list[str] = []

    def by_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        editions = Edition.objects.public().filter(stage=value)
        return queryset.filter(pk__in=editions.values("programme"))
