"""The API: rows of every kind, by the pages' filters; honest about what it does not understand."""

import io
import json
import re
import subprocess
import sys
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import schemathesis
from django.conf import settings as project
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from members.city_filter import CityFilter
from members.facets import CountedCityFilter
from members.models import Action, City, TimedRun
from portal.api.limits import count_one
from portal.filters import NewsFilter
from portal.models import RowChange
from portal.open_data.kinds import KINDS
from portal.services.open_data import note_changes
from programs.filters import ProgrammeFilter
from tests.conftest import make_city

pytestmark = pytest.mark.django_db


def get(path, **headers):
    return Client().get(f"/api/v1/{path}", headers=headers)


def results(path):
    return get(path).json()["results"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_answers_by_list_and_key(kind, public_cast):
    query = f"?{KINDS[kind].everything}" if KINDS[kind].everything else ""
    (row, *_more) = results(f"{kind}/{query}")
    assert list(row) == [field.name for field in KINDS[kind].fields]
    assert get(f"{kind}/{row[KINDS[kind].key]}/").json() == row


def test_root_names_every_kind(db):
    note_changes()
    answer = get("").json()
    assert set(answer["kinds"]) == set(KINDS)
    for url in (*answer["kinds"].values(), answer["changes"], answer["schema"]):
        path = urllib.parse.urlsplit(url).path
        assert Client().get(path).status_code == 200


def test_language_is_asked_for_and_never_guessed(public_cast):
    City.objects.update(name_pl="Alfa po polsku", name_de="Alfa auf Deutsch")
    plain = get("cities/alfa/", **{"Accept-Language": "de"})
    polish = get("cities/alfa/?lang=pl", **{"Accept-Language": "de"})
    assert plain["Content-Language"] == "en"
    assert (polish["Content-Language"], polish.json()["name"]) == ("pl", "Alfa po polsku")
    assert polish.json()["name_language"] == "pl"


def test_only_the_fields_that_were_asked_for(public_cast):
    assert results("cities/?fields=slug,country") == [{"slug": "alfa", "country": "PL"}]
    assert list(get("cities/alfa/?fields=name").json()) == ["name"]
    assert list(get("cities/alfa/?fields=slug,%20name").json()) == ["slug", "name"]


def test_filters_are_those_of_the_page(public_cast, beta):
    assert [row["slug"] for row in results("cities/?fields=slug")] == ["alfa"]
    assert {row["slug"] for row in results("cities/?status=all")} == {"alfa", "beta"}
    assert len(results("actions/?city=alfa&status=in_progress")) == 1
    assert results("actions/?city=beta") == []
    assert len(results("contacts/?country=PL")) == 1


def test_filters_of_a_kind_with_a_list_are_those_of_its_page():
    """Not a copy of them: what a page learns to choose, its files and the API can choose too."""
    assert KINDS["programmes"].filters is ProgrammeFilter
    assert KINDS["news"].filters is NewsFilter
    of_page = CountedCityFilter.base_filters
    of_table = KINDS["cities"].filters
    assert issubclass(of_table, CityFilter)
    assert {*of_table.base_filters} == {*of_page, "map"}


def test_pages_follow_each_other_and_hold_every_row_once(country):
    for number in range(5):
        make_city(country, f"city-{number}")
    address, found = "/api/v1/cities/?status=all&page_size=2&fields=slug", []
    while address:
        page = Client().get(address).json()
        found += [row["slug"] for row in page["results"]]
        address = page["next"]
    assert found == [f"city-{number}" for number in range(5)]


def test_cursor_is_a_place_in_its_own_list_alone(country, public_cast):
    for number in range(3):
        make_city(country, f"city-{number}")
    note_changes()
    lists = ("cities/?status=all&page_size=1", "changes/?page_size=1")
    cursors = []
    for path in lists:
        query = urllib.parse.urlsplit(get(path).json()["next"]).query
        cursors += urllib.parse.parse_qs(query)["cursor"]
    of_cities, of_changes = cursors
    for path, cursor, status in (
        (lists[0], of_cities, 200),
        (lists[1], of_changes, 200),
        (lists[0], of_changes, 400),
        (lists[1], of_cities, 400),
        ("actions/?page_size=1", of_cities, 400),
        (lists[0], of_cities[:-1], 400),
        (lists[0], of_cities.upper(), 400),
        # Of other filters are other rows: some would be left out without a word.
        ("cities/?page_size=1", of_cities, 400),
        ("cities/?status=all&country=PL&page_size=1", of_cities, 400),
        ("changes/?kind=cities&page_size=1", of_changes, 400),
        # Rows and their order are the same.
        ("cities/?status=all&page_size=2&lang=pl&fields=slug", of_cities, 200),
        (lists[0], f"{of_cities}&cursor={of_cities}", 400),
    ):
        answer = get(f"{path}&cursor={cursor}")
        assert answer.status_code == status, (path, cursor)
        if status == 400:
            assert [*answer.json()["errors"]] == ["cursor"]


def test_list_costs_the_same_with_one_row_and_three(country, django_assert_num_queries):
    for slugs in (["alfa"], ["beta", "gamma"]):
        for slug in slugs:
            make_city(country, slug)
        # Their version (3). The cities, their names, memberships, sources; the standing of those
        # that are no members (2); which texts are outdated.
        with django_assert_num_queries(10):
            get("cities/?status=all")


# --- Headers --------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(public_cast):
    first = get("cities/alfa/")
    assert get("cities/alfa/", **{"If-None-Match": first["ETag"]}).status_code == 304
    # RFC 9110: "*" is any row that exists.
    assert get("cities/alfa/", **{"If-None-Match": "*"}).status_code == 304
    City.objects.update(region="Elsewhere")
    again = get("cities/alfa/", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.json()["region"]) == (200, "Elsewhere")
    assert not again.cookies


@pytest.mark.parametrize("path", ["", "cities/", "cities/alfa/", "changes/", "schema/"])
def test_answer_without_rows_is_one_for_other_sites_too(path, alfa):
    """A browser that sends the condition itself reads the headers of the 304."""
    note_changes()
    first = get(path)
    again = get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin", "RateLimit-Limit"):
        assert again[name] == first[name]
    # Programs ask by CORS; nobody embeds it as a picture or a script.
    assert again["Cross-Origin-Resource-Policy"] == "same-origin"
    # A proxy that keeps copies asks each time: a row is never older than the change that names it.
    assert first["Cache-Control"] == "public, no-cache"


def test_rows_that_somebody_has_already_are_not_read(alfa, django_assert_num_queries):
    tag = get("cities/")["ETag"]
    # The version, when it ends by itself (2).
    with django_assert_num_queries(3):
        assert get("cities/", **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("cities/", 304),
        ("cities/alfa/", 304),
        ("cities/atlantis/", 404),
        ("cities/?colour=red", 400),
        ("cities/?page_size=1000000000", 400),
        ("cities/?cursor=tampered", 400),
        ("cities/?country=XX", 400),
    ],
)
def test_condition_comes_after_the_question(path, status, alfa):
    """RFC 9110, 13.2.1: a condition counts only where the answer would be one of success."""
    assert get(path, **{"If-None-Match": "*"}).status_code == status


