"""The page of the figures: what it shows, its matrix with filters, its files, bad input."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext, override

from languages.dates import format_date
from languages.models import IndexRow
from members.models import (
    Action,
    City,
    Commitment,
    Country,
    Membership,
    Plan,
    Point,
    SupportContact,
)
from portal.figures.gallery import FIGURES
from portal.views.figures import FOLDED
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

PATH = "/en/figures/"
NAMES = [*FIGURES, "matrix"]


def file_of(name, query=""):
    answer = Client().get(f"{PATH}{name}.csv{query}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith(f'attachment; filename="figures-{name}-en-')
    content = b"".join(answer) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def public_cast(alfa_rows):
    Plan.objects.update(published_at=timezone.now())
    return alfa_rows


# --- What the page shows --------------------------------------------------------------------------


@pytest.mark.usefixtures("real_data")
def test_every_figure_has_picture_table_file_date_and_sources():
    html = Client().get(PATH).text
    for name in FIGURES:
        section = html.split(f'id="{name}"')[1].split("</section>")[0]
        assert "<svg" in section, name
        assert "<table" in section, name
        assert f'href="/en/figures/{name}.csv"' in section, name
        assert "Counted on " in section, name
        assert "How to read this" in section, name
        # The denominator, with what it counts; of shares the sentence says of what.
        total = re.search(r"Out of ([\d,]+): \w", section)
        assert total or "Per cent of the characters of all public texts." in section, name
        assert not total or int(total[1].replace(",", "")) > 100, name
        drawing = section.partition('<figure class="figure-drawing"')[2].partition("</figure>")[0]
        assert f'aria-labelledby="{name}"' in drawing.partition(">")[0], name
        # An axis from nought: lines at its steps, with their numbers.
        assert 'class="figure-line"' in drawing, name
        assert re.search(r"<text[^>]*>[\d,]+", drawing), name
        # What the picture shows, for those who do not see it.
        bars = re.findall(r'<span class="figure-number">[\d,]+', drawing)
        assert len(bars) > 3 or re.search(r"<title>[^<]+</title>", drawing), name
        assert "Sources: " in section or name == "translations", name
    assert "style=" not in html.replace("stylesheet=", "")


@pytest.mark.usefixtures("real_data")
def test_figures_of_help_and_languages_fold_with_their_sentence_in_sight():
    """Their drawings made the page of a phone twice as long."""
    html = Client().get(PATH).text
    assert set(FOLDED) < set(FIGURES)
    for name in FIGURES:
        section = html.split(f'id="{name}"')[1].split("</section>")[0]
        seen = section.split("figure-fold")[0]
        assert "figure-sentence" in seen
        assert ("<svg" in seen) == (name not in FOLDED), name


@pytest.mark.usefixtures("real_data")
def test_table_and_file_have_the_same_numbers():
    section = Client().get(PATH).text.split('id="countries"')[1].split("</section>")[0]
    table = re.findall(r"<td[^>]*>([\d,]+)</td>", section)
    rows = file_of("countries")
    columns = ("members", "active", "evidenced", "suspended")
    assert table == [row[column] for row in rows for column in columns]
    memberships = Membership.objects.public().real().open()
    assert sum(int(row["members"]) for row in rows) == memberships.count()


@pytest.mark.usefixtures("real_data")
def test_data_block_names_a_dataset_with_its_file_for_each_figure():
    html = Client().get(PATH).text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    nodes = [node for block in blocks for node in json.loads(block)["@graph"]]
    sets = [node for node in nodes if node["@type"] == "Dataset"]
    addresses = [file["contentUrl"] for node in sets for file in node["distribution"]]
    assert addresses == [f"{settings.SITE_URL}/en/figures/{name}.csv" for name in FIGURES]
    assert {node["creator"]["name"] for node in sets} == {settings.PORTAL_NAME}


# --- The matrix -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_data")
def test_matrix_leads_to_what_is_known_and_names_no_invented_city():
    everything = Client().get(PATH).text.split('class="matrix"')[1].split("</table>")[0]
    # All on one page, and so on paper; what is not known is an empty cell, said once.
    assert everything.count('<th scope="row">') == len({row["city"] for row in file_of("matrix")})
    assert everything.count("not known") == 1
    html = Client().get(f"{PATH}?country=PL").text
    assert "of this list." not in html
    table = html.split('class="matrix"')[1].split("</table>")[0]
    assert 'href="/en/cities/krakow/#point-4"' in table
    assert "sampleton" not in table
    page = Client().get("/en/cities/krakow/").text
    for anchor in re.findall(r'href="/en/cities/krakow/#(point-\d+)"', table):
        assert f'id="{anchor}"' in page
    assert 'scope="col"' in table
    assert 'scope="row"' in table


@pytest.mark.parametrize(("query", "known"), [("", "1 of 2"), ("?country=PL", "1 of 1")])
def test_denominator_is_of_members_and_follows_the_filters(public_cast, alfa, query, known):
    """Of a city that is no member, no share of the members is counted."""
    City.objects.exclude(pk=alfa.pk).update(published_at=None)
    City.objects.filter(pk=alfa.pk).update(fictional=False)
    now = timezone.now()
    Membership.objects.filter(city=alfa).update(fictional=False)
    germany, _made = Country.objects.get_or_create(code="DE")
    other, outsider = make_city(germany, "other"), make_city(germany, "outsider")
    Membership.objects.create(city=other, standing="evidenced", published_at=now)
    assert outsider.published_at
    html = Client().get(PATH + query).text
    assert f"with something known under a point: {known}." in html


@pytest.mark.usefixtures("real_data")
def test_filters_narrow_page_and_file_alike():
    query = "?country=pl&point=9"
    html = Client().get(f"{PATH}{query}").text
    table = html.split('class="matrix"')[1].split("</table>")[0]
    shown = set(re.findall(r'<th scope="row">\s*<a href="/en/cities/([^/]+)/"', table))
    rows = file_of("matrix", query)
    assert {row["city"] for row in rows} == shown
    assert "krakow" in shown
    assert {row["country"] for row in rows} == {"PL"}
    assert f'href="/en/figures/matrix.csv{query.replace("&", "&amp;")}"' in html


@pytest.mark.usefixtures("real_data")
def test_sources_of_the_matrix_and_paper_follow_its_filters():
    """And what stands on paper says which cities were chosen, though the form is not printed."""
    whole = Client().get(PATH).text.partition('id="matrix"')[2].partition("</section>")[0]
    html = Client().get(f"{PATH}?country=PL&point=9").text
    part = html.partition('id="matrix"')[2].partition("</section>")[0]
    counts = [int(re.search(r"Sources: (\d+)", text)[1]) for text in (whole, part)]
    file = "/en/data/actions/export.csv?country=PL&point=9"
    assert f'href="{file.replace("&", "&amp;")}"' in part
    answer = Client().get(file)
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    sources = {source for row in rows for source in row["sources"].split("|") if source}
    assert counts[1] == len(sources) < counts[0]
    paper = re.search(r'<p class="on-paper">([^<]+)</p>', part)[1]
    assert paper.startswith("Country: Poland; Point of the plan: 9")
    assert 'class="on-paper"' not in whole


def test_point_that_a_city_did_not_choose_is_a_dash_and_no_empty_cell(public_cast, alfa):
    Commitment.objects.update(chosen="no")
    Action.objects.all().update(published_at=None)
    City.objects.filter(pk=alfa.pk).update(fictional=False)
    [row] = file_of("matrix")
    assert (row["city"], row["chosen"], row["state_label"]) == ("alfa", "no", "not chosen")
    assert (row["state"], row["basis"]) == ("not_chosen", "stated")


@pytest.mark.usefixtures("real_data")
def test_file_of_the_matrix_has_codes_that_agree_with_the_table_of_promises():
    rows = file_of("matrix")
    headings = [*rows[0]]
    for name in headings:
        assert not name.endswith("_label") or name.removesuffix("_label") in headings
    promises = Client().get("/en/data/promises/export.json").getvalue()
    found = {(row["city"], row["point"]): row for row in json.loads(promises)["promises"]}
    for row in rows:
        promise = found[row["city"], int(row["point"])]
        assert (row["basis"], row["chosen"]) == (promise["basis"], promise["chosen"])
        assert row["age"] in ("recent", "old", "undated")
        assert row["point_label"] == promise["point_label"]


def test_no_text_of_a_city_is_a_formula(public_cast, alfa):
    alfa.name_en = "=HYPERLINK()"
    alfa.save()
    rows = file_of("matrix")
    assert {row["city_name"] for row in rows} == {"'=HYPERLINK()"}


# --- Bad input ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize("query", ["?country=XX", "?point=11", "?status=best", "?point=%00"])
def test_page_says_which_filter_makes_no_sense(query):
    answer = Client().get(PATH + query)
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert "The list could not be filtered" in answer.text
    assert 'class="matrix"' not in answer.text


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize("page", ["1000000000", "0", "-1", "x", "%00"])
def test_there_is_no_such_page(page):
    assert Client().get(f"{PATH}?page={page}").status_code == 404


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    "address",
    [
        "matrix.csv?country=XX",
        "matrix.csv?point=11",
        "matrix.csv?colour=red",
        "matrix.csv?point=1&point=2",
        "members.csv?country=PL",
    ],
)
def test_file_refuses_what_it_does_not_know(address):
    answer = Client().get(PATH + address)
    assert answer.status_code == 400
    assert "This table could not be made" in answer.text


def test_unknown_figure_is_not_there_and_nothing_is_posted():
    assert Client().get(f"{PATH}nothing.csv").status_code == 404
    assert Client().post(PATH).status_code == 405


# --- Cost -----------------------------------------------------------------------------------------


def more_rows(rows, numbers):
    """Cities with a membership, an action and a contact; all are made in a few statements."""
    now = timezone.now()
    point = Point.objects.first()
    cities = City.objects.bulk_create(
        City(
            slug=f"more-{number}",
            name_en=f"More {number}",
            country=rows["members.country"],
            published_at=now,
        )
        for number in numbers
    )
    # What a list needs of the index: written as rows, because a save for each would take long.
    IndexRow.objects.bulk_create(
        IndexRow(
            content_type=ContentType.objects.get_for_model(City),
            object_id=city.pk,
            language="en",
            title=city.name_en,
            title_language="en",
            sort_key=city.slug,
        )
        for city in cities
    )
    Membership.objects.bulk_create(
        Membership(city=city, standing="evidenced", joined="2004", published_at=now)
        for city in cities
    )
    promises = Commitment.objects.bulk_create(
        Commitment(city=city, point=point, chosen="yes", published_at=now) for city in cities
    )
    Action.objects.bulk_create(
        Action(commitment=promise, title_en="x", status="done", published_at=now)
        for promise in promises
    )
    body = rows["members.organisation"]
    SupportContact.objects.bulk_create(
        SupportContact(city=city, organisation=body, languages="pl", published_at=now)
        for city in cities
    )


def test_page_and_files_cost_the_same_queries_with_3_and_300_rows(public_cast):
    paths = [PATH, *(f"{PATH}{name}.csv" for name in NAMES)]

    def queries() -> dict[str, int]:
        counted = {}
        for path in paths:
            Client().get(path)
            with CaptureQueriesContext(connection) as asked:
                answer = Client().get(path)
                assert answer.status_code == 200
                if answer.streaming:
                    list(answer)
            counted[path] = len(asked)
        return counted

    more_rows(public_cast, range(3))
    before = queries()
    more_rows(public_cast, range(3, 300))
    assert queries() == before
    assert len(file_of("matrix")) >= 300
    # The version of each file (3). One for all rows of a figure; the points with their cities; the
    # matrix by batches, with the titles of the points.
    assert list(before.values())[1:] == [4, 4, 6, 4, 4, 4, 4, 4, 7]


def test_ukrainian_date_at_the_end_closes_its_sentence():
    """Its abbreviation of "year" ends with a full stop itself."""
    source = "Out of %(total)s: %(whole)s. Counted on %(date)s."
    with override("uk"):
        values = {"total": 1, "whole": "", "date": format_date(date(2026, 11, 30), "uk")}
        sentence = gettext(source) % values
    assert sentence.endswith("\u202fр.")
