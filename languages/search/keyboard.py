"""What a text says if it was typed with the wrong keyboard layout: "Rhfrsd" is Краків on Ukrainian
keys, "лкфлщц" is krakow on Latin ones, "Yürich" is Zürich on German ones."""

from collections.abc import Iterator

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_UKRAINIAN = "йцукенгшщзхїфівапролджєячсмитьбю'"


def _with_capitals(letters: str, others: str) -> dict[int, str]:
    """A table for `str.translate`: letters and their capitals to the others at the same places."""
    # Keys without capitals stand in both parts: the later one holds.
    keys = letters.upper() + letters
    values = others.upper() + others
    pairs = zip(keys, values, strict=True)
    return {ord(key): value for key, value in pairs}


_TO_UKRAINIAN = _with_capitals(_LATIN, _UKRAINIAN)
# Russian keys differ in two letters.
_TO_LATIN = _with_capitals(_UKRAINIAN, _LATIN) | _with_capitals("ыэъ", "s']")
_SWAPPED = _with_capitals("yz", "zy")


def other_layouts(text: str) -> Iterator[str]:
    """The text as other layouts have it, the likelier first; none that equals the text."""
    letters = [letter for letter in text.lower() if letter.isalpha()]
    latin = sum(letter.isascii() for letter in letters)
    cyrillic = sum("Ѐ" <= letter <= "ӿ" for letter in letters)
    if cyrillic and not latin:
        yield text.translate(_TO_LATIN)
    if {"y", "z"}.intersection(letters):
        yield text.translate(_SWAPPED)
    # With accents it was typed on Latin keys.
    if latin and latin == len(letters):
        yield text.translate(_TO_UKRAINIAN)
