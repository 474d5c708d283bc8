"""Every address outside the staff areas stands here: a new public address is a decision."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

# `{lang}` is the language of the page; `accounts/` and `admin/` are the staff areas.
# Of the API: the list of each kind, and one row of it.
KINDS = [
    "cities",
    "memberships",
    "points",
    "promises",
    "undertakings",
    "actions",
    "programmes",
    "contacts",
    "organisations",
    "grounds",
    "acts",
    "meetings",
    "decisions",
    "news",
    "events",
    "sources",
]
STAFF = ("admin/", "accounts/")
PUBLIC = [
    "documents/<int:pk>/",
    "pictures/<int:pk>/<int:width>.jpg",
    "data/catalogue",
    "data/archive/<str:name>",
    "api/v1/",
    "api/v1/schema/",
    "api/v1/changes/",
    r"api/v1/^(?P<rest>[\s\S]+)$",
    *(f"api/v1/{kind}/" for kind in KINDS),
    *(f"api/v1/{kind}/<slug:key>/" for kind in KINDS),
    "healthz",
    "readyz",
    "metrics",
    "robots.txt",
    ".well-known/change-password",
    ".well-known/security.txt",
    "sitemap.xml",
    "favicon.ico",
    "{lang}/",
    "{lang}/card.png",
    "{lang}/cities/<slug:slug>/card.png",
    "{lang}/programmes/<slug:slug>/card.png",
    "{lang}/news/<slug:slug>/card.png",
    "{lang}/cities/",
    "{lang}/join/",
    "{lang}/join/interest/",
    "{lang}/join/resolution.txt",
    "{lang}/join/interest/thanks/",
    "{lang}/join/interest/confirmed/",
    "{lang}/join/interest/<str:token>/",
    "{lang}/meetings/",
    "{lang}/meetings/<int:pk>/",
    "{lang}/programmes/",
    "{lang}/programmes/export.<str:ending>",
    "{lang}/cities/export.<str:ending>",
    "{lang}/news/export.<str:ending>",
    "{lang}/events/export.<str:ending>",
    "{lang}/meetings/export.<str:ending>",
    "{lang}/data/grounds/export.<str:ending>",
    "{lang}/data/acts/export.<str:ending>",
    "{lang}/data/actions/export.<str:ending>",
    "{lang}/data/contacts/export.<str:ending>",
    "{lang}/data/decisions/export.<str:ending>",
    "{lang}/data/memberships/export.<str:ending>",
    "{lang}/data/organisations/export.<str:ending>",
    "{lang}/data/points/export.<str:ending>",
    "{lang}/data/promises/export.<str:ending>",
    "{lang}/data/sources/export.<str:ending>",
    "{lang}/data/undertakings/export.<str:ending>",
    "{lang}/programmes/<slug:slug>/",
    "{lang}/cities/<slug:slug>/",
    "{lang}/cities/<slug:slug>/changes/",
    "{lang}/cities/<slug:slug>/feed/",
    "{lang}/countries/<slug:code>/",
    "{lang}/compare/",
    "{lang}/compare/suggest/",
    "{lang}/compare/export.csv",
    "{lang}/cities/<slug:slug>/badge.svg",
    *(
        f"{{lang}}/{folder}/{page}/"
        for folder in (
            *("cities/<slug:slug>", "programmes/<slug:slug>", "news/<slug:slug>"),
            *("actions/<int:pk>", "undertakings/<int:pk>", "plan/<int:number>"),
            *("events/<slug:slug>", "meetings/<int:pk>", "organisations/<slug:slug>"),
        )
        for page in ("cite", "version")
    ),
    "{lang}/cite/<path:page>",
    "{lang}/feed/",
    "{lang}/countries/<slug:code>/feed/",
    "{lang}/plan/<int:number>/feed/",
    "{lang}/plan/",
    "{lang}/plan/<int:number>/",
    "{lang}/organisations/<slug:slug>/",
    "{lang}/grounds/<slug:slug>/",
    "{lang}/help/",
    "{lang}/help/suggest/",
    "{lang}/help/wrong/<int:pk>/",
    "{lang}/help/wrong/<int:pk>/back/",
    "{lang}/help/wrong/<int:pk>/thanks/",
    "{lang}/help/<slug:slug>/",
    "{lang}/news/",
    "{lang}/news/feed/",
    "{lang}/news/<slug:slug>/",
    "{lang}/events/",
    "{lang}/events/calendar.ics",
    "{lang}/events/<slug:slug>/",
    "{lang}/events/<slug:slug>/calendar.ics",
    "{lang}/search/",
    "{lang}/search/suggest/",
    "{lang}/data/",
    "{lang}/data/csv-metadata.json",
    "{lang}/data/<slug:name>/",
    "{lang}/data/api/",
    "{lang}/figures/",
    "{lang}/figures/<slug:name>.csv",
    "{lang}/about/",
    "{lang}/contact/",
    "{lang}/accessibility/",
    "{lang}/privacy/",
]


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        part = "{lang}/" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, before + part)
        else:
            yield before + part


def test_public_addresses_are_exactly_those_of_the_list():
    found = [address for address in addresses(get_resolver()) if not address.startswith(STAFF)]
    assert sorted(found) == sorted(PUBLIC)
