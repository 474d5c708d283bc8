"""The small map of one city: land, lakes, rivers and the cities of the network round it.

Its lengths are *CSS pixels* of a drawing of 424 by 400, `PIXELS` for each unit of the map.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from members.map.geometry import Box, Position, box_around
from members.map.projection import FRAME, Degrees, locate

# Below settings.BASE_DIR; data/map/build_locator.py makes both.
SHAPES_FILE = Path("data/map/locator.tsv")
SMALL_LAND_FILE = Path("data/map/land-small.svgpath")
STEPS = 10  # of the numbers of that file in one unit

WIDTH, HEIGHT = 424, 400
PIXELS = 2.5  # for one unit of 4.1 km: 700 km from west to east
DOT, HERE = 4.5, 11.0  # radii: of another city, of the ring round this one
GAP = 4.5  # between a dot and its name
NAME_SIZE, HERE_SIZE = 13.0, 17.0
LETTER = 0.56  # the mean width of a letter, as a share of its height
MOST_NAMES = 9
EDGE = 4.0  # between a name and the edge


class Shape(NamedTuple):
    """Land, a lake or a river in units, with the box round it."""

    kind: str
    points: tuple[Position, ...]
    box: Box

    @property
    def is_closed(self) -> bool:
        return self.kind != "river"


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
    paths = {kind: _path(kind, window) for kind in ("land", "lake", "river")}
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
    half_width = WIDTH / PIXELS / 2
    half_height = HEIGHT / PIXELS / 2
    return Box(
        left=place.x - half_width,
        top=place.y - half_height,
        right=place.x + half_width,
        bottom=place.y + half_height,
    )


# --- Land and water -------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def small_land_path() -> str:
    """All of Europe in a few lines, in units."""
    file = settings.BASE_DIR / SMALL_LAND_FILE
    return file.read_text(encoding="ascii").strip()


@lru_cache(maxsize=1)
def shapes() -> tuple[Shape, ...]:
    file = settings.BASE_DIR / SHAPES_FILE
    lines = file.read_text(encoding="ascii").splitlines()
    return tuple(_shape(line) for line in lines)


def _shape(line: str) -> Shape:
    kind, numbers = line.split("\t")
    steps = [int(number) for number in numbers.split()]
    x = y = 0
    points = []
    for right, down in zip(steps[::2], steps[1::2], strict=True):
        x += right
        y += down
        points.append(Position(x / STEPS, y / STEPS))
    across = [point.x for point in points]
    along = [point.y for point in points]
    box = Box(min(across), min(along), max(across), max(along))
    return Shape(kind, tuple(points), box)


def _path(kind: str, window: Box) -> str:
    """The shapes of a kind that reach into the window, as one path in pixels."""
    path = ""
    wide = window.without_margin(-2)
    for shape in shapes():
        if shape.kind != kind or not shape.box.overlaps(wide):
            continue
        if shape.is_closed:
            rings = [_clip(shape.points, wide)]
        else:
            rings = list(_stretches(shape.points, wide))
        for ring in rings:
            path += _ring_path(ring, window, is_closed=shape.is_closed)
    return path


def _clip(ring: Sequence[Position], box: Box) -> list[Position]:
    """The part of a ring in a box (Sutherland and Hodgman, 1974)."""
    kept = list(ring)
    sides = (("x", box.left, 1), ("x", box.right, -1), ("y", box.top, 1), ("y", box.bottom, -1))
    for axis, limit, sign in sides:
        kept = list(_cut(kept, axis, limit, sign))
    return kept


def _cut(ring: list[Position], axis: str, limit: float, sign: int) -> Iterator[Position]:
    """The ring on one side of a line: right of it and below for a positive sign."""
    if not ring:
        return
    before = ring[-1]
    before_value = getattr(before, axis)
    for point in ring:
        value = getattr(point, axis)
        was_inside = sign * (before_value - limit) >= 0
        is_inside = sign * (value - limit) >= 0
        if was_inside != is_inside:
            share = (limit - before_value) / (value - before_value)
            yield Position(
                x=before.x + share * (point.x - before.x),
                y=before.y + share * (point.y - before.y),
            )
        if is_inside:
            yield point
        before, before_value = point, value


def _stretches(line: Sequence[Position], box: Box) -> Iterator[list[Position]]:
    """The stretches of a line in a box, each with the point before and after it."""
    stretch: list[Position] = []
    for index, point in enumerate(line):
        near = line[max(index - 1, 0) : index + 2]
        if any(box.holds(other) for other in near):
            stretch.append(point)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _ring_path(ring: list[Position], window: Box, *, is_closed: bool) -> str:
    """`M`, the first point, `l` and the steps, in half pixels; "" for less than a line."""
    places = [_half_pixels(point, window) for point in ring]
    apart = [places[0]] if places else []
    for place in places:
        if place != apart[-1]:
            apart.append(place)
    if len(apart) < 2:
        return ""
    numbers = []
    for (x, y), (next_x, next_y) in pairwise(apart):
        numbers += [(next_x - x) / 2, (next_y - y) / 2]
    x, y = apart[0]
    steps = " ".join(f"{number:g}" for number in numbers).replace(" -", "-")
    end = "z" if is_closed else ""
    return f"M{x / 2:g} {y / 2:g}l{steps}{end}"


def _half_pixels(point: Position, window: Box) -> tuple[int, int]:
    x = (point.x - window.left) * PIXELS
    y = (point.y - window.top) * PIXELS
    return round(2 * x), round(2 * y)


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
