"""The sitemap: every public page in every language, with its siblings; the invented cities are not
in it.

While every kind of page fits into one part (625 cities in eight languages), /sitemap.xml holds all
addresses; beyond that it is an index of the parts, which stand at the same address with a query.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join

from members.models import City, Country, Ground, Meeting, Organisation, Point, SupportContact
from portal.context import path_in
from portal.models import Event, News
from programs.models import Programme

if TYPE_CHECKING:
    SitemapBase = Sitemap[Any]
else:
    SitemapBase = Sitemap


TEMPLATE = "portal/sitemap.xml"
ALTERNATE = '<xhtml:link rel="alternate" hreflang="{}" href="{}"/>'


class PublicSitemap(SitemapBase):
    """Addresses in all languages with their alternates.

    Django asks for each address in each language as many times as there are languages. Only the
    prefix differs: here each is asked for once, and the alternates of a row are written once.
    """

    # Addresses of a part.
    limit = 5000

    @property
    def paginator(self) -> "Paginator[Any]":
        """Of rows, each of which has an address in every language."""
        rows: Any = self.items()
        return Paginator(rows, self.limit // len(settings.LANGUAGES))

    def get_urls(
        self, page: int | str = 1, site: object = None, protocol: str | None = None
    ) -> list[dict[str, Any]]:
        urls = []
        for row in self.paginator.page(page).object_list:
            path = self.location(row)
            locations = {code: settings.SITE_URL + path_in(path, code) for code in _languages()}
            # The portal chooses by what the browser asks for.
            code = settings.LANGUAGE_CODE
            any_language = locations[code].replace(f"/{code}/", "/", 1)
            pairs = [*locations.items(), ("x-default", any_language)]
            alternates = format_html_join("\n", ALTERNATE, pairs)
            for location in locations.values():
                urls.append({"location": location, "alternates": alternates})
        return urls


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


class Pages(PublicSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "city_list",
            "compare",
            "plan_detail",
            "programme_list",
            "news_list",
            "event_list",
            "help_index",
            "join",
            "interest_form",
            "meeting_list",
            "figures",
            "data",
            "about",
            "contact",
            "accessibility",
            "privacy",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Records(PublicSitemap):
    """Published rows of one model that have a page of their own."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.queryset = queryset

    def items(self) -> QuerySet[Any]:
        return self.queryset.order_by("pk")


class HelpPages(PublicSitemap):
    """The help of every city: its country's helps where it has none of its own."""

    def items(self) -> QuerySet[City]:
        return City.objects.public().real().order_by("pk")

    def location(self, item: City) -> str:
        return reverse("help_detail", args=[item.slug])


class CountryHelpPages(PublicSitemap):
    """The help of every country with cities or contacts."""

    def items(self) -> QuerySet[Country]:
        has_cities = Q(cities__in=City.objects.public().real())
        has_contacts = Q(support_contacts__in=SupportContact.objects.public().real())
        return Country.objects.filter(has_cities | has_contacts).distinct().order_by("pk")

    def location(self, item: Country) -> str:
        return reverse(
            "help_detail",
            args=[item.code.lower()],
        )


def sitemaps() -> "dict[str, Sitemap[Any]]":
    """Built per request: a query set made at import would keep its rows."""
    cities = City.objects.public().real()
    countries = Country.objects.filter(cities__in=cities).distinct()
    return {
        "pages": Pages(),
        "cities": Records(cities),
        "countries": Records(countries),
        "points": Records(Point.objects.public().filter(plan__in_force=True)),
        "meetings": Records(Meeting.objects.public().real()),
        "programmes": Records(Programme.objects.public().real()),
        "news": Records(News.objects.public().real()),
        "events": Records(Event.objects.public().real()),
        "organisations": Records(Organisation.objects.public().real()),
        "grounds": Records(Ground.objects.public()),
        "help": HelpPages(),
        "help_countries": CountryHelpPages(),
    }


# --- The answer -----------------------------------------------------------------------------------


def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """`section` and `p` name a part; Http404 for one that there is not."""
    sections = sitemaps()
    section = request.GET.get("section")
    if section:
        return sitemap(request, {**sections}, section=section, template_name=TEMPLATE)
    if all(part.paginator.num_pages == 1 for part in sections.values()):
        return sitemap(request, {**sections}, template_name=TEMPLATE)
    addresses = list(_addresses_of_parts(sections))
    context = {"addresses": addresses}
    return render(request, "portal/sitemap_index.xml", context, content_type="application/xml")


def _addresses_of_parts(sections: "Mapping[str, Sitemap[Any]]") -> Iterator[str]:
    address = f"{settings.SITE_URL}{reverse('sitemap')}"
    for name, section in sections.items():
        for number in section.paginator.page_range:
            query = urlencode({"section": name, "p": number})
            yield f"{address}?{query}"
