"""The views of the map: the whole of it and the parts that a reader can enlarge."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.map.geometry import Box
from members.map.projection import HEIGHT, WIDTH

# The width at which distances between dots are promised. Narrower frames scroll
# (static/css/public/map.css).
SHOWN_WIDTH = 600

# All in CSS pixels at SHOWN_WIDTH.
TARGET = 24.0  # WCAG 2.2, success criterion 2.5.8: a target, or its spacing, of at least 24 by 24
DOT_RADIUS = 5.0
SMALL_DOT_RADIUS = 4.5
LABEL_SIZE = 13.0  # as large as the whole view bears without names over names


@dataclass(frozen=True, slots=True)
class MapView:
    """A window on the map, in units.

    `spacing` is the wished distance between two dots and `dot` the radius of one, both in CSS
    pixels.
    """

    key: str
    # Not compared: a lazy name would hash differently in each language.
    name: str | Promise = field(compare=False)
    x: int
    y: int
    width: int
    height: int
    spacing: float = TARGET
    dot: float = DOT_RADIUS

    @property
    def box(self) -> Box:
        return Box(
            left=self.x,
            top=self.y,
            right=self.x + self.width,
            bottom=self.y + self.height,
        )

    @property
    def view_box(self) -> str:
        """The value of the SVG attribute `viewBox`."""
        place = f"{self.x} {self.y}"
        size = f"{self.width} {self.height}"
        return f"{place} {size}"

    @property
    def unit(self) -> float:
        """Units per CSS pixel when the view is shown `SHOWN_WIDTH` pixels wide."""
        return self.width / SHOWN_WIDTH

    def units(self, pixels: float) -> float:
        """A length in CSS pixels as units of the map."""
        return pixels * self.unit

    @property
    def dot_radius(self) -> float:
        """Radius of a visible dot in units."""
        return round(self.units(self.dot), 2)

    @property
    def ring_radius(self) -> float:
        """Radius of the ring round the dot in focus, in units.

        Twice the dot's: the ring stays clear of its dot however near other dots are.
        """
        return round(self.units(2 * self.dot), 2)

    @property
    def label_size(self) -> float:
        """Height of the type of a city's name in units."""
        return round(self.units(LABEL_SIZE), 2)

    @property
    def enlarged(self) -> bool:
        """Whether this is a part of the map rather than all of it."""
        return bool(self.key)


# In the whole view 24 pixels are 160 km: the 86 dots between Ostend and Leipzig, Berne and Celle
# cannot have them. There dots only stay apart, and the parts of the map hold the full targets (see
# `place_dots`).
WHOLE = MapView(
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
REGIONS: dict[str, MapView] = {
    view.key: view
    for view in (
        MapView("belgium", _("Belgium"), 312, 500, 66, 62),
        MapView("rhine", _("The Rhine"), 362, 498, 80, 108),
        MapView("central", _("Germany and the Alps"), 362, 438, 200, 230),
        MapView("north", _("The North"), 414, 116, 306, 320),
        MapView("west", _("The West"), 130, 370, 280, 376),
        MapView("south-west", _("The South-West"), 15, 655, 395, 305),
        MapView("italy", _("Italy"), 360, 660, 230, 300),
        MapView("east", _("The East"), 535, 340, 440, 580),
    )
}


def view_for(key: str | None) -> MapView:
    """The part of the map with that key; the whole map for none or an unknown one."""
    return REGIONS.get(key or "", WHOLE)


@dataclass(frozen=True, slots=True)
class RegionLink:
    """A link that shows another part of the map and keeps the other parameters of the page."""

    name: str | Promise
    url: str
    current: bool


def region_links(current: MapView, query: str = "") -> list[RegionLink]:
    """Links to the whole map and to every part of it.

    `query`: the page's query string, percent-encoded.
    """
    other_parameters = [pair for pair in parse_qsl(query) if pair[0] != "region"]
    links = []
    for view in (WHOLE, *REGIONS.values()):
        url = _region_url(view, other_parameters)
        is_current = view == current
        links.append(RegionLink(view.name, url, is_current))
    return links


def _region_url(view: MapView, other_parameters: Iterable[tuple[str, str]]) -> str:
    parameters = list(other_parameters)
    if view.enlarged:
        parameters.append(("region", view.key))
    query_string = urlencode(parameters)
    return f"?{query_string}#map"
