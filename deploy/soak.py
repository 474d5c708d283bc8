"""Readers and writers for ten minutes, with nothing broken; prints errors and the workers' memory.

    make soak      # SOAK_SECONDS=600

Fails where an answer is wrong, where a row is lost of which somebody was told that it is saved, or
where the workers' memory grows by a tenth after the first minute.
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path

from deploy.readers import Readers, warm
from deploy.server import Server
from deploy.serving import PORT, Gunicorn, prepared
from deploy.writers import Writers

SECONDS = int(os.environ.get("SOAK_SECONDS", "600"))
WARM = 60
MOST_GROWTH = 1.1


def memory_of(portal: Gunicorn) -> int:
    """Of all its processes, in kilobytes. What they share counts once."""
    return sum(own_memory(number) for number in (portal.process.pid, *portal.workers))


def own_memory(process: int) -> int:
    """Of what several processes share, this one's part (Pss)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        name, number, *_unit = line.split()
        if name == "Pss:":
            return int(number)
    raise ValueError(f"nothing is known of the memory of {process}")


def main() -> int:
    with prepared():
        server = Server()
        with Gunicorn(PORT).running() as portal:
            warm(PORT)
            with Readers(PORT) as readers, Writers(PORT) as writers:
                time.sleep(min(WARM, SECONDS / 4))
                before = memory_of(portal)
                time.sleep(SECONDS)
                after = memory_of(portal)
        with server.connect() as session:
            sentence, is_whole = writers.compared(session)
    kinds = Counter(answer.kind for answer in readers.answers)
    sys.stdout.write(f"{SECONDS} seconds: {dict(kinds)}\n{sentence}\n")
    growth = after / before
    sys.stdout.write(f"memory: {before:,} kB, then {after:,} kB ({growth - 1:+.1%})\n")
    is_good = set(kinds) == {"200"} and is_whole and growth < MOST_GROWTH
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
