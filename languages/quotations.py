"""Quotation marks inside quotation marks, as each language sets them."""

import re

# Those that open and close a quotation within a quotation.
INNER_MARKS = {
    "de": ("‚", "‘"),
    "en": ("‘", "’"),
    "es": ("“", "”"),
    "fr": ("“", "”"),
    "it": ("“", "”"),
    "pl": ("«", "»"),
    "sv": ("’", "’"),
    "uk": ("„", "“"),
}
# Of any language: “a”, ”a”, „a“, «a», »a«, "a"; spaces inside as the French write them.
_QUOTED = re.compile(r"[“”„«»\"]\s?([^“”„«»\"]+?)\s?[“”„«»\"]")


def within_quotation(text: str, language: str) -> str:
    """A text that will stand in quotation marks, with the inner ones where it has its own:
    `Plan “Together”` gives `Plan ‘Together’`. An unknown language has the English ones."""
    opening, closing = INNER_MARKS.get(language, INNER_MARKS["en"])
    return _QUOTED.sub(rf"{opening}\1{closing}", text)
