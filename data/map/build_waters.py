"""Says where the names of rivers and lakes may stand on the small maps of cities. Run by hand,
seldom; the result, ``waters.tsv``, is committed.

    python data/map/build_waters.py

Sources: ``rivers_europe.geojson`` and ``lakes_europe.geojson`` (Natural Earth, see
``build_locator.py``); ``waters.csv`` names the waters in each language by editors of Ten Points.
``names`` are the names that Natural Earth has; a language without a cell has the ``name``.

A line of ``waters.tsv``: the number of the row of ``waters.csv``, then places in tenths of a unit,
x and y: of a river along its course, of a lake its middle.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from build_locator import STEPS, features

HERE = Path(__file__).resolve().parent
# Between two places of a river, in units: 25 km.
BETWEEN = 6.0


def main() -> None:
    with (HERE / "waters.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = {"river": river_places(), "lake": lake_places()}
    lines = []
    for number, row in enumerate(rows):
        found = [point for name in row["names"].split(";") for point in places[row["kind"]][name]]
        if not found:
            sys.exit(f"{row['names']}: not in the file of Natural Earth")
        numbers = " ".join(f"{round(x * STEPS)} {round(y * STEPS)}" for x, y in found)
        lines.append(f"{number}\t{numbers}")
    (HERE / "waters.tsv").write_text("\n".join(lines) + "\n", encoding="ascii")


def river_places() -> dict[str, list]:
    places = defaultdict(list)
    for properties, lines in features("rivers_europe.geojson"):
        for line in lines:
            places[properties["name"]] += along(line)
    return places


def lake_places() -> dict[str, list]:
    places = defaultdict(list)
    for properties, lines in features("lakes_europe.geojson"):
        ring = lines[0]
        across = [x for x, _y in ring]
        down = [y for _x, y in ring]
        middle = ((min(across) + max(across)) / 2, (min(down) + max(down)) / 2)
        places[properties["name"]].append(middle)
    return places


def along(line: list) -> Iterator[tuple]:
    """Places along a river, at least `BETWEEN` apart."""
    before = None
    for x, y in line:
        if before is None or abs(x - before[0]) + abs(y - before[1]) >= BETWEEN:
            before = (x, y)
            yield before


if __name__ == "__main__":
    main()
