"""Every error of a page in one list, each leading to its field."""

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.names import own_name


@dataclass(frozen=True)
class ErrorLink:
    """An error, and the field that it leads to."""

    field: str
    label: str
    message: str


def error_links(form: BaseForm, formsets: Any) -> list[ErrorLink]:
    """Every error of the page, in its order, each leading to its field."""
    links = _links_of(form, "")
    for formset in formsets:
        if not formset.is_bound:
            continue
        rows = capfirst(str(formset.model._meta.verbose_name_plural))
        links += [
            ErrorLink(f"{formset.prefix}-group", rows, text) for text in formset.non_form_errors()
        ]
        for number, row in enumerate(formset.forms, 1):
            links += _links_of(
                row, _("%(rows)s, number %(number)d") % {"rows": rows, "number": number}
            )
    return links


def _links_of(form: BaseForm, where: str) -> list[ErrorLink]:
    if not form.is_bound:
        return []
    links = [ErrorLink("", where, text) for text in form.non_field_errors()]
    for bound in form:
        language = bound.field.widget.attrs.get("lang", "")
        label = f"{bound.label} ({own_name(language)})" if language else str(bound.label)
        label = ": ".join(filter(None, [where, label]))
        target = "" if bound.is_hidden else bound.auto_id
        links += [ErrorLink(target, label, text) for text in bound.errors]
    return links
