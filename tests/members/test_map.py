"""The map: projection, parts and their addresses, groups of cities, names, the drawing."""

import math
import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from languages.shared_values import shared_in
from members.map.cities import map_of, map_of_network
from members.map.clusters import MOST_GROUPS, groups_of
from members.map.dots import Dot, PlacedDot
from members.map.geometry import Position, box_around
from members.map.labels import FreeRoom, _text_box
from members.map.placing import place_dots, place_neighbors
from members.map.projection import FRAME, HEIGHT, KM_PER_UNIT, WIDTH, locate
from members.map.view import (
    SIZE,
    SMALLEST_WIDTH,
    TARGET,
    MapView,
    view_around,
    view_of,
    whole_url,
)
from members.models import City

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
            *locate(*place),
            name=name,
            url=f"/en/cities/{number}/",
            country=countries.get(name, ""),
        )
        for number, (name, place) in enumerate(PLACES.items())
    ]


def positions() -> list[Position]:
    return [dot.position for dot in dots()]


def drawn_dots(view: MapView, *, query: str = "") -> list[PlacedDot]:
    return place_dots(dots(), view, query)


def test_name_stands_on_no_target_of_another_city() -> None:
    view = view_around(positions())
    placed = drawn_dots(view)
    labelled = [dot for dot in placed if dot.labelled]
    assert len(labelled) > 5
    for dot in labelled:
        place = Position(dot.x, dot.y).moved(dot.label_x, dot.label_y)
        name = _text_box(dot.name, place, dot.side)
        for other in placed:
            if other is not dot:
                target = box_around(Position(other.x, other.y), TARGET / 2 - 0.1)
                assert not name.overlaps(target), (dot.name, other.name)


def test_locate_puts_centre_where_frame_says() -> None:
    assert tuple(map(round, locate(52, 10))) == (439, 510)


@pytest.mark.parametrize("name", PLACES)
def test_locate_keeps_every_member_inside_with_a_margin(name: str) -> None:
    x, y = locate(*PLACES[name])
    assert 20 <= x <= WIDTH - 20
    assert 20 <= y <= HEIGHT - 20


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        ("Paris", "Köln", 403),
        ("Madrid", "Stockholm", 2593),
        ("Dublin", "Αθήνα", 2856),
        ("Bologna", "Oulu", 2440),
    ],
)
def test_locate_keeps_great_circle_distances_within_two_percent(
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
    "place", [(64.15, -21.94), (38.72, -9.14), (69.65, 18.96), (35.9, 14.5), (50.45, 30.52)]
)
def test_frame_has_room_for_future_members(place: tuple[float, float]) -> None:
    assert FRAME.holds(locate(*place))


def test_view_around_holds_every_city_with_a_margin_and_ends_where_land_is_drawn() -> None:
    view = view_around(positions())
    for position in positions():
        assert view.box.holds(position)
    assert FRAME.without_margin(-30).covers(view.box)
    assert view_around([]).box.holds(Position(500, 500))


def test_view_around_one_city_is_the_narrowest_part() -> None:
    view = view_around([locate(*PLACES["Paris"])])
    assert view.width == SMALLEST_WIDTH
    assert view.is_deepest


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "1,2",
        "a,b,c",
        "1,2,3",
        "0,0,99999",
        "90000,0,100",
        "²,1,100",
        "1,1,100\n",
        "1e3,1,1",
    ],
)
def test_view_of_answers_none_for_what_is_no_part(address: str | None) -> None:
    assert view_of(address) is None


def test_address_of_a_part_names_that_part_and_keeps_the_filters() -> None:
    view = MapView(412.3, 560, 24)
    url = view.url("country=IT&q=a%26b&map=1,2,3")
    assert url == "?country=IT&q=a%26b&map=4123,5600,240#map"
    assert view_of("4123,5600,240") == view
    assert whole_url("country=IT&map=1,2,3") == "?country=IT#map"


