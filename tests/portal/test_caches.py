"""What a process remembers of what visitors send: never without a limit, or whoever sends a
million different words takes its memory."""

import gc
import sys
from functools import _lru_cache_wrapper
from operator import attrgetter

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
    """How much each cache without a limit holds that lives as long as its process."""
    return {
        f"{found.__module__}.{found.__qualname__}": found.cache_info().currsize
        for found in gc.get_objects()
        # Not isinstance: it would ask every lazy object of Django's what it is.
        if type(found) is _lru_cache_wrapper
        and found.cache_parameters()["maxsize"] is None
        and found.__module__.partition(".")[0] in APPS
        and stands_in_its_module(found)
    }


def stands_in_its_module(cache: _lru_cache_wrapper) -> bool:
    """Not the choices of one form (members/filters.py): they go when the collector takes it."""
    try:
        return attrgetter(cache.__qualname__)(sys.modules[cache.__module__]) is cache
    except AttributeError:
        return False


def send(words: list[tuple[str, str]]) -> None:
    for pair in words:
        for address in ADDRESSES:
            headers = {"Accept-Language": pair[0], "X-Request-ID": pair[1]}
            assert Client().get(address.format(*pair), headers=headers).status_code < 500


def test_words_of_visitors_fill_no_cache_without_a_limit(alfa):
    send(FIRST)
    before = sizes()
    assert before
    send(LATER)
    after = sizes()
    assert {name: size for name, size in after.items() if size != before.get(name)} == {}
