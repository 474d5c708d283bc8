"""A text in sentences, as translators work on it: one after the other, with lines and items of
lists apart."""

import re
from functools import lru_cache

# A full stop after these ends no sentence. Of all our languages together: no abbreviation of one is
# a word with which a sentence of another ends.
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
_END = re.compile(r"([^\s]*?)[.!?…]+[\"'”’»“)\]]*(?=\s+[\"'„“”«»¿¡(\[*_]*[^\W_a-zà-ÿа-яіїєґ])")
# Marks of Markdown before what a line says: items, quotations, headings.
_MARK = re.compile(r"^\s*(?:[-*+>]|#+|\d+[.)])\s+")


@lru_cache(maxsize=20_000)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences in their order, without the marks of lists: "Come in. It is free." → ("Come
    in.", "It is free.").

    In doubt a text is not parted: two sentences taken for one are only found more seldom.
    """
    found = []
    for line in text.splitlines():
        found += _of_line(_MARK.sub("", line).strip())
    return tuple(found)


def _of_line(line: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(line):
        if _is_abbreviated(end[1]):
            continue
        found.append(line[start : end.end()].strip())
        start = end.end()
    rest = line[start:].strip()
    return [*found, rest] if rest else found


def _is_abbreviated(word: str) -> bool:
    """An abbreviation, an initial, or the number of a German or Polish day."""
    bare = word.lstrip("\"'„“”«»(").lower()
    return bare in _ABBREVIATIONS or len(bare) == 1 or bare.isdigit()
