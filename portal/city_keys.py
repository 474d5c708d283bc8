"""Which public rows a city has, of all kinds: their keys, in one query.

Most cities have rows of a few kinds only. Django takes longer to build the question to one kind,
with the conditions of all its parents, than the database takes to answer it. So this query over all
kinds is prepared once; a page then asks the kinds that are there for the rows of these keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from languages.prepared_queries import KEY, PreparedQuery, prepare
from members.models import (
    Action,
    Citation,
    City,
    CityName,
    Decision,
    Point,
    Record,
    Source,
    Undertaking,
)
from members.models.record import content_type_of
from members.strip import has_evidence
from portal.models import CityPicture, Event, News
from portal.public_kinds import ON_CITY_PAGE
from programs.models import Edition, EditionEvent, Programme

Rows = QuerySet[Any, Any]

# Relations whose rows say which entry belongs to which.
FURTHER_POINTS: Any = Action.further_points.through
PROGRAMMES_OF_ACTIONS: Any = Programme.actions.through
PROGRAMMES_OF_UNDERTAKINGS: Any = Programme.undertakings.through

# What is told of some rows beside that they are there.
EVIDENCED, DISTANT = "evidenced", "distant"


class PublicKeys:
    """The keys of what is public of some cities, by kind. A fact is a text: the kind and the key,
    parted by a blank."""

    def __init__(self, facts: Iterable[str]) -> None:
        self._keys: dict[str, list[int]] = defaultdict(list)
        for fact in facts:
            kind, _blank, key = fact.rpartition(" ")
            self._keys[kind].append(int(key))

    def rows(self, rows: Rows) -> list[Any]:
        """Those of these rows that are public and of the cities. No query where there are none."""
        keys = self._keys[_kind(rows.model)]
        return list(rows.filter(pk__in=keys)) if keys else []

    def is_said(self, word: str, row: Model) -> bool:
        """Whether `EVIDENCED` or `DISTANT` holds for a row."""
        kind = _kind(type(row), word)
        return row.pk in self._keys[kind]


def keys_of(cities: Iterable[City]) -> PublicKeys:
    """One query."""
    keys = [city.pk for city in cities]
    query = _query()
    facts = query.values_of_all(keys)
    return PublicKeys(facts)


@cache
def _query() -> PreparedQuery:
    first, *others = _all_facts()
    return prepare(first.union(*others, all=True))


def _all_facts() -> Iterator[Rows]:
    for rows in (*_of_the_city(), *_of_programmes(), *_of_relations()):
        yield _facts(rows)
    actions = Action.objects.public().filter(commitment__city=KEY)
    undertakings = Undertaking.objects.public().filter(commitment__city=KEY)
    yield _facts(actions.filter(has_evidence()), EVIDENCED)
    for own_rows in (actions, undertakings):
        yield _facts(own_rows.filter(only_distant_sources(own_rows.model)), DISTANT)


def _of_the_city() -> Iterator[Rows]:
    """Of promises those of all plans: who reads them keeps to the points of the one in force."""
    models: tuple[Any, ...] = (*ON_CITY_PAGE, CityPicture)
    for model in models:
        path = str(model.CITY_PATH)
        yield model.objects.public().filter(**{path: KEY})
    yield Decision.objects.public().filter(city=KEY, annulled_at=None)
    yield CityName.objects.filter(city=KEY)
    # Whether these are public depends on the moment, so whoever reads them asks that again.
    yield News.objects.about(City(pk=KEY))
    yield Event.objects.filter(city=KEY)


def _of_programmes() -> Iterator[Rows]:
    programmes = programmes_of(City(pk=KEY))
    keys = programmes.values("pk")
    yield programmes
    yield Edition.objects.public().filter(programme__in=keys)
    yield EditionEvent.objects.public().filter(edition__programme__in=keys)


def programmes_of(city: City) -> QuerySet[Programme]:
    """Its own, and those that it joins in."""
    relation = Programme.further_cities.through
    joined = relation.objects.filter(city=city)
    is_own = Q(city=city)
    is_joined = Q(pk__in=joined.values("programme"))
    return Programme.objects.public().filter(is_own | is_joined)


def _of_relations() -> Iterator[Rows]:
    """Which entries of promises belong to which public points and programmes."""
    points = Point.objects.public()
    yield FURTHER_POINTS.objects.filter(action__commitment__city=KEY, point__in=points)
    programmes = Programme.objects.public()
    yield PROGRAMMES_OF_ACTIONS.objects.filter(
        action__commitment__city=KEY, programme__in=programmes
    )
    yield PROGRAMMES_OF_UNDERTAKINGS.objects.filter(
        undertaking__commitment__city=KEY, programme__in=programmes
    )


def only_distant_sources(model: type[Record]) -> Q:
    """Whether only the press or a party names a row of this model, by its key."""
    content_type = content_type_of(model())
    citations = Citation.objects.filter(content_type=content_type, object_id=OuterRef("pk"))
    distant = citations.filter(source__kind__in=Source.DISTANT)
    others = citations.exclude(source__kind__in=Source.DISTANT)
    return Q(Exists(distant)) & ~Q(Exists(others))


def _facts(rows: Rows, word: str = "") -> Rows:
    kind = Value(_kind(rows.model, word) + " ")
    key = Cast("pk", TextField())
    fact = Concat(kind, key, output_field=TextField())
    facts: Rows = rows.order_by().annotate(fact=fact).values_list("fact", flat=True)
    return facts


def _kind(model: type[Model], word: str = "") -> str:
    """A kind of rows in one text: `members.Action`, or `members.Action evidenced`."""
    label = model._meta.label
    if word:
        return f"{label} {word}"
    return label
