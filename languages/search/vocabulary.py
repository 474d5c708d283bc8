"""The vocabulary of the index: nearest words for typing errors, and compounds that contain a word.

Both are found by equality of parts of words (`WordPart`), which every database looks up alike. When
the last row with a word leaves the index, the word stays until the index is built anew: a search
always checks that a word of the vocabulary finds something.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from django.db import models

from languages.folding import fold, spelled_words
from languages.models import IndexRow, IndexWord, WordPart
from languages.search.analysis import stems_of
from languages.search.stop_words import STOP_WORDS_OF

SHORTEST_WORD, LONGEST_WORD = 3, 40
# Shorter words are near to too many others.
SHORTEST_CORRECTED = 4
# Words up to this length are looked up as a whole, longer ones by their first and last letters.
WHOLE_WORD = 7
END = 5
TWO_ERRORS_FROM = 8
MOST_PARTS = 3000
BATCH = 500

# Languages that write compounds as one word, with the letters that may link the parts.
LINKS = {"de": ("", "s", "es", "n", "en", "er", "e"), "sv": ("", "s", "e", "o", "u", "a")}
# With one of these endings a part is another word, and not the same word in a compound.
DERIVED = {"de": ("ung", "heit", "keit", "lich", "isch", "ig"), "sv": ("ning", "het", "lig", "isk")}
SHORTEST_PART, INNER = 4, 5
MOST_SPLITS = 400
# First parts of compounds that are no words of their own.
BEGINNINGS = ("anti", "inter", "multi", "nicht", "icke", "gegen")
MOST_COMPOUNDS = 40
# A shorter beginning would match words that have nothing to do with it.
SHORTEST_BEGINNING = 5

# Per language the forms of a word.
FormsByLanguage = dict[str, set[str]]
# The words of the index that have a part.
WordsByPart = Mapping[str, list[IndexWord]]


# --- Keeping the words ----------------------------------------------------------------------------


@dataclass
class _WordUse:
    """How rows of the index use a word."""

    spelled: str
    languages: set[str] = field(default_factory=set)
    in_title: bool = False


def learn(index_rows: Iterable[IndexRow]) -> None:
    """Add the words of rows to the vocabulary. Two queries for each 500 words, if all are known."""
    uses = _word_uses(index_rows)
    for batch in _batches(sorted(uses)):
        rows = IndexWord.objects.filter(word__in=batch)
        known = {row.word: row for row in rows}
        changed = []
        for word in batch:
            merged = _merge(word, uses[word], known.get(word))
            if merged:
                changed.append(merged)
        if changed:
            _store(changed)


def forget() -> None:
    """Empty the vocabulary, before the index is built anew."""
    WordPart.objects.all().delete()
    IndexWord.objects.all().delete()


def _word_uses(rows: Iterable[IndexRow]) -> dict[str, _WordUse]:
    uses: dict[str, _WordUse] = {}
    for row in rows:
        texts = [(row.own_names, True), (row.own_text, False)]
        for text, in_title in texts:
            for spelled in spelled_words(text):
                word = fold(spelled)
                if _belongs_in_vocabulary(word):
                    use = uses.setdefault(word, _WordUse(spelled))
                    use.languages.add(row.language)
                    use.in_title |= in_title
    return uses


def _belongs_in_vocabulary(word: str) -> bool:
    if not word.isalpha():
        return False
    return SHORTEST_WORD <= len(word) <= LONGEST_WORD


def _merge(word: str, use: _WordUse, known: IndexWord | None) -> IndexWord | None:
    """The word as it must be stored; None if it is stored so already."""
    languages = set(use.languages)
    in_title = use.in_title
    if known:
        languages.update(known.languages.split())
        in_title = in_title or known.in_title
    codes = " ".join(sorted(languages))
    if known and known.in_title == in_title and known.languages == codes:
        return None
    return IndexWord(
        word=word,
        spelled=use.spelled,
        languages=codes,
        in_title=in_title,
    )


def _store(words: list[IndexWord]) -> None:
    stored = IndexWord.objects.bulk_create(
        words,
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["languages", "in_title"],
    )
    parts = []
    for word in stored:
        for part in sorted(_parts_of(word)):
            parts.append(WordPart(word=word, part=part))
    WordPart.objects.bulk_create(parts, batch_size=BATCH, ignore_conflicts=True)


def _batches(words: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(words), BATCH):
        end = start + BATCH
        yield words[start:end]


def _parts_of(word: IndexWord) -> set[str]:
    codes = word.languages.split()
    languages = [code for code in codes if code in LINKS]
    compound_parts = _compound_parts(word, languages)
    return compound_parts | error_parts(word.word)


# --- Typing errors --------------------------------------------------------------------------------


def error_parts(word: str) -> set[str]:
    """The parts that two words share if one is the other with a typing error.

    Of a short word: the word with one letter left out. A longer word may have two errors, of which
    one half has at most one: so the same for its first letters (^) and its last letters ($).
    """
    if len(word) <= WHOLE_WORD:
        return _signed("-", word)
    first = _signed("^", word[:END])
    last = _signed("$", word[-END:])
    return first | last


def _signed(sign: str, letters: str) -> set[str]:
    deletions = _one_letter_deletions(letters)
    return {sign + part for part in deletions}


def _one_letter_deletions(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    deletions = {word}
    for place in range(len(word)):
        before = word[:place]
        after = word[place + 1 :]
        deletions.add(before + after)
    return deletions


def nearest_words(word: str, language: str, further: int = 0) -> list[IndexWord]:
    """The words of the index that a folded word may stand for, the nearest first.

    At the same distance words of the reader's language and words of titles come first. A word of 8
    letters or more may have two errors, a shorter one has one; `further` admits more.
    """
    if len(word) < SHORTEST_CORRECTED or not word.isalpha():
        return []
    most = further + 1
    if len(word) >= TWO_ERRORS_FROM:
        most += 1
    near = []
    parts = _parts_to_look_up(word)
    for candidate in _words_with(parts):
        errors = distance(word, candidate.word, most)
        if 0 < errors <= most:
            preference = _preference(candidate, word, language)
            near.append((errors, preference, candidate))
    near.sort(key=itemgetter(0, 1))
    return [candidate for _errors, _preference, candidate in near]


def _words_with(parts: set[str]) -> models.QuerySet[IndexWord]:
    """The words of the index that have one of the parts."""
    rows = WordPart.objects.filter(part__in=parts)
    keys = rows.values_list("word_id", flat=True)
    first_keys = list(keys[:MOST_PARTS])
    return IndexWord.objects.filter(pk__in=first_keys)


def _parts_to_look_up(word: str) -> set[str]:
    """Parts of a word with errors. An error may make a word of 7 letters one of 8, or back: so both
    kinds of parts."""
    parts = error_parts(word)
    parts |= _signed("-", word)
    if len(word) == WHOLE_WORD:
        last = word[-1]
        parts |= error_parts(word + last)
        first_letters = word[:END]
        parts |= _signed("^", first_letters)
    return parts


def _preference(candidate: IndexWord, word: str, language: str) -> tuple[bool, bool, bool, str]:
    """The order of candidates with the same number of errors."""
    spelling = candidate.word
    languages = candidate.languages.split()
    # False comes before True.
    return (
        spelling[0] != word[0],
        language not in languages,
        not candidate.in_title,
        spelling,
    )


def distance(one: str, other: str, most: int) -> int:
    """The number of errors between two words; `most` + 1 if there are more.

    An error is a letter too many, a letter missing, a wrong letter, or two neighbors swapped
    (optimal string alignment).
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place in range(1, len(one) + 1):
        earlier, before = before, row
        row = _distance_row(one[:place], other, before, earlier)
        if min(row) > most:
            return most + 1
    return row[-1]


