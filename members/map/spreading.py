"""Pushing dots apart that would cover each other."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from members.map.geometry import Position
from members.map.view import MapView

# How far a dot may stand from its place, in CSS pixels, so that the map stays true.
FARTHEST = 14.0
ROUNDS = 120
# A square of 600 pixels holds 625 targets of 24 pixels; near this number pushing cannot help, only
# cost.
MOST_PUSHED = 400
# What of the wished distance counts as enough, and at what is aimed: what is rounded off later is
# not missed.
ENOUGH, AIM = 0.995, 1.01
# Radians: the golden angle, which never repeats a direction.
GOLDEN_ANGLE = 2.4

Pairs = list[tuple[int, int]]


@lru_cache(maxsize=64)
def spread(places: tuple[Position, ...], view: MapView) -> tuple[Position, ...]:
    """Where dots with these places stand, sorted by x as they are given; rounded to 0.01 units.

    Every pair that is too near is pushed apart by half of what is missing, again and again, and
    every dot is drawn back to its place if it goes too far.
    """
    positions = list(places)
    if len(places) <= MOST_PUSHED:
        _spread(positions, places, view)
    rounded_positions = []
    for position in positions:
        x = round(position.x, 2)
        y = round(position.y, 2)
        rounded_positions.append(Position(x, y))
    return tuple(rounded_positions)


def _spread(positions: list[Position], places: Sequence[Position], view: MapView) -> None:
    spacing = view.units(view.spacing)
    aim = spacing * AIM
    # Two dots may both leave their places.
    both_ways = view.units(2 * FARTHEST)
    reach = spacing + both_ways
    pairs = list(near_pairs(places, reach))
    _shake(positions, pairs, spacing, view.unit)
    for _round in range(ROUNDS):
        is_crowded = _push(positions, pairs, aim)
        if not is_crowded:
            break
        for index, place in enumerate(places):
            position = positions[index]
            positions[index] = _within_reach(position, place, view)


def near_pairs(positions: Sequence[Position], distance: float) -> Iterator[tuple[int, int]]:
    """Pairs of indexes of positions that are at most so far from each other along both axes.

    The positions are sorted by x.
    """
    for first, (x, y) in enumerate(positions):
        for second in range(first + 1, len(positions)):
            other = positions[second]
            if other.x - x > distance:
                break
            gap = abs(other.y - y)
            if gap <= distance:
                yield first, second


def _shake(positions: list[Position], pairs: Pairs, spacing: float, length: float) -> None:
    """Move crowded dots by `length`, each another way.

    Without that, dots in one place or in one line could not part.
    """
    for index in _crowded(positions, pairs, spacing):
        turn = GOLDEN_ANGLE * index
        right = length * math.cos(turn)
        down = length * math.sin(turn)
        position = positions[index]
        positions[index] = position.moved(right, down)


def _crowded(positions: list[Position], pairs: Pairs, spacing: float) -> set[int]:
    """Indexes of the dots that have another one nearer than the wished distance."""
    crowded: set[int] = set()
    for first, second in pairs:
        distance = math.dist(positions[first], positions[second])
        if distance < spacing:
            crowded |= {first, second}
    return crowded


def _push(positions: list[Position], pairs: Pairs, spacing: float) -> bool:
    """Push each pair that is too near apart; whether there was one."""
    pushed = False
    for first, second in pairs:
        one = positions[first]
        other = positions[second]
        dx = other.x - one.x
        dy = other.y - one.y
        distance = math.hypot(dx, dy)
        if distance >= spacing * ENOUGH:
            continue
        # Half of what is missing, as a share of the distance.
        missing_share = spacing / (distance or 1.0) - 1
        share = missing_share / 2
        right = dx * share
        down = dy * share
        positions[first] = one.moved(-right, -down)
        positions[second] = other.moved(right, down)
        pushed = True
    return pushed


def _within_reach(position: Position, place: Position, view: MapView) -> Position:
    """The position, or a nearer one where it is too far from its place or leaves the view."""
    dx = position.x - place.x
    dy = position.y - place.y
    distance = math.hypot(dx, dy) or 1.0
    farthest = view.units(FARTHEST)
    share = min(1.0, farthest / distance)
    near = place.moved(
        right=dx * share,
        down=dy * share,
    )
    margin = view.units(view.dot)
    inner_box = view.box.without_margin(margin)
    return inner_box.nearest(near)