def test_tag_is_of_one_language_and_one_address(alfa):
    tags = [get(path)["ETag"] for path in ("cities/", "cities/?lang=pl", "actions/", "cities/")]
    assert len(set(tags)) == 3
    assert tags[0] == tags[3]


def test_other_sites_may_read(alfa):
    assert get("cities/")["Access-Control-Allow-Origin"] == "*"
    preflight = Client().options("/api/v1/cities/")
    assert preflight.status_code == 204
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]


def test_limit_is_said_and_kept(alfa, settings):
    settings.API_PER_HOUR = 2
    cache.clear()
    left = [get("cities/")["RateLimit-Remaining"] for _number in range(2)]
    assert left == ["1", "0"]
    refused = get("cities/")
    assert (refused.status_code, refused["RateLimit-Limit"]) == (429, "2")
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused["Content-Type"] == "application/problem+json"


def test_requests_at_one_moment_are_all_counted():
    cache.clear()
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _number: count_one("api:test"), range(200)))
    assert sorted(counts) == list(range(1, 201))


# --- What it does not understand ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "named"),
    [
        ("cities/?colour=red", 400, "colour"),
        ("cities/?sort=joined", 400, "sort"),
        ("cities/?country=XX", 400, "country"),
        ("cities/?fields=slug,secret", 400, "fields"),
        ("cities/?fields=", 400, "fields"),
        ("cities/?page_size=1000000000", 400, "page_size"),
        ("cities/?page_size=0", 400, "page_size"),
        ("cities/?page_size=%C2%B2", 400, "page_size"),
        ("cities/?cursor=tampered", 400, "cursor"),
        ("cities/?cursor=cD1hYmM%3D", 400, "cursor"),
        ("cities/?cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", 400, "cursor"),
        ("cities/?cursor=%00%FF", 400, "cursor"),
        ("cities/?cursor=AAAA", 400, "cursor"),
        ("cities/?cursor=cD0yMA", 400, "cursor"),
        ("cities/?cursor=cD0yMCZ4PTE%3D", 400, "cursor"),
        ("cities/?lang=xx", 400, "lang"),
        ("cities/?lang=pl&lang=de", 400, "lang"),
        ("changes/?since=yesterday", 400, "since"),
        ("changes/?since=2026-13-45T00:00:00Z", 400, "since"),
        ("changes/?since=0001-01-01T00:00:00Z", 400, "since"),
        ("changes/?since=2026-11-29T12:00:00", 400, "since"),
        ("changes/?since=2026-02-30", 400, "since"),
        ("changes/?kind=letters", 400, "kind"),
        ("changes/?rows=1", 400, "rows"),
        ("changes/", 503, ""),
        ("actions/?city=%00", 400, "city"),
        ("actions/?point=99999999999999999999999999", 400, "point"),
        ("cities/atlantis/", 404, ""),
        ("actions/99999999999999999999/", 404, ""),
        ("actions/abc/", 404, ""),
        ("users/", 404, ""),
        ("acts/a%0Ab/", 404, ""),
        ("%0A", 404, ""),
    ],
)
def test_question_that_makes_no_sense_is_refused_with_a_problem(path, status, named, public_cast):
    answer = get(path)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert [*problem.get("errors", {}), ""][0] == named


