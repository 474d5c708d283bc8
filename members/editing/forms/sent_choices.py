"""What a carried form ticks and chooses, in words: nobody sends again what they do not see."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.http import HttpRequest
from django.urls import resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.editing.forms.merging import MARKS, FormMarks
from members.editing.unsent import SAYS, Unsent, model_field

Pair = tuple[str, str]


def choices_of(request: HttpRequest, unsent: Unsent) -> list[Pair]:
    """What the fields are called and what is chosen there: ticks that are set and that are not,
    words of a list, rows that the person may see. Texts are shown beside it."""
    model = _model_at(unsent.to)
    pairs = []
    for name, value in unsent.fields:
        pair = _pair(request, model, name, value)
        if pair is not None:
            pairs.append(pair)
    unticked = _unticked(model, unsent)
    return [*pairs, *unticked]


def _model_at(address: str) -> type[models.Model] | None:
    """The kind of entry whose form stands at this address of the administration."""
    page = resolve(address.partition("?")[0]).url_name or ""
    app_label, _underscore, rest = page.partition("_")
    model_name, _underscore, _verb = rest.partition("_")
    try:
        return apps.get_model(app_label, model_name)
    except LookupError:
        return None


def _pair(
    request: HttpRequest, model: type[models.Model] | None, name: str, value: str
) -> Pair | None:
    """None for what is no choice, or a choice of nothing."""
    if name == SAYS:
        return _("What happens"), value
    if name == "last_day":
        return (_("Last day (empty: at once)"), value) if value else None
    field = _field(model, name)
    words = _words(request, field, value) if field is not None else ""
    return (_label(field), words) if words else None


def _field(model: type[models.Model] | None, name: str) -> Any:
    """The field of the form's own kind of entry; else of the first kind that has such a field."""
    base = name.rpartition("-")[2]
    if model is not None:
        try:
            return model._meta.get_field(base)
        except FieldDoesNotExist:
            pass
    return model_field(base)


def _label(field: Any) -> str:
    return str(capfirst(field.verbose_name))


def _words(request: HttpRequest, field: Any, value: str) -> str:
    """How a person reads what is chosen; "" for a text, for nothing, and for a row that they may
    not see."""
    if isinstance(field, models.BooleanField):
        return pgettext("answer", "yes") if value not in ("", "False") else pgettext("answer", "no")
    if getattr(field, "choices", None):
        return next((str(words) for key, words in field.flatchoices if str(key) == value), "")
    if isinstance(field, models.ForeignKey | models.ManyToManyField):
        return _name_of_row(request, field.related_model, value)
    return ""


def _name_of_row(request: HttpRequest, model: Any, value: str) -> str:
    user: Any = request.user
    try:
        row = model._base_manager.filter(pk=value).first()
    except (ValueError, ValidationError, OverflowError):
        return ""
    may_see = row is not None and user.has_perm("view", row)
    return str(row) if may_see else ""


def _unticked(model: type[models.Model] | None, unsent: Unsent) -> list[Pair]:
    """Ticks that the form shows and that are not set: a browser sends nothing for them."""
    sent = dict(unsent.fields)
    text = sent.get(MARKS, "")
    marks = FormMarks.parse(text)
    no = pgettext("answer", "no")
    pairs = []
    for name in marks.fields:
        field = _field(model, name)
        if name not in sent and isinstance(field, models.BooleanField):
            label = _label(field)
            pairs.append((label, no))
    return pairs
