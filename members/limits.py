"""How often something may be tried. Counted in the cache under fingerprints made with the secret
key: no address of a computer and of no person is kept anywhere."""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

SECONDS = 60 * 60

# Wrong passwords within a quarter of an hour: for one account from one computer, for one account
# from everywhere, and from one computer for whatever accounts. An office behind one address makes a
# few; who guesses makes thousands.
SIGN_IN_SECONDS = 15 * 60
PER_ACCOUNT_HERE = 5
PER_ACCOUNT = 30
PER_SENDER = 60
# As long as a computer counts as one on which the person has signed in: others' attempts do not
# lock them out there.
KNOWN_SECONDS = 30 * 24 * 60 * 60

# Links for a new password within an hour: to one mailbox, and from one computer.
LINKS_TO_MAILBOX = 3
LINKS_FROM_SENDER = 30


def fingerprint_of(*what: str) -> str:
    """Of no use without the secret key, and nobody reads from it what it is of."""
    return salted_hmac("members.limits", "\0".join(what), algorithm="sha256").hexdigest()


def sender_of(request: HttpRequest) -> str:
    """A fingerprint of where a request comes from."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # Only the last is the proxy's own word; what stands before it anybody may have written.
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    return fingerprint_of(address)


def count_use(name: str, sender: str, seconds: int = SECONDS) -> int:
    """Count one more use by this sender; how many it makes within the time that began with the
    first."""
    key = _key(name, sender)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two lines.
        cache.set(key, 1, seconds)
        return 1


def _key(name: str, sender: str) -> str:
    return f"uses:{name}:{sender}"


# --- Signing in -----------------------------------------------------------------------------------


def may_sign_in(email: str, sender: str) -> bool:
    """Count an attempt, before the password is looked at; whether it is to be looked at.

    Whether there is such an account makes no difference. Counted first, so that a hundred attempts
    at one moment are no more than a hundred one after another; a right password is taken back by
    `signed_in`.
    """
    pair = _pair(email, sender)
    known = cache.get(_key("known", pair))
    if not known and count_use("sign_in_sender", sender, SIGN_IN_SECONDS) > PER_SENDER:
        return False
    # Who is stopped here does not count against the account: one computer alone locks it for no
    # other.
    if count_use("sign_in_here", pair, SIGN_IN_SECONDS) > PER_ACCOUNT_HERE:
        return False
    return known or count_use("sign_in_account", _account(email), SIGN_IN_SECONDS) <= PER_ACCOUNT


def signed_in(email: str, sender: str) -> None:
    """The password was right: the attempt does not count, and from here the person is known."""
    if not cache.get(_key("known", _pair(email, sender))):
        for key in (_key("sign_in_account", _account(email)), _key("sign_in_sender", sender)):
            with suppress(ValueError):
                cache.decr(key)
    know(email, sender)


def know(email: str, sender: str) -> None:
    """Somebody who reads the account's letters, or knows its password, sits at this computer."""
    pair = _pair(email, sender)
    cache.delete(_key("sign_in_here", pair))
    cache.set(_key("known", pair), 1, KNOWN_SECONDS)


def _account(email: str) -> str:
    return fingerprint_of(email.strip().lower())


def _pair(email: str, sender: str) -> str:
    return fingerprint_of(_account(email), sender)


# --- Links for a new password ---------------------------------------------------------------------


def may_ask_for_link(email: str, sender: str) -> bool:
    """Count a link that is asked for; whether it is to be sent, be there such an account or not."""
    to_mailbox = count_use("link_to", _account(email))
    return count_use("link_from", sender) <= LINKS_FROM_SENDER and to_mailbox <= LINKS_TO_MAILBOX
