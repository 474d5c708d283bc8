"""Whether a text says that somebody was harmed, or looks for help: then help comes first.

The words stand in `data/search/help_words.csv`, by language (`terms` says how they are read).
"""

from languages.search.terms import subjects_of


def asks_for_help(text: str, language: str) -> bool:
    """Whether a text of a reader of `language` has words of harm or of help, in any language."""
    return bool(subjects_of(text, language, "search/help_words", ""))
