"""Which devices somebody has signed in on: a signed cookie tells it, read on account pages."""

import hashlib
import secrets
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from members.models import User

COOKIE = "device"
PATH = "/accounts/"
SECONDS = 365 * 24 * 60 * 60
# Colleagues at one device that are remembered.
MOST = 8
_SALT = "members.devices"


class Device(NamedTuple):
    """What the cookie says: the name of the device, and the keys of its accounts.

    The name stays for as long as the device is used: whoever signs in again and again gets no
    further attempts for a colleague's account by that.
    """

    name: str
    people: list[int]


def is_new(request: HttpRequest, person: User) -> bool:
    return person.pk not in _read(request).people


def name_for(request: HttpRequest, email: str) -> str:
    """The name of the device, if the owner of the account with this address has signed in on it;
    else "". Asks the database only where there is a cookie: it tells nobody else who has one."""
    device = _read(request)
    address = email.strip().lower()
    if not device.people or "\x00" in address:
        return ""
    people = User.objects.filter(email=address)
    owners = people.filter(pk__in=device.people)
    if not owners.exists():
        return ""
    return device.name


def note(request: HttpRequest, person: User) -> None:
    """The person signs in on this device: the answer carries it."""
    device = _read(request)
    others = [key for key in device.people if key != person.pk]
    people = [person.pk, *others][:MOST]
    name = device.name or secrets.token_hex(16)
    request.device = Device(name, people)  # type: ignore[attr-defined]


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie where somebody has signed in by this request."""
    device = getattr(request, "device", None)
    if device is None:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(device, salt=_SALT),
        max_age=SECONDS,
        path=PATH,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> Device:
    """Nobody's device where the cookie is forged or old.

    Until December 2026 it held the keys alone: such a device is called after its cookie.
    """
    text = request.COOKIES.get(COOKIE, "")
    try:
        kept = signing.loads(text, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return Device("", [])
    has_name = len(kept) == len(Device._fields) and isinstance(kept[0], str)
    if has_name:
        return Device(*kept)
    name = hashlib.sha256(text.encode()).hexdigest()
    return Device(name, list(kept))
