"""Cells of tables that people open in a spreadsheet."""

# A spreadsheet takes a cell that begins so for a formula; after an apostrophe it is a text.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(text: str) -> str:
    """The text in a form that a spreadsheet never takes for a formula."""
    if text.startswith(FORMULA_SIGNS):
        return f"'{text}"
    return text
