"""Whether a text says that somebody was harmed, or looks for help: then help comes first.

The words stand in `data/search/help_words.csv`, by language (`terms` says how they are read).
"""

from functools import lru_cache

from languages.folding import words
from languages.search.terms import subjects_of
from languages.search.word_lists import municipal_words

# Who speaks of themselves in so many words tells what has happened to them.
TELLING = 3
FIRST_PERSON, WE, FAMILY = "first person", "we", "family"
# "Because", "only because of": who tells something of a person with a reason tells of harm.
REASON = "reason"
# Who asks for a plan or a monument wants to know what a city does against harm.
WORK_OF_THE_CITY = "work of the city"
# "What does": so people ask of a city that they name.
DONE_BY_A_CITY = "done by a city"
OF_PERSONS = {FIRST_PERSON, WE, "help", "where to complain"}
# What was done to somebody; the others ask for help or say whom it was done to.
HARM = {
    *("insults", "violence", "threats", "refusals", "treatment", "racist people"),
    *("body of harm", "not served", "told of"),
}
# Words that say nothing of harm by themselves.
NEUTRAL = {WORK_OF_THE_CITY, DONE_BY_A_CITY, REASON, FAMILY}


def asks_for_help(text: str, language: str, *, of_city: bool = False) -> bool:
    """Whether a text of a reader of `language` has words of harm or of help, in any language, or
    tells of the person who writes or of their family, and not of their city.

    `of_city`: the text names a city.
    """
    said = _said(text, language)
    if REASON in said and not said.isdisjoint({FIRST_PERSON, FAMILY}):
        return True
    is_done_by_city = of_city and DONE_BY_A_CITY in said
    is_of_city = is_done_by_city or WORK_OF_THE_CITY in said
    if is_of_city and said.isdisjoint(OF_PERSONS):
        return False
    harm = said - NEUTRAL
    if harm <= {FIRST_PERSON, WE}:
        return bool(harm) and _tells_of_a_person(text, language)
    return True


def tells_of_harm(text: str, language: str) -> bool:
    """Whether a text says what was done to somebody: "insulted", "refused a flat"."""
    return not HARM.isdisjoint(_said(text, language))


def gives_reason(text: str, language: str) -> bool:
    """Whether a text says why something happened: "because I am from Ukraine"."""
    return REASON in _said(text, language)


@lru_cache(maxsize=256)
def _said(text: str, language: str) -> frozenset[str]:
    subjects = subjects_of(
        text,
        language,
        table="search/help_words",
        column="about",
    )
    return frozenset(subjects)


def _tells_of_a_person(text: str, language: str) -> bool:
    said = [word for word in words(text) if not word.isdecimal()]
    if len(said) < TELLING:
        return False
    of_cities = municipal_words(language)
    return of_cities.isdisjoint(said)
