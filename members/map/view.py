"""The part of the map that a drawing shows, and the address of every part."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from members.map.geometry import Box, Position
from members.map.projection import FRAME, KM_PER_UNIT
from members.map.shapes import path_of

# A drawing is a square of this many CSS pixels. Pages show it between 330 and 520 pixels wide
# (static/css/public/map.css).
SIZE = 400

# All in CSS pixels of the drawing.
TARGET = 30.0  # 24 pixels (WCAG 2.2, 2.5.8) where it is drawn 330 pixels wide
DOT_RADIUS = 4.5
LABEL_SIZE = 13.0
SMALLEST_LAND, SMALLEST_LAKE, SMALLEST_RIVER = 4.0, 7.0, 45.0  # what is shorter is left out

# In units. At the smallest width two cities that are 1.3 km apart have a target each.
SMALLEST_WIDTH = 4.0
LARGEST_WIDTH = 1000.0
WIDE = 600.0
# Narrower, there is hardly a coast or a river to recognise: a second drawing says where it lies.
CLOSE = 250.0
MARGIN = 0.09  # of the window, between its edge and the outermost city
BEYOND = 30.0  # how far outside the frame there still is land (data/map/build_locator.py)

# Round lengths of the scale bar, the longest first; the bar takes at most this much of the drawing.
SCALE_KM = (500, 200, 100, 50, 20, 10, 5, 2)
SCALE_SHARE = 0.3

PARAMETER = "map"
STEPS = 10  # of the numbers of an address in one unit
ADDRESS = re.compile(r"(-?\d{1,5}),(-?\d{1,5}),(\d{1,5})", re.ASCII)


class Terrain(NamedTuple):
    """What lies under the dots: each is the value of an SVG path's `d`."""

    land: str
    lakes: str
    rivers: str


class ScaleBar(NamedTuple):
    """So many kilometres are so many CSS pixels of the drawing."""

    kilometres: int
    pixels: float

    @property
    def box(self) -> Box:
        """What it takes of the drawing with its number, as `components/map.html` places it."""
        bottom = SIZE - 10
        return Box(10, bottom - 18, 10 + self.pixels, bottom)


@dataclass(frozen=True, slots=True)
class MapView:
    """A square window on the map, its corner and width in units."""

    left: float
    top: float
    width: float

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.left + self.width, self.top + self.width)

    @property
    def pixels(self) -> float:
        """CSS pixels for each unit."""
        return SIZE / self.width

    @property
    def is_wide(self) -> bool:
        """Whether it shows so much of Europe that there is room for the list's own cities only."""
        return self.width > WIDE

    @property
    def is_close(self) -> bool:
        return self.width <= CLOSE

    @property
    def middle(self) -> Position:
        """In whole units."""
        half = self.width / 2
        across = self.left + half
        along = self.top + half
        return Position(
            x=round(across),
            y=round(along),
        )

    @property
    def scale(self) -> ScaleBar:
        """The longest round length that has room at the foot of the drawing."""
        pixels_per_km = self.pixels / KM_PER_UNIT
        most = SIZE * SCALE_SHARE
        for kilometres in SCALE_KM:
            length = kilometres * pixels_per_km
            if length <= most:
                break
        return ScaleBar(
            kilometres=kilometres,
            pixels=round(length, 1),
        )

    @property
    def is_deepest(self) -> bool:
        """Whether no narrower window has an address."""
        return self.width <= SMALLEST_WIDTH

    def place(self, position: Position) -> Position:
        """A position in units as CSS pixels of the drawing."""
        return Position(
            x=(position.x - self.left) * self.pixels,
            y=(position.y - self.top) * self.pixels,
        )

    @property
    def terrain(self) -> Terrain:
        return _terrain(self)

    def url(self, query: str) -> str:
        """The address of this part; the other parameters of `query`, percent-encoded, are kept."""
        numbers = [round(value * STEPS) for value in (self.left, self.top, self.width)]
        value = ",".join(map(str, numbers))
        return _url(query, [(PARAMETER, value)])


@lru_cache(maxsize=64)
def _terrain(view: MapView) -> Terrain:
    return Terrain(
        land=path_of("land", view.box, view.pixels, SMALLEST_LAND),
        lakes=path_of("lake", view.box, view.pixels, SMALLEST_LAKE),
        rivers=path_of("river", view.box, view.pixels, SMALLEST_RIVER),
    )


def view_of(address: str | None) -> MapView | None:
    """The part with this address; None for none, and for what is no part of the map."""
    match = ADDRESS.fullmatch(address or "")
    if not match:
        return None
    left, top, width = (int(number) / STEPS for number in match.groups())
    view = MapView(left, top, width)
    wide_frame = FRAME.without_margin(-BEYOND)
    is_on_map = wide_frame.overlaps(view.box)
    return view if is_on_map and SMALLEST_WIDTH <= width <= LARGEST_WIDTH else None


def view_around(positions: Collection[Position]) -> MapView:
    """The narrowest part that holds all these, with a margin; the whole map for none."""
    if not positions:
        return MapView(FRAME.left, FRAME.top, FRAME.right)
    box = _box_round(positions)
    extent = max(box.right - box.left, box.bottom - box.top)
    with_margins = extent / (1 - 2 * MARGIN)
    width = _between(SMALLEST_WIDTH, with_margins, LARGEST_WIDTH)
    left = (box.left + box.right - width) / 2
    top = (box.top + box.bottom - width) / 2
    # Beyond that no land is drawn.
    left = _between(FRAME.left - BEYOND, left, FRAME.right + BEYOND - width)
    top = _between(FRAME.top - BEYOND, top, FRAME.bottom + BEYOND - width)
    return MapView(round(left, 1), round(top, 1), round(width, 1))


def _box_round(positions: Collection[Position]) -> Box:
    """The smallest box that holds all these."""
    across = [position.x for position in positions]
    along = [position.y for position in positions]
    return Box(min(across), min(along), max(across), max(along))


def _between(least: float, number: float, most: float) -> float:
    """The number, or the bound that it passes; where the bounds cross, the lower one."""
    return max(min(number, most), least)


def whole_url(query: str) -> str:
    """The address of the same page with the map of its whole list."""
    return _url(query, [])


def _url(query: str, parameters: list[tuple[str, str]]) -> str:
    others = [pair for pair in parse_qsl(query) if pair[0] != PARAMETER]
    query_string = urlencode(others + parameters, safe=",")
    return f"?{query_string}#map"
