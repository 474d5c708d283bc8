"""Where the dots of a view stand: near their places, none over another, with names where there is
room."""

import math
from collections.abc import Iterable

from members.map.dots import Dot, PlacedDot
from members.map.geometry import Position
from members.map.labels import SIDES, label_offset, label_sides
from members.map.spreading import MOST_PUSHED, near_pairs, spread
from members.map.view import TARGET, MapView


def place_dots(points: Iterable[Dot], view: MapView) -> list[PlacedDot]:
    """The dots that lie in the view, in the given order, moved apart where one would cover another.

    The same dots always get the same places, whatever their order. A dot stands at most `FARTHEST`
    CSS pixels from its place and inside the view. WCAG 2.2, 2.5.8 (target size): in the parts of
    the map dots are wished `TARGET` pixels apart, so that each can have a circle of that size to
    itself. Where a crowd leaves no room, and in the whole view, circles shrink rather than overlap,
    and the criterion's exception for an equivalent control holds: the list of the same cities on
    the page.
    """
    dots = [dot for dot in points if view.box.holds(dot.position)]
    order = sorted(range(len(dots)), key=lambda index: (dots[index].position, dots[index].url))
    placed_dots = _place([dots[index] for index in order], view)
    by_index = dict(zip(order, placed_dots, strict=True))
    return [by_index[index] for index in range(len(dots))]


def _place(dots: list[Dot], view: MapView) -> list[PlacedDot]:
    """All these dots of the view, which are in a fixed order."""
    positions = spread(tuple(dot.position for dot in dots), view)
    reaches = _reaches(positions, view)
    sides = label_sides(positions, dots, view)
    rows = zip(dots, positions, reaches, sides, strict=True)
    return [_placed_dot(*row, view) for row in rows]


def _placed_dot(dot: Dot, position: Position, reach: float, side: str, view: MapView) -> PlacedDot:
    x, y = position
    is_left_of_middle = x < view.x + view.width / 2
    # A name without room appears on hover and focus only: towards the middle of the view.
    label_side = side or ("right" if is_left_of_middle else "left")
    offset = label_offset(SIDES[label_side], view)
    return PlacedDot(
        x,
        y,
        dot.name,
        dot.country,
        dot.url,
        reach,
        label_side,
        round(offset.x, 2),
        round(offset.y, 2),
        bool(side),
    )


def _reaches(positions: tuple[Position, ...], view: MapView) -> list[float]:
    """For each dot the radius in units of what can be pressed.

    Half the way to its nearest neighbour; at most half a target, at least half the dot's radius.
    """
    widest, narrowest = view.units(TARGET / 2), view.units(view.dot / 2)
    if len(positions) > MOST_PUSHED:
        return [round(narrowest, 2)] * len(positions)
    reaches = [widest] * len(positions)
    by_x = sorted(range(len(positions)), key=lambda index: positions[index])
    for first, second in near_pairs([positions[index] for index in by_x], 2 * widest):
        one, other = by_x[first], by_x[second]
        half_way = math.dist(positions[one], positions[other]) / 2
        reach = max(half_way, narrowest)
        reaches[one] = min(reaches[one], reach)
        reaches[other] = min(reaches[other], reach)
    return [round(reach, 2) for reach in reaches]
