"""Rows for measuring: invented programmes whose words are drawn from the real data as often as they
stand there, and now and then a word that stands nowhere else."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import accumulate

from django.db import connection

from languages.folding import spelled_words
from languages.models import IndexRow, IndexWord
from languages.search.analysis import index_tokens
from languages.search.labels import labels_of
from languages.search.vocabulary import learn
from languages.sorting import sort_key

RARE = "quixotically interlocking neighbourhoods"
TITLE_WORDS, SUMMARY_WORDS = 6, 40
INVENTED_WORDS = 0.002
SYLLABLES = (
    "ba",
    "de",
    "fi",
    "go",
    "hu",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "zu",
    "bra",
    "cle",
)
FIRST, WRITTEN = 10_000_000, 50_000
AT_A_TIME, POOL = 2000, 1000

full_text = import_module("languages.migrations.0003_index_full_text")
names = import_module("languages.migrations.0005_full_text_of_names")


class Drawn:
    """Words of the real texts by language; more often those that stand there more often."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter] = {}
        for row in IndexRow.objects.exclude(kind="country"):
            self.counts.setdefault(row.language, Counter()).update(
                spelled_words(f"{row.own_names} {row.own_text}")
            )
        self.heaps = {
            code: (list(counts), list(accumulate(counts.values())))
            for code, counts in self.counts.items()
        }
        self.model = IndexRow.objects.filter(kind="programme").first()
        chance = random.Random(len(self.counts))
        # Stemming half a million texts would measure Python alone: rows are put together from some
        # thousand.
        self.titles = {
            code: [self.text(code, TITLE_WORDS, chance) for _ in range(POOL)] for code in self.heaps
        }
        self.texts = {
            code: [self.text(code, SUMMARY_WORDS, chance) for _ in range(POOL)]
            for code in self.heaps
        }

    def chosen(self, code: str, length: int, chance: random.Random) -> list[str]:
        known, heap = self.heaps[code]
        return chance.choices(known, cum_weights=heap, k=length)

    def text(self, code: str, length: int, chance: random.Random) -> tuple[str, str, str]:
        """Some words, their tokens, and what they are sorted by."""
        chosen = self.chosen(code, length, chance)
        words = " ".join(
            invented(chance) if chance.random() < INVENTED_WORDS else word for word in chosen
        )
        return words, " ".join(index_tokens(words, code)), sort_key(words, code)[:200]

    def row(self, code: str, number: int, chance: random.Random) -> IndexRow:
        """As `portal.index` would write it."""
        title, title_tokens, key = chance.choice(self.titles[code])
        summary, text_tokens, _key = chance.choice(self.texts[code])
        row = IndexRow(
            content_type_id=self.model.content_type_id,
            object_id=number,
            language=code,
            kind="programme",
            path=f"programmes/bench-{number}/",
            title=title,
            title_language=code,
            summary=summary,
            summary_language=code,
            city=1 + number % 150,
            country=("PL", "SE", "DE", "FR")[number % 4],
            sort_key=key,
            text_tokens=text_tokens,
        )
        row.title_tokens = " ".join([title_tokens, *labels_of(row, small_kind=False)])
        return row


def invented(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=4))


def fill(wanted: int, drawn: Drawn, progress: Callable[[str, int, int], None]) -> None:
    """Rows until there are so many, every object in every language; beyond `WRITTEN` copies with
    other keys."""
    with full_text_made_afterwards():
        write(min(wanted, WRITTEN), drawn, progress)
        copy(wanted, progress)


def write(wanted: int, drawn: Drawn, progress: Callable[[str, int, int], None]) -> None:
    chance, there = random.Random(wanted), IndexRow.objects.count()
    number = FIRST + there
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


def copy(wanted: int, progress: Callable[[str, int, int], None]) -> None:
    """The database copies the written rows: what a search costs depends on how many rows have a
    word, not on how many different texts there are."""
    names = [field.column for field in IndexRow._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(names)
    values = columns.replace("object_id", "object_id + %s")
    there, step = IndexRow.objects.count(), 0
    with connection.cursor() as cursor:
        while there < wanted:
            step += 10 * FIRST
            cursor.execute(
                f"INSERT INTO languages_indexrow ({columns}) "  # noqa: S608
                f"SELECT {values} FROM languages_indexrow"
                " WHERE object_id > %s AND object_id < %s AND title NOT LIKE %s LIMIT %s",
                [step, FIRST, 10 * FIRST, f"%{RARE}", wanted - there],
            )
            there += cursor.rowcount
            progress("rows", there, wanted)


@contextmanager
def full_text_made_afterwards() -> Iterator[None]:
    """All at once, as restoring a backup does: row by row it takes several times as long."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            cursor.execute("SET statement_timeout = 0")
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
            cursor.execute(
                "INSERT INTO languages_indexrow_fts(languages_indexrow_fts) VALUES ('rebuild')"
            )
            cursor.execute("ANALYZE")
