"""The words that stand in the index: nearest spellings for typing errors, and compounds with a word in them.

Both are found by looking up parts of words for equality, which every database does alike. A word that was withdrawn
with the last row it stood in stays until the index is rebuilt: nothing from here is shown before it found something.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from languages.analysis import stems_of
from languages.folding import fold, spelled_words
from languages.models import IndexRow, IndexWord, WordPart

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
SHORTEST_PART, LONGEST_HEAD = 4, 24
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


# --- Keeping the words -------------------------------------------------------------------------------------------


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
    return IndexWord(word=word, spelled=learned.spelled, languages=" ".join(sorted(languages)), in_title=in_title)


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


# --- Typing errors -----------------------------------------------------------------------------------------------


def error_parts(word: str) -> set[str]:
    """What two words have in common if one is the other with an error in it.

    Short words: each with one letter left out. Longer ones may have two errors, of which one half has at most one:
    the same of their first and of their last letters.
    """
    if len(word) <= WHOLE_WORD:
        return {f"-{part}" for part in _without_one(word)}
    ends = {"^": word[:END], "$": word[-END:]}
    return {sign + part for sign, end in ends.items() for part in _without_one(end)}


def _without_one(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def nearest(word: str, language: str, further: int = 0) -> list[IndexWord]:
    """Words of the index that a folded word may have been meant for, the nearest first; those of the reader's language
    and those of titles before others. `further` allows for so many more errors."""
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
            near.append(((errors, strange, foreign, not candidate.in_title, candidate.word), candidate))
    return [candidate for _place, candidate in sorted(near, key=lambda item: item[0])]


def distance(one: str, other: str, most: int) -> int:
    """Errors between two words: a letter too many, missing, wrong, or two neighbours swapped; `most` + 1 if more."""
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


# --- Compounds ---------------------------------------------------------------------------------------------------


@dataclass
class Compounds:
    """In which compounds a word stands: those that end with it, as tokens, and how others begin with it."""

    tokens: dict[str, None] = field(default_factory=dict)
    beginnings: set[str] = field(default_factory=set)


def compounds(words: Iterable[str], language: str) -> dict[str, Compounds]:
    """For each folded word the compounds in the index that it is a part of, in any form: "märkte" is the last part of
    "wohnungsmarkt", "wohnungen" the first. Two queries at most.

    A word is taken for one of a language that writes compounds if the index has it in that language or the reader reads
    it. Where it stands last, what is left must be a word of the index too: "stadt" is not in "darmstadt".
    """
    heads = {word: _heads(word) for word in words if len(word) >= SHORTEST_PART and word.isalpha()}
    if not heads:
        return {}
    keys = {f"~{head}" for by_language in heads.values() for forms in by_language.values() for head in forms}
    keys |= {f"={word}" for word in heads}
    met: dict[str, list[IndexWord]] = defaultdict(list)
    for part in WordPart.objects.filter(part__in=keys).select_related("word")[:MOST_PARTS]:
        met[part.part].append(part.word)
    answer = {}
    for word, by_language in heads.items():
        spoken = {language, *(code for known in met[f"={word}"] for code in known.languages.split())}
        heads[word] = {code: forms for code, forms in by_language.items() if code in spoken}
        starts = {form for forms in heads[word].values() for form in forms if len(form) >= SHORTEST_BEGINNING}
        answer[word] = Compounds(beginnings=starts)
    _with_tokens(answer, heads, met)
    return answer


def _with_tokens(answer: dict[str, Compounds], heads: dict[str, dict[str, set[str]]], met: dict) -> None:
    splits = sorted(_splits(heads, met), key=lambda split: split[:2])
    choices = {f"={rest}" for _word, _token, rests in splits for rest in rests}
    real = set(WordPart.objects.filter(part__in=choices).values_list("part", flat=True)) if choices else set()
    real |= {f"={start}" for start in BEGINNINGS}
    for word, token, rests in splits:
        if len(answer[word].tokens) < MOST_COMPOUNDS and any(f"={rest}" in real for rest in rests):
            answer[word].tokens[token] = None


def _heads(word: str) -> dict[str, set[str]]:
    """The forms in which a word may end a compound, by language."""
    return {code: {form for form in (word, *stems_of(word, code)) if len(form) >= SHORTEST_PART} for code in LINKS}


def _splits(
    heads: dict[str, dict[str, set[str]]], met: dict[str, list[IndexWord]]
) -> Iterator[tuple[str, str, set[str]]]:
    """Each typed word with the token of a compound that ends with it and the forms that the rest of it may have."""
    for word, by_language in heads.items():
        for code, forms in by_language.items():
            for head in forms:
                for compound in met[f"~{head}"]:
                    if code in compound.languages.split():
                        yield word, compound.word, _rests(compound, head, code)


def _rests(compound: IndexWord, head: str, language: str) -> set[str]:
    """What stands before the head, without the letters that link: "wohnungsmarkt" → {"wohnungs", "wohnung"}."""
    rests = set()
    for form in (compound.word, *stems_of(compound.spelled, language)):
        if form.endswith(head):
            rests |= _unlinked(form.removesuffix(head), language)
    return rests


def _unlinked(rest: str, language: str) -> set[str]:
    forms = {rest.removesuffix(link) for link in LINKS[language] if rest.endswith(link)}
    forms |= {form.removeprefix(start) for form in forms for start in BEGINNINGS if form.startswith(start)}
    forms |= {stem for form in forms for stem in stems_of(form, language)}
    return {form for form in forms if len(form) >= SHORTEST_PART - 1}


def _compound_parts(word: IndexWord, languages: list[str]) -> set[str]:
    """The word and its stems, each as a whole and by every end that may be a word of its own."""
    forms = {form for code in languages for form in (word.word, *stems_of(word.spelled, code))}
    ends = {
        f"~{form[place:]}"
        for form in forms
        for place in range(max(SHORTEST_PART - 1, len(form) - LONGEST_HEAD), len(form) - SHORTEST_PART + 1)
    }
    return ends | {f"={form}" for form in forms}
