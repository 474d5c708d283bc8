"""What a text asks for beside its words: places, points of the plan, a legal act, help."""

from dataclasses import dataclass

from languages.search.help_words import asks_for_help
from languages.search.numbers import act_number, point_numbers
from languages.search.page_words import pages_asked_for
from languages.search.places import PlaceReading, read_places


@dataclass(frozen=True)
class Meaning:
    """What a reader asks for by name.

    `points`: numbers of points of the plan. `act`: the words of the number of a legal act.
    `wants_help`: the text has words of harm or of help. `pages`: names of pages of the portal.
    """

    places: PlaceReading
    points: tuple[int, ...] = ()
    act: tuple[str, ...] = ()
    wants_help: bool = False
    pages: tuple[str, ...] = ()

    @property
    def names_something(self) -> bool:
        """Whether something stands first because it is named."""
        return bool(self.places.cities or self.points or self.act)


def read_meaning(text: str, language: str) -> Meaning:
    """Read a text of a reader of `language`. One query of the database."""
    places = read_places(text, language)
    return Meaning(
        places=places,
        points=tuple(point_numbers(text)),
        act=tuple(act_number(text)),
        # A name of a place may look like a form of such a word: Saint-Denis, "denied".
        wants_help=asks_for_help(places.rest, language),
        pages=() if places.cities else tuple(pages_asked_for(places.rest, language)),
    )
