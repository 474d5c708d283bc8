"""Every function that reads a text of a person takes time in proportion to its length.

How it is measured: regular expressions, `unicodedata` and difflib run in C, where Python can count
no steps. So each function reads a text of n and of 2n characters, and the test compares the
processor time of this process, which the load of the machine does not change. Linear time doubles,
quadratic time grows four times, so the bound is three. Small n comes first: a cubic function fails
there and does not hold up the suite. A time below `NOISE` is too short to compare and passes: code
that is quadratic takes seconds for 25,000 characters, even in C.
"""

import gc
import time
from collections.abc import Callable

import pytest

from languages import folding, memory, names, sorting
from languages.dates import PartialDateError, parse, parse_input
from languages.difference import difference
from languages.glossary import terms_in
from languages.markdown import plain
from languages.models import text_hash
from languages.search.analysis import index_tokens, ukrainian_stem, word_tokens
from languages.search.labels import name_label
from languages.search.passages import find_passage, highlight
from languages.search.query import parse_query
from languages.search.typing_errors import distance
from languages.sentences import sentences

SIZES = (1_000, 25_000)
NOISE = 0.25
MOST_GROWTH = 3

SHAPES = {
    "dots": ".",
    "dots and spaces": ". ",
    "dots and capitals": ".A",
    "short sentences": "A b. ",
    "questions": "?! ",
    "ellipses": "… ",
    "abbreviations": "e.g. ",
    "closed quotations": '."',
    "closing brackets": ".)",
    "opening quotations": '"„“«(¡¿',
    "spaces": " ",
    "one word": "a",
    "one capital word": "A",
    "words": "a b ",
    "different words": "".join(f"w{number} " for number in range(2_000)),
    "lines": "\n",
    "items": "- a\n",
    "numbered items": "1. a\n",
    "headings": "#",
    "hyphens": "-",
    "words with hyphens": "a-",
    "apostrophes": "'",
    "Latin words with apostrophes": "l'a",
    "Cyrillic words with apostrophes": "п’я",
    "Cyrillic apostrophes": "п" + "'" * 50,
    "i": "i",
    "different i": "iíîïį",
    "i in Cyrillic": "пi",
    "i before Cyrillic": "i" * 50 + "п",
    "middle dots": "a·",
    "many middle dots": "a" + "·" * 50,
    "gender signs": "a*in",
    "many gender signs": "a" + "*:_" * 20,
    "marks": "\u0301",
    "marks out of order": "\u0301\u0327",
    "marks of half-width letters": "\uff9e\u0301",
    "letters with marks": "a\u0301\u0327\u0316",
    "invisible characters": "a\u00ad\u200b",
    "ligatures": "\ufdfa",
    "digits": "1",
    "dates": "1.1.",
    "mixed scripts": "aяα漢ע",
    "emoji": "👩‍👩‍👧",
    "control characters": "\x00\x1f",
    "square brackets": "[",
    "links": "[a](b",
    "emphasis": "*a_",
    "quotations": "> ",
    "backslashes": "\\",
    "backticks": "`a",
    "angle brackets": "<a",
    "entities": "&#",
}
QUERY = parse_query('a "b c" w1* п l\'a')


def fails_or_parses(text: str) -> None:
    for read in (parse, parse_input):
        with pytest.raises(PartialDateError):
            read(text)


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "fold": folding.fold,
    "spelled_runs": folding.spelled_runs,
    "sentences": sentences.__wrapped__,
    "sort_key": lambda text: sorting.sort_key(text, "pl"),
    "index_tokens": lambda text: index_tokens(text, "pl"),
    "word_tokens": lambda text: word_tokens(text, ("pl", "uk", "de")),
    "ukrainian_stem": ukrainian_stem,
    "parse_query": parse_query,
    "highlight": lambda text: highlight(text, "en", QUERY),
    "find_passage": lambda text: find_passage(text, "en", QUERY),
    "name_label": lambda text: name_label(folding.words(text)),
    "terms_in": lambda text: terms_in(text, "en", "pl"),
    "difference": lambda text: difference(text, text[1:] + "x"),
    "difference of halves": lambda text: difference(text[::2], text[1::2]),
    "likeness_of": lambda text: memory.likeness_of(text, text[1:] + "x"),
    "distance": lambda text: distance("word", text, 2),
    "plain": plain,
    "locale_of": names.locale_of.__wrapped__,
    "text_hash": text_hash,
    "dates": fails_or_parses,
}


def text_of(shape: str, length: int) -> str:
    repeated = SHAPES[shape] * (length // len(SHAPES[shape]) + 1)
    return repeated[:length]


def seconds(read: Callable[[str], object], text: str) -> float:
    """Processor time of this process, without that of Python's garbage collector, which grows with
    all objects of the process."""
    gc.disable()
    try:
        start = time.process_time()
        read(text)
        return time.process_time() - start
    finally:
        gc.enable()


def growth(read: Callable[[str], object], shape: str, length: int) -> float:
    """How many times as long the double text takes; 0 where it takes no time worth measuring."""
    double = seconds(read, text_of(shape, 2 * length))
    if double < NOISE:
        return 0
    return double / seconds(read, text_of(shape, length))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_time_grows_with_the_length_of_the_text(name):
    read = FUNCTIONS[name]
    for shape in SHAPES:
        for length in SIZES:
            # Other processes may slow one measurement down; quadratic code fails in each.
            attempts = (growth(read, shape, length // 2) for _attempt in range(3))
            is_linear = any(ratio <= MOST_GROWTH for ratio in attempts)
            assert is_linear, f"{name} on {shape}, {length} characters"


def test_measurement_finds_quadratic_code():
    def read(text: str) -> int:
        return sum(text.count(sign) for sign in text[::5])

    assert growth(read, "dots", 100_000) > MOST_GROWTH
