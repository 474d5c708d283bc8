"""Where dots, circles and names stand in a drawing."""

from collections.abc import Iterable, Iterator, Sequence

from members.map.clusters import Group, groups_of
from members.map.dots import Dot, NeighborName, PlacedDot
from members.map.geometry import Position
from members.map.labels import FreeRoom, Label, label_offset
from members.map.view import DOT_RADIUS, SIZE, TARGET, MapView, view_around

# Radii of a circle by how many cities it stands for, in CSS pixels: at most half a target.
RADII = ((25, 14.5), (10, 13.0), (2, 11.5))
# Cities that the words of a circle name.
NAMED = 3
NEIGHBOR_RADIUS = 2.5
MOST_NEIGHBORS = 14
# So many are tried: where these have no room, the drawing is full.
NEIGHBORS_TRIED = 300


def place_dots(
    dots: Iterable[Dot], view: MapView, query: str, room: FreeRoom | None = None
) -> list[PlacedDot]:
    """The dots in the view, each where its city lies; cities without room for a target each are one
    circle, which links to the part of the map that holds them.

    The order is that of `dots`. `query` is the query string of the page. What is drawn is taken
    from `room`. Cities in one place, which no part of the map keeps apart, stand one under another
    in the narrowest.
    """
    room = room or FreeRoom()
    dots_in_view = dots_within(dots, view)
    places = tuple(view.place(dot.position) for dot in dots_in_view)
    groups = list(groups_of(places))
    if view.is_deepest:
        groups = list(_apart(groups))
    for group in groups:
        room.take(group.place, _radius(group) + 1)
        room.take_target(group.place)
    labels = _labels(groups, dots_in_view, room)
    return [_placed(group, dots_in_view, view, query, labels.get(group)) for group in groups]


def dots_within(dots: Iterable[Dot], view: MapView) -> list[Dot]:
    """The dots in a view."""
    box = view.box
    return [dot for dot in dots if box.holds(dot.position)]


def _radius(group: Group) -> float:
    count = len(group.indexes)
    return next((radius for least, radius in RADII if count >= least), DOT_RADIUS)


def _apart(groups: Iterable[Group]) -> Iterator[Group]:
    """Each city as a group of its own, those of one group in a column."""
    for group in groups:
        top = group.place.y - TARGET * (len(group.indexes) - 1) / 2
        for line, index in enumerate(group.indexes):
            yield Group(Position(group.place.x, top + line * TARGET), (index,))


def _labels(groups: Sequence[Group], dots: Sequence[Dot], room: FreeRoom) -> dict[Group, Label]:
    """Names of the dots that have room for them; the heaviest choose first."""
    single = [group for group in groups if len(group.indexes) == 1]
    heaviest_first = sorted(single, key=lambda group: -dots[group.indexes[0]].weight)
    labels = {}
    for group in heaviest_first:
        label = room.label(dots[group.indexes[0]].name, group.place)
        if label:
            labels[group] = label
    return labels


def _placed(
    group: Group, dots: Sequence[Dot], view: MapView, query: str, label: Label | None
) -> PlacedDot:
    cities = [dots[index] for index in group.indexes]
    heaviest = sorted(cities, key=lambda dot: -dot.weight)
    first = cities[0]
    part = view_around([dot.position for dot in cities]) if len(cities) > 1 else None
    url = part.url(query) if part else first.url
    # A name without room appears on hover and focus only: towards the middle of the drawing.
    side = label.side if label else ("right" if group.place.x < SIZE / 2 else "left")
    offset = label_offset(side)
    return PlacedDot(
        x=round(group.place.x, 1),
        y=round(group.place.y, 1),
        name=first.name,
        country=first.country,
        url=url,
        radius=_radius(group),
        side=side,
        label_x=round(offset.x, 1),
        label_y=round(offset.y, 1),
        labelled=bool(label),
        count=len(cities),
        heaviest=tuple(dot.name for dot in heaviest[:NAMED]),
        part=part,
    )


def place_neighbors(dots: Iterable[Dot], view: MapView, room: FreeRoom) -> list[NeighborName]:
    """Cities outside the list that have room for their dot and name, the heaviest first."""
    names: list[NeighborName] = []
    dots_in_view = dots_within(dots, view)
    for dot in sorted(dots_in_view, key=lambda dot: -dot.weight)[:NEIGHBORS_TRIED]:
        place = view.place(dot.position)
        if len(names) == MOST_NEIGHBORS or not room.is_free(place, NEIGHBOR_RADIUS):
            continue
        label = room.label(dot.name, place)
        if not label:
            continue
        room.take(place, NEIGHBOR_RADIUS)
        names.append(
            NeighborName(
                x=round(place.x, 1),
                y=round(place.y, 1),
                name=dot.name,
                side=label.side,
                label_x=round(label.offset.x, 1),
                label_y=round(label.offset.y, 1),
            )
        )
    return names
