"""Tokens that say what a row of the index is, beside those that say what stands in it.

They are looked up together with words, by the same index and alike on both databases: so a word
that stands in every tenth row costs hardly more than any other.

* *Language*, because a condition on a column would be asked of every row that has the word.
* *Names*: all the words of a name as one token, so that an exact name is found among any number of
  others.
* *Samples*: each is a quarter of the one before, by a number made of kind and key, the same
  everywhere and for all languages of an object. Kinds with few objects are in no sample: they are
  looked through whatever is typed.
"""

import zlib
from collections.abc import Iterable

from languages.folding import words
from languages.models import IndexRow
from languages.search.analysis import STEM_MARK
from languages.search.stop_words import telling

# How often rows are halved: a sample holds one in 4, 16, 64, 256 or 1,024.
SAMPLES = (2, 4, 6, 8, 10)
FEW = f"{STEM_MARK}f{STEM_MARK}"


def marks(row: IndexRow, *, few: bool) -> list[str]:
    """The marks of a row that has tokens. `few`: its kind has so few objects that all of them may
    be looked through."""
    names = dict.fromkeys(of_name(words(name)) for name in row.own_names.split("\n") if name)
    return [
        of_language(row.language),
        *names,
        *([FEW] if few else _samples(row.kind, row.object_id)),
    ]


def of_language(language: str) -> str:
    return _mark("l", language.replace("-", ""))


def of_name(folded: Iterable[str]) -> str:
    """The mark of a name in folded words; words that stand everywhere do not count."""
    return _mark("n", f"{zlib.crc32(' '.join(telling(folded)).encode()):08x}")


def of_sample(halvings: int) -> str:
    return _mark("s", str(halvings))


def _samples(kind: str, key: int) -> list[str]:
    number = zlib.crc32(f"{kind} {key}".encode())
    return [of_sample(halvings) for halvings in SAMPLES if number % 2**halvings == 0]


def _mark(what: str, value: str) -> str:
    return f"{STEM_MARK}{what}{STEM_MARK}{value}"
