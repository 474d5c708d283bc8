"""Whether a text says that somebody was harmed, or looks for help: then help comes first.

The words stand in `data/search/help_words.csv`, by language (`terms` says how they are read).
"""

from languages.folding import words
from languages.search.terms import subjects_of
from languages.search.word_lists import municipal_words

# Who speaks of themselves in so many words tells what has happened to them.
TELLING = 3
FIRST_PERSON = "first person"
# Who asks for a plan or a monument wants to know what a city does against harm.
WORK_OF_THE_CITY = "work of the city"
OF_PERSONS = {FIRST_PERSON, "help"}


def asks_for_help(text: str, language: str) -> bool:
    """Whether a text of a reader of `language` has words of harm or of help, in any language, or
    tells of the person who writes, and not of their city."""
    subjects = subjects_of(
        text,
        language,
        table="search/help_words",
        column="about",
    )
    said = set(subjects)
    is_of_city = WORK_OF_THE_CITY in said
    if is_of_city and said.isdisjoint(OF_PERSONS):
        return False
    said.discard(WORK_OF_THE_CITY)
    if said == {FIRST_PERSON}:
        return _tells_of_a_person(text, language)
    return bool(said)


def _tells_of_a_person(text: str, language: str) -> bool:
    said = words(text)
    if len(said) < TELLING:
        return False
    of_cities = municipal_words(language)
    return of_cities.isdisjoint(said)
