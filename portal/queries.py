"""What the pages of news and events ask, of public rows and of drafts that somebody looks at
before."""

from collections.abc import Iterable

from members.citations import citations_of
from members.models import City, Country, Decision, Unit
from portal.models import Event, News

LATEST = 3


def latest_news(limit: int = LATEST) -> Iterable[News]:
    """The newest news of real cities and of the network."""
    return News.objects.public().real().newest()[:limit]


def news_of_city(city: City) -> list[News]:
    """All news by a city or about it, the newest first."""
    return list(News.objects.public().about(city).newest())


def news_of_country(country: Country) -> Iterable[News]:
    """The newest news by the cities of a country."""
    return News.objects.public().real().filter(city__country=country).newest()[:LATEST]


def news_page(news: News) -> dict[str, object]:
    """What the page of one notice shows: of everything that it names, only what is public."""
    decisions = Decision.objects.public().filter(pk=news.decision_id, annulled_at=None)
    contacts = Unit.objects.public().filter(pk=news.contact_id)
    attachments = news.attachments.select_related("document").exclude(document__public_since=None)
    return {
        "news": news,
        "cities": news.cities.public().order_by("slug"),
        "points": news.points.public().order_by("number"),
        "programmes": news.programmes.public().order_by("slug"),
        "legal_acts": news.legal_acts.public().order_by("passed"),
        "decision": decisions.select_related("meeting", "membership__city").first()
        if news.decision_id
        else None,
        "contact": contacts.first() if news.contact_id else None,
        "documents": [attachment.document for attachment in attachments],
        "citations": citations_of([news]),
    }


def event_page(event: Event) -> dict[str, object]:
    """What the page of one event shows."""
    return {
        "event": event,
        "points": event.points.public().order_by("number"),
        "citations": citations_of([event]),
    }
