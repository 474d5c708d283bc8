"""The directory of programmes and its filters: one description for the page, its chips and its
exports."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.dates import FIRST_YEAR, LAST_YEAR
from languages.text import current_language, translated
from members.filters import Chip, CountryFilter, DirectoryFilter, TextFilter, countries_of
from members.models import City, Ground, Organisation, Point, TargetGroup
from programs.models import Edition, EditionEvent, Grant, Participation, Programme

Choices = list[tuple[str, str]]


def shown() -> QuerySet[Programme]:
    """What the directory lists: public, and of no invented city."""
    return Programme.objects.public().real()


def country_choices() -> Choices:
    return countries_of(shown(), "city__country__code")


def stage_choices() -> Choices:
    return [(value, label) for value, label in Edition.Stage.choices if value]


def city_choices() -> Choices:
    """Cities that carry a programme or join in one, by name."""
    cities = City.objects.public().filter(
        Q(programmes__in=shown()) | Q(further_programmes__in=shown())
    )
    return list(cities.listed(current_language()).values_list("slug", "title").distinct())


def point_choices() -> Choices:
    points = Point.objects.public().filter(plan__in_force=True).order_by("number")
    return [
        (str(point.number), f"{point.number}. {translated(point, 'title')}") for point in points
    ]


def ground_choices() -> Choices:
    grounds = (
        Ground.objects.public().filter(programmes__in=shown()).distinct().order_by("order", "slug")
    )
    return [(ground.slug, str(translated(ground, "name"))) for ground in grounds]


def target_choices() -> Choices:
    groups = (
        TargetGroup.objects.public()
        .filter(programmes__in=shown())
        .distinct()
        .order_by("order", "slug")
    )
    return [(group.slug, str(translated(group, "name"))) for group in groups]


def organisation_choices() -> Choices:
    """Organisations that lead a programme, take part in one or pay for one, by name."""
    involved = (
        Q(led_programmes__in=shown())
        | Q(participations__in=Participation.objects.public().real())
        | Q(grants__in=Grant.objects.public().real())
        | Q(further_grants__in=Grant.objects.public().real())
    )
    rows = Organisation.objects.public().filter(involved).listed(current_language())
    return list(rows.values_list("slug", "title").distinct())


class ProgrammeFilter(DirectoryFilter):
    """Programmes by free text, place, kind, stage of an edition, year, and what and whom they
    serve."""

    q = TextFilter()
    country = CountryFilter(
        field_name="city__country__code",
        label=_("Country"),
        choices=country_choices,
        empty_label=_("All countries"),
    )
    city = django_filters.ChoiceFilter(
        method="by_city", label=_("City"), choices=city_choices, empty_label=_("All cities")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=Programme.Kind.choices, empty_label=_("All kinds")
    )
    stage = django_filters.ChoiceFilter(
        method="by_stage", label=_("Stage"), choices=stage_choices, empty_label=_("All stages")
    )
    year = django_filters.NumberFilter(
        method="by_year",
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        decimal_places=0,
        help_text=_("A year in which an edition ran or something happened."),
    )
    point = django_filters.ChoiceFilter(
        field_name="points__number",
        label=pgettext_lazy("filter", "Point of the plan"),
        choices=point_choices,
        empty_label=_("All points"),
    )
    ground = django_filters.ChoiceFilter(
        field_name="grounds__slug",
        label=_("Ground"),
        choices=ground_choices,
        empty_label=_("All grounds"),
    )
    target = django_filters.ChoiceFilter(
        field_name="target_groups__slug",
        label=_("For whom"),
        choices=target_choices,
        empty_label=_("All groups"),
    )
    organisation = django_filters.ChoiceFilter(
        method="by_organisation",
        label=_("Organisation"),
        choices=organisation_choices,
        empty_label=_("All organisations"),
    )

    class Meta:
        model = Programme
        fields: list[str] = []

    @property
    def chips(self) -> list[Chip]:
        """Each with the number of programmes that it finds by itself."""
        chips = super().chips
        active = (
            [(name, value) for name, value in self.form.cleaned_data.items() if value]
            if chips
            else []
        )
        for chip, (name, value) in zip(chips, active, strict=True):
            chip.count = self.filters[name].filter(self.queryset.all(), value).count()
        return chips

    def by_city(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        further = City.objects.public().filter(slug=value)
        return queryset.filter(Q(city__slug=value) | Q(pk__in=further.values("further_programmes")))

    def by_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        editions = Edition.objects.public().filter(stage=value)
        return queryset.filter(pk__in=editions.values("programme"))

    def by_year(self, queryset: QuerySet, name: str, value: int) -> QuerySet:
        """Partial dates begin with their year. Of an edition whose end is not known, only its first
        year is sure."""
        first, last = f"{int(value)}", f"{int(value)}-99"
        began = Q(period_from__gt="", period_from__lte=last)
        ran = (
            began & Q(period_to__gte=first)
            | Q(period_from__startswith=first)
            | Q(period_to__startswith=first)
        )
        happened = EditionEvent.objects.public().filter(
            Q(starts__startswith=first) | Q(ends__startswith=first)
        )
        editions = Edition.objects.public().filter(ran | Q(pk__in=happened.values("edition")))
        return queryset.filter(pk__in=editions.values("programme"))

    def by_organisation(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Led by it, joined by it, or paid by it."""
        organisations = Organisation.objects.public().filter(slug=value)
        taking_part = Participation.objects.public().filter(organisation__in=organisations)
        paying = Grant.objects.public().filter(
            Q(fund__in=organisations) | Q(further_funds__in=organisations)
        )
        return queryset.filter(
            Q(lead_organisation__in=organisations)
            | Q(pk__in=taking_part.values("programme"))
            | Q(pk__in=paying.values("programme"))
        )
