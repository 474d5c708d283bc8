"""Places that we call no member although a source of our own tables may say otherwise.

A loader reads rows one by one; this looks at all of them afterwards.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from languages.folding import fold
from members.models import Citation, City, Membership, Milestone, Record, Source
from members.models.record import content_type_of

# Beginnings of words, folded, by which a source's title or address speaks of the network.
NETWORK = ("eccar", "antiracis", "antirazzis", "racis", "rasis", "rassis", "razzis", "irkc")
# Beginnings of words that say that somebody has become a member.
MEMBER = (
    *("member", "mitglied", "membre", "membro", "miembro", "medlem", "czlon"),
    *("admitted", "aufgenommen", "aufnahme", "ammess", "accept", "entra", "wordt"),
)
NO_LETTER = re.compile(r"\W+")


def unread_sources() -> list[str]:
    """One line for each source that names a place without a membership and may make it a member.

    Either no entry of the place cites it, so nobody has read it for this place; or it has a word
    of membership.
    """
    cited = _citations()
    sources = [(source, _words(f"{source.title} {source.url}")) for source in _sources()]
    lines = []
    for city in _places_without_membership():
        own = _own_sources(city, cited)
        for source, words in sources:
            if not _names(city, words) or not _has_word(words, NETWORK):
                continue
            if source.pk not in own:
                lines.append(f"{city.slug}: no entry of this place cites {source.url or source}")
            elif _has_word(words, MEMBER):
                lines.append(f"{city.slug}: {source.url or source} may call it a member")
    return lines


def _places_without_membership() -> Iterator[City]:
    members = Membership.objects.values("city")
    places = City.objects.real().exclude(pk__in=members)
    yield from places.prefetch_related("milestones").order_by("slug")


def _sources() -> list[Source]:
    return list(Source.objects.only("url", "title").order_by("pk"))


def _citations() -> dict[tuple[int, int], set[int]]:
    """The sources of each entry, by its content type and its key."""
    cited: dict[tuple[int, int], set[int]] = defaultdict(set)
    rows = Citation.objects.values_list("content_type", "object_id", "source")
    for content_type, key, source in rows:
        cited[content_type, key].add(source)
    return cited


def _own_sources(city: City, cited: dict[tuple[int, int], set[int]]) -> set[int]:
    """The sources that the place or one of its milestones cites."""
    own_records: list[Record] = [city]
    milestones: list[Milestone] = list(city.milestones.all())
    own_records += milestones
    sources: set[int] = set()
    for record in own_records:
        sources |= cited[content_type_of(record).pk, record.pk]
    return sources


def _words(text: str) -> str:
    """The folded words of a text, each between two spaces."""
    words = NO_LETTER.split(fold(text).replace("_", " "))
    return f" {' '.join(words)} "


def _names(city: City, words: str) -> bool:
    return any(_words(name) in words for name in city.own_names)


def _has_word(words: str, beginnings: tuple[str, ...]) -> bool:
    return any(f" {beginning}" in words for beginning in beginnings)
