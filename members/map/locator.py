"""The small map of one city: land, lakes, rivers, the cities of the network and towns round it.

Its lengths are *CSS pixels* of a drawing of 424 by 400, `PIXELS` for each unit of the map.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from members.map.geometry import Box, Position, box_around, window_around
from members.map.projection import FRAME, Degrees, locate
from members.map.shapes import path_of
from members.map.waters import waters

# Below settings.BASE_DIR; data/map/build_locator.py makes it.
SMALL_LAND_FILE = Path("data/map/land-small.svgpath")

WIDTH, HEIGHT = 424, 400
PIXELS = 2.5  # for one unit of 4.1 km: 700 km from west to east
DOT, HERE = 4.5, 11.0  # radii: of another city, of the ring round this one
GAP = 4.5  # between a dot and its name
NAME_SIZE, HERE_SIZE = 13.0, 17.0
LETTER = 0.56  # the mean width of a letter, as a share of its height
BOLD_LETTER = 0.7  # the same of the bold name of this one
MOST_NAMES = 9
MOST_LAKES, MOST_RIVERS, MOST_TOWNS = 3, 4, 6
EDGE = 4.0  # between a name and the edge


@dataclass(frozen=True)
class MapTown:
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
class WaterName:
    """A river's or lake's name where it is drawn: the middle of its line."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Locator:
    """What `components/locator.html` draws; each path is the value of an SVG path's `d`."""

    here: LocatorDot
    dots: list[LocatorDot]
    # Towns that are not in the network, for orientation.
    towns: list[LocatorDot]
    waters: list[WaterName]
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


def locator_of(
    city: MapTown, others: Iterable[MapTown], towns: Iterable[MapTown] = ()
) -> Locator | None:
    """The map round a city; None where it lies outside the frame of the map.

    `others`: cities of the network, of which the nearest are named; `towns`: what else lies there,
    the best known first. Where names compete for room, cities come before waters and these before
    towns.
    """
    place = locate(city.latitude, city.longitude)
    if place is None or not FRAME.holds(place):
        return None
    window = _window(place)
    paths = {kind: path_of(kind, window, PIXELS) for kind in ("land", "lake", "river")}
    here = _here(city)
    obstacles = _room_of(here)
    dots = _dots(_nearest(others, window), obstacles, MOST_NAMES)
    lakes = _water_names("lake", MOST_LAKES, window, obstacles)
    rivers = _water_names("river", MOST_RIVERS, window, obstacles)
    return Locator(
        here=here,
        dots=dots,
        waters=lakes + rivers,
        towns=_dots(_in_window(towns, window), obstacles, MOST_TOWNS),
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


def _here(city: MapTown) -> LocatorDot:
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


def _room_of(here: LocatorDot) -> list[Box]:
    """What the city and its name take."""
    middle = Position(here.x, here.y)
    width = len(here.name) * HERE_SIZE * BOLD_LETTER
    own_name = Box(
        left=here.label_x,
        top=here.y - HERE_SIZE,
        right=here.label_x + width,
        bottom=here.y + HERE_SIZE / 2,
    )
    ring = box_around(middle, HERE)
    return [ring, own_name]


def _dots(
    rows: Iterable[tuple[MapTown, Position]], obstacles: list[Box], most: int
) -> list[LocatorDot]:
    """The first of these that have room for their names; what they take is added to `obstacles`."""
    dots: list[LocatorDot] = []
    for town, position in rows:
        dot = _dot(town, position, obstacles)
        if dot:
            dots.append(dot)
        if len(dots) == most:
            break
    return dots


def _in_window(towns: Iterable[MapTown], window: Box) -> Iterator[tuple[MapTown, Position]]:
    """The towns that lie in the window, with their pixels."""
    for town in towns:
        position = locate(town.latitude, town.longitude)
        if position is not None and window.holds(position):
            yield town, _pixels(position, window)


def _pixels(position: Position, window: Box) -> Position:
    right = position.x - window.left
    down = position.y - window.top
    return Position(
        x=round(right * PIXELS, 1),
        y=round(down * PIXELS, 1),
    )


def _from_middle(position: Position) -> float:
    """How far from the middle of the drawing, across and along together."""
    middle_x = WIDTH / 2
    middle_y = HEIGHT / 2
    across = abs(position.x - middle_x)
    along = abs(position.y - middle_y)
    return across + along


def _nearest(others: Iterable[MapTown], window: Box) -> list[tuple[MapTown, Position]]:
    """The cities in the window with their pixels, the nearest to its middle first."""
    rows = list(_in_window(others, window))
    rows.sort(key=_row_from_middle)
    return rows


def _row_from_middle(row: tuple[MapTown, Position]) -> float:
    _town, position = row
    return _from_middle(position)


def _water_names(kind: str, most: int, window: Box, obstacles: list[Box]) -> list[WaterName]:
    """The names of the lakes or rivers in the window that have room, each as near to the middle as
    it can stand; what they take is added to `obstacles`."""
    names: list[WaterName] = []
    for water in waters(kind):
        places = [_pixels(place, window) for place in water.places_in(window)]
        name = _water_name(water.name, sorted(places, key=_from_middle), obstacles)
        if name:
            names.append(name)
        if len(names) == most:
            break
    return names


def _water_name(name: str, places: Iterable[Position], obstacles: list[Box]) -> WaterName | None:
    """The name on the first of these places, or beside it, where it has room."""
    for place in places:
        for share in (0, -0.5, 0.5):
            middle = place.moved(share * _width_of(name), 0)
            box = _box_of_name(name, middle)
            if _is_free(box, obstacles):
                obstacles.append(box)
                return WaterName(name, round(middle.x, 1), round(middle.y + NAME_SIZE / 3, 1))
    return None


def _width_of(name: str) -> float:
    return len(name) * NAME_SIZE * LETTER


def _box_of_name(name: str, middle: Position) -> Box:
    half_width = _width_of(name) / 2
    half = NAME_SIZE / 2
    return Box(
        left=middle.x - half_width,
        top=middle.y - half,
        right=middle.x + half_width,
        bottom=middle.y + half,
    )


def _is_free(name: Box, obstacles: Iterable[Box]) -> bool:
    drawing = Box(0, 0, WIDTH, HEIGHT)
    inside = drawing.without_margin(EDGE)
    if not inside.covers(name):
        return False
    return all(not name.overlaps(other) for other in obstacles)


def _dot(town: MapTown, position: Position, obstacles: list[Box]) -> LocatorDot | None:
    """The dot with its name to the right or to the left; None where there is no room for both.
    What it takes is added to `obstacles`."""
    around = box_around(position, DOT)
    if any(around.overlaps(other) for other in obstacles):
        return None
    width = _width_of(town.name)
    half = NAME_SIZE / 2
    for is_left in (False, True):
        start = position.x - DOT - GAP - width if is_left else position.x + DOT + GAP
        name = Box(start, position.y - half, start + width, position.y + half)
        if _is_free(name, obstacles):
            obstacles += [around, name]
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
