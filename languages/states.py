"""The state of a text or of an entry in one language."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import pgettext_lazy

from languages.models import Freshness, text_hash
from languages.text import (
    HasSourceLanguage,
    Text,
    current_language,
    own_text,
    source_text,
    translated,
)


class State(StrEnum):
    """The state of an entry, or of one of its texts, in one language."""

    SOURCE = "source"
    CURRENT = "current"
    OUTDATED = "outdated"
    MISSING = "missing"
    EMPTY = "empty"


STATES = {
    State.SOURCE: pgettext_lazy("state of a translation", "source text"),
    State.CURRENT: pgettext_lazy("state of a translation", "current"),
    State.OUTDATED: pgettext_lazy("state of a translation", "outdated"),
    State.MISSING: pgettext_lazy("state of a translation", "missing"),
    State.EMPTY: pgettext_lazy("state of a translation", "nothing to translate yet"),
}
# The state of an entry is the worst state of any of its texts.
_WORST_FIRST = [State.OUTDATED, State.MISSING, State.CURRENT, State.SOURCE, State.EMPTY]


def state_of(
    record: HasSourceLanguage, field: str, language: str, freshness: Freshness | None
) -> State:
    """The state of one text. `freshness` is the row of this field and language, if there is one.

    A translation without a source text is current.
    """
    source = source_text(record, field)
    source_language = record.source_language
    if language == source_language:
        return State.SOURCE if source else State.EMPTY
    if not own_text(record, field, language):
        return State.MISSING if source else State.EMPTY
    is_current = not source or _is_made_from(freshness, source_language, source)
    if is_current:
        return State.CURRENT
    return State.OUTDATED


def up_to_date(record: Any, field: str) -> Text:
    """The text for this reader; as it was first written where the translation is older than that.
    For what somebody decides about. One query at most."""
    language = current_language()
    source_language = record.source_language
    text = translated(record, field)
    if language == source_language or not own_text(record, field, language):
        return text
    kind = ContentType.objects.get_for_model(record)
    rows = Freshness.objects.filter(content_type=kind, object_id=record.pk)
    freshness = rows.filter(field=field, language=language).first()
    if state_of(record, field, language, freshness) != State.OUTDATED:
        return text
    return replace(translated(record, field, source_language), is_fallback=True)


def _is_made_from(freshness: Freshness | None, source_language: str, source: str) -> bool:
    if freshness is None or freshness.source_language != source_language:
        return False
    current_hash = text_hash(source)
    return freshness.source_hash == current_hash


def worst_of(states: Iterable[State]) -> State:
    """The worst of several states; EMPTY for none."""
    return min(
        states,
        key=_WORST_FIRST.index,
        default=State.EMPTY,
    )
