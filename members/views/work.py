"""A coordinator's page: who asks for which city, what they may, what every such page shows.

What a person typed there is kept (`KeptForm`) when they press a button that does not save, and
every few seconds where scripts run: the page opens with it until it is saved or thrown away.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from languages.names import own_name
from languages.states import STATES, State
from members.editing.buttons import Button, ButtonPage
from members.editing.forms.buttons import Submission
from members.editing.forms.errors import ErrorLink, error_links
from members.editing.forms.kept_files import file_fields, kept_keys
from members.editing.forms.merging import Clash
from members.editing.forms.rows import LARGEST_KEY
from members.editing.unsent import texts_and_choices, writer_mark
from members.forms.workplace import WRITING, EditedLanguageForm, WorkForm
from members.models import Action, City, Commitment, Draft, KeptForm, Record
from members.permissions import SPEAK, may_in_city
from members.requests import AuthenticatedHttpRequest
from members.services import commitments, drafts, entries, kept
from members.text_states import states_of

Context = dict[str, Any]


class PageForms(Protocol):
    """All forms of a page."""

    def each(self) -> list[BaseForm]: ...

    @property
    def is_written(self) -> bool: ...


FormsT = TypeVar("FormsT", bound=PageForms)


class Work(ButtonPage):
    """One request on a page of a city. 404 for a city that the person has nothing to do with."""

    def __init__(self, request: AuthenticatedHttpRequest, site: Context, slug: str) -> None:
        super().__init__(request, request.path)
        cities = City.objects.editable_by(self.user).select_related("country")
        self.city = get_object_or_404(cities, slug=slug)
        self.may_write = may_in_city(self.user, "change", Commitment, self.city.pk)
        self.may_speak = may_in_city(self.user, SPEAK, Commitment, self.city.pk)
        self.forms: PageForms | None = None
        self.kept_form: KeptForm | None = None
        self.context: Context = {
            **site,
            "city": self.city,
            "may_write": self.may_write,
            "may_speak": self.may_speak,
            "writer_mark": writer_mark(self.user),
        }

    def may_see(self, kind: type[Model]) -> bool:
        city = self.city.pk
        return may_in_city(self.user, "view", kind, city)

    def transaction(self) -> AbstractContextManager[None]:
        return entries.alone_in(self.city)

    # --- What the page has ------------------------------------------------------------------------

    @property
    def button(self) -> str:
        """The name of the pressed button."""
        return self.request.POST.get("do", "").partition(":")[0]

    def open(self, build: Callable[[Submission], FormsT]) -> FormsT:
        """The forms of the page, from what was sent, or what was kept when the person was here.

        What was kept is left out where it says nothing else than the rows do: it was saved since.
        """
        forms = build(self._submission())
        if self.kept_form and not forms.is_written:
            fields = QueryDict(mutable=True)
            for name in ("links", "languages"):
                fields.setlist(name, self.kept_form.submission.getlist(name))
            self.kept_form = None
            forms = build(Submission(fields))
        self.forms = forms
        return forms

    def _submission(self) -> Submission:
        request = self.request
        if request.method == "POST":
            is_saving = self.button in WRITING
            return Submission(request.POST, request.FILES, is_checked=is_saving)
        if self.may_write:
            self.kept_form = kept.form_of(request.path, self.user)
        return Submission(self.kept_form.submission if self.kept_form else QueryDict())

    def asked_language(self) -> str:
        """The translation that the address asks for; 404 for a language that is none."""
        address = EditedLanguageForm(self.request.GET)
        if not address.is_valid():
            raise Http404
        if not self.may_write:
            return ""
        return str(address.cleaned_data["language"])

    # --- Keeping ----------------------------------------------------------------------------------

    def keep(self, **changes: Any) -> None:
        """Keep what stands on the page, with these fields changed."""
        forms = self.forms.each() if self.forms else []
        kept.keep_files(forms=forms, by=self.user)
        fields = self.request.POST.copy()
        for form in forms:
            self._say_refused_files(form)
            for name, keys in kept_keys(form):
                fields.setlist(name, keys)
        for name, value in changes.items():
            fields.setlist(name, value if isinstance(value, list) else [value])
        kept.keep_form(page=self.url, fields=texts_and_choices(fields), by=self.user)

    def _say_refused_files(self, form: BaseForm) -> None:
        """A file that its field refused is not kept: that is said at once."""
        for name, _field in file_fields(form):
            for sentence in form.errors.get(name, []) if form.is_bound else []:
                messages.error(self.request, str(sentence))

    def keep_written(self, **changes: Any) -> bool:
        """Keep what was typed, if anything was. Whether it was."""
        if self.forms and self.forms.is_written:
            self.keep(**changes)
            return True
        self.forget()
        return False

    def forget(self) -> None:
        """The page is saved, or what was typed there is thrown away."""
        kept.forget_form(page=self.url, by=self.user)

    def _refuse(self, button: Button, error: ValidationError) -> HttpResponse | None:
        """What was typed stays, also where the page is left to say why nothing was done."""
        if button.errors_at is None and self.forms:
            self.keep()
        return super()._refuse(button, error)

    def keeping(self, buttons: dict[str, Button]) -> dict[str, Button]:
        """These buttons, each of which also keeps what stands on the page."""
        return {name: self._keeping(button) for name, button in buttons.items()}

    def _keeping(self, button: Button) -> Button:
        service = button.service
        if service is None:
            return button

        def serve_and_keep(key: int) -> Any:
            result = service(key)
            self.keep_written()
            return result

        return replace(button, service=serve_and_keep)

    def button_again(self, anchor: str, **changes: Any) -> Button:
        """A button after which the page comes back with everything typed, and these changes."""

        def again(key: int) -> None:
            self.keep(**changes)

        def answer(result: None) -> HttpResponse:
            return HttpResponseRedirect(f"{self.url}{anchor}")

        return Button(again, answer)

    def language_buttons(self) -> dict[str, Button]:
        """One button for each language: its fields open, and everything typed stays."""
        buttons = {}
        for code, _name in settings.LANGUAGES:
            codes = [*self.request.POST.getlist("languages"), code]
            buttons[f"language-{code}"] = self.button_again(f"#text-{code}", languages=codes)
        return buttons

    def forget_button(self) -> Button:
        text = _("What you had typed is gone. The page shows what is saved.")
        return Button(lambda key: self.forget(), self.says(text))

    # --- The page ---------------------------------------------------------------------------------

    def page(self, template: str, **context: Any) -> HttpResponse:
        """The page, with the errors and clashes of its forms."""
        forms = self.forms.each() if self.forms else []
        if self.request.method == "POST":
            kept.keep_files(
                forms=forms,
                by=self.user,
            )
        links: list[ErrorLink] = []
        clashes: list[Clash] = []
        for form in forms:
            links += error_links(form, [])
            clashes += getattr(form, "clashes", [])
            kept.close_files(form)
        everything = {
            **self.context,
            **context,
            "forms": self.forms,
            "error_links": links,
            "clashes": clashes,
            "kept": self.kept_form,
        }
        return TemplateResponse(self.request, template, everything)

    def draft_of(self, record: Record | None) -> Draft | None:
        """The open draft of a public entry, for those who may see it."""
        if record is None or not record.published_at or not self.may_write:
            return None
        return drafts.draft_of(record)


def on_action(work: Work, service: Callable[..., None], message: str) -> Button:
    """A button that calls a service for an action of the city; 404 for any other."""

    def call(key: int) -> None:
        rows = Action.objects.filter(commitment__city=work.city)
        action = get_object_or_404(rows, pk=key)
        service(action=action, by=work.user)

    return Button(call, work.says(message))


def buttons_of_actions(work: Work) -> dict[str, Button]:
    """Buttons of an action of the city, wherever it is listed."""
    denial = _(
        "It is off the public pages, as declared wrong by your city. You can take "
        "that back at any time."
    )
    public_again = _("It is public again, as found in public sources.")
    completion = _("Noted as done today. Add what shows it.")
    return {
        "adopt": on_action(work, commitments.adopt, _("Your city states this now.")),
        "deny": on_action(work, commitments.deny, denial),
        "take_back": on_action(work, commitments.take_back, public_again),
        "finish": on_action(work, commitments.finish, completion),
    }


def confirm_button(work: Work) -> Button:
    """Still true: a point of the city, or another city's, which is a 404."""

    def confirm(key: int) -> None:
        row = get_object_or_404(work.city.commitments, pk=key)
        commitments.confirm(commitment=row, by=work.user)

    return Button(confirm, work.says(_("Confirmed: this is still true today.")))


