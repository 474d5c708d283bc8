"""The map of the network: where a city lies on it, which parts can be enlarged, and where its dot
is drawn.

Pure Python without models, so that ``data/map/build_land.py`` draws the land with the same
projection. Two units occur. A *unit* is one step of the drawing (``viewBox``), about 4 km. A *CSS
pixel* is what the reader sees when the drawing is shown ``SHOWN_WIDTH`` pixels wide; the smaller
the view, the fewer units.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Box = tuple[float, float, float, float]  # left, top, right, bottom in units

# Below settings.BASE_DIR. A relative path: data/map/build_land.py runs without settings.
LAND_FILE = Path("data/map/land.svgpath")

# Lambert azimuthal equal-area about 10°E 52°N, the centre that the European statistical grid uses
# (ETRS89-LAEA, EPSG:3035): no country looks larger than it is. A sphere of equal area is exact to
# about 10 km at the edge, two units.
CENTRE_LATITUDE = 52.0
CENTRE_LONGITUDE = 10.0
EARTH_RADIUS_KM = 6371.007

# The frame reaches from Reykjavík and Lisbon to Nicosia, and from Tromsø to Crete.
KM_PER_UNIT = 4.1
WEST_KM = -1800.0
NORTH_KM = 2090.0
WIDTH = 1000
HEIGHT = 966

# The width at which distances between dots are promised. Narrower frames scroll
# (static/css/map.css).
SHOWN_WIDTH = 600

# All in CSS pixels at SHOWN_WIDTH.
TARGET = 24.0  # WCAG 2.2, success criterion 2.5.8: a target, or its spacing, of at least 24 by 24
DOT_RADIUS = 5.0
SMALL_DOT_RADIUS = 4.5
FARTHEST = 14.0  # how far a dot may stand from its place, so that the map stays true
LABEL_SIZE = 13.0  # as large as the whole view bears without names over names
LABEL_GAP = 3.0
# In order of preference: steps to the right and down from the dot.
LABEL_SIDES = {"right": (1, 0), "left": (-1, 0), "above": (0, -1), "below": (0, 1)}

ROUNDS = 120
# A square of 600 pixels holds 625 targets of 24 pixels; near this number pushing cannot help, only
# cost.
MOST_PUSHED = 400


@dataclass(frozen=True, slots=True)
class View:
    """A window on the map, in units.

    ``spacing`` is the wished distance between two dots and ``dot`` the radius of one, both in CSS
    pixels.
    """

    key: str
    name: str | Promise = field(
        compare=False
    )  # a lazy name would hash differently in each language
    x: int
    y: int
    width: int
    height: int
    spacing: float = TARGET
    dot: float = DOT_RADIUS

    @property
    def view_box(self) -> str:
        """The value of the SVG attribute ``viewBox``."""
        return f"{self.x} {self.y} {self.width} {self.height}"

    @property
    def unit(self) -> float:
        """Units per CSS pixel when the view is shown ``SHOWN_WIDTH`` pixels wide."""
        return self.width / SHOWN_WIDTH

    @property
    def dot_radius(self) -> float:
        """Radius of a visible dot in units."""
        return round(self.dot * self.unit, 2)

    @property
    def ring_radius(self) -> float:
        """Radius of the ring round the dot in focus, in units: clear of the dot however near others
        are."""
        return round(2 * self.dot * self.unit, 2)

    @property
    def label_size(self) -> float:
        """Height of the type of a city's name in units."""
        return round(LABEL_SIZE * self.unit, 2)

    @property
    def enlarged(self) -> bool:
        """Whether this is a part of the map rather than all of it."""
        return bool(self.key)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point, in units, lies in the view."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


# In the whole view 24 pixels are 160 km: the 86 dots between Ostend and Leipzig, Berne and Celle
# cannot have them. There dots only stay apart, and the parts of the map hold the full targets (see
# ``place_dots``).
WHOLE = View(
    "",
    _("The whole map"),
    0,
    0,
    WIDTH,
    HEIGHT,
    spacing=2 * SMALL_DOT_RADIUS + 1,
    dot=SMALL_DOT_RADIUS,
)

