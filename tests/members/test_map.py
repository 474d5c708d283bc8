"""The map: projection, parts, dots that keep apart, the land file and the drawing."""

import math
import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from members.map.dots import Dot
from members.map.geometry import Position
from members.map.placing import place_dots
from members.map.projection import (
    HEIGHT,
    KM_PER_UNIT,
    LAND_FILE,
    WIDTH,
    land_path,
    locate,
    project,
)
from members.map.spreading import FARTHEST, MOST_PUSHED
from members.map.view import REGIONS, TARGET, WHOLE, region_links, view_for

# Positions from GeoNames (CC BY 4.0): the outermost members, and every crowd of neighbours.
PLACES = {
    "Madrid": (40.4165, -3.70256),
    "Maó": (39.88853, 4.26583),
    "Dublin": (53.33306, -6.24889),
    "Oulu": (65.01236, 25.46816),
    "Luleå": (65.58415, 22.15465),
    "Санкт-Петербург": (59.93863, 30.31413),
    "Şişli": (41.06046, 28.98717),
    "Λευκωσία": (35.17284, 33.35397),
    "Αθήνα": (37.98376, 23.72784),
    "Palermo": (38.1166, 13.3636),
    "Одеса": (46.48572, 30.74383),
    "Anderlecht": (50.83619, 4.31454),
    "Bruxelles": (50.85045, 4.34878),
    "Ixelles": (50.83333, 4.36667),
    "Molenbeek": (50.8499, 4.31248),
    "Dour": (50.39583, 3.77792),
    "Hensies": (50.43263, 3.68411),
    "Honnelles": (50.33237, 3.69553),
    "Quiévrain": (50.40737, 3.68351),
    "Liège": (50.63373, 5.56749),
    "Saint-Nicolas": (50.62837, 5.53243),
    "Dormagen": (51.09683, 6.83167),
    "Monheim am Rhein": (51.09162, 6.89217),
    "Düsseldorf": (51.22319, 6.77927),
    "Köln": (50.93333, 6.95),
    "Herne": (51.5388, 7.22572),
    "Castrop-Rauxel": (51.55657, 7.31155),
    "Dortmund": (51.51494, 7.466),
    "Hagen": (51.36081, 7.47168),
    "Frankfurt am Main": (50.11552, 8.68417),
    "Offenbach": (50.10061, 8.76647),
    "Hofheim": (50.09019, 8.4493),
    "Kelkheim": (50.13703, 8.4502),
    "Hochheim am Main": (50.01436, 8.35218),
    "Fribourg": (46.80237, 7.15128),
    "Canton de Fribourg": (46.80237, 7.15128),
    "Bulle": (46.61797, 7.0569),
    "Botkyrka": (59.19858, 17.83317),
    "Salem": (59.2, 17.73333),
    "Södertälje": (59.19554, 17.62525),
    "Stockholm": (59.32938, 18.06871),
    "Paris": (48.85341, 2.3488),
    "Saint-Denis": (48.93564, 2.35387),
    "Aubervilliers": (48.91667, 2.38333),
    "Barcelona": (41.38879, 2.15899),
    "Badalona": (41.45004, 2.24741),
    "Terrassa": (41.56667, 2.01667),
    "Bologna": (44.49381, 11.33875),
    "Pianoro": (44.38893, 11.34262),
    "San Lazzaro di Savena": (44.4705, 11.40851),
    "Cagliari": (39.23054, 9.11917),
    "Città Metropolitana di Cagliari": (39.23054, 9.11917),
}


def dots(**countries: str) -> list[Dot]:
    return [
        Dot(
            *project(*place),
            name=name,
            url=f"/en/cities/{number}/",
            country=countries.get(name, ""),
        )
        for number, (name, place) in enumerate(PLACES.items())
    ]


def nearest(placed: list, one: object) -> float:
    return min(
        math.dist((one.x, one.y), (other.x, other.y)) for other in placed if other is not one
    )


def test_project_puts_centre_where_frame_says() -> None:
    assert project(52, 10) == (439, 510)


@pytest.mark.parametrize("name", PLACES)
def test_project_keeps_every_member_inside_with_a_margin(name: str) -> None:
    x, y = project(*PLACES[name])
    assert 20 <= x <= WIDTH - 20
    assert 20 <= y <= HEIGHT - 20


def test_project_has_north_up_and_east_right() -> None:
    where = {name: project(*place) for name, place in PLACES.items()}
    assert (
        where["Oulu"][1]
        < where["Stockholm"][1]
        < where["Köln"][1]
        < where["Bologna"][1]
        < where["Palermo"][1]
    )
    assert (
        where["Dublin"][0]
        < where["Paris"][0]
        < where["Köln"][0]
        < where["Αθήνα"][0]
        < where["Λευκωσία"][0]
    )


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ("Paris", "Köln", 403),
        ("Madrid", "Stockholm", 2593),
        ("Dublin", "Αθήνα", 2856),
        ("Bologna", "Oulu", 2440),
    ],
)
def test_project_keeps_great_circle_distances_within_two_percent(
    one: str, other: str, kilometres: int
) -> None:
    drawn = math.dist(locate(*PLACES[one]), locate(*PLACES[other])) * KM_PER_UNIT
    assert drawn == pytest.approx(kilometres, rel=0.02)


