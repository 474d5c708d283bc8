"""Until when a page that is being made says the truth.

Some things on a page depend on the clock: whether somebody answers a telephone now, what is today.
Whoever writes such a thing calls `holds_until`. Whoever keeps a copy of the page collects these
moments (`collected_ends`); the copy ends at the first of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_ends: ContextVar[list[datetime] | None] = ContextVar("ends", default=None)


def holds_until(moment: datetime) -> None:
    """What is written into the page now is true until this moment (with its time zone)."""
    ends = _ends.get()
    if ends is not None:
        ends.append(moment)


@contextmanager
def collected_ends() -> Iterator[list[datetime]]:
    """All moments that `holds_until` is told of inside the block."""
    ends: list[datetime] = []
    token = _ends.set(ends)
    try:
        yield ends
    finally:
        _ends.reset(token)
