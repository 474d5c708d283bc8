"""In which state a text of an entry is in one language."""

from enum import StrEnum

from django.db import models
from django.utils.translation import pgettext_lazy

from languages.models import Freshness, text_hash
from languages.text import own_text


class State(StrEnum):
    """State of an object, or of one of its texts, in one language."""

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
# An entry is in the worst state of any of its texts.
WORST_FIRST = [State.OUTDATED, State.MISSING, State.CURRENT, State.SOURCE, State.EMPTY]


def state_of(record: models.Model, field: str, language: str, row: Freshness | None) -> State:
    """The state of one text; `row` is what is known of its translation."""
    source = own_text(record, field, record.source_language)
    if language == record.source_language:
        return State.SOURCE if source else State.EMPTY
    if not own_text(record, field, language):
        return State.MISSING if source else State.EMPTY
    if not source:
        return State.CURRENT
    if (
        row is None
        or row.source_language != record.source_language
        or row.source_hash != text_hash(source)
    ):
        return State.OUTDATED
    return State.CURRENT
