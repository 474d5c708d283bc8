"""A form that came when the session was over: it is carried through signing in, and sent then."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.names import own_name
from members.models import User

# Characters that are carried; longer texts are shown, so that the person can copy them.
MOST = 1_500_000
# Characters of a text; shorter values are codes and numbers, which nobody wrote.
SHORTEST_TEXT = 4
# Pages of the administration whose fields hold no text of a person.
WITHOUT_TEXTS = {"login", "logout", "password_change", "set_language", "keep_form"}
# What belongs to the form and not to the person.
CSRF_FIELD = "csrfmiddlewaretoken"
# In words what a button does and to whom, for a page that carries the form.
SAYS = "says"
OWN_FIELDS = {CSRF_FIELD, SAYS, "seen", "_writer"}
# The apps whose entries a form is about.
OWN_APPS = {"members", "portal", "programs"}
_CODE = re.compile(r"[-\w]+")
_SIGNER = Signer(salt="members.editing.unsent.writer")


@dataclass(frozen=True)
class Unsent:
    """An unsent form: its address, its fields in order, the names of files to choose again."""

    to: str
    fields: list[tuple[str, str]]
    files: list[str]

    @property
    def carried(self) -> str:
        return json.dumps(self.fields, ensure_ascii=False)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The texts of a person, to be read and copied."""
        return texts_among(self.fields)

    @property
    def writer(self) -> int | None:
        """Key of the person whose form it was, if the form says so."""
        try:
            return int(_SIGNER.unsign(dict(self.fields).get("_writer", "")))
        except (BadSignature, ValueError):
            return None


def writer_mark(user: User) -> str:
    """The signed key of the person whose form this is."""
    return _SIGNER.sign(str(user.pk))


def texts_among(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What these fields are called and their texts, without numbers, codes, marks and buttons."""
    return [(field_label(name), text) for name, text in fields if _is_text(name, text)]


def field_label(name: str) -> str:
    """What a person calls a field of a form: `promise-statement_pl` → `Statement (polski)`.

    A form names no model; the first kind of entry that has such a field gives the word. "Text" for
    a field that belongs to no entry.
    """
    base = name.rpartition("-")[2]
    text, _underscore, code = base.rpartition("_")
    languages = dict(settings.SCHEMA_LANGUAGES)
    if code in languages:
        return f"{_verbose_name(text) or _('Text')} ({own_name(code)})"
    return _verbose_name(base) or _("Text")


def _verbose_name(name: str) -> str:
    """What the first kind of entry with such a field calls it; "" where none has it."""
    field = model_field(name)
    return str(capfirst(field.verbose_name)) if field else ""


def model_field(name: str) -> Any:
    """The field of this name of the first kind of entry that has it; None where none has it."""
    for model in apps.get_models():
        if model._meta.app_label not in OWN_APPS:
            continue
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(getattr(field, "verbose_name", None), Promise):
            return field
    return None


def texts_and_choices(fields: QueryDict) -> list[tuple[str, str]]:
    """Everything that a person typed and chose on a page, without its button."""
    left_out = {CSRF_FIELD, "do", "key"}
    return [
        (name, value) for name, values in fields.lists() for value in values if name not in left_out
    ]


def _is_text(name: str, value: str) -> bool:
    base = name.rpartition("-")[2]
    if base in OWN_FIELDS:
        return False
    if name.startswith("_"):
        return False
    if len(value) < SHORTEST_TEXT:
        return False
    # A button or a choice: "do=publish".
    if _CODE.fullmatch(value) and not _verbose_name(base.rpartition("_")[0] or base):
        return False
    return any(map(str.isalpha, value))


def is_carried_to(address: str) -> bool:
    """Whether the address is a page of this site's administration that takes a person's text."""
    path = address.partition("?")[0]
    leads_away = "//" in path or "\\" in address or not address.isprintable()
    if leads_away:
        return False
    if not path.startswith("/admin/"):
        return False
    try:
        name = resolve(path).url_name
    except Resolver404:
        return False
    # Stock admin catches every other address under /admin/ with a view that has no name.
    return name is not None and name not in WITHOUT_TEXTS


def unsent_of(request: HttpRequest) -> Unsent | None:
    """The form that this request sent; None where it holds no text of a person."""
    form = sent_form(request)
    return form if form and is_carried_to(form.to) else None


def sent_form(request: HttpRequest) -> Unsent | None:
    """The fields and files that this request sent, to whatever address; None without fields."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != CSRF_FIELD
    ]
    if not fields:
        return None
    uploads: Any = request.FILES.values()
    files = [upload.name for upload in uploads]
    address = request.get_full_path()
    return Unsent(address, fields, files)