def _distance_row(one: str, other: str, before: list[int], earlier: list[int]) -> list[int]:
    """The errors between `one` and every beginning of `other`, from the two rows before this."""
    letter = one[-1]
    previous = one[-2:-1]
    wanted_before = ""
    row = [len(one)]
    for place, wanted in enumerate(other):
        extra = before[place + 1] + 1
        missing = row[-1] + 1
        wrong = before[place]
        if letter != wanted:
            wrong += 1
        cost = min(extra, missing, wrong)
        if letter == wanted_before and wanted == previous:
            swapped = earlier[place - 1] + 1
            cost = min(cost, swapped)
        row.append(cost)
        wanted_before = wanted
    return row


# --- Compounds ------------------------------------------------------------------------------------


@dataclass
class Compounds:
    """The compounds of the index that contain a word.

    `tokens`: the compounds with something before the word, in the order of the alphabet.
    `beginnings`: how the others start.
    """

    tokens: dict[str, None] = field(default_factory=dict)
    beginnings: set[str] = field(default_factory=set)


# The forms that the part of a compound before a word may have, and those of the part after it.
_Rests = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class _Split:
    """A word of the index that contains a searched word, and forms of the rest on both sides."""

    word: str
    compound: str
    before: frozenset[str]
    # Empty if the compound ends with the word.
    after: frozenset[str]

    def is_compound(self, real_words: set[str]) -> bool:
        """Whether the rest on both sides consists of real words."""
        if real_words.isdisjoint(self.before):
            return False
        if not self.after:
            return True
        return not real_words.isdisjoint(self.after)


