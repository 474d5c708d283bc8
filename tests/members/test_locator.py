"""The small map of a city: what lies in its window, where its neighbours stand."""

import re
from collections.abc import Iterable

import pytest
from django.conf import settings
from django.utils.translation import override

from members.map.geometry import Box, box_around
from members.map.locator import (
    DOT,
    HEIGHT,
    HERE,
    HERE_SIZE,
    LETTER,
    NAME_SIZE,
    WIDTH,
    Locator,
    MapTown,
    locator_of,
)
from members.map.shapes import shapes
from members.map.waters import waters

KRAKOW = MapTown("Kraków", "/krakow/", 50.06143, 19.93658)
BULLE = MapTown("Bulle", "/bulle/", 46.61804, 7.05493)
OSWIECIM = MapTown("Oświęcim", "/oswiecim/", 50.03437, 19.21037)
WIEN = MapTown("Wien", "/wien/", 48.20849, 16.37208)
MADRID = MapTown("Madrid", "/madrid/", 40.4165, -3.70256)


def drawn(city: MapTown = KRAKOW, *others: MapTown, towns: Iterable[MapTown] = ()) -> Locator:
    locator = locator_of(city, others, towns)
    assert locator is not None
    return locator


def positions(path: str) -> list[tuple[float, float]]:
    """Every point of a path of `M x y l dx dy …`."""
    points = []
    for piece in re.findall(r"M[^M]+", path):
        x = y = 0.0
        numbers = [float(text) for text in re.findall(r"-?[0-9.]+", piece)]
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + right, y + down
            points.append((x, y))
    return points


def test_city_stands_in_the_middle_and_knows_its_place_in_europe():
    locator = drawn()
    assert (locator.here.x, locator.here.y) == (WIDTH / 2, HEIGHT / 2)
    assert 550 < locator.place.x < 650


def test_land_and_water_end_near_the_edge_of_the_window():
    locator = drawn(MapTown("Piteå", "/pitea/", 65.31717, 21.47944))
    for path in (locator.land, locator.lakes):
        assert path
        for x, y in positions(path):
            assert -10 < x < WIDTH + 10
            assert -10 < y < HEIGHT + 10


def test_land_covers_what_lies_inland_and_not_the_sea():
    inland = positions(drawn().land)
    assert {(-5, -5), (WIDTH + 5, HEIGHT + 5)} <= {(round(x), round(y)) for x, y in inland}
    assert locator_of(MapTown("Sea", "/", 66.0, -3.0), []).land == ""


def test_rivers_and_lakes_are_there():
    assert drawn().rivers.count("M") > 3
    assert drawn(BULLE).lakes.count("M") > 2
    assert {shape.kind for shape in shapes()} == {"land", "lake", "river"}


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", {"Vistula", "Oder", "Danube"}),
        ("pl", {"Wisła", "Odra", "Dunaj"}),
        ("de", {"Weichsel", "Oder", "Donau"}),
        ("uk", {"Вісла", "Одра", "Дунай"}),
    ],
)
def test_rivers_are_named_in_the_readers_language(language, names):
    with override(language):
        assert names <= {water.name for water in drawn().waters}


def test_lakes_are_named_where_they_lie():
    lake = next(water for water in drawn(BULLE).waters if "Neuch" in water.name)
    assert abs(lake.x - WIDTH / 2) < 120
    assert abs(lake.y - HEIGHT / 2) < 50


def test_every_river_and_lake_has_a_name_in_every_language_and_places_on_the_map():
    for kind in ("river", "lake"):
        for water in waters(kind):
            assert water.places, water.names
            assert water.names["uk"], "in Cyrillic letters"
            for code, _name in settings.LANGUAGES:
                with override(code):
                    assert water.name


def test_towns_give_way_to_cities_and_rivers():
    far = MapTown("Warszawa", "", 52.22977, 21.01178)
    beside = MapTown("Skawina", "", 49.97541, 19.82870)
    locator = drawn(KRAKOW, OSWIECIM, towns=[far, beside, OSWIECIM])
    assert [town.name for town in locator.towns] == ["Warszawa"]


def test_neighbours_have_room_and_far_cities_are_left_out():
    near = [MapTown(f"T{number}", "/t/", 50.06 + number / 50, 19.93) for number in range(20)]
    locator = drawn(KRAKOW, MADRID, WIEN, OSWIECIM, *near)
    assert "Madrid" not in locator.names
    assert {"Wien", "Oświęcim"} <= set(locator.names)
    boxes = []
    for dot in locator.dots + locator.towns:
        width = len(dot.name) * NAME_SIZE * LETTER
        left = dot.label_x - width if dot.is_left else dot.label_x
        name = Box(left, dot.y - NAME_SIZE / 2, left + width, dot.y + NAME_SIZE / 2)
        boxes += [name, box_around(dot, DOT)]
    for water in locator.waters:
        half = len(water.name) * NAME_SIZE * LETTER / 2
        middle = water.y - NAME_SIZE / 3
        top, bottom = middle - NAME_SIZE / 2, middle + NAME_SIZE / 2
        boxes.append(Box(water.x - half, top + 0.1, water.x + half, bottom - 0.1))
    pairs = [(one, two) for one in boxes for two in boxes if one is not two]
    assert not [pair for pair in pairs if pair[0].overlaps(pair[1])]


@pytest.mark.parametrize(("latitude", "longitude"), [(0, 100), (64.2, -51.7), (-33.9, 18.4)])
def test_city_outside_the_map_has_none(latitude, longitude):
    assert locator_of(MapTown("Far", "/far/", latitude, longitude), []) is None


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_bold_name_of_the_city_leaves_room_for_names_of_waters(language):
    """Measured in Chromium: a letter of the bold name is 0.6 of its height wide."""
    with override(language):
        locator = drawn(BULLE)
    here = locator.here
    end = here.label_x + len(here.name) * HERE_SIZE * 0.6
    beside = [water for water in locator.waters if abs(water.y - here.label_y) < HERE_SIZE]
    for water in beside:
        half = len(water.name) * NAME_SIZE * LETTER / 2
        assert water.x - half > end or water.x + half < here.x - HERE, water.name
    assert locator.waters
