"""The worklist of historic members, for the secretariat.

Places that some source named as members are confirmed, corrected or closed, one by one or as a
table.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import format_partial
from languages.names import country_name, own_name
from languages.sorting import sort_key
from languages.text import current_language
from members.admin.confirmation import Statement, StatementPage
from members.citations import citations_of
from members.forms.city_cells import CityCells
from members.forms.membership_evidence import (
    ConfirmForm,
    CorrectForm,
    MembershipEvidenceForm,
    RowForm,
    TableForm,
    WorklistFilter,
)
from members.forms.uploaded_tables import TableError, UploadedRow, rows_of
from members.models import Citation, Membership
from members.paging import page_or_404, query_without_page
from members.requests import user_of
from members.services import membership_evidence
from members.services.accession_letters import PlannedLetter
from members.services.membership_evidence import MembershipClosing, MembershipEvidence, Refusal

if TYPE_CHECKING:
    from members.editing.admin.base import OwnCityAdmin as Base
else:
    Base = object

PER_PAGE = 50
# Name of the button under a trial.
DO = "do"
# Stand for the cells of a line that are wrong, where the line is tried all the same.
HARMLESS = {
    "verb": "",
    "joined": "",
    "ended": "",
    "why": "–",
    "source_url": "https://example.org/",
    "source_title": "",
}


@dataclass
class ClosingLine:
    """A membership of the worklist with the sources behind it."""

    membership: Membership
    citations: list[Citation] = field(default_factory=list)

    @property
    def latest(self) -> str:
        """When the latest of its sources was published (partial date); empty where none says."""
        sources = [citation.source for citation in self.citations]
        dates = [source.published for source in sources]
        return max(dates, default="")


@dataclass(frozen=True)
class RefusedCell(Refusal):
    """A refusal with what stands in the cell, and what is expected there."""

    text: str = ""
    expected: str = ""


class Worklist(Base):
    """Adds the worklist and its pages to the admin of memberships."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("worklist/", view(self.worklist), name="members_membership_worklist"),
            path("worklist/table/", view(self.table), name="members_membership_table"),
            path(
                "worklist/table/template.csv",
                view(self.template),
                name="members_membership_template",
            ),
            path(
                "worklist/<int:pk>/confirm/", view(self.confirm), name="members_membership_confirm"
            ),
            path(
                "worklist/<int:pk>/correct/", view(self.correct), name="members_membership_correct"
            ),
        ]
        return [*own, *super().get_urls()]

    def _for_office(self, request: HttpRequest, pk: int) -> Membership:
        """The membership. 404 where the person does not see it, 403 outside the office."""
        row = self.get_object(request, str(pk))
        membership = cast("Membership", row)
        if not self.has_change_permission(request, membership):
            raise PermissionDenied
        return membership

    def _refuse_others(self, request: HttpRequest) -> None:
        """403 for everybody outside the office."""
        if not self.has_change_permission(request):
            raise PermissionDenied

    def worklist(self, request: HttpRequest) -> HttpResponse:
        """The evidenced memberships, the oldest evidence first."""
        self._refuse_others(request)
        lines = evidenced()
        form = WorklistFilter(request.GET, countries=countries_of(lines))
        matches = []
        if form.is_valid():
            matches = [line for line in lines if fits(line, form.cleaned_data)]
        page = page_or_404(Paginator(matches, PER_PAGE), request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Places named as members"),
            "form": form,
            "page_obj": page,
            "query_prefix": query_without_page(request),
            "total": len(lines),
        }
        return TemplateResponse(request, "admin/members/membership/worklist.html", context)

    def confirm(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The city is a member today."""
        membership = self._for_office(request, pk)
        effects = [
            _("The membership becomes active, with a step that names you and the source."),
            _("The source stands on the city’s public page."),
        ]
        title = _("Confirm the membership")
        statement = Statement(
            title,
            button=title,
            facts=facts_of(membership),
            effects=effects,
        )
        initial = {"joined": membership.joined}
        form = ConfirmForm(request.POST or None, initial=initial)
        return self._single(request, membership, statement, form, membership_evidence.confirm)

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another date of joining."""
        membership = self._for_office(request, pk)
        effects = [
            _("The date of joining changes; the standing stays as it is."),
            _("The source stands behind the date. Earlier sources stay where they are."),
        ]
        title = _("Correct the date of joining")
        statement = Statement(
            title,
            button=title,
            facts=facts_of(membership),
            effects=effects,
        )
        initial = {"joined": membership.joined}
        form = CorrectForm(request.POST or None, initial=initial)
        return self._single(request, membership, statement, form, membership_evidence.correct)

    def _single(
        self,
        request: HttpRequest,
        membership: Membership,
        statement: Statement,
        form: MembershipEvidenceForm,
        service: Callable[..., Membership],
    ) -> HttpResponse:
        def change() -> str:
            values = form.cleaned_data
            evidence = MembershipEvidence(values["source_url"], values["source_title"])
            service(
                membership=membership,
                evidence=evidence,
                joined=values["joined"],
                by=user_of(request),
            )
            return _("Done: %(city)s.") % {"city": membership.city}

        page = StatementPage(request, self, membership, statement, form, change)
        page.next_address = page.back_address = reverse("admin:members_membership_worklist")
        return page.answer()

    def table(self, request: HttpRequest) -> HttpResponse:
        """Upload, see what would happen or every line that is wrong, then do all of it."""
        self._refuse_others(request)
        form = TableForm(request.POST or None, request.FILES or None)
        rows: list[UploadedRow] = []
        changes: list[MembershipClosing] = []
        refusals: list[Refusal] = []
        if request.method == "POST" and form.is_valid():
            try:
                rows = rows_of(form.cleaned_data["text"], list(form.COLUMNS), form.NEEDED)
            except TableError as error:
                form.add_error("file" if request.FILES else None, error)
            else:
                changes, refusals = read(rows)
                refusals = self._try_or_apply(request, changes, refusals)
                if DO in request.POST and not refusals:
                    return self._worked(request, len(changes))
        context = self._table_context(request, form)
        letters = [] if refusals else letters_of(changes)
        context |= {"changes": changes, "letters": letters}
        context["refusals"] = refused_cells(refusals, rows)
        return TemplateResponse(request, "admin/members/membership/table.html", context)

    def template(self, request: HttpRequest) -> HttpResponse:
        """An empty table with the names of the columns, as spreadsheets open it."""
        self._refuse_others(request)
        # The mark tells a spreadsheet that the file is UTF-8.
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="members.csv"'
        csv.writer(response).writerow(TableForm.COLUMNS)
        return response

    def _table_context(self, request: HttpRequest, form: TableForm) -> dict[str, Any]:
        is_read = form.is_bound and form.is_valid()
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Places named as members, from a table"),
            "form": form,
            "columns": TableForm.COLUMNS,
            "text": form.cleaned_data.get("text", "") if is_read else "",
        }

    def _try_or_apply(
        self, request: HttpRequest, changes: list[MembershipClosing], refusals: list[Refusal]
    ) -> list[Refusal]:
        """All refusals, those of the cells included, in the order of the table.

        For real where the button under the trial was pressed and no cell was refused.
        """
        is_real = DO in request.POST and not refusals
        service = membership_evidence.apply if is_real else membership_evidence.try_out
        refused = {(refusal.line, refusal.column) for refusal in refusals}
        tried = service(changes=changes, by=user_of(request))
        further = [one for one in tried if (one.line, one.column) not in refused]
        return sorted([*refusals, *further], key=attrgetter("line"))

    def _worked(self, request: HttpRequest, number: int) -> HttpResponse:
        message = ngettext(
            "%(number)d membership was changed.", "%(number)d memberships were changed.", number
        )
        self.message_user(request, message % {"number": number})
        return HttpResponseRedirect(reverse("admin:members_membership_worklist"))


