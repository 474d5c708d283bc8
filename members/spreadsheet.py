"""Cells of tables that people open in a spreadsheet."""

import re

# A spreadsheet takes a cell that begins so for a formula; after an apostrophe it is a text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
# E.164: a plus and 7 to 15 digits. Nothing in it can be computed, and programs dial it as it is.
PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def plain_cell(text: str) -> str:
    """The text in a form that a spreadsheet never takes for a formula."""
    if text.startswith(FORMULA_SIGNS) and not PHONE_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