def test_groups_keep_a_target_apart_and_lose_no_city() -> None:
    view = view_around(positions())
    places = tuple(view.place(position) for position in positions())
    groups = groups_of(places)
    for index, one in enumerate(groups):
        for other in groups[:index]:
            assert math.dist(one.place, other.place) >= TARGET
    assert sorted(index for group in groups for index in group.indexes) == list(range(len(places)))


def test_group_stands_in_the_true_middle_of_its_cities() -> None:
    one, other = groups_of((Position(10, 10), Position(20, 14), Position(100, 100)))
    assert (one.place, one.indexes) == (Position(15, 12), (0, 1))
    assert other.indexes == (2,)


def test_groups_of_a_multitude_are_few() -> None:
    many = tuple(Position(x * 17.3 % SIZE, x * 7.7 % SIZE) for x in range(20 * MOST_GROUPS))
    groups = groups_of(many)
    assert len(groups) < MOST_GROUPS
    assert sum(len(group.indexes) for group in groups) == len(many)


def test_lone_city_stands_exactly_where_it_lies() -> None:
    view = view_around(positions())
    by_name = {dot.name: dot for dot in drawn_dots(view) if dot.count == 1}
    place = view.place(locate(*PLACES["Madrid"]))
    assert (by_name["Madrid"].x, by_name["Madrid"].y) == (round(place.x, 1), round(place.y, 1))
    assert by_name["Madrid"].labelled


def test_every_city_is_reached_by_opening_numbers() -> None:
    """Each circle opens a part in which it falls apart; at the end every city is a dot."""
    reached: set[str] = set()
    waiting = [view_around(positions())]
    for _step in range(200):
        if not waiting:
            break
        view = waiting.pop()
        placed = drawn_dots(view)
        assert len(placed) > 1 or placed[0].count == 1
        reached |= {dot.name for dot in placed if dot.count == 1}
        addresses = [dot.url for dot in placed if dot.count > 1]
        waiting += [view_of(re.search(r"map=([-\d,]+)", url)[1]) for url in addresses]
    assert not waiting
    assert reached == set(PLACES)


def test_cities_in_one_place_stand_apart_in_the_narrowest_part() -> None:
    cagliari = [locate(*PLACES["Cagliari"])] * 2
    placed = place_dots(
        [Dot(*place, name=str(number), url=f"/{number}") for number, place in enumerate(cagliari)],
        view_around(cagliari),
        "",
    )
    assert [dot.count for dot in placed] == [1, 1]
    assert math.dist((placed[0].x, placed[0].y), (placed[1].x, placed[1].y)) >= TARGET


def test_words_of_a_circle_count_and_name_the_largest() -> None:
    cities = [
        Dot(500, 500, name, f"/{name}", weight=weight)
        for name, weight in (("Salem", 1), ("Stockholm", 9), ("Botkyrka", 5), ("Nacka", 4))
    ]
    (circle, far) = place_dots(
        [*cities, Dot(900, 900, "Nicosia", "/n", "Cyprus")], MapView(0, 0, 1000), ""
    )
    assert circle.words == "4 cities: Stockholm, Botkyrka, Nacka …"
    assert far.words == "Nicosia, Cyprus"


def test_heavier_dot_has_its_name_where_names_compete() -> None:
    column = [
        Dot(400, 500 + 32 * row, "Llanfairpwllgwyngyll", f"/{row}", weight=row == 1)
        for row in range(3)
    ]
    assert [dot.labelled for dot in place_dots(column, MapView(390, 480, 200), "")][1]


def test_neighbors_stand_only_where_there_is_room() -> None:
    view = MapView(400, 400, 100)
    room = FreeRoom()
    place_dots([Dot(450, 450, "Paris", "/p")], view, "", room)
    others = [Dot(450, 450, "On it", "/1"), Dot(420, 420, "Free", "/2"), Dot(9, 9, "Far", "/3")]
    assert [city.name for city in place_neighbors(others, view, room)] == ["Free"]


