"""Which devices somebody has signed in on: a signed cookie tells it, read on account pages."""

import secrets
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from members.models import User

COOKIE = "device"
PATH = "/accounts/"
SECONDS = 365 * 24 * 60 * 60
# Colleagues at one device that are remembered.
MOST = 8
MARK_SIGNS = 16
NO_MARK = ""
_SALT = "members.devices"


class Device(NamedTuple):
    """What the cookie says: the name of the device, and of each of its accounts the key with the
    mark of its password.

    The name stays for as long as the device is used: whoever signs in again and again gets no
    further attempts for a colleague's account by that. A new password makes the device a new one
    for its account: whoever has an older cookie has nothing by it.
    """

    name: str
    people: dict[int, str]

    def knows(self, person: User) -> bool:
        mark = self.people.get(person.pk, "")
        return constant_time_compare(mark, _mark_of(person))


def is_new(request: HttpRequest, person: User) -> bool:
    device = _read(request)
    mark = device.people.get(person.pk)
    if mark == NO_MARK:
        return False
    return not device.knows(person)


def name_for(request: HttpRequest, email: str) -> str:
    """The name of the device, if the owner of the account with this address has signed in on it;
    else "". Asks the database only where there is a cookie: it tells nobody else who has one."""
    device = _read(request)
    address = email.strip().lower()
    if not device.people or "\x00" in address:
        return ""
    people = User.objects.filter(email=address)
    owner = people.filter(pk__in=device.people).first()
    if owner is None or not device.knows(owner):
        return ""
    return device.name


def note(request: HttpRequest, person: User) -> None:
    """The person signs in on this device: the answer carries it."""
    device = _read(request)
    others = [(key, mark) for key, mark in device.people.items() if key != person.pk]
    own = (person.pk, _mark_of(person))
    people = [own, *others][:MOST]
    name = device.name or secrets.token_hex(16)
    request.device = Device(name, dict(people))  # type: ignore[attr-defined]


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie where somebody has signed in by this request."""
    device = getattr(request, "device", None)
    if device is None:
        return
    kept = [device.name, list(device.people.items())]
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=_SALT),
        max_age=SECONDS,
        path=PATH,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> Device:
    """Nobody's device where the cookie is forged or old.

    Until December 2026 it held the keys alone: such a device is no new one, and has no attempts of
    its own before somebody signs in on it again.
    """
    text = request.COOKIES.get(COOKIE, "")
    try:
        kept = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return Device("", {})
    has_name = len(kept) == len(Device._fields) and isinstance(kept[0], str)
    if not has_name:
        return Device("", dict.fromkeys(kept, NO_MARK))
    name, people = kept
    return Device(name, dict(people))


def _mark_of(person: User) -> str:
    """Another one after each new password; it says nothing about the password."""
    mark = salted_hmac(_SALT, person.password)
    return mark.hexdigest()[:MARK_SIGNS]
