"""What somebody typed into a form whose session was over: carried through signing in, and sent
then."""

import json
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from members.models import User

# Characters that are carried; what is longer is shown to be copied.
MOST = 1_500_000
# Shorter values are codes and numbers, chosen and not typed.
SHORTEST_TEXT = 4
# Pages of the administration whose fields are nobody's text.
NEVER = {"login", "logout", "password_change", "set_language"}
# What belongs to the form and not to the person.
OWN_FIELDS = {"csrfmiddlewaretoken", "seen", "_writer"}
_SIGNER = Signer(salt="members.editing.unsent.writer")


@dataclass(frozen=True)
class Unsent:
    """Where it was to go, its fields in order, and the names of files that have to be chosen
    again."""

    to: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def carried(self) -> str:
        return json.dumps(self.fields, ensure_ascii=False)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What a person typed, to be read and copied."""
        return typed_texts(self.fields)

    @property
    def writer(self) -> int | None:
        """Key of the person whose form it was, if the form said so."""
        try:
            return int(_SIGNER.unsign(dict(self.fields).get("_writer", "")))
        except (BadSignature, ValueError):
            return None


def writer_mark(user: User) -> str:
    """A signed word that says whose form this is."""
    return _SIGNER.sign(str(user.pk))


def typed_texts(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Names and texts of the fields, without numbers, codes, marks and buttons."""
    return [
        (name, text)
        for name, text in fields
        if name.rpartition("-")[2] not in OWN_FIELDS and not name.startswith("_") and _is_text(text)
    ]


def _is_text(text: str) -> bool:
    return len(text) >= SHORTEST_TEXT and any(map(str.isalpha, text))


def is_carried_to(address: str) -> bool:
    """Only pages of the administration that take a person's text, on this very site."""
    path = address.partition("?")[0]
    if (
        not path.startswith("/admin/")
        or "//" in path
        or "\\" in address
        or not address.isprintable()
    ):
        return False
    try:
        name = resolve(path).url_name
    except Resolver404:
        return False
    # Stock admin catches every other address under /admin/ with a view that has no name.
    return name is not None and name not in NEVER


def unsent_of(request: HttpRequest) -> Unsent | None:
    """What this request wanted to send; None where it is none of a person's texts."""
    address = request.get_full_path()
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    if not is_carried_to(address) or not fields:
        return None
    return Unsent(address, fields, [upload.name for upload in request.FILES.values()])
