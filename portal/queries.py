"""What the pages of news and events ask, of public rows and of drafts that somebody looks at
before."""

from collections.abc import Iterable

from members.citations import citations_of
from members.models import Country, Decision, Unit
from portal.models import Event, News

LATEST = 3


def news_of_country(country: Country) -> Iterable[News]:
    """The newest news by the cities of a country."""
    news = News.objects.public().real()
    own_news = news.filter(city__country=country)
    return own_news.newest()[:LATEST]


def news_page(news: News) -> dict[str, object]:
    """What the page of one notice shows: of everything that it names, only what is public."""
    attachments = news.attachments.select_related("document")
    readable = attachments.exclude(document__public_since=None)
    documents = [attachment.document for attachment in readable]
    return {
        "news": news,
        "cities": news.cities.public().order_by("slug"),
        "points": news.points.public().order_by("number"),
        "programmes": news.programmes.public().order_by("slug"),
        "legal_acts": news.legal_acts.public().order_by("passed"),
        "decision": _decision_of(news),
        "contact": _contact_of(news),
        "documents": documents,
        "citations": citations_of([news]),
    }


def _decision_of(news: News) -> Decision | None:
    key = news.decision_id
    if key is None:
        return None
    public = Decision.objects.public()
    decisions = public.select_related("meeting__held_in", "membership__city")
    return decisions.filter(pk=key, annulled_at=None).first()


def _contact_of(news: News) -> Unit | None:
    key = news.contact_id
    if key is None:
        return None
    units = Unit.objects.public()
    return units.filter(pk=key).first()


def event_page(event: Event) -> dict[str, object]:
    """What the page of one event shows."""
    return {
        "event": event,
        "points": event.points.public().order_by("number"),
        "citations": citations_of([event]),
    }
