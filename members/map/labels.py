"""Names beside the dots: on which side each has room."""

from collections.abc import Sequence

from members.map.dots import Dot
from members.map.geometry import Box, Position, box_around
from members.map.spreading import MOST_PUSHED
from members.map.view import LABEL_SIZE, MapView

# CSS pixels between a dot and its name.
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


def label_sides(positions: Sequence[Position], dots: Sequence[Dot], view: MapView) -> list[str]:
    """For each dot the side on which its name covers no dot and no other name, or `""`.

    The heaviest dots choose first.
    """
    sides = [""] * len(dots)
    if len(dots) > MOST_PUSHED:
        return sides
    radius = view.units(view.dot + 1)
    occupied = [box_around(position, radius) for position in positions]
    indexes = range(len(dots))
    heaviest_first = sorted(indexes, key=lambda index: (-dots[index].weight, index))
    for index in heaviest_first:
        dot = dots[index]
        position = positions[index]
        for side in SIDES:
            box = _free_box(dot, position, side, view, occupied)
            if box:
                sides[index] = side
                occupied.append(box)
                break
    return sides


def _free_box(
    dot: Dot, position: Position, side: str, view: MapView, occupied: list[Box]
) -> Box | None:
    """The room that the name takes on this side; None where it is taken or ends outside the view.

    On hover and focus the country stands behind the name: it must stay in the view, and may cover
    others.
    """
    label = label_offset(SIDES[side], view)
    anchor = position.moved(label.x, label.y)
    name_and_country = f"{dot.name}, {dot.country}"
    with_country = _text_box(name_and_country, anchor, side, view)
    if not view.box.covers(with_country):
        return None
    box = _text_box(dot.name, anchor, side, view)
    if any(box.overlaps(other) for other in occupied):
        return None
    return box


def label_offset(side: Position, view: MapView) -> Position:
    """The distance from the middle of a dot to its name, in units."""
    gap = view.units(view.dot + LABEL_GAP)
    half_size = view.units(LABEL_SIZE / 2)
    return Position(
        x=side.x * gap,
        y=side.y * (gap + half_size),
    )


def _text_box(text: str, anchor: Position, side: str, view: MapView) -> Box:
    """The room of a text that begins, ends or is centred at `anchor`: away from its dot."""
    half_height = view.units(LABEL_SIZE * HALF_LINE)
    letter = view.units(LABEL_SIZE * LETTER)
    width = len(text) * letter
    # Of its width: 0 to the right of the dot, -1 to the left, -0.5 above and below.
    share = (SIDES[side].x - 1) / 2
    left = anchor.x + share * width
    return Box(
        left=left,
        top=anchor.y - half_height,
        right=left + width,
        bottom=anchor.y + half_height,
    )
