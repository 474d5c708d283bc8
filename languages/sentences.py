"""Splits a text into sentences, as translators work on it: each line and each item of a list on its
own."""

import re
from collections.abc import Iterator
from functools import lru_cache

# A full stop after these words ends no sentence. One list for all our languages: no abbreviation of
# one language is a word that ends a sentence in another.
_ABBREVIATIONS = frozenset(
    word
    for words in (
        "e.g i.e etc no nr vol pp p art ch par mr mrs ms st jr dr prof",
        "ust pkt tj tzn np m.in ul al im św mgr ok godz r w ww",
        "bl.a t.ex s.k dvs kl ca d.v.s z.b d.h u.a bzw usw str abs vgl",
        "cf av bd n sig dott p.es pág núm av.da c sr sra",
        "вул просп ім м р ст п напр т.зв",
    )
    for word in words.split()
)
# A word with its stop and what closes a quotation, before a word that starts with a capital or a
# digit. The pattern is linear: a match starts only at the start of a word (`(?<!\S)`) and a stop
# only at the first of several signs, and the possessive `++` and `*+` never go back.
_END = re.compile(
    r"(?<!\S)(\S*?)(?<![.!?…])[.!?…]++[\"'”’»“)\]]*+"
    r"(?=\s++[\"'„“”«»¿¡(\[*_]*+[^\W_a-zà-ÿа-яіїєґ])"
)
# Markdown signs at the start of a line: list items, quotations, headings.
_MARKDOWN_SIGN = re.compile(r"\s*(?:[-*+>]|#+|\d+[.)])\s+")


@lru_cache(maxsize=20_000)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in their order, without list signs: "Come in. It is free." → ("Come
    in.", "It is free.").

    In doubt a text stays whole: earlier wording is then found less often, but never wrongly. Takes
    time in proportion to the length of the text.
    """
    parts: list[str] = []
    for line in text.splitlines():
        parts += _sentences_of_line(line)
    return tuple(parts)


def excerpt_of(text: str, most: int, least: int = 0) -> str:
    """The first sentences of a text, together at most `most` characters; where these have fewer
    than `least`, or none fits, as many words as fit, and "…"."""
    if len(text) <= most:
        return text
    excerpt = ""
    for sentence in sentences(text):
        longer = f"{excerpt} {sentence}".strip()
        if len(longer) > most:
            break
        excerpt = longer
    if excerpt and len(excerpt) >= least:
        return excerpt
    head = text[:most]
    words, _space, _cut = head.rpartition(" ")
    return words.rstrip(" ,;:–-") + "…"


def _sentences_of_line(line: str) -> Iterator[str]:
    line = _without_sign(line).strip()
    start = 0
    for match in _END.finditer(line):
        if _is_abbreviation(match[1]):
            continue
        end = match.end()
        yield line[start:end].strip()
        start = end
    rest = line[start:].strip()
    if rest:
        yield rest


def _without_sign(line: str) -> str:
    sign = _MARKDOWN_SIGN.match(line)
    if not sign:
        return line
    start = sign.end()
    return line[start:]


def _is_abbreviation(word: str) -> bool:
    """Whether it is an abbreviation, an initial, or the number of a day in German or Polish."""
    bare = word.lstrip("\"'„“”«»(").lower()
    is_number = bare.isdigit()
    is_initial = len(bare) == 1
    return is_number or is_initial or bare in _ABBREVIATIONS
