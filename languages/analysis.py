"""From text to search tokens: the same tokens are stored on SQLite (FTS5) and on PostgreSQL (`array_to_tsvector`).

Two kinds of token stand in one column. A *word* is the folded word itself ("szkoly"); a *stem* carries `STEM_MARK` in
front ("ßszkol"). So one table can rank exact words above stems, and a prefix search on words never meets a stem.
"""

import re
import threading
from functools import lru_cache

import snowballstemmer

from languages.folding import fold, spelled_words

# A letter that no folded word contains (`fold` writes ß as ss), so nothing that is typed can be taken for a stem; and
# a letter for FTS5's unicode61 tokenizer and for PostgreSQL, so neither splits it off.
STEM_MARK = "ß"

MAX_TOKEN_CHARACTERS = 64
MAX_TEXT_TOKENS = 2000
MAX_QUERY_WORDS = 12
MAX_QUERY_CHARACTERS = 200

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
    """Return the distinct tokens to store for a text in a language (ISO 639-1): "Szkoły" → ["szkoly", "ßszkol"].

    Words and stems stand in the order of their first appearance; at most `MAX_TEXT_TOKENS` tokens of at most
    `MAX_TOKEN_CHARACTERS` characters, letters and digits only. A language without a stemmer gives words alone.
    """
    tokens: dict[str, None] = {}
    for spelled in spelled_words(text):
        # Compounds (German, Swedish) will add the tokens of their parts here, in the index only.
        tokens.update(dict.fromkeys(_word_tokens(spelled, (language,))))
        if len(tokens) >= MAX_TEXT_TOKENS:
            break
    return list(tokens)[:MAX_TEXT_TOKENS]


def query_tokens(text: str, languages: list[str]) -> list[list[str]]:
    """Return for each word typed its alternatives, the word first: "szkoły" in ["pl"] → [["szkoly", "ßszkol"]].

    A row matches if it has one token of every inner list. Only the first `MAX_QUERY_CHARACTERS` characters and
    `MAX_QUERY_WORDS` different words count; a text without words gives [].
    """
    alternatives: dict[str, list[str]] = {}
    for spelled in spelled_words(text[:MAX_QUERY_CHARACTERS]):
        tokens = _word_tokens(spelled, tuple(languages))
        known = alternatives.setdefault(tokens[0], [])
        known.extend(token for token in tokens if token not in known)
    return list(alternatives.values())[:MAX_QUERY_WORDS]


def is_stem(token: str) -> bool:
    """Tell whether a stored token is a stem ("ßszkol") and not a word ("szkoly")."""
    return token.startswith(STEM_MARK)


def ukrainian_stem(folded: str) -> str:
    """Return a light stem of a folded Ukrainian noun or adjective: "громадами" → "громад".

    The rules are the ordinary declension endings of school grammar (four declensions of nouns, hard and soft
    adjectives), then the sound changes inside one paradigm: і with о or е (Львів, Львова), fleeting vowels (будинок,
    будинку), г-з and к-ц (Прага, Празі), doubled consonants (навчання, навчань). Stems need not be words: they are
    only equal for the forms of one word. Verbs and derivation are left alone. Needs `fold` first: ї is і, ґ is г.
    """
    stem = _FLEETING_VOWEL.sub(r"\1", folded)
    stem = _UKRAINIAN_ENDING.sub("", stem)
    stem = _UKRAINIAN_SECOND_ENDING.sub("", stem).removesuffix("ь")
    if len(stem) < 4:
        return stem
    stem = _DOUBLED_CONSONANT.sub(r"\1", stem)
    stem = _CHANGING_VOWEL.sub(r"о\1", stem)
    return stem[:-1] + _CHANGING_CONSONANTS.get(stem[-1], stem[-1])


# Longest first; three letters must remain, so that short words keep their vowel (мова → мов, not м).
_UKRAINIAN_ENDINGS = (
    "ього ьому ього ьої ьою "  # soft adjectives: синього, синьої
    "іями ією іям іях ії іє ія ій ію "  # організація
    "ого ому ими іми ої ою их іх ий им ім "  # hard adjectives, instrumental of the first declension
    "ями ами ові еві єві ею єю ей ям ам ях ах ом ем єм ів їв "
    "а я о е є и і ї у ю ь й"
)
_VOWELS = "аеєиіоуюя"
_CONSONANTS = "бвгджзйклмнпрстфхцчшщ"


def _alternatives(endings: str) -> str:
    return "|".join(sorted({fold(ending) for ending in endings.split()}, key=len, reverse=True))


_UKRAINIAN_ENDING = re.compile(f"(?<=[^\\W\\d_]{{3}})(?:{_alternatives(_UKRAINIAN_ENDINGS)})$")
# Some stems end like an ending (програм-а, основ-а, Харків): what is cut from програм must be cut from програма too.
_UKRAINIAN_SECOND_ENDING = re.compile(f"(?<=[^\\W\\d_]{{3}})(?:{_alternatives('ів ов ев єв ом ем єм ам')})$")
_DOUBLED_CONSONANT = re.compile(f"([{_CONSONANTS}])\\1$")
# Only in forms without an ending (будинок, жінок, українець), never where no other vowel would be left (крок).
_FLEETING_VOWEL = re.compile(f"^([^\\W\\d_]*[{_VOWELS}][^\\W\\d_]*[{_CONSONANTS}])(?:о(?=к$)|е(?=ць$))")
_CHANGING_VOWEL = re.compile(f"[іеєо]([{_CONSONANTS}]{{1,2}})$")
_CHANGING_CONSONANTS = {"з": "г", "ц": "к"}


def _word_tokens(spelled: str, languages: tuple[str, ...]) -> list[str]:
    """Return the word token and then its stem tokens, without doubles."""
    spelled = spelled[:MAX_TOKEN_CHARACTERS]
    word = fold(spelled)[:MAX_TOKEN_CHARACTERS]
    stems = [stem for language in languages for stem in _stems(spelled, language)]
    return list(dict.fromkeys([word, *((STEM_MARK + stem)[:MAX_TOKEN_CHARACTERS] for stem in stems)]))


@lru_cache(maxsize=20_000)
def _stems(spelled: str, language: str) -> tuple[str, ...]:
    """Return the folded stems of a word as it is spelled and as it is typed without diacritics.

    Snowball's rules know their own letters only: "cudzoziemców" gives cudzoziemc, "cudzoziemcow" itself. With both
    stored, a query typed without diacritics finds every form, and one typed with them stays exact.
    """
    if not spelled.isalpha():
        return ()
    folded = fold(spelled)
    if language == "uk":
        return (ukrainian_stem(folded),)
    if language not in SNOWBALL_ALGORITHMS:
        return ()
    stem = _stemmer(language).stemWord
    return tuple(dict.fromkeys(filter(None, (fold(stem(spelled)), stem(folded)))))


def _stemmer(language: str) -> snowballstemmer.stemmer:
    stemmers = vars(_of_thread).setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(SNOWBALL_ALGORITHMS[language])
    return stemmers[language]
