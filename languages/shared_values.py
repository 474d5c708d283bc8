"""Values that many public pages show alike, made once for a version of these pages.

While pages of a version are made (`shared_in`), a value that another page asked for is taken from
the memory of the process: the sets of the directory, the dots of the map, the foot of a page.
Everywhere else (forms, letters, the administration) it is made anew. Nobody changes what they get.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.utils import timezone
from django.utils.translation import get_language

from languages.validity import collected_ends, holds_until

P = ParamSpec("P")
ValueT = TypeVar("ValueT")

# Of a version there are some thirty in each language. Beyond so many none is added.
MOST_VALUES = 2000


class SharedValue(NamedTuple):
    """`ends`: the moments until which it is true, where it depends on the clock."""

    value: Any
    ends: tuple[datetime, ...]

    @property
    def holds(self) -> bool:
        return not self.ends or timezone.now() < min(self.ends)


SharedValues = dict[Hashable, SharedValue]
_values: ContextVar[SharedValues | None] = ContextVar("shared values", default=None)


@contextmanager
def shared_in(values: SharedValues) -> Iterator[None]:
    """Inside the block values are taken from these, and added to them."""
    token = _values.set(values)
    try:
        yield
    finally:
        _values.reset(token)


def shared_by_pages(make: Callable[P, ValueT]) -> Callable[P, ValueT]:
    """For a function whose answer depends on rows, the day, the reader's language and its
    arguments alone."""

    @wraps(make)
    def shared(*args: P.args, **kwargs: P.kwargs) -> ValueT:
        key = (make, args, tuple(kwargs.items()))
        return shared_value(key, lambda: make(*args, **kwargs))

    return shared


def shared_value(key: Hashable, make: Callable[[], ValueT]) -> ValueT:
    """The value with this key in the reader's language."""
    values = _values.get()
    if values is None:
        return make()
    own_key = (get_language(), key)
    known = values.get(own_key)
    if known is None or not known.holds:
        with collected_ends() as ends:
            made = make()
        known = SharedValue(made, tuple(ends))
        if len(values) < MOST_VALUES:
            values[own_key] = known
    for moment in known.ends:
        holds_until(moment)
    value: ValueT = known.value
    return value
