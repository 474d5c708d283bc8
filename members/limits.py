"""How often something may be tried.

Counted in the database, for all processes and after a restart, under fingerprints made with the
secret key: no address of a computer or of a person is stored anywhere.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.models import UseCount

SECONDS = 60 * 60

# Wrong passwords within a quarter of an hour: for one account from one computer, for one account
# from everywhere, and from one computer for any accounts. An office behind one address makes a few;
# a program that guesses makes thousands.
SIGN_IN_SECONDS = 15 * 60
PER_ACCOUNT_HERE = 5
PER_ACCOUNT = 30
PER_SENDER = 60
# How long a computer counts as one on which the person has signed in: attempts of others do not
# lock them out there.
KNOWN_SECONDS = 30 * 24 * 60 * 60

# Wrong codes of a second factor within the same time, from computers that are not known: they are
# short, and three of a million are right at any moment.
CODES_PER_ACCOUNT = 10
# How long a code of an app can be right: its half minute, one before and one after.
CODE_SECONDS = 120

# Links for a new password within an hour: to one mailbox, and from one computer.
LINKS_TO_MAILBOX = 3
LINKS_FROM_SENDER = 30


def fingerprint_of(*texts: str) -> str:
    """A keyed SHA-256 of these texts, as hexadecimal digits: nobody can read them from it."""
    text = "\0".join(texts)
    return salted_hmac("members.limits", text, algorithm="sha256").hexdigest()


def sender_of(request: HttpRequest) -> str:
    """A fingerprint of where a request comes from."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # The proxy itself writes the last address only; the others may be invented.
        addresses = request.headers.get("X-Forwarded-For", "")
        _others, _comma, last = addresses.rpartition(",")
        address = last.strip() or address
    return fingerprint_of(address)


def count_use(name: str, sender: str, seconds: int = SECONDS) -> int:
    """Count one more use by this sender.

    Returns the number of uses within the time that began with the first of them.
    """
    return UseCount.objects.count_one(_key(name, sender), seconds)


def _key(name: str, sender: str) -> str:
    return f"{name}:{sender}"


# --- Signing in -----------------------------------------------------------------------------------


def may_sign_in(email: str, sender: str) -> bool:
    """Count an attempt to sign in; whether the password is to be checked at all.

    It makes no difference whether there is such an account. The attempt counts before the check, so
    that a hundred at one moment are no more than a hundred one after another; after a right
    password `forgive` uncounts it.
    """
    pair = _pair(email, sender)
    is_known = _is_known(pair)
    if not is_known:
        attempts_of_sender = count_use("sign_in_sender", sender, SIGN_IN_SECONDS)
        if attempts_of_sender > PER_SENDER:
            return False
    # An attempt that is refused here does not count for the account: one computer alone cannot lock
    # the account for the others.
    attempts_here = count_use("sign_in_here", pair, SIGN_IN_SECONDS)
    if attempts_here > PER_ACCOUNT_HERE:
        return False
    if is_known:
        return True
    attempts_for_account = count_use("sign_in_account", _account(email), SIGN_IN_SECONDS)
    return attempts_for_account <= PER_ACCOUNT


def is_first_refusal(email: str, sender: str) -> bool:
    """Whether this computer is refused for this account the first time within the quarter."""
    return count_use("refused", _pair(email, sender), SIGN_IN_SECONDS) == 1


def forgive(email: str, sender: str) -> None:
    """The password was right: uncount the attempt."""
    pair = _pair(email, sender)
    if not _is_known(pair):
        account = _account(email)
        _uncount("sign_in_account", account)
        _uncount("sign_in_sender", sender)
    UseCount.objects.filter(key=_key("sign_in_here", pair)).delete()


