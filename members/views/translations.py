"""The translation desk: the state of every entry in every language, and one entry side by side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
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
from members.editing.buttons import Button, ButtonPage
from members.editing.forms.errors import error_links
from members.editing.forms.rows import LARGEST_KEY
from members.editing.history import Author, last_change
from members.editing.unsent import texts_among, writer_mark
from members.forms.proposals import TAKE, with_proposal
from members.forms.translations import (
    DeskFilter,
    TranslationForm,
    kind_named,
    translation_form_class,
    visible_to,
)
from members.models import City, Record
from members.models.record import content_type_of
from members.paging import page_or_404, query_without_page
from members.permissions import may
from members.public_addresses import public_address
from members.requests import AuthenticatedHttpRequest
from members.services import translations

Context = dict[str, Any]
PER_PAGE = 30


# --- The list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LanguageCell:
    """An entry in one language."""

    language: str
    name: str
    state: str
    label: Any
    since: datetime | None
    url: str


@dataclass(frozen=True)
class DeskLine:
    """An entry: its kind, the beginning of its text, its city, and its state in each language."""

    row: DeskRow
    kind: Any
    title: Text
    city: City | None
    cells: list[LanguageCell]


# State, its words, number of entries, address of their list.
StateCount = tuple[str, Any, int, str]


@dataclass(frozen=True)
class LanguageProgress:
    """A language: the share of the public text that can be read in it, and entries by state."""

    code: str
    name: str
    share: desk.Share | None
    counts: list[StateCount]


def translation_desk(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """Entries by languages, with what is missing and what is older than its source text."""
    form = DeskFilter(request.GET, rows=visible_to(request.user))
    paginator = Paginator(form.rows(), PER_PAGE)
    page = page_or_404(paginator, request)
    codes = _codes(form)
    languages = [(code, own_name(code)) for code in codes]
    rows = list(page.object_list)
    lines = _lines(rows, codes, form)
    context = {
        **site,
        "title": _("Translations"),
        "form": form,
        "page_obj": page,
        "query_prefix": query_without_page(request),
        "languages": languages,
        "lines": lines,
        "standings": _progress(form),
    }
    return TemplateResponse(request, "admin/translation_desk.html", context)


def _codes(form: DeskFilter) -> list[str]:
    """The language that the filter asks for, or all."""
    code = form.active.get("language")
    if code:
        return [code]
    return [code for code, _name in settings.LANGUAGES]


def _lines(rows: list[DeskRow], codes: list[str], form: DeskFilter) -> list[DeskLine]:
    states = DeskState.objects.filter(row__in=rows, language__in=codes)
    by_place = {(state.row_id, state.language): state for state in states}
    return [
        DeskLine(
            row,
            kind=capfirst(row.kind._meta.verbose_name),
            title=_title(row),
            city=form.cities.get(row.city or 0),
            cells=[_cell(row, code, by_place.get((row.pk, code)), form.query) for code in codes],
        )
        for row in rows
    ]


def _title(row: DeskRow) -> Text:
    is_fallback = row.source_language != current_language()
    return Text(row.title, row.source_language, is_fallback=is_fallback)


def _cell(row: DeskRow, language: str, row_state: DeskState | None, query: str) -> LanguageCell:
    state = State(row_state.state) if row_state else State.EMPTY
    is_translation = state != State.SOURCE
    url = side_url(row, language) + query
    return LanguageCell(
        language=language,
        name=own_name(language),
        state=state.value,
        label=STATES[state],
        since=row_state.since if row_state else None,
        url=url if is_translation else "",
    )


def _progress(form: DeskFilter) -> list[LanguageProgress]:
    counts = form.counts()
    shares = {share.language: share for share in desk.shares(form.all_rows)}
    return [
        LanguageProgress(
            code,
            name=own_name(code),
            share=shares.get(code),
            counts=_counts(form, code, counts[code]),
        )
        for code in _codes(form)
    ]


def _counts(form: DeskFilter, code: str, counts: dict[str, int]) -> list[StateCount]:
    return [
        (
            state.value,
            STATES[state],
            counts[state.value],
            form.with_(language=code, state=state.value),
        )
        for state in (State.MISSING, State.OUTDATED)
    ]


def side_url(row: DeskRow, language: str) -> str:
    kind = row.kind._meta.model_name
    return reverse("admin:side_by_side", args=[kind, row.object_id, language])


# --- Side by side ---------------------------------------------------------------------------------


class Side(ButtonPage):
    """One request for an entry in one language: what it is, what the person may, what comes next.

    404 for an entry of another city, as for one that does not exist.
    """

    def __init__(
        self, request: AuthenticatedHttpRequest, kind: str, pk: int, language: str
    ) -> None:
        super().__init__(request)
        self.language = language
        self.record = _record(request, kind, pk)
        self.may_write = may(self.user, "change", self.record)
        self.filter = DeskFilter(request.GET, rows=visible_to(self.user))
        of_record = {
            "content_type": content_type_of(self.record),
            "object_id": self.record.pk,
        }
        rows = DeskRow.objects.filter(**of_record)
        self.row = rows.prefetch_related("states").first()
        freshness = Freshness.objects.filter(**of_record, language=language)
        self.freshness = {row.field: row for row in freshness}

    def form(self) -> TranslationForm:
        submission = None
        if self.request.method == "POST":
            submission = with_proposal(self.request.POST)
        form_class = translation_form_class(self.record, self.language)
        form = form_class(
            submission,
            instance=self.record,
            language=self.language,
            freshness=self.freshness,
            may_write=self.may_write,
            by=self.user,
        )
        if self.filter.active and submission is None:
            # In a list of entries the person can write at once.
            for field in form.visible_fields()[:1]:
                field.field.widget.attrs["autofocus"] = True
        return form

    def name_and_key(self) -> tuple[str, int]:
        """A button that takes a proposal over has a name of its own."""
        if TAKE in self.request.POST:
            return TAKE, 0
        return super().name_and_key()

    def next_url(self) -> str:
        """The next entry of the list that the person came from, or the list itself at its end."""
        query = self.filter.query
        next_row = self.filter.after(self.row, self.language)
        if next_row is None:
            return reverse("admin:translation_desk") + query
        return side_url(next_row, self.language) + query


def _record(request: AuthenticatedHttpRequest, kind: str, pk: int) -> Record:
    model = kind_named(kind)
    if model is None:
        raise Http404
    if pk > LARGEST_KEY:
        raise Http404
    records = model.objects.editable_by(request.user)
    record = get_object_or_404(records, pk=pk)
    if not may(request.user, "view", record):
        raise Http404
    return record


def side_by_side(
    request: AuthenticatedHttpRequest, site: Context, kind: str, pk: int, language: str
) -> HttpResponse:
    """The source text on one side, the translation on the other, field by field."""
    side = Side(request, kind, pk, language)
    if reason := _refusal(side):
        return _no_language(request, site, reason)
    form = side.form()
    buttons = {
        "save": _translate(side, form, stay=True),
        "next": _translate(side, form),
        "right": _translate(side, form, confirm=True),
        # The form comes back with the proposal, compared with what others saved.
        TAKE: Button(form=form),
    }
    answer = side.pressed(buttons)
    return answer or _page(side, site, form)


def _refusal(side: Side) -> str:
    """Why there is nothing to translate into this language."""
    if side.language == side.record.source_language:
        return _(
            "This entry is written in this language. Its other languages are translations of it."
        )
    if side.language not in dict(settings.LANGUAGES):
        return _("This language is switched off in this portal. Nothing was saved.")
    return ""


def _no_language(request: HttpRequest, site: Context, reason: str) -> HttpResponse:
    """Say why, and give back the texts of a form that was sent."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    texts = texts_among([field for field in fields if field[0] != "sources"])
    context = {
        **site,
        "title": _("Translations"),
        "why": reason,
        "texts": texts,
    }
    return TemplateResponse(request, "admin/translations/no_language.html", context, status=404)