def test_ten_thousand_parameters_are_refused(alfa):
    query = "&".join(f"a{number}=1" for number in range(10_000))
    assert get(f"cities/?{query}").status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["", "cities/alfa/", "changes/", "schema/", "nothing/"])
def test_nothing_can_be_written(method, path, alfa):
    answer = Client(enforce_csrf_checks=True).generic(method, f"/api/v1/{path}")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["title"] == "The API only answers to reading."


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError("fault"), 500), (OperationalError("away"), 503)],
)
def test_what_goes_wrong_is_said_as_a_problem_too(error, status, alfa, monkeypatch):
    def break_down(*_args):
        raise error

    monkeypatch.setattr("portal.api.views.RowList.values", break_down)
    answer = Client(raise_request_exception=False).get("/api/v1/cities/")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    assert ("Retry-After" in answer) == (status == 503)


# --- What changed, and a mirror -------------------------------------------------------------------


def test_mirror_of_the_document_stays_true(transactional_db, live_server, alfa, tmp_path, settings):
    """The program of docs/api.md itself, run against a running portal."""
    settings.SITE_URL = live_server.url
    text = (project.BASE_DIR / "docs" / "api.md").read_text()
    program = tmp_path / "mirror.py"
    program.write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1])
    assert len(program.read_text().splitlines()) <= 40

    def run():
        command = [sys.executable, str(program), str(tmp_path / "copy"), live_server.url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def copied():
        files = (tmp_path / "copy").glob("cities/*.json")
        return {file.stem: json.loads(file.read_text())["region"] for file in files}

    note_changes()
    run()
    assert copied() == {"alfa": ""}
    City.objects.update(region="Samplia")
    make_city(alfa.country, "beta")
    note_changes()
    assert run().startswith("2 ")
    assert copied() == {"alfa": "Samplia", "beta": ""}
    City.objects.filter(slug="alfa").update(published_at=None)
    note_changes()
    assert run().startswith("1 ")
    assert copied() == {"beta": ""}
    assert run().startswith("0 ")


@pytest.mark.usefixtures("real_data")
def test_notebook_of_the_document_has_the_members_of_poland_with_what_they_do(monkeypatch, capsys):
    text = (project.BASE_DIR / "docs" / "api.md").read_text()
    (_mirror, notebook) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.setattr(
        "urllib.request.urlopen", lambda address: io.BytesIO(Client().get(address).getvalue())
    )
    exec(compile(notebook, "api.md", "exec"), {"site": ""})  # noqa: S102 - our own document
    lines = capsys.readouterr().out.splitlines()
    # A city that Wikidata does not know has two blanks behind its name.
    heads = [line for line in lines if not line.startswith(" ")]
    cities = {re.split(" Q|  ", line)[0] for line in heads}
    members = City.objects.public().real().filter(country__code="PL", memberships__ended="")
    assert cities == {city.local_name for city in members.distinct()}
    of_members = Action.objects.public().filter(commitment__city__in=members)
    assert len(lines) == len(cities) + of_members.distinct().count() > 10


def test_changes_are_told_since_a_moment(public_cast):
    note_changes()
    until = get("changes/").json()["until"]
    assert results(f"changes/?{urllib.parse.urlencode({'since': until})}") == []
    Action.objects.update(title_en="Anew")
    note_changes()
    (change,) = results(f"changes/?{urllib.parse.urlencode({'since': until})}")
    assert (change["kind"], change["gone"]) == ("actions", False)
    assert Client().get(urllib.parse.urlsplit(change["url"]).path).json()["title"] == "Anew"


def test_mirror_reads_everything_within_the_limit(
    transactional_db, live_server, alfa, tmp_path, settings
):
    """It asked for each row once: with more rows than requests in an hour it never came to an
    end."""
    settings.SITE_URL = live_server.url
    settings.API_PER_HOUR = 3
    cache.clear()
    for number in range(5):
        make_city(alfa.country, f"city-{number}")
    note_changes()
    text = (project.BASE_DIR / "docs" / "api.md").read_text()
    program = tmp_path / "mirror.py"
    program.write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1])
    command = [sys.executable, str(program), str(tmp_path / "copy"), live_server.url]
    subprocess.run(command, timeout=60, check=True)
    assert len(list((tmp_path / "copy").glob("cities/*.json"))) == 6


