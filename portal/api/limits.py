"""How many questions somebody may ask within an hour, and the headers that say so."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from members.limits import SECONDS, sender_of


class HourlyLimit(BaseThrottle):
    """By the hours of the clock, in each process of the server: one program must not take the
    portal from all others. Counted in memory, because reading writes nothing to the database
    (decision 0010).
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        hour = int(time.time()) // SECONDS
        key = f"api:{hour}:{sender_of(request._request)}"
        count = count_one(key)
        limit: int = settings.API_PER_HOUR
        view.limit_headers = {
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(limit - count, 0)),
            "RateLimit-Reset": str(seconds_left()),
        }
        return count <= limit

    def wait(self) -> float:
        return seconds_left()


def count_one(key: str) -> int:
    """Count one more, in one step: of two requests at one moment both count."""
    cache.add(key, 0, SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:
        # The cache was full and has just dropped it.
        cache.set(key, 1, SECONDS)
        return 1


def seconds_left() -> int:
    """Until the next hour of the clock."""
    return SECONDS - int(time.time()) % SECONDS
