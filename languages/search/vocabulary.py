"""The vocabulary of the index: the words of its rows, each with the parts by which it is found.

What they are for: `typing_errors` and `compounds`, which find words by equality of parts
(`WordPart`), as every database looks up alike. When the last row with a word leaves the index, the
word stays until the index is built anew: a search always checks that a word of the vocabulary finds
something.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from django.db import connection

from languages.folding import fold, spelled_words
from languages.models import IndexRow, IndexWord, WordPart
from languages.search.compounds import LINKS, compound_parts
from languages.search.typing_errors import error_parts
from languages.upkeep import batches

SHORTEST_WORD, LONGEST_WORD = 3, 40
_INSERT_PARTS = f"INSERT INTO {WordPart._meta.db_table} (word_id, part) VALUES "  # noqa: S608


@dataclass
class _WordUse:
    """How rows of the index use a word."""

    spelled: str
    languages: set[str] = field(default_factory=set)
    in_title: bool = False


def learn(index_rows: Iterable[IndexRow]) -> None:
    """Add the words of rows to the vocabulary. Two queries for each batch, if all are known."""
    uses = _word_uses(index_rows)
    for batch in batches(sorted(uses)):
        rows = IndexWord.objects.filter(word__in=batch)
        known = {row.word: row for row in rows}
        changed = []
        for word in batch:
            merged = _merge(word, uses[word], known.get(word))
            if merged:
                changed.append(merged)
        if changed:
            _store(changed)


def forget() -> None:
    """Empty the vocabulary, before the index is built anew."""
    WordPart.objects.all().delete()
    IndexWord.objects.all().delete()


def _word_uses(rows: Iterable[IndexRow]) -> dict[str, _WordUse]:
    uses: dict[str, _WordUse] = {}
    for row in rows:
        texts = [(row.own_names, True), (row.own_text, False)]
        for text, in_title in texts:
            for spelled in spelled_words(text):
                word = fold(spelled)
                if _belongs_in_vocabulary(word):
                    use = uses.setdefault(word, _WordUse(spelled))
                    use.languages.add(row.language)
                    use.in_title |= in_title
    return uses


def _belongs_in_vocabulary(word: str) -> bool:
    if not word.isalpha():
        return False
    return SHORTEST_WORD <= len(word) <= LONGEST_WORD


def _merge(word: str, use: _WordUse, known: IndexWord | None) -> IndexWord | None:
    """The word as it must be stored; None if it is stored so already."""
    languages = set(use.languages)
    in_title = use.in_title
    if known:
        languages.update(known.languages.split())
        in_title = in_title or known.in_title
    codes = " ".join(sorted(languages))
    if known and known.in_title == in_title and known.languages == codes:
        return None
    return IndexWord(
        word=word,
        spelled=use.spelled,
        languages=codes,
        in_title=in_title,
    )


def _store(words: list[IndexWord]) -> None:
    stored = IndexWord.objects.bulk_create(
        words,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["languages", "in_title"],
    )
    parts: list[tuple[int, str]] = []
    for word in stored:
        for part in sorted(_parts_of(word)):
            parts.append((word.pk, part))
    for batch in batches(parts):
        _store_parts(batch)


def _store_parts(parts: list[tuple[int, str]]) -> None:
    """Those that are stored already stay. One statement, not `bulk_create`: a word has about twenty
    parts, and an object for each took a fifth of the time of `load_network`."""
    places = ", ".join(["(%s, %s)"] * len(parts))
    values: list[int | str] = list(chain.from_iterable(parts))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_PARTS + places + " ON CONFLICT DO NOTHING", values)


def _parts_of(word: IndexWord) -> set[str]:
    codes = word.languages.split()
    languages = [code for code in codes if code in LINKS]
    return compound_parts(word, languages) | error_parts(word.word)
