"""Filters of kinds that have no page with filters: by place, point and code."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField

from languages.text import current_language
from members.city_filter import CityFilter, point_choices
from members.countries import country_choices
from members.filters import CountryFilter, DirectoryFilter, TextFilter
from members.help import contacts_for, contacts_in
from members.map.cities import keys_in_view
from members.map.view import view_of
from members.models import (
    Action,
    City,
    Commitment,
    Country,
    Decision,
    LegalAct,
    Meeting,
    Membership,
    Organisation,
    Source,
    SupportContact,
)
from members.models.commitments import Answer
from members.standing import MEMBERSHIP_KINDS, StandingKind


def all_countries() -> list[tuple[str, str]]:
    codes = Country.objects.public().values_list(
        "code",
        flat=True,
    )
    return country_choices(codes)


def real_cities(request: object = None) -> QuerySet[City]:
    return City.objects.public().real().by_name(current_language())


def city_filter(path: str) -> django_filters.ModelChoiceFilter:
    """By the city's key (slug); `path` is the lookup to the city."""
    return django_filters.ModelChoiceFilter(
        field_name=path,
        label=_("City"),
        queryset=real_cities,
        to_field_name="slug",
        empty_label=_("All cities"),
        help_text=_("Key of the city, as in the table of cities"),
    )


def country_filter(path: str) -> CountryFilter:
    return CountryFilter(
        field_name=path,
        label=_("Country"),
        choices=all_countries,
        empty_label=_("All countries"),
    )


def point_filter(path: str, **options: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        field_name=path,
        label=_("Point of the plan"),
        choices=point_choices,
        empty_label=_("All points"),
        **options,
    )


def code_filter(model: Any, name: str) -> django_filters.ChoiceFilter:
    """By a code of a column; what has no code cannot be asked for."""
    field = model._meta.get_field(name)
    codes = [(code, label) for code, label in field.flatchoices if code]
    return django_filters.ChoiceFilter(field_name=name, label=label_of(model, name), choices=codes)


def label_of(model: Any, name: str) -> str:
    """What the column is called, as the label of a field is written."""
    label: str = capfirst(model._meta.get_field(name).verbose_name)
    return label


class NoFilter(DirectoryFilter):
    """All rows."""


# The codes of the open data for the standing of a membership: those of a city's standing line.
STANDING_CODES = {
    **MEMBERSHIP_KINDS,
    Membership.Standing.ANNULLED: StandingKind.ANNULLED,
}


class StandingFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """By the code of a standing; the stored word is understood as well, as in older addresses."""

    class field_class(ChoiceField):  # type: ignore[misc]  # noqa: N801 - django-filter's name
        def to_python(self, value: Any) -> Any:
            code = STANDING_CODES.get(value, value)
            return super().to_python(code)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        stored = [word for word, code in STANDING_CODES.items() if code == value]
        return qs.filter(standing__in=stored)


class MapFilter(django_filters.CharFilter):  # type: ignore[misc]
    """By the part of the map that the address of the list of cities shows."""

    class field_class(forms.CharField):  # noqa: N801 - django-filter's name
        widget = forms.HiddenInput

        def clean(self, value: Any) -> str:
            text: str = super().clean(value)
            is_part = not text or view_of(text)
            if not is_part:
                sentence = _("Take it from the address of the list of cities.")
                raise ValidationError(sentence)
            return text

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        view = view_of(value)
        return qs.filter(pk__in=keys_in_view(qs, view)) if view else qs


class CityTableFilter(CityFilter):
    """The filters of the list of cities, and the part of the map that narrows the list."""

    map = MapFilter(
        label=_("Part of the map"),
        max_length=30,
        help_text=_("Three numbers, as in the address of the list of cities"),
    )

    def filter_queryset(self, queryset: QuerySet[City]) -> QuerySet[City]:
        rows = super().filter_queryset(queryset)
        narrowed: QuerySet[City] = self.filters["map"].filter(rows, self.values.get("map"))
        return narrowed


class MembershipFilter(DirectoryFilter):
    city = city_filter("city")
    country = country_filter("city__country__code")
    standing = StandingFilter(
        label=label_of(Membership, "standing"),
        choices=[(code.value, code.value) for code in STANDING_CODES.values()],
    )


class PromiseFilter(DirectoryFilter):
    city = city_filter("city")
    country = country_filter("city__country__code")
    point = point_filter("point__number")
    chosen = django_filters.ChoiceFilter(
        label=label_of(Commitment, "chosen"),
        choices=[choice for choice in Answer.choices if choice[0]],
    )


class UndertakingFilter(DirectoryFilter):
    city = city_filter("commitment__city")
    country = country_filter("commitment__city__country__code")
    point = point_filter("commitment__point__number")


class ActionFilter(DirectoryFilter):
    q = TextFilter()
    city = city_filter("commitment__city")
    country = country_filter("commitment__city__country__code")
    point = point_filter("commitment__point__number")
    status = code_filter(Action, "status")
    origin = django_filters.ChoiceFilter(label=_("Whose word it is"), choices=Action.Origin.choices)


class ContactFilter(DirectoryFilter):
    q = TextFilter()
    city = city_filter("city")
    country = django_filters.ModelChoiceFilter(
        label=_("Country"),
        queryset=lambda request: Country.objects.public(),
        to_field_name="code",
        method="by_country",
        help_text=_("Of the whole country, and of its cities."),
    )
    kind = code_filter(SupportContact, "kind")
    help_in_city = django_filters.ModelChoiceFilter(
        label=_("On the help page of this city"),
        queryset=real_cities,
        to_field_name="slug",
        method="by_help",
        help_text=_("Its own contacts, and those of its region and country that can be reached."),
    )
    help_in_country = django_filters.ModelChoiceFilter(
        label=_("On the help page of this country"),
        queryset=lambda request: Country.objects.public(),
        to_field_name="code",
        method="by_help",
        help_text=_("Contacts of the whole country that can be reached."),
    )

    def by_help(self, queryset: QuerySet[Any], name: str, value: City | Country) -> QuerySet[Any]:
        contacts = contacts_for(value) if isinstance(value, City) else contacts_in(value)
        return queryset.filter(pk__in=contacts.order_by().values("pk"))

    def by_country(self, queryset: QuerySet[Any], name: str, value: Country) -> QuerySet[Any]:
        of_country = queryset.filter(country=value)
        of_cities = queryset.filter(city__country=value)
        return of_country | of_cities


class ActFilter(DirectoryFilter):
    q = TextFilter()
    city = city_filter("city")
    country = country_filter("city__country__code")
    kind = code_filter(LegalAct, "kind")


class MeetingFilter(DirectoryFilter):
    kind = code_filter(Meeting, "kind")


class DecisionFilter(DirectoryFilter):
    city = city_filter("city")
    country = country_filter("city__country__code")
    outcome = code_filter(Decision, "outcome")


class OrganisationFilter(DirectoryFilter):
    q = TextFilter()
    city = city_filter("city")
    country = country_filter("country__code")
    kind = code_filter(Organisation, "kind")


class EventFilter(DirectoryFilter):
    q = TextFilter()
    city = city_filter("city")
    country = country_filter("city__country__code")


class SourceFilter(DirectoryFilter):
    kind = code_filter(Source, "kind")
    language = django_filters.CharFilter(
        max_length=20,
        label=label_of(Source, "language"),
    )
