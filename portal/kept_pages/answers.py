"""What a reader gets of a kept page: all of it, or that they have it already."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from portal.encodings import GZIP, takes_gzip
from portal.kept_pages.copies import Copy

# Whoever keeps a copy, a browser or a proxy, asks before each use whether it still holds: what a
# person took back is read nowhere at the next request (decision 0079). Unlike "no-cache", these
# words let the portal itself keep the page.
ASK_EACH_TIME = "public, max-age=0, must-revalidate"
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
        "Cache-Control": ASK_EACH_TIME,
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
