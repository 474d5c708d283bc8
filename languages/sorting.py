"""Sort keys: one hexadecimal key for each text and language, the same on every database.

Their order is that of the Unicode collation algorithm with CLDR's root table and the rules of our
languages (Unicode Technical Standard 10; CLDR 42 `collation/*.xml`), as in ICU and PostgreSQL's
`pl-x-icu`, for Latin, Greek and Cyrillic letters, digits and common punctuation. Other characters
follow by code point. A test compares the two. Punctuation and spaces count: they come before
digits, digits before letters (CLDR's "non-ignorable").

A key has three levels: letters, accents, capitals. The byte 00 ends each level except the last.
Bytes for "no accent" and "no capital" at the end of a level are left out, so that most keys have
little more than one byte for each letter.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

# 250 bytes: an index row on PostgreSQL has at most 2,700. Longer keys are cut: texts that differ
# only later have the same key.
MAX_KEY_CHARACTERS = 500

SPACE_AND_PUNCTUATION = (
    " _-‐‒–—―,;:!¡?¿.·'‘’‚‹›\"“”„«»()[]{}§¶@*/\\&#%‰†‡•′`´^¯¨¸°©®←→↑↓+±÷×<=>¬|¦~⁄¤¢$£¥₣₤₩₪₫€₱₴₸₹₺₽"
)
DIGITS = "0123456789"
# ʼ is a letter in Unicode and comes after all others.
LATIN = "abcdeǝəfghiıjklmnŋopqĸrstŧuvwxyzʒþʼ"
GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
CYRILLIC = "аәӕбвгғдђеєжзѕиійјкқлљмнңњоөпрстћуүұфхһцчџшщъыьѣэюя"

# Accents from the weakest to the strongest: stroke overlay, comma above, acute, grave, breve,
# circumflex, caron, ring, diaeresis, double acute, tilde, dot above, slash, cedilla, ogonek,
# macron, bar (of đ ħ ł) and the rarer ones.
_ACCENTS = (
    "\u0332\u0313\u0314\u0301\u0300\u0306\u0302\u030c\u030a\u0342\u0308\u0344\u030b\u0303"
    "\u0307\u0338\u0327\u0328\u0304"
    "\u0335\u0309\u030f\u0311\u031b\u0323\u0324\u0325\u0326\u032d\u032e\u0330\u0331\u0345"
)
# Our own accent for letters that differ from plain ones without an accent; the strongest.
_LIGATURE = "\ue000"
# Letters that Unicode does not decompose, spelled as CLDR orders them.
_SPELLED = {
    "æ": f"a{_LIGATURE}e", "œ": f"o{_LIGATURE}e", "ß": f"s{_LIGATURE}s", "ø": "o\u0338",
    "ł": "l\u0335", "đ": "d\u0335",
    "ħ": "h\u0335", "ð": f"d{_LIGATURE}", "ŀ": f"l{_LIGATURE}", "ſ": f"s{_LIGATURE}", "ς": "σ",
    "ґ": f"г{_LIGATURE}",
}  # fmt: skip

# Letters that a language has in its alphabet after another one.
_ADDED_LETTERS = {
    "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
    "sv": {"ʼ": "åäö"},
    "es": {"n": "ñ"},
    "uk": {"г": "ґ", "і": "ї"},
}
# Letters that count as another letter, and come after it if nothing else decides; from the weakest
# to the strongest.
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
_ROOT_SCRIPTS = LATIN + GREEK + CYRILLIC

_END_OF_LEVEL = b"\x00"
_PLAIN = b"\x01"
_CAPITAL = b"\x02"
_FIRST_WEIGHT = 2
# CLDR puts variants between the plain letter and every accent.
_FIRST_VARIANT = 0x02
_FIRST_ACCENT = 0x20
_OTHER_ACCENT = b"\x7e"
_OTHER_LETTER = b"\xfe"
# The place in the list of weights of every symbol that has none of its own.
_OTHER_SYMBOL = "\ufffd"
_BEFORE_LETTERS = SPACE_AND_PUNCTUATION + _OTHER_SYMBOL + DIGITS

# What one character adds to the three levels.
Levels = tuple[bytes, bytes, bytes]


def sort_key(text: str, language: str) -> str:
    """Return a lower-case hexadecimal key for the dictionary order of a language (ISO 639-1 or BCP
    47).

    In "pl" Łódź comes after Lublin, in "en" before it. Texts that differ in accents or capitals
    have different keys. Control characters and lone surrogates do not count, and final ς counts as
    σ. A key has at most `MAX_KEY_CHARACTERS` characters. A language without rules of its own has
    the root order.
    """
    code = language[:2].lower()
    start = text[:MAX_KEY_CHARACTERS]
    composed = unicodedata.normalize("NFC", start)
    parts = [_levels(character, code) for character in composed]
    letters, accents, capitals = _join(parts)
    accents = accents.rstrip(_PLAIN)
    capitals = capitals.rstrip(_PLAIN)
    levels = _END_OF_LEVEL.join([letters, accents, capitals])
    key = levels.rstrip(_END_OF_LEVEL)
    digits = key.hex()
    return digits[:MAX_KEY_CHARACTERS]


@lru_cache(maxsize=4096)
def _levels(character: str, language: str) -> Levels:
    """The levels of a character: as a letter of the language, else as the letters that it consists
    of, else by its code point."""
    lower = character.lower()
    case = _PLAIN if lower == character else _CAPITAL
    variants = _VARIANTS.get(language, {})
    if lower in variants:
        return _variant_levels(lower, case, language)
    weights = _letter_weights(language)
    if lower in weights:
        return weights[lower], _PLAIN, case
    accents = _accent_weights()
    if lower in accents:
        return b"", accents[lower], _PLAIN
    parts = _parts_of(character, lower)
    if parts:
        levels = [_levels(part, language) for part in parts]
        return _join(levels)
    return _other_levels(lower[0], case, language)


def _parts_of(character: str, lower: str) -> str:
    """The characters that a character consists of; "" if it is not composed."""
    if lower in _SPELLED:
        spelled = _SPELLED[lower]
        is_capital = lower != character
        return spelled.upper() if is_capital else spelled
    return _decompose(character)


def _variant_levels(lower: str, case: bytes, language: str) -> Levels:
    variants = _VARIANTS[language]
    spelled = variants[lower]
    parts = [_levels(part, language) for part in spelled]
    letters, accents, _capitals = _join(parts)
    order = list(variants)
    strength = _FIRST_VARIANT + order.index(lower)
    accents = bytes([strength]) + accents[1:]
    capitals = case * len(letters)
    return letters, accents, capitals


def _other_levels(character: str, case: bytes, language: str) -> Levels:
    """The levels of a character that no table has: accents; symbols before digits; letters after
    all others."""
    category = unicodedata.category(character)
    weights = _letter_weights(language)
    code_point = ord(character).to_bytes(3, "big")
    if character.isspace():
        return weights[" "], _PLAIN, _PLAIN
    if category in {"Cc", "Cf", "Cs"}:
        return b"", b"", b""
    major_category = category[0]
    if major_category == "M":
        # The last byte protects a code point that ends in 01, which would be cut as "no accent".
        accent = _OTHER_ACCENT + code_point + _CAPITAL
        return b"", accent, _PLAIN
    if major_category == "L":
        return _OTHER_LETTER + code_point, _PLAIN, case
    return weights[_OTHER_SYMBOL] + code_point, _PLAIN, case


def _join(parts: Iterable[Levels]) -> Levels:
    """The levels of several characters, level by level."""
    letters = []
    accents = []
    capitals = []
    for letter, accent, capital in parts:
        letters.append(letter)
        accents.append(accent)
        capitals.append(capital)
    return (
        b"".join(letters),
        b"".join(accents),
        b"".join(capitals),
    )


def _decompose(character: str) -> str:
    """One step of decomposition: ǻ gives å and an accent, because å is a letter in Swedish."""
    characters = []
    for code in unicodedata.decomposition(character).split():
        # The first may be a tag such as <compat>.
        is_tag = code.startswith("<")
        if not is_tag:
            code_point = int(code, 16)
            characters.append(chr(code_point))
    return "".join(characters)


@cache
def _letter_weights(language: str) -> dict[str, bytes]:
    """The weights of letters, digits and punctuation in a language."""
    letters = _SCRIPTS.get(language, _ROOT_SCRIPTS)
    added_letters = _ADDED_LETTERS.get(language, {})
    for letter, added in added_letters.items():
        letters = letters.replace(letter, letter + added)
    characters = _BEFORE_LETTERS + letters
    return _weights(characters, _FIRST_WEIGHT)


@cache
def _accent_weights() -> dict[str, bytes]:
    return _weights(_ACCENTS + _LIGATURE, _FIRST_ACCENT)


def _weights(characters: str, first: int) -> dict[str, bytes]:
    """Numbers from `first` on as bytes, in the order of the characters."""
    weights = {}
    for number, character in enumerate(
        characters,
        start=first,
    ):
        weights[character] = bytes([number])
    return weights
