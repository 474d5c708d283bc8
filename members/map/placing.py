"""Where the dots of a view stand: near their places, none over another, with names where there is
room."""

import math
from collections.abc import Iterable, Iterator

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
    box = view.box
    dots = [dot for dot in points if box.holds(dot.position)]
    from_left = sorted(dots, key=_order)
    placed = {}
    placed_dots = _place(from_left, view)
    for dot, placed_dot in zip(from_left, placed_dots, strict=True):
        placed[id(dot)] = placed_dot
    return [placed[id(dot)] for dot in dots]


def _order(dot: Dot) -> tuple[Position, str]:
    """From left to right; the address parts dots in one place."""
    return (dot.position, dot.url)


def _place(dots: list[Dot], view: MapView) -> list[PlacedDot]:
    """All these dots of the view, which are in a fixed order."""
    places = tuple(dot.position for dot in dots)
    positions = spread(places, view)
    reaches = _reaches(positions, view)
    sides = label_sides(positions, dots, view)
    placed = []
    for row in zip(dots, positions, reaches, sides, strict=True):
        placed.append(_placed_dot(*row, view))
    return placed


def _placed_dot(dot: Dot, position: Position, reach: float, side: str, view: MapView) -> PlacedDot:
    x, y = position
    is_left_of_middle = x < view.x + view.width / 2
    # A name without room appears on hover and focus only: towards the middle of the view.
    label_side = side or ("right" if is_left_of_middle else "left")
    offset = label_offset(SIDES[label_side], view)
    return PlacedDot(
        x=x,
        y=y,
        name=dot.name,
        country=dot.country,
        url=dot.url,
        reach=reach,
        side=label_side,
        label_x=round(offset.x, 2),
        label_y=round(offset.y, 2),
        labelled=bool(side),
    )


def _reaches(positions: tuple[Position, ...], view: MapView) -> list[float]:
    """For each dot the radius in units of what can be pressed.

    Half the way to its nearest neighbour; at most half a target, at least half the dot's radius.
    """
    count = len(positions)
    widest = view.units(TARGET / 2)
    narrowest = view.units(view.dot / 2)
    if count > MOST_PUSHED:
        reach = round(narrowest, 2)
        return [reach] * count
    reaches = [widest] * count
    pairs = _neighbors(positions, 2 * widest)
    for one, other in pairs:
        distance = math.dist(positions[one], positions[other])
        half_way = distance / 2
        reach = max(half_way, narrowest)
        for index in (one, other):
            reaches[index] = min(reaches[index], reach)
    return [round(reach, 2) for reach in reaches]


def _neighbors(positions: tuple[Position, ...], distance: float) -> Iterator[tuple[int, int]]:
    """Pairs of indexes of positions, in any order, that are at most so far from each other."""
    indexes = range(len(positions))
    by_x = sorted(indexes, key=lambda index: positions[index])
    from_left = [positions[index] for index in by_x]
    for first, second in near_pairs(from_left, distance):
        one = by_x[first]
        other = by_x[second]
        yield one, other
