"""How to cite an entry or a page, and how an entry read at a moment."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from languages.text import current_language
from members.citations import citations_of
from members.models import City
from portal.citable import Citable, CitedKind
from portal.cited_pages import cited_page
from portal.models import DataRelease
from portal.open_data.kind import BadQuery
from portal.page_references import PageReference
from portal.services.open_data import kinds_lacking
from portal.versions import (
    MOMENT,
    SECOND,
    Version,
    newest_moment,
    parse_moment,
    parts_at,
    public_since,
    version_at,
)
from portal.views.data import refused

# --- Entries --------------------------------------------------------------------------------------


@require_safe
def entry_cite(request: HttpRequest, kind: CitedKind, **key: Any) -> HttpResponse:
    """The reference in two forms; of a city the code of its badge, and its feed."""
    citable = kind.find(**key)
    title = citable.title
    context = {
        "citable": citable,
        "title": title,
        "reference": _reference(citable, title.value),
        "is_city": citable.is_city,
        "badge": _badge_code(citable.record) if citable.is_city else None,
    }
    return render(request, "portal/cite.html", context)


def _reference(citable: Citable, title: str) -> PageReference:
    at = newest_moment(citable.record)
    moment = ""
    if at:
        moment = at.strftime(MOMENT)
    return PageReference(
        key=f"{citable.kind.name}-{citable.key}",
        title=title,
        page=settings.SITE_URL + citable.page,
        version=settings.SITE_URL + citable.version_url(moment),
        at=at,
        read_at=timezone.localtime(),
        remark=citable.owner,
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


@require_safe
def entry_version(request: HttpRequest, kind: CitedKind, **key: Any) -> HttpResponse:
    """The entry as it read at the moment of `?at=`; without one as it reads today.

    A moment that is none: 400. A moment of which no version is kept: 404, and why.
    """
    citable = kind.find(**key)
    record = citable.record
    text = request.GET.get("at")
    at = newest_moment(record) if text is None else parse_moment(text)
    version = version_at(record, at) if at else None
    is_senseless = text is not None and at is None
    code = 400 if is_senseless else 404
    context = {
        "citable": citable,
        "title": citable.kind.title_of(version.record if version else record),
        "version": version,
        "citations": citations_of([record]) if version else [],
        "since": public_since(record),
        "is_senseless": is_senseless,
        "is_ahead": bool(at and at > timezone.now() + SECOND),
        **_parts(citable, version),
    }
    return render(request, "portal/version.html", context, status=200 if version else code)


def _parts(citable: Citable, version: Version | None) -> dict[str, object]:
    """What stands in the version beside the entry's own fields: of a city its rows."""
    if version is None:
        return {}
    parts = parts_at(citable.record, version.at)
    return {
        "is_current": version.is_current and all(part.is_current for part in parts),
        "parts": [part for part in parts if part.fields()],
        "bare_parts": [part for part in parts if part.version and not part.fields()],
        "lost_parts": [part for part in parts if not part.version],
    }


# --- Pages ----------------------------------------------------------------------------------------


@require_safe
def page_cite(request: HttpRequest, page: str) -> HttpResponse:
    """How a page that is made anew at every reading is cited, with its own query; 404 for any other
    page, 400 for a query that the page does not understand."""
    try:
        cited = cited_page(f"/{current_language()}/{page}", request.GET)
    except BadQuery as refusal:
        return refused(request, refusal)
    reference = PageReference(
        key=page.strip("/").replace("/", "-"),
        title=cited.title,
        page=settings.SITE_URL + cited.address,
        read_at=timezone.localtime(),
        remark=cited.remark,
    )
    release = DataRelease.objects.first()
    context = {
        "cited": cited,
        "reference": reference,
        "release": release,
        "lacking": kinds_lacking(release),
    }
    return render(request, "portal/page_cite.html", context)
