"""How a hit is shown: in the reader's language if it has a text in it, with the passage."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.models import IndexRow
from languages.search.passages import Fragment, find_passage, highlight
from languages.search.query import Query
from languages.search.results import Hit
from languages.text import current_language

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise

# One and many of each kind, in the order in which those stand that are found equally well.
KINDS: dict[str, tuple[StrPromise, StrPromise]] = {
    "city": (pgettext_lazy("kind of search result", "City"), _("Cities")),
    "country": (pgettext_lazy("kind of search result", "Country"), _("Countries")),
    "point": (pgettext_lazy("kind of search result", "Point of the plan"), _("Points of the plan")),
    "ground": (
        pgettext_lazy("kind of search result", "Ground of discrimination"),
        _("Grounds of discrimination"),
    ),
    "programme": (pgettext_lazy("kind of search result", "Programme"), _("Programmes")),
    "organisation": (pgettext_lazy("kind of search result", "Organisation"), _("Organisations")),
    "contact": (pgettext_lazy("kind of search result", "Contact for help"), _("Contacts for help")),
    "commitment": (
        pgettext_lazy("kind of search result", "Promise of a city"),
        _("Promises of cities"),
    ),
    "action": (pgettext_lazy("kind of search result", "Action of a city"), _("Actions of cities")),
    "news": (
        pgettext_lazy("kind of search result", "News"),
        pgettext_lazy("kind of search results", "News"),
    ),
    "event": (pgettext_lazy("kind of search result", "Event"), _("Events")),
    "meeting": (pgettext_lazy("kind of search result", "Meeting"), _("Meetings")),
}


@dataclass(frozen=True)
class Quote:
    """A piece of a text in fragments, some of which match the query, and its language."""

    parts: list[Fragment]
    language: str


@dataclass(frozen=True)
class ShownHit:
    """A hit as a page shows it. `row` is in the reader's language; `match` is the row in which the
    words of the query stand."""

    row: IndexRow
    match: IndexRow
    query: Query

    @property
    def kind(self) -> StrPromise:
        return KINDS[self.row.kind][0]

    @property
    def title(self) -> list[Fragment]:
        return highlight(self.row.title, self.row.title_language, self.query)

    @property
    def name(self) -> Quote | None:
        """The name that matches, where it is not the title shown: "Krakau" for Kraków."""
        if has_match(self.title):
            return None
        for row in (self.row, self.match):
            for name in row.own_names.split("\n"):
                parts = highlight(name, row.language, self.query)
                if name != self.row.title and has_match(parts):
                    return Quote(parts, row.language)
        return None

    @property
    def quote(self) -> Quote | None:
        """The passage with the words: in the reader's language if they are there, else in
        another."""
        for row in (self.row, self.match):
            for text in row.own_text.split("\n"):
                if parts := find_passage(text, row.language, self.query):
                    return Quote(parts, row.language)
        return None

    @property
    def other_language(self) -> str:
        """The language in which the words stand, if it is not the reader's."""
        language = self.match.language
        return language if language != self.row.language else ""


def has_match(parts: list[Fragment]) -> bool:
    return any(part.is_match for part in parts)


def shown_hits(hits: Iterable[Hit], query: Query, language: str | None = None) -> list[ShownHit]:
    """The hits as a page shows them, in their order. One query of the database."""
    hits = list(hits)
    if not hits:
        return []
    reader = language or current_language()
    rows = _rows_of(hits, reader)
    answer = []
    for hit in hits:
        key = (hit.row.content_type_id, hit.row.object_id)
        match = rows.get((*key, hit.row.language))
        if match:
            row = rows.get((*key, reader), match)
            answer.append(ShownHit(row, match, query))
    return answer


def _rows_of(hits: list[Hit], language: str) -> dict[tuple[int, int, str], IndexRow]:
    """The rows that match, and those of the same objects in `language`."""
    keys = Q(pk__in=[hit.row.pk for hit in hits])
    for hit in hits:
        content_type, key = hit.row.content_type_id, hit.row.object_id
        keys |= Q(content_type=content_type, object_id=key, language=language)
    rows = IndexRow.objects.filter(keys)
    return {(row.content_type_id, row.object_id, row.language): row for row in rows}
