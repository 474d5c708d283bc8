"""The office's view of the network: cities with a gap, asking them, the table of points."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.names import join_list
from languages.text import current_language
from members import network_table
from members.editing.forms.errors import error_links
from members.emails.message import paragraphs
from members.forms.asking import AskForm
from members.forms.network import NetworkFilter
from members.gaps import GAPS_BY_KEY, Gap, by_name
from members.models import City, Country
from members.paging import page_or_404, query_without_page
from members.permissions import ASK
from members.requests import AuthenticatedHttpRequest
from members.services import asking
from members.spreadsheet import csv_file, workbook_file

Context = dict[str, Any]
PER_PAGE = 50
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def refuse_others(request: AuthenticatedHttpRequest) -> None:
    """403 for everybody but the office."""
    if not request.user.has_perm(ASK, City()):
        raise PermissionDenied


def _gap(key: str) -> Gap:
    if key not in GAPS_BY_KEY:
        raise Http404
    return GAPS_BY_KEY[key]


# --- Cities with a gap ----------------------------------------------------------------------------


@dataclass(frozen=True)
class GapLine:
    """A city with a gap: how many things, when it was asked, whether a letter reaches it."""

    city: City
    number: int
    asked_at: datetime | None
    is_reachable: bool


def network_gap(request: AuthenticatedHttpRequest, site: Context, gap: str) -> HttpResponse:
    """Exactly the cities that the number on the desk counts."""
    refuse_others(request)
    city_gap = _gap(gap)
    last_asks = asking.asked_lately(city_gap)
    boxes = asking.mailboxes_of()
    numbers = city_gap.numbers()
    lines = []
    for city in by_name(city_gap.cities()):
        line = GapLine(
            city=city,
            number=numbers.get(city.pk, 0),
            asked_at=last_asks.get(city.pk),
            is_reachable=city.pk in boxes,
        )
        lines.append(line)
    context = {
        **site,
        "title": city_gap.title,
        "gap": city_gap,
        "lines": lines,
        "asks": asking.earlier_asks(city_gap),
    }
    return TemplateResponse(request, "admin/network_gap.html", context)


def take_back(request: AuthenticatedHttpRequest, site: Context, gap: str) -> HttpResponse:
    """The button beside an earlier ask: its letters that wait are withdrawn."""
    refuse_others(request)
    city_gap = _gap(gap)
    page = HttpResponseRedirect(reverse("admin:network_gap", args=[city_gap.key]))
    if request.method != "POST":
        return page
    stamp = request.POST.get("stamp", "")
    if not stamp.isascii() or not stamp.isalnum():
        raise Http404
    count = asking.take_back(
        gap=city_gap,
        stamp=stamp,
        by=request.user,
    )
    words = ngettext(
        "%(count)d letter is taken back. What was sent stays sent.",
        "%(count)d letters are taken back. What was sent stays sent.",
        count,
    )
    messages.success(request, words % {"count": count})
    return page


# --- Asking them ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LanguagePart:
    """The letter in one language: its readers, and the fields of its wording."""

    code: str
    names: str
    count: int
    to: str
    subject: str
    paragraphs: list[Any]
    fields: list[Any]
    has_errors: bool
    is_changed: bool


def network_ask(request: AuthenticatedHttpRequest, site: Context, gap: str) -> HttpResponse:
    """Who gets the letter, what they read, and the button that sends it."""
    refuse_others(request)
    city_gap = _gap(gap)
    plan = asking.plan_of(city_gap)
    form = _form(request, plan)
    is_sent = request.method == "POST" and form.is_valid()
    answer = _press(request, plan, form) if is_sent else None
    if answer:
        return answer
    context = {
        **site,
        "title": _("Ask these cities"),
        "gap": city_gap,
        "plan": plan,
        "form": form,
        "parts": _parts(plan, form),
        "error_links": error_links(form, []),
        "asks": asking.earlier_asks(city_gap),
        "days": asking.DAYS_BETWEEN,
    }
    return TemplateResponse(request, "admin/network_ask.html", context)


def _form(request: AuthenticatedHttpRequest, plan: asking.AskPlan) -> AskForm:
    cities = [(reader.city.pk, str(reader.city)) for reader in plan.readers]
    wordings = {}
    for code in plan.readers_by_language:
        wording = asking.wording_of(plan.gap, code)
        wordings[code] = (wording.subject, wording.text)
    return AskForm(
        request.POST if request.method == "POST" else None,
        cities=cities,
        wordings=wordings,
    )


def _press(
    request: AuthenticatedHttpRequest, plan: asking.AskPlan, form: AskForm
) -> HttpResponse | None:
    """None where the page is shown again: the letter in other words, or a sample is on its way.

    Only its own button sends the letters.
    """
    button = request.POST.get("do")
    if button == "to-me":
        count = asking.send_samples(
            plan=plan,
            wordings=form.words(),
            by=request.user,
        )
        words = ngettext(
            "%(count)d letter is on its way to you.",
            "%(count)d letters are on their way to you.",
            count,
        )
        messages.success(request, words % {"count": count})
    if button != "send":
        return None
    sent_plan = asking.send(
        gap=plan.gap,
        cities=form.cleaned_data["city"],
        wordings=form.words(),
        by=request.user,
    )
    _report(request, sent_plan)
    return HttpResponseRedirect(reverse("admin:network_gap", args=[plan.gap.key]))


def _report(request: AuthenticatedHttpRequest, plan: asking.AskPlan) -> None:
    words = ngettext(
        "%(count)d letter waits in the outbox. Until it leaves you can take it back.",
        "%(count)d letters wait in the outbox. Until they leave you can take them back.",
        plan.count,
    )
    messages.success(request, words % {"count": plan.count})
    missed = [city for city, _moment in plan.lately] + plan.unreachable
    if missed:
        names = join_list([str(city) for city in missed], current_language())
        sentence = _("Left out, because somebody else asked them or their address went: %(names)s.")
        messages.warning(request, sentence % {"names": names})


def _parts(plan: asking.AskPlan, form: AskForm) -> list[LanguagePart]:
    parts = []
    by_size = sorted(plan.readers_by_language.items(), key=lambda part: -len(part[1]))
    for code, readers in by_size:
        fields = [form[f"subject_{code}"], form[f"text_{code}"]]
        first = readers[0]
        wording = form.wording_so_far(code)
        words = asking.letter_to(first.city, plan.gap, code, wording)
        names = ", ".join(str(reader.city) for reader in readers)
        part = LanguagePart(
            code=code,
            names=Truncator(names).chars(70),
            count=len(readers),
            to=str(first.city),
            subject=words.subject,
            paragraphs=paragraphs(words.text),
            fields=fields,
            has_errors=any(field.errors for field in fields),
            is_changed=wording != form.wordings[code],
        )
        parts.append(part)
    return parts


# --- The table ------------------------------------------------------------------------------------


def _filter(request: AuthenticatedHttpRequest, points: list[Any]) -> NetworkFilter:
    countries = Country.objects.filter(cities__memberships__isnull=False).distinct()
    return NetworkFilter(
        request.GET,
        points=points,
        countries=countries.by_name(current_language()),
    )


def network(request: AuthenticatedHttpRequest, site: Context) -> HttpResponse:
    """Points and cities: a cell opens that point of that city."""
    refuse_others(request)
    points = network_table.points()
    form = _filter(request, points)
    selection = form.selection()
    rows = network_table.table_rows(selection, [point.number for point in points])
    known = [row for row in rows if row.strip.is_known]
    page = page_or_404(Paginator(known, PER_PAGE), request)
    context = {
        **site,
        "title": _("Points and cities"),
        "form": form,
        "count": len(rows),
        "points": [(point, _number_of(known, point.number)) for point in points],
        "page_obj": page,
        "query": request.GET.urlencode(),
        "query_prefix": query_without_page(request),
        "unknown": [row.city for row in rows if not row.strip.is_known],
        "gap": GAPS_BY_KEY.get(form.cleaned_data.get("gap", "")),
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "admin/network.html", context)


def _number_of(rows: list[network_table.TableRow], number: int) -> int:
    """Of how many of these cities something is known under this point."""
    count = 0
    for row in rows:
        for column in row.strip.columns:
            count += column.number == number and column.is_known
    return count


def network_export(request: AuthenticatedHttpRequest, site: Context, ending: str) -> HttpResponse:
    """The same table, filtered and sorted as on the page, for a spreadsheet."""
    refuse_others(request)
    if ending not in ("csv", "xlsx"):
        raise Http404
    points = network_table.points()
    selection = _filter(request, points).selection()
    rows = network_table.table_rows(selection, [point.number for point in points])
    table = network_table.cells(rows, points)
    day = timezone.localdate().isoformat()
    content = csv_file(table) if ending == "csv" else workbook_file(table, _("Network"))
    kind = CSV if ending == "csv" else XLSX
    disposition = f'attachment; filename="network-{day}.{ending}"'
    return HttpResponse(content, kind, headers={"Content-Disposition": disposition})