# Chosen by where the first 161 cities lie: 61 of them between Ostend and Frankfurt, so two narrow
# windows there, and wide ones elsewhere. In one of its windows every member has a full target
# (tests/members/test_map.py).
REGIONS: dict[str, View] = {
    view.key: view
    for view in (
        View("belgium", _("Belgium"), 312, 500, 66, 62),
        View("rhine", _("The Rhine"), 362, 498, 80, 108),
        View("central", _("Germany and the Alps"), 362, 438, 200, 230),
        View("north", _("The North"), 414, 116, 306, 320),
        View("west", _("The West"), 130, 370, 280, 376),
        View("south-west", _("The South-West"), 15, 655, 395, 305),
        View("italy", _("Italy"), 360, 660, 230, 300),
        View("east", _("The East"), 535, 340, 440, 580),
    )
}


@dataclass(frozen=True, slots=True)
class Dot:
    """A city to be drawn: its place in units (from ``project``), its name and country for the
    reader, its page.

    ``weight``: where names compete for room the heavier dot shows its own; inhabitants, for
    example.
    """

    x: float
    y: float
    name: str
    url: str
    country: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot where it is drawn, in units.

    ``reach`` is the radius of what can be pressed. ``side`` is where the name stands: ``"right"``,
    ``"left"``, ``"above"`` or ``"below"``; ``label_x`` and ``label_y`` are its distance from the
    dot's middle. ``labelled``: there is room to show the name at all times.
    """

    x: float
    y: float
    name: str
    country: str
    url: str
    reach: float
    side: str
    label_x: float
    label_y: float
    labelled: bool

    @property
    def place(self) -> str:
        """The dot's place for the SVG function ``translate``, the same in every language."""
        return f"{self.x:g} {self.y:g}"

    @property
    def label_place(self) -> str:
        """The name's distance from the dot, likewise."""
        return f"{self.label_x:g} {self.label_y:g}"


@dataclass(frozen=True, slots=True)
class RegionLink:
    """A link that shows another part of the map and keeps the other parameters of the page."""

    name: str | Promise
    url: str
    current: bool


@lru_cache(maxsize=1)
def land_path() -> str:
    """The land as the value of an SVG path's ``d``, in units.

    ``data/map/build_land.py`` makes it.
    """
    return (settings.BASE_DIR / LAND_FILE).read_text(encoding="ascii").strip()


def view_for(key: str | None) -> View:
    """The part of the map with that key; the whole map for none or an unknown one."""
    return REGIONS.get(key or "", WHOLE)


def region_links(current: View, query: str = "") -> list[RegionLink]:
    """Links to the whole map and to every part. ``query``: the page's query string,
    percent-encoded."""
    kept = [pair for pair in parse_qsl(query) if pair[0] != "region"]
    return [
        RegionLink(
            view.name,
            f"?{urlencode([*kept, ('region', view.key)] if view.key else kept)}#map",
            view == current,
        )
        for view in (WHOLE, *REGIONS.values())
    ]


def locate(latitude: float, longitude: float) -> tuple[float, float] | None:
    """A place of the globe, in degrees, as units of the map; None on the far half of the globe.

    Lambert azimuthal equal-area for the sphere: J. P. Snyder, Map Projections - A Working Manual
    (US Geological Survey, 1987), equations 22-4, 22-5 and 24-2.
    """
    phi, centre = math.radians(float(latitude)), math.radians(CENTRE_LATITUDE)
    turn = math.radians(float(longitude) - CENTRE_LONGITUDE)
    nearness = math.sin(centre) * math.sin(phi) + math.cos(centre) * math.cos(phi) * math.cos(turn)
    if not nearness > 0:
        return None
    scale = EARTH_RADIUS_KM * math.sqrt(2 / (1 + nearness))
    east = scale * math.cos(phi) * math.sin(turn)
    north = scale * (
        math.cos(centre) * math.sin(phi) - math.sin(centre) * math.cos(phi) * math.cos(turn)
    )
    return (east - WEST_KM) / KM_PER_UNIT, (NORTH_KM - north) / KM_PER_UNIT


