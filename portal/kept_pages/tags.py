"""The ETag of what is made anew for each reader: tables and the API. It comes from the version of
all pages, so whoever has the answer already hears so before a row is read."""

import hashlib
from collections.abc import Callable, Mapping

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from portal.kept_pages.versions import next_change, page_version

# Whoever keeps a copy asks each time whether it still holds: a mirror that hears of a change and
# then reads the row must not get the row of before.
CACHE = "public, no-cache"
KEPT_CHARACTERS = 32


def tag_of(request: HttpRequest, *variants: str) -> str:
    """The tag of this address as the rows are now; empty where nothing is known of their version.

    Read it before the rows. `variants`: what the answer depends on beside its address. The tag is
    weak: two workbooks of the same rows differ in the minute that they were written.
    """
    version = page_version()
    if not version:
        return ""
    # An entry that appears by itself, and midnight, change no row.
    end = next_change().isoformat()
    parts = [version, end, request.get_full_path(), *variants]
    text = "\n".join(parts)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f'W/"{digest[:KEPT_CHARACTERS]}"'


def has_answer_already(request: HttpRequest, tag: str) -> HttpResponseBase | None:
    """304, or 412 for a condition that does not hold (RFC 9110, 13); None: answer in full."""
    answer: HttpResponseBase | None = get_conditional_response(
        request,
        etag=tag or None,
    )
    return answer


def answer_tagged(
    request: HttpRequest,
    tag: str,
    headers: Mapping[str, str],
    make: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """What `make` gives, or that the reader has it already. Both carry `headers`."""
    answer = has_answer_already(request, tag) or make()
    for name, value in headers.items():
        answer.headers[name] = value
    if tag:
        answer.headers["ETag"] = tag
        answer.headers["Cache-Control"] = CACHE
    return answer
