"""What the HTTP Observatory of Mozilla would say of an answer, by its published rules.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring (November 2026): 100 points,
less what is missing; more for what goes further, where no more than ten are missing. Left out: the
redirection to TLS, which is the proxy's, and the list of browsers that know a host beforehand.
"""

import re

from django.http import HttpResponse

SIX_MONTHS = 15_768_000
# Points from which on a bonus counts.
LEAST = 90
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SCRIPT = re.compile(r"<script[^>]*\bsrc=\"([^\"]*)\"")


def score_of(response: HttpResponse) -> int:
    points = [
        _policy(response),
        _cookies(response),
        _transport(response),
        _referrer(response),
        _scripts(response),
        _sniffing(response),
        _framing(response),
        _embedding(response),
    ]
    without_bonus = 100 + sum(number for number in points if number < 0)
    bonus = sum(number for number in points if number > 0)
    return without_bonus + (bonus if without_bonus >= LEAST else 0)


def _directives(response: HttpResponse) -> dict[str, set[str]]:
    policy = response.get("Content-Security-Policy", "")
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


def _policy(response: HttpResponse) -> int:
    directives = _directives(response)
    if not directives:
        return -25
    for values in directives.values():
        if values & {"'unsafe-inline'", "'unsafe-eval'", "data:", "https:", "http:", "*"}:
            return -20
    is_closed = directives.get("default-src") == {"'none'"}
    is_bound = directives.get("form-action", set()) in ({"'self'"}, {"'none'"})
    base = directives.get("base-uri", set())
    return 10 if is_closed and is_bound and base in ({"'self'"}, {"'none'"}) else 5


def _cookies(response: HttpResponse) -> int:
    cookies = response.cookies.values()
    if not cookies:
        return 0
    if not all(cookie["secure"] for cookie in cookies):
        return -40
    if not all(cookie["httponly"] for cookie in cookies if "session" in cookie.key):
        return -30
    is_bound = all(cookie["samesite"] in {"Lax", "Strict"} for cookie in cookies)
    return 5 if is_bound else -20


def _transport(response: HttpResponse) -> int:
    value = response.get("Strict-Transport-Security", "")
    found = re.search(r"max-age=(\d+)", value)
    if found is None:
        return -20
    return 0 if int(found[1]) >= SIX_MONTHS else -10


def _referrer(response: HttpResponse) -> int:
    policy = response.get("Referrer-Policy", "")
    if not policy:
        return 0
    return 5 if policy in PRIVATE else -5


def _scripts(response: HttpResponse) -> int:
    """Scripts of this host need no sum of their content; those of others would."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return 0
    sources = SCRIPT.findall(response.content.decode())
    is_own = all(source.startswith("/") and not source.startswith("//") for source in sources)
    return 0 if is_own else -50


def _sniffing(response: HttpResponse) -> int:
    return 0 if response.get("X-Content-Type-Options") == "nosniff" else -5


def _framing(response: HttpResponse) -> int:
    if "frame-ancestors" in _directives(response):
        return 5
    return 0 if response.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"} else -20


def _embedding(response: HttpResponse) -> int:
    return 10 if response.get("Cross-Origin-Resource-Policy") in {"same-origin", "same-site"} else 0
