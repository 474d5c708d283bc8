"""How long a search takes and how large the index is, at 5,000, 50,000 and 500,000 rows: `bench/search.py [ROWS…]`.

Works on a database of its own (SQLite in a scratch folder, or an empty PostgreSQL database named by DATABASE_URL). The
rows come from invented programmes in eight languages whose words are drawn from the real data as often as they stand
there, and now and then a word that stands nowhere else. Prints a table; nothing is asserted.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

ROUNDS = 40
AT_ONCE = 8
RARE, RARE_BEFORE = " quixotically interlocking neighbourhoods", 4000
SIZES = [5_000, 50_000, 500_000]
TITLE_WORDS, SUMMARY_WORDS = 6, 40
INVENTED_WORDS = 0.002
SYLLABLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu", "bra", "cle")


def prepare(folder: str) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ.update(DEBUG="0", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")
    import django  # noqa: PLC0415 - only now are the settings named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        for command in ("load_reference", "load_network"):
            call_command(command, stdout=nowhere)


def real_words() -> dict[str, tuple[list[str], list[int]]]:
    """The words of the real texts by language, with how often they stand there."""
    from languages.folding import spelled_words  # noqa: PLC0415
    from languages.models import IndexRow  # noqa: PLC0415

    counts: dict[str, Counter] = {}
    for row in IndexRow.objects.exclude(kind="country"):
        counts.setdefault(row.language, Counter()).update(spelled_words(f"{row.own_names} {row.own_text}"))
    return {code: (list(words), list(words.values())) for code, words in counts.items()}


def fill(wanted: int, words: dict, known: dict[tuple[str, str], str]) -> None:
    """Rows until there are so many: written as `portal.index` would, but with the tokens of each word kept, because
    stemming the same words half a million times would measure Python alone."""
    from languages.models import IndexRow  # noqa: PLC0415
    from languages.vocabulary import learn  # noqa: PLC0415

    chance = random.Random(wanted)
    heaps = {code: list(accumulate(often)) for code, (_words, often) in words.items()}
    number, there = wanted, IndexRow.objects.count()
    model = IndexRow.objects.filter(kind="programme").first()
    while there < wanted:
        rows = []
        for _object in range(min(250, (wanted - there) // len(words) + 1)):
            number += 1
            rows += [written(code, 10_000_000 + number, words, heaps, known, chance) for code in words]
        for row in rows:
            row.content_type_id = model.content_type_id
        if there < RARE_BEFORE:
            rows[0].title += RARE
            rows[0].title_tokens += RARE
        IndexRow.objects.bulk_create(rows)
        # Of the invented words some, as much as a real vocabulary grows.
        learn(rows[:: len(words) + 1])
        there += len(rows)


def written(code: str, number: int, words: dict, heaps: dict, known: dict, chance: random.Random) -> object:
    from languages.models import IndexRow  # noqa: PLC0415
    from languages.sorting import sort_key  # noqa: PLC0415

    def drawn(length: int) -> list[str]:
        chosen = chance.choices(words[code][0], cum_weights=heaps[code], k=length)
        return [invented(chance) if chance.random() < INVENTED_WORDS else word for word in chosen]

    title, summary = drawn(TITLE_WORDS), drawn(SUMMARY_WORDS)
    return IndexRow(
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
        title_tokens=tokens_of(title, code, known),
        text_tokens=tokens_of(summary, code, known),
    )


def tokens_of(drawn: list[str], code: str, known: dict[tuple[str, str], str]) -> str:
    from languages.analysis import index_tokens  # noqa: PLC0415

    for word in drawn:
        if (word, code) not in known:
            known[word, code] = " ".join(index_tokens(word, code))
    return " ".join(dict.fromkeys(" ".join(known[word, code] for word in drawn).split()))


def invented(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=4))


def queries(words: dict) -> dict[str, str]:
    from languages.stop_words import STOP_WORDS  # noqa: PLC0415

    common = max((count, word) for word, count in zip(*words["en"], strict=True) if word not in STOP_WORDS)[1]
    return {
        "rare word": "quixotically",
        f"commonest ({common})": common,
        "phrase": '"interlocking neighbourhoods"',
        "common phrase": '"racism and discrimination"',
        "typo": "quixotcially",
        "three words": "city plan racism",
    }


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def row(name: str, times: list[float]) -> None:
    times = sorted(times)
    least, p50, p95 = times[0], statistics.median(times), times[int(len(times) * 0.95) - 1]
    print(f"| {name:<28} | {least:>7.1f} | {p50:>7.1f} | {p95:>7.1f} |", flush=True)


def measure(words: dict) -> None:
    from django.db import connection  # noqa: PLC0415

    from languages.search import found, suggested  # noqa: PLC0415
    from portal.hits import KINDS  # noqa: PLC0415

    kinds = tuple(KINDS)
    # The least is what it costs; the others are that and whatever else the machine does meanwhile.
    print("| query | least ms | p50 ms | p95 ms |\n|---|---:|---:|---:|")
    for name, query in queries(words).items():
        found(query, "en", kinds)
        row(name, [timed(lambda query=query: found(query, "en", kinds)) for _round in range(ROUNDS)])
    row("suggestions for “dis”", [timed(lambda: suggested("dis", kinds=kinds)) for _round in range(ROUNDS)])
    common = list(queries(words).values())[1]

    def one(_number: int) -> float:
        try:
            return timed(lambda: found(common, "en", kinds))
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        row(f"commonest, {AT_ONCE} at once", list(threads.map(one, range(ROUNDS))))


def sizes() -> str:
    """Megabytes of the rows with their indexes, and of the vocabulary."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            sql = "SELECT pg_total_relation_size(%s)"
            tables = {"index": ["languages_indexrow"], "vocabulary": ["languages_indexword", "languages_wordpart"]}
            measured = {name: sum(one(cursor, sql, table) for table in group) for name, group in tables.items()}
        else:
            sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name GLOB %s OR name GLOB %s"
            measured = {
                "index": one(cursor, sql, "*index*row*", "*indexrow*"),
                "vocabulary": one(cursor, sql, "*indexword*", "*word*part*"),
            }
    return ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in measured.items())


def one(cursor: object, sql: str, *values: str) -> int:
    cursor.execute(sql, values)
    return cursor.fetchone()[0]


def progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        sys.stderr.write(f"\r{name}: {done} of {total}" + ("\n" if done >= total else ""))


def main(wanted: list[int]) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.utils.translation import activate  # noqa: PLC0415

    from languages.models import IndexRow, IndexWord  # noqa: PLC0415
    from portal import index  # noqa: PLC0415

    activate("en")
    words, known = real_words(), {}
    seconds = timed(lambda: index.rebuild(progress)) / 1000
    print(f"{connection.vendor}: {IndexRow.objects.count()} rows of the real data rebuilt in {seconds:.1f} s")
    for size in wanted:
        seconds = timed(lambda size=size: fill(size, words, known)) / 1000
        print(f"\n{connection.vendor}: {IndexRow.objects.count()} rows, {IndexWord.objects.count()} words")
        print(f"filled in {seconds:.0f} s; {sizes()}", flush=True)
        measure(words)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        prepare(scratch)
        main([int(argument) for argument in sys.argv[1:]] or SIZES)
