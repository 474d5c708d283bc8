"""Positions and boxes on the map, in units: x grows to the right, y grows downwards."""

from typing import NamedTuple


class Position(NamedTuple):
    x: float
    y: float


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, position: Position) -> bool:
        """Whether a position lies in the box or on its border."""
        x, y = position
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def covers(self, other: "Box") -> bool:
        """Whether another box lies in this one."""
        top_left = Position(other.left, other.top)
        bottom_right = Position(other.right, other.bottom)
        return self.holds(top_left) and self.holds(bottom_right)

    def overlaps(self, other: "Box") -> bool:
        """Whether both have more than a border in common."""
        across = self.left < other.right and self.right > other.left
        down = self.top < other.bottom and self.bottom > other.top
        return across and down

    def nearest(self, position: Position) -> Position:
        """The position in the box that is nearest to `position`."""
        x = min(max(position.x, self.left), self.right)
        y = min(max(position.y, self.top), self.bottom)
        return Position(x, y)

    def without_margin(self, margin: float) -> "Box":
        """The box inside this one, `margin` away from each side."""
        return Box(
            self.left + margin,
            self.top + margin,
            self.right - margin,
            self.bottom - margin,
        )


def box_around(center: Position, radius: float) -> Box:
    """The square round a circle."""
    x, y = center
    return Box(x - radius, y - radius, x + radius, y + radius)
