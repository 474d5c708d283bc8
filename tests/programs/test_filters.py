"""The directory of programmes: filters that combine, chips with counts, exports of exactly the
list."""

import csv
import io
import json
import re
from collections import Counter
from html import unescape

import pytest
from django.db.models import Value
from django.forms import ChoiceField
from django.http import QueryDict
from django.test import Client

from members.models import Organisation
from programs.filters import ProgrammeFilter
from programs.models import Programme
from programs.views import programmes_by_name

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]


@pytest.fixture
def visitor() -> Client:
    return Client()


def listed(visitor: Client, query: str) -> set[str]:
    html = visitor.get(f"/en/programmes/?{query}").content.decode()
    return set(re.findall(r'<div class="what">\s*<a\s+href="/en/programmes/([\w-]+)/"', html))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "city=krakow",
            {
                "otwarty-krakow",
                "przeciwko-rasizmowi-i-ksenofobii",
                "strategie-wspolpracy-i-wlaczania",
            },
        ),
        ("city=krakow&stage=ended", {"przeciwko-rasizmowi-i-ksenofobii"}),
        ("city=krakow&year=2016", {"otwarty-krakow"}),
        ("city=krakow&year=2026", {"otwarty-krakow"}),
        ("city=krakow&year=2018", {"otwarty-krakow"}),
        ("city=krakow&year=2012", {"przeciwko-rasizmowi-i-ksenofobii"}),
        ("city=krakow&year=2010", set()),
        ("city=krakow&target=police", {"strategie-wspolpracy-i-wlaczania"}),
        (
            "country=PL&ground=race",
            {"przeciwko-rasizmowi-i-ksenofobii", "strategie-wspolpracy-i-wlaczania"},
        ),
        ("point=7&city=leuven", {"leuven-actieplan-discriminatie"}),
        ("organisation=interkulturalni-pl", {"otwarty-krakow", "przeciwko-rasizmowi-i-ksenofobii"}),
        (
            "organisation=zydowskie-stowarzyszenie-czulent",
            {"otwarty-krakow", "strategie-wspolpracy-i-wlaczania"},
        ),
        (
            "organisation=fundusze-eog",
            {
                "strategie-wspolpracy-i-wlaczania",
                "lokalne-miedzysektorowe-polityki-na-rzecz-integracji-imigrantow",
            },
        ),
        (
            "city=krakow&kind=project&q=ksenofobii",
            {"przeciwko-rasizmowi-i-ksenofobii", "strategie-wspolpracy-i-wlaczania"},
        ),
    ],
)
def test_directory_filters_combine(query, found, visitor):
    assert listed(visitor, query) == found


def test_lists_offer_only_what_leads_to_a_programme(visitor):
    html = visitor.get("/en/programmes/?country=PL").content.decode()
    select = re.search(r'<select name="city".*?</select>', html, re.DOTALL)[0]
    assert re.findall(r"<option[^>]*>([^<]*)<", select) == [
        "All cities",
        "Częstochowa (2)",
        "Kraków (3)",
    ]
    assert "(0)" not in html


@pytest.mark.parametrize("chosen", ["", "country=PL", "stage=ended&city=krakow"])
def test_every_option_leads_to_as_many_programmes_as_it_says(chosen):
    filters = ProgrammeFilter(QueryDict(chosen), programmes_by_name())
    filters.offer_what_leads_somewhere()
    tried = 0
    for name, field in filters.form.fields.items():
        if not isinstance(field, ChoiceField):
            continue
        for value, label in field.widget.choices:
            if not value:
                continue
            query = QueryDict(chosen, mutable=True)
            query[name] = value
            found = ProgrammeFilter(query, programmes_by_name()).qs
            assert label.endswith(f" ({found.distinct().count()})"), (name, label)
            tried += 1
    assert tried >= 10


def test_chips_say_how_many_each_filter_finds_and_lead_to_the_list_without_it(visitor):
    html = visitor.get("/en/programmes/?country=PL&kind=project").content.decode()
    chips = re.findall(
        r'class="chip" href="([^"]*)".*?</span>([^<]*)(?: <span class="chip-count">\((\d+)\))', html
    )
    projects = Programme.objects.public().real().filter(kind="project").count()
    assert [(label.strip(), int(count)) for _url, label, count in chips] == [
        ("Country: Poland", 5),
        ("Kind: project", projects),
    ]
    assert [url for url, _label, _count in chips] == ["?kind=project", "?country=PL"]


