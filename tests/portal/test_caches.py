"""What a process remembers of what visitors send: never without a limit, or whoever sends a
million different words takes its memory."""

import sys
from collections.abc import Iterator
from functools import _lru_cache_wrapper

import pytest
from django.test import Client

APPS = ("languages", "members", "portal", "programs")
# Words that nobody sent before, in everything that a visitor may choose.
ADDRESSES = [
    "/en/search/?q={0}",
    "/pl/search/?q={0}+{1}",
    "/de/search/?q={1}+in+{0}&country={0}",
    "/en/cities/?q={0}&country={1}",
    "/uk/help/?q={0}",
    "/en/news/?year={0}",
    "/en/programmes/?q={1}",
    "/en/data/cities/?city={0}",
    "/en/compare/?city={0}&city={1}",
    "/en/cities/{0}/",
    "/{0}/{1}/",
]
FIRST = [("quorvish", "blentrum"), ("tarnuvel", "xo"), ("1234", "a7b")]
LATER = [("drovently", "mirkasol"), ("pellunder", "zi"), ("5678", "c9d"), ("vanterish", "hulmo")]

pytestmark = pytest.mark.django_db


def sizes() -> dict[str, int]:
    """How much each cache without a limit holds that lives as long as its process: not the choices
    of one form (members/filters.py), which go with it."""
    return {
        f"{found.__module__}.{found.__qualname__}": found.cache_info().currsize
        for found in caches()
        if found.cache_parameters()["maxsize"] is None
    }


def caches() -> Iterator[_lru_cache_wrapper]:
    """Those of our modules and of their classes. The collector knows more, but nothing of what was
    there when another test loaded portal/wsgi.py, which freezes it."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in APPS:
            for value in list(vars(module).values()):
                yield from (one for one in parts_of(value) if type(one) is _lru_cache_wrapper)


def parts_of(value: object) -> list[object]:
    # Not isinstance: it would ask every lazy object of Django's what it is.
    return [value, *vars(value).values()] if issubclass(type(value), type) else [value]


def send(words: list[tuple[str, str]]) -> None:
    for pair in words:
        for address in ADDRESSES:
            headers = {"Accept-Language": pair[0], "X-Request-ID": pair[1]}
            assert Client().get(address.format(*pair), headers=headers).status_code < 500


def test_words_of_visitors_fill_no_cache_without_a_limit(alfa):
    send(FIRST)
    before = sizes()
    assert len(before) > 40
    send(LATER)
    after = sizes()
    assert {name: size for name, size in after.items() if size != before.get(name)} == {}
