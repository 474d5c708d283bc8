"""How to cite a page, and how its entry read at a moment: of a city, a programme, an action, an
undertaking, a point of the plan, a notice, an event, a meeting, an organisation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from languages.text import Text, current_language, named, translated
from members.citations import citations_of
from members.models import Action, City, Meeting, Organisation, Point, Undertaking
from members.models.cities import city_name
from portal.models import Event, News
from portal.page_references import PageReference
from portal.versions import (
    MOMENT,
    Version,
    newest_moment,
    parse_moment,
    parts_at,
    public_since,
    version_at,
)
from programs.models import Programme


@dataclass(frozen=True)
class Citable:
    """An entry that can be cited, with the addresses of its pages."""

    record: Any
    kind: str
    key: str | int
    title_of: Callable[[Any], Text]
    city: City | None

    @property
    def is_city(self) -> bool:
        return self.kind == "city"

    @property
    def page(self) -> str:
        """Where it is read. An undertaking stands under its point on the page of its city."""
        row = self.record.commitment if self.kind == "undertaking" else self.record
        address: str = row.get_absolute_url()
        return address

    @property
    def cite_url(self) -> str:
        return reverse(f"{self.kind}_cite", args=[self.key])

    def version_url(self, moment: str) -> str:
        return reverse(f"{self.kind}_version", args=[self.key]) + f"?at={moment}"


def _city(slug: str) -> Citable:
    city = get_object_or_404(City.objects.public().select_related("country"), slug=slug)
    return Citable(city, "city", slug, city_name, city)


def _programme(slug: str) -> Citable:
    rows = Programme.objects.public().select_related("city")
    programme = get_object_or_404(rows, slug=slug)
    return Citable(programme, "programme", slug, named, programme.city)


def _news(slug: str) -> Citable:
    rows = News.objects.public().select_related("city")
    news = get_object_or_404(rows, slug=slug)
    return Citable(news, "news", slug, _title, news.city)


def _action(pk: int) -> Citable:
    rows = Action.objects.public().select_related("commitment__city", "commitment__point")
    action = get_object_or_404(rows, pk=pk)
    return Citable(action, "action", pk, _action_title, action.commitment.city)


def _undertaking(pk: int) -> Citable:
    rows = Undertaking.objects.public().select_related("commitment__city", "commitment__point")
    undertaking = get_object_or_404(rows, pk=pk)
    city = undertaking.commitment.city
    return Citable(undertaking, "undertaking", pk, _undertaking_title, city)


def _point(number: int) -> Citable:
    rows = Point.objects.public().filter(plan__in_force=True).select_related("plan")
    point = get_object_or_404(rows, number=number)
    return Citable(point, "point", number, _title, None)


def _event(slug: str) -> Citable:
    rows = Event.objects.public().select_related("city")
    event = get_object_or_404(rows, slug=slug)
    return Citable(event, "event", slug, _title, event.city)


def _meeting(pk: int) -> Citable:
    rows = Meeting.objects.public().select_related("held_in")
    meeting = get_object_or_404(rows, pk=pk)
    return Citable(meeting, "meeting", pk, _meeting_title, None)


def _organisation(slug: str) -> Citable:
    rows = Organisation.objects.public().select_related("city")
    organisation = get_object_or_404(rows, slug=slug)
    return Citable(organisation, "organisation", slug, named, organisation.city)


def _meeting_title(meeting: Meeting) -> Text:
    """Kind, place and day: two meetings of one kind in one city are told apart."""
    return Text(capfirst(str(meeting)), current_language())


def _title(record: Any) -> Text:
    return translated(record, "title")


def _action_title(action: Action) -> Text:
    title = translated(action, "title")
    return title or Text(action.original_title, action.original_language, is_fallback=True)


def _undertaking_title(undertaking: Undertaking) -> Text:
    """What was undertaken, a sentence without its full stop; where only a heading names the point,
    the plan."""
    if undertaking.is_heading:
        return Text(undertaking.plan_title, undertaking.original_language)
    statement = translated(undertaking, "statement")
    return replace(
        statement,
        value=statement.value.removesuffix("."),
    )


# --- The addresses --------------------------------------------------------------------------------


@require_safe
def city_cite(request: HttpRequest, slug: str) -> HttpResponse:
    return _cite(request, _city(slug))


@require_safe
def programme_cite(request: HttpRequest, slug: str) -> HttpResponse:
    return _cite(request, _programme(slug))


@require_safe
def news_cite(request: HttpRequest, slug: str) -> HttpResponse:
    return _cite(request, _news(slug))


@require_safe
def action_cite(request: HttpRequest, pk: int) -> HttpResponse:
    return _cite(request, _action(pk))


@require_safe
def undertaking_cite(request: HttpRequest, pk: int) -> HttpResponse:
    return _cite(request, _undertaking(pk))


@require_safe
def point_cite(request: HttpRequest, number: int) -> HttpResponse:
    return _cite(request, _point(number))


@require_safe
def event_cite(request: HttpRequest, slug: str) -> HttpResponse:
    return _cite(request, _event(slug))


@require_safe
def meeting_cite(request: HttpRequest, pk: int) -> HttpResponse:
    return _cite(request, _meeting(pk))


@require_safe
def organisation_cite(request: HttpRequest, slug: str) -> HttpResponse:
    return _cite(request, _organisation(slug))


@require_safe
def city_version(request: HttpRequest, slug: str) -> HttpResponse:
    return _version(request, _city(slug))


@require_safe
def programme_version(request: HttpRequest, slug: str) -> HttpResponse:
    return _version(request, _programme(slug))


@require_safe
def news_version(request: HttpRequest, slug: str) -> HttpResponse:
    return _version(request, _news(slug))


@require_safe
def action_version(request: HttpRequest, pk: int) -> HttpResponse:
    return _version(request, _action(pk))


@require_safe
def undertaking_version(request: HttpRequest, pk: int) -> HttpResponse:
    return _version(request, _undertaking(pk))


@require_safe
def point_version(request: HttpRequest, number: int) -> HttpResponse:
    return _version(request, _point(number))


@require_safe
def event_version(request: HttpRequest, slug: str) -> HttpResponse:
    return _version(request, _event(slug))


@require_safe
def meeting_version(request: HttpRequest, pk: int) -> HttpResponse:
    return _version(request, _meeting(pk))


@require_safe
def organisation_version(request: HttpRequest, slug: str) -> HttpResponse:
    return _version(request, _organisation(slug))


# --- The pages ------------------------------------------------------------------------------------


def _cite(request: HttpRequest, citable: Citable) -> HttpResponse:
    """The reference in two forms; of a city the code of its badge, and its feed."""
    title = citable.title_of(citable.record)
    reference = _reference(citable, title.value)
    context = {
        "citable": citable,
        "title": title,
        "reference": reference,
        "is_city": citable.is_city,
        "badge": _badge_code(citable.record) if citable.is_city else None,
    }
    return render(request, "portal/cite.html", context)


def _reference(citable: Citable, title: str) -> PageReference:
    record, city = citable.record, citable.city
    at = newest_moment(record)
    moment = at.strftime(MOMENT) if at else ""
    has_city = city is not None and not citable.is_city
    return PageReference(
        key=f"{citable.kind}-{citable.key}",
        title=title,
        page=settings.SITE_URL + citable.page,
        version=settings.SITE_URL + citable.version_url(moment),
        at=at,
        read_at=timezone.localtime(),
        remark=city_name(city).value if has_city and city else "",
    )


@dataclass(frozen=True)
class BadgeCode:
    """What a person copies to show the badge, and its words for who does not see it."""

    html: str
    markdown: str
    alt: str


def _badge_code(city: City) -> BadgeCode:
    page = settings.SITE_URL + city.get_absolute_url()
    picture = settings.SITE_URL + reverse(
        "city_badge",
        args=[city.slug],
    )
    alt = _(
        "%(city)s: how the city stands in the network. Filled bars: what the city itself says. "
        "Outlined bars: found in a public source, not confirmed by the city."
    ) % {"city": city}
    return BadgeCode(
        html=str(format_html('<a href="{}"><img src="{}" alt="{}"></a>', page, picture, alt)),
        markdown=f"[![{_for_markdown(alt)}]({picture})]({page})",
        alt=alt,
    )


def _for_markdown(text: str) -> str:
    """Without the signs that would end the words of a link."""
    return text.translate({ord(sign): f"\\{sign}" for sign in "\\[]"})


def _version(request: HttpRequest, citable: Citable) -> HttpResponse:
    """The entry as it read at the moment of `?at=`; without one as it reads today.

    A moment that is none: 400. A moment of which no version is kept: 404, and why.
    """
    record = citable.record
    text = request.GET.get("at")
    at = newest_moment(record) if text is None else parse_moment(text)
    version: Version | None = version_at(record, at) if at else None
    is_senseless = text is not None and at is None
    code = 400 if is_senseless else 404
    parts = parts_at(record, at) if version and at and citable.is_city else []
    context = {
        "citable": citable,
        "title": citable.title_of(version.record if version else record),
        "version": version,
        "is_current": version and version.is_current and all(part.is_current for part in parts),
        "parts": [part for part in parts if part.fields()],
        "bare_parts": [part for part in parts if part.version and not part.fields()],
        "lost_parts": [part for part in parts if not part.version],
        "citations": citations_of([record]) if version else [],
        "since": public_since(record),
        "is_senseless": is_senseless,
    }
    return render(request, "portal/version.html", context, status=200 if version else code)
