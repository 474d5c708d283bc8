"""Rows for measuring: invented programmes whose words are drawn from the real data as often as they stand there, and
now and then a word that stands nowhere else."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate

from django.db import connection

from languages.analysis import index_tokens
from languages.folding import spelled_words
from languages.marks import marks
from languages.models import IndexRow, IndexWord
from languages.sorting import sort_key
from languages.vocabulary import learn

RARE = "quixotically interlocking neighbourhoods"
TITLE_WORDS, SUMMARY_WORDS = 6, 40
INVENTED_WORDS = 0.002
SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu", "bra", "cle")
AT_A_TIME = 2000

full_text = import_module("languages.migrations.0003_index_full_text")
names = import_module("languages.migrations.0005_full_text_of_names")


class Drawn:
    """Words of the real texts by language; more often those that stand there more often."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter] = {}
        for row in IndexRow.objects.exclude(kind="country"):
            self.counts.setdefault(row.language, Counter()).update(spelled_words(f"{row.own_names} {row.own_text}"))
        self.heaps = {code: (list(counts), list(accumulate(counts.values()))) for code, counts in self.counts.items()}
        self.model = IndexRow.objects.filter(kind="programme").first()
        # Stemming the same words half a million times would measure Python alone.
        self.known: dict[tuple[str, str], list[str]] = {}

    def words(self, code: str, length: int, chance: random.Random) -> list[str]:
        known, heap = self.heaps[code]
        chosen = chance.choices(known, cum_weights=heap, k=length)
        return [invented(chance) if chance.random() < INVENTED_WORDS else word for word in chosen]

    def tokens(self, words: list[str], code: str) -> str:
        for word in words:
            if (word, code) not in self.known:
                self.known[word, code] = index_tokens(word, code)
        return " ".join(dict.fromkeys(token for word in words for token in self.known[word, code]))

    def row(self, code: str, number: int, chance: random.Random) -> IndexRow:
        """As `portal.index` would write it."""
        title, summary = self.words(code, TITLE_WORDS, chance), self.words(code, SUMMARY_WORDS, chance)
        row = IndexRow(
            content_type_id=self.model.content_type_id,
            object_id=number,
            language=code,
            kind="programme",
            path=f"programmes/bench-{number}/",
            title=" ".join(title).capitalize(),
            title_language=code,
            summary=" ".join(summary).capitalize(),
            summary_language=code,
            city=1 + number % 150,
            country=("PL", "SE", "DE", "FR")[number % 4],
            sort_key=sort_key(" ".join(title), code)[:200],
            text_tokens=self.tokens(summary, code),
        )
        row.title_tokens = " ".join([self.tokens(title, code), *marks(row, few=False)])
        return row


def invented(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=4))


def fill(wanted: int, drawn: Drawn, progress: Callable[[str, int, int], None]) -> None:
    """Rows until there are so many, every object in every language."""
    chance, there = random.Random(wanted), IndexRow.objects.count()
    number = 10_000_000 + there
    with full_text_made_afterwards():
        while there < wanted:
            rows = []
            while len(rows) < min(AT_A_TIME, wanted - there):
                number += 1
                rows += [drawn.row(code, number, chance) for code in drawn.heaps]
            if not IndexWord.objects.filter(word=RARE.split()[0]).exists():
                rows[0].title += f" {RARE}"
                rows[0].title_tokens += f" {RARE}"
            IndexRow.objects.bulk_create(rows)
            # Of the invented words some, as much as a real vocabulary grows.
            learn(rows[:: len(drawn.heaps) + 1])
            there += len(rows)
            progress("rows", min(there, wanted), wanted)


@contextmanager
def full_text_made_afterwards() -> Iterator[None]:
    """All at once, as restoring a backup does: row by row it takes several times as long."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute("DROP INDEX index_row_tokens")
            cursor.execute("DROP INDEX index_row_names")
        else:
            cursor.execute("PRAGMA synchronous = OFF")
            names.drop_sqlite(cursor.execute)
        yield
        if postgresql:
            cursor.execute(full_text.GIN)
            cursor.execute(names.GIN)
            cursor.execute("VACUUM ANALYZE")
        else:
            full_text.make_sqlite(cursor.execute)
            cursor.execute("INSERT INTO languages_indexrow_fts(languages_indexrow_fts) VALUES ('rebuild')")
            cursor.execute("ANALYZE")
