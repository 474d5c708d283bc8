"""A verb as a page: first what it needs, then what it will do, with the letters that will go out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from languages.names import join_list, own_name
from languages.text import current_language
from members.accession_file import Remark
from members.actions.accession_letters import Consent, Planned
from members.forms.verbs import ConsentForm, VerbForm, hidden_values, mark


@dataclass(frozen=True)
class Words:
    """How a verb is called on its button, on its page, and what it does."""

    button: str | Promise
    title: str | Promise
    effect: str | Promise
    # What is told when it is done.
    done: str | Promise
    grave: bool = False


@dataclass(frozen=True)
class VerbPage:
    """One verb on one record. `typed`: the cleaned values of the form."""

    record: models.Model
    words: Words
    form_class: type[VerbForm]
    act: Callable[[dict[str, Any], Consent], object]
    remarks: Callable[[dict[str, Any]], Sequence[Remark]]
    letters: Callable[[dict[str, Any]], Sequence[Planned]]
    back: str
    initial: dict[str, Any] = field(default_factory=dict)
    # Raises ValidationError for what the verb would refuse, before any letter is shown.
    check: Callable[[dict[str, Any]], None] = lambda typed: None

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Show the form, then the confirmation, then do it. A GET changes nothing."""
        needs_typing = bool(self.form_class.base_fields)
        bound = request.method == "POST" or not needs_typing
        form = self.form_class(
            request.POST if request.method == "POST" else ({} if bound else None),
            about=self.record,
            initial=self.initial,
        )
        if not bound or "_back" in request.POST or not self._is_possible(form):
            return self._page(request, form)
        consent = self._consent(request, form.cleaned_data)
        if "_confirm" in request.POST and not consent.is_bound:
            messages.warning(request, _("Other letters go out than those that you read. Read them again."))
        if "_confirm" not in request.POST or not consent.is_valid():
            return self._page(request, form, consent)
        if not self._done(request, form, consent):
            return self._page(request, form)
        messages.success(request, str(self.words.done) % {"city": self.record.city})
        return HttpResponseRedirect(self.back)

    def _is_possible(self, form: VerbForm) -> bool:
        if not form.is_valid():
            return False
        try:
            self.check(form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        return form.is_valid()

    def _consent(self, request: HttpRequest, typed: dict[str, Any]) -> ConsentForm:
        letters = {}
        for planned in self.letters(typed):
            composed, name = planned.composed(), mark(planned.key)
            # What was edited stays, also where the page is shown again because another letter has come.
            subject = request.POST.get(f"subject_{name}", composed.subject)
            letters[planned.key] = (planned.language, subject, request.POST.get(f"text_{name}", composed.text))
        as_read = "_confirm" in request.POST and ConsentForm.was_shown(request.POST, letters)
        confirmed = request.POST if as_read else None
        return ConsentForm(confirmed, remarks=self.remarks(typed), letters=letters)

    def _done(self, request: HttpRequest, form: VerbForm, consent: ConsentForm) -> bool:
        try:
            self.act(form.cleaned_data, Consent(consent.seen(), consent.words()))
        except ValidationError as error:
            _tell(form, error)
            return False
        return True

    def _page(self, request: HttpRequest, form: VerbForm, consent: ConsentForm | None = None) -> HttpResponse:
        remarks = consent.remarks if consent else []
        blocking = [r for r in self.remarks(form.cleaned_data) if r.blocks] if consent else []
        context = {
            **admin.site.each_context(request),
            "title": self.words.title,
            "opts": self.record._meta,
            "record": self.record,
            "words": self.words,
            "form": form,
            "consent": consent,
            "remarks": [(remark, consent[f"seen_{remark.code}"]) for remark in remarks],
            "blocking": blocking,
            "letters": self._letter_fields(form, consent) if consent else [],
            "typed": _summary(form) if consent else [],
            "hidden": hidden_values(form, request.POST) if consent and request.method == "POST" else [],
            "back": self.back,
        }
        return TemplateResponse(request, "admin/verb_page.html", context)

    def _letter_fields(self, form: VerbForm, consent: ConsentForm) -> list[dict[str, Any]]:
        return [
            {
                "to": planned.to,
                "language": own_name(planned.language),
                "subject": consent[f"subject_{mark(planned.key)}"],
                "text": consent[f"text_{mark(planned.key)}"],
            }
            for planned in self.letters(form.cleaned_data)
        ]


def _tell(form: VerbForm, error: ValidationError) -> None:
    """Put what the verb refused where the person can see it: at the field, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _summary(form: VerbForm) -> list[tuple[str, str]]:
    """What was typed, to be read once more: label and value."""
    found = []
    for name, formfield in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "", False) or (hasattr(value, "exists") and not value.exists()):
            continue
        found.append((str(formfield.label), _in_words(formfield, value, form.data.get(name))))
    return found


def _in_words(formfield: forms.Field, value: object, raw: str | None) -> str:
    if isinstance(formfield, forms.ChoiceField) and not isinstance(formfield, forms.ModelChoiceField):
        return str(dict(formfield.choices).get(raw, raw))
    if isinstance(formfield, forms.ModelMultipleChoiceField):
        return join_list(value, current_language())
    return _("yes") if value is True else str(value)
