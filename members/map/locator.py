"""The small map of one city: land, lakes, rivers and the cities of the network round it.

Its lengths are *CSS pixels* of a drawing of 424 by 400, `PIXELS` for each unit of the map.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from members.map.geometry import Box, Position, box_around, window_around
from members.map.projection import FRAME, Degrees, locate
from members.map.shapes import path_of

# Below settings.BASE_DIR; data/map/build_locator.py makes it.
SMALL_LAND_FILE = Path("data/map/land-small.svgpath")

WIDTH, HEIGHT = 424, 400
PIXELS = 2.5  # for one unit of 4.1 km: 700 km from west to east
DOT, HERE = 4.5, 11.0  # radii: of another city, of the ring round this one
GAP = 4.5  # between a dot and its name
NAME_SIZE, HERE_SIZE = 13.0, 17.0
LETTER = 0.56  # the mean width of a letter, as a share of its height
MOST_NAMES = 9
EDGE = 4.0  # between a name and the edge


@dataclass(frozen=True)
class Town:
    """A city to be drawn, in degrees."""

    name: str
    url: str
    latitude: float
    longitude: float

    @property
    def degrees(self) -> Degrees:
        return self.latitude, self.longitude


@dataclass(frozen=True)
class LocatorDot:
    """A city where it is drawn. `label_x` is the beginning of its name, or its end on the left."""

    name: str
    url: str
    x: float
    y: float
    label_x: float
    label_y: float
    is_left: bool


@dataclass(frozen=True)
class Locator:
    """What `components/locator.html` draws; each path is the value of an SVG path's `d`."""

    here: LocatorDot
    dots: list[LocatorDot]
    land: str
    lakes: str
    rivers: str
    # Where it lies on the map of all Europe, in units.
    place: Position

    @property
    def small_land(self) -> str:
        return small_land_path()

    @property
    def names(self) -> list[str]:
        return [dot.name for dot in self.dots]


def locator_of(city: Town, others: Iterable[Town]) -> Locator | None:
    """The map round a city; None where it lies outside the frame of the map."""
    place = locate(city.latitude, city.longitude)
    if place is None or not FRAME.holds(place):
        return None
    window = _window(place)
    paths = {kind: path_of(kind, window, PIXELS) for kind in ("land", "lake", "river")}
    here = _here(city)
    return Locator(
        here=here,
        dots=_dots(others, place, here),
        land=paths["land"],
        lakes=paths["lake"],
        rivers=paths["river"],
        place=Position(round(place.x), round(place.y)),
    )


def _window(place: Position) -> Box:
    width = WIDTH / PIXELS
    height = HEIGHT / PIXELS
    return window_around(place, width, height)


# --- Land and water -------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def small_land_path() -> str:
    """All of Europe in a few lines, in units."""
    file = settings.BASE_DIR / SMALL_LAND_FILE
    return file.read_text(encoding="ascii").strip()


# --- Cities ---------------------------------------------------------------------------------------


def _here(city: Town) -> LocatorDot:
    x, y = WIDTH / 2, HEIGHT / 2
    return LocatorDot(
        city.name,
        city.url,
        x,
        y,
        label_x=x + HERE + GAP,
        label_y=y + HERE_SIZE / 3,
        is_left=False,
    )


def _dots(others: Iterable[Town], place: Position, here: LocatorDot) -> list[LocatorDot]:
    """The other cities in the window that have room for their names, the nearest first."""
    middle = Position(here.x, here.y)
    width = len(here.name) * HERE_SIZE * LETTER
    own_name = Box(here.label_x, here.y - HERE_SIZE, here.label_x + width, here.y + HERE_SIZE / 2)
    taken = [box_around(middle, HERE), own_name]
    dots: list[LocatorDot] = []
    for other, position in _nearest(others, place):
        dot = _dot(other, position, taken)
        if dot:
            dots.append(dot)
        if len(dots) == MOST_NAMES:
            break
    return dots


def _nearest(others: Iterable[Town], place: Position) -> list[tuple[Town, Position]]:
    """The cities in the window with their pixels, the nearest to its middle first."""
    window = _window(place)
    rows = []
    for other in others:
        position = locate(other.latitude, other.longitude)
        if position is None or not window.holds(position):
            continue
        x = (position.x - window.left) * PIXELS
        y = (position.y - window.top) * PIXELS
        rows.append((other, Position(round(x, 1), round(y, 1))))
    middle = Position(WIDTH / 2, HEIGHT / 2)
    return sorted(rows, key=lambda row: abs(row[1].x - middle.x) + abs(row[1].y - middle.y))


def _dot(town: Town, position: Position, taken: list[Box]) -> LocatorDot | None:
    """The dot with its name to the right or to the left; None where there is no room for both.
    What it takes is added to `taken`."""
    around = box_around(position, DOT)
    if any(around.overlaps(other) for other in taken):
        return None
    width = len(town.name) * NAME_SIZE * LETTER
    half = NAME_SIZE / 2
    inside = Box(0, 0, WIDTH, HEIGHT).without_margin(EDGE)
    for is_left in (False, True):
        start = position.x - DOT - GAP - width if is_left else position.x + DOT + GAP
        name = Box(start, position.y - half, start + width, position.y + half)
        is_free = not any(name.overlaps(other) for other in taken)
        if is_free and inside.covers(name):
            taken += [around, name]
            edge = start + width if is_left else start
            return LocatorDot(
                town.name,
                town.url,
                *position,
                label_x=round(edge, 1),
                label_y=round(position.y + NAME_SIZE / 3, 1),
                is_left=is_left,
            )
    return None