def find_compounds(words: Iterable[str], language: str) -> dict[str, Compounds]:
    """For each folded word the compounds of the index that contain it, in any form.

    "märkte" is the last part of "wohnungsmarkt", "wohnungen" the first, "diskriminierung" the
    middle of "antidiskriminierungsstelle". At most two queries.

    A word may be a part only in the languages in which the index has it, and in the reader's. The
    other parts must be words of the index too: "darmstadt" does not contain "stadt".
    """
    forms = {word: _forms_of(word) for word in words if _may_be_part(word)}
    if not forms:
        return {}
    parts = _lookup_parts(forms)
    words_by_part = _words_by_part(parts)
    compounds = {}
    for word, all_forms in forms.items():
        known = words_by_part.get(f"={word}", ())
        languages = {language, *_languages_of(known)}
        own_forms = _in_languages(all_forms, languages)
        forms[word] = own_forms
        beginnings = _long_forms(own_forms)
        compounds[word] = Compounds(beginnings=beginnings)
    _add_tokens(compounds, forms, words_by_part)
    return compounds


def _in_languages(forms: FormsByLanguage, languages: set[str]) -> FormsByLanguage:
    answer = {}
    for code, own_forms in forms.items():
        if code in languages:
            answer[code] = own_forms
    return answer


def _may_be_part(word: str) -> bool:
    return len(word) >= SHORTEST_PART and word.isalpha()


def _lookup_parts(forms: dict[str, FormsByLanguage]) -> set[str]:
    """What the words are looked up by: as whole words, and inside other words."""
    parts = {f"={word}" for word in forms}
    for own_forms in forms.values():
        inner_parts = map(_inner_part, _all_forms(own_forms))
        parts.update(inner_parts)
    return parts


def _words_by_part(parts: set[str]) -> WordsByPart:
    rows = WordPart.objects.filter(part__in=parts)
    with_words = rows.select_related("word")
    words = defaultdict(list)
    for row in with_words[:MOST_PARTS]:
        words[row.part].append(row.word)
    return words


def _languages_of(words: Iterable[IndexWord]) -> Iterator[str]:
    for word in words:
        yield from word.languages.split()


def _long_forms(forms: FormsByLanguage) -> set[str]:
    all_forms = _all_forms(forms)
    return {form for form in all_forms if len(form) >= SHORTEST_BEGINNING}


def _all_forms(forms: FormsByLanguage) -> set[str]:
    own_forms = forms.values()
    return set().union(*own_forms)


