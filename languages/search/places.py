"""Reads the cities and countries that a text names: "city of Vienna, Austria" → Vienna.

Everything that takes a place from a person reads it here: the search and its suggestions, the
directory, the page that leads to help, the lists of the administration. A place may be written with
its country in any language, with words such as "city of" or "Gemeinde", with its long official
name, in another language, inflected, with or without accents, hyphens and apostrophes.

The index keeps every form of every name (`PlaceForm`), so reading a text is one query of the
database.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from languages.folding import fold, spelled_runs, words
from languages.models import IndexRow, PlaceForm
from languages.search.declension import forms_of_name
from languages.search.query import MAX_QUERY_CHARACTERS, split_quotes
from languages.search.stop_words import STOP_WORDS
from languages.search.typing_errors import errors_in, nearest_names
from languages.search.word_lists import ambiguous_names, country_adjectives, municipal_units
from languages.text import current_language

CITY, COUNTRY = "city", "country"
KINDS = (CITY, COUNTRY)
MOST_WORDS = 24
# The words of the longest name: "Esch an der Alzette" has two without stop words.
LONGEST_NAME = 6
LONGEST_FORM = 150
BATCH = 500
# A name with a typing error has its first letters right, or its last ones.
FIRST_LETTERS, LAST_LETTERS = 2, 3

# "St. Gallen", "Sankt Gallen" and "Saint-Gall" begin alike.
_SAINTS = dict.fromkeys(("saint", "sainte", "sankt", "sint", "ste", "санкт", "сен"), "st")
# How people write letters that their keyboard lacks: Koeln, Goeteborg, Malmoe, Aarhus.
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_CODE = re.compile(r"\b[A-Z]{2}\b")
_CAPITALIZED = re.compile(r"[^\W\d_]\w*")
_CODES = {"UK": "GB", "EL": "GR"}


@dataclass(frozen=True)
class Place:
    """A city or a country that a text names.

    `kind` and `key`: of its rows in the index. `country`: its code. `name`: the name that was
    recognized, as the portal spells it; `unit`: what kind of place that name says it is.
    """

    kind: str
    key: int
    country: str
    name: str
    unit: str = ""


@dataclass(frozen=True)
class PlaceReading:
    """The places that a text names, and what it says beside them.

    `cities`: the likeliest first; several where places share a name. `countries`: their codes.
    `rest`: the other words as they were spelled, without municipal words; empty where only stop
    words are left.
    """

    text: str
    cities: tuple[Place, ...] = ()
    countries: tuple[str, ...] = ()
    rest: str = ""
    # The names of the cities as the person wrote them, with small letters, and what each may mean.
    names: tuple[str, ...] = ()
    meanings: tuple[tuple[Place, ...], ...] = ()

    @property
    def city_keys(self) -> list[int]:
        return [place.key for place in self.cities]

    @property
    def is_place_alone(self) -> bool:
        """Whether the text names a place and says nothing else."""
        return not self.rest and bool(self.cities or self.countries)


def read_places(text: str, language: str | None = None) -> PlaceReading:
    """Read the places in a text of a reader of `language` (by default the active one). One query.

    A city that stands beside another country than its own is not taken: "Halle, Belgium" is none
    of Germany's.
    """
    reader = _Reader(text[:MAX_QUERY_CHARACTERS], language or current_language())
    return reader.read()


def places_near(text: str) -> list[Place]:
    """The places that a text names with typing errors: those with the fewest. Two queries."""
    form = form_of(words(text))
    alike = names_alike(PlaceForm.objects.all(), "form", form)
    forms = nearest_names(form, alike)
    by_form = _places_by_form(forms) if forms else {}
    places: dict[tuple[str, object], Place] = {}
    for place in chain.from_iterable(by_form.values()):
        places.setdefault((place.kind, place.key), place)
    return list(places.values())


def names_alike(rows: QuerySet[Any], column: str, name: str) -> QuerySet[Any, str]:
    """The names in a column that a folded name with typing errors may stand for: about as long, and
    they begin or end as it does."""
    most = errors_in(name)
    beginning = {f"{column}__startswith": name[:FIRST_LETTERS]}
    end = {f"{column}__endswith": name[-LAST_LETTERS:]}
    as_long = rows.annotate(letters=Length(column)).filter(
        letters__range=(len(name) - most, len(name) + most)
    )
    alike = as_long.filter(Q(**beginning) | Q(**end))
    return alike.values_list(column, flat=True).distinct()


def without_municipal_words(text: str) -> str:
    """The text without words such as "city" and "Gemeinde", if it has others: "city of Vien"."""
    words = [word for word in _words_of(text) if word.says_something]
    return " ".join(word.spelled for word in words) or text


# --- Reading --------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Word:
    """A word of a text, or a phrase with its quotation marks.

    `run`: the number of the words that hyphens join to one.
    """

    spelled: str
    run: int
    is_phrase: bool = False
    span: "_Span | None" = None

    @cached_property
    def folded(self) -> str:
        return "" if self.is_phrase else fold(self.spelled)

    @cached_property
    def unit(self) -> str:
        """What kind of place a municipal word says."""
        return municipal_units().get(self.folded, "")

    @property
    def is_stop_word(self) -> bool:
        return self.folded in STOP_WORDS

    def begins(self, start: str) -> bool:
        return self.folded.startswith(start)

    @property
    def says_something(self) -> bool:
        return not self.is_stop_word and not self.unit


@dataclass(eq=False)
class _Span:
    """Words of a text that are a form of the names of some places."""

    words: list[_Word]
    cities: list[Place] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)

    @cached_property
    def form(self) -> str:
        return form_of(word.folded for word in self.words)

    @property
    def spelled(self) -> str:
        return " ".join(word.spelled for word in self.words)

    def take(self, places: Iterable[Place]) -> None:
        """Name these places. A name of a city and of a country is the city's first."""
        for place in places:
            if place.kind == CITY:
                self.cities.append(place)
            else:
                self.countries.append(place.country)
        for word in self.words:
            word.span = self

    def leave(self) -> None:
        """Name no place after all."""
        for word in self.words:
            word.span = None


