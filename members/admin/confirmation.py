"""Confirmation pages of the administration: what will happen, and one button.

A GET changes nothing; the button calls a service.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse


class ConfirmationPage:
    """The engine: performs where the button was pressed on a form without errors, else shows."""

    template_name: str
    request: HttpRequest
    form: forms.Form

    def answer(self) -> HttpResponse:
        if self.is_confirmed() and self._is_performed():
            return HttpResponseRedirect(self.next_url())
        context = admin.site.each_context(self.request)
        context |= self.context()
        return TemplateResponse(self.request, self.template_name, context)

    def is_confirmed(self) -> bool:
        """Whether the button was pressed and everything that it needs is there."""
        raise NotImplementedError

    def perform(self) -> str:
        """Call the service; the sentence that says what was done.

        A ValidationError of the service is shown at the fields that it names.
        """
        raise NotImplementedError

    def next_url(self) -> str:
        """Where the person goes on."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What the template draws from, beside what every page of the administration has."""
        raise NotImplementedError

    def _is_performed(self) -> bool:
        try:
            sentence = self.perform()
        except ValidationError as error:
            show_on(self.form, error)
            return False
        messages.success(self.request, sentence)
        return True


@dataclass(frozen=True)
class Statement:
    """What a page says. Without a button it only explains why nothing can be done.

    `facts`: names and values. `method`: "get" where the page only asks what it is about.
    """

    title: str
    button: str = ""
    facts: list[tuple[str, object]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    method: str = "post"


@dataclass
class StatementPage(ConfirmationPage):
    """A confirmation page in one step: a statement, a form and the button.

    `service`: does it, and gives the sentence that says what was done. `next_address` and
    `back_address`: other pages than that of the row, or than the list where there is no row.
    """

    request: HttpRequest
    model_admin: "ModelAdmin[Any]"
    about: models.Model | None
    statement: Statement
    form: forms.Form
    service: Callable[[], str]
    next_address: str = ""
    back_address: str = ""

    template_name = "admin/confirmation.html"

    def is_confirmed(self) -> bool:
        statement = self.statement
        if not statement.button or statement.method != "post":
            return False
        if self.request.method != "POST":
            return False
        return self.form.is_valid()

    def perform(self) -> str:
        return self.service()

    def next_url(self) -> str:
        return self.next_address or self._row_url()

    def context(self) -> dict[str, Any]:
        statement = self.statement
        return {
            "opts": self.model_admin.opts,
            "title": statement.title,
            "about": self.about,
            "form": self.form,
            "statement": statement,
            "list_url": self._list_url(),
            "back_url": self.back_address or self._row_url(),
            "media": self.model_admin.media + self.form.media,
        }

    def _list_url(self) -> str:
        return reverse(f"admin:{self._url_name()}_changelist")

    def _row_url(self) -> str:
        if self.about is None:
            return self._list_url()
        name = f"admin:{self._url_name()}_change"
        return reverse(name, args=[self.about.pk])

    def _url_name(self) -> str:
        opts = self.model_admin.opts
        return f"{opts.app_label}_{opts.model_name}"


def show_on(form: forms.Form, error: ValidationError) -> None:
    """Put a service's errors at the fields that they name, the others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, reasons in error.error_dict.items():
        field = name if name in form.fields else None
        form.add_error(field, reasons)
