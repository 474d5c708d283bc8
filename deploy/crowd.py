"""People who do the same over and over while something breaks, each in a thread; for readers.py and
writers.py."""

import threading
from typing import Self


class Crowd:
    """They begin with the block, and finish what they do when it ends."""

    number = 1

    def __init__(self, port: int) -> None:
        self.port = port
        self._end = threading.Event()
        self._threads = [
            threading.Thread(target=self.live, args=[person]) for person in range(self.number)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    @property
    def has_ended(self) -> bool:
        return self._end.is_set()

    def rest(self, seconds: float) -> None:
        """Less where the block ends meanwhile."""
        self._end.wait(seconds)

    def live(self, person: int) -> None:
        """What the person with this number does, until `has_ended`."""
        raise NotImplementedError
