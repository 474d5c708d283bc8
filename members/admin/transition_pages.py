"""The page of a transition: first what it needs, then what it will do and which letters go out."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.dates import DateFormField, format_partial
from languages.names import join_list, own_name
from languages.text import current_language
from members.accession_file import Remark
from members.admin.confirmation import ConfirmationPage, show_on
from members.forms.consent import (
    ConsentForm,
    Proof,
    hidden_values,
    is_letter_field,
    subject_name,
    text_name,
    tick_name,
)
from members.forms.transitions import TransitionForm
from members.models import Accession, Membership, User
from members.requests import user_of
from members.services.accession_letters import Consent, PlannedLetter
from members.transitions import Words

# Names of the two buttons of the second step.
CONFIRM = "_confirm"
BACK = "_back"


class PageTransition(Protocol):
    """What the page asks of a transition, of whatever row. `arguments`: what the form gives."""

    @property
    def words(self) -> Words: ...

    @property
    def form_class(self) -> type[TransitionForm]: ...

    def refuse(self, row: Any, arguments: dict[str, Any], /) -> None: ...

    def remarks_before(self, row: Any, arguments: dict[str, Any], /) -> Sequence[Remark]: ...

    def letters_before(self, row: Any, arguments: dict[str, Any], /) -> list[PlannedLetter]: ...

    def perform(
        self, row: Any, by: User, arguments: dict[str, Any], consent: Consent | None, /
    ) -> object: ...


class TransitionPage(ConfirmationPage):
    """A confirmation page in two steps: the form, then warnings and letters with the button."""

    template_name = "admin/transition.html"
    form: TransitionForm

    def __init__(
        self,
        request: HttpRequest,
        transition: PageTransition,
        row: Accession | Membership,
        back_url: str,
    ) -> None:
        self.request = request
        self.transition = transition
        self.row = row
        self.back_url = back_url
        self.form = self._bound_form()
        self.consent: ConsentForm | None = None

    def is_confirmed(self) -> bool:
        post = self.request.POST
        if not self.form.is_bound:
            return False
        if BACK in post:
            return False
        if not self._is_possible():
            return False
        self.consent = self._consent()
        if CONFIRM not in post:
            return False
        if not self.consent.is_bound:
            message = _("Other letters go out than those that you read. Read them again.")
            messages.warning(self.request, message)
        return self.consent.is_valid()

    def perform(self) -> str:
        consent = given_consent(self.consent) if self.consent else None
        # Where the service refuses, the page shows the form again.
        self.consent = None
        by = user_of(self.request)
        arguments = self.form.arguments()
        self.transition.perform(self.row, by, arguments, consent)
        message = str(self.transition.words.message)
        return message % {"city": self.row.city}

    def next_url(self) -> str:
        return self.back_url

    def context(self) -> dict[str, Any]:
        words = self.transition.words
        context = {
            "title": words.title,
            "opts": self.row._meta,
            "row": self.row,
            "words": words,
            "form": self.form,
            "consent": self.consent,
            "kept_letters": [] if self.consent else self._edited_letters(),
            "back_url": self.back_url,
        }
        return context | (self._second_step(self.consent) if self.consent else {})

    def _second_step(self, consent: ConsentForm) -> dict[str, Any]:
        hidden = hidden_values(self.form, self.request.POST)
        remarks = [(remark, consent[tick_name(remark)]) for remark in consent.remarks]
        letters = [letter_fields(consent, key) for key in consent.letters]
        return {
            "remarks": remarks,
            "blocking": consent.blocking,
            "letters": letters,
            "reads_letters": self._reads_letters(),
            "invitation_url": self._invitation_url(),
            "summary": summary(self.form),
            "hidden": hidden if self.request.method == "POST" else [],
        }

    def _invitation_url(self) -> str:
        """Where the office invites a coordinator, who would get this step's letter, if it has one.

        Empty for a step without a letter to the city.
        """
        if not getattr(self.transition, "letter_to_city", ""):
            return ""
        url = reverse("admin:members_invitation_add")
        return f"{url}?city={self.row.city_id}"

    def _bound_form(self) -> TransitionForm:
        """The form as it was sent; one without fields counts as sent."""
        form_class = self.transition.form_class
        if self.request.method == "POST":
            return form_class(self.request.POST, about=self.row)
        return form_class(None if form_class.base_fields else {}, about=self.row)

    def _is_possible(self) -> bool:
        """Whether the form has no error and the service would accept what it says."""
        if not self.form.is_valid():
            return False
        try:
            self.transition.refuse(self.row, self.form.arguments())
        except forms.ValidationError as error:
            show_on(self.form, error)
        return self.form.is_valid()

    def _consent(self) -> ConsentForm:
        """The second step, bound where the person pressed its button having read these letters."""
        row = self.row
        transition = self.transition
        arguments = self.form.arguments()
        letters = transition.letters_before(row, arguments) if self._reads_letters() else []
        proofs = {letter.key: self._proof(letter) for letter in letters}
        remarks = transition.remarks_before(row, arguments)
        data = self._confirmed_data(proofs)
        return ConsentForm(data, remarks=remarks, letters=proofs)

    def _reads_letters(self) -> bool:
        """Only the office reads and changes letters: they go out in its name."""
        return user_of(self.request).is_secretariat

    def _confirmed_data(self, proofs: dict[str, Proof]) -> QueryDict | None:
        """What was sent, where the button was pressed on a page that held these letters."""
        data = self.request.POST
        if CONFIRM not in data:
            return None
        return data if ConsentForm.holds_letters(data, proofs) else None

    def _edited_letters(self) -> list[tuple[str, str]]:
        """The words of letters that the person edited: names and values of their fields.

        They wait in the first step. A letter in the portal's words is composed anew.
        """
        composed = self._composed_fields()
        edited = []
        post = self.request.POST
        for name in post:
            value = post.get(name, "")
            is_edited = same_lines(value) != composed.get(name)
            if is_letter_field(name) and is_edited:
                edited.append((name, value))
        return edited

    def _composed_fields(self) -> dict[str, str]:
        """The portal's words of the letters by the names of their fields, where they are known."""
        if not self.form.is_bound or not self.form.is_valid():
            return {}
        arguments = self.form.arguments()
        fields = {}
        for letter in self.transition.letters_before(self.row, arguments):
            composed = letter.composed()
            fields[subject_name(letter.key)] = same_lines(composed.subject)
            fields[text_name(letter.key)] = same_lines(composed.text)
        return fields

    def _proof(self, letter: PlannedLetter) -> Proof:
        """The letter; what the person edited stays where the page is shown again."""
        composed = letter.composed()
        post = self.request.POST
        subject = post.get(subject_name(letter.key), composed.subject)
        text = post.get(text_name(letter.key), composed.text)
        edited = (same_lines(subject), same_lines(text))
        own = (same_lines(composed.subject), same_lines(composed.text))
        return Proof(
            to=letter.to,
            language=letter.language,
            subject=subject,
            text=text,
            is_from_before=CONFIRM not in post and edited != own,
        )


