"""A city as a dot, and cities as a circle: what is to be drawn, and where it is drawn."""

from dataclasses import dataclass, replace

from django.utils.translation import ngettext

from members.map.geometry import Position
from members.map.view import MapView


@dataclass(frozen=True, slots=True)
class Dot:
    """A city to be drawn: its place in units (from `locate`), its name and country for the reader,
    its page.

    `weight`: where names compete for room the heavier dot shows its own; inhabitants, for example.
    """

    x: float
    y: float
    name: str
    url: str
    country: str = ""
    weight: int = 0
    key: int = 0

    @property
    def position(self) -> Position:
        return Position(self.x, self.y)


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot or a circle where it is drawn, in CSS pixels.

    `side` is where the name stands: `"right"`, `"left"`, `"above"` or `"below"`; `label_x` and
    `label_y` are its distance from the dot's middle. `labelled`: there is room to show the name at
    all times. `count`: how many cities it stands for; `heaviest` names some of these; `part` is
    what a circle leads to.
    """

    x: float
    y: float
    name: str
    country: str
    url: str
    radius: float
    side: str
    label_x: float
    label_y: float
    labelled: bool
    count: int = 1
    heaviest: tuple[str, ...] = ()
    part: MapView | None = None

    def in_list(self, query: str) -> "PlacedDot":
        """The same on the page of a list with this query string, which its circles keep."""
        if not query or self.part is None:
            return self
        return replace(self, url=self.part.url(query))

    @property
    def place(self) -> str:
        """The dot's place for the SVG function `translate`, the same in every language."""
        return f"{self.x:g} {self.y:g}"

    @property
    def label_place(self) -> str:
        """The name's distance from the dot, likewise."""
        return f"{self.label_x:g} {self.label_y:g}"

    @property
    def words(self) -> str:
        """The city with its country, or how many cities there are and which, for example."""
        if self.count == 1:
            return f"{self.name}, {self.country}" if self.country else self.name
        words = ngettext("%(count)d city: %(names)s", "%(count)d cities: %(names)s", self.count)
        return words % {"count": self.count, "names": self._examples}

    @property
    def _examples(self) -> str:
        names = ", ".join(self.heaviest)
        return names if self.count == len(self.heaviest) else f"{names} …"


@dataclass(frozen=True, slots=True)
class NeighborName:
    """A city outside the list: a small dot with its name, for orientation."""

    x: float
    y: float
    name: str
    side: str
    label_x: float
    label_y: float

    @property
    def place(self) -> str:
        return f"{self.x:g} {self.y:g}"

    @property
    def label_place(self) -> str:
        return f"{self.label_x:g} {self.label_y:g}"
