"""Earlier wording for a sentence: a translation memory of the portal's own published translations.

It has no table: `Freshness` keeps the text that was translated, the entry what became of it. So it
is right in the same transaction, and what is withdrawn, outdated or a draft is not in it.
Translations by machine never are.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.contrib.contenttypes.models import ContentType
from django.db import models
from rapidfuzz import fuzz

from languages.difference import Piece, difference
from languages.folding import words
from languages.models import Freshness, text_hash
from languages.sentences import sentences
from languages.text import own_text

# Under this likeness (of 100) it is quicker to write anew.
LEAST_LIKENESS = 70
# Sentences that have less than this share of their words in common are not compared letter by
# letter.
_LEAST_SHARED_WORDS = 0.4
# Of those that have most words in common so many are compared; longer ones than this together word
# by word.
_MOST_COMPARED = 50
_LETTER_BY_LETTER = 800
# The database looks for texts with one of the longest words of each sentence.
_WORDS_ASKED_FOR = 4
_MOST_WORDS_ASKED_FOR = 30
_MOST_READ = 1000
_LETTERS = re.compile(r"[^\W\d_]+")
MOST_PROPOSALS = 3


@dataclass(frozen=True)
class Proposal:
    """Earlier wording: `text` is how `source` was translated. `likeness`: of 100, how like the
    sentence it is."""

    text: str
    source: str
    likeness: int
    record: models.Model
    how: str
    translated_at: datetime
    # From the earlier source to the sentence that is translated now.
    difference: tuple[Piece, ...] = ()

    @property
    def is_exact(self) -> bool:
        return self.likeness == 100

    def get_how_display(self) -> str:
        return str(Freshness.How(self.how).label)

    @property
    def kind(self) -> str:
        """What it was said about: "city", "support contact"."""
        return str(self.record._meta.verbose_name)


@dataclass(frozen=True)
class Passage:
    """A sentence of the source text, or the whole of it, and what it was called before."""

    source: str
    proposals: tuple[Proposal, ...]
    is_whole: bool


@dataclass(frozen=True)
class _Found:
    """A translation that may hold earlier wording for a sentence; -1: for the whole text."""

    row: Freshness
    place: int
    likeness: int


def proposals(
    text: str, source: str, target: str, *, beside: tuple[models.Model, str] | None = None
) -> list[Passage]:
    """For each sentence of a text in the language `source` earlier wording in `target`, the likest
    first.

    Where the whole text was translated before, that is all. `beside` names the entry and field that
    is being translated: its own translation is no proposal. Sentences without proposals are left
    out.
    """
    text = text.strip()
    if not text or source == target:
        return []
    parts = sentences(text)
    wanted = [text] if len(parts) < 2 else [text, *parts]
    rows = list(_likeliest(_rows(source, target, beside), text, parts))
    found = {
        sentence: list(_like(sentence, rows, whole=sentence == text and len(parts) > 1))
        for sentence in wanted
    }
    records = _public(one.row for several in found.values() for one in several)
    passages = [
        Passage(
            sentence,
            _proposed(sentence, found[sentence], records, target),
            is_whole=sentence == text,
        )
        for sentence in wanted
    ]
    if passages[0].proposals and passages[0].proposals[0].is_exact:
        return passages[:1]
    return [passage for passage in passages if passage.proposals]


def _rows(
    source: str, target: str, beside: tuple[models.Model, str] | None
) -> models.QuerySet[Freshness]:
    rows = Freshness.objects.filter(source_language=source, language=target).exclude(source_text="")
    rows = rows.exclude(how=Freshness.How.MACHINE)
    if beside:
        record, field = beside
        own = ContentType.objects.get_for_model(type(record))
        rows = rows.exclude(content_type=own, object_id=record.pk, field=field)
    return rows.only(
        "content_type", "object_id", "field", "source_text", "source_hash", "how", "translated_at"
    )


def _likeliest(
    rows: models.QuerySet[Freshness], text: str, parts: Iterable[str]
) -> models.QuerySet[Freshness]:
    """The same text, and those with most of the long words of its sentences. The first letter of a
    word may be a capital in one text and small in the other."""
    telling = [sorted(_LETTERS.findall(part), key=len)[-_WORDS_ASKED_FOR:] for part in parts]
    known = list(
        dict.fromkeys(
            word[1:] for words_of_one in telling for word in words_of_one if len(word) > 2
        )
    )
    asked = [models.Q(source_text__contains=word) for word in known[:_MOST_WORDS_ASKED_FOR]]
    same = models.Q(source_hash=text_hash(text))
    score = sum((_points(has, 1) for has in asked), _points(same, _MOST_WORDS_ASKED_FOR))
    return (
        rows.alias(score=score)
        .filter(score__gt=0)
        .order_by("-score", "-translated_at", "pk")[:_MOST_READ]
    )


def _points(condition: models.Q, points: int) -> models.Case:
    return models.Case(
        models.When(condition, then=points), default=0, output_field=models.IntegerField()
    )


def _like(sentence: str, rows: Iterable[Freshness], *, whole: bool) -> Iterator[_Found]:
    """Where something like the sentence was translated; `whole`: like a text of several
    sentences."""
    places = [
        (_shared(sentence, said), row, place, said)
        for row in rows
        for place, said in _places(row, whole)
    ]
    nearest = heapq.nlargest(_MOST_COMPARED, places, key=lambda one: one[0])
    for shared, row, place, said in nearest:
        if (
            shared >= _LEAST_SHARED_WORDS
            and (likeness := likeness_of(sentence, said)) >= LEAST_LIKENESS
        ):
            yield _Found(row, place, likeness)


def _places(row: Freshness, whole: bool) -> list[tuple[int, str]]:
    earlier = row.source_text.strip()
    parts = sentences(earlier)
    if len(parts) < 2:
        return [] if whole else [(-1, earlier)]
    return [(-1, earlier)] if whole else list(enumerate(parts))


def _shared(sentence: str, other: str) -> float:
    """The share of their words that two sentences have in common."""
    if sentence == other:
        return 1
    one, two = _words_of(sentence), _words_of(other)
    return 2 * len(one & two) / ((len(one) + len(two)) or 1)


def likeness_of(sentence: str, other: str) -> int:
    """How like one sentence is to another, of 100; 100 only for the same letter by letter.

    What has to be inserted and deleted is counted: in letters, in long texts in words.
    Under LEAST_LIKENESS the answer is 0.
    """
    if sentence == other:
        return 100
    one, two = sentence.casefold(), other.casefold()
    if len(one) + len(two) > _LETTER_BY_LETTER:
        return _likeness(one.split(), two.split())
    return _likeness(one, two)


def _likeness(one: str | list[str], two: str | list[str]) -> int:
    return min(99, int(fuzz.ratio(one, two, score_cutoff=LEAST_LIKENESS)))


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _public(rows: Iterable[Freshness]) -> dict[tuple[int, int], models.Model]:
    """The entries that everybody may read, by kind and key: one query per kind."""
    keys: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        keys[row.content_type_id].add(row.object_id)
    known = {}
    for kind, wanted in keys.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        for record in _published(model).filter(pk__in=wanted) if model else ():
            known[kind, record.pk] = record
    return known


def _published(model: type[models.Model]) -> models.QuerySet:
    try:
        return model._default_manager.public()
    except (AttributeError, NotImplementedError):
        # Kinds that the public never reads, such as the file of an accession.
        return model._default_manager.none()


def _proposed(
    sentence: str, found: list[_Found], records: dict[tuple[int, int], models.Model], target: str
) -> tuple[Proposal, ...]:
    best: dict[str, Proposal] = {}
    official = Freshness.How.OFFICIAL
    order = sorted(
        found,
        key=lambda one: (
            -one.likeness,
            one.row.how != official,
            -one.row.translated_at.timestamp(),
        ),
    )
    for one in order:
        record = records.get((one.row.content_type_id, one.row.object_id))
        pair = _pair(one, record, target) if record else None
        if pair and pair[1] not in best:
            earlier, said = pair
            pieces = () if one.likeness == 100 else tuple(difference(earlier, sentence))
            best[said] = Proposal(
                said, earlier, one.likeness, record, one.row.how, one.row.translated_at, pieces
            )
            if len(best) == MOST_PROPOSALS:
                break
    return tuple(best.values())


def _pair(one: _Found, record: models.Model, target: str) -> tuple[str, str] | None:
    """The earlier sentence and its translation; None where the translation is outdated or
    differently parted."""
    row = one.row
    earlier = own_text(record, row.field, record.source_language)
    said = own_text(record, row.field, target).strip()
    if not said or text_hash(earlier) != row.source_hash:
        return None
    if one.place < 0:
        return earlier.strip(), said
    parts, translated = sentences(earlier.strip()), sentences(said)
    return (parts[one.place], translated[one.place]) if len(parts) == len(translated) else None
