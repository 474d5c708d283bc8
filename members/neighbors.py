"""Who already does this: the cities nearest to one in country, size and language that work on a
point of the plan."""

from collections import defaultdict
from dataclasses import dataclass
from math import log

from django.db.models import Q

from members.models import Action, Citation, City, Point, Source, Unit
from members.models.record import content_type_of

HOW_MANY = 3
ACTIONS_OF_EACH = 2
# How unlike two cities are is the logarithm of how many times as large the larger one is. Without a
# figure a city counts as neither near nor far: as if one were seven times as large as the other.
UNKNOWN_SIZE = log(7)
OTHER_COUNTRY = 2.0
OTHER_LANGUAGE = 1.0


@dataclass(frozen=True)
class Neighbor:
    """A city with some of its actions under the point, their sources, and an office to ask."""

    city: City
    actions: list[Action]
    contact: Unit | None
    sources: list[Source]


def who_works_on(point: Point, city: City) -> list[Neighbor]:
    """Three other cities, the nearest first, from public rows only: three queries.

    A real city learns from real ones only, an invented city from all.
    """
    actions = _actions_by_city(point, city)
    by_distance = sorted(
        actions,
        key=lambda other: (distance(city, other), other.slug),
    )
    nearest = by_distance[:HOW_MANY]
    contacts = _contacts(nearest)
    examples = []
    for other in nearest:
        examples += actions[other][:ACTIONS_OF_EACH]
    sources = _sources(examples)
    neighbors = []
    for other in nearest:
        own_examples = actions[other][:ACTIONS_OF_EACH]
        neighbor = Neighbor(
            city=other,
            actions=own_examples,
            contact=contacts.get(other.pk),
            sources=_sources_of_all(own_examples, sources),
        )
        neighbors.append(neighbor)
    return neighbors


def _actions_by_city(point: Point, city: City) -> dict[City, list[Action]]:
    """Public actions of other cities under the point that were not stopped."""
    is_real = Q(commitment__city__fictional=False)
    is_like_city = Q(commitment__city__fictional=city.fictional)
    rows = (
        Action.objects.public()
        .filter(is_real | is_like_city, commitment__point=point)
        .exclude(commitment__city=city)
        .exclude(status=Action.Status.STOPPED)
        .select_related("commitment__city__country", "commitment__point")
        .order_by("pk")
    )
    actions: dict[City, list[Action]] = defaultdict(list)
    for action in rows:
        actions[action.commitment.city].append(action)
    return actions


def distance(one: City, other: City) -> float:
    """How unlike two cities are.

    Another country and another language count like sizes e² and e times apart.
    """
    size = UNKNOWN_SIZE
    if one.population and other.population:
        ratio = one.population / other.population
        size = abs(log(ratio))
    total = size
    if one.country_id != other.country_id:
        total += OTHER_COUNTRY
    if language_of(one) != language_of(other):
        total += OTHER_LANGUAGE
    return total


def language_of(city: City) -> str:
    """The language that the city writes in: that of its own name, else that of its texts."""
    return city.local_language or city.source_language


def _sources(actions: list[Action]) -> dict[int, list[Source]]:
    """Pages on which somebody can read about these actions, by the action's key."""
    keys = [action.pk for action in actions]
    citations = Citation.objects.filter(
        content_type=content_type_of(Action()),
        object_id__in=keys,
    )
    with_address = citations.exclude(source__url="")
    sources: dict[int, list[Source]] = defaultdict(list)
    for citation in with_address.select_related("source").order_by("pk"):
        sources[citation.object_id].append(citation.source)
    return sources


def _sources_of_all(actions: list[Action], sources: dict[int, list[Source]]) -> list[Source]:
    """The sources of these actions, each once."""
    once: dict[Source, None] = {}
    for action in actions:
        for source in sources.get(action.pk, []):
            once[source] = None
    return list(once)


def _contacts(cities: list[City]) -> dict[int, Unit]:
    """An office to ask in each city, by the city's key: a public unit with a mailbox."""
    units = Unit.objects.public().filter(city__in=cities)
    with_mailbox = units.exclude(email="")
    contacts = {}
    # The focal point comes last and takes the place of the others.
    for unit in with_mailbox.order_by("is_focal_point", "-pk"):
        contacts[unit.city_id] = unit
    return contacts
