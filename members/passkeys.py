"""Passkeys: keys in a telephone, a computer or a stick, unlocked by finger, face or PIN (0055).

A passkey belongs to a host. Where people visit the portal under another name, or under an address
of numbers, browsers refuse it, and none is offered.
"""

import json
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest

from members.models import User

# The name by which django-allauth calls a proof by passkey.
WAY = "mfa_reauthenticate:webauthn"

# In the data of a passkey that was there when a new password was chosen by letter: it is a second
# factor, and signs in alone again when its owner has confirmed it.
DOUBTED = "is_doubted"


def is_doubted(passkey: Authenticator) -> bool:
    return bool(passkey.data.get(DOUBTED))


def are_offered(request: HttpRequest) -> bool:
    """Whether a browser takes passkeys of the host that this page was asked from."""
    name, _colon, _port = request.get_host().lower().partition(":")
    return bool(settings.PASSKEY_HOST) and name == settings.PASSKEY_HOST


def can_use(request: HttpRequest, person: User) -> bool:
    """Whether the person has one that works here."""
    return are_offered(request) and passkeys_of(person).exists()


def text_of(options: dict[str, Any]) -> str:
    """What a script gives the browser, as JSON."""
    return json.dumps(options, cls=DjangoJSONEncoder)


def passkeys_of(person: User) -> QuerySet[Authenticator]:
    passkeys: QuerySet[Authenticator] = Authenticator.objects.filter(
        user=person, type=Authenticator.Type.WEBAUTHN
    )
    return passkeys.order_by("pk")
