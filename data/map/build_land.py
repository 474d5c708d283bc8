"""Reads and simplifies the land of Natural Earth, for `build_locator.py`.

Source: Natural Earth, 1:50 million land, in the public domain (https://www.naturalearthdata.com/),
packed as TopoJSON by the npm package ``world-atlas``. Only the land: the package's countries are
not used, because some of their borders are disputed.

Decode the TopoJSON, project with ``members.map.projection``, cut at the frame, simplify, snap to
whole units, drop islands too small to see, write relative path commands, one ring per line.
"""

import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from members.map.projection import HEIGHT, WIDTH, locate  # noqa: E402 - needs the root on the path

Point = tuple[float, float]
Ring = list[Point]
Pixel = tuple[int, int]

MARGIN = 6  # units beyond the frame, so that the cut itself is never seen as a coast
TOLERANCE = (
    0.35  # units (1.4 km) that a simplified coast may leave its course; the grid itself is one unit
)
SMALLEST = 5.0  # square units (84 km²): Malta, Ibiza and Bornholm stay, skerries go


def land_rings(topology: dict) -> list[Ring]:
    """All rings of the land in degrees (longitude, latitude), outlines and holes alike."""
    arcs = decode_arcs(topology)
    geometries = topology["objects"]["land"]["geometries"]
    polygons = [
        polygon
        for geometry in geometries
        for polygon in (
            geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        )
    ]
    return [join(arcs, ring) for polygon in polygons for ring in polygon]


def decode_arcs(topology: dict) -> list[Ring]:
    """Arcs in degrees. TopoJSON stores each position as a whole-number step from the one before."""
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        decoded.append(points)
    return decoded


def join(arcs: list[Ring], indexes: list[int]) -> Ring:
    """One ring from its arcs: ~i means arc i backwards, and each arc begins where the last one
    ended."""
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def draw(ring: Ring) -> list[Pixel]:
    """A ring in degrees as whole units of the map; empty if nothing visible is left."""
    # Points on the far half of the globe are left out: no ring that reaches the frame comes near
    # them except far outside of it, where cutting straightens everything anyway.
    projected = [point for longitude, latitude in ring if (point := locate(latitude, longitude))]
    inside = clip(projected)
    if len(inside) < 3 or abs(area(inside)) < SMALLEST:
        return []
    snapped = tidy([(round(x), round(y)) for x, y in simplify(inside)])
    return snapped if len(snapped) > 2 else []


def clip(ring: Ring) -> Ring:
    """The ring within the frame and its margin, cut along one edge after another (Sutherland and
    Hodgman, 1974)."""
    for axis, limit, sign in (
        (0, -MARGIN, 1),
        (0, WIDTH + MARGIN, -1),
        (1, -MARGIN, 1),
        (1, HEIGHT + MARGIN, -1),
    ):
        kept: Ring = []
        for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True):
            was_in, is_in = sign * (before[axis] - limit) >= 0, sign * (point[axis] - limit) >= 0
            if was_in != is_in:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                kept.append(tuple(a + share * (b - a) for a, b in zip(before, point, strict=True)))
            if is_in:
                kept.append(point)
        ring = kept
    return ring


def area(ring: list[Point] | list[Pixel]) -> float:
    """Signed area in square units (the surveyor's formula)."""
    return (
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring[-1:] + ring[:-1], ring, strict=True)) / 2
    )


def simplify(ring: Ring) -> Ring:
    """The ring without points that lie within the tolerance of the line (Ramer 1972, Douglas and
    Peucker 1973)."""
    middle = max(range(len(ring)), key=lambda index: math.dist(ring[0], ring[index]))
    return thin(ring[: middle + 1])[:-1] + thin([*ring[middle:], ring[0]])[:-1]


def thin(line: Ring) -> Ring:
    """The line between its fixed ends, thinned. A stack, not recursion: Eurasia has thousands of
    points."""
    kept, stack = {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        first, last = stack.pop()
        between = range(first + 1, last)
        farthest = max(
            between, key=lambda index: away(line[index], line[first], line[last]), default=None
        )
        if farthest is not None and away(line[farthest], line[first], line[last]) > TOLERANCE:
            kept.add(farthest)
            stack += [(first, farthest), (farthest, last)]
    return [line[index] for index in sorted(kept)]


def away(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the stretch between two others, in units."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    share = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0
    share = min(max(share, 0), 1)
    return math.dist(point, (start[0] + share * dx, start[1] + share * dy))


def tidy(ring: list[Pixel]) -> list[Pixel]:
    """The snapped ring without repeated points, points in a straight line and spikes."""
    while True:
        apart = [
            point
            for before, point in zip(ring[-1:] + ring[:-1], ring, strict=True)
            if point != before
        ]
        kept = [
            point
            for before, point, after in zip(
                apart[-1:] + apart[:-1], apart, apart[1:] + apart[:1], strict=True
            )
            if (point[0] - before[0]) * (after[1] - point[1])
            != (point[1] - before[1]) * (after[0] - point[0])
        ]
        if len(kept) == len(ring):
            return ring
        ring = kept  # leaving out a spike can bring two equal points together


def path(ring: list[Pixel]) -> str:
    """A closed ring as path commands: a start, then steps, each number as short as it can be."""
    (x, y), steps = ring[0], []
    for next_x, next_y in ring[1:]:
        steps += [next_x - x, next_y - y]
        x, y = next_x, next_y
    numbers = "".join(f"{step}" if step < 0 else f" {step}" for step in steps).lstrip()
    return f"M{ring[0][0]} {ring[0][1]}l{numbers}z"
