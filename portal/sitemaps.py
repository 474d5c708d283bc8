"""The sitemap: every public page in every language, with its siblings; the invented cities are not
in it."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from members.models import City, Country, Ground, Meeting, Organisation, Point, SupportContact
from portal.models import Event, News
from programs.models import Programme


class PublicSitemap(Sitemap):
    """Addresses in all languages with their alternates."""

    i18n = True
    alternates = True
    x_default = True
    limit = 5000

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site: object = None) -> str:
        return settings.SITE_URL.partition("://")[2]


class Pages(PublicSitemap):
    def items(self) -> list[str]:
        return [
            "home",
            "city_list",
            "plan_detail",
            "programme_list",
            "news_list",
            "event_list",
            "help_index",
            "join",
            "meeting_list",
            "about",
            "contact",
            "accessibility",
            "privacy",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Records(PublicSitemap):
    """Published rows of one model that have a page of their own."""

    def __init__(self, queryset: QuerySet) -> None:
        self.queryset = queryset

    def items(self) -> Iterable:
        return self.queryset.order_by("pk")


class HelpPages(PublicSitemap):
    def items(self) -> Iterable:
        contacts = SupportContact.objects.public()
        return (
            City.objects.public()
            .real()
            .filter(support_contacts__in=contacts)
            .distinct()
            .order_by("pk")
        )

    def location(self, item: City) -> str:
        return reverse("help_detail", args=[item.slug])


def sitemaps() -> dict[str, Sitemap]:
    """Built per request: a query set made at import would keep what it found."""
    return {
        "pages": Pages(),
        "cities": Records(City.objects.public().real()),
        "countries": Records(
            Country.objects.filter(cities__in=City.objects.public().real()).distinct()
        ),
        "points": Records(Point.objects.public().filter(plan__in_force=True)),
        "meetings": Records(Meeting.objects.public().real()),
        "programmes": Records(Programme.objects.public().real()),
        "news": Records(News.objects.public().real()),
        "events": Records(Event.objects.public().real()),
        "organisations": Records(Organisation.objects.public().real()),
        "grounds": Records(Ground.objects.public()),
        "help": HelpPages(),
    }