def evidenced() -> list[ClosingLine]:
    """Evidenced memberships of real cities, the oldest evidence first. Three queries."""
    evidenced = Membership.Standing.EVIDENCED
    rows = Membership.objects.real().filter(standing=evidenced)
    rows = rows.select_related("city__country")
    memberships = list(rows.order_by("city__slug"))
    lines = {row.pk: ClosingLine(row) for row in memberships}
    for citation in citations_of(memberships):
        line = lines[citation.object_id]
        line.citations.append(citation)
    return sorted(lines.values(), key=attrgetter("latest"))


def countries_of(lines: list[ClosingLine]) -> list[tuple[str, str]]:
    """Codes and names, in the dictionary order of the reader's language."""
    language = current_language()

    def order(country: tuple[str, str]) -> Any:
        _code, name = country
        return sort_key(name, language)

    cities = [line.membership.city for line in lines]
    codes = {city.country.code for city in cities}
    countries = [(code, country_name(code, language)) for code in codes]
    return sorted(countries, key=order)


def fits(line: ClosingLine, values: dict[str, str]) -> bool:
    """Whether the filters leave this line."""
    country = values["country"]
    basis = values["basis"]
    age = values["age"]
    if country and line.membership.city.country.code != country:
        return False
    if basis and all(citation.basis != basis for citation in line.citations):
        return False
    if age == "unknown":
        return not line.latest
    return not age or is_older(line.latest, int(age))


