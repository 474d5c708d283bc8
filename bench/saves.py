"""What it costs to save a promise, and what eight clients get that save at once.

`python bench/saves.py [SAVES]` loads the real data as `bench/pages.py` does. Eight processes then
save 50 promises together, each its own, without a pause, as the network's office. Each has saved
once before, as a worker of the site has. Prints queries of one save, the times of all (wall clock:
waiting for each other counts), and how many failed; nothing is asserted.
"""

import multiprocessing
import statistics
import sys
import tempfile
import time
from typing import Any, NamedTuple

import pages

CLIENTS, SAVES = 8, 50
OFFICE = "bench@example.org"


class Outcome(NamedTuple):
    """Seconds of each save that went through, and the errors of the others."""

    seconds: list[float]
    errors: list[str]


def office() -> None:
    from members.models import User  # noqa: PLC0415 - only now are the settings named

    User.objects.get_or_create(email=OFFICE, defaults={"is_secretariat": True, "name": "Bench"})


def save(client: int, number: int) -> None:
    """A new text of the client's own promise, through the door that the forms use."""
    from members.models import Commitment, User  # noqa: PLC0415
    from members.services import entries  # noqa: PLC0415

    commitments = Commitment.objects.public().order_by("pk")
    commitment = commitments[client]
    commitment.statement_en = f"Measured {number} times."
    by = User.objects.get(email=OFFICE)
    entries.save(record=commitment, by=by, changed=["statement_en"])


def client(number: int, saves: int, together: Any, outcomes: Any) -> None:
    """`together`: a lock for the first saves, and a barrier before the others."""
    import django  # noqa: PLC0415

    django.setup()
    from django.db import DatabaseError  # noqa: PLC0415

    lock, barrier = together
    with lock:
        save(number, -1)
    barrier.wait()
    outcome = Outcome([], [])
    for turn in range(number, saves, CLIENTS):
        start = time.perf_counter()
        try:
            save(number, turn)
        except DatabaseError as error:
            outcome.errors.append(str(error))
        else:
            outcome.seconds.append(time.perf_counter() - start)
    outcomes.put(outcome)


def queries_of_a_save() -> int:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    save(0, -2)
    with CaptureQueriesContext(connection) as queries:
        save(0, -1)
    return len(queries)


def measure(saves: int = SAVES) -> None:
    from django.db import connection, connections  # noqa: PLC0415

    office()
    print(f"{connection.vendor}; one save asks {queries_of_a_save()} times")
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[Outcome] = context.Queue()
    together = (context.Lock(), context.Barrier(CLIENTS))
    clients = []
    for number in range(CLIENTS):
        process = context.Process(target=client, args=(number, saves, together, queue))
        clients.append(process)
    for process in clients:
        process.start()
    outcomes = [queue.get() for _process in clients]
    for process in clients:
        process.join()
    show(outcomes)


def show(outcomes: list[Outcome]) -> None:
    seconds = sorted(value for outcome in outcomes for value in outcome.seconds)
    errors = [error for outcome in outcomes for error in outcome.errors]
    hundredths = statistics.quantiles(seconds, n=100)
    print(f"{CLIENTS} clients: {len(seconds)} saved, {len(errors)} failed")
    print(f"p50 {hundredths[49]:.2f} s, p99 {hundredths[98]:.2f} s, longest {seconds[-1]:.2f} s")
    for error in sorted(set(errors)):
        print(error)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        pages.prepare(scratch)
        measure(int(sys.argv[1]) if sys.argv[1:] else SAVES)
