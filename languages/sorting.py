"""Dictionary order without collations: one hexadecimal key per text and language, the same on every
database.

The order is that of the Unicode collation algorithm with CLDR's root table and the tailorings of
our languages (Unicode Technical Standard 10; CLDR 42 `collation/*.xml`), as ICU and PostgreSQL's
`pl-x-icu` have it, for Latin, Greek and Cyrillic letters, digits and common punctuation; other
characters follow by code point. A test compares the two. Punctuation and spaces count and stand
before digits, digits before letters (CLDR's "non-ignorable").

A key is three levels, each ended by the byte 00 except the last: which letters, which accents,
which capitals. What says "nothing special" is left out at the end of a level, so that most keys
hold little more than one byte per letter.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

# 250 bytes: an index row on PostgreSQL holds at most 2,700. Longer keys are cut: texts that differ
# later are equals.
MAX_KEY_CHARACTERS = 500

SPACE_AND_PUNCTUATION = (
    " _-‐‒–—―,;:!¡?¿.·'‘’‚‹›\"“”„«»()[]{}§¶@*/\\&#%‰†‡•′`´^¯¨¸°©®←→↑↓+±÷×<=>¬|¦~⁄¤¢$£¥₣₤₩₪₫€₱₴₸₹₺₽"
)
DIGITS = "0123456789"
# ʼ is a letter in Unicode and stands after all others.
LATIN = "abcdeǝəfghiıjklmnŋopqĸrstŧuvwxyzʒþʼ"
GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
CYRILLIC = "аәӕбвгғдђеєжзѕиійјкқлљмнңњоөпрстћуүұфхһцчџшщъыьѣэюя"

# Accents from the weakest to the strongest: stroke overlay, comma above, acute, grave, breve,
# circumflex, caron, ring, diaeresis, double acute, tilde, dot above, slash, cedilla, ogonek,
# macron, bar (of đ ħ ł) and the rarer ones.
_ACCENTS = (
    "\u0332\u0313\u0314\u0301\u0300\u0306\u0302\u030c\u030a\u0342\u0308\u0344\u030b\u0303\u0307\u0338\u0327\u0328\u0304"
    "\u0335\u0309\u030f\u0311\u031b\u0323\u0324\u0325\u0326\u032d\u032e\u0330\u0331\u0345"
)
# A mark of our own for letters that differ from plain ones without having an accent; the strongest.
_LIGATURE = "\ue000"
# Letters that Unicode does not decompose, spelled as CLDR orders them.
_SPELLED = {
    "æ": f"a{_LIGATURE}e", "œ": f"o{_LIGATURE}e", "ß": f"s{_LIGATURE}s", "ø": "o\u0338",
    "ł": "l\u0335", "đ": "d\u0335",
    "ħ": "h\u0335", "ð": f"d{_LIGATURE}", "ŀ": f"l{_LIGATURE}", "ſ": f"s{_LIGATURE}", "ς": "σ",
    "ґ": f"г{_LIGATURE}",
}  # fmt: skip

# Letters that a language puts into the alphabet after another one, on their own level.
_ADDED_LETTERS = {
    "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
    "sv": {"ʼ": "åäö"},
    "es": {"n": "ñ"},
    "uk": {"г": "ґ", "і": "ї"},
}
# Letters that count as others and follow them where nothing else decides, from the weakest to the
# strongest.
_VARIANTS = {
    "sv": {
        "ü": "y",
        "ű": "y",
        "æ": "ä",
        "ę": "ä",
        "ø": "ö",
        "ő": "ö",
        "œ": "ö",
        "ô": "ö",
        "þ": "th",
    },
}
_SCRIPTS = {"uk": CYRILLIC + LATIN + GREEK}

_END_OF_LEVEL = b"\x00"
_PLAIN = b"\x01"
_CAPITAL = b"\x02"
_FIRST_WEIGHT = 2
# CLDR puts variants between the plain letter and every accent.
_FIRST_VARIANT = 0x02
_FIRST_ACCENT = 0x20
_OTHER_ACCENT = b"\x7e"
_OTHER_LETTER = b"\xfe"
# Stands in the list of weights for every symbol that has no place of its own.
_OTHER_SYMBOL = "\ufffd"

# What one character adds to the three levels.
Levels = tuple[bytes, bytes, bytes]


def sort_key(text: str, language: str) -> str:
    """Return a lower-case hexadecimal key whose plain order is a language's dictionary order (ISO
    639-1 or BCP 47).

    In "pl" Łódź comes after Lublin, in "en" before it. Texts that differ in accents or capitals
    differ in their keys; control characters and lone surrogates count for nothing, a final ς counts
    as σ. At most `MAX_KEY_CHARACTERS` characters; a language without rules of its own has the root
    order.
    """
    language = language[:2].lower()
    composed = unicodedata.normalize("NFC", text[:MAX_KEY_CHARACTERS])
    letters, accents, capitals = _joined(_levels(character, language) for character in composed)
    levels = (letters, accents.rstrip(_PLAIN), capitals.rstrip(_PLAIN))
    return _END_OF_LEVEL.join(levels).rstrip(_END_OF_LEVEL).hex()[:MAX_KEY_CHARACTERS]


@lru_cache(maxsize=4096)
def _levels(character: str, language: str) -> Levels:
    """Weigh a character: a letter of the language, else what it is spelled with, else by its code
    point."""
    lower = character.lower()
    case = _PLAIN if lower == character else _CAPITAL
    if lower in _VARIANTS.get(language, {}):
        return _variant_levels(lower, case, language)
    if lower in _letter_weights(language):
        return _letter_weights(language)[lower], _PLAIN, case
    if lower in _accent_weights():
        return b"", _accent_weights()[lower], _PLAIN
    if lower in _SPELLED:
        spelled = _SPELLED[lower] if case == _PLAIN else _SPELLED[lower].upper()
        return _joined(_levels(part, language) for part in spelled)
    if parts := _decomposed(character):
        return _joined(_levels(part, language) for part in parts)
    return _other_levels(lower[0], case, language)


def _variant_levels(lower: str, case: bytes, language: str) -> Levels:
    variants = _VARIANTS[language]
    letters, accents, _ = _joined(_levels(part, language) for part in variants[lower])
    strength = _FIRST_VARIANT + list(variants).index(lower)
    return letters, bytes([strength]) + accents[1:], case * len(letters)


def _other_levels(character: str, case: bytes, language: str) -> Levels:
    """Weigh a character no table knows: accents, then symbols before the digits, letters after all
    others."""
    category = unicodedata.category(character)
    weights = _letter_weights(language)
    code_point = ord(character).to_bytes(3, "big")
    if character.isspace():
        return weights[" "], _PLAIN, _PLAIN
    if category in {"Cc", "Cf", "Cs"}:
        return b"", b"", b""
    if category[0] == "M":
        # The last byte keeps a code point that ends in 01 from being taken for "nothing special".
        return b"", _OTHER_ACCENT + code_point + _CAPITAL, _PLAIN
    return (
        (_OTHER_LETTER if category[0] == "L" else weights[_OTHER_SYMBOL]) + code_point,
        _PLAIN,
        case,
    )


def _joined(parts: Iterable[Levels]) -> Levels:
    letters, accents, capitals = (
        zip(*parts, strict=True) if (parts := list(parts)) else ((), (), ())
    )
    return b"".join(letters), b"".join(accents), b"".join(capitals)


def _decomposed(character: str) -> str:
    """Take one step of decomposition only: ǻ is å with an accent, which Swedish must see, not a
    with two."""
    codes = unicodedata.decomposition(character).split()
    return "".join(chr(int(code, 16)) for code in codes if not code.startswith("<"))


@cache
def _letter_weights(language: str) -> dict[str, bytes]:
    letters = _SCRIPTS.get(language, LATIN + GREEK + CYRILLIC)
    for letter, added in _ADDED_LETTERS.get(language, {}).items():
        letters = letters.replace(letter, letter + added)
    characters = SPACE_AND_PUNCTUATION + _OTHER_SYMBOL + DIGITS + letters
    return {
        character: bytes([weight])
        for weight, character in enumerate(characters, start=_FIRST_WEIGHT)
    }


@cache
def _accent_weights() -> dict[str, bytes]:
    return {
        accent: bytes([weight])
        for weight, accent in enumerate(_ACCENTS + _LIGATURE, start=_FIRST_ACCENT)
    }
