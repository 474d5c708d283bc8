"""Compounds, of the languages that write them as one word: those of the index that contain a word,
and the parts of those that the index does not have.

They are found by their ends (`WordPart`), and count only if all that is left is a word too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from languages.models import IndexWord, WordPart
from languages.search.analysis import stems_of
from languages.search.stop_words import STOP_WORDS_OF

# Languages that write compounds as one word, with the letters that may link the parts.
LINKS = {"de": ("", "s", "es", "n", "en", "er", "e"), "sv": ("", "s", "e", "o", "u", "a")}
# With one of these endings a part is another word, and not the same word in a compound.
DERIVED = {"de": ("ung", "heit", "keit", "lich", "isch", "ig"), "sv": ("ning", "het", "lig", "isk")}
SHORTEST_PART, INNER = 4, 5
MOST_SPLITS = 400
# Words of the index that are read for the parts of the words of one search.
MOST_PARTS = 3000
# First parts of compounds that are no words of their own.
BEGINNINGS = ("anti", "inter", "multi", "nicht", "icke", "gegen")
MOST_COMPOUNDS = 40
# A shorter beginning would match words that have nothing to do with it.
SHORTEST_BEGINNING = 5

# Per language the forms of a word.
FormsByLanguage = dict[str, set[str]]
# The words of the index that have a part.
WordsByPart = Mapping[str, list[IndexWord]]


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


def compound_parts(word: IndexWord, languages: list[str]) -> set[str]:
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
