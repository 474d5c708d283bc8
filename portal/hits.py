"""How a hit is shown: in the reader's language if it has a text in it, with the passage."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.models import IndexRow
from languages.search.hits import Hit
from languages.search.passages import Fragment, find_passage, highlight
from languages.search.query import Query
from languages.text import current_language
from members.models import City
from members.standing import StandingLine, standings_of

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
    "act": (
        pgettext_lazy("kind of search result", "Legal act"),
        pgettext_lazy("kind of search results", "Legal acts"),
    ),
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
    # What one line says publicly of a city; only where it was asked for, and of cities alone.
    standing: StandingLine | None = None

    def among(self, hits: Iterable[Hit]) -> bool:
        """Whether its object is that of one of the hits."""
        return (self.row.content_type_id, self.row.object_id) in {hit.key for hit in hits}

    @property
    def is_city(self) -> bool:
        return self.row.kind == "city"

    @property
    def kind(self) -> StrPromise:
        return KINDS[self.row.kind][0]

    @property
    def title(self) -> list[Fragment]:
        title = self.row.title
        language = self.row.title_language
        return highlight(title, language, self.query)

    @property
    def name(self) -> Quote | None:
        """The name that matches, where it is not the title shown: "Krakau" for Kraków."""
        title_matches = has_match(self.title)
        if title_matches:
            return None
        for row in (self.row, self.match):
            names = row.own_names.split("\n")
            for name in names:
                parts = highlight(name, row.language, self.query)
                is_title = name == self.row.title
                if has_match(parts) and not is_title:
                    return Quote(parts, row.language)
        return None

    @property
    def quote(self) -> Quote | None:
        """The passage with the words: in the reader's language if they are there, else in
        another."""
        for row in (self.row, self.match):
            texts = row.own_text.split("\n")
            for text in texts:
                parts = find_passage(text, row.language, self.query)
                if parts:
                    return Quote(parts, row.language)
        return None

    @property
    def other_language(self) -> str:
        """The language in which the words stand, if it is not the reader's."""
        language = self.match.language
        if language == self.row.language:
            return ""
        return language


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
        candidate = hit.row
        content_type = candidate.content_type_id
        key = candidate.object_id
        match = rows.get((content_type, key, candidate.language))
        if match is None:
            continue
        row = rows.get((content_type, key, reader), match)
        answer.append(ShownHit(row, match, query))
    return answer


def with_standings(hits: Iterable[ShownHit]) -> list[ShownHit]:
    """The hits, each city with the line that says whether it is a member. At most four queries."""
    hits = list(hits)
    keys = [hit.row.object_id for hit in hits if hit.is_city]
    lines = standings_of(City(pk=key) for key in keys) if keys else {}
    return [
        replace(hit, standing=lines.get(hit.row.object_id)) if hit.is_city else hit for hit in hits
    ]


def _rows_of(hits: list[Hit], language: str) -> dict[tuple[int, int, str], IndexRow]:
    """The rows that match, and those of the same objects in `language`."""
    matches = [hit.row for hit in hits]
    keys = [match.pk for match in matches]
    condition = Q(pk__in=keys)
    for match in matches:
        condition |= Q(
            content_type=match.content_type_id,
            object_id=match.object_id,
            language=language,
        )
    rows = {}
    for row in IndexRow.objects.filter(condition):
        key = (row.content_type_id, row.object_id, row.language)
        rows[key] = row
    return rows
