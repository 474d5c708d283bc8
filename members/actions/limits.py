"""How often a public form may be used. Counted in the cache under a fingerprint that lasts an hour; no address of a
computer is kept anywhere."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SECONDS = 60 * 60


def sender_of(request: HttpRequest) -> str:
    """A fingerprint of where a request comes from, of no use without the secret key."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # Only the last is the proxy's own word; what stands before it anybody may have written.
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return salted_hmac("members.actions.limits", address, algorithm="sha256").hexdigest()


def count_use(name: str, sender: str) -> int:
    """Count one more use by this sender; how many it makes within the hour that began with the first."""
    key = f"uses:{name}:{sender}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two lines.
        cache.set(key, 1, SECONDS)
        return 1
