"""What a text asks for beside its words: places, points of the plan, a legal act, help."""

from dataclasses import dataclass, replace
from functools import cache

from languages.search.help_words import asks_for_help, gives_reason, tells_of_harm
from languages.search.numbers import act_number
from languages.search.page_words import CITIES, CONTACT, PLAN, POINT, pages_asked_for
from languages.search.places import PlaceReading, read_places
from languages.search.point_numbers import point_numbers
from languages.search.subjects import pages_about, points_about

# What only a text with a place asks for.
MEETINGS_AT = "meetings at a place"
# What has no page of its own.
NO_PAGES = {MEETINGS_AT, POINT}


@dataclass(frozen=True)
class Meaning:
    """What a reader asks for by name.

    `points`: numbers of points of the plan. `act`: the words of the number of a legal act.
    `wants_help`: the text has words of harm or of help. `pages`: names of pages of the portal.
    `subjects`: the pages of points and grounds whose subject is all that the text says.
    `wants_meetings`, `wants_cities`: those of the places that it names. `wants_point`: the text
    asks what the plan says. `gives_reason`: it says why something happened.
    """

    places: PlaceReading
    points: tuple[int, ...] = ()
    act: tuple[str, ...] = ()
    wants_help: bool = False
    pages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    wants_meetings: bool = False
    wants_cities: bool = False
    wants_point: bool = False
    gives_reason: bool = False

    @property
    def names_something(self) -> bool:
        """Whether something stands first because it is named."""
        return bool(self.places.cities or self.points or self.act)

    def as_in(self, other: "Meaning") -> "Meaning":
        """It with what the same text in another spelling asks for."""
        return replace(
            self,
            wants_help=self.wants_help or other.wants_help,
            gives_reason=self.gives_reason or other.gives_reason,
            pages=self.pages or other.pages,
        )


@cache
def load_words(language: str) -> None:
    """Read the tables of words that `read_meaning` needs: half a second of a process's first
    search."""
    pages_asked_for("", language)
    asks_for_help("", language)
    pages_about(" ", language)
    points_about(" ", language)
    point_numbers("")


def read_meaning(text: str, language: str) -> Meaning:
    """Read a text of a reader of `language`. One query of the database."""
    places = read_places(text, language)
    points = tuple(point_numbers(text))
    act = tuple(act_number(text))
    asked_for = pages_asked_for(text, language)
    names_place = bool(places.cities or places.countries)
    wants_point = POINT in asked_for and not names_place
    subjects: list[str] = []
    if wants_point:
        subjects = points_about(text, language)
    elif not names_place:
        subjects = pages_about(text, language)
    pages = [page for page in asked_for if page not in NO_PAGES]
    if wants_point:
        pages = [page for page in pages if page != PLAN]
        pages += [] if subjects else [PLAN]
    if CONTACT in pages and tells_of_harm(places.rest, language):
        # Whoever was harmed and asks whom to write to does not look for the secretariat.
        pages.remove(CONTACT)
    # Of a place, a point or an act its own page says more.
    names_something = names_place or points or act
    pages_of_words = [] if names_something else pages
    may_need_help = not pages and not wants_point
    return Meaning(
        places=places,
        points=points,
        act=act,
        # A name of a place may look like a form of such a word: Saint-Denis, "denied".
        wants_help=may_need_help
        and asks_for_help(places.rest, language, of_city=bool(places.cities)),
        pages=tuple(pages_of_words),
        subjects=tuple(subjects),
        wants_meetings=MEETINGS_AT in asked_for,
        wants_cities=CITIES in asked_for,
        wants_point=wants_point,
        gives_reason=gives_reason(places.rest, language),
    )