class _Reader:
    """Reads one text."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.words = list(_words_of(text))[:MOST_WORDS]
        capitalized = filter(_has_capital, _CAPITALIZED.findall(text))
        self.capitalized = set(map(fold, capitalized))
        self.codes = {fold(code): _CODES.get(code, code) for code in _CODE.findall(text)}

    def read(self) -> PlaceReading:
        for word in self._codes():
            word.span = _Span([word], countries=[self.codes[word.folded]])
        cities: dict[int, Place] = {}
        names = []
        meanings = []
        for span in self._spans():
            chosen = self._choose(span)
            if chosen:
                names.append(span.spelled)
                meanings.append(tuple(chosen))
            for place in chosen:
                cities.setdefault(place.key, place)
        countries = dict.fromkeys(self._countries())
        if not cities and not countries:
            countries = dict.fromkeys(self._countries_of_cities())
        has_place = bool(cities or countries)
        return PlaceReading(
            text=self.text,
            cities=tuple(cities.values()),
            countries=tuple(countries),
            rest=self._rest() if has_place else self.text,
            names=tuple(names),
            meanings=tuple(meanings),
        )

    def _codes(self) -> Iterator[_Word]:
        """The codes of countries after the first word: "Erlangen (DE)"."""
        for word in self.words[1:]:
            if word.folded in self.codes and word.folded not in STOP_WORDS:
                yield word

    # Names

    def _spans(self) -> list[_Span]:
        """The spans that name places, in the order of the text; no word belongs to two."""
        candidates = sorted(self._candidates(), key=_longest_first)
        places = _places_by_form({span.form for span in candidates})
        for span in candidates:
            is_free = not any(word.span for word in span.words)
            if is_free and span.form in places and not self._is_common_word(span):
                span.take(places[span.form])
        spans = dict.fromkeys(word.span for word in self.words if word.span)
        return [span for span in spans if span]

    def _candidates(self) -> Iterator[_Span]:
        """Every run of words; stop words count where there are no others."""
        plain = [word for word in self.words if not word.is_phrase]
        content = [word for word in plain if not word.is_stop_word] or plain
        for start in range(len(content)):
            rest = content[start : start + LONGEST_NAME]
            for length in range(1, len(rest) + 1):
                yield _Span(rest[:length])

    def _is_common_word(self, span: _Span) -> bool:
        """Whether a name is more likely meant as the common word that it also is."""
        for name in ambiguous_names().get(span.form, ()):
            is_capitalized = span.form in self.capitalized and not name.has_capital
            if self.language in name.languages and not is_capitalized:
                others = [word for word in self.words if word not in span.words]
                return any(word.says_something for word in others)
        return False

    # Which place of a name

    def _choose(self, span: _Span) -> list[Place]:
        """The cities that a name means: of the country beside it, of the kind that is said."""
        cities = span.cities
        code = self._country_at(self._after(span))
        if code:
            cities = [place for place in cities if place.country == code]
        else:
            code = self._country_at(self._before(span))
            cities = [place for place in cities if place.country == code] or cities
        if span.cities and not cities:
            span.leave()
        units = {word.unit for word in self.words if word.unit}
        plain = [place for place in cities if not place.unit]
        if units == {CITY} and plain:
            return plain
        return sorted(cities, key=lambda place: _order_of_unit(place.unit, units))

    def _after(self, span: _Span) -> list[_Word]:
        end = self.words.index(span.words[-1]) + 1
        return self.words[end:]

    def _before(self, span: _Span) -> list[_Word]:
        start = self.words.index(span.words[0])
        return self.words[:start][::-1]

    def _country_at(self, words: Iterable[_Word]) -> str:
        """The country that the first of the words that says something names, if it names one."""
        for word in words:
            if word.span:
                return "" if word.span.cities else word.span.countries[0]
            if word.says_something:
                return ""
        return ""

    def _countries(self) -> Iterator[str]:
        for word in self.words:
            if word.span and not word.span.cities:
                yield from word.span.countries

    def _countries_of_cities(self) -> Iterator[str]:
        """The countries that adjectives name beside a word for cities: "polskie miasta"."""
        if all(word.unit != CITY for word in self.words):
            return
        beginnings = country_adjectives(self.language)
        for word in self.words:
            code = next((beginnings[start] for start in beginnings if word.begins(start)), "")
            if code and not word.unit:
                word.span = _Span([word], countries=[code])
                yield code

    # The rest

    def _rest(self) -> str:
        """The words that name no place. Words of one run stay joined by their hyphens."""
        words = [word for word in self.words if not word.span and not word.unit]
        # Single letters: "Vienna's", "Frankfurt a. M.".
        words = [word for word in words if len(word.spelled) > 1 or word.spelled.isdigit()]
        if all(word.is_stop_word for word in words):
            return ""
        rest = ""
        before = None
        for word in words:
            if before is not None:
                rest += "-" if word.run == before.run else " "
            rest += word.spelled
            before = word
        return rest


def _words_of(text: str) -> Iterator[_Word]:
    number = 0
    for piece, is_phrase in split_quotes(text):
        if is_phrase and not spelled_runs(piece):
            continue
        if is_phrase:
            number += 1
            yield _Word(f'"{piece}"', number, is_phrase=True)
            continue
        for run in spelled_runs(piece):
            number += 1
            for spelled in run:
                yield _Word(spelled, number)


def _has_capital(word: str) -> bool:
    return word[0].isupper()


def _longest_first(span: _Span) -> int:
    return -len(span.words)


def _order_of_unit(unit: str, units: set[str]) -> tuple[bool, bool]:
    """A place of a kind that is said comes first; else a place that needs no word for its kind."""
    is_said = unit in units if units else False
    return not is_said, bool(unit)


def _places_by_form(forms: set[str]) -> dict[str, list[Place]]:
    places: dict[str, list[Place]] = defaultdict(list)
    columns = ("form", "kind", "object_id", "country", "name", "unit")
    rows = PlaceForm.objects.filter(form__in=forms).order_by("pk")
    for form, *values in rows.values_list(*columns):
        places[form].append(Place(*values))
    return places


def form_of(folded: Iterable[str]) -> str:
    """Folded words as a form: without stop words, "saint" and "sankt" as "st"."""
    words = [_SAINTS.get(word, word) for word in folded]
    content = [word for word in words if word not in STOP_WORDS] or words
    return " ".join(content)


# --- Keeping the forms ----------------------------------------------------------------------------


# Names of a place beside those in its row of the index, by the key of the place: language and name.
FurtherNames = dict[int, list[tuple[str, str]]]


def learn_places(rows: Iterable[IndexRow], further: FurtherNames) -> None:
    """Write the forms of the names of cities and countries, from their rows of the index anew."""
    forms: dict[tuple[str, str, int], PlaceForm] = {}
    keys: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.kind not in KINDS:
            continue
        keys[row.kind].add(row.object_id)
        names = [(row.language, name) for name in row.own_names.split("\n")]
        if row.language == row.title_language:
            names += further.get(row.object_id, ())
        for language, name in names:
            for form, unit in forms_of(name, language):
                key = (form, row.kind, row.object_id)
                if key not in forms:
                    forms[key] = _place_form(row, form, name, unit)
    for kind, own_keys in keys.items():
        forget_places(kind, own_keys)
    PlaceForm.objects.bulk_create(forms.values(), batch_size=BATCH)


def forget_places(kind: str, keys: Iterable[int] | None = None) -> None:
    """Drop the forms of places that leave the index, by default of all of a kind."""
    forms = PlaceForm.objects.filter(kind=kind)
    if keys is not None:
        forms = forms.filter(object_id__in=list(keys))
    forms.delete()


def _place_form(row: IndexRow, form: str, name: str, unit: str) -> PlaceForm:
    return PlaceForm(
        form=form,
        kind=row.kind,
        object_id=row.object_id,
        country=row.country,
        name=name[:LONGEST_FORM],
        unit=unit,
    )


def forms_of(name: str, language: str) -> set[tuple[str, str]]:
    """Every form in which a name may stand in a query, with the unit that it leaves out.

    "Canton de Fribourg" gives ("canton fribourg", "") and ("fribourg", "region").
    """
    words = [word for run in spelled_runs(name) for word in run]
    content = [word for word in words if fold(word) not in STOP_WORDS] or words
    forms: set[tuple[str, str]] = set()
    units = [municipal_units().get(fold(word), "") for word in content]
    plain = [word for word, unit in zip(content, units, strict=True) if not unit]
    _add_forms(forms, content, language, "")
    if plain and len(plain) < len(content):
        unit = next(filter(None, units))
        _add_forms(forms, plain, language, "" if unit == CITY else unit)
    return forms


def _add_forms(forms: set[tuple[str, str]], words: list[str], language: str, unit: str) -> None:
    name = " ".join(words)
    spellings = {name, name.translate(_DIGRAPHS), name.replace(" ", "")}
    for spelling in spellings:
        for form in forms_of_name(spelling, language):
            folded = form_of(form.split(" "))
            if folded and len(folded) <= LONGEST_FORM:
                forms.add((folded, unit))
