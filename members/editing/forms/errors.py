"""The list of all errors of a page; each leads to its field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BaseInlineFormSet, BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.names import own_name


@dataclass(frozen=True)
class ErrorLink:
    """An error, and the field that it leads to."""

    field: str
    label: str
    message: Any


def error_links(
    form: BaseForm, formsets: "Iterable[BaseInlineFormSet[Any, Any, Any]]"
) -> list[ErrorLink]:
    """Every error of a form and its formsets, in the order of the page.

    `where`: an attribute of a form that is one of several on its page; it names the form.
    """
    where = getattr(form, "where", "")
    links = _links_of(form, str(where))
    for formset in formsets:
        if formset.is_bound:
            links += _links_of_rows(formset)
    return links


def _links_of_rows(formset: "BaseInlineFormSet[Any, Any, Any]") -> list[ErrorLink]:
    model: Any = formset.model
    rows = capfirst(str(model._meta.verbose_name_plural))
    group = f"{formset.prefix}-group"
    links = [ErrorLink(group, rows, text) for text in formset.non_form_errors()]
    for number, form in enumerate(formset.forms, 1):
        words = _("%(rows)s, number %(number)d")
        where = words % {"rows": rows, "number": number}
        links += _links_of(form, where)
    return links


def _links_of(form: BaseForm, where: str) -> list[ErrorLink]:
    if not form.is_bound:
        return []
    links = [ErrorLink("", where, text) for text in form.non_field_errors()]
    for bound in form:
        label = ": ".join(filter(None, [where, _label(bound)]))
        target = "" if bound.is_hidden else bound.auto_id
        links += [ErrorLink(target, label, text) for text in bound.errors]
    return links


def _label(bound: BoundField) -> str:
    """The label of a field, with the language of its text."""
    label = str(bound.label)
    language = bound.field.widget.attrs.get("lang", "")
    if not language:
        return label
    return f"{label} ({own_name(language)})"
