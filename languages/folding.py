"""One plain spelling of every word, so that "Lodz" finds "Łódź" and "п'ять" finds "п’ять".

Search and typo correction compare folded text only; nothing folded is ever shown to a reader.

What is lost on purpose, and what is kept:

* Latin letters lose their diacritics, and the letters that Unicode does not decompose (ł ø đ ß æ œ
  þ ð ı ...) become the plain letters people type instead. German ä becomes a, not ae: the rule is
  the same for Köln, Malmö and Örebro.
* Greek loses its accents, and final ς becomes σ.
* Cyrillic: ґ becomes г, ё е, ї і and ў у, because keyboards without these letters are common and
  old texts mix them. й stays й: it is never typed as и, and Ukrainian endings differ by it. A Latin
  i between Cyrillic letters is the Cyrillic і, a frequent slip ("Киiв").
* Apostrophes inside Cyrillic words vanish (п'ять, п’ять, пʼять are one word); elsewhere they part
  words (l'eau).
* Inclusive spellings are joined: "citoyen·ne·s" is "citoyennes", "Bürger*innen" and "Bürger:innen"
  are "burgerinnen".
* Control characters, NUL and lone surrogates become spaces; invisible marks such as the soft hyphen
  vanish.
"""

import re
import unicodedata
from functools import lru_cache

# Letters that have no decomposition in Unicode, with what people type who lack the key.
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

_DOT_IN_WORD = re.compile(r"(?<=[^\W\d_])[·‧]+(?=[^\W\d_])")
_GENDER_SIGN = re.compile(r"(?<=[^\W\d_])[*:_]+(?=in(?:nen)?\b)")
_LATIN_I = re.compile(f"(?<=[{_CYRILLIC}])[{_I_LIKE}]+|[{_I_LIKE}]+(?=[{_CYRILLIC}])")
_CYRILLIC_APOSTROPHE = re.compile(f"(?<=[{_CYRILLIC}])'+(?=[{_CYRILLIC}])")


def fold(text: str) -> str:
    """Return the text in lower case without diacritics, word for word, punctuation kept: "Łódź,
    п’ять" → "lodz, пять".

    Takes any string, never raises, and folding twice changes nothing more.
    """
    if text.isascii():
        return _join_parted_words(text.lower().translate(_ASCII))
    decomposed = unicodedata.normalize("NFKD", _spell(text).casefold())
    # й decomposes into и and a breve, but it is a letter of its own.
    decomposed = decomposed.replace("и\u0306", "й")
    return _join_parted_words("".join(map(_plain_letter, decomposed)))


def words(text: str) -> list[str]:
    """Return the folded words (letters and digits only) in the order of the text: "Łódź-2024!" →
    ["lodz", "2024"]."""
    return _WORD.findall(fold(text))


def spelled_words(text: str) -> list[str]:
    """Return the lower-case words with their diacritics, as a stemmer wants them: "Łódź-2024!" →
    ["łódź", "2024"]."""
    return _WORD.findall(_spell(text))


def spelled_runs(text: str) -> list[list[str]]:
    """Return the words like `spelled_words`, those joined by hyphens together: "anti-rasizm, plan"
    → [["anti", "rasizm"], ["plan"]]."""
    return [_WORD.findall(run) for run in _RUN.findall(_spell(text))]


def _spell(text: str) -> str:
    """Lower-case and compose, with invisible characters gone and only diacritics that are part of a
    letter left."""
    # U+00B4 must go first: its compatibility form is a space and an accent.
    visible = "".join(map(_visible, text)).replace("´", "'")
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).lower())
    unmarked = "".join(map(_unless_mark, lower)).translate(_APOSTROPHES)
    return _join_parted_words(unmarked)


def _join_parted_words(text: str) -> str:
    text = _DOT_IN_WORD.sub("", text)
    text = _GENDER_SIGN.sub("", text)
    if text.isascii():
        return text
    text = _LATIN_I.sub(lambda found: "і" * len(found[0]), text)
    return _CYRILLIC_APOSTROPHE.sub("", text)


@lru_cache(maxsize=4096)
def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] in "CZ" else character


@lru_cache(maxsize=4096)
def _unless_mark(character: str) -> str:
    return "" if unicodedata.category(character)[0] == "M" else character


@lru_cache(maxsize=4096)
def _plain_letter(character: str) -> str:
    # й is written composed here; everything else is decomposed, so that marks stand alone.
    return PLAIN_LETTERS.get(character, _unless_mark(character))
