"""Which rows of a list each value of each of its filters leaves: sets of keys, from one query.

A fact is a text: the key of a row, the name of a filter, a value, parted by blanks. The facts of
all filters are asked for by one query, which is prepared once: building it takes ten times as long
as the database takes to answer it.
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

Facts = QuerySet[Any, Any]
Keys = set[int]


class ValueSets:
    """The keys of rows by what is said of them: `country PL`, or a single word such as `listed`."""

    def __init__(self, facts: Iterable[str]) -> None:
        sets: dict[str, Keys] = defaultdict(set)
        for fact in facts:
            key, _blank, words = fact.partition(" ")
            sets[words].add(int(key))
        # Pages share them.
        self._sets = {words: frozenset(keys) for words, keys in sets.items()}

    def with_words(self, words: str) -> frozenset[int]:
        """The rows of which these words are said."""
        return self._sets.get(words, frozenset())

    def with_any(self, all_words: Iterable[str]) -> Keys:
        keys: Keys = set()
        for words in all_words:
            keys |= self.with_words(words)
        return keys

    def values_of(self, name: str) -> list[str]:
        """The values of a filter that leave a row, in order."""
        start = f"{name} "
        return sorted(words[len(start) :] for words in self._sets if words.startswith(start))


def in_all(sets: Iterable[AbstractSet[int]]) -> Keys:
    """What these sets have in common; there is at least one. A large set is not gone through where
    a small one says the same."""
    smallest, *others = sorted(sets, key=len)
    return set(smallest).intersection(*others)


def words_of(name: str, lookup: str) -> Combinable:
    """What a fact says of the value of a lookup: `country PL`."""
    value = Cast(F(lookup), TextField())
    return Concat(Value(f"{name} "), value, output_field=TextField())


def facts_of(rows: QuerySet[Any], words: Combinable, key: str = "pk") -> Facts:
    """`key`: the lookup to the key of the row of the list."""
    fact = Concat(Cast(F(key), CharField()), Value(" "), words, output_field=TextField())
    facts: Facts = rows.order_by().annotate(fact=fact).values_list("fact", flat=True)
    return facts
