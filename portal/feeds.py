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
        return {**super().item_attributes(item), "xml:lang": item["language"]}


def atom(rows: Iterable[News], *, title: str, address: str, page: str, language: str) -> str:
    """The feed as text. `address` is its own, `page` that of the same list to read; both without
    the site."""
    feed = MarkedFeed(
        title=for_xml(title), link=settings.SITE_URL + page, description=None, language=language,
        feed_url=settings.SITE_URL + address, feed_guid=settings.SITE_URL + address,
    )  # fmt: skip
    for news in rows:
        heading, lead = translated(news, "title"), translated(news, "lead")
        feed.add_item(
            title=for_xml(heading.value),
            link=settings.SITE_URL + news.get_absolute_url(),
            description=for_xml(lead.value),
            # The same in every language: a reader of two feeds sees it once.
            unique_id=f"{settings.SITE_URL}/news/{news.slug}/",
            pubdate=_day(news.on),
            updateddate=news.published_at,
            author_name=for_xml(str(news.city or "")),
            language=heading.language,
        )
    return feed.writeString("utf-8")


def for_xml(text: str) -> str:
    """Without the control characters that XML cannot hold: one of them in one title would stop the
    whole feed."""
    return CONTROL.sub("", text)


def _day(on: str) -> datetime.datetime:
    midnight = datetime.time(tzinfo=datetime.UTC)
    return datetime.datetime.combine(parse(on).first_day(), midnight)
