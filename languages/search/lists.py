"""Searching the lists of the administration: every row that they show has its words here, folded.

The index has public objects alone, and no letters, sources or people. So each row of a list keeps
the words of its own columns (`ListText`). A search asks for all its words, each of them anywhere in
a word of the row: both databases answer that alike, and neither folds a column while it searches.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex

from languages.folding import words
from languages.models import ListText
from languages.upkeep import BATCH, batches

# A number in groups, as a telephone's or an act's: "02 091 001 01", "(030) 123-45", "LII/964/16".
_NUMBER = re.compile(r"\+?\(?[0-9](?:[\s()./+-]*[0-9])*")
# A shorter row of digits is a year or a place in a list.
_SHORTEST_NUMBER = 5
# So many keys of one kind are read and named in a query; of more the database asks itself. So many
# rows of all kinds are read at once.
MOST_KEYS = 300
MOST_READ = 3000


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
    return _with_word(_texts_of(model), word).values("object_id")


def has_itself(model: type[models.Model], word: str) -> Q:
    """The same of one row after the other: for the first ones of very many."""
    own_text = _texts_of(model).filter(object_id=OuterRef("pk"))
    return Q(Exists(_with_word(own_text, word)))


def is_about_a_row_with(word: str) -> Q:
    """That the row which `content_type` and `object_id` name has a folded word."""
    texts = ListText.objects.filter(
        content_type=OuterRef("content_type"),
        object_id=OuterRef("object_id"),
    )
    return Q(Exists(_with_word(texts, word)))


def _with_word(texts: QuerySet[ListText], word: str) -> QuerySet[ListText]:
    """Found by its place: SQLite takes a third of the time that it takes for LIKE."""
    return texts.alias(place=StrIndex("text", Value(word))).filter(place__gt=0)


@dataclass(frozen=True)
class ManyRows:
    """The rows of a model that have a folded word, where there are more than anybody reads."""

    model: type[models.Model]
    word: str

    def contain(self, path: str) -> Q:
        """That the row at the end of the path is one of them: asked of one row after the other, so
        that a search for the first ones ends early."""
        own_text = _texts_of(self.model).filter(object_id=OuterRef(path))
        return Q(Exists(_with_word(own_text, self.word)))


class WordRows:
    """The rows of all lists that have a folded word, looked for once for all of them."""

    def __init__(self, word: str) -> None:
        self.word = word

    @cached_property
    def keys_by_kind(self) -> dict[int, list[int] | None]:
        """The keys of the rows of each kind that has some; None instead of very many.

        One query. Where a kind has very many, it is left out, and one more query asks the others.
        """
        many: list[int] = []
        while True:
            others = ListText.objects.exclude(content_type__in=many).order_by()
            pairs = _with_word(others, self.word).values_list("content_type", "object_id")
            first = list(pairs[: MOST_READ + 1])
            if len(first) <= MOST_READ:
                return {**dict.fromkeys(many), **keys_by_kind(first)}
            [(largest, _count)] = Counter(kind for kind, _key in first).most_common(1)
            many.append(largest)

    def keys_of(self, model: type[models.Model]) -> list[int] | ManyRows:
        """The keys of the rows of a model, or that there are very many."""
        keys = self.keys_by_kind.get(_kind_of(model).pk, [])
        return ManyRows(model, self.word) if keys is None else keys

    def is_about(self) -> Q | None:
        """That the row which `content_type` and `object_id` name is one of them; None for none."""
        if not self.keys_by_kind:
            return None
        all_keys = self.keys_by_kind.values()
        if None in all_keys:
            return is_about_a_row_with(self.word)
        condition = Q()
        for kind, keys in self.keys_by_kind.items():
            condition |= Q(content_type=kind, object_id__in=keys)
        return condition


def keys_by_kind(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int] | None]:
    """Keys of content types with the keys of their rows; None instead of more than `MOST_KEYS`."""
    keys: dict[int, list[int]] = defaultdict(list)
    for kind, key in pairs:
        keys[kind].append(key)
    return {kind: own if len(own) <= MOST_KEYS else None for kind, own in keys.items()}