def know(email: str, sender: str) -> None:
    """Remember that the owner of the account, or of its mailbox, uses this computer.

    Whoever has the password alone is not the owner: where there is a second factor, it comes first.
    """
    pair = _pair(email, sender)
    here = [_key("sign_in_here", pair), _key("code_here", pair)]
    UseCount.objects.filter(key__in=here).delete()
    ends_at = timezone.now() + timedelta(seconds=KNOWN_SECONDS)
    UseCount.objects.update_or_create(
        key=_key("known", pair), defaults={"count": 1, "ends_at": ends_at}
    )


def may_try_code(email: str, sender: str) -> bool:
    """Count an attempt with a code of a second factor; whether it is to be checked at all.

    Only who knows the password comes so far. As with passwords, the owner's own computers are held
    to their own attempts alone.
    """
    pair = _pair(email, sender)
    if count_use("code_here", pair, SIGN_IN_SECONDS) > PER_ACCOUNT_HERE:
        return False
    if _is_known(pair):
        return True
    return count_use("code_account", _account(email), SIGN_IN_SECONDS) <= CODES_PER_ACCOUNT


def forgive_code(email: str, sender: str) -> None:
    """The code was right: uncount the attempt."""
    pair = _pair(email, sender)
    if not _is_known(pair):
        _uncount("code_account", _account(email))
    UseCount.objects.filter(key=_key("code_here", pair)).delete()


def may_ask_for_passkey(sender: str) -> bool:
    """Count a question for a passkey, which begins a session; whether it is to be answered."""
    return count_use("passkey_asked", sender, SIGN_IN_SECONDS) <= PER_SENDER


def may_use_passkey(sender: str) -> bool:
    """Count an answer of a passkey; whether it is to be checked at all.

    There is nothing to guess in it, so no account is locked: the limit spares the machine.
    """
    return count_use("passkey", sender, SIGN_IN_SECONDS) <= PER_SENDER


def forgive_passkey(sender: str) -> None:
    """The answer was right: uncount it."""
    _uncount("passkey", sender)


def may_ask_provider(sender: str) -> bool:
    """Count a question to the provider of sign-ins; whether it is to be asked."""
    return count_use("provider_asked", sender, SIGN_IN_SECONDS) <= PER_SENDER


def may_use_provider(sender: str) -> bool:
    """Count an answer of the provider; whether it is to be looked at."""
    return count_use("provider", sender, SIGN_IN_SECONDS) <= PER_SENDER


def forgive_provider(sender: str) -> None:
    """The answer was right: uncount it."""
    _uncount("provider", sender)


def is_first_use(email: str, code: str) -> bool:
    """Whether this code of an app is used the first time while it is valid."""
    fingerprint = fingerprint_of(_account(email), code)
    return count_use("code_used", fingerprint, CODE_SECONDS) == 1


def _is_known(pair: str) -> bool:
    """Whether the person has signed in on this computer."""
    return UseCount.objects.current().filter(key=_key("known", pair)).exists()


def _uncount(name: str, sender: str) -> None:
    counts = UseCount.objects.filter(key=_key(name, sender), count__gt=0)
    counts.update(count=F("count") - 1)


def _account(email: str) -> str:
    return fingerprint_of(email.strip().lower())


def _pair(email: str, sender: str) -> str:
    return fingerprint_of(_account(email), sender)


def may_try_old_password(email: str) -> bool:
    """Count an attempt to change the password of somebody who is signed in; whether the old one is
    to be checked. Somebody else at an open session guesses no more than at the door."""
    return count_use("old_password", _account(email), SIGN_IN_SECONDS) <= PER_ACCOUNT_HERE


# --- Links for a new password ---------------------------------------------------------------------


def may_ask_for_link(email: str, sender: str) -> bool:
    """Count a request for a link; whether the link is to be sent.

    It makes no difference whether there is such an account.
    """
    links_to_mailbox = count_use("link_to", _account(email))
    links_from_sender = count_use("link_from", sender)
    if links_from_sender > LINKS_FROM_SENDER:
        return False
    return links_to_mailbox <= LINKS_TO_MAILBOX
