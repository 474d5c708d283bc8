"""Every address outside the staff areas stands here: a new public address is a decision."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

# `{lang}` is the language of the page; `accounts/` and `admin/` are the staff areas.
STAFF = ("admin/", "accounts/")
PUBLIC = [
    "documents/<int:pk>/",
    "pictures/<int:pk>/<int:width>.jpg",
    "healthz",
    "readyz",
    "robots.txt",
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
    "{lang}/join/interest/thanks/",
    "{lang}/join/interest/confirmed/",
    "{lang}/join/interest/<str:token>/",
    "{lang}/meetings/",
    "{lang}/meetings/<int:pk>/",
    "{lang}/programmes/",
    "{lang}/programmes/export.csv",
    "{lang}/programmes/export.json",
    "{lang}/programmes/<slug:slug>/",
    "{lang}/cities/<slug:slug>/",
    "{lang}/cities/<slug:slug>/changes/",
    "{lang}/cities/<slug:slug>/feed/",
    "{lang}/countries/<slug:code>/",
    "{lang}/plan/",
    "{lang}/plan/<int:number>/",
    "{lang}/organisations/<slug:slug>/",
    "{lang}/grounds/<slug:slug>/",
    "{lang}/help/",
    "{lang}/help/suggest/",
    "{lang}/help/wrong/<int:pk>/",
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
