"""Which page of the portal itself a text asks for: how to join, whom to write to, the open data.

The words stand in `data/search/page_words.csv`, by page and language (`terms` says how they are
read).
"""

from languages.search.terms import subjects_of

JOIN, CITIES, PLAN, CONTACT = "join", "cities", "plan", "contact"
# Not the plan, but what it says of a subject.
POINT = "point"


def pages_asked_for(text: str, language: str) -> list[str]:
    """The names of the pages that a text of a reader of `language` asks for."""
    pages = subjects_of(text, language, "search/page_words", "page")
    # Who asks how a town becomes a member does not ask which are members.
    if JOIN in pages and CITIES in pages:
        pages.remove(CITIES)
    return pages
