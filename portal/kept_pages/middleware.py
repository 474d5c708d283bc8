"""A reader gets the kept copy of a page; where there is none that holds, the page is made and
kept."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from languages.shared_values import shared_in
from languages.validity import collected_ends
from portal.kept_pages.addresses import (
    Address,
    address_of,
    for_everybody,
    forget_unknown,
    is_kept,
)
from portal.kept_pages.answers import answer
from portal.kept_pages.copies import MOST_BYTES, Copy, may_be_kept
from portal.kept_pages.memory import memory_of, remember
from portal.kept_pages.stores import page_store
from portal.kept_pages.versions import next_change, page_version
from portal.outages import outage_of

View = Callable[[HttpRequest], HttpResponse]

# How long a process keeps no page after it could not learn until when pages hold.
PAUSE_SECONDS = 5
_pause = {"ends": 0.0}


def known_query(get_response: View) -> View:
    """Before anything reads the query string: what the page does not know is gone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.META.get("QUERY_STRING"):
            # The page that says so reads it again.
            with suppress(TooManyFieldsSent):
                forget_unknown(request)
        return get_response(request)

    return middleware


def kept_pages(get_response: View) -> View:
    """Before all that costs: sessions, the language, who is there. A kept page asks one query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        address = address_of(request) if settings.KEPT_PAGES else None
        if address is None:
            return get_response(request)
        try:
            version = page_version()
        except Error as error:
            copy = _copy_of(address)
            # Without a database the view would say that nothing can be read now.
            if copy is None or outage_of(error) is None or copy.ends < time.time():
                return get_response(request)
            return answer(request, copy)
        if not version:
            return get_response(request)
        copy = _valid_copy(address, version)
        if copy:
            return answer(request, copy)
        if not is_kept(address.path):
            return get_response(request)
        with page_store().turn(address.key):
            # Perhaps another process has made it while we waited.
            copy = _valid_copy(address, version)
            return answer(request, copy) if copy else _new(request, get_response, address, version)

    return middleware


def _copy_of(address: Address) -> Copy | None:
    data = page_store().get(address.key)
    copy = Copy.from_bytes(data) if data else None
    # The name of a file is a hash of the key.
    return copy if copy and copy.key == address.key else None


def _valid_copy(address: Address, version: str) -> Copy | None:
    copy = _copy_of(address)
    return copy if copy and copy.holds(version, time.time()) else None


def _new(request: HttpRequest, get_response: View, address: Address, version: str) -> HttpResponse:
    """The page as it is now; kept where it says the same to everybody. `version` was read before
    the rows; what appears by itself between this moment and the answer is no part of it."""
    began = timezone.now()
    memory = memory_of(version, began)
    with (
        for_everybody(request, address),
        collected_ends() as ends,
        shared_in(memory.values),
    ):
        response = get_response(request)
    if not may_be_kept(response):
        return response
    memory.ends = memory.ends or _next_change(began)
    if memory.ends is None:
        return response
    remember(memory)
    end = min([memory.ends, *ends])
    copy = Copy.of(response, key=address.key, version=version, ends=end)
    if len(copy.content) <= MOST_BYTES:
        page_store().put(address.key, copy.to_bytes())
    return answer(request, copy)


def _next_change(since: datetime) -> datetime | None:
    """None where the rows that say so cannot be read: the page itself could.

    After that they are left alone for a moment, so that a locked table holds up one page and not
    each of them.
    """
    if time.monotonic() < _pause["ends"]:
        return None
    try:
        return next_change(since)
    except Error as error:
        if outage_of(error) is None:
            raise
        _pause["ends"] = time.monotonic() + PAUSE_SECONDS
        return None
