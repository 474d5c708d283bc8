"""How long a search takes and how large the index is, at 5,000, 50,000 and 500,000 rows:
`bench/search.py [ROWS…]`.

Works on a database of its own (SQLite in a scratch folder, or an empty PostgreSQL database named by
DATABASE_URL). `bench/rows.py` says what stands in it. Prints tables with the load of the machine
beside; nothing is asserted.
"""

import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROUNDS = 20
AT_ONCE = 8
SIZES = [5_000, 50_000, 500_000]
SUGGESTED = ("dis", "Krakowie", "city of Vienn", "szkoła")


def prepare(folder: str) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ.update(DEBUG="0", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    os.environ.setdefault("SECRET_KEY", "only-for-measuring")
    os.environ.setdefault("SITE_URL", "http://127.0.0.1:8000")
    os.environ.setdefault("CONTACT_EMAIL", "secretariat@example.org")
    import django  # noqa: PLC0415 - only now are the settings named
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with Path(os.devnull).open("w") as nowhere:
        for command in ("load_reference", "load_network"):
            call_command(command, stdout=nowhere)


def queries(counts: dict[str, Counter]) -> dict[str, str]:
    from languages.search.stop_words import STOP_WORDS  # noqa: PLC0415

    shares = Counter()
    for of_language in counts.values():
        shares.update({word: count / of_language.total() for word, count in of_language.items()})
    common = next(
        word for word, _share in shares.most_common() if word.isalpha() and word not in STOP_WORDS
    )
    return {
        "rare word": "quixotically",
        "commonest word": common,
        "two common words": f"{common} racism",
        "stop words": "of the",
        "phrase": '"interlocking neighbourhoods"',
        "common phrase": '"racism and discrimination"',
        "typing error": "quixotcially",
        "three words": "city plan racism",
        "city": "city of Kraków, Poland",
        "city and common word": f"Krakowie {common}",
        "country and common word": f"{common} Poland",
        "help in a city": "insulted on the tram Geneva",
        "act by number": "CXXIX/3569/24",
        "abbreviation": "IHREC",
    }


def timed(call: Callable[[], object]) -> float:
    """Milliseconds; those of a search that was stopped count like any other."""
    from languages.search.candidates import SearchTimeout  # noqa: PLC0415

    start = time.perf_counter()
    try:
        call()
    except SearchTimeout:
        stopped.append(call)
    return (time.perf_counter() - start) * 1000


stopped: list[object] = []


def line(name: str, times: list[float], spent: float | None = None) -> None:
    times = sorted(times)
    least, p50, p95 = times[0], statistics.median(times), times[int(len(times) * 0.95) - 1]
    note = f"{len(stopped)} stopped" if stopped else ""
    stopped.clear()
    processor = f"{spent / len(times):>7.1f}" if spent is not None else " " * 7
    print(
        f"| {name:<28} | {least:>7.1f} | {p50:>7.1f} | {p95:>7.1f} | {processor} | {note}",
        flush=True,
    )


def repeated(name: str, call: Callable[[], object]) -> None:
    timed(call)
    stopped.clear()
    before = processor_time()
    times = [timed(call) for _round in range(ROUNDS)]
    line(name, times, processor_time() - before)


def processor_time() -> float:
    """Milliseconds that this process and PostgreSQL's, where it runs on this machine, have worked:
    no other process on the machine makes them more."""
    from django.db import connection  # noqa: PLC0415

    own = time.process_time() * 1000
    if connection.vendor != "postgresql":
        return own
    with connection.cursor() as cursor:
        state = Path(f"/proc/{number(cursor, 'SELECT pg_backend_pid()')}/stat")
    if not state.exists():
        return own
    ticks = state.read_text().rpartition(")")[2].split()[11:13]
    return own + sum(map(int, ticks)) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(counts: dict[str, Counter]) -> None:
    from django.db import connection  # noqa: PLC0415

    from languages.search.results import search, suggest  # noqa: PLC0415
    from portal.hits import KINDS  # noqa: PLC0415

    kinds, asked = tuple(KINDS), queries(counts)
    print(
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; commonest word: "
        f"{asked['commonest word']}"
    )
    # Of processor time a search costs so much; the others are that and whatever else the machine
    # does meanwhile.
    print("| query | least ms | p50 ms | p95 ms | processor ms |\n|---|---:|---:|---:|---:|")
    for name, query in asked.items():
        repeated(name, lambda query=query: search(query, "en", kinds))
    for beginning in SUGGESTED:
        repeated(
            f"suggestions for “{beginning}”", lambda text=beginning: suggest(text, kinds=kinds)
        )

    def one(_number: int) -> float:
        try:
            return timed(lambda: search(asked["commonest word"], "en", kinds))
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        line(f"commonest, {AT_ONCE} at once", list(threads.map(one, range(ROUNDS))))


def sizes() -> str:
    """Megabytes of the rows with their indexes, and of the vocabulary."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT pg_total_relation_size(%s)"
            tables = {
                "index": ["languages_indexrow"],
                "vocabulary": ["languages_indexword", "languages_wordpart"],
            }
            measured = {
                name: sum(number(cursor, sql, table) for table in group)
                for name, group in tables.items()
            }
        else:
            sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name GLOB %s OR name GLOB %s"
            measured = {
                "index": number(cursor, sql, "*index*row*", "*indexrow*"),
                "vocabulary": number(cursor, sql, "*indexword*", "*word*part*"),
            }
    return ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in measured.items())


def number(cursor: object, sql: str, *values: str) -> int:
    cursor.execute(sql, values)
    return cursor.fetchone()[0]


def progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        sys.stderr.write(f"\r{name}: {done} of {total}" + ("\n" if done >= total else ""))


def main(wanted: list[int]) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.utils.translation import activate  # noqa: PLC0415

    from bench.rows import Drawn, fill  # noqa: PLC0415
    from languages.models import IndexRow, IndexWord  # noqa: PLC0415
    from portal import index  # noqa: PLC0415

    activate("en")
    seconds = timed(lambda: index.rebuild(progress)) / 1000
    print(
        f"{connection.vendor}: {IndexRow.objects.count()} rows of the real data rebuilt in "
        f"{seconds:.1f} s"
    )
    drawn = Drawn()
    for size in wanted:
        seconds = timed(lambda size=size: fill(size, drawn, progress)) / 1000
        print(
            f"\n{connection.vendor}: {IndexRow.objects.count()} rows, "
            f"{IndexWord.objects.count()} words"
        )
        print(f"filled in {seconds:.0f} s; {sizes()}", flush=True)
        measure(drawn.counts)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        prepare(scratch)
        main([int(argument) for argument in sys.argv[1:]] or SIZES)