def project(latitude: float, longitude: float) -> tuple[int, int] | None:
    """A place of the globe, in degrees, as whole units of the map; None outside the frame."""
    located = locate(latitude, longitude)
    if located is None or not WHOLE.holds(*located):
        return None
    return round(located[0]), round(located[1])


def place_dots(points: Iterable[Dot], view: View) -> list[PlacedDot]:
    """The dots that lie in the view, in the given order, moved apart where they would cover each
    other.

    The same dots always get the same places, whatever their order. A dot stands at most
    ``FARTHEST`` CSS pixels from its place and inside the view. WCAG 2.2, 2.5.8 (target size): in
    the parts of the map dots are wished ``TARGET`` pixels apart, so that each can have a circle of
    that size to itself. Where a crowd leaves no room, and in the whole view, circles shrink rather
    than overlap, and the criterion's exception for an equivalent control holds: the list of the
    same cities on the page.
    """
    dots = [dot for dot in points if view.holds(dot.x, dot.y)]
    order = sorted(
        range(len(dots)), key=lambda index: (dots[index].x, dots[index].y, dots[index].url)
    )
    spread = _spread(tuple((dots[index].x, dots[index].y) for index in order), view)
    reaches = _reaches(spread, view)
    sides = _label_sides(spread, [dots[index] for index in order], view)
    placed: dict[int, PlacedDot] = {}
    for index, place, reach, side in zip(order, spread, reaches, sides, strict=True):
        placed[index] = _placed(dots[index], place, reach, side, view)
    return [placed[index] for index in range(len(dots))]


def _placed(dot: Dot, place: tuple[float, float], reach: float, side: str, view: View) -> PlacedDot:
    x, y = place
    # A name without room appears on hover and focus only; it then grows towards the middle of the
    # view.
    shown = side or ("right" if x < view.x + view.width / 2 else "left")
    across, down = LABEL_SIDES[shown]
    gap = (view.dot + LABEL_GAP) * view.unit
    label_x, label_y = across * gap, down * (gap + LABEL_SIZE / 2 * view.unit)
    return PlacedDot(
        x,
        y,
        dot.name,
        dot.country,
        dot.url,
        reach,
        shown,
        round(label_x, 2),
        round(label_y, 2),
        bool(side),
    )


@lru_cache(maxsize=64)
def _spread(places: tuple[tuple[float, float], ...], view: View) -> tuple[tuple[float, float], ...]:
    """Push every pair that is too near apart by half of what is missing, again and again, within
    bounds."""
    now = [list(place) for place in places]
    spacing = view.spacing * view.unit
    if len(places) <= MOST_PUSHED:
        pairs = list(_near_pairs(places, spacing + 2 * FARTHEST * view.unit))
        _shake(now, pairs, spacing, view.unit)
        for _round in range(ROUNDS):
            if not _push(
                now, pairs, spacing * 1.01
            ):  # aim a little wide: what is rounded off later is not missed
                break
            for point, place in zip(now, places, strict=True):
                _hold_back(point, place, view)
    return tuple((round(x, 2), round(y, 2)) for x, y in now)


def _shake(
    now: list[list[float]], pairs: list[tuple[int, int]], spacing: float, unit: float
) -> None:
    """Move crowded dots by a CSS pixel, each another way, so that those in one place or one line
    can part."""
    crowded = {
        index for pair in pairs if math.dist(now[pair[0]], now[pair[1]]) < spacing for index in pair
    }
    for index in crowded:
        turn = 2.4 * index  # radians: the golden angle, which never repeats a direction
        now[index][0] += unit * math.cos(turn)
        now[index][1] += unit * math.sin(turn)


