"""How much a function works, counted and not timed: whatever else the machine does, it is the same.

Counted are calls, of Python's functions and of those in C, and for a method of a text the signs of
the text, which it may read all. What a regular expression does inside, tests/pattern_steps.py
counts.
"""

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

TEXTS = (str, bytes)
# Methods of a text that look at no more of it than their argument is long.
AT_ONCE = {"__getitem__", "endswith", "startswith"}


class Counted:
    """Counts while it is open."""

    def __init__(self) -> None:
        self.work = 0

    def _note(self, frame: FrameType, event: str, called: Any) -> None:
        if event == "call":
            self.work += 1
        elif event == "c_call":
            owner = getattr(called, "__self__", None)
            is_text = isinstance(owner, TEXTS) and called.__name__ not in AT_ONCE
            self.work += 1 + (len(owner) if is_text else 0)

    def __enter__(self) -> "Counted":
        # What the collector calls belongs to no function.
        gc.disable()
        sys.setprofile(self._note)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)
        gc.enable()


def work_of(function: Callable[..., object], *arguments: object) -> int:
    with Counted() as counted:
        function(*arguments)
    return counted.work
