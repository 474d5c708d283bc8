"""Draws land, lakes and rivers for the small maps of cities. Run by hand, seldom; the results,
``locator.tsv`` and ``land-small.svgpath``, are committed.

    mkdir /tmp/land && cd /tmp/land && npm install world-atlas@2.0.2
    python data/map/build_locator.py /tmp/land/node_modules/world-atlas/land-50m.json

Sources: Natural Earth, in the public domain (https://www.naturalearthdata.com/). The land as in
``build_land.py``. ``rivers_europe.geojson`` and ``lakes_europe.geojson`` hold Natural Earth's
rivers and lakes, 1:50 million, and 1:10 million for Europe, cut at Europe and simplified to 0.01
and 0.006 degrees. No borders: some are disputed.

A line of ``locator.tsv``: the kind, then numbers in tenths of a unit: the first point, then steps.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import build_land
from build_land import ROOT, Pixel, Point, Ring, area, land_rings

sys.path.insert(0, str(ROOT))

from members.map.projection import FRAME, locate

HERE = Path(__file__).resolve().parent
STEPS = 10  # steps of the numbers in one unit: 0.4 km
FINE = 0.15  # units that a line may leave its course: a third of a pixel of the small maps
MARGIN = 30  # units beyond the frame: half of a small map lies there for a city at its edge
# The ranks of Natural Earth: lower is more important. What is beyond these would cover the map.
LAST_RIVER, LAST_LAKE = 10, 10
SMALLEST_LAKE = 3.0  # square units (50 km²)
SMALLEST_LAND = 1.0
# For the map of a few square centimetres that shows where in Europe a city lies.
COARSE, SMALLEST_ISLAND = 4.0, 250.0


def main() -> None:
    """Read the TopoJSON named on the command line and write both files beside this script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("topojson", type=Path, help="land-50m.json of the npm package world-atlas")
    topology = json.loads(parser.parse_args().topojson.read_text(encoding="utf-8"))
    rings = list(land_rings(topology))
    write_small(rings)
    rows = [*land(rings), *lakes(), *rivers()]
    target = HERE / "locator.tsv"
    target.write_text("\n".join(rows) + "\n", encoding="ascii")
    print(f"{target.name}: {len(rows)} shapes, {target.stat().st_size} bytes")


def write_small(rings: list[Ring]) -> None:
    build_land.TOLERANCE, build_land.SMALLEST = COARSE, SMALLEST_ISLAND
    drawn = [ring for ring in map(build_land.draw, rings) if ring]
    target = HERE / "land-small.svgpath"
    target.write_text("\n".join(map(build_land.path, drawn)) + "\n", encoding="ascii")
    print(f"{target.name}: {len(drawn)} rings, {target.stat().st_size} bytes")


def land(rings: list[Ring]) -> Iterator[str]:
    build_land.MARGIN, build_land.TOLERANCE = MARGIN, FINE
    for ring in rings:
        inside = build_land.clip([point for lon, lat in ring if (point := locate(lat, lon))])
        if len(inside) > 2 and abs(area(inside)) >= SMALLEST_LAND:
            yield row("land", build_land.simplify(inside))


def lakes() -> Iterator[str]:
    for properties, lines in features("lakes_europe.geojson"):
        ring = lines[0][:-1]
        if properties["scalerank"] <= LAST_LAKE and abs(area(ring)) >= SMALLEST_LAKE:
            yield row("lake", build_land.simplify(ring))


def rivers() -> Iterator[str]:
    for properties, lines in features("rivers_europe.geojson"):
        if properties["scalerank"] <= LAST_RIVER:
            for line in lines:
                yield row("river", build_land.thin(line))


def features(name: str) -> Iterator[tuple[dict, list[Ring]]]:
    """The features of a file that reach into the frame, in units."""
    collection = json.loads((HERE / name).read_text(encoding="utf-8"))
    for feature in collection["features"]:
        geometry = feature["geometry"]["coordinates"]
        rings = geometry if feature["geometry"]["type"] == "Polygon" else [geometry]
        lines = [[p for lon, lat in ring if (p := locate(lat, lon))] for ring in rings]
        if lines and len(lines[0]) > 1 and any(reaches(point) for point in lines[0]):
            yield feature["properties"], lines


def reaches(point: Point) -> bool:
    x, y = point
    return (
        FRAME.left - MARGIN <= x <= FRAME.right + MARGIN
        and FRAME.top - MARGIN <= y <= FRAME.bottom + MARGIN
    )


def row(kind: str, line: Ring) -> str:
    """A shape as a line of the file, without points that fall together."""
    points: list[Pixel] = []
    for x, y in line:
        point = (round(x * STEPS), round(y * STEPS))
        if not points or point != points[-1]:
            points.append(point)
    numbers = list(points[0])
    for (x, y), (next_x, next_y) in pairwise(points):
        numbers += [next_x - x, next_y - y]
    return f"{kind}\t{' '.join(map(str, numbers))}"


if __name__ == "__main__":
    main()
