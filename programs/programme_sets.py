"""Which programmes each value of the directory's filters leaves, for all values at once, as
`members.city_sets` has it of cities."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db.models import QuerySet, Value

from languages.prepared_queries import PreparedQuery, prepare
from languages.shared_values import shared_by_pages
from languages.value_sets import Facts, ValueSets, facts_of, words_of
from members.models import RecordQuerySet
from programs.models import Edition, Grant, Participation, Programme
from programs.stages import newest_programmes

LISTED = "listed"
# By the name of a filter, the lookup from a programme to its value.
LOOKUPS = (
    ("country", "city__country__code"),
    ("city", "city__slug"),
    ("city", "further_cities__slug"),
    ("kind", "kind"),
    ("point", "points__number"),
    ("ground", "grounds__slug"),
    ("target", "target_groups__slug"),
    ("organisation", "lead_organisation__slug"),
)


def listed_programmes() -> RecordQuerySet[Programme]:
    """What the directory lists: public, and of no invented city."""
    return Programme.objects.public().real()


@shared_by_pages
def sets_of_programmes(language: str) -> ValueSets:
    """Of the programmes that the directory of this language lists. One query."""
    return ValueSets(_query(language).values())


@shared_by_pages
def keys_newest_first(language: str) -> list[int]:
    """The keys of the same programmes by the date of their newest edition, those of one date in the
    dictionary order of this language. Two queries."""
    programmes = listed_programmes().by_name(language)
    return [programme.pk for programme in newest_programmes(programmes)]


@cache
def _query(language: str) -> PreparedQuery:
    first, *others = _all_facts(language)
    return prepare(first.union(*others, all=True))


def _all_facts(language: str) -> Iterator[Facts]:
    programmes = listed_programmes()
    yield facts_of(programmes.by_name(language), Value(LISTED))
    for name, lookup in LOOKUPS:
        yield _facts_of_value(programmes, name, lookup)
    editions = Edition.objects.public().exclude(stage="")
    yield _facts_of_value(editions, "stage", "stage", key="programme")
    participations = Participation.objects.public()
    yield _facts_of_value(participations, "organisation", "organisation__slug", key="programme")
    grants = Grant.objects.public()
    for lookup in ("fund__slug", "further_funds__slug"):
        yield _facts_of_value(grants, "organisation", lookup, key="programme")


def _facts_of_value(rows: QuerySet[Any], name: str, lookup: str, key: str = "pk") -> Facts:
    with_value = rows.filter(**{f"{lookup}__isnull": False})
    return facts_of(with_value, words_of(name, lookup), key)
