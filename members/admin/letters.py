"""The outbox, the wordings of letters, and who gets no reminders: the secretariat's."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from languages.dates import format_date
from languages.names import direction, own_name
from languages.text import current_language
from members import emails
from members.editing.admin.arguments import with_arguments
from members.editing.admin.base import OwnCityAdmin
from members.editing.buttons import Button, ButtonPage
from members.emails.message import paragraphs, readable
from members.forms.letters import LetterTextForm, WithdrawLetterForm
from members.models import Letter, LetterText, ReminderStop
from members.requests import user_of
from members.services import letters
from members.wording import KINDS
from members.wording.placeholders import PLACEHOLDERS


class LetterKindFilter(admin.AllValuesFieldListFilter):
    """The kinds that occur, by what they are called."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            # With counts, a choice reads "accession_opened (3)".
            name, space, count = str(choice["display"]).partition(" ")
            if name in KINDS:
                label = KINDS[name].label
                yield {**choice, "display": f"{label}{space}{count}"}
            else:
                yield choice


def kind_label(row: Letter | LetterText) -> str:
    """What this kind of letter is called; its bare name where it is no longer known."""
    kind = KINDS.get(row.kind)
    if kind is None:
        return row.kind
    return str(kind.label)


@admin.register(Letter)
class LetterAdmin(OwnCityAdmin):
    """The outbox, to read, with two buttons, each on a page of its own that asks first."""

    list_display = ("subject", "to", "state", "what_went_wrong", "written_on")
    list_filter = ("state", ("kind", LetterKindFilter))
    search_fields = ("subject", "to")
    ordering = ("-written_at",)
    actions = None
    show_facets = admin.ShowFacets.ALWAYS

    @admin.display(description=_("what went wrong"), ordering="failure")
    def what_went_wrong(self, letter: Letter) -> str:
        return Truncator(letter.failure).chars(60)

    # Translators: heading: when a letter was written
    @admin.display(description=_("written"), ordering="written_at")
    def written_on(self, letter: Letter) -> str:
        day = timezone.localdate(letter.written_at)
        return format_date(day, current_language())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Outbox"), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        own = [("try-again", self.try_again), ("withdraw", self.withdraw)]
        urls = [
            path(
                f"<int:key>/{name}/",
                self.admin_site.admin_view(view),
                name=f"members_letter_{view.__name__}",
            )
            for name, view in own
        ]
        return [*urls, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The letter as its reader sees it, and what became of it; there is no form here."""
        letter = self.get_object(request, object_id)
        if not self.has_view_permission(request, letter):
            raise PermissionDenied
        if request.method == "POST":
            return HttpResponseRedirect(request.path)
        more = extra_context or {}
        return self._page(request, "change_form", letter, title=letter.subject, **more)

    def try_again(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask, then let the letter go out now."""
        letter = self._letter(request, key)
        if request.method != "POST":
            return self._page(request, "try_again", letter, title=_("Try again now"))

        def try_again(key: int) -> None:
            letters.try_again(
                letter=letter,
                by=user_of(request),
            )

        page = ButtonPage(request, _letter_page(letter))
        button = Button(try_again, page.says(_("The letter goes out now.")))
        answer = page.press(button)
        return answer or HttpResponseRedirect(page.url)

    def withdraw(self, request: HttpRequest, key: int) -> HttpResponse:
        """Ask for the reason, then take the letter back."""
        letter = self._letter(request, key)
        form = WithdrawLetterForm(request.POST or None)

        def withdraw(key: int) -> None:
            letters.withdraw(
                letter=letter,
                by=user_of(request),
                why=form.cleaned_data["why"],
            )

        if request.method == "POST":
            page = ButtonPage(request, _letter_page(letter))
            message = _("The letter is withdrawn.")
            button = Button(withdraw, page.says(message), form=form)
            if answer := page.press(button):
                return answer
        return self._page(request, "withdraw", letter, title=_("Withdraw the letter"), form=form)

    def _letter(self, request: HttpRequest, key: int) -> Letter:
        letter: Letter = self.get_object(request, str(key))
        if not self.has_change_permission(request, letter):
            raise PermissionDenied
        return letter

    def _page(
        self,
        request: HttpRequest,
        name: str,
        letter: Letter,
        *,
        title: Any,
        form: Form | None = None,
        **more: Any,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": letter,
            "letter": letter,
            "kind_label": kind_label(letter),
            "paragraphs": readable(letter),
            "language_name": own_name(letter.language),
            "direction": direction(letter.language),
            "from_email": settings.DEFAULT_FROM_EMAIL,
            "thing_url": self._thing_url(letter),
            "is_reminder": letter.to and letter.kind in KINDS and KINDS[letter.kind].reminder,
            "can_still_be_changed": letter.state in (Letter.State.DRAFTED, Letter.State.FAILED),
            "title": title,
            "form": form,
            **more,
        }
        return TemplateResponse(request, f"admin/members/letter/{name}.html", context)

    def _thing_url(self, letter: Letter) -> str:
        """The page of what the letter is about; none where that has no page, or has gone."""
        thing = letter.thing
        if thing is None:
            return ""
        if not self.admin_site.is_registered(type(thing)):
            return ""
        opts = thing._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return reverse(name, args=[thing.pk])


@admin.register(LetterText)
class LetterTextAdmin(OwnCityAdmin):
    """The wordings of letters.

    One page lists every kind of letter; a form changes one wording in one language, and shows the
    letter as it will read.
    """

    form = LetterTextForm
    main_fields = ("kind", "language", "subject", "text")
    actions = None

    def get_form(
        self,
        request: HttpRequest,
        obj: LetterText | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        return with_arguments(form, only_preview="_preview" in request.POST)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The portal's wording of what was chosen on the list, to be changed."""
        kind = request.GET.get("kind", "")
        language = request.GET.get("language", "")
        languages = dict(settings.LANGUAGES)
        if kind not in KINDS or language not in languages:
            return {"language": user_of(request).language}
        wording = emails.portal_wording(kind, language)
        return {
            "kind": kind,
            "language": language,
            "subject": wording.subject,
            "text": wording.text,
        }

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        wordings = self.get_queryset(request).defer("text")
        rows = {(row.kind, row.language): row for row in wordings}
        kinds = []
        for name, kind in KINDS.items():
            cells = [_cell(rows, name, code) for code, _name in settings.LANGUAGES]
            kinds.append({"kind": kind, "cells": cells})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": capfirst(self.opts.verbose_name_plural),
            "kinds": kinds,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/members/lettertext/change_list.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Beside the form: the words that may be used, and the letter with examples for them."""
        form = context["adminform"].form
        kind = KINDS.get(_value(form, "kind"))
        if kind is not None:
            placeholders = []
            for name in kind.names:
                is_needed = name in kind.needs
                placeholders.append((name, PLACEHOLDERS[name], is_needed))
            context["kind_of_letter"] = kind
            context["placeholders"] = placeholders
            context["preview"] = _preview(form)
        # Deleting has a button of its own, which says what it does.
        context["show_delete"] = False
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(ReminderStop)
class ReminderStopAdmin(OwnCityAdmin):
    main_fields = ("email", "why")
    list_display = ("email", "why")
    search_fields = ("email", "why")
    ordering = ("email",)
    actions = None


def _letter_page(letter: Letter) -> str:
    return reverse("admin:members_letter_change", args=[letter.pk])


def _cell(rows: dict[tuple[str, str], LetterText], kind: str, language: str) -> dict[str, Any]:
    row = rows.get((kind, language))
    if row:
        url = reverse("admin:members_lettertext_change", args=[row.pk])
    else:
        address = reverse("admin:members_lettertext_add")
        url = f"{address}?kind={kind}&language={language}"
    return {
        "code": language,
        "name": own_name(language),
        "url": url,
        "edited": row is not None,
    }


def _value(form: LetterTextForm, name: str) -> str:
    if name in form.fields:
        return str(form[name].value() or "")
    return str(getattr(form.instance, name))


def _preview(form: LetterTextForm) -> dict[str, Any]:
    """The letter with the wording that the form holds now, saved or not."""
    language = emails.letter_language(_value(form, "language"))
    subject = _value(form, "subject")
    text = _value(form, "text")
    words = emails.sample(emails.Composed(subject, text), language)
    return {
        "subject": words.subject,
        "paragraphs": paragraphs(words.text),
        "language": language,
        "direction": direction(language),
    }
