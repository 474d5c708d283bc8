"""A city as a dot: what is to be drawn, and where it is drawn."""

from dataclasses import dataclass

from members.map.geometry import Position


@dataclass(frozen=True, slots=True)
class Dot:
    """A city to be drawn: its place in units (from `project`), its name and country for the reader,
    its page.

    `weight`: where names compete for room the heavier dot shows its own; inhabitants, for example.
    """

    x: float
    y: float
    name: str
    url: str
    country: str = ""
    weight: int = 0

    @property
    def position(self) -> Position:
        return Position(self.x, self.y)


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot where it is drawn, in units.

    `reach` is the radius of what can be pressed. `side` is where the name stands: `"right"`,
    `"left"`, `"above"` or `"below"`; `label_x` and `label_y` are its distance from the dot's
    middle. `labelled`: there is room to show the name at all times.
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
        """The dot's place for the SVG function `translate`, the same in every language."""
        return f"{self.x:g} {self.y:g}"

    @property
    def label_place(self) -> str:
        """The name's distance from the dot, likewise."""
        return f"{self.label_x:g} {self.label_y:g}"