def test_change_brings_its_row_where_somebody_asks(public_cast):
    note_changes()
    for kind, described in KINDS.items():
        for change in results(f"changes/?kind={kind}&rows=yes&lang=pl"):
            answer = get(f"{kind}/{change['row'][described.key]}/?lang=pl")
            assert change["row"] == answer.json()
    assert "row" not in results("changes/")[0]
    City.objects.update(published_at=None)
    (city,) = results("changes/?kind=cities&rows=yes")
    assert (city["gone"], city["row"]) == (False, None)
    note_changes()
    (city,) = results("changes/?kind=cities&rows=yes")
    assert (city["gone"], city["row"]) == (True, None)


def test_changes_that_nobody_noted_are_not_said_to_be_none(db):
    answer = get("changes/?since=2026-11-29")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
    assert "publish_data --changes" in answer.json()["detail"]
    note_changes()
    first = get("changes/").json()
    assert first["until"]
    note_changes()
    second = get("changes/").json()
    assert second["noted_at"] > first["noted_at"]


def test_kind_that_was_never_compared_is_not_said_to_have_changed_nothing(public_cast):
    """A release brings a table: before the next comparison a mirror would lack all of it."""
    note_changes()
    RowChange.objects.filter(kind="grounds").delete()
    for path in ("changes/", "changes/?kind=grounds", "changes/?since=2026-11-29&rows=yes"):
        answer = get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "3600"), path
    assert get("changes/?kind=cities").status_code == 200
    note_changes()
    assert {row["kind"] for row in results("changes/?kind=grounds")} == {"grounds"}
    assert get("changes/").status_code == 200
    # Of a kind without a row nothing is missing.
    RowChange.objects.filter(kind="decisions").delete()
    KINDS["decisions"].rows().delete()
    assert get("changes/").status_code == 200


