"""Cities that are too near each other for a target each, as one circle with their number."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from members.map.geometry import Position
from members.map.view import SIZE, TARGET

# More groups are first sorted into the cells of a grid: then there are fewer than this.
MOST_GROUPS = 400
CELLS = math.ceil(SIZE / TARGET)


class Group(NamedTuple):
    """Cities, by their indexes, and their mean place in CSS pixels."""

    place: Position
    indexes: tuple[int, ...]


@lru_cache(maxsize=64)
def groups_of(places: tuple[Position, ...]) -> tuple[Group, ...]:
    """Groups whose middles are at least `TARGET` apart: of all places, the two nearest groups are
    merged until there is nothing to merge. The same places always give the same groups."""
    groups = [Group(place, (index,)) for index, place in enumerate(places)]
    if len(groups) > MOST_GROUPS:
        groups = _in_cells(groups)
    while pair := _nearest_pair(groups):
        one, other = pair
        rest = [group for group in groups if group not in (one, other)]
        groups = [*rest, _merged([one, other])]
    return tuple(sorted(groups, key=lambda group: group.indexes))


def _in_cells(groups: Sequence[Group]) -> list[Group]:
    cells: dict[tuple[int, int], list[Group]] = defaultdict(list)
    for group in groups:
        column = int(group.place.x // TARGET)
        line = int(group.place.y // TARGET)
        cells[column, line].append(group)
    return [_merged(members) for members in cells.values()]


def _merged(groups: Sequence[Group]) -> Group:
    """One group, in the middle of all places of these."""
    indexes: list[int] = []
    across = along = 0.0
    for group in groups:
        indexes += group.indexes
        across += group.place.x * len(group.indexes)
        along += group.place.y * len(group.indexes)
    count = len(indexes)
    middle = Position(across / count, along / count)
    return Group(middle, tuple(sorted(indexes)))


def _nearest_pair(groups: Sequence[Group]) -> tuple[Group, Group] | None:
    """The two groups that are nearest to each other; None where all have their room."""
    pairs = _near_pairs(groups)
    nearest = min(pairs, default=None, key=lambda pair: pair[0])
    return nearest[1:] if nearest else None


def _near_pairs(groups: Sequence[Group]) -> Iterator[tuple[float, Group, Group]]:
    """Groups that are nearer than `TARGET`, with their distance."""
    from_left = sorted(groups)
    for first, group in enumerate(from_left):
        for other in from_left[first + 1 :]:
            if other.place.x - group.place.x >= TARGET:
                break
            distance = math.dist(group.place, other.place)
            if distance < TARGET:
                yield distance, group, other