def _add_tokens(
    compounds: dict[str, Compounds],
    forms: dict[str, FormsByLanguage],
    words_by_part: WordsByPart,
) -> None:
    """Add the compounds whose other parts are words of the index too."""
    distinct = set(_splits(forms, words_by_part))
    ordered = sorted(distinct, key=_order_of_split)
    splits = ordered[:MOST_SPLITS]
    rests: set[str] = set()
    for split in splits:
        rests |= split.before
        rests |= split.after
    real_words = _whole_words(rests)
    real_words.update(BEGINNINGS)
    for split in splits:
        tokens = compounds[split.word].tokens
        if len(tokens) >= MOST_COMPOUNDS:
            continue
        if split.is_compound(real_words):
            tokens[split.compound] = None


def _order_of_split(split: _Split) -> tuple[str, str]:
    return split.word, split.compound


def _whole_words(candidates: set[str]) -> set[str]:
    """Those of the candidates that are words of the index or stems of such words."""
    if not candidates:
        return set()
    parts = {f"={candidate}" for candidate in candidates}
    rows = WordPart.objects.filter(part__in=parts)
    known_parts = rows.values_list("part", flat=True)
    return {part[1:] for part in known_parts}


def _forms_of(word: str) -> FormsByLanguage:
    """The forms that a word may have in a compound, by language."""
    return {code: _forms_in(word, code) for code in LINKS}


def _forms_in(word: str, language: str) -> set[str]:
    stems = stems_of(word, language)
    forms = [word, *stems]
    return {form for form in forms if len(form) >= SHORTEST_PART}


def _inner_part(form: str) -> str:
    """What a form is looked up by inside other words: its first 5 letters.

    A form of 4 letters is found only at the end of words.
    """
    return f"~{form[:INNER]}"


def _splits(forms: dict[str, FormsByLanguage], words_by_part: WordsByPart) -> Iterator[_Split]:
    for word, forms_by_language in forms.items():
        for language, own_forms in forms_by_language.items():
            for form in own_forms:
                candidates = words_by_part.get(_inner_part(form), ())
                for compound in candidates:
                    if language not in compound.languages.split():
                        continue
                    for before, after in _rests(compound, form, own_forms, language):
                        yield _Split(word, compound.word, before, after)


def _rests(compound: IndexWord, form: str, forms: set[str], language: str) -> Iterator[_Rests]:
    """What is before and after a form, at each place in a compound: "wohnungsmarkt" gives
    "wohnungs" before "markt".

    `forms` are all forms of the same word.
    """
    first = SHORTEST_PART - 1
    stems = stems_of(compound.spelled, language)
    for whole in (compound.word, *stems):
        place = whole.find(form, first)
        while place > 0:
            before = whole[:place]
            rest = whole[place:]
            after = rest.removeprefix(form)
            if not after:
                end = compound.word[place:]
                if _is_form(end, forms, language):
                    yield _before_forms(before, language), frozenset()
            elif _may_be_inner(form, after, language):
                # Either the rest is a word, or all before it is one: "gleichbehandlung" in
                # "Gleichbehandlungsanwaltschaft".
                after_forms = _after_forms(after, language).union([before + form])
                yield _before_forms(before, language), after_forms
            place = whole.find(form, place + 1)


def _is_form(end: str, forms: set[str], language: str) -> bool:
    """Whether the end of a compound is a form of the word: "Gleichstellung" does not end with
    "Stelle"."""
    if end in forms:
        return True
    return not forms.isdisjoint(stems_of(end, language))


def _may_be_inner(form: str, after: str, language: str) -> bool:
    if len(form) < INNER:
        return False
    return not after.startswith(DERIVED[language])


def _before_forms(rest: str, language: str) -> frozenset[str]:
    """The forms of what is before a part, without linking letters: "wohnungs" → {"wohnungs",
    "wohnung"}."""
    links = LINKS[language]
    forms = {rest.removesuffix(link) for link in links}
    for beginning in BEGINNINGS:
        forms |= {form.removeprefix(beginning) for form in forms}
    return _long_enough(forms, language)