def test_description_says_how_often_rows_are_compared_and_how_pages_follow(public_cast):
    schema = get("schema/").json()
    page = schema["components"]["schemas"]["ChangePage"]["properties"]
    assert "quarter of an hour" in page["noted_at"]["description"]
    assert "`since`" in page["until"]["description"]
    for name in ("next", "previous"):
        assert "null on the" in page[name]["description"]
    html = Client().get("/en/data/api/").text
    for words in (
        "quarter of an hour",
        "from 1 to 200, without it 50",
        "results",
        "next, previous",
    ):
        assert words in html


def test_portal_that_compared_before_an_upgrade_answers_until_its_newest_change(public_cast):
    note_changes()
    TimedRun.objects.all().delete()
    newest = RowChange.objects.latest("changed_at").changed_at
    assert get("changes/").json()["until"] == newest.isoformat()


def test_day_begins_at_midnight_utc(public_cast):
    note_changes()
    (_first, second, *_more) = RowChange.objects.order_by("pk")
    RowChange.objects.update(changed_at=datetime(2026, 11, 28, 23, 59, 59, tzinfo=UTC))
    RowChange.objects.filter(pk=second.pk).update(changed_at=datetime(2026, 11, 29, 1, tzinfo=UTC))
    (change,) = results("changes/?since=2026-11-29")
    assert (change["kind"], change["key"]) == (second.kind, second.key)


@pytest.mark.parametrize("path", ["/api/v1/cities/", "/sitemap.xml"])
def test_head_has_the_etag_of_get(path, alfa):
    etag = Client().get(path)["ETag"]
    assert Client().head(path)["ETag"] == etag
    assert Client().head(path, headers={"If-None-Match": etag}).status_code == 304


# --- The description ------------------------------------------------------------------------------


def test_schema_is_openapi_with_an_example_of_every_kind(public_cast, capsys):
    schema = get("schema/").json()
    assert capsys.readouterr().err == ""
    assert schema["openapi"].startswith("3.1")
    assert len(schema["paths"]) == 2 * len(KINDS) + 2
    for kind in KINDS:
        row = schema["components"]["schemas"][f"{kind}_row"]["properties"]
        assert list(row) == [field.name for field in KINDS[kind].fields]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_answer_of_the_description_has_an_example_that_is_one(language, public_cast):
    """Lists, rows, the root, the changes, and each refusal."""
    schema = get(f"schema/?lang={language}").json()
    checked = 0
    for path, methods in schema["paths"].items():
        for code, answer in methods["get"]["responses"].items():
            for media_type, content in answer["content"].items():
                (example,) = content["examples"].values()
                validator = Draft202012Validator({**schema, **content["schema"]})
                assert list(validator.iter_errors(example["value"])) == [], (path, code, media_type)
                checked += 1
    assert checked == 4 * (len(KINDS) + 1) + 5 * (len(KINDS) + 1)


def test_example_of_a_parameter_is_understood(public_cast):
    schema = get("schema/").json()
    for path, methods in schema["paths"].items():
        for parameter in methods["get"]["parameters"]:
            for example in parameter.get("examples", {}).values():
                value = example["value"]
                text = ",".join(value) if isinstance(value, list) else value
                query = {} if parameter["in"] == "path" else {parameter["name"]: text}
                answer = Client().get(path.replace("{key}", text if not query else "1"), query)
                assert answer.status_code in (200, 404, 503), (path, text)


