"""Which devices somebody has signed in on: a signed cookie tells it, read at signing in alone."""

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


def is_new(request: HttpRequest, person: User) -> bool:
    return person.pk not in _people_of(request)


def note(request: HttpRequest, person: User) -> None:
    """The person signs in on this device: the answer carries it."""
    others = [key for key in _people_of(request) if key != person.pk]
    request.device_people = [person.pk, *others][:MOST]  # type: ignore[attr-defined]


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie where somebody has signed in by this request."""
    people = getattr(request, "device_people", None)
    if people is None:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(people, salt=_SALT),
        max_age=SECONDS,
        path=PATH,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _people_of(request: HttpRequest) -> list[int]:
    """Keys of the accounts; none where the cookie is forged or old."""
    try:
        people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return []
    return list(people)
