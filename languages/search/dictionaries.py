"""Which words the languages have: a word that a dictionary knows is not corrected.

`manage.py compile_dictionaries` reads simplemma's dictionaries and writes one file for each
language: the CRC-32 of every folded word, sorted. A process maps the file into memory and looks a
word up by bisection; it holds none of it (the dictionaries themselves take 800 MiB for eight
languages). One word in 1,000 to 20,000 passes for a known one by chance. Without the files no word
is known.
"""

import mmap
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from languages.folding import fold

FOLDER: Path = settings.VAR_DIR / "dictionaries"
# Four bytes in the order of this machine; the files are made where they are read.
UINT32: Final = "I"


class _Letters(dict[int, str]):
    """Folds letter by letter, which is right for words of letters alone, and quick."""

    def __missing__(self, code: int) -> str:
        self[code] = fold(chr(code))
        return self[code]


def compile_words(language: str, words: Iterable[str]) -> int:
    """Write the file of a language. Returns how many different words it has."""
    letters = _Letters()
    codes: set[int] = set()
    for word in words:
        if word.isalpha():
            codes.add(_code_of(word.translate(letters)))
        elif "'" in word or "’" in word:
            codes.add(_code_of(fold(word)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = _path_of(language)
    new = path.with_suffix(".new")
    with new.open("wb") as file:
        array(UINT32, sorted(codes)).tofile(file)
    new.replace(path)
    _words.cache_clear()
    return len(codes)


def is_compiled(language: str) -> bool:
    return _path_of(language).exists()


def is_known(word: str, languages: Iterable[str]) -> bool:
    """Whether a dictionary of one of the languages has a folded word, in any form."""
    code = _code_of(word)
    return any(_has(_words(language), code) for language in languages)


def _code_of(folded: str) -> int:
    return zlib.crc32(folded.encode("utf-8", "replace"))


def _has(codes: memoryview | None, code: int) -> bool:
    if codes is None:
        return False
    place = bisect_left(codes, code)
    return place < len(codes) and codes[place] == code


@cache
def _words(language: str) -> memoryview | None:
    """The sorted codes of a language; None without its file."""
    path = _path_of(language)
    if not path.exists() or not path.stat().st_size:
        return None
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return memoryview(mapped).cast(UINT32)


def _path_of(language: str) -> Path:
    return FOLDER / f"{language}.words"