def test_reference_shows_every_address_and_parameter(public_cast):
    html = Client().get("/de/data/api/").content.decode()
    for kind in KINDS:
        assert f"/api/v1/{kind}/" in html
    for name in ("page_size", "fields", "since", "cursor"):
        assert f"<code>{name}</code>" in html


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("page", ["/en/data/api/", *(f"/en/data/{kind}/" for kind in KINDS)])
def test_examples_of_the_pages_can_be_tried(page):
    html = Client().get(page).text
    addresses = re.findall(r'href="([^"]*(?:page_size=3|export\.csv(?:\?country=PL)?))"', html)
    assert addresses
    for address in addresses:
        path = address.replace("&amp;", "&")
        assert Client().get(path).status_code == 200, path


def test_page_names_the_values_of_each_filter_and_follows_what_is_published(public_cast, alfa):
    html = Client().get("/en/data/actions/").text
    assert 'href="/en/data/actions/export.csv?country=PL" download' in html
    assert "planned, in_progress, done, stopped" in html
    example = "/api/v1/cities/?country=PL"
    assert example in Client().get("/en/data/api/").text
    City.objects.update(published_at=None)
    assert example not in Client().get("/en/data/api/").text


@pytest.fixture
def application(public_cast, settings):
    """Without the end of a request that closes the test's own connection."""
    settings.API_PER_HOUR = 10**6
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ONE_QUESTION = hypothesis_settings(
    max_examples=1,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_every_answer_is_what_the_schema_says(application):
    """Whatever the schema allows, and what it forbids: no 5xx, every answer as described."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    statuses = []
    note_changes()

    def ask(case):
        answer = case.call(headers={"Accept-Encoding": "identity"})
        statuses.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    for operation in schema.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            questions = operation.ok().as_strategy(generation_mode=mode)
            ONE_QUESTION(given(case=questions)(ask))()
    assert len(statuses) >= 2 * (2 * len(KINDS) + 2)
    assert {200, 400, 404} >= set(statuses) >= {200, 400}


@pytest.mark.parametrize("kind", KINDS)
def test_schema_says_that_an_empty_filter_chooses_nothing(kind, public_cast):
    """As the forms of the pages send it; whatever else may not be empty."""
    path = get("schema/").json()["paths"][f"/api/v1/{kind}/"]
    for parameter in path["get"]["parameters"]:
        code = get(f"{kind}/?{parameter['name']}=").status_code
        assert (code == 200) == parameter.get("allowEmptyValue", False), parameter["name"]


def test_unknown_field_is_refused_with_the_fields_that_there_are(public_cast):
    answer = get("acts/?fields=secret")
    sentences = answer.json()["errors"]["fields"]
    assert "secret" in sentences[0]
    assert sentences[1] == f"One of: {', '.join(KINDS['acts'].fields_by_name)}."


def test_document_names_the_key_of_every_kind():
    text = (project.BASE_DIR / "docs/api.md").read_text()
    keys = {kind.name for kind in KINDS.values() if kind.key == "slug"}
    assert keys == {"cities", "programmes", "organisations", "grounds", "news", "events"}
    assert "`slug` of cities, programmes, organisations, grounds, news and events;" in text
    assert [kind.name for kind in KINDS.values() if kind.key == "number"] == ["points"]


@pytest.mark.parametrize("path", ["cities/?lang=pl&lang=de", "cities/?lang=xx", "cities/"])
def test_language_of_the_browser_has_no_say_in_an_answer(path, public_cast):
    answer = Client(headers={"accept-language": "de"}).get(f"/api/v1/{path}")
    assert answer["Content-Language"] == "en"
    assert "Accept-Language" not in answer.get("Vary", "")


def test_city_without_a_line_has_a_standing_of_its_own(country):
    make_city(country, "city-0")
    for query, label in (
        ("", "not listed as a member"),
        ("&lang=de", "nicht als Mitglied genannt"),
    ):
        [row] = get(f"cities/?status=all{query}").json()["results"]
        assert (row["standing"], row["standing_label"]) == ("not-listed", label)
        assert row["standing_line"]
