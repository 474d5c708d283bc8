"""How the texts of some entries stand in each language."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType

from languages.models import Freshness
from languages.states import State, state_of
from languages.text import own_text, translated_fields
from members.models import Record

# The state of one entry's texts, by the code of the language.
StatesByLanguage = dict[str, State]


def states_of(records: Iterable[Record]) -> dict[Record, StatesByLanguage]:
    """The worst state of each record's texts by language, without the source language.

    One query for each model.
    """
    by_model: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    states: dict[Record, StatesByLanguage] = {}
    for model, rows in by_model.items():
        freshness = _freshness_of(model, rows)
        for record in rows:
            of_record = freshness[record.pk]
            states[record] = _states(record, of_record)
    return states


# Freshness of the texts of one entry, by field and language.
TextFreshness = dict[tuple[str, str], Freshness]


def _freshness_of(model: type[Record], records: list[Record]) -> dict[int, TextFreshness]:
    """By the key of the record."""
    kind = ContentType.objects.get_for_model(model)
    keys = [record.pk for record in records]
    freshness: dict[int, TextFreshness] = defaultdict(dict)
    rows = Freshness.objects.filter(content_type=kind, object_id__in=keys)
    for row in rows:
        text = (row.field, row.language)
        freshness[row.object_id][text] = row
    return freshness


def _states(record: Record, freshness: TextFreshness) -> StatesByLanguage:
    texts = translated_fields(type(record))
    worst = {}
    for code in _other_languages(record):
        states = set()
        for text in texts:
            row = freshness.get((text, code))
            states.add(state_of(record, text, code, row))
        worst[code] = _worst_of(states)
    return worst


def _worst_of(states: set[State]) -> State:
    for state in (State.OUTDATED, State.MISSING, State.CURRENT):
        if state in states:
            return state
    return State.EMPTY


def _other_languages(record: Record) -> list[str]:
    codes = []
    for code, _name in settings.LANGUAGES:
        if code != record.source_language:
            codes.append(code)
    return codes


def languages_of_texts(records: Iterable[Record]) -> set[str]:
    """Languages in which there is a translation of any of these entries."""
    languages = set()
    for record in records:
        texts = translated_fields(type(record))
        codes = _other_languages(record)
        for code in codes:
            has_text = any(own_text(record, text, code) for text in texts)
            if has_text:
                languages.add(code)
    return languages
