"""Cities beside each other: what is compared, what an address may ask, what never leaks."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import (
    Action,
    City,
    Commitment,
    Evidence,
    Membership,
    Plan,
    Point,
    Source,
    Undertaking,
)
from members.services.sources import cite
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

PAGE = "/en/compare/"
TABLE = "/en/compare/export.csv"


@pytest.fixture
def points(country) -> list[Point]:
    now = timezone.now()
    plan = Plan.objects.create(name_en="Plan", in_force=True, published_at=now)
    return [
        Point.objects.create(
            plan=plan, number=number, title_en=f"P{number}", short_title_en="P", published_at=now
        )
        for number in (1, 2)
    ]


def act(city: City, point: Point, title: str, **fields: object) -> Action:
    """An action that a public source names."""
    now = timezone.now()
    commitment, _new = Commitment.objects.get_or_create(
        city=city, point=point, defaults={"published_at": now}
    )
    values = {"status": "done", "published_at": now, **fields}
    return Action.objects.create(commitment=commitment, title_en=title, **values)


def text_of(response) -> str:
    return response.content.decode()


def rows_of(response) -> list[dict[str, str]]:
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def four(country, points) -> list[City]:
    """Four cities, of which the first two do something."""
    cities = [make_city(country, slug) for slug in ("alfa", "beta", "gamma", "delta")]
    act(cities[0], points[0], "Office opens")
    act(cities[1], points[0], "Council votes")
    return cities


# --- What stands beside each other ----------------------------------------------------------------


def test_cities_stand_beside_each_other_in_the_order_of_the_address(four, client):
    html = text_of(client.get(f"{PAGE}?city=beta&city=alfa"))
    cards = re.findall(r'<h2><a href="/en/cities/(\w+)/">', html)
    assert cards == ["beta", "alfa"]
    assert re.findall(r"<h4>(\w+)</h4>", html) == ["Beta", "Alfa"]
    assert "Council votes" in html
    assert "no evidence yet" in html
    assert "Nothing found yet on point 2." in html
    alone = text_of(client.get(f"{PAGE}?city=alfa&city=gamma"))
    assert '<p class="quiet">nothing found</p>' in alone
    assert "It does not mean that nothing was done." in alone
    assert "score" not in html.lower()


def test_paper_says_whence_and_when_and_what_the_signs_mean(four, client):
    City.objects.filter(slug="alfa").update(population=800_000, population_year=None)
    html = text_of(client.get(f"{PAGE}?city=alfa&city=beta"))
    paper = re.search(r'<p class="on-paper">(.*?)</p>', html, re.DOTALL)[1]
    assert "/en/compare/?city=alfa&amp;city=beta" in paper
    assert str(timezone.localdate().year) in paper
    assert "an outline: found in public sources, not confirmed by the city" in html
    assert "(by GeoNames, year unknown)" in " ".join(html.split())


def test_day_on_which_a_source_lists_a_city_is_not_since_when_it_is_a_member(four, client):
    now = timezone.now()
    for city, standing in zip(four, ("evidenced", "active"), strict=False):
        Membership.objects.create(city=city, standing=standing, joined="2020", published_at=now)
    rows = rows_of(client.get(f"{TABLE}?city=alfa&city=beta"))
    assert {(row["city"], row["member_since"]) for row in rows} == {("alfa", ""), ("beta", "2020")}
    table = b"".join(client.get("/en/data/memberships/export.csv")).decode("utf-8-sig")
    lines = csv.DictReader(io.StringIO(table))
    listed = {row["city"]: (row["joined"], row["as_of"]) for row in lines}
    assert listed == {"alfa": ("", "2020"), "beta": ("2020", "2020")}


def test_circumstances_stand_with_their_year(four, client):
    City.objects.filter(slug="alfa").update(population=12345, population_year=2021)
    Membership.objects.create(
        city=four[0], standing="active", joined="2024", published_at=timezone.now()
    )
    html = text_of(client.get(f"{PAGE}?city=alfa&city=beta"))
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert "Inhabitants 12,345 (2021)" in words
    assert "Member since 2024" in words
    assert "Not listed as a member" in words
    assert "Poland" in words


def test_table_has_a_row_for_each_action_and_one_where_there_is_none(four, client):
    City.objects.filter(slug="alfa").update(name_en="=Alfa", local_name="=Alfa")
    response = client.get(f"{TABLE}?city=alfa&city=gamma")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    rows = rows_of(response)
    assert [(row["point"], row["city"], row["action_title"]) for row in rows] == [
        ("1", "alfa", "Office opens"),
        ("1", "gamma", ""),
        ("2", "alfa", ""),
        ("2", "gamma", ""),
    ]
    assert rows[0]["city_name"] == "'=Alfa"
    assert rows[0]["has_evidence"] == "false"
    assert (rows[0]["state_as_of"], rows[0]["status_as_of"]) == ("", "")
    assert rows[0]["address"].endswith(f"/en/cities/alfa/#action-{rows[0]['action']}")


def test_table_holds_undertakings_and_codes_beside_their_words(four, points, client):
    commitment = Commitment.objects.create(
        city=four[2], point=points[1], chosen="yes", published_at=timezone.now()
    )
    source = Source.objects.create(url="https://example.org/plan")
    for number, assigned in enumerate((False, True)):
        undertaking = Undertaking.objects.create(
            commitment=commitment,
            statement_en=f"Undertaken {number}",
            original_statement=f"Zobowiązanie {number}",
            original_language="pl",
            plan_title="Plan",
            point_assigned=assigned,
            as_of="2014",
            published_at=timezone.now(),
        )
        cite(source, undertaking)
    act(four[2], points[1], "Done there", status_as_of="2014")
    url = "/pl/compare/export.csv"
    rows = [row for row in rows_of(client.get(f"{url}?city=gamma")) if row["point"] == "2"]
    assert [row["undertaking_statement"] for row in rows] == ["Undertaken 0", "Undertaken 1", ""]
    assert [row["point_assigned"] for row in rows] == ["false", "true", "false"]
    assert [row["action_title"] for row in rows] == ["", "", "Done there"]
    assert {row["undertakings"] for row in rows} == {"2"}
    assert [row["sources"] for row in rows] == ["https://example.org/plan"] * 2 + [""]
    assert rows[0]["address"].endswith("/pl/cities/gamma/#point-2")
    for row in rows:
        codes = (row["chosen"], row["basis"], row["state"], row["age"], row["country"])
        assert codes == ("yes", "plan", "found_under_way", "old", "PL")
        for name in ("chosen", "basis", "state", "age", "country", "origin"):
            assert row[f"{name}_label"], name
    assert (rows[2]["status"], rows[2]["status_age"]) == ("done", "old")
    headings = [*rows[0]]
    for name in headings:
        assert not name.endswith("_label") or name.removesuffix("_label") in headings


def test_table_agrees_with_the_open_data_on_evidence(four, client):
    shown = act(four[1], Point.objects.get(number=2), "Shown", status_as_of="2021")
    source = Source.objects.create(url="https://example.org/press")
    for action in Action.objects.all():
        cite(source, action)
    Evidence.objects.create(action=shown, source=source, published_at=timezone.now())
    rows = rows_of(client.get(f"{TABLE}?city=alfa&city=beta"))
    found = {row["action_title"]: row["has_evidence"] for row in rows if row["action"]}
    assert found == {"Office opens": "false", "Council votes": "false", "Shown": "true"}
    open_data = client.get("/api/v1/actions/").json()["results"]
    evidenced = [row["id"] for row in open_data if row["evidence"]]
    assert evidenced == [shown.pk]
    [row] = [row for row in rows if row["action_title"] == "Shown"]
    assert row["evidence"] == "https://example.org/press"
    assert row["state_as_of"] == "2021"


# --- What an address may ask ----------------------------------------------------------------------


def test_one_city_is_kept_and_one_is_asked_for(four, client):
    response = client.get(f"{PAGE}?city=alfa")
    html = text_of(response)
    assert response.status_code == 200
    assert "Office opens" in html
    assert "Add a city" in html
    assert '<input type="hidden" name="city" value="alfa">' in html


def test_five_cities_are_too_many_and_all_are_named(four, country, client):
    make_city(country, "omega")
    response = client.get(f"{PAGE}?city=alfa&city=beta&city=gamma&city=delta&city=omega")
    html = text_of(response)
    assert response.status_code == 400
    assert html.count('class="remove"') == 4
    assert '<a href="/en/cities/omega/">Omega</a>' in html
    # Removing one of the four brings the fifth in.
    assert "/en/compare/?city=beta&amp;city=gamma&amp;city=delta&amp;city=omega" in html


def test_unknown_city_is_a_404_that_keeps_the_others(four, client):
    response = client.get(f"{PAGE}?city=alfa&city=atlantis&city=%3Cscript%3E&city=%00")
    html = text_of(response)
    assert response.status_code == 404
    assert "There is no city “atlantis” here" in html
    assert "Office opens" in html
    assert "<script>" not in html.replace("<script ", "")


def test_same_city_twice_stands_once_and_says_so(four, client):
    html = text_of(client.get(f"{PAGE}?city=alfa&city=beta&city=alfa"))
    assert "Alfa was chosen twice; it stands here once." in html
    assert html.count('class="remove"') == 2


@pytest.mark.parametrize(
    ("text", "leads_to"),
    [
        ("Beta", "?city=alfa&city=beta"),
        ("beta, GAMMA", "?city=alfa&city=beta&city=gamma"),
        ("Beta Atlantis", "?city=alfa&city=beta&q=atlantis"),
    ],
)
def test_city_is_added_by_its_name(four, client, text, leads_to):
    response = client.get(PAGE, {"city": "alfa", "q": text})
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}{leads_to}")


def test_exact_names_are_taken_and_a_choice_keeps_the_cities_found(four, country, client):
    region = make_city(country, "region-gamma")
    region.name_en = region.local_name = "Metropolitan City of Gamma"
    region.save()
    for slug in ("twin-one", "twin-two"):
        twin = make_city(country, slug)
        twin.name_en = twin.local_name = "Twin"
        twin.save()
    response = client.get(PAGE, {"q": "Alfa, Twin, Gamma, Atlantis"})
    found = f"{PAGE}?city=alfa&city=gamma"
    assert response["Location"] == f"{found}&q=twin%2C+atlantis"
    html = text_of(client.get(response["Location"]))
    assert "Which one do you mean?" in html
    links = re.findall(r'<li><a href="([^"]*)">Twin', html)
    assert sorted(links) == [
        f"{found.replace('&', '&amp;')}&amp;city={slug}&amp;q=atlantis"
        for slug in ("twin-one", "twin-two")
    ]


def test_name_of_nothing_keeps_what_was_chosen(four, client):
    html = text_of(client.get(PAGE, {"city": "alfa", "q": "Atlantis"}))
    assert "No city of the network is called “Atlantis”." in html
    assert 'value="Atlantis"' in html
    assert "Office opens" in html


def test_suggestions_add_to_the_comparison(four, client):
    found = client.get("/en/compare/suggest/?city=alfa&q=bet").json()["suggestions"]
    assert [row["url"] for row in found] == [f"{PAGE}?city=alfa&city=beta"]
    assert client.get("/en/compare/suggest/?city=alfa&q=alf").json()["suggestions"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", 400),
        ("city=nowhere", 404),
        ("city=alfa&city=nowhere", 404),
        ("city=alfa&format=xml", 400),
        ("city=alfa&city=beta&city=gamma&city=delta&city=omega", 400),
    ],
)
def test_table_of_something_else_is_refused(four, country, client, query, code):
    make_city(country, "omega")
    assert client.get(f"{TABLE}?{query}").status_code == code


@pytest.mark.parametrize("address", [PAGE, TABLE, "/en/compare/suggest/"])
def test_ten_thousand_parameters_are_refused(four, client, address):
    query = "&".join(f"city=c{number}" for number in range(10_000))
    assert client.get(f"{address}?{query}").status_code == 400


def test_many_cities_cost_no_more(four, client):
    """Of nine hundred, twenty are looked up, in one query each for the address and the page."""
    query = "&".join(f"city=c{number}" for number in range(900))
    client.get(f"{PAGE}?city=nowhere")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{PAGE}?city=nowhere")
    with CaptureQueriesContext(connection) as many:
        client.get(f"{PAGE}?{query}")
    assert len(many) == len(few)


def test_former_and_shouted_addresses_lead_to_todays(four, client):
    response = client.get(f"{PAGE}?city=Alfa&city=beta")
    assert (response.status_code, response["Location"]) == (301, f"{PAGE}?city=alfa&city=beta")


# --- What never leaks -----------------------------------------------------------------------------


def test_what_is_not_public_is_nowhere(four, points, client):
    act(four[0], points[1], "SECRET action", published_at=None)
    hidden = make_city(four[0].country, "hidden", published_at=None)
    act(hidden, points[0], "SECRET of a hidden city")
    query = "?city=alfa&city=hidden"
    for address in (PAGE, TABLE, "/en/compare/suggest/"):
        assert "SECRET" not in text_of(client.get(f"{address}{query}&q=hidden"))
        assert "Hidden" not in text_of(client.get(f"{address}{query}"))
    assert client.get(f"{PAGE}{query}").status_code == 404
    assert "SECRET" in str(list(Action.objects.values_list("title_en", flat=True)))


def test_invented_city_is_marked_and_no_search_engine_keeps_it(four, country, client):
    make_city(country, "madeup", fictional=True)
    html = text_of(client.get(f"{PAGE}?city=alfa&city=madeup"))
    assert 'content="noindex"' in html
    assert 'class="notice" data-kind="fictional"' in html or "invented" in html
    rows = rows_of(client.get(f"{TABLE}?city=alfa&city=madeup"))
    assert {(row["city"], row["fictional"]) for row in rows} == {
        ("alfa", "false"),
        ("madeup", "true"),
    }


# --- Costs ----------------------------------------------------------------------------------------


def test_comparison_costs_the_same_with_few_rows_and_with_many(four, points, client):
    def queries_of(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    two, table = f"{PAGE}?city=alfa&city=beta", f"{TABLE}?city=alfa&city=beta"
    few = queries_of(two), queries_of(table)
    for number in range(150):
        for city in four[:2]:
            act(city, points[number % 2], f"Action {number}")
    # The table asks for its version as well (3). Kinds of which no city has a row are not asked.
    assert (queries_of(two), queries_of(table)) == few == (11, 13)
    assert queries_of(f"{PAGE}?city=alfa&city=beta&city=gamma&city=delta") == few[0]