@pytest.mark.parametrize(
    "query", ["city=atlantis", "year=zz", "year=99999", "point=11", "target=x", "year=2016.5"]
)
def test_filter_that_makes_no_sense_finds_nothing_and_says_so(query, visitor):
    assert listed(visitor, query) == set()
    assert "errorlist" in visitor.get(f"/en/programmes/?{query}").content.decode()
    answer = visitor.get(f"/en/programmes/export.json?{query}")
    assert answer.status_code == 400
    assert "could not be made" in answer.content.decode()


def body_of(visitor, address):
    return b"".join(visitor.get(address).streaming_content)


@pytest.mark.parametrize(
    "query", ["", "country=PL", "city=krakow&year=2016", "organisation=interkulturalni-pl&q=open"]
)
def test_exports_hold_exactly_the_list(query, visitor):
    page = visitor.get(f"/en/programmes/?{query}")
    total = page.context["page_obj"].paginator.count
    rows = json.loads(body_of(visitor, f"/en/programmes/export.json?{query}"))["programmes"]
    text = body_of(visitor, f"/en/programmes/export.csv?{query}").decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(table) == total
    # The page begins with the newest, the files with the first name.
    titles = Counter(programme.title for programme in page.context["page_obj"].object_list)
    assert titles <= Counter(row["name"] for row in rows)
    assert [cells["name"] for cells in table] == [row["name"] for row in rows]


def test_json_export_says_when_in_which_language_and_where_each_row_comes_from(visitor):
    answer = visitor.get("/pl/programmes/export.json?city=krakow")
    about = json.loads(b"".join(answer.streaming_content))
    assert about["language"] == "pl"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["as_of"])
    assert about["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "attachment" in answer["Content-Disposition"]
    assert all(row["sources"] and row["page"].startswith("http") for row in about["programmes"])
    assert {row["name"] for row in about["programmes"]} >= {"Otwarty Kraków"}


def test_exports_hold_nothing_invented_and_no_draft(visitor):
    Programme.objects.filter(slug="otwarty-krakow").update(published_at=None)
    for ending in ("csv", "json"):
        text = body_of(visitor, f"/en/programmes/export.{ending}").decode()
        assert "Sampleton" not in text
        assert "Otwarty Kraków" not in text or "otwarty-krakow/" not in text


def test_export_names_no_organisation_that_is_a_draft(visitor):
    Organisation.objects.filter(slug="interkulturalni-pl").update(published_at=None)
    text = body_of(visitor, "/en/programmes/export.csv?city=krakow").decode()
    assert "INTERKULTURALNI PL association" not in text


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_spreadsheet_takes_no_cell_for_a_formula(sign, visitor):
    name = f'{sign}HYPERLINK("https://example.org")'
    # Past the field, which would make a space of the tab.
    Programme.objects.filter(slug="otwarty-krakow").update(original_name=Value(name))
    accept = {"accept": "text/html,*/*;q=0.8"}
    answer = visitor.get("/pl/programmes/export.csv?city=krakow", headers=accept)
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_exports_cost_the_same_with_few_rows_and_with_many(visitor, django_assert_num_queries):
    for query in ("kind=project", ""):
        body_of(visitor, f"/en/programmes/export.json?{query}")
        # Four of them ask for the version.
        with django_assert_num_queries(15):
            body_of(visitor, f"/en/programmes/export.json?{query}")


def test_empty_list_proposes_only_what_leads_somewhere(visitor):
    html = visitor.get("/en/programmes/?country=PL&year=1950&kind=project").content.decode()
    empty = html[html.index('class="empty"') :]
    ways = re.findall(r'href="(\?[^"]+)"', empty[: empty.index("</ul>")])
    assert ways == ["?country=PL&amp;kind=project"]
    for way in ways:
        listed = visitor.get(f"/en/programmes/{unescape(way)}").content.decode()
        assert 'class="empty"' not in listed
    # A filter that finds nothing by itself says no number.
    chips = html[html.index('class="chips"') : html.index('class="empty"')]
    assert "(0)" not in chips
    assert chips.count("chip-count") == 2
