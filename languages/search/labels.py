"""Labels: tokens of the index that say what a row is, beside those of the words that it has.

One search in the index looks up labels and words together, on SQLite and PostgreSQL alike. So a
word that every tenth row has costs hardly more than any other.

* *Language*: a condition on the column would be checked for every row that has the word.
* *Name*: all the words of a name as one token, which finds an exact name among any number of rows.
* *Sample*: each sample is a quarter of the one before. It depends on a number made from kind and
  key, so it is the same on both databases and for all languages of an object.
* *Gloss*: the name is a translation that the portal made, not the one that its bearer uses.
* *Small kind*: kinds with few objects are in no sample, because all their rows are read.
"""

import zlib
from collections.abc import Iterable

from languages.folding import words
from languages.models import IndexRow
from languages.search.analysis import PREFIX_SIGN, parts_of_mixed
from languages.search.stop_words import without_stop_words

# How often the rows are halved: a sample holds one row in 4, 16, 64, 256 or 1,024.
SAMPLES = (2, 4, 6, 8, 10)
SMALL_KIND = f"{PREFIX_SIGN}f{PREFIX_SIGN}"
GLOSS = f"{PREFIX_SIGN}g{PREFIX_SIGN}"


def labels_of(row: IndexRow, *, small_kind: bool, is_gloss: bool = False) -> list[str]:
    """The labels of a row that has tokens.

    `small_kind`: the kind of the row has so few objects that a search may read all of them.
    `is_gloss`: the title is the portal's translation of a name.
    """
    labels = [language_label(row.language)]
    if is_gloss:
        labels.append(GLOSS)
    for name in row.own_names.split("\n"):
        if name:
            folded = words(name)
            labels.append(name_label(folded))
    if small_kind:
        labels.append(SMALL_KIND)
    else:
        labels += _sample_labels(row.kind, row.object_id)
    return list(dict.fromkeys(labels))


def language_label(language: str) -> str:
    return _label("l", language.replace("-", ""))


def name_label(folded: Iterable[str]) -> str:
    """The label of a name, given as folded words. Stop words do not count, nor whether letters and
    digits are one word."""
    name = " ".join(words_of_name(folded))
    number = zlib.crc32(name.encode())
    return _label("n", f"{number:08x}")


def words_of_name(folded: Iterable[str]) -> list[str]:
    """The words that make a name: without stop words, letters and digits apart."""
    parted: list[str] = []
    for word in folded:
        parted += parts_of_mixed(word) or [word]
    return without_stop_words(parted)


def sample_label(halvings: int) -> str:
    return _label("s", str(halvings))


def _sample_labels(kind: str, key: int) -> list[str]:
    name = f"{kind} {key}"
    number = zlib.crc32(name.encode())
    labels = []
    for halvings in SAMPLES:
        is_in_sample = number % 2**halvings == 0
        if is_in_sample:
            labels.append(sample_label(halvings))
    return labels


def _label(what: str, value: str) -> str:
    return f"{PREFIX_SIGN}{what}{PREFIX_SIGN}{value}"
