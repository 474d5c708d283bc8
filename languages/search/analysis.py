"""Turns text into tokens of the index, the same for SQLite (FTS5) and PostgreSQL
(`array_to_tsvector`).

One column holds two kinds of tokens. A *word* is the folded word itself ("szkoly"). A *stem* starts
with its language between two `PREFIX_SIGN`s ("ßplßszkol"). So one table can rank exact words above
stems, the search for the beginning of a word never matches a stem, and a word of one language never
matches an inflected word of another.
"""

import re
import threading
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

from languages.folding import fold, spelled_runs
from languages.names import locale_of

# A letter that no folded word contains (`fold` writes ß as ss), so that no word of a query matches
# a stem; and a letter for FTS5's unicode61 tokenizer and for PostgreSQL, so that neither splits the
# token there.
PREFIX_SIGN = "ß"

MAX_TOKEN_CHARACTERS = 64
MAX_TEXT_TOKENS = 2000

_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")

# Languages with a Snowball algorithm; Ukrainian has none and is stemmed by `ukrainian_stem`.
SNOWBALL_ALGORITHMS = {
    "en": "english",
    "pl": "polish",
    "sv": "swedish",
    "de": "german",
    "fr": "french",
    "it": "italian",
    "es": "spanish",
}

# A stemmer keeps the word that it works on in itself, so each thread has its own stemmers.
_thread = threading.local()


def index_tokens(text: str, language: str) -> list[str]:
    """Return the distinct tokens to store for a text in a language (ISO 639-1): "Szkoły" →
    ["szkoly", "ßplßszkol"].

    Words and stems are in the order of the text: at most `MAX_TEXT_TOKENS` tokens of at most
    `MAX_TOKEN_CHARACTERS` letters and digits. A language without a stemmer gives words alone. Words
    joined by hyphens give one joined word too, so that "antirasizm" finds "anti-rasizm".
    """
    tokens: dict[str, None] = {}
    for run in spelled_runs(text):
        spellings = list(run)
        if len(run) > 1:
            spellings.append("".join(run))
        for spelled in run:
            spellings += parts_of_mixed(spelled)
        for spelled in spellings:
            own_tokens = word_tokens(spelled, (language,))
            tokens.update(dict.fromkeys(own_tokens))
        if len(tokens) >= MAX_TEXT_TOKENS:
            break
    return list(tokens)[:MAX_TEXT_TOKENS]


def parts_of_mixed(spelled: str) -> list[str]:
    """The letters and the digits of a word that mixes them: "WIR2" → ["WIR", "2"]. None where a
    letter alone stands there: "A1"."""
    if spelled.isalpha() or spelled.isdecimal():
        return []
    parts = _LETTERS_OR_DIGITS.findall(spelled)
    return parts if all(part.isdecimal() or len(part) > 1 for part in parts) else []


@cache
def algorithm_of(language: str) -> str | None:
    """Return the name of the Snowball algorithm of a language, or None if it has none.

    For a language that an installation added this is the algorithm with its English name: Dutch has
    one ("nl" → "dutch"), Czech has none, so a search finds its words only as they are spelled.
    """
    if language in SNOWBALL_ALGORITHMS:
        return SNOWBALL_ALGORITHMS[language]
    locale = locale_of(language)
    if not locale or not locale.english_name:
        return None
    algorithm = locale.english_name.lower()
    has_algorithm = algorithm in snowballstemmer.algorithms()
    return algorithm if has_algorithm else None


def ukrainian_stem(folded: str) -> str:
    """Return a light stem of a folded Ukrainian noun or adjective: "громадами" → "громад".

    The rules are the declension endings of school grammar (four declensions of nouns, hard and soft
    adjectives), then the sound changes inside one paradigm: і with о or е (Львів, Львова), fleeting
    vowels (будинок, будинку), г-з and к-ц (Прага, Празі), doubled consonants (навчання, навчань). A
    stem need not be a word: it is only the same for all forms of a word. Verbs and derived words
    keep their endings. The word must be folded (ї is і, ґ is г); of a word longer than
    `MAX_TOKEN_CHARACTERS` the stem is the word.
    """
    if len(folded) > MAX_TOKEN_CHARACTERS:
        return folded
    if folded in _IRREGULAR_FORMS:
        return _IRREGULAR_FORMS[folded]
    stem = _FLEETING_VOWEL.sub(r"\1", folded)
    stem = _UKRAINIAN_ENDING.sub("", stem)
    stem = _UKRAINIAN_SECOND_ENDING.sub("", stem).removesuffix("ь")
    if len(stem) < 4:
        return stem
    stem = _DOUBLED_CONSONANT.sub(r"\1", stem)
    regular = _CHANGING_VOWEL.sub(r"о\1", stem)
    stem = _IRREGULAR.get(stem, regular)
    start = stem[:-1]
    last = stem[-1]
    return start + _CHANGING_CONSONANTS.get(last, last)


# Longest first; three letters must remain, so that short words keep their vowel (мова → мов, not
# м).
_UKRAINIAN_ENDINGS = (
    "ього ьому ього ьої ьою "  # soft adjectives: синього, синьої
    "іями ією іям іях ії іє ія ій ію "  # організація
    "ого ому ими іми ої ою их іх ий им ім "  # hard adjectives, instrumental of the first declension
    "ьми ями ами ові еві єві ею єю ей ям ам ях ах ом ем єм ів їв "
    "а я о е є и і ї у ю ь й"
)
_VOWELS = "аеєиіоуюя"
_CONSONANTS = "бвгджзйклмнпрстфхцчшщ"


def _alternatives(endings: str) -> str:
    folded = {fold(ending) for ending in endings.split()}
    longest_first = sorted(folded, key=len, reverse=True)
    return "|".join(longest_first)


