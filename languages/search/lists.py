"""Searching the lists of the administration: every row that they show has its words here, folded.

The index has public objects alone, and no letters, sources or people. So each row of a list keeps
the words of its own columns (`ListText`). A search asks for all its words, each of them anywhere in
a word of the row: both databases answer that alike, and neither folds a column while it searches.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from languages.folding import words
from languages.models import ListText
from languages.upkeep import BATCH, batches

# A number in groups, as a telephone's or an act's: "02 091 001 01", "(030) 123-45", "LII/964/16".
_NUMBER = re.compile(r"\+?\(?[0-9](?:[\s()./+-]*[0-9])*")
# A shorter row of digits is a year or a place in a list.
_SHORTEST_NUMBER = 5


def joined_numbers(text: str) -> list[str]:
    """The digits of each long number of a text, without what separates their groups."""
    numbers = [re.sub(r"[^0-9]", "", match) for match in _NUMBER.findall(text)]
    return [number for number in numbers if len(number) >= _SHORTEST_NUMBER]


def asked_number(text: str) -> str:
    """The digits of a search that is nothing but a number, "" for any other.

    Without zeros at the beginning: a number with its country's code has none there.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return ""
    numbers = joined_numbers(text)
    return numbers[0].lstrip("0") if numbers else ""


# --- Keeping --------------------------------------------------------------------------------------


def write_row(row: models.Model, names: Sequence[str]) -> None:
    """Keep the words of a row that was saved. `names`: its columns that are searched. One query."""
    values = [getattr(row, name) for name in names]
    _write([_list_text(type(row), row.pk, values)])


def write_rows(model: type[models.Model], names: Sequence[str]) -> int:
    """Keep the words of all rows of a model anew. Returns their number."""
    present = model._base_manager.values("pk")
    _texts_of(model).exclude(object_id__in=present).delete()
    values = model._base_manager.order_by("pk").values_list("pk", *names)
    count = 0
    for batch in batches(values.iterator(chunk_size=BATCH)):
        texts = [_list_text(model, key, own) for key, *own in batch]
        _write(texts)
        count += len(texts)
    return count


def forget_row(row: models.Model) -> None:
    """Drop the words of a row that was deleted."""
    _texts_of(type(row)).filter(object_id=row.pk).delete()


def _list_text(model: type[models.Model], key: int, values: Iterable[object]) -> ListText:
    texts = [str(value) for value in values if value is not None]
    together = "\n".join(texts)
    numbers = [number for one in texts for number in joined_numbers(one)]
    each_once = dict.fromkeys([*words(together), *numbers])
    return ListText(content_type=_kind_of(model), object_id=key, text=" ".join(each_once))


def _write(texts: list[ListText]) -> None:
    ListText.objects.bulk_create(
        texts,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=["text"],
    )


def _kind_of(model: type[models.Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _texts_of(model: type[models.Model]) -> QuerySet[ListText]:
    return ListText.objects.filter(content_type=_kind_of(model))


# --- Searching ------------------------------------------------------------------------------------


def keys_with(model: type[models.Model], word: str) -> QuerySet[ListText, Any]:
    """The keys of the rows of a model that have a folded word, or a word in which it stands."""
    return _texts_of(model).filter(text__contains=word).values("object_id")


def is_about_a_row_with(word: str) -> Q:
    """That the row which `content_type` and `object_id` name has a folded word."""
    texts = ListText.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
        text__contains=word,
    )
    return Q(Exists(texts))
