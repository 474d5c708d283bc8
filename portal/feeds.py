"""Atom feeds (RFC 4287): what a feed and its entries are, and the answer that a reader asks for
again and again.

A feed and each entry keep their id for ever, and `updated` moves only when they change: a feed
without entries has the moment since which there is something to tell of.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.http import http_date, quote_etag

from portal.kept_pages.answers import ASK_EACH_TIME
from portal.open_data.formats.table import LICENCE

ATOM = "application/atom+xml; charset=utf-8"
MOST_ENTRIES = 30
# Of a feed with nothing that has a date.
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class FeedEntry:
    """One entry. `key`: its address without the site, the same in every language, which never
    changes; `link`: where it is read. `language` is that of the title."""

    key: str
    title: str
    link: str
    text: str
    updated: datetime
    language: str
    author: str = ""
    published: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """A feed in one language. `address` is its own, `page` that of the same to read; both without
    the site. `since`: `updated` while there is no entry."""

    title: str
    address: str
    page: str
    language: str
    entries: Sequence[FeedEntry]
    subtitle: str = ""
    since: datetime | None = None

    @property
    def updated(self) -> datetime:
        moments = [entry.updated for entry in self.entries]
        return max(moments, default=self.since or BEGINNING)


class MarkedFeed(Atom1Feed):
    """Each entry says which language it is in: it may be another than the feed's."""

    def latest_post_date(self) -> datetime:
        """Django gives the present moment to a feed without entries."""
        updated: datetime = self.feed["updated"]
        return updated

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        attributes: dict[str, str] = super().item_attributes(item)
        return {**attributes, "xml:lang": item["language"]}


def newest(entries: Sequence[FeedEntry]) -> list[FeedEntry]:
    """As many as a feed holds, the latest first."""
    in_order = sorted(entries, key=lambda entry: (entry.updated, entry.key), reverse=True)
    return in_order[:MOST_ENTRIES]


def atom(feed: Feed) -> str:
    """The feed as text."""
    site = settings.SITE_URL
    writer = MarkedFeed(
        title=for_xml(feed.title),
        link=site + feed.page,
        description=None,
        subtitle=for_xml(feed.subtitle) or None,
        language=feed.language,
        feed_url=site + feed.address,
        feed_guid=site + feed.address,
        # Every entry and every feed has an author (RFC 4287, 4.1.1): here where an entry has none.
        author_name=settings.PORTAL_NAME,
        updated=feed.updated,
        feed_copyright=f"CC BY 4.0, {LICENCE}",
    )
    for entry in feed.entries:
        # Django marks it as HTML: the words must be text there, and keep their paragraphs.
        # An entry without words has no summary; the stubs know of texts only.
        words: Any = linebreaks(for_xml(entry.text), autoescape=True) if entry.text else None
        writer.add_item(
            title=for_xml(entry.title),
            link=site + entry.link,
            description=words,
            unique_id=site + entry.key,
            pubdate=entry.published,
            updateddate=entry.updated,
            author_name=for_xml(entry.author) or None,
            language=entry.language,
        )
    return writer.writeString("utf-8")


def answer(request: HttpRequest, feed: Feed) -> HttpResponse:
    """The feed; 304 where the reader has it already (RFC 9110, 13)."""
    text = atom(feed)
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    # HTTP knows no fractions of a second: a change within the second must not look older.
    moment = int(feed.updated.timestamp())
    headers = {
        "Cache-Control": ASK_EACH_TIME,
        "ETag": etag,
        "Last-Modified": http_date(moment),
    }
    response = HttpResponse(
        text,
        content_type=ATOM,
        headers=headers,
    )
    answered = get_conditional_response(request, etag, moment, response)
    # Always one: the response was given.
    return answered or response


def for_xml(text: str) -> str:
    """Without the control characters that XML cannot hold: one of them in one title would stop the
    whole feed."""
    return CONTROL.sub("", text)