_UKRAINIAN_ENDING = re.compile(f"(?<=[^\\W\\d_]{{3}})(?:{_alternatives(_UKRAINIAN_ENDINGS)})$")
# Some stems end like an ending (програм-а, основ-а, Харків): what is cut from програм must be cut
# from програма too.
_UKRAINIAN_SECOND_ENDING = re.compile(
    f"(?<=[^\\W\\d_]{{3}})(?:{_alternatives('ів ов ев єв ом ем єм ам')})$"
)
_DOUBLED_CONSONANT = re.compile(f"([{_CONSONANTS}])\\1$")
# Only in forms without an ending (будинок, жінок, українець), never where no other vowel would be
# left (крок).
_FLEETING_VOWEL = re.compile(
    f"^([^\\W\\d_]*[{_VOWELS}][^\\W\\d_]*[{_CONSONANTS}])(?:о(?=к$)|е(?=ць$))"
)
_CHANGING_VOWEL = re.compile(f"[іеєо]([{_CONSONANTS}]{{1,2}})$")
# Person and child have another stem in the plural: людина, людей; дитина, діти. City keeps its
# vowel (місто, міста), so that it is no bridge (міст, мосту).
_IRREGULAR = {"людин": "люд", "дитин": "діт", "міст": "міст"}
# Short words whose forms have little in common: year, day, night; and a pupil, who is no scholar.
_FORMS_OF_STEMS = {
    "рок": "рік року роком році роки років рокам роками роках",
    "дн": "день дня дню днем дні днів дням днями днях",
    "ноч": "ніч ночі ніччю ночей ночам ночами ночах",
    "учн": "учень",
    "церкв": "церков",
}
_IRREGULAR_FORMS = {
    fold(form): stem for stem, forms in _FORMS_OF_STEMS.items() for form in forms.split()
}
_CHANGING_CONSONANTS = {"з": "г", "ц": "к"}


def word_tokens(spelled: str, languages: tuple[str, ...]) -> list[str]:
    """Return the distinct tokens of a word as it is spelled: the word first, then its stems."""
    spelled = spelled[:MAX_TOKEN_CHARACTERS]
    word = fold(spelled)
    tokens = [word[:MAX_TOKEN_CHARACTERS]]
    for language in languages:
        stems = stems_of(spelled, language)
        tokens += [stem_token(stem, language) for stem in stems]
    return list(dict.fromkeys(tokens))


def stem_token(stem: str, language: str) -> str:
    """Return the token of a stem: ("szkol", "pl") → "ßplßszkol"."""
    code = language.replace("-", "")
    token = f"{PREFIX_SIGN}{code}{PREFIX_SIGN}{stem}"
    return token[:MAX_TOKEN_CHARACTERS]


def stems_of(spelled: str, language: str) -> tuple[str, ...]:
    """Return the folded stems of a word as it is spelled, and of the same word without diacritics.

    Snowball's rules know only the letters of the language: "cudzoziemców" gives cudzoziemc,
    "cudzoziemcow" gives itself. The index has both stems: a query without diacritics finds every
    form, and a query with diacritics stays exact. A language without a stemmer, and a word with
    digits, give no stems.
    """
    # Numbers and keys, of which there are many, are not kept.
    return _stems_of_word(spelled, language) if spelled.isalpha() else ()


@lru_cache(maxsize=60_000)
def _stems_of_word(spelled: str, language: str) -> tuple[str, ...]:
    folded = fold(spelled)
    if language == "uk":
        return (ukrainian_stem(folded),)
    algorithm = algorithm_of(language)
    if not algorithm:
        return ()
    return _snowball_stems(spelled, folded, language, algorithm)


def _snowball_stems(spelled: str, folded: str, language: str, algorithm: str) -> tuple[str, ...]:
    stemmer = _stemmer(algorithm)
    further = _further_forms(folded, language)
    stems = []
    for form in (spelled, folded, *further):
        stem = fold(stemmer.stemWord(form))
        stems.append(_cut_further(stem, language))
    distinct = dict.fromkeys(stems + further)
    return tuple(filter(None, distinct))


# Forms of one word that get different stems from Snowball: an ending of the folded word, and the
# ending of the other forms.
_FURTHER_FORMS = {
    "pl": [
        ("ziec", "zca"),
        ("niec", "nca"),
        ("miec", "mca"),
        ("wiec", "wca"),
        ("liec", "lca"),
    ],  # cudzoziemiec
    "sv": [("an", "a"), ("on", "o")],  # skolan, byrån: the article after a vowel
    "de": [
        ("ern", "er"),
        ("eln", "el"),
    ],  # Opfern: the stem of Opfer is too short to be searched in compounds
    "fr": [("aux", "ail")],  # travaux
}


def _further_forms(folded: str, language: str) -> list[str]:
    """The same word with the endings of other forms."""
    forms = []
    for ending, other in _FURTHER_FORMS.get(language, ()):
        if not folded.endswith(ending):
            continue
        start = folded.removesuffix(ending)
        if len(start) >= 3:
            forms.append(start + other)
    return forms


def _cut_further(stem: str, language: str) -> str:
    """Snowball cuts -am- with the ending off Polish "programy", but not off "program"."""
    if language != "pl" or len(stem) <= 5:
        return stem
    return stem.removesuffix("am")


def _stemmer(algorithm: str) -> Any:
    """This thread's Snowball stemmer (the library has no types)."""
    stemmers = vars(_thread).setdefault("stemmers", {})
    if algorithm not in stemmers:
        stemmer = snowballstemmer.stemmer(algorithm)
        stemmers[algorithm] = stemmer
    return stemmers[algorithm]
