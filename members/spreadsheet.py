"""What a cell of a table may hold that people open in a spreadsheet."""

# A cell that begins like this is taken for a formula; an apostrophe before it makes it a text
# again.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(text: str) -> str:
    """The text as a spreadsheet takes it for text, never for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
