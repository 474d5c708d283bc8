"""Land, lakes and rivers, and the part of them that a window shows."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from members.map.geometry import Box, Position

# Below settings.BASE_DIR; data/map/build_locator.py makes it.
SHAPES_FILE = Path("data/map/locator.tsv")
STEPS = 10  # of the numbers of that file in one unit


class MapShape(NamedTuple):
    """Land, a lake or a river in units, with the box round it."""

    kind: str
    points: tuple[Position, ...]
    box: Box

    @property
    def is_closed(self) -> bool:
        return self.kind != "river"

    @property
    def size(self) -> float:
        """The longer side of the box, in units."""
        return max(self.box.right - self.box.left, self.box.bottom - self.box.top)


@lru_cache(maxsize=1)
def shapes() -> tuple[MapShape, ...]:
    file = settings.BASE_DIR / SHAPES_FILE
    lines = file.read_text(encoding="ascii").splitlines()
    return tuple(_shape(line) for line in lines)


def _shape(line: str) -> MapShape:
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
    return MapShape(kind, tuple(points), box)


# Of some eighty cities: a page is made anew after each edit, and its land never changes.
@lru_cache(maxsize=256)
def path_of(kind: str, window: Box, pixels: float, smallest: float = 0) -> str:
    """The shapes of a kind that reach into the window, as one path in CSS pixels, `pixels` for each
    unit; without those whose longer side is under `smallest` pixels."""
    path = ""
    wide = window.without_margin(-2)
    for shape in shapes():
        if shape.kind != kind or not shape.box.overlaps(wide):
            continue
        if shape.size * pixels < smallest:
            continue
        if shape.is_closed:
            rings = [_clip(shape.points, wide)]
        else:
            rings = list(_stretches(shape.points, wide))
        for ring in rings:
            path += _ring_path(ring, window, pixels, is_closed=shape.is_closed)
    return path


def _clip(ring: Sequence[Position], box: Box) -> list[Position]:
    """The part of a ring in a box (Sutherland and Hodgman, 1974)."""
    corners = list(ring)
    sides = (("x", box.left, 1), ("x", box.right, -1), ("y", box.top, 1), ("y", box.bottom, -1))
    for axis, limit, sign in sides:
        corners = list(_cut(corners, axis, limit, sign))
    return corners


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


def _ring_path(ring: list[Position], window: Box, pixels: float, *, is_closed: bool) -> str:
    """`M`, the first point, `l` and the steps, in half pixels; "" for less than a line."""
    places = [_half_pixels(point, window, pixels) for point in ring]
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


def _half_pixels(point: Position, window: Box, pixels: float) -> tuple[int, int]:
    x = (point.x - window.left) * pixels
    y = (point.y - window.top) * pixels
    return round(2 * x), round(2 * y)
