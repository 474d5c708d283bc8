"""What a reader gets of a kept page: all of it, or that they have it already."""

import time

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from portal.encodings import GZIP, takes_gzip
from portal.kept_pages.copies import Copy

# A browser asks each time whether its page still holds. A proxy that keeps pages asks after half a
# minute, and may give the old page for a minute while it asks.
PROXY_SECONDS = 30
STALE_SECONDS = 60
VARY = "Accept-Encoding"


def answer(request: HttpRequest, copy: Copy) -> HttpResponse:
    """200 with the page, or 304 or 412 as the conditions of the request say (RFC 9110, 13).

    A part of a page (`Range`) is not given: the answer is the whole, as the standard allows.
    """
    accepted = request.headers.get("accept-encoding", "")
    is_small = takes_gzip(accepted)
    content = copy.content if is_small else copy.text
    length = len(content)
    if request.method == "HEAD":
        content = b""
    headers = {
        "Cache-Control": cache_control(copy),
        **copy.headers,
        "ETag": copy.etag,
        "Vary": VARY,
        "Content-Length": str(length),
    }
    if is_small:
        headers["Content-Encoding"] = GZIP
        headers["ETag"] = weak(copy.etag)
    response = HttpResponse(content, headers=headers)
    last_modified = copy.headers.get("Last-Modified", "")
    answered = get_conditional_response(
        request,
        headers["ETag"],
        parse_http_date_safe(last_modified),
        response,
    )
    # Always one: the response was given.
    return answered or response


def weak(etag: str) -> str:
    """In gzip a page is another row of bytes: its tag says only that it means the same."""
    if etag.startswith("W/"):
        return etag
    return f"W/{etag}"


def cache_control(copy: Copy) -> str:
    """For a page whose view says nothing of it. A proxy's copy ends with the page at the latest."""
    left = int(copy.ends - time.time())
    seconds = PROXY_SECONDS
    stale = STALE_SECONDS
    if left < PROXY_SECONDS:
        seconds = max(left, 0)
        stale = 0
    parts = [
        "public",
        "max-age=0",
        f"s-maxage={seconds}",
        f"stale-while-revalidate={stale}",
    ]
    return ", ".join(parts)
