"""Pages of the administration on which something is done that the office calls by a verb: what,
with what effect, one button. A GET changes nothing; the button calls an action."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse


@dataclass(frozen=True)
class Deed:
    """What a page says before it is done. Without a button it only explains why it cannot be
    done."""

    title: str
    button: str = ""
    facts: list[tuple[str, object]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    # "get" where the page only asks what it shall be about.
    method: str = "post"
    # A template that draws more, and what it draws from.
    table: str = ""
    rows: object = None


def deed_page(
    model_admin: ModelAdmin,
    request: HttpRequest,
    *,
    about: models.Model | None,
    deed: Deed,
    form: forms.Form,
    act: Callable[[forms.Form], str],
    next_url: str = "",
    back_url: str = "",
) -> HttpResponse:
    """Show the page; on POST with a form that is valid, act. `act` gives the sentence that says
    what was done; its ValidationError stands on the form, at the fields that it names."""
    opts = model_admin.opts
    whole_list = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    back = (
        reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[about.pk])
        if about
        else whole_list
    )
    if request.method == "POST" and deed.button and deed.method == "post" and form.is_valid():
        try:
            done = act(form)
        except ValidationError as error:
            show_on(form, error)
        else:
            model_admin.message_user(request, done, messages.SUCCESS)
            return HttpResponseRedirect(next_url or back)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": opts,
        "title": deed.title,
        "about": about,
        "form": form,
        "button": deed.button,
        "facts": deed.facts,
        "warnings": deed.warnings,
        "effects": deed.effects,
        "method": deed.method,
        "table": deed.table,
        "rows": deed.rows,
        "list_url": whole_list,
        "back_url": back_url or back,
        "media": model_admin.media + form.media,
    }
    return TemplateResponse(request, "admin/deed.html", context)


def show_on(form: forms.Form, error: ValidationError) -> None:
    """Put an action's objections at the fields that they name, the others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, reasons in error.error_dict.items():
        form.add_error(name if name in form.fields else None, reasons)
