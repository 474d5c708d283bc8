"""The words that stand in the index: nearest spellings for typing errors, and compounds with a word
in them.

Both are found by looking up parts of words for equality, which every database does alike. A word
that was withdrawn with the last row it stood in stays until the index is rebuilt: nothing from here
is shown before it found something.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from languages.folding import fold, spelled_words
from languages.models import IndexRow, IndexWord, WordPart
from languages.search.analysis import stems_of
from languages.search.stop_words import STOP_WORDS_OF

SHORTEST_WORD, LONGEST_WORD = 3, 40
# Shorter words are near to too many others.
SHORTEST_CORRECTED = 4
WHOLE_WORD = 7
END = 5
TWO_ERRORS_FROM = 8
MOST_PARTS = 3000
BATCH = 500

# Languages that write compounds as one word, with the letters that may stand between the parts.
LINKS = {"de": ("", "s", "es", "n", "en", "er", "e"), "sv": ("", "s", "e", "o", "u", "a")}
# With one of these after it a part is another word, not the same in a compound.
DERIVED = {"de": ("ung", "heit", "keit", "lich", "isch", "ig"), "sv": ("ning", "het", "lig", "isk")}
SHORTEST_PART, INNER = 4, 5
MOST_SPLITS = 400
# Beginnings that are no words of their own.
BEGINNINGS = ("anti", "inter", "multi", "nicht", "icke", "gegen")
MOST_COMPOUNDS = 40
# A shorter beginning would meet words that have nothing to do with it.
SHORTEST_BEGINNING = 5


@dataclass
class _Learned:
    spelled: str
    languages: set[str] = field(default_factory=set)
    in_title: bool = False


# --- Keeping the words ----------------------------------------------------------------------------


def learn(rows: Iterable[IndexRow]) -> None:
    """Take the words of rows into the vocabulary; two queries where they are all known."""
    words = _words_of(rows)
    for batch in _batches(sorted(words)):
        known = {word.word: word for word in IndexWord.objects.filter(word__in=batch)}
        fresh = [_merged(word, words[word], known.get(word)) for word in batch]
        fresh = [word for word in fresh if word is not None]
        if fresh:
            _store(fresh)


def forget() -> None:
    """Empty the vocabulary, before everything is learned again."""
    WordPart.objects.all().delete()
    IndexWord.objects.all().delete()


def _words_of(rows: Iterable[IndexRow]) -> dict[str, _Learned]:
    learned: dict[str, _Learned] = {}
    for row in rows:
        for text, in_title in [(row.own_names, True), (row.own_text, False)]:
            for spelled in spelled_words(text):
                word = fold(spelled)
                if SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha():
                    entry = learned.setdefault(word, _Learned(spelled))
                    entry.languages.add(row.language)
                    entry.in_title |= in_title
    return learned


def _merged(word: str, learned: _Learned, known: IndexWord | None) -> IndexWord | None:
    """The word as it should be stored; None where it is stored so already."""
    languages = learned.languages | set(known.languages.split() if known else ())
    in_title = learned.in_title or bool(known and known.in_title)
    if known and known.in_title == in_title and set(known.languages.split()) == languages:
        return None
    return IndexWord(
        word=word, spelled=learned.spelled, languages=" ".join(sorted(languages)), in_title=in_title
    )


def _store(words: list[IndexWord]) -> None:
    stored = IndexWord.objects.bulk_create(
        words,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["languages", "in_title"],
    )
    parts = [WordPart(word=word, part=part) for word in stored for part in sorted(_parts(word))]
    WordPart.objects.bulk_create(parts, batch_size=BATCH, ignore_conflicts=True)


def _batches(words: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(words), BATCH):
        yield words[start : start + BATCH]


def _parts(word: IndexWord) -> set[str]:
    compounding = [code for code in word.languages.split() if code in LINKS]
    return {*error_parts(word.word), *_compound_parts(word, compounding)}


# --- Typing errors --------------------------------------------------------------------------------


def error_parts(word: str) -> set[str]:
    """What two words have in common if one is the other with an error in it.

    Short words: each with one letter left out. Longer ones may have two errors, of which one half
    has at most one: the same of their first and of their last letters.
    """
    if len(word) <= WHOLE_WORD:
        return {f"-{part}" for part in _without_one(word)}
    ends = {"^": word[:END], "$": word[-END:]}
    return {sign + part for sign, end in ends.items() for part in _without_one(end)}


def _without_one(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def nearest(word: str, language: str, further: int = 0) -> list[IndexWord]:
    """Words of the index that a folded word may have been meant for, the nearest first; those of
    the reader's language and those of titles before others. `further` allows for so many more
    errors."""
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return []
    # At the border a word with an error may be on the other side of it.
    parts = {f"-{part}" for part in _without_one(word)} | error_parts(word)
    if len(word) == WHOLE_WORD:
        parts |= error_parts(word + word[-1]) | {f"^{part}" for part in _without_one(word[:END])}
    most = (2 if len(word) >= TWO_ERRORS_FROM else 1) + further
    met = WordPart.objects.filter(part__in=parts).values("word_id")[:MOST_PARTS]
    near = []
    for candidate in IndexWord.objects.filter(pk__in=[row["word_id"] for row in met]):
        errors = distance(word, candidate.word, most)
        if 0 < errors <= most:
            foreign = language not in candidate.languages.split()
            strange = candidate.word[0] != word[0]
            near.append(
                ((errors, strange, foreign, not candidate.in_title, candidate.word), candidate)
            )
    return [candidate for _place, candidate in sorted(near, key=lambda item: item[0])]


def distance(one: str, other: str, most: int) -> int:
    """Errors between two words: a letter too many, missing, wrong, or two neighbours swapped;
    `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


# --- Compounds ------------------------------------------------------------------------------------


@dataclass
class Compounds:
    """In which compounds a word stands: those that go on before it, as tokens, and how others begin
    with it."""

    tokens: dict[str, None] = field(default_factory=dict)
    beginnings: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Split:
    """A word of the index with a typed word in it, and the forms of what stands before and after
    it."""

    typed: str
    compound: str
    before: frozenset[str]
    # Empty where the compound ends with the word.
    after: frozenset[str]

    def is_compound(self, real: set[str]) -> bool:
        return not real.isdisjoint(self.before) and (
            not self.after or not real.isdisjoint(self.after)
        )


def compounds(words: Iterable[str], language: str) -> dict[str, Compounds]:
    """For each folded word the compounds in the index that it is a part of, in any form: "märkte"
    is the last part of "wohnungsmarkt", "wohnungen" the first, "diskriminierung" the middle of
    "antidiskriminierungsstelle". Two queries at most.

    A word is taken for one of a language that writes compounds if the index has it in that language
    or the reader reads it. What else is in the compound must be words of the index too: "stadt" is
    not in "darmstadt".
    """
    forms = {word: _forms(word) for word in words if len(word) >= SHORTEST_PART and word.isalpha()}
    if not forms:
        return {}
    keys = {
        _inner(form)
        for by_language in forms.values()
        for those in by_language.values()
        for form in those
    }
    keys |= {f"={word}" for word in forms}
    met: dict[str, list[IndexWord]] = defaultdict(list)
    for part in WordPart.objects.filter(part__in=keys).select_related("word")[:MOST_PARTS]:
        met[part.part].append(part.word)
    answer = {}
    for word, by_language in forms.items():
        spoken = {
            language,
            *(code for known in met[f"={word}"] for code in known.languages.split()),
        }
        forms[word] = {code: those for code, those in by_language.items() if code in spoken}
        starts = {
            form
            for those in forms[word].values()
            for form in those
            if len(form) >= SHORTEST_BEGINNING
        }
        answer[word] = Compounds(beginnings=starts)
    _with_tokens(answer, forms, met)
    return answer


def _with_tokens(
    answer: dict[str, Compounds], forms: dict[str, dict[str, set[str]]], met: dict
) -> None:
    splits = sorted(set(_splits(forms, met)), key=lambda split: (split.typed, split.compound))[
        :MOST_SPLITS
    ]
    choices = {f"={rest}" for split in splits for rest in split.before | split.after}
    known = (
        set(WordPart.objects.filter(part__in=choices).values_list("part", flat=True))
        if choices
        else set()
    )
    real = {part[1:] for part in known} | set(BEGINNINGS)
    for split in splits:
        tokens = answer[split.typed].tokens
        if len(tokens) < MOST_COMPOUNDS and split.is_compound(real):
            tokens[split.compound] = None


def _forms(word: str) -> dict[str, set[str]]:
    """The forms in which a word may stand in a compound, by language."""
    return {
        code: {form for form in (word, *stems_of(word, code)) if len(form) >= SHORTEST_PART}
        for code in LINKS
    }


def _inner(form: str) -> str:
    """What a form is looked up by inside other words; the shortest only where they end with it."""
    return f"~{form[:INNER]}"


def _splits(
    forms: dict[str, dict[str, set[str]]], met: dict[str, list[IndexWord]]
) -> Iterator[_Split]:
    for word, by_language in forms.items():
        for code, those in by_language.items():
            for form in those:
                for compound in met[_inner(form)]:
                    if code in compound.languages.split():
                        for before, after in _rests(compound, form, those, code):
                            yield _Split(word, compound.word, before, after)


def _rests(
    compound: IndexWord, form: str, forms: set[str], language: str
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What stands before and after a form, wherever it is in the compound: "wohnungsmarkt" is
    "wohnungs" and "markt".

    `forms`: those of the same word, one of which must be left where a compound ends:
    "Gleichstellung" has no "Stelle".
    """
    for whole in (compound.word, *stems_of(compound.spelled, language)):
        place = whole.find(form, SHORTEST_PART - 1)
        while place > 0:
            before, after, last = whole[:place], whole[place + len(form) :], compound.word[place:]
            if not after and not forms.isdisjoint((last, *stems_of(last, language))):
                yield _unlinked(before, language), frozenset()
            elif after and len(form) >= INNER and not after.startswith(DERIVED[language]):
                # Either what follows is a word, or what came so far is: "gleichbehandlung" of
                # "…sanwaltschaft".
                yield (
                    _unlinked(before, language),
                    _unlinked_after(after, language) | {before + form},
                )
            place = whole.find(form, place + 1)


def _unlinked(rest: str, language: str) -> frozenset[str]:
    """What stands before a part, without the letters that link: "wohnungs" → {"wohnungs",
    "wohnung"}."""
    forms = {rest.removesuffix(link) for link in LINKS[language] if rest.endswith(link)}
    forms |= {
        form.removeprefix(start) for form in forms for start in BEGINNINGS if form.startswith(start)
    }
    return _long_enough(forms, language)


def _unlinked_after(rest: str, language: str) -> frozenset[str]:
    """What stands after a part, likewise: "sstelle" → {"sstelle", "stelle"}."""
    return _long_enough(
        {rest.removeprefix(link) for link in LINKS[language] if rest.startswith(link)}, language
    )


def _long_enough(forms: set[str], language: str) -> frozenset[str]:
    forms |= {stem for form in forms for stem in stems_of(form, language)}
    # With a preposition before it a word is another one: "Länder" is not in "Ausländer".
    return frozenset(
        form for form in forms - STOP_WORDS_OF[language] if len(form) >= SHORTEST_PART - 1
    )


def _compound_parts(word: IndexWord, languages: list[str]) -> set[str]:
    """The word and its stems, each as a whole and by how every end of it begins that may hold words
    of their own."""
    forms = {form for code in languages for form in (word.word, *stems_of(word.spelled, code))}
    ends = {
        f"~{form[place : place + INNER]}"
        for form in forms
        for place in range(SHORTEST_PART - 1, len(form) - SHORTEST_PART + 1)
    }
    return ends | {f"={form}" for form in forms}
