"""From text to search tokens: the same tokens are stored on SQLite (FTS5) and on PostgreSQL
(`array_to_tsvector`).

Two kinds of token stand in one column. A *word* is the folded word itself ("szkoly"); a *stem*
carries its language between two `STEM_MARK`s in front ("ßplßszkol"). So one table can rank exact
words above stems, a prefix search on words never meets a stem, and a word of one language is not
taken for an inflected one of another.
"""

import re
import threading
from functools import cache, lru_cache

import snowballstemmer

from languages.folding import fold, spelled_runs
from languages.names import locale_of

# A letter that no folded word contains (`fold` writes ß as ss), so nothing that is typed can be
# taken for a stem; and a letter for FTS5's unicode61 tokenizer and for PostgreSQL, so neither
# splits it off.
STEM_MARK = "ß"

MAX_TOKEN_CHARACTERS = 64
MAX_TEXT_TOKENS = 2000

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

# Stemmers keep the word they work on in themselves, so each thread has its own.
_of_thread = threading.local()


def index_tokens(text: str, language: str) -> list[str]:
    """Return the distinct tokens to store for a text in a language (ISO 639-1): "Szkoły" →
    ["szkoly", "ßplßszkol"].

    Words and stems stand in the order of their first appearance; at most `MAX_TEXT_TOKENS` tokens
    of at most `MAX_TOKEN_CHARACTERS` characters, letters and digits only. A language without a
    stemmer gives words alone. Words joined by hyphens are stored as one word too, so that
    "antirasizm" finds "anti-rasizm".
    """
    tokens: dict[str, None] = {}
    for run in spelled_runs(text):
        for spelled in [*run, "".join(run)] if len(run) > 1 else run:
            tokens.update(dict.fromkeys(word_tokens(spelled, (language,))))
        if len(tokens) >= MAX_TEXT_TOKENS:
            break
    return list(tokens)[:MAX_TEXT_TOKENS]


@cache
def algorithm_of(language: str) -> str | None:
    """Return the Snowball algorithm of a language; for one that was added, the algorithm of its
    English name, if any. Dutch has one ("nl" → "dutch"), Czech has none: its words are found as
    they are spelled."""
    if language in SNOWBALL_ALGORITHMS:
        return SNOWBALL_ALGORITHMS[language]
    locale = locale_of(language)
    name = (locale.english_name or "").lower() if locale else ""
    return name if name in snowballstemmer.algorithms() else None


def ukrainian_stem(folded: str) -> str:
    """Return a light stem of a folded Ukrainian noun or adjective: "громадами" → "громад".

    The rules are the ordinary declension endings of school grammar (four declensions of nouns, hard
    and soft adjectives), then the sound changes inside one paradigm: і with о or е (Львів, Львова),
    fleeting vowels (будинок, будинку), г-з and к-ц (Прага, Празі), doubled consonants (навчання,
    навчань). Stems need not be words: they are only equal for the forms of one word. Verbs and
    derivation are left alone. Needs `fold` first: ї is і, ґ is г.
    """
    stem = _FLEETING_VOWEL.sub(r"\1", folded)
    stem = _UKRAINIAN_ENDING.sub("", stem)
    stem = _UKRAINIAN_SECOND_ENDING.sub("", stem).removesuffix("ь")
    if len(stem) < 4:
        return stem
    stem = _DOUBLED_CONSONANT.sub(r"\1", stem)
    stem = _IRREGULAR.get(stem, _CHANGING_VOWEL.sub(r"о\1", stem))
    return stem[:-1] + _CHANGING_CONSONANTS.get(stem[-1], stem[-1])


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
    return "|".join(sorted({fold(ending) for ending in endings.split()}, key=len, reverse=True))


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
# Person and child have another stem in the plural: людина, людей; дитина, діти.
_IRREGULAR = {"людин": "люд", "дитин": "діт"}
_CHANGING_CONSONANTS = {"з": "г", "ц": "к"}


def word_tokens(spelled: str, languages: tuple[str, ...]) -> list[str]:
    """Return the token of a word as it is spelled and then those of its stems, without doubles."""
    spelled = spelled[:MAX_TOKEN_CHARACTERS]
    word = fold(spelled)[:MAX_TOKEN_CHARACTERS]
    stems = [
        stem_token(stem, language) for language in languages for stem in stems_of(spelled, language)
    ]
    return list(dict.fromkeys([word, *stems]))


def stem_token(stem: str, language: str) -> str:
    """Return the token of a stem: ("szkol", "pl") → "ßplßszkol". A stem of one language never meets
    another's."""
    return f"{STEM_MARK}{language.replace('-', '')}{STEM_MARK}{stem}"[:MAX_TOKEN_CHARACTERS]


@lru_cache(maxsize=60_000)
def stems_of(spelled: str, language: str) -> tuple[str, ...]:
    """Return the folded stems of a word as it is spelled and as it is typed without diacritics.

    Snowball's rules know their own letters only: "cudzoziemców" gives cudzoziemc, "cudzoziemcow"
    itself. With both stored, a query typed without diacritics finds every form, and one typed with
    them stays exact.
    """
    if not spelled.isalpha():
        return ()
    folded = fold(spelled)
    if language == "uk":
        return (ukrainian_stem(folded),)
    if not algorithm_of(language):
        return ()
    stem = _stemmer(language).stemWord
    further = _further_forms(folded, language)
    stems = [_after_stem(fold(stem(form)), language) for form in (spelled, folded, *further)]
    return tuple(dict.fromkeys(filter(None, [*stems, *further])))


# What Snowball leaves apart in one paradigm: an ending of the folded word, and what stands there in
# other forms.
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
    ],  # Opfern: the stem of Opfer is too short to be looked for in compounds
    "fr": [("aux", "ail")],  # travaux
}


def _further_forms(folded: str, language: str) -> list[str]:
    return [
        folded.removesuffix(ending) + other
        for ending, other in _FURTHER_FORMS.get(language, ())
        if folded.endswith(ending) and len(folded) - len(ending) >= 3
    ]


def _after_stem(stem: str, language: str) -> str:
    """Polish "programy" loses its -am- with the ending, "program" does not."""
    return stem.removesuffix("am") if language == "pl" and len(stem) > 5 else stem


def _stemmer(language: str) -> snowballstemmer.stemmer:
    stemmers = vars(_of_thread).setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(algorithm_of(language))
    return stemmers[language]