def draft_button(work: Work, form: WorkForm, content: Callable[[], Context]) -> Button:
    """Save what the page holds as a draft of the form's entry; an entry that is not there yet has
    none. The draft is finished on the page of all fields, which shows other languages too.

    `content`: the values, marks and rows of the draft (`drafts.save_draft`).
    """
    record = form.instance
    if record.pk is None or not form.is_bound:
        return Button()

    def save(key: int) -> Draft:
        draft = drafts.save_draft(
            record=record,
            by=work.user,
            **content(),
        )
        work.forget()
        return draft

    def answer(draft: Draft) -> HttpResponse:
        text = _("Saved as a draft. The public goes on reading the text as it was.")
        url = reverse(f"admin:members_{record._meta.model_name}_change", args=[record.pk])
        return work.report(text, url)

    return Button(
        save,
        answer,
        errors_at=form,
    )


def languages_of(record: Record | None) -> list[tuple[str, str, State, Any]]:
    """Code, own name and state of every translation of an entry; none without a source text."""
    if record is None:
        return []
    states = states_of([record])[record]
    if set(states.values()) == {State.EMPTY}:
        return []
    return [(code, own_name(code), state, STATES[state]) for code, state in states.items()]


def key_of(number: int) -> int:
    """A number of an address; 404 for one that no database can hold."""
    if number > LARGEST_KEY:
        raise Http404
    return number
