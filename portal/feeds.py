"""News as an Atom feed."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from languages.dates import parse
from languages.text import translated
from portal.models import News

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class MarkedFeed(Atom1Feed):
    """Each entry says which language it is in: it may be another than the feed's."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        attributes: dict[str, str] = super().item_attributes(item)
        return {**attributes, "xml:lang": item["language"]}


def atom(rows: Iterable[News], *, title: str, address: str, page: str, language: str) -> str:
    """The feed as text. `address` is its own, `page` that of the same list to read; both without
    the site."""
    site = settings.SITE_URL
    feed = MarkedFeed(
        title=for_xml(title),
        link=site + page,
        description=None,
        language=language,
        feed_url=site + address,
        feed_guid=site + address,
    )
    for news in rows:
        heading = translated(news, "title")
        lead = translated(news, "lead")
        author = str(news.city or "")
        feed.add_item(
            title=for_xml(heading.value),
            link=site + news.get_absolute_url(),
            description=for_xml(lead.value),
            # The same in every language: a reader of two feeds sees it once.
            unique_id=f"{site}/news/{news.slug}/",
            pubdate=_day(news.on),
            updateddate=news.published_at,
            author_name=for_xml(author),
            language=heading.language,
        )
    return feed.writeString("utf-8")


def for_xml(text: str) -> str:
    """Without the control characters that XML cannot hold: one of them in one title would stop the
    whole feed."""
    return CONTROL.sub("", text)


def _day(on: str) -> datetime.datetime | None:
    if not on:
        return None
    day = parse(on).first_day()
    midnight = datetime.time(tzinfo=datetime.UTC)
    return datetime.datetime.combine(day, midnight)
