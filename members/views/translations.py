"""The translation desk: how everything stands in every language, and one entry beside its source
text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages import desk
from languages.models import DeskRow, DeskState, Freshness
from languages.names import own_name
from languages.states import STATES, State
from languages.text import Text, column, current_language
from members.editing.forms.errors import error_links
from members.editing.history import Author, last_change
from members.editing.unsent import typed_texts, writer_mark
from members.forms.proposals import TAKE, with_proposal
from members.forms.translations import (
    DeskFilter,
    TranslationForm,
    kind_named,
    translation_form_class,
    visible_to,
)
from members.forms.workplace import LARGEST_KEY, ButtonForm
from members.models import City, Record
from members.models.record import content_type_of
from members.paging import page_or_404, query_without_page
from members.permissions import may
from members.public_addresses import public_address
from members.services import translations

Context = dict[str, Any]
PER_PAGE = 30


# --- The list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """An entry in one language."""

    language: str
    name: str
    state: str
    label: str
    since: datetime | None
    url: str


@dataclass(frozen=True)
class DeskLine:
    """An entry: its kind, the beginning of its text, its city, and how it stands in each language
    shown."""

    row: DeskRow
    kind: str
    title: Text
    city: City | None
    cells: list[Cell]


@dataclass(frozen=True)
class LanguageProgress:
    """A language: how much of the published text can be read in it, and how many entries are in
    which state."""

    code: str
    name: str
    share: desk.Share | None
    counts: list[tuple[str, str, int, str]]


def translation_desk(request: HttpRequest, site: Context) -> HttpResponse:
    """Entries by languages, with what is missing and what is older than its source text."""
    rows = visible_to(request.user)
    form = DeskFilter(request.GET, rows=rows)
    page = page_or_404(Paginator(form.rows(), PER_PAGE), request)
    codes = (
        [form.active["language"]]
        if "language" in form.active
        else [code for code, _name in settings.LANGUAGES]
    )
    context = {
        **site,
        "title": _("Translations"),
        "form": form,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "languages": [(code, own_name(code)) for code in codes],
        "lines": _lines(list(page.object_list), codes, form),
        "standings": _standings(form),
    }
    return TemplateResponse(request, "admin/translations/desk.html", context)


def _lines(rows: list[DeskRow], codes: list[str], form: DeskFilter) -> list[DeskLine]:
    states = {
        (one.row_id, one.language): one
        for one in DeskState.objects.filter(row__in=rows, language__in=codes)
    }
    return [
        DeskLine(
            row,
            kind=capfirst(row.kind._meta.verbose_name),
            title=Text(
                row.title,
                row.source_language,
                is_fallback=row.source_language != current_language(),
            ),
            city=form.cities.get(row.city),
            cells=[_cell(row, code, states.get((row.pk, code)), form.query) for code in codes],
        )
        for row in rows
    ]


def _cell(row: DeskRow, language: str, state: DeskState | None, query: str) -> Cell:
    found = State(state.state) if state else State.EMPTY
    url = side_url(row, language) + query if found != State.SOURCE else ""
    return Cell(
        language,
        own_name(language),
        found.value,
        STATES[found],
        state.since if state else None,
        url,
    )


def _standings(form: DeskFilter) -> list[LanguageProgress]:
    counts, shares = form.counts(), {share.language: share for share in desk.shares(form.all_rows)}
    asked = form.active.get("language")
    return [
        LanguageProgress(
            code,
            own_name(code),
            shares.get(code),
            [
                (
                    state.value,
                    STATES[state],
                    counts[code][state.value],
                    form.with_(language=code, state=state.value),
                )
                for state in (State.MISSING, State.OUTDATED)
            ],
        )
        for code, _name in settings.LANGUAGES
        if asked in (None, code)
    ]


def side_url(row: DeskRow, language: str) -> str:
    return reverse("admin:side_by_side", args=[row.kind._meta.model_name, row.object_id, language])


# --- Side by side ---------------------------------------------------------------------------------


class Side:
    """One request for an entry in one language: what it is, what the person may, what comes
    next."""

    def __init__(self, request: HttpRequest, kind: str, pk: int, language: str) -> None:
        self.request = request
        self.user = request.user
        self.language = language
        self.record = _record(request, kind, pk)
        self.may_write = may(self.user, "change", self.record)
        self.filter = DeskFilter(request.GET, rows=visible_to(self.user))
        rows = DeskRow.objects.filter(
            content_type=content_type_of(self.record), object_id=self.record.pk
        )
        self.row = rows.prefetch_related("states").first()

    def form(self) -> TranslationForm:
        known = {
            row.field: row
            for row in Freshness.objects.filter(
                content_type=content_type_of(self.record),
                object_id=self.record.pk,
                language=self.language,
            )
        }
        sent = with_proposal(self.request.POST) if self.request.method == "POST" else None
        form = translation_form_class(self.record, self.language)
        shown = form(
            sent,
            instance=self.record,
            language=self.language,
            freshness=known,
            may_write=self.may_write,
            by=self.user,
        )
        if self.filter.active and sent is None:
            # Whoever works through a list types at once.
            for field in shown.visible_fields()[:1]:
                field.field.widget.attrs["autofocus"] = True
        return shown

    def next_url(self) -> str:
        """The next entry of the list that the person came from; the list where this was the
        last."""
        following = self.filter.after(self.row, self.language)
        if following is None:
            return reverse("admin:translation_desk") + self.filter.query
        return side_url(following, self.language) + self.filter.query


def _record(request: HttpRequest, kind: str, pk: int) -> Record:
    """404 for what is another city's, as for what does not exist."""
    model = kind_named(kind)
    if model is None or pk > LARGEST_KEY:
        raise Http404
    record = get_object_or_404(model.objects.editable_by(request.user), pk=pk)
    if not may(request.user, "view", record):
        raise Http404
    return record


