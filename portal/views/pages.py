"""Pages of text, robots and errors."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from languages.desk import shares
from languages.text import named, translated
from members.citations import citations_of
from members.figures import member_counts
from members.models import City, NetworkText
from members.models.cities import city_name
from portal.accessibility import statement
from portal.forms import ContactForm
from programs.models import Programme

ABOUT = (NetworkText.Key.ABOUT, NetworkText.Key.MEMBERS_DO)


def about(request: HttpRequest) -> HttpResponse:
    """The network, what its members do, and what this portal is."""
    public = NetworkText.objects.public()
    texts = {}
    sources = {}
    for row in public.filter(key__in=ABOUT):
        texts[row.key] = translated(row, "text")
        sources[row.key] = citations_of([row])
    context = {
        "texts": texts,
        "text_sources": sources,
        "counts": member_counts(),
        "as_of": timezone.localdate(),
        "shares": shares(),
    }
    return render(request, "portal/about.html", context)


def contact(request: HttpRequest) -> HttpResponse:
    """Whom to write to about the portal; the letter names the page that it is about."""
    context = {
        "contact_email": settings.CONTACT_EMAIL,
        "about": _written_about(request),
    }
    return render(request, "portal/contact.html", context)


@dataclass(frozen=True)
class PageWrittenAbout:
    """The page from which somebody writes: its name, and its address with the site."""

    name: str
    url: str


def _written_about(request: HttpRequest) -> PageWrittenAbout | None:
    """The public city or programme that the address names."""
    form = ContactForm(request.GET)
    form.is_valid()
    slugs = form.cleaned_data
    if slugs.get("city"):
        city = City.objects.public().filter(slug=slugs["city"]).first()
        return _page_of(city, city_name(city).value) if city else None
    if slugs.get("programme"):
        programme = Programme.objects.public().filter(slug=slugs["programme"]).first()
        return _page_of(programme, named(programme).value) if programme else None
    return None


def _page_of(row: City | Programme, name: str) -> PageWrittenAbout:
    return PageWrittenAbout(name, settings.SITE_URL + row.get_absolute_url())


def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html", {"statement": statement()})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about visitors (nothing) and about people with an account."""
    context = {
        "contact_email": settings.CONTACT_EMAIL,
        "letter_days": settings.LETTER_DAYS,
        "unsaved_days": settings.UNSAVED_DAYS,
        "sign_in_days": settings.SIGN_IN_DAYS,
        "interest_days": settings.INTEREST_DAYS,
        "answered_interest_days": settings.ANSWERED_INTEREST_DAYS,
    }
    return render(request, "portal/privacy.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed, the places where people work may not."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /*/search/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