def _near_pairs(
    places: Iterable[tuple[float, float]], distance: float
) -> Iterator[tuple[int, int]]:
    """Pairs of indexes of places, sorted by x, that are at most so far from each other along both
    axes."""
    listed = list(places)
    for first, (x, y) in enumerate(listed):
        for second in range(first + 1, len(listed)):
            if listed[second][0] - x > distance:
                break
            if abs(listed[second][1] - y) <= distance:
                yield first, second


def _push(now: list[list[float]], pairs: list[tuple[int, int]], spacing: float) -> bool:
    moved = False
    for first, second in pairs:
        a, b = now[first], now[second]
        dx, dy = b[0] - a[0], b[1] - a[1]
        apart = math.hypot(dx, dy)
        if apart < spacing * 0.995:
            share = (spacing / (apart or 1.0) - 1) / 2
            a[0], a[1], b[0], b[1] = (
                a[0] - dx * share,
                a[1] - dy * share,
                b[0] + dx * share,
                b[1] + dy * share,
            )
            moved = True
    return moved


def _hold_back(point: list[float], place: tuple[float, float], view: View) -> None:
    """Keep a moved dot near its place and in the view."""
    dx, dy = point[0] - place[0], point[1] - place[1]
    shrink = min(1.0, FARTHEST * view.unit / (math.hypot(dx, dy) or 1.0))
    margin = view.dot * view.unit
    point[0] = min(max(place[0] + dx * shrink, view.x + margin), view.x + view.width - margin)
    point[1] = min(max(place[1] + dy * shrink, view.y + margin), view.y + view.height - margin)


def _reaches(spread: tuple[tuple[float, float], ...], view: View) -> list[float]:
    """For each dot half the way to its neighbour, at most half a target, at least what can still be
    pressed."""
    widest, narrowest = TARGET / 2 * view.unit, view.dot / 2 * view.unit
    if len(spread) > MOST_PUSHED:
        return [round(narrowest, 2)] * len(spread)
    reaches = [widest] * len(spread)
    by_x = sorted(range(len(spread)), key=lambda index: spread[index])
    for first, second in _near_pairs((spread[index] for index in by_x), 2 * widest):
        a, b = by_x[first], by_x[second]
        half = max(math.dist(spread[a], spread[b]) / 2, narrowest)
        reaches[a], reaches[b] = min(reaches[a], half), min(reaches[b], half)
    return [round(reach, 2) for reach in reaches]


def _label_sides(spread: tuple[tuple[float, float], ...], dots: list[Dot], view: View) -> list[str]:
    """For each dot the side on which its name fits without covering a dot or another name, or
    ``""``."""
    sides = [""] * len(dots)
    if len(dots) > MOST_PUSHED:
        return sides
    radius = (view.dot + 1) * view.unit
    taken = [(x - radius, y - radius, x + radius, y + radius) for x, y in spread]
    for index in sorted(range(len(dots)), key=lambda index: (-dots[index].weight, index)):
        for side in LABEL_SIDES:
            name, full = _label_boxes(spread[index], dots[index], side, view)
            if _within(full, view) and not any(_overlap(name, other) for other in taken):
                sides[index] = side
                taken.append(name)
                break
    return sides


def _label_boxes(place: tuple[float, float], dot: Dot, side: str, view: View) -> tuple[Box, Box]:
    """The room a name takes beside its dot, alone and with the country that hover and focus add."""
    gap, high = (view.dot + LABEL_GAP) * view.unit, LABEL_SIZE * 0.55 * view.unit
    # 0.58 of the type's height is the mean width of a letter of common system fonts, generously.
    letter = LABEL_SIZE * 0.58 * view.unit
    across, down = LABEL_SIDES[side]
    x, y = place[0] + across * gap, place[1] + down * (gap + LABEL_SIZE / 2 * view.unit)
    boxes = []
    for length in (len(dot.name), len(dot.name) + len(dot.country) + 2):
        left = x + (across - 1) / 2 * length * letter
        boxes.append((left, y - high, left + length * letter, y + high))
    return boxes[0], boxes[1]


def _within(box: Box, view: View) -> bool:
    return view.holds(box[0], box[1]) and view.holds(box[2], box[3])


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
