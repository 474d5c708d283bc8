"""Addresses of directories that make no sense: each says what is wrong, and counts nothing."""

import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

REVERSED = "/en/cities/?joined_after=2024&joined_before=2010"
WRONG = [
    (REVERSED, "This year is before the first one."),
    ("/en/news/?year=2o24", "Select a valid choice."),
    ("/en/programmes/?year=abc", "Enter a number."),
]


@pytest.mark.parametrize(("address", "words"), WRONG)
def test_address_that_makes_no_sense_says_so_and_counts_nothing(address, words):
    response = Client().get(address)
    html = response.content.decode()
    assert response.status_code == 400
    assert words in html
    title = re.search(r"<title>(.*?)</title>", html)
    assert title[1].startswith("Error: ")
    assert not re.search(r"fits these filters|<strong>0</strong>", html)
    # The keyboard begins at the summary.
    assert re.search(r'class="error-summary"[^>]*tabindex="-1"[^>]*autofocus', html)


def test_page_without_errors_has_its_own_title():
    html = Client().get("/en/cities/").content.decode()
    assert "<title>Cities" in html
    assert "autofocus" not in html


def test_programmes_stand_newest_first_and_the_list_says_so():
    html = Client().get("/en/programmes/").content.decode()
    assert "The newest first, as of" in html
    results = html[html.index('id="results"') :]
    years = re.findall(r'<span class="year">(\d*)</span>', results)
    assert len(years) > 40
    assert years == sorted(years, reverse=True)


def test_links_to_files_name_the_table():
    html = Client().get("/en/data/").content.decode()
    links = re.findall(r"<a [^>]*download[^>]*>(.*?)</a>", html, re.DOTALL)
    names = [re.sub(r"<[^>]+>|\s+", " ", link).strip() for link in links]
    assert "CSV" not in names
    assert len(set(names)) == len(names) > 20