def same_lines(text: str) -> str:
    """A text as it is compared: a browser ends its lines in another way."""
    return text.replace("\r\n", "\n").strip()


def given_consent(form: ConsentForm) -> Consent:
    return Consent(form.confirmed_warnings(), form.words())


def letter_fields(consent: ConsentForm, key: str) -> dict[str, Any]:
    proof = consent.letters[key]
    return {
        "to": proof.to,
        "language": own_name(proof.language),
        "subject": consent[subject_name(key)],
        "text": consent[text_name(key)],
        "is_from_before": proof.is_from_before,
    }


def summary(form: TransitionForm) -> list[tuple[str, str]]:
    """What was filled in, also a zero, and every tick or its lack: label and value."""
    lines = []
    for name, form_field in form.fields.items():
        value = form.cleaned_data.get(name)
        if is_empty(value):
            continue
        label = str(form_field.label)
        raw = form.data.get(name)
        words = in_words(form_field, value, raw)
        lines.append((label, words))
    return lines


def is_empty(value: Any) -> bool:
    if isinstance(value, QuerySet):
        return not value.exists()
    return value is None or value == ""


def in_words(form_field: forms.Field, value: Any, raw: str | None) -> str:
    """A value as a person reads it. `raw`: as it was sent."""
    if isinstance(form_field, forms.ModelMultipleChoiceField):
        return join_list(value, current_language())
    if type(form_field) is forms.ChoiceField:
        choices = cast("Any", form_field.choices)
        labels: dict[Any, Any] = dict(choices)
        return str(labels.get(raw, raw))
    if isinstance(form_field, DateFormField):
        return format_partial(str(value), current_language())
    if value is True:
        # Translators: answer in a list of what was ticked
        return _("yes")
    if value is False:
        # Translators: answer in a list of what was ticked: this was not
        return pgettext("answer", "no")
    return str(value)