@pytest.mark.parametrize("latitude", [37, 52, 66])
def test_locate_keeps_area_of_one_degree_everywhere(latitude: int) -> None:
    """A degree square covers R² · Δλ · (sin φ2 - sin φ1) on the globe and must cover the same on
    the map."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (
        locate(latitude + up, 20 + right) for up, right in ((0, 0), (0, 1), (1, 1), (1, 0))
    )
    drawn = abs((cx - ax) * (dy - by) - (dx - bx) * (cy - ay)) / 2 * KM_PER_UNIT**2
    high, low = math.sin(math.radians(latitude + 1)), math.sin(math.radians(latitude))
    assert drawn == pytest.approx(6371.007**2 * math.radians(1) * (high - low), rel=0.002)


@pytest.mark.parametrize(
    "place",
    [(28.1, -15.4), (-20.9, 55.5), (40.7, -74.0), (-52, -170), (90, 0), (float("nan"), 4)],
    ids=["Las Palmas", "Réunion", "New York", "the far side", "the pole", "not a number"],
)
def test_project_answers_none_outside_the_frame(place: tuple[float, float]) -> None:
    assert project(*place) is None


@pytest.mark.parametrize(
    "place", [(64.15, -21.94), (38.72, -9.14), (69.65, 18.96), (35.9, 14.5), (50.45, 30.52)]
)
def test_project_has_room_for_future_members(place: tuple[float, float]) -> None:
    assert project(*place)


def test_view_for_knows_regions_and_shows_everything_else_whole() -> None:
    assert view_for("belgium") is REGIONS["belgium"]
    assert view_for(None) is view_for("") is view_for("atlantis") is WHOLE


@pytest.mark.parametrize("view", REGIONS.values(), ids=REGIONS)
def test_region_lies_within_the_whole_view(view: object) -> None:
    assert WHOLE.box.holds(Position(view.x, view.y))
    assert WHOLE.box.holds(Position(view.x + view.width, view.y + view.height))


def test_region_links_keep_the_filters_and_mark_the_current_part() -> None:
    links = region_links(REGIONS["italy"], "country=IT&q=a%26b&region=north")
    assert links[0].url == "?country=IT&q=a%26b#map"
    assert links[1].url == "?country=IT&q=a%26b&region=belgium#map"
    assert [link.url for link in links if link.current] == ["?country=IT&q=a%26b&region=italy#map"]
    assert len(links) == len(REGIONS) + 1


def test_place_dots_keeps_the_given_order_and_only_dots_in_view() -> None:
    placed = place_dots(dots(), REGIONS["north"])
    assert [dot.name for dot in placed] == [
        "Oulu", "Luleå", "Санкт-Петербург", "Botkyrka", "Salem", "Södertälje", "Stockholm",
    ]  # fmt: skip


@pytest.mark.parametrize("view", [WHOLE, *REGIONS.values()], ids=lambda view: view.key or "whole")
def test_place_dots_is_the_same_whatever_the_order(view: object) -> None:
    forwards, backwards = place_dots(dots(), view), place_dots(reversed(dots()), view)
    assert forwards == backwards[::-1]


@pytest.mark.parametrize("view", [WHOLE, *REGIONS.values()], ids=lambda view: view.key or "whole")
def test_place_dots_stays_near_the_place_and_in_the_view(view: object) -> None:
    home = {dot.url: (dot.x, dot.y) for dot in dots()}
    for dot in place_dots(dots(), view):
        assert math.dist((dot.x, dot.y), home[dot.url]) <= FARTHEST * view.unit + 0.02
        assert view.box.holds(Position(dot.x, dot.y))


def test_place_dots_gives_every_member_a_full_target_in_some_part() -> None:
    """WCAG 2.2, 2.5.8: 24 CSS pixels, when the part is shown as wide as it is reckoned for."""
    widest: dict[str, float] = {}
    for view in REGIONS.values():
        placed = place_dots(dots(), view)
        for dot in placed:
            room = min(nearest(placed, dot), 2 * dot.reach) / view.unit
            widest[dot.name] = max(widest.get(dot.name, 0), room)
    assert widest.keys() == PLACES.keys()
    assert min(widest.values()) >= TARGET - 0.1


@pytest.mark.parametrize("view", [WHOLE, *REGIONS.values()], ids=lambda view: view.key or "whole")
def test_place_dots_gives_targets_that_do_not_overlap(view: object) -> None:
    placed = place_dots(dots(), view)
    for index, one in enumerate(placed):
        for other in placed[:index]:
            assert one.reach + other.reach <= math.dist((one.x, one.y), (other.x, other.y)) + 0.02


def test_place_dots_leaves_a_lone_dot_at_its_place() -> None:
    (dot,) = place_dots([Dot(240, 384, "Edinburgh", "/")], WHOLE)
    assert (dot.x, dot.y, dot.labelled) == (240, 384, True)


def test_place_dots_parts_two_in_one_place() -> None:
    one, other = place_dots(
        [Dot(420, 855, "Cagliari", "/1"), Dot(420, 855, "Area", "/2")], REGIONS["italy"]
    )
    assert math.dist((one.x, one.y), (other.x, other.y)) >= TARGET * REGIONS["italy"].unit


@pytest.mark.parametrize(("heavy", "shown"), [(0, [0, 2, 4]), (1, [1, 3])])
def test_place_dots_names_the_heavier_dot_where_names_compete(heavy: int, shown: list[int]) -> None:
    column = [
        Dot(10, 500 + 17 * row, "Llanfair", f"/{row}", weight=row == heavy) for row in range(5)
    ]
    placed = place_dots(column, WHOLE)
    assert [row for row, dot in enumerate(placed) if dot.labelled] == shown


def test_place_dots_does_not_push_a_multitude() -> None:
    many = [Dot(400, 500, str(number), f"/{number}") for number in range(MOST_PUSHED + 1)]
    placed = place_dots(many, WHOLE)
    assert {(dot.x, dot.y, dot.labelled) for dot in placed} == {(400, 500, False)}


def test_land_is_small_and_only_whole_steps_of_path_commands() -> None:
    assert (settings.BASE_DIR / LAND_FILE).stat().st_size < 20_000
    ring = r"M-?\d+ -?\d+l-?\d+(?:(?: |-)\d+)*z"
    assert re.fullmatch(rf"{ring}(?:\n{ring})*", land_path())


def test_land_covers_the_capitals_and_not_the_sea() -> None:
    rings = [outline(ring) for ring in land_path().splitlines()]
    for dry in (
        (48.9, 2.3),
        (40.4, -3.7),
        (52.5, 13.4),
        (64.9, -18.5),
        (35.1, 33.2),
        (39.9, 4.1),
        (53.3, -7.5),
    ):
        assert any(inside(locate(*dry), ring) for ring in rings), dry
    for wet in ((56, 3), (45.5, -5), (40, 12), (58.5, 20), (43.5, 34), (35, 18)):
        assert not any(inside(locate(*wet), ring) for ring in rings), wet


def outline(ring: str) -> list[tuple[int, int]]:
    numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
    points = [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        points.append((points[-1][0] + dx, points[-1][1] + dy))
    return points


def inside(point: tuple[float, float], ring: list[tuple[int, int]]) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    crossings = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > point[1]) != (by > point[1]):
            crossings += ax + (point[1] - ay) / (by - ay) * (bx - ax) > point[0]
    return crossings % 2 == 1


def drawn(view: object, language: str = "en", **context: object) -> str:
    cities = [Dot(*project(*PLACES["Bruxelles"]), name="Bruxelles", url="/b/", country="Belgium"),
              Dot(*project(*PLACES["Paris"]), name='<b>"&', url="/p/")]  # fmt: skip
    with translation.override(language):
        return render_to_string(
            "components/map.html",
            {
                "map_view": view,
                "map_dots": place_dots(cities, view),
                "map_title": "Cities of the network",
                "map_regions": region_links(view),
                "land_path": land_path(),
                **context,
            },
        )


def test_map_draws_one_named_link_per_city_without_style_or_script() -> None:
    html = drawn(WHOLE)
    assert html.count('class="map-city"') == 2
    assert "<title>Bruxelles, Belgium</title>" in html
    assert "<title>&lt;b&gt;&quot;&amp;</title>" in html
    assert not re.search(r"\bstyle=|<style|<script|\bon\w+=", html)


def test_map_writes_numbers_alike_in_every_language() -> None:
    numbers = re.compile(r'(?:r|transform|font-size|viewBox|width)="[^"]*"')
    english, german = drawn(REGIONS["belgium"]), drawn(REGIONS["belgium"], "de")
    assert numbers.findall(english) == numbers.findall(german)
    assert not re.search(r'\br="\d+,', german)


def test_map_adds_the_list_only_where_asked() -> None:
    assert "map-list" not in drawn(WHOLE)
    assert drawn(WHOLE, map_list=True).count('<a href="/b/">') == 1


def test_map_without_cities_neither_scrolls_nor_lists() -> None:
    html = drawn(REGIONS["italy"], map_list=True)
    assert "map-dots" not in html
    assert "data-enlarged" not in html
    assert "0 cities" in html