def test_no_name_stands_on_the_scale() -> None:
    view = view_of("3600,4900,900")
    room = FreeRoom()
    middle = Position(view.scale.box.left + 20, view.scale.box.bottom - 9)
    assert room.label("Esch", middle) is not None
    room = FreeRoom()
    room.take_corner(view.scale.box)
    label = room.label("Esch", middle)
    assert label is None or label.side != "right"


def test_terrain_of_all_europe_is_light_and_has_land_lakes_and_rivers() -> None:
    terrain = view_around(positions()).terrain
    assert all(terrain)
    assert sum(map(len, terrain)) < 45_000


def drawn(view: MapView, language: str = "en", **context: object) -> str:
    cities = [Dot(*locate(*PLACES["Bruxelles"]), name="Bruxelles", url="/b/", country="Belgium"),
              Dot(*locate(*PLACES["Paris"]), name='<b>"&', url="/p/")]  # fmt: skip
    with translation.override(language):
        return render_to_string(
            "components/map.html",
            {
                "map_view": view,
                "map_dots": place_dots(cities, view, ""),
                "map_title": "Cities of the network",
                "map_count": 2,
                **context,
            },
        )


def test_map_draws_one_named_link_per_city_without_style_or_script() -> None:
    html = drawn(MapView(300, 500, 150))
    assert html.count('class="map-city"') == 2
    assert "<title>Bruxelles, Belgium</title>" in html
    assert "<title>&lt;b&gt;&quot;&amp;</title>" in html
    assert not re.search(r"\bstyle=|<style|<script|\bon\w+=", html)


def test_map_writes_numbers_alike_in_every_language() -> None:
    numbers = re.compile(r'(?:r|transform|viewBox|width|d)="[^"]*"')
    view = MapView(312, 500, 66)
    english, german = drawn(view), drawn(view, "de")
    assert numbers.findall(english) == numbers.findall(german)
    assert not re.search(r'\br="\d+,', german)


def test_small_part_says_where_it_lies_and_how_large_it_is() -> None:
    near, wide = MapView(300, 540, 4), MapView(0, 0, 1000)
    assert near.scale == (2, 48.8)
    assert wide.scale == (500, 48.8)
    assert (near.is_close, wide.is_close) == (True, False)
    html = render_to_string(
        "components/map.html",
        {"map_view": near, "map_small_land": "M0 0h1z", "map_count": 0, "map_whole": ""},
    )
    assert 'class="map-where"' in html
    assert ">2 km</text>" in html


def test_part_of_the_map_leads_back_to_the_whole() -> None:
    assert "map-whole" not in drawn(view_around(positions()))
    assert 'href="?country=IT#map"' in drawn(MapView(0, 0, 90), map_whole="?country=IT#map")


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_map_of_a_country_names_its_neighbours_in_one_query(
    django_assert_num_queries: object,
) -> None:
    real = City.objects.public().real()
    everything = set(real.values_list("pk", flat=True))
    austrian = set(real.filter(country__code="AT").values_list("pk", flat=True))
    with django_assert_num_queries(1):
        drawing = map_of(austrian, QueryDict(""))
    assert {dot.name for dot in drawing["map_dots"]} >= {"Graz", "Vienna"}
    assert {city.name for city in drawing["map_neighbors"]} >= {"Munich", "Nuremberg"}
    with django_assert_num_queries(1):
        assert "map_neighbors" not in map_of(everything, QueryDict(""))


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_circles_of_the_shared_map_keep_the_parameters_of_the_list() -> None:
    keys = frozenset(City.objects.public().real().values_list("pk", flat=True))
    query = QueryDict("sort=population")
    with shared_in({}):
        plain, sorted_by_size = map_of_network(keys, QueryDict()), map_of_network(keys, query)
    assert sorted_by_size["map_dots"] == map_of(keys, query)["map_dots"]
    assert plain["map_dots"] == map_of(keys, QueryDict())["map_dots"]
    assert plain["map_dots"] != sorted_by_size["map_dots"]
