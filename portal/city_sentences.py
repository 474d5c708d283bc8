"""What is told of a city in two or three sentences, from its records.

The sentences work in every language: counts are digits with their plural forms, a date stands in
parentheses, a name in quotation marks after a noun, and no preposition before a city.
"""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from languages.dates import format_partial, format_range
from languages.quotations import within_quotation
from languages.text import current_language, named
from members.models import Action
from members.models.commitments import Answer
from members.strip import BARS, StripColumn
from portal.city_records import CityRecords
from portal.promises import Promises
from programs.models import Edition
from programs.stages import newest_date, stage_words


def sentences_of(records: CityRecords) -> list[str]:
    """Promises, or the actions that sources name; the newest programme; what is late or stale."""
    columns = records.promises.strip.columns
    has_answered = any(column.own_bars for column in columns)
    if has_answered:
        sentences = [*_promised(columns), *_programme(records.editions), *_warnings(records)]
    else:
        sentences = [
            *_known(records.promises.actions),
            *_planned(columns),
            *_undertaken(records.promises),
            *_programme(records.editions),
        ]
    # A date at the end may bring a stop of its own: "2026 р.".
    return [sentence.replace("..", ".") for sentence in sentences]


def _promised(columns: tuple[StripColumn, ...]) -> Iterator[str]:
    chosen = sum(column.chosen == Answer.YES and column.is_stated for column in columns)
    if chosen:
        words = ngettext(
            "{count} of {total} points is chosen.", "{count} of {total} points are chosen.", chosen
        )
        yield words.format(count=chosen, total=len(columns))
    done = sum(column.own_bars == BARS for column in columns)
    if done:
        words = ngettext(
            "{count} point is done with evidence.", "{count} points are done with evidence.", done
        )
        yield words.format(count=done)


def _known(actions: list[Action]) -> Iterator[str]:
    """How many actions sources name, and of when the newest news is."""
    count = len(actions)
    if not count:
        return
    newest = max(action.as_of for action in actions)
    if newest:
        words = ngettext(
            "{count} action is known (newest news: {date}).",
            "{count} actions are known (newest news: {date}).",
            count,
        )
    else:
        words = ngettext(
            "{count} action is known; its source has no date.",
            "{count} actions are known; their sources have no date.",
            count,
        )
    yield words.format(count=count, date=format_partial(newest, current_language()))


def _planned(columns: tuple[StripColumn, ...]) -> Iterator[str]:
    """How many points the city's own plan names, as far as the city has not confirmed them."""
    count = sum(column.is_in_plan for column in columns)
    if count:
        words = ngettext(
            "{count} point stands in the city’s own plan.",
            "{count} points stand in the city’s own plan.",
            count,
        )
        yield words.format(count=count)


def _undertaken(promises: Promises) -> Iterator[str]:
    """What the city undertook under points that the portal chose."""
    undertakings = []
    for promise in promises.points:
        undertakings += promise.assigned
    count = len(undertakings)
    if not count:
        return
    newest = max(str(undertaking.as_of) for undertaking in undertakings)
    if newest:
        words = ngettext(
            "{count} undertaking is known (newest news: {date}).",
            "{count} undertakings are known (newest news: {date}).",
            count,
        )
    else:
        words = ngettext(
            "{count} undertaking is known; its source has no date.",
            "{count} undertakings are known; their sources have no date.",
            count,
        )
    yield words.format(count=count, date=format_partial(newest, current_language()))


def _programme(editions: list[Edition]) -> Iterator[str]:
    """The newest edition of a programme by its date, with its stage."""
    dated = [edition for edition in editions if newest_date(edition)]
    if not dated:
        return
    edition = max(dated, key=lambda row: (newest_date(row), row.pk))
    programme = edition.programme
    kind = str(programme.get_kind_display())
    name = named(programme).value
    if _says_its_kind(name, kind):
        yield _programme_in_words(edition, name)
        return
    values = {
        "kind": capfirst(kind),
        "name": within_quotation(name, current_language()),
        "stage": stage_words(edition),
    }
    if edition.period_from and edition.period_to:
        period = format_range(edition.period_from, edition.period_to, current_language())
        # Translators: "kind" is, for example, "Programme" or "Policy"; "stage": "in force".
        words = gettext("{kind} “{name}” ({period}): {stage}.")
        yield words.format(period=period, **values)
    else:
        # Translators: "kind" is, for example, "Programme" or "Policy"; "stage": "in force".
        words = gettext("{kind} “{name}”: {stage}.")
        yield words.format(**values)


def _says_its_kind(name: str, kind: str) -> bool:
    """Whether the name of a programme begins as its kind does: "Zehn-Punkte-Aktionsplan"."""
    kind_words = kind.split()
    return bool(kind_words) and name.casefold().startswith(kind_words[0].casefold())


def _programme_in_words(edition: Edition, name: str) -> str:
    values = {"name": capfirst(name), "stage": stage_words(edition)}
    if edition.period_from and edition.period_to:
        period = format_range(edition.period_from, edition.period_to, current_language())
        # Translators: of a plan: "Action plan against racism (2024–2028): in force."
        words = gettext("{name} ({period}): {stage}.")
        return words.format(period=period, **values)
    # Translators: of a plan: "Action plan against racism: in force."
    words = gettext("{name}: {stage}.")
    return words.format(**values)


def _warnings(records: CityRecords) -> Iterator[str]:
    late = sum(action.is_late for action in records.promises.actions)
    if late:
        words = ngettext("{count} action is late.", "{count} actions are late.", late)
        yield words.format(count=late)
    stale = sum(column.is_stale for column in records.promises.strip.columns)
    if stale:
        words = ngettext(
            "{count} point has not been confirmed for a year.",
            "{count} points have not been confirmed for a year.",
            stale,
        )
        yield words.format(count=stale)
