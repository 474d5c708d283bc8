"""What stands first because a text names it: acts, points, subjects, programmes and organisations,
meetings, cities and countries."""

from dataclasses import dataclass, replace
from operator import attrgetter

from django.db.models import Q

from languages.folding import words
from languages.search.bodies import is_begun, is_called, named_bodies
from languages.search.candidates import (
    Candidate,
    find_candidates,
    rows_in_cities,
    rows_of_act,
    rows_of_cities,
    rows_of_countries,
    rows_of_meetings,
    rows_of_points,
    rows_of_subjects,
)
from languages.search.hits import Hit, Results, other_hits, unique_hits
from languages.search.meaning import Meaning
from languages.search.order import Order, OwnRank, has_all_in_name
from languages.search.places import CITY, COUNTRY, PlaceReading
from languages.search.query import Query, parse_query
from languages.search.ranking import IN_TEXT, NAME_BEGINS
from languages.search.stop_words import STOP_WORDS, STOP_WORDS_OF
from languages.search.widening import widened
from languages.search.word_lists import municipal_units


@dataclass(frozen=True)
class NamedHits:
    """Reads what a text names.

    `query`: the words of the text. `results`: what has all of them.
    """

    order: Order
    meaning: Meaning
    query: Query
    results: Results

    def hits(self) -> list[Hit]:
        """What is named, in its order."""
        places = self.meaning.places
        named = self._acts() + self._points()
        subjects = self._subjects()
        bodies = self._bodies()
        # Who asks for a point of the plan may name a plan in doing so.
        named += subjects + bodies if self.meaning.wants_point else bodies + subjects
        named += self._meetings()
        if places.cities or places.countries:
            named += self._at_places()
        return unique_hits(named)

    def _at_places(self) -> list[Hit]:
        rest = self._rest()
        if self.meaning.places.cities:
            return self._in_cities(rest or self.query, alone=not rest)
        return self._in_countries(rest)

    def _rest(self) -> Query:
        """The words beside the places, widened. Where the query ends with them, they are so
        already."""
        rest = parse_query(self.meaning.places.rest)
        spelled = [term.spelled for term in rest.terms]
        last_terms = self.query.terms[-len(spelled) :]
        if spelled and spelled == [term.spelled for term in last_terms]:
            return replace(rest, terms=last_terms)
        return widened(rest, self.order.language)

    def _acts(self) -> list[Hit]:
        rows = rows_of_act(self.meaning.act)
        return self.order.hits(rows, parse_query(" ".join(self.meaning.act)))

    def _points(self) -> list[Hit]:
        """The points of the plan, where no city's work on them is asked for."""
        if self.meaning.places.cities:
            return []
        hits = self.order.hits(rows_of_points(self.meaning.points), Query())
        order = [f" {number} " for number in self.meaning.points]
        return sorted(hits, key=lambda hit: order.index(hit.row.points))

    def _subjects(self) -> list[Hit]:
        """The points and grounds that are the subject of the text, where nothing is called so."""
        # Of one word a name that has it says enough.
        enough = IN_TEXT if len(self.results.query.words) == 1 else NAME_BEGINS
        is_called_so = self.results.all_hits and self.results.all_hits[0].rank.level < enough
        if is_called_so and not self.meaning.wants_point:
            return []
        rows = rows_of_subjects(self.meaning.subjects)
        hits = self.order.hits(rows, Query())
        order = {path: place for place, path in enumerate(self.meaning.subjects)}
        return sorted(hits, key=lambda hit: order[hit.row.path])

    def _meetings(self) -> list[Hit]:
        """The meetings at the cities that the text names, if it asks for meetings."""
        if not self.meaning.wants_meetings or not self.meaning.places.cities:
            return []
        places = self.meaning.places
        cities = rows_of_cities(places.city_keys)
        titles = {row.title for row in cities}
        names = map(parse_query, sorted(titles))
        rows = rows_of_meetings(names)
        query = parse_query(places.text)
        return self.order.hits(rows, query)

    def _bodies(self) -> list[Hit]:
        """The programmes and organisations whose whole name stands in the text, none of another
        city than it names; first the programmes whose name begins with it. Where a name has all
        words of the text, only such, and those whose abbreviation the text has.
        """
        text = self.meaning.places.text
        folded = words(text)
        rows = named_bodies(text, self.order.language)
        hits = [
            hit for hit in self.order.hits(rows, self.query) if _is_at(hit.row, self.meaning.places)
        ]
        if any(map(has_all_in_name, self.results.all_hits)):
            hits = [hit for hit in hits if not hit.rank.missing or is_called(hit.row, folded)]
        return self._begun(folded) + hits

    def _begun(self, folded: list[str]) -> list[Hit]:
        """The programmes whose name begins with the words, unless these say the place alone: "City
        of Gothenburg"."""
        names = " ".join(self.meaning.places.names)
        stop_words = STOP_WORDS_OF.get(self.order.language, STOP_WORDS)
        said = set(folded).difference(words(names), municipal_units(), stop_words)
        if not said:
            return []
        return [hit for hit in self.results.all_hits if is_begun(hit.row, folded)]

    def _in_cities(self, query: Query, *, alone: bool) -> list[Hit]:
        """The pages of cities and what belongs to them: what has some of the words of the query,
        and what has all words of the text in its name."""
        rows = rows_in_cities(self.meaning.places.city_keys, Query() if alone else query)
        ranking = OwnRank(self.order, self.meaning, alone)
        own = self.order.hits(rows, query, ranking.rank)
        in_name = []
        for hit in other_hits(self.results.all_hits, own):
            if has_all_in_name(hit):
                rank = hit.rank._replace(named=ranking.named(hit.row))
                in_name.append(replace(hit, rank=rank))
        return sorted(own + in_name, key=attrgetter("rank"))

    def _in_countries(self, rest: Query) -> list[Hit]:
        """What a country has of the other words, and its page; else its page and its cities.
        Nothing where nothing has the other words: what has most of all words is better then.
        """
        codes = self.meaning.places.countries
        pages = self.order.hits(rows_of_countries(codes, COUNTRY), rest)
        if not rest or self.meaning.wants_cities:
            return pages + self.order.hits(rows_of_countries(codes, CITY), Query())
        own = find_candidates(rest, self.order.language, Q(country__in=codes), any_term=False)
        in_country = [row for row in own.rows if row.country in codes]
        if not in_country and not self.results.total:
            return []
        ranking = OwnRank(self.order, self.meaning, alone=False)
        return self.order.hits(in_country, rest, ranking.rank) + pages


def _is_at(row: Candidate, places: PlaceReading) -> bool:
    """Whether a row may belong to the cities of a text: names such as "action plan" are those of
    many."""
    return not (places.cities and row.city) or row.city in places.city_keys
