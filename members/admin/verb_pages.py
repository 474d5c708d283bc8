"""A verb as a page: first what it needs, then what it will do, with the letters that will go
out."""

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
from members.admin.deeds import show_on
from members.forms.verbs import ConsentForm, Proof, VerbForm, hidden_values, mark
from members.services.accession_letters import Consent, Planned


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
            messages.warning(
                request, _("Other letters go out than those that you read. Read them again.")
            )
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
            show_on(form, error)
        return form.is_valid()

    def _consent(self, request: HttpRequest, typed: dict[str, Any]) -> ConsentForm:
        letters = {}
        for planned in self.letters(typed):
            composed, name = planned.composed(), mark(planned.key)
            # What was edited stays, also where the page is shown again because another letter has
            # come.
            letters[planned.key] = Proof(
                to=planned.to,
                language=planned.language,
                subject=request.POST.get(f"subject_{name}", composed.subject),
                text=request.POST.get(f"text_{name}", composed.text),
            )
        as_read = "_confirm" in request.POST and ConsentForm.was_shown(request.POST, letters)
        confirmed = request.POST if as_read else None
        return ConsentForm(confirmed, remarks=self.remarks(typed), letters=letters)

    def _done(self, request: HttpRequest, form: VerbForm, consent: ConsentForm) -> bool:
        try:
            self.act(form.cleaned_data, Consent(consent.seen(), consent.words()))
        except ValidationError as error:
            show_on(form, error)
            return False
        return True

    def _page(
        self, request: HttpRequest, form: VerbForm, consent: ConsentForm | None = None
    ) -> HttpResponse:
        context = {
            **admin.site.each_context(request),
            "title": self.words.title,
            "opts": self.record._meta,
            "record": self.record,
            "words": self.words,
            "form": form,
            "consent": consent,
            "remarks": [(r, consent[f"seen_{r.code}"]) for r in consent.remarks] if consent else [],
            "blocking": consent.blocking if consent else [],
            "letters": _letter_fields(consent) if consent else [],
            "typed": _summary(form) if consent else [],
            "hidden": hidden_values(form, request.POST)
            if consent and request.method == "POST"
            else [],
            "back": self.back,
        }
        return TemplateResponse(request, "admin/verb_page.html", context)


def _letter_fields(consent: ConsentForm) -> list[dict[str, Any]]:
    return [
        {
            "to": letter.to,
            "language": own_name(letter.language),
            "subject": consent[f"subject_{mark(key)}"],
            "text": consent[f"text_{mark(key)}"],
        }
        for key, letter in consent.letters.items()
    ]


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
    if isinstance(formfield, forms.ChoiceField) and not isinstance(
        formfield, forms.ModelChoiceField
    ):
        return str(dict(formfield.choices).get(raw, raw))
    if isinstance(formfield, forms.ModelMultipleChoiceField):
        return join_list(value, current_language())
    # Translators: answer in a list of what was ticked
    return _("yes") if value is True else str(value)
