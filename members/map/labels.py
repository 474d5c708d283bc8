"""Names beside the dots: on which side each has room. All lengths are CSS pixels of the drawing."""

from typing import NamedTuple

from members.map.geometry import Box, Position, box_around
from members.map.view import DOT_RADIUS, LABEL_SIZE, SIZE, TARGET

# Between a dot and its name.
LABEL_GAP = 3.0
# In order of preference: steps to the right and down from the dot.
SIDES = {
    "right": Position(1, 0),
    "left": Position(-1, 0),
    "above": Position(0, -1),
    "below": Position(0, 1),
}
# Half the height of a name, and the mean width of a letter of common system fonts, generously: both
# as a share of the type's height.
HALF_LINE, LETTER = 0.55, 0.58
DRAWING = Box(0, 0, SIZE, SIZE)


class Label(NamedTuple):
    """Where a name stands, and its distance from the middle of its dot."""

    side: str
    offset: Position


class FreeRoom:
    """What of the drawing dots and names have left free."""

    def __init__(self) -> None:
        self._taken: list[Box] = []
        self._targets: dict[Position, Box] = {}

    def take(self, place: Position, radius: float) -> None:
        """Keep the circle round this place free of names."""
        self._taken.append(box_around(place, radius))

    def take_corner(self, box: Box) -> None:
        """Keep a part of the drawing free of names, such as that of the scale."""
        self._taken.append(box)

    def take_target(self, place: Position) -> None:
        """Keep the target of the dot at this place free of the names of others: a name can be
        pressed as well as its dot."""
        half = TARGET / 2
        target = box_around(place, half)
        targets = self._targets
        targets[place] = target

    def is_free(self, place: Position, radius: float) -> bool:
        box = box_around(place, radius)
        return not any(box.overlaps(other) for other in self._taken)

    def label(self, name: str, place: Position) -> Label | None:
        """The first side on which the name has room, which it then takes; None without any."""
        targets = [box for center, box in self._targets.items() if center != place]
        for side in SIDES:
            offset = label_offset(side)
            box = _text_box(name, place.moved(*offset), side)
            others = (*self._taken, *targets)
            is_free = not any(box.overlaps(other) for other in others)
            if is_free and DRAWING.covers(box):
                self._taken.append(box)
                return Label(side, offset)
        return None


def label_offset(side: str) -> Position:
    """The distance from the middle of a dot to its name."""
    gap = DOT_RADIUS + LABEL_GAP
    step = SIDES[side]
    return Position(
        x=step.x * gap,
        y=step.y * (gap + LABEL_SIZE / 2),
    )


def _text_box(text: str, anchor: Position, side: str) -> Box:
    """The room of a text that begins, ends or is centred at `anchor`: away from its dot."""
    half_height = LABEL_SIZE * HALF_LINE
    width = len(text) * LABEL_SIZE * LETTER
    # Of its width: 0 to the right of the dot, -1 to the left, -0.5 above and below.
    share = (SIDES[side].x - 1) / 2
    left = anchor.x + share * width
    return Box(
        left=left,
        top=anchor.y - half_height,
        right=left + width,
        bottom=anchor.y + half_height,
    )