def is_older(published: str, years: int) -> bool:
    """Whether a partial date lies more than so many years back; an unknown one does not."""
    if not published:
        return False
    year = int(published[:4])
    today = timezone.localdate()
    return year < today.year - years


def facts_of(membership: Membership) -> list[tuple[str, object]]:
    """What is recorded, and what its sources say."""
    citations = citations_of([membership])
    sources = [source_line(citation) for citation in citations]
    joined = format_partial(membership.joined, current_language())
    return [
        (_("City"), membership.city),
        (_("Standing"), membership.get_standing_display()),
        # Translators: the day on which a membership began
        (_("Joined"), joined or _("not known")),
        # Translators: no source is known
        (_("Sources"), "\n".join(sources) or _("none")),
    ]


def source_line(citation: Citation) -> str:
    """A source with what it says, in one line."""
    source = citation.source
    parts = [
        str(source),
        source.url,
        str(citation.get_basis_display()),
        citation.states,
        str(citation.get_remark_display()),
        citation.note,
    ]
    return " · ".join(filter(None, parts))


def read(rows: list[UploadedRow]) -> tuple[list[MembershipClosing], list[Refusal]]:
    """The changes that a table asks for, and what is wrong with its cells.

    A line with a wrong cell is a change too, with a harmless value in that cell: so it can be
    tried, and the person reads all mistakes at once.
    """
    cities = CityCells()
    changes: list[MembershipClosing] = []
    refusals: list[Refusal] = []
    for row in rows:
        form = RowForm(row.cells, cities=cities)
        if row.mistake:
            refusals.append(Refusal(row.line, "", row.mistake))
        if not form.is_valid():
            error = ValidationError(form.errors.as_data())
            refusals += membership_evidence.refusals_of(row.line, error)
        if "city" in form.cleaned_data:
            change = change_of(row.line, HARMLESS | form.cleaned_data, cities)
            changes.append(change)
    return changes, refusals


def refused_cells(refusals: list[Refusal], rows: list[UploadedRow]) -> list[RefusedCell]:
    """Each refusal with what was read, and what is expected there."""
    cells = {row.line: row.cells for row in rows}
    return [
        RefusedCell(
            refusal.line,
            refusal.column,
            refusal.reason,
            text=cells[refusal.line].get(refusal.column, ""),
            expected=str(TableForm.COLUMNS.get(refusal.column, "")),
        )
        for refusal in refusals
    ]


def letters_of(changes: list[MembershipClosing]) -> list[dict[str, str]]:
    """The letters that go out, to be read before."""
    letters = membership_evidence.planned_letters(changes)
    return [letter_lines(letter) for letter in letters]


def letter_lines(letter: PlannedLetter) -> dict[str, str]:
    composed = letter.composed()
    return {
        "to": letter.to,
        "code": letter.language,
        "language": own_name(letter.language),
        "subject": composed.subject,
        "text": composed.text,
    }


def change_of(line: int, values: dict[str, Any], cities: CityCells) -> MembershipClosing:
    """What a line of the table asks for, from its cleaned cells."""
    city = values["city"]
    return MembershipClosing(
        line=line,
        city=city,
        name=cities.name(city),
        verb=values["verb"],
        evidence=MembershipEvidence(values["source_url"], values["source_title"]),
        joined=values["joined"],
        ended=values["ended"],
        why=values["why"],
    )
