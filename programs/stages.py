"""The stage of an edition as its dates say it: a consultation that is over is not called open."""

from operator import attrgetter
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import pgettext, pgettext_lazy

from languages.dates import format_since, is_past
from languages.text import current_language
from members.age import Age, age_of, year_of
from programs.models import Edition, EditionEvent, Programme

Stage = Edition.Stage

# The stage with the year in which it was known.
STAGE_WORDS = {
    Stage.PREPARATION: {
        Age.RECENT: pgettext_lazy("stage", "in preparation, {year}"),
        Age.OLD: pgettext_lazy("stage", "in preparation in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("stage", "in preparation; the source has no date"),
    },
    Stage.CONSULTATION: {
        Age.RECENT: pgettext_lazy("stage", "in consultation, {year}"),
        Age.OLD: pgettext_lazy("stage", "in consultation in {year}, result not known"),
        Age.UNDATED: pgettext_lazy("stage", "in consultation; the source has no date"),
    },
    Stage.ADOPTED: {
        Age.RECENT: pgettext_lazy("stage", "adopted in {year}"),
        Age.OLD: pgettext_lazy("stage", "adopted in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("stage", "adopted; the source has no date"),
    },
    Stage.IN_FORCE: {
        Age.RECENT: pgettext_lazy("stage", "in force, {year}"),
        Age.OLD: pgettext_lazy("stage", "in force in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("stage", "in force; the source has no date"),
    },
    Stage.EVALUATED: {
        Age.RECENT: pgettext_lazy("stage", "evaluated in {year}"),
        Age.OLD: pgettext_lazy("stage", "evaluated in {year}"),
        Age.UNDATED: pgettext_lazy("stage", "evaluated; the source has no date"),
    },
    Stage.ENDED: {
        Age.RECENT: pgettext_lazy("stage", "ended in {year}"),
        Age.OLD: pgettext_lazy("stage", "ended in {year}"),
        Age.UNDATED: pgettext_lazy("stage", "ended; the source has no date"),
    },
    Stage.UNKNOWN: {
        Age.RECENT: pgettext_lazy("stage", "mentioned in {year}"),
        Age.OLD: pgettext_lazy("stage", "mentioned in {year}, nothing later known"),
        Age.UNDATED: pgettext_lazy("stage", "the source has no date"),
    },
}


def dated_stages(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Editions with `stage_on`: the partial date of the newest public event that says their stage,
    or "". No query of its own."""
    is_evaluation = Q(kind=EditionEvent.Kind.EVALUATION, edition__stage=Stage.EVALUATED)
    says_stage = Q(kind=OuterRef("stage")) | is_evaluation
    events = EditionEvent.objects.public().filter(says_stage, edition=OuterRef("pk"))
    day = Coalesce(NullIf("ends", Value("")), "starts")
    newest = events.annotate(day=day).order_by("-day").values("day")[:1]
    return editions.annotate(stage_on=Coalesce(Subquery(newest), Value("")))


def with_stages(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Programmes with `public_editions`, the oldest first, each with its stage. One query more."""
    public = dated_stages(Edition.objects.public()).order_by("period_from", "pk")
    return programmes.prefetch_related(Prefetch("editions", public, to_attr="public_editions"))


def newest_programmes(programmes: QuerySet[Programme]) -> list[Any]:
    """Programmes with their stages by the date of their newest edition; of one date in the order
    that they have."""
    rows: list[Any] = list(with_stages(programmes))
    for row in rows:
        row.date = newest_date(row.public_editions[-1]) if row.public_editions else ""
    return sorted(rows, key=attrgetter("date"), reverse=True)


def stage_words(edition: Edition) -> str:
    """The stage of an edition of `dated_stages`: `in consultation until July 2024; result not
    known`."""
    stage = Stage(edition.stage)
    on = stage_on(edition)
    if stage is Stage.CONSULTATION and on:
        return _consultation(on)
    if edition.period_to and stage in {Stage.ADOPTED, Stage.IN_FORCE, Stage.UNKNOWN}:
        return _period(edition.period_to)
    on = newest_date(edition)
    words = STAGE_WORDS[stage][age_of(on)]
    return words.format(year=year_of(on))


def stage_on(edition: Edition) -> str:
    """The annotation of `dated_stages`, which the type checker does not see."""
    return str(edition.stage_on)  # type: ignore[attr-defined]


def newest_date(edition: Edition) -> str:
    """The partial date of what an edition says of itself: of its stage, else its period."""
    if edition.stage == Stage.ENDED and edition.period_to:
        return str(edition.period_to)
    return stage_on(edition) or str(edition.period_from)


def _consultation(ends: str) -> str:
    """Open until its last day; after it nobody knows how it ended."""
    date = format_since(ends, current_language())
    words = pgettext("stage", "in consultation until {date}")
    if is_past(ends):
        words = pgettext("stage", "in consultation until {date}; result not known")
    return words.format(date=date)


def _period(ends: str) -> str:
    """What was adopted for a period is not called in force after it."""
    words = pgettext("stage", "its period runs until {year}")
    if is_past(ends):
        words = pgettext("stage", "its period ended in {year}")
    return words.format(year=year_of(ends))
