"""What is told of a city in two or three sentences, from its records.

The sentences work in every language: counts are digits with their plural forms, a date stands in
parentheses, a name in quotation marks after a noun, and no preposition before a city.
"""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from languages.dates import format_partial, format_range
from languages.text import current_language, named
from members.models import Action
from members.models.commitments import Answer
from members.strip import BARS, StripColumn
from portal.city_records import CityRecords
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
            *_programme(records.editions),
        ]
    return sentences


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


def _programme(editions: list[Edition]) -> Iterator[str]:
    """The newest edition of a programme by its date, with its stage."""
    dated = [edition for edition in editions if newest_date(edition)]
    if not dated:
        return
    edition = max(dated, key=lambda row: (newest_date(row), row.pk))
    programme = edition.programme
    kind = str(programme.get_kind_display())
    values = {
        "kind": capfirst(kind),
        "name": named(programme).value,
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
