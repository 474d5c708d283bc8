"""Folding: one plain spelling of every word, so that "Lodz" finds "Łódź" and "п'ять" finds "п’ять".

Search and typo correction compare folded text only. No reader ever sees it. The rules:

* Latin letters lose their diacritics. Letters that Unicode does not decompose (ł ø đ ß æ œ þ ð ı
  ...) become the plain letters that people write instead. German ä becomes a, not ae, so that one
  rule fits Köln, Malmö and Örebro.
* Greek loses its accents, and final ς becomes σ.
* Cyrillic ґ becomes г, ё е, ї і and ў у, because many keyboards lack these letters and old texts
  mix them. й stays й: nobody writes и instead, and Ukrainian endings differ by it. A Latin i beside
  a Cyrillic letter becomes the Cyrillic і, because it is a frequent slip ("Киiв").
* Apostrophes inside Cyrillic words vanish (п'ять, п’ять, пʼять are one word). Elsewhere they
  separate words (l'eau).
* Inclusive spellings are joined: "citoyen·ne·s" is "citoyennes", "Bürger*innen" and "Bürger:innen"
  are "burgerinnen".
* Control characters, NUL and lone surrogates become spaces. Invisible characters such as the soft
  hyphen vanish.

All functions take time in proportion to the length of the text.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

# Letters that Unicode does not decompose, with what people write who lack the key.
PLAIN_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ȷ": "j", "ĸ": "k",
    "ð": "d", "þ": "th",
    "ß": "ss", "æ": "ae", "œ": "oe", "ə": "e", "ǝ": "e", "ƶ": "z", "ґ": "г",
}  # fmt: skip

_WORD = re.compile(r"[^\W_]+")
# Words held together by hyphens: "anti-rasizm", "Zehn-Punkte-Plan".
_RUN = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_I_LIKE = "iıìíîïĩīĭįǐȉȋḭḯỉị"
_CYRILLIC = "\u0400-\u052f"
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛ʼʻʽʹ′`", "'"))
_ASCII = str.maketrans({**dict.fromkeys(map(chr, range(32)), " "), "\x7f": " ", "`": "'"})

# What may part a word: without any of these there is nothing to join.
_PARTING = re.compile("[·‧*:_]")
_DOT_IN_WORD = re.compile(r"(?<=[^\W\d_])[·‧]+(?=[^\W\d_])")
_GENDER_SIGN = re.compile(r"(?<=[^\W\d_])[*:_]+(?=in(?:nen)?\b)")
# Linear: the second half starts only at the first of several i, and `++` never goes back.
_LATIN_I = re.compile(
    f"(?<=[{_CYRILLIC}])[{_I_LIKE}]+|(?<![{_I_LIKE}])[{_I_LIKE}]++(?=[{_CYRILLIC}])"
)
_CYRILLIC_APOSTROPHE = re.compile(f"(?<=[{_CYRILLIC}])'+(?=[{_CYRILLIC}])")
_HAS_CYRILLIC = re.compile(f"[{_CYRILLIC}]")

# Texts of which every character is folded by itself, whatever stands beside it: ASCII, the letters
# of our languages (without those that Unicode takes apart into a letter and a sign), ordinary
# punctuation.
_OF_INDEPENDENT = re.compile(
    "[\\x00-\x7f\xa0\xab\xb7\xbb\xc0-\u013e\u0141-\u0148\u014a-\u017f"
    "\u0400-\u045f\u0490\u0491\u2010-\u2014\u2018-\u201e\u2026\u20ac]*"
)

# Unicode sorts the marks after a letter in time that grows with the square of their number. The
# Stream-Safe Text Format (Unicode Standard Annex 15, section 13) allows 30 in a row.
_MOST_MARKS = 30
# Where more marks may be: a long run without Latin, Greek and Cyrillic letters, spaces and digits.
_LONG_RUN = re.compile(
    f"[^\\x00-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027]{{{_MOST_MARKS + 1},}}"
)


def fold(text: str) -> str:
    """Return the text in lower case without diacritics; punctuation stays: "Łódź, п’ять" →
    "lodz, пять".

    Takes any string, never raises. Folding a folded text changes nothing.
    """
    if text.isascii():
        lower = text.lower()
        return _join_parted_words(lower.translate(_ASCII))
    if _OF_INDEPENDENT.fullmatch(text):
        spelled = _spell(text)
        folded = _change_each(spelled, _folded_alone)
        return _join_parted_words(folded)
    return _fold_together(text)


def _fold_together(text: str) -> str:
    """The folded text, where characters may belong together."""
    spelled = _spell_together(text)
    decomposed = unicodedata.normalize("NFKD", spelled.casefold())
    # й decomposes into и and a breve, but it is a letter of its own.
    decomposed = decomposed.replace("и\u0306", "й")
    plain = "".join(map(_plain_letter, decomposed))
    return _join_parted_words(plain)


def words(text: str) -> list[str]:
    """Return the folded words (letters and digits only) in the order of the text: "Łódź-2024!" →
    ["lodz", "2024"]."""
    return _WORD.findall(fold(text))


def spelled_words(text: str) -> list[str]:
    """Return the lower-case words with their diacritics, as stemmers need them: "Łódź-2024!" →
    ["łódź", "2024"]."""
    return _WORD.findall(_spell(text))


def spelled_runs(text: str) -> list[list[str]]:
    """Return the same words in lists, those joined by hyphens in one list: "anti-rasizm, plan" →
    [["anti", "rasizm"], ["plan"]]."""
    runs = _RUN.findall(_spell(text))
    return [_WORD.findall(run) for run in runs]


def _spell(text: str) -> str:
    """The text in lower case and composed (NFKC), without invisible characters, and without marks
    that are not part of a letter."""
    if _OF_INDEPENDENT.fullmatch(text):
        spelled = _change_each(text.lower(), _spelled_alone)
        return _join_parted_words(spelled)
    return _spell_together(text)


def _spell_together(text: str) -> str:
    """The spelled text, where characters may belong together."""
    visible = "".join(map(_visible, text))
    visible = _limit_marks(visible)
    # U+00B4 must go first: its compatibility form is a space and an accent.
    visible = visible.replace("´", "'")
    lower = unicodedata.normalize("NFKC", visible).lower()
    composed = unicodedata.normalize("NFKC", lower)
    unmarked = "".join(map(_unless_mark, composed))
    spelled = unmarked.translate(_APOSTROPHES)
    return _join_parted_words(spelled)


def _limit_marks(text: str) -> str:
    """The text without what follows the first 30 combining marks in a row."""
    return _LONG_RUN.sub(_limit_marks_of_run, text)


def _limit_marks_of_run(run: re.Match[str]) -> str:
    characters = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= _MOST_MARKS:
            characters.append(character)
    return "".join(characters)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    """Whether the character becomes combining marks alone when Unicode decomposes it."""
    decomposed = unicodedata.normalize("NFKD", character)
    return all(map(unicodedata.combining, decomposed))


def _join_parted_words(text: str) -> str:
    """The text with inclusive spellings joined, and Cyrillic words without apostrophes and Latin
    i."""
    if _PARTING.search(text):
        text = _DOT_IN_WORD.sub("", text)
        text = _GENDER_SIGN.sub("", text)
    if text.isascii() or not _HAS_CYRILLIC.search(text):
        return text
    text = _LATIN_I.sub(lambda match: "і" * len(match[0]), text)
    return _CYRILLIC_APOSTROPHE.sub("", text)


def _change_each(text: str, change: Callable[[str], str]) -> str:
    """The text with each character changed by itself. A text has few different characters, so this
    takes a tenth of the time of changing it as a whole."""
    for character in set(text):
        changed = change(character)
        if changed != character:
            text = text.replace(character, changed)
    return text


@lru_cache(maxsize=4096)
def _folded_alone(character: str) -> str:
    return _fold_together(character)


@lru_cache(maxsize=4096)
def _spelled_alone(character: str) -> str:
    return _spell_together(character)


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else character


@lru_cache(maxsize=4096)
def _unless_mark(character: str) -> str:
    category = unicodedata.category(character)
    is_mark = category[0] == "M"
    return "" if is_mark else character


@lru_cache(maxsize=4096)
def _plain_letter(character: str) -> str:
    # й is composed here. Everything else is decomposed, so that each mark is a character.
    return PLAIN_LETTERS.get(character, _unless_mark(character))