def _after_forms(rest: str, language: str) -> frozenset[str]:
    """The forms of what is after a part, likewise: "sstelle" → {"sstelle", "stelle"}."""
    links = LINKS[language]
    forms = {rest.removeprefix(link) for link in links}
    return _long_enough(forms, language)


def _long_enough(forms: set[str], language: str) -> frozenset[str]:
    """The forms and their stems, without short ones and prepositions.

    A preposition makes another word: "Ausländer" does not contain "Länder".
    """
    words = set(forms)
    for form in forms:
        words.update(stems_of(form, language))
    words -= STOP_WORDS_OF[language]
    shortest = SHORTEST_PART - 1
    long_words = [word for word in words if len(word) >= shortest]
    return frozenset(long_words)


# --- Compounds that the index does not have -------------------------------------------------------


def split_compounds(words: Iterable[str], language: str) -> dict[str, list[str]]:
    """For each folded word that the index does not have its parts, if they are words of the index:
    "wohnungsdiskriminierung" → wohnung, diskriminierung. One query, none for most languages."""
    if language not in LINKS:
        return {}
    shortest = 2 * SHORTEST_PART
    letters = filter(str.isalpha, words)
    long_words = [word for word in letters if len(word) >= shortest]
    if not long_words:
        return {}
    candidates: set[str] = set()
    for word in long_words:
        candidates.update(_pieces_of(word))
    known = _words_in_language(candidates, language)
    answer = {}
    for word in long_words:
        if word in known:
            continue
        parts = _split(word, known, language)
        if parts:
            answer[word] = parts
    return answer


def _pieces_of(word: str) -> Iterator[str]:
    """All that may be a part of a word, and the word."""
    length = len(word)
    for start in range(length):
        first_end = start + SHORTEST_PART
        for end in range(first_end, length + 1):
            yield word[start:end]


def _words_in_language(candidates: set[str], language: str) -> set[str]:
    """Those of the candidates that are words of the index in a language, or stems of such."""
    parts = [f"={candidate}" for candidate in candidates]
    rows = WordPart.objects.filter(part__in=parts)
    known = set()
    for part, codes in rows.values_list("part", "word__languages"):
        languages = codes.split()
        if language in languages:
            known.add(part[1:])
    return known


def _split(word: str, known: set[str], language: str) -> list[str]:
    """The parts of a word, the longest first part that leaves a rest of known words; else none."""
    last = len(word) - SHORTEST_PART
    places = range(SHORTEST_PART, last + 1)
    for place in reversed(places):
        start = _known_form(word[:place], known, language)
        if not start:
            continue
        end = word[place:]
        ends = {end}
        ends.update(stems_of(end, language))
        if not known.isdisjoint(ends):
            return [start, end]
        rest = _split(end, known, language)
        if rest:
            return [start, *rest]
    return []


def _known_form(start: str, known: set[str], language: str) -> str:
    """The first part of a compound without linking letters; empty if it is no known word."""
    for link in LINKS[language]:
        form = start.removesuffix(link)
        if len(form) < SHORTEST_PART:
            continue
        if form in known:
            return form
    return ""


def _compound_parts(word: IndexWord, languages: list[str]) -> set[str]:
    """What a word is looked up by as a compound.

    The word and its stems as wholes (=), and the first letters of each of their ends that leaves
    enough before it (~).
    """
    forms: set[str] = set()
    for language in languages:
        stems = stems_of(word.spelled, language)
        forms.add(word.word)
        forms.update(stems)
    parts = {f"={form}" for form in forms}
    for form in forms:
        parts.update(_ends_of(form))
    return parts


def _ends_of(form: str) -> Iterator[str]:
    first = SHORTEST_PART - 1
    last = len(form) - SHORTEST_PART
    for place in range(first, last + 1):
        end = form[place:]
        yield _inner_part(end)