def _translate(
    side: Side, form: TranslationForm, *, stay: bool = False, confirm: bool = False
) -> Button:
    """Save the translation, and note that the rest is still right if `confirm`.

    The person goes on to the next entry, but for `stay`, or to see what changed in the source text.
    """

    def save(key: int) -> translations.Outcome:
        return translations.translate(
            record=form.instance,
            language=side.language,
            changed=form.changed_columns(),
            sources=form.submitted_hashes(),
            confirm=confirm,
            by=side.user,
        )

    def answer(outcome: translations.Outcome) -> HttpResponse:
        _say(side.request, outcome)
        if not form.source_has_changed():
            return HttpResponseRedirect(side.url if stay else side.next_url())
        text = _("The source text was changed while you were writing. Look at what changed.")
        messages.warning(side.request, text)
        return HttpResponseRedirect(side.url)

    return Button(save, answer, form=form)


def _say(request: HttpRequest, outcome: translations.Outcome) -> None:
    match outcome:
        case translations.Outcome.SAVED:
            messages.success(request, _("The translation is saved."))
        case translations.Outcome.CONFIRMED:
            messages.success(request, _("Noted: the translation is still right."))
        case translations.Outcome.UNCHANGED:
            messages.info(request, _("Nothing was changed."))


def _page(side: Side, site: Context, form: TranslationForm) -> HttpResponse:
    record = side.record
    sources = form.source_texts.values()
    outdated = [source.field for source in sources if source.is_outdated]
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
        "left": _left(side),
        "next_url": side.next_url(),
        "list_url": reverse("admin:translation_desk") + side.filter.query,
        "change_url": _change_url(record),
        "public_url": public_address(record),
    }
    return TemplateResponse(side.request, "admin/side_by_side.html", context)


def _left(side: Side) -> str:
    """How many entries the person's list has; empty without a list."""
    if not side.filter.active:
        return ""
    count = side.filter.rows(side.language).count()
    if not count:
        return ""
    words = ngettext("%(count)d entry in this list", "%(count)d entries in this list", count)
    return words % {"count": count}


def _changed_by(record: Record, fields: list[str]) -> Author | None:
    """Who changed one of these source texts last."""
    latest = None
    for field in fields:
        source_column = column(field, record.source_language)
        author = last_change(record, source_column)
        if author and (latest is None or author.at > latest.at):
            latest = author
    return latest


def _others(side: Side) -> list[tuple[str, str, Any, str]]:
    """The entry's other languages: own name, state, its words, address."""
    if side.row is None:
        return []
    rows = side.row.states.all()
    states = {row.language: State(row.state) for row in rows}
    others = []
    for code, _name in settings.LANGUAGES:
        state = states.get(code, State.SOURCE)
        is_translation = state != State.SOURCE
        if is_translation and code != side.language:
            name = own_name(code)
            url = side_url(side.row, code) + side.filter.query
            others.append((name, state.value, STATES[state], url))
    return others


def _change_url(record: Record) -> str:
    opts = record._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_change"
    return reverse(name, args=[record.pk])
