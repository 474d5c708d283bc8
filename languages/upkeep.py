"""Rows that are built from other rows: the index, and the translation desk.

They are written in the transaction of the row that they come from: at once, or once at the end of a
block that changes many rows. `portal/signals.py` tells of every row that is saved.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import TypeVar

from django.db import models

# As many rows are read and written at once: a table of any size needs the memory of one batch.
BATCH = 400

Keys = dict[type[models.Model], set[int]]
T = TypeVar("T")


class Upkeep:
    """Keeps one kind of built rows right. `write` writes them for entries, given by model and
    key."""

    def __init__(self, name: str, write: Callable[[Keys], None]) -> None:
        self._write = write
        self._batch: ContextVar[Keys | None] = ContextVar(name, default=None)

    @contextmanager
    def batch_writes(self) -> Iterator[None]:
        """Write once at the end of the block, not after every row. Inside one transaction.

        A block inside another one leaves the writing to the outer block. A block that raises
        writes nothing.
        """
        if self._batch.get() is not None:
            yield
            return
        keys: Keys = defaultdict(set)
        token = self._batch.set(keys)
        try:
            yield
        finally:
            self._batch.reset(token)
        self._write(keys)

    def refresh(self, record: models.Model) -> None:
        """Write what is built from this record."""
        model = type(record)
        batch = self._batch.get()
        if batch is None:
            self._write({model: {record.pk}})
        else:
            batch[model].add(record.pk)


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    """The rows in lists of `BATCH`."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch
