"""The words that a search treats in a way of their own: tables below `data/search/`, each written
by somebody who speaks the language."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from languages.folding import fold, words
from languages.tables import rows_of


def split_names(cell: str) -> Iterable[str]:
    """The names in a cell: "Holland|The Netherlands"."""
    return filter(None, map(str.strip, cell.split("|")))


@cache
def municipal_units() -> dict[str, str]:
    """What a municipal word says that a place is, by the folded word: "kantonu" → "region"."""
    units: dict[str, str] = {}
    for row in rows_of("search/municipal_words"):
        for word in row["words"].split():
            units.setdefault(fold(word), row["unit"])
    return units


@cache
def municipal_words(language: str) -> frozenset[str]:
    """The municipal words of a language, folded."""
    return _words_in("search/municipal_words", language)


@cache
def asking_words(language: str) -> frozenset[str]:
    """Words by which people ask, and which no answer needs: "address", "please"; folded."""
    return _words_in("search/asking_words", language)


@cache
def place_prepositions(language: str) -> frozenset[str]:
    """Words after which a language names a place where something happens, folded."""
    return _words_in("search/place_prepositions", language)


def _words_in(table: str, language: str) -> frozenset[str]:
    """All words of a language in a table, folded."""
    own: set[str] = set()
    for row in rows_of(table):
        if row["language"] != language:
            continue
        spelled = row["words"]
        folded = words(spelled)
        own.update(folded)
    return frozenset(own)


class AmbiguousName(NamedTuple):
    """A name of a place that is a common word for readers of some languages."""

    languages: frozenset[str]
    # The common word is written with a capital too.
    has_capital: bool


@cache
def ambiguous_names() -> dict[str, list[AmbiguousName]]:
    """By the folded name."""
    names: dict[str, list[AmbiguousName]] = {}
    for row in rows_of("search/ambiguous_names"):
        folded = " ".join(words(row["name"]))
        languages = frozenset(row["languages"].split())
        name = AmbiguousName(languages, row["capital"] == "yes")
        names.setdefault(folded, []).append(name)
    return names


@cache
def further_country_names() -> dict[str, list[tuple[str, str]]]:
    """Names of countries that CLDR lacks, by the code of the country: language and name."""
    names: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of("search/country_names"):
        of_country = names.setdefault(row["country"], [])
        for name in split_names(row["names"]):
            of_country.append((row["language"], name))
    return names


@cache
def country_adjectives(language: str) -> dict[str, str]:
    """The codes of countries by how the adjectives of their names begin, folded: polsk → PL."""
    adjectives: dict[str, str] = {}
    for row in rows_of("search/country_adjectives"):
        if row["language"] != language:
            continue
        country = row["country"]
        spelled = row["beginnings"]
        beginnings = words(spelled)
        own = dict.fromkeys(beginnings, country)
        adjectives.update(own)
    return adjectives


class Alias(NamedTuple):
    """A name by which people know a city and which none of its fields has.

    `kind`: former, part (a district of it), around (the larger city that it is a part of) or other.
    `language`: of the name, empty if it is not known.
    """

    name: str
    language: str
    kind: str


@cache
def place_aliases() -> dict[str, list[Alias]]:
    """By the web address of the city."""
    aliases: dict[str, list[Alias]] = {}
    for row in rows_of("search/place_aliases") + rows_of("search/place_parts"):
        for name in split_names(row["names"]):
            alias = Alias(name, row["language"], row["kind"])
            aliases.setdefault(row["city"], []).append(alias)
    return aliases


# The abbreviation that a name has in brackets: "Ufficio … Razziali (UNAR)".
_IN_BRACKETS = re.compile(r"\((\w{2,10})\)")


def abbreviations_of(slug: str, name: str) -> list[str]:
    """The abbreviations by which people know an organisation: in brackets in its name, and from the
    table of aliases."""
    in_name = [word for word in _IN_BRACKETS.findall(name) if word.isupper()]
    return list(dict.fromkeys([*in_name, *_organisation_aliases().get(slug, [])]))


@cache
def _organisation_aliases() -> dict[str, list[str]]:
    """By the web address of the organisation."""
    return {
        row["organisation"]: list(split_names(row["names"]))
        for row in rows_of("search/organisation_aliases")
    }
