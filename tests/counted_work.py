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
# Methods of a text that look at a part of it: from a place on, or as much as their argument is
# long.
IN_PART = {
    "__getitem__",
    "endswith",
    "find",
    "index",
    "startswith",
}


def work_of(function: Callable[..., object], *arguments: object) -> int:
    work = 0

    def note(_frame: FrameType, event: str, called: Any) -> None:
        # Python calls this for each event: it is short.
        nonlocal work
        if event == "c_call":
            work += 1
            owner = getattr(called, "__self__", None)
            if isinstance(owner, TEXTS) and called.__name__ not in IN_PART:
                work += len(owner)
        elif event == "call":
            work += 1

    # What the collector calls belongs to no function.
    gc.disable()
    sys.setprofile(note)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
        gc.enable()
    return work
