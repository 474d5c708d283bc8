"""How often something may be tried.

Counted in the database, for all processes and after a restart, under fingerprints made with the
secret key: no address of a computer or of a person is stored anywhere.
"""

from datetime import timedelta
from enum import Enum, auto

from django.conf import settings
from django.db.models import F, Q
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

# Signs of each of the two fingerprints in the key of an account from one computer or device.
PAIR_SIGNS = 40
# What is counted for an account from one computer or device, until a new password lifts it.
PER_PAIR = ("sign_in_here", "code_here", "sign_in_device", "code_device", "link_device")


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


def may_sign_in(email: str, sender: str, device: str = "") -> bool:
    """Count an attempt to sign in; whether the password is to be checked at all.

    It makes no difference whether there is such an account. The attempt counts before the check, so
    that a hundred at one moment are no more than a hundred one after another; after a right
    password `forgive` uncounts it. `device`: the name of one that the account knows
    (`members/devices.py`): it has attempts of its own on any network, which nobody else uses up.
    """
    if device:
        own = _pair(email, device)
        attempts_on_device = count_use("sign_in_device", own, SIGN_IN_SECONDS)
        return attempts_on_device <= PER_ACCOUNT_HERE
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
    pair = _pair(email, sender)
    refusals = count_use("refused", pair, SIGN_IN_SECONDS)
    return refusals == 1


def forgive(email: str, sender: str, device: str = "") -> None:
    """The password was right: uncount the attempt."""
    if device:
        _forget("sign_in_device", _pair(email, device))
        return
    pair = _pair(email, sender)
    if not _is_known(pair):
        account = _account(email)
        _uncount("sign_in_account", account)
        _uncount("sign_in_sender", sender)
    _forget("sign_in_here", pair)


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


def lift(email: str) -> None:
    """The owner of the mailbox has chosen a new password: what others tried locks the account
    nowhere any longer, and links to a new password are sent again."""
    account = _account(email)
    keys = [_key(name, account) for name in ("sign_in_account", "code_account", "link_to")]
    locks = Q(key__in=keys)
    start = _start(account)
    for name in PER_PAIR:
        locks |= Q(key__startswith=_key(name, start))
    UseCount.objects.filter(locks).delete()


def may_try_code(email: str, sender: str, device: str = "") -> bool:
    """Count an attempt with a code of a second factor; whether it is to be checked at all.

    Only who knows the password comes so far. As with passwords, the owner's own computers are held
    to their own attempts alone.
    """
    if device:
        own = _pair(email, device)
        codes_on_device = count_use("code_device", own, SIGN_IN_SECONDS)
        return codes_on_device <= PER_ACCOUNT_HERE
    pair = _pair(email, sender)
    codes_here = count_use("code_here", pair, SIGN_IN_SECONDS)
    if codes_here > PER_ACCOUNT_HERE:
        return False
    if _is_known(pair):
        return True
    account = _account(email)
    codes_for_account = count_use("code_account", account, SIGN_IN_SECONDS)
    return codes_for_account <= CODES_PER_ACCOUNT


def forgive_code(email: str, sender: str, device: str = "") -> None:
    """The code was right: uncount the attempt."""
    if device:
        _forget("code_device", _pair(email, device))
        return
    pair = _pair(email, sender)
    if not _is_known(pair):
        _uncount("code_account", _account(email))
    _forget("code_here", pair)


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
    account = _account(email)
    fingerprint = fingerprint_of(account, code)
    uses = count_use("code_used", fingerprint, CODE_SECONDS)
    return uses == 1


def _is_known(pair: str) -> bool:
    """Whether the person has signed in on this computer."""
    return UseCount.objects.current().filter(key=_key("known", pair)).exists()


def _uncount(name: str, sender: str) -> None:
    counts = UseCount.objects.filter(key=_key(name, sender), count__gt=0)
    counts.update(count=F("count") - 1)


def _forget(name: str, sender: str) -> None:
    UseCount.objects.filter(key=_key(name, sender)).delete()


def _account(email: str) -> str:
    return fingerprint_of(email.strip().lower())


def _pair(email: str, sender: str) -> str:
    """One account from one computer or device; all of an account begin alike."""
    account = _account(email)
    fingerprint = fingerprint_of(account, sender)
    return _start(account) + fingerprint[:PAIR_SIGNS]


def _start(account: str) -> str:
    return account[:PAIR_SIGNS]


def may_try_old_password(email: str) -> bool:
    """Count an attempt to change the password of somebody who is signed in; whether the old one is
    to be checked. Somebody else at an open session guesses no more than at the door."""
    account = _account(email)
    attempts = count_use("old_password", account, SIGN_IN_SECONDS)
    return attempts <= PER_ACCOUNT_HERE


# --- Links for a new password ---------------------------------------------------------------------


class Links(Enum):
    """What becomes of a request for a link."""

    SENT = auto()
    SENT_BEFORE = auto()
    TOO_MANY_FROM_HERE = auto()


def ask_for_link(email: str, sender: str, device: str = "") -> Links:
    """Count a request for a link; whether one is to be sent.

    It makes no difference whether there is such an account. What is refused to a computer does not
    count for the mailbox: SENT_BEFORE is said only where a letter left within the hour, whose link
    still works. `device`: as in `may_sign_in`; it may ask where others have asked too often.
    """
    if device:
        own = _pair(email, device)
        links = count_use("link_device", own)
    else:
        links_from_sender = count_use("link_from", sender)
        if links_from_sender > LINKS_FROM_SENDER:
            return Links.TOO_MANY_FROM_HERE
        account = _account(email)
        links = count_use("link_to", account)
    if links > LINKS_TO_MAILBOX:
        return Links.SENT_BEFORE
    return Links.SENT
