"""Positions and boxes on the map, in units: x grows to the right, y grows downwards."""

from typing import NamedTuple


class Position(NamedTuple):
    x: float
    y: float

    def moved(self, right: float, down: float) -> "Position":
        return Position(
            x=self.x + right,
            y=self.y + down,
        )


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, position: Position) -> bool:
        """Whether a position lies in the box or on its border."""
        if not self.left <= position.x <= self.right:
            return False
        return self.top <= position.y <= self.bottom

    def covers(self, other: "Box") -> bool:
        """Whether another box lies in this one."""
        return (
            self.left <= other.left
            and self.right >= other.right
            and self.top <= other.top
            and self.bottom >= other.bottom
        )

    def overlaps(self, other: "Box") -> bool:
        """Whether both have more than a border in common."""
        return (
            self.left < other.right
            and self.right > other.left
            and self.top < other.bottom
            and self.bottom > other.top
        )

    def nearest(self, position: Position) -> Position:
        """The position in the box that is nearest to `position`."""
        x, y = position
        x = max(x, self.left)
        y = max(y, self.top)
        x = min(x, self.right)
        y = min(y, self.bottom)
        return Position(x, y)

    def without_margin(self, margin: float) -> "Box":
        """The box inside this one, `margin` away from each side."""
        return Box(
            left=self.left + margin,
            top=self.top + margin,
            right=self.right - margin,
            bottom=self.bottom - margin,
        )


def box_around(center: Position, radius: float) -> Box:
    """The square round a circle."""
    return Box(
        left=center.x - radius,
        top=center.y - radius,
        right=center.x + radius,
        bottom=center.y + radius,
    )


def window_around(center: Position, width: float, height: float) -> Box:
    """The part of the map with this width and height that has `center` in its middle."""
    half_width, half_height = width / 2, height / 2
    return Box(
        left=center.x - half_width,
        top=center.y - half_height,
        right=center.x + half_width,
        bottom=center.y + half_height,
    )
