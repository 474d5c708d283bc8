"""The names of rivers and lakes, and where on the map they may stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from languages.tables import Row, rows_of
from languages.text import current_language
from members.map.geometry import Box, Position
from members.map.shapes import STEPS

# Below settings.BASE_DIR; data/map/build_waters.py makes it.
PLACES_FILE = Path("data/map/waters.tsv")


@dataclass(frozen=True)
class Water:
    """A river or a lake: its names by language, and places on it in units."""

    names: Row
    places: tuple[Position, ...]

    @property
    def name(self) -> str:
        """In the reader's language; where none is kept, its own name."""
        language = current_language()
        translated = self.names.get(language)
        own = self.names["name"]
        return translated or own

    def places_in(self, window: Box) -> list[Position]:
        positions = []
        for place in self.places:
            if window.holds(place):
                positions.append(place)
        return positions


@lru_cache(maxsize=2)
def waters(kind: str) -> tuple[Water, ...]:
    """All of a kind ("river", "lake") that have a name, the best known first."""
    file = settings.BASE_DIR / PLACES_FILE
    lines = file.read_text(encoding="ascii").splitlines()
    pairs = zip(rows_of("map/waters"), lines, strict=True)
    return tuple(
        Water(names, tuple(_places(line))) for names, line in pairs if names["kind"] == kind
    )


def _places(line: str) -> Iterator[Position]:
    _number, _tab, places = line.partition("\t")
    steps = [int(number) for number in places.split()]
    for x, y in zip(steps[::2], steps[1::2], strict=True):
        yield Position(x / STEPS, y / STEPS)
