"""Senseless questions to all that can be taken away: soon an honest answer of the four hundreds.

Each test asks many addresses: the answers cost little, and the real data stand behind them.
"""

import time

import pytest
from django.test import Client

from portal.open_data.kinds import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

# In seconds of processor time, whatever else the machine does.
SOON = 1.0
MANY_KEYS = "&".join(f"key{number}=1" for number in range(10_000))
MANY_VALUES = "&".join(f"city=city{number}" for number in range(10_000))
FILES = (
    *("/en/cities/export.csv", "/en/cities/export.geojson", "/en/programmes/export.xlsx"),
    *("/en/news/export.json", "/en/events/export.csv", "/en/meetings/export.csv"),
    *("/en/data/actions/export.csv", "/en/data/promises/export.json"),
    *("/en/figures/members.csv", "/en/figures/matrix.csv", "/en/compare/export.csv"),
    *("/data/catalogue", "/en/data/csv-metadata.json"),
)
LISTS = tuple(f"/api/v1/{kind}/" for kind in KINDS)
API = ("/api/v1/", "/api/v1/schema/", "/api/v1/changes/", "/api/v1/cities/krakow/", *LISTS)
# Pages that read their query.
PAGES = (
    *("/en/cities/", "/en/programmes/", "/en/news/", "/en/figures/", "/en/compare/"),
    *("/en/data/actions/", "/en/cite/cities/", "/en/cities/krakow/version/"),
)


def answer_to(address: str, **headers: str):
    """The answer, which came soon."""
    begun = time.process_time()
    answer = Client().get(address, headers=headers)
    content = answer.getvalue()
    assert time.process_time() - begun < SOON, address[:80]
    assert content or answer.status_code == 304
    return answer


def test_unknown_parameter_is_refused_by_its_name():
    for address in (*FILES, *API):
        answer = answer_to(f"{address}?colour=red")
        assert answer.status_code == 400, address
        assert "colour" in answer.text, address


@pytest.mark.parametrize("query", [MANY_KEYS, MANY_VALUES], ids=["keys", "values"])
def test_ten_thousand_keys_are_refused(query):
    for address in (*FILES, *API, *PAGES):
        assert answer_to(f"{address}?{query}").status_code == 400, address


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("page_size=1000000000", "page_size"),
        ("page_size=1e9", "page_size"),
        ("cursor=tampered", "cursor"),
        ("cursor=cD05OTk5OTk5OTk5OTk5OTk5OTk5", "cursor"),
        ("fields=nothing", "fields"),
        ("fields=as_of,nothing", "fields"),
        ("lang=pl&lang=de", "lang"),
        ("lang=xx", "lang"),
    ],
)
def test_every_list_of_the_api_refuses_what_makes_no_sense(query, named):
    for address in LISTS:
        answer = answer_to(f"{address}?{query}")
        assert answer.status_code == 400, address
        assert answer["Content-Type"] == "application/problem+json"
        assert [*answer.json()["errors"]] == [named], address


def test_wrong_value_is_refused():
    for address, code in (
        ("/en/cities/?page=1000000000", 404),
        ("/en/figures/?page=1000000000", 404),
        ("/en/cities/?country=XX", 400),
        ("/en/data/actions/?city=nowhere", 400),
        ("/en/cities/export.csv?country=PL&country=DE", 400),
        ("/en/cities/export.csv?page_size=1000000000", 400),
        ("/en/cities/export.csv?lang=pl", 400),
        ("/en/figures/matrix.csv?country=XX", 400),
        ("/en/compare/export.csv?city=nowhere", 404),
        ("/en/cities/krakow/version/?at=yesterday", 400),
        ("/en/cite/cities/?country=XX", 400),
        ("/api/v1/changes/?since=yesterday", 400),
        ("/xx/cities/export.csv", 404),
    ):
        assert answer_to(address).status_code == code, address


def test_condition_on_anything_is_met_by_what_exists_and_by_nothing_else():
    """RFC 9110, 13.1.2: "*" is any representation that exists, so the reader has it already; and a
    condition counts only where the answer would be one of success."""
    for address in (*FILES[:-1], "/api/v1/cities/", "/api/v1/cities/krakow/"):
        asked = f"{address}?city=krakow" if "compare" in address else address
        assert answer_to(asked, **{"If-None-Match": "*"}).status_code == 304, address
        wrong = f"{address}?colour=red"
        assert answer_to(wrong, **{"If-None-Match": "*"}).status_code == 400, address
