"""Translation memory: how a sentence was translated earlier, in the portal's published entries.

It has no table of its own. `Freshness` keeps the source text of each translation, and the entry
keeps the translation. So the memory is up to date in the same transaction, and has nothing that is
withdrawn, outdated or a draft. It never proposes what a machine translated.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from rapidfuzz import fuzz

from languages.difference import Piece, difference
from languages.folding import words
from languages.models import Freshness, TranslatedModel, text_hash
from languages.sentences import sentences
from languages.text import own_text, source_text

# Below this likeness (per cent) it is faster to translate anew.
LEAST_LIKENESS = 70
# Sentences that share fewer of their words are not compared letter by letter.
_LEAST_SHARED_WORDS = 0.4
# So many sentences are compared, those with most words in common. Two sentences that are longer
# together than `_LETTER_BY_LETTER` characters are compared word by word.
_MOST_COMPARED = 50
_LETTER_BY_LETTER = 800
# The database searches for texts with one of the longest words of each sentence.
_WORDS_OF_SENTENCE = 4
_MOST_WORDS = 30
_MOST_ROWS = 1000
_LETTERS = re.compile(r"[^\W\d_]+")
MOST_PROPOSALS = 3
# The place of a text that is not split into sentences.
_WHOLE = -1

# A record and one of its fields.
RecordField = tuple[TranslatedModel, str]
# Published entries by content type and key.
Entries = dict[tuple[int, int], TranslatedModel]


@dataclass(frozen=True)
class Proposal:
    """Earlier wording: `text` is the translation of `source`, which is `likeness` per cent like the
    sentence."""

    text: str
    source: str
    likeness: int
    record: TranslatedModel
    how: str
    translated_at: datetime
    # From the earlier source text to the sentence that is translated now.
    difference: tuple[Piece, ...] = ()

    @property
    def is_exact(self) -> bool:
        return self.likeness == 100

    def get_how_display(self) -> str:
        how = Freshness.How(self.how)
        return str(how.label)

    @property
    def kind(self) -> str:
        """The kind of the entry that has this wording: "city", "support contact"."""
        return str(self.record._meta.verbose_name)


@dataclass(frozen=True)
class Segment:
    """A sentence of the source text, or all of it (`is_whole`), with proposals for it."""

    source: str
    proposals: tuple[Proposal, ...]
    is_whole: bool


class _Match(NamedTuple):
    """A translation that has earlier wording for a segment, at this place among its sentences."""

    row: Freshness
    place: int
    likeness: int

    @property
    def key(self) -> tuple[int, int]:
        return self.row.content_type_id, self.row.object_id

    @property
    def order(self) -> tuple[int, bool, float]:
        """The likest come first, then official translations, then the newest."""
        row = self.row
        is_official = row.how == Freshness.How.OFFICIAL
        seconds = row.translated_at.timestamp()
        return (
            -self.likeness,
            not is_official,
            -seconds,
        )


def find_proposals(
    text: str, source: str, target: str, *, translating: RecordField | None = None
) -> list[Segment]:
    """Earlier wording in the language `target` for each sentence of a text in `source`.

    If the whole text was translated before, only that. `translating` is the record and field whose
    text this is: its own translation is no proposal. Sentences without proposals are left out. The
    likest proposals come first.
    """
    text = text.strip()
    if not text or source == target:
        return []
    parts = sentences(text)
    segments = [text] if len(parts) < 2 else [text, *parts]
    rows = _rows(source, target, translating)
    likeliest = list(_likeliest(rows, text, parts))
    matches = {}
    for segment in segments:
        has_sentences = segment == text and len(parts) > 1
        places = _matches(segment, likeliest, whole=has_sentences)
        matches[segment] = list(places)
    all_matches = chain.from_iterable(matches.values())
    entries = _published(all_matches)
    answer = []
    for segment in segments:
        proposals = _proposals(segment, matches[segment], entries, target)
        is_whole = segment == text
        answer.append(Segment(segment, proposals, is_whole))
    first = answer[0]
    if first.proposals and first.proposals[0].is_exact:
        return [first]
    return [segment for segment in answer if segment.proposals]


# --- Which translations are looked at -------------------------------------------------------------


def _rows(source: str, target: str, translating: RecordField | None) -> models.QuerySet[Freshness]:
    rows = Freshness.objects.filter(source_language=source, language=target)
    rows = rows.exclude(source_text="")
    rows = rows.exclude(how=Freshness.How.MACHINE)
    if translating:
        record, field = translating
        content_type = ContentType.objects.get_for_model(type(record))
        rows = rows.exclude(content_type=content_type, object_id=record.pk, field=field)
    return rows.only(
        "content_type",
        "object_id",
        "field",
        "source_text",
        "source_hash",
        "how",
        "translated_at",
    )


def _likeliest(
    rows: models.QuerySet[Freshness], text: str, parts: Iterable[str]
) -> models.QuerySet[Freshness]:
    """Translations of the same text, and of texts with most of the long words of its sentences."""
    is_same_text = models.Q(source_hash=text_hash(text))
    score = _points(is_same_text, _MOST_WORDS)
    words = _longest_words(parts)
    for word in words[:_MOST_WORDS]:
        has_word = models.Q(source_text__contains=word)
        score += _points(has_word, 1)
    scored = rows.alias(score=score).filter(score__gt=0)
    return scored.order_by("-score", "-translated_at", "pk")[:_MOST_ROWS]


def _longest_words(parts: Iterable[str]) -> list[str]:
    """The longest words of each sentence without their first letter, which may be a capital in one
    text and small in the other."""
    longest: dict[str, None] = {}
    for part in parts:
        words = _LETTERS.findall(part)
        ordered = sorted(words, key=len)
        for word in ordered[-_WORDS_OF_SENTENCE:]:
            if len(word) > 2:
                longest[word[1:]] = None
    return list(longest)


def _points(condition: models.Q, points: int) -> Any:
    case = models.When(condition, then=points)
    return models.Case(case, default=0, output_field=models.IntegerField())


# --- How like they are ----------------------------------------------------------------------------


class _Place(NamedTuple):
    """A sentence of an earlier text, or all of it, and the share of words that it has in common
    with a segment."""

    shared: float
    row: Freshness
    place: int
    text: str


def _matches(segment: str, rows: Iterable[Freshness], *, whole: bool) -> Iterator[_Match]:
    """Where something like the segment was translated; `whole`: like a text of several
    sentences."""
    places = []
    for row in rows:
        for place, text in _places(row, whole):
            shared = _shared_words(segment, text)
            places.append(_Place(shared, row, place, text))
    nearest_places = heapq.nlargest(_MOST_COMPARED, places, key=_shared_of)
    for nearest in nearest_places:
        if nearest.shared < _LEAST_SHARED_WORDS:
            return
        likeness = likeness_of(segment, nearest.text)
        if likeness >= LEAST_LIKENESS:
            yield _Match(nearest.row, nearest.place, likeness)


def _shared_of(place: _Place) -> float:
    return place.shared


def _places(row: Freshness, whole: bool) -> list[tuple[int, str]]:
    """The sentences of the earlier text with their numbers, or the whole text."""
    text = row.source_text.strip()
    parts = sentences(text)
    has_sentences = len(parts) > 1
    if has_sentences and not whole:
        return list(enumerate(parts))
    if whole and not has_sentences:
        return []
    return [(_WHOLE, text)]


def _shared_words(one: str, other: str) -> float:
    """The share of their words that two sentences have in common."""
    if one == other:
        return 1
    words_of_one = _words_of(one)
    words_of_other = _words_of(other)
    total = len(words_of_one) + len(words_of_other)
    shared = len(words_of_one & words_of_other)
    return 2 * shared / (total or 1)


def likeness_of(one: str, other: str) -> int:
    """How like two sentences are, in per cent; 100 only if they are the same letter by letter.

    Counts what must be inserted and deleted: letters, in long texts words. Below LEAST_LIKENESS
    the answer is 0.
    """
    if one == other:
        return 100
    one = one.casefold()
    other = other.casefold()
    length = len(one) + len(other)
    if length > _LETTER_BY_LETTER:
        return _ratio(one.split(), other.split())
    return _ratio(one, other)


def _ratio(one: str | list[str], other: str | list[str]) -> int:
    ratio = fuzz.ratio(one, other, score_cutoff=LEAST_LIKENESS)
    return min(99, int(ratio))


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(words(text))


# --- What is proposed -----------------------------------------------------------------------------


def _published(matches: Iterable[_Match]) -> Entries:
    """The entries of these translations that everybody may read. One query for each kind."""
    keys: dict[int, set[int]] = defaultdict(set)
    for match in matches:
        content_type, key = match.key
        keys[content_type].add(key)
    entries: Entries = {}
    for content_type, wanted in keys.items():
        model = ContentType.objects.get_for_id(content_type).model_class()
        if model is None:
            continue
        records = _public(model).filter(pk__in=wanted)
        for record in records:
            entries[content_type, record.pk] = record
    return entries


def _public(model: type[models.Model]) -> models.QuerySet[Any]:
    manager: Any = model._default_manager
    try:
        return manager.public()
    except (AttributeError, NotImplementedError):
        # Kinds that the public never reads, such as the file of an accession.
        return manager.none()


def _proposals(
    segment: str, matches: list[_Match], entries: Entries, target: str
) -> tuple[Proposal, ...]:
    """The best proposals, each wording once."""
    best: dict[str, Proposal] = {}
    for match in sorted(matches, key=_order_of):
        record = entries.get(match.key)
        if record is None:
            continue
        proposal = _proposal(segment, match, record, target)
        if proposal:
            best.setdefault(proposal.text, proposal)
        if len(best) == MOST_PROPOSALS:
            break
    return tuple(best.values())


def _order_of(match: _Match) -> tuple[int, bool, float]:
    return match.order


def _proposal(segment: str, match: _Match, record: TranslatedModel, target: str) -> Proposal | None:
    """The proposal of a match; None if the translation is outdated or has other sentences."""
    row = match.row
    source = source_text(record, row.field)
    translation = own_text(record, row.field, target).strip()
    if not translation or text_hash(source) != row.source_hash:
        return None
    pair = _sentence_pair(source.strip(), translation, match.place)
    if pair is None:
        return None
    earlier, text = pair
    pieces: list[Piece] = []
    if match.likeness < 100:
        pieces = difference(earlier, segment)
    return Proposal(
        text=text,
        source=earlier,
        likeness=match.likeness,
        record=record,
        how=row.how,
        translated_at=row.translated_at,
        difference=tuple(pieces),
    )


def _sentence_pair(source: str, translation: str, place: int) -> tuple[str, str] | None:
    """The sentence at a place and its translation; None if the numbers of sentences differ."""
    if place == _WHOLE:
        return source, translation
    source_sentences = sentences(source)
    translated_sentences = sentences(translation)
    if len(source_sentences) != len(translated_sentences):
        return None
    earlier = source_sentences[place]
    text = translated_sentences[place]
    return earlier, text
