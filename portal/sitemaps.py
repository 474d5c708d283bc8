"""The sitemap: every public page in every language, with its siblings; the invented cities are not
in it."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Q, QuerySet
from django.urls import reverse

from members.models import City, Country, Ground, Meeting, Organisation, Point, SupportContact
from portal.models import Event, News
from programs.models import Programme

if TYPE_CHECKING:
    SitemapBase = Sitemap[Any]
else:
    SitemapBase = Sitemap


class PublicSitemap(SitemapBase):
    """Addresses in all languages with their alternates."""

    i18n = True
    alternates = True
    x_default = True
    limit = 5000

    def get_protocol(self, protocol: str | None = None) -> str:
        url = str(settings.SITE_URL)
        protocol, _separator, _domain = url.partition("://")
        return protocol

    def get_domain(self, site: object = None) -> str:
        url = str(settings.SITE_URL)
        _protocol, _separator, domain = url.partition("://")
        return domain


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


def sitemaps() -> "dict[str, type[Sitemap[Any]] | Sitemap[Any]]":
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