def side_by_side(
    request: HttpRequest, site: Context, kind: str, pk: int, language: str
) -> HttpResponse:
    """The source text on one side, the translation on the other, field by field."""
    side = Side(request, kind, pk, language)
    if why := _refusal(side):
        return _no_language(request, site, why)
    if request.method == "POST":
        if not side.may_write:
            raise PermissionDenied
        with transaction.atomic():
            form = side.form()
            if answer := _done(side, form):
                return answer
    else:
        form = side.form()
    return _page(side, site, form)


def _refusal(side: Side) -> str:
    """Why there is nothing to translate into this language."""
    if side.language == side.record.source_language:
        return _(
            "This entry is written in this language. Its other languages are translations of it."
        )
    if side.language not in dict(settings.LANGUAGES):
        return _("This language is switched off in this portal. Nothing was saved.")
    return ""


def _no_language(request: HttpRequest, site: Context, why: str) -> HttpResponse:
    typed = typed_texts(
        [(name, value) for name, values in request.POST.lists() for value in values]
    )
    context = {
        **site,
        "title": _("Translations"),
        "why": why,
        "texts": [one for one in typed if one[0] != "sources"],
    }
    return TemplateResponse(request, "admin/translations/no_language.html", context, status=404)


def _done(side: Side, form: TranslationForm) -> HttpResponse | None:
    """Do what the pressed button says; None for a form that comes back."""
    if TAKE in side.request.POST:
        # The form comes back compared with what others saved: that needs the lock, and the lock
        # this transaction.
        form.full_clean()
        return None
    pressed = ButtonForm(side.request.POST)
    verb = pressed.cleaned_data["do"] if pressed.is_valid() else ""
    if verb not in {"save", "next", "right"}:
        raise Http404
    if not form.is_valid():
        return None
    seen, changed = form.submitted_hashes(), form.changed_columns()
    translations.translate(record=form.instance, by=side.user, changed=changed, seen=seen)
    confirmed = verb == "right" and translations.still_right(
        record=form.instance, language=side.language, by=side.user, seen=seen
    )
    _say(side.request, form, bool(changed), confirmed)
    if verb == "save" or form.source_has_changed():
        return HttpResponseRedirect(side.request.get_full_path())
    return HttpResponseRedirect(side.next_url())


def _say(request: HttpRequest, form: TranslationForm, saved: bool, confirmed: bool) -> None:
    if saved:
        messages.success(request, _("The translation is saved."))
    elif confirmed:
        messages.success(request, _("Noted: the translation is still right."))
    else:
        messages.info(request, _("Nothing was changed."))
    if form.source_has_changed():
        messages.warning(
            request, _("The source text was changed while you were writing. Look at what changed.")
        )


def _page(side: Side, site: Context, form: TranslationForm) -> HttpResponse:
    record, request = side.record, side.request
    outdated = [source.field for source in form.source_texts.values() if source.is_outdated]
    left = side.filter.rows(side.language).count() if side.filter.active else 0
    context = {
        **site,
        "title": str(record),
        "subtitle": own_name(side.language),
        "side": side,
        "record": record,
        "kind": capfirst(record._meta.verbose_name),
        "source_name": own_name(record.source_language),
        "language": side.language,
        "language_name": own_name(side.language),
        "form": form,
        "error_links": error_links(form, []),
        "writer_mark": writer_mark(side.user),
        "outdated": outdated,
        "changed_by": _changed_by(record, outdated),
        "others": _others(side),
        "left": ngettext("%(count)d entry in this list", "%(count)d entries in this list", left)
        % {"count": left}
        if left
        else "",
        "next_url": side.next_url(),
        "list_url": reverse("admin:translation_desk") + side.filter.query,
        "change_url": _change_url(record),
        "public_url": public_address(record),
    }
    return TemplateResponse(request, "admin/translations/side.html", context)


def _changed_by(record: Record, fields: list[str]) -> Author | None:
    """Who changed the source text of what is outdated last."""
    found = [last_change(record, column(field, record.source_language)) for field in fields]
    return max(filter(None, found), key=lambda author: author.at, default=None)


def _others(side: Side) -> list[tuple[str, str, str, str]]:
    """The entry's other languages: own name, state, its words, address."""
    states = {one.language: State(one.state) for one in side.row.states.all()} if side.row else {}
    return [
        (own_name(code), state.value, STATES[state], side_url(side.row, code) + side.filter.query)
        for code, _name in settings.LANGUAGES
        if (state := states.get(code)) and state != State.SOURCE and code != side.language
    ]


def _change_url(record: Record) -> str:
    return reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk]
    )
