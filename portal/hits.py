"""How what was found is shown: in the reader's language where there is a text, with the passage
that has the words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.models import IndexRow
from languages.search.passages import Fragment, find_passage, highlight
from languages.search.query import Query
from languages.search.results import Hit
from languages.text import current_language

# One and many of each kind, in the order in which those stand that are found equally well.
KINDS: dict[str, tuple[Promise, Promise]] = {
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
    """A piece of a text with the words that were found in it, and its language."""

    parts: list[Fragment]
    language: str


@dataclass(frozen=True)
class Shown:
    """One object that was found: `row` is in the reader's language, `found` the row in which the
    words stand."""

    row: IndexRow
    found: IndexRow
    asked: Query

    @property
    def kind(self) -> Promise:
        return KINDS[self.row.kind][0]

    @property
    def title(self) -> list[Fragment]:
        return highlight(self.row.title, self.row.title_language, self.asked)

    @property
    def name(self) -> Quote | None:
        """The name under which it was found, where the title shown is not it: "Krakau" for
        Kraków."""
        if any(part.is_match for part in self.title):
            return None
        for row in (self.row, self.found):
            for name in row.own_names.split("\n"):
                parts = highlight(name, row.language, self.asked)
                if name != self.row.title and any(part.is_match for part in parts):
                    return Quote(parts, row.language)
        return None

    @property
    def quote(self) -> Quote | None:
        """The passage with the words: in the reader's language if they are there, else in
        another."""
        for row in (self.row, self.found):
            for text in row.own_text.split("\n"):
                if parts := find_passage(text, row.language, self.asked):
                    return Quote(parts, row.language)
        return None

    @property
    def found_in(self) -> str:
        """The language in which the words stand, if it is not the reader's."""
        return self.found.language if self.found.language != self.row.language else ""


def shown(hits: Iterable[Hit], asked: Query, language: str | None = None) -> list[Shown]:
    """The hits as they are shown, in their order. One query."""
    hits = list(hits)
    if not hits:
        return []
    keys = Q(pk__in=[hit.row.pk for hit in hits])
    for hit in hits:
        keys |= Q(
            content_type=hit.row.content_type_id,
            object_id=hit.row.object_id,
            language=language or current_language(),
        )
    rows = {
        (row.content_type_id, row.object_id, row.language): row
        for row in IndexRow.objects.filter(keys)
    }
    answer = []
    for hit in hits:
        key = (hit.row.content_type_id, hit.row.object_id)
        there = rows.get((*key, hit.row.language))
        if there:
            answer.append(
                Shown(rows.get((*key, language or current_language()), there), there, asked)
            )
    return answer
