"""Who already does this: the cities nearest to one in country, size and language that work on a
point of the plan."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from django.db.models import Q

from members.models import Action, Citation, City, Point, Source, Unit
from members.models.record import content_type_of

HOW_MANY = 3
ACTIONS_OF_EACH = 2
# Without a figure a city counts as neither near nor far: as if one were seven times as large as the
# other.
UNKNOWN_SIZE = log(7)
OTHER_COUNTRY = 2.0
OTHER_LANGUAGE = 1.0


@dataclass(frozen=True)
class Neighbor:
    """A city with what it does under the point, where that is told, and the office to ask where one
    is public."""

    city: City
    actions: list[Action]
    contact: Unit | None
    sources: list[Source]


def who_works_on(point: Point, city: City) -> list[Neighbor]:
    """Three other cities, the nearest first, from public rows only: three queries. An invented city
    learns from real ones too; no real city is sent to an invented one."""
    doing: dict[City, list[Action]] = defaultdict(list)
    actions = (
        Action.objects.public()
        .filter(
            Q(commitment__city__fictional=False) | Q(commitment__city__fictional=city.fictional)
        )
        .filter(commitment__point=point)
        .exclude(commitment__city=city)
        .exclude(status=Action.Status.STOPPED)
        .select_related("commitment__city__country", "commitment__point")
        .order_by("pk")
    )
    for action in actions:
        doing[action.commitment.city].append(action)
    nearest = sorted(doing, key=lambda other: (distance(city, other), other.slug))[:HOW_MANY]
    contacts = {unit.city_id: unit for unit in _offices(nearest)}
    shown = {other: doing[other][:ACTIONS_OF_EACH] for other in nearest}
    told = _sources([action for actions in shown.values() for action in actions])
    return [
        Neighbor(
            other,
            shown[other],
            contacts.get(other.pk),
            _each_once(told[action.pk] for action in shown[other]),
        )
        for other in nearest
    ]


def distance(one: City, other: City) -> float:
    """How unlike two cities are: another country and another language count like sizes e² and e
    times apart."""
    size = UNKNOWN_SIZE
    if one.population and other.population:
        size = abs(log(one.population / other.population))
    country = 0 if one.country_id == other.country_id else OTHER_COUNTRY
    language = 0 if language_of(one) == language_of(other) else OTHER_LANGUAGE
    return size + country + language


def language_of(city: City) -> str:
    """The language that the city writes in: that of its own name, else that of its texts."""
    return city.local_language or city.source_language


def _sources(actions: list[Action]) -> dict[int, list[Source]]:
    """Pages on which somebody can read about these actions, by the action's key."""
    found: dict[int, list[Source]] = defaultdict(list)
    cited = Citation.objects.filter(
        content_type=content_type_of(Action()), object_id__in=[action.pk for action in actions]
    ).exclude(source__url="")
    for citation in cited.select_related("source").order_by("pk"):
        found[citation.object_id].append(citation.source)
    return found


def _each_once(groups: Iterable[list[Source]]) -> list[Source]:
    return list(dict.fromkeys(source for group in groups for source in group))


def _offices(cities: list[City]) -> list[Unit]:
    """Public units with a mailbox, the focal point last: it wins."""
    return list(
        Unit.objects.public()
        .filter(city__in=cities)
        .exclude(email="")
        .order_by("is_focal_point", "-pk")
    )
