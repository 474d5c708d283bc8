"""The years of a city as a drawing: where bars and rings stand, and what it says in words."""

from datetime import date
from itertools import pairwise

import pytest
from django.test import Client

from programs.models import Edition, Programme
from programs.time_axis import BARS, TICKS, TimeAxis, time_axis

DATES = ["2016-09-14", "2018", "2023-06-29", "2024-09-25"]


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 30))


def edition(begin: str, end: str, stage: str = "adopted", name: str = "Plan") -> Edition:
    programme = Programme(original_name=name, original_language="en")
    return Edition(programme=programme, period_from=begin, period_to=end, stage=stage)


def axis_of(dates: list[str], editions: list[Edition]) -> TimeAxis:
    axis = time_axis(dates, editions)
    assert axis
    return axis


def percent(place: str) -> float:
    return float(place.removesuffix("%"))


def test_places_keep_the_distances_of_days_and_today_lies_among_them():
    axis = axis_of(["2017-01-01", "2019-01-01", "2023-01-01", "2024"], [])
    first, second, third, _last = [percent(mark.x) for mark in axis.marks]
    assert (third - second) == pytest.approx(2 * (second - first), abs=0.2)
    assert [mark.is_recent for mark in axis.marks] == [False, False, False, True]
    assert percent(axis.marks[-1].x) < percent(axis.today) < 100
    assert axis.words == "Timeline from 2017 to 2026."


def test_bar_is_the_period_and_its_name_stays_in_the_drawing():
    rows = [
        edition("2024", "2028", stage="consultation", name="Open"),
        edition("2016", "2022", name="Integration " * 9),
    ]
    axis = axis_of(DATES, rows)
    early, late = axis.bars
    assert (early.years, early.anchor, early.is_draft) == ("2016–2022", "start", False)
    assert (late.years, late.anchor, late.is_draft) == ("2024–2028", "end", True)
    assert early.name.endswith("…")
    assert early.y < late.y < axis.line
    end = percent(late.x) + percent(late.width)
    assert end == pytest.approx(percent(late.name_place), abs=0.2)
    assert axis.has_draft
    assert axis.words.startswith("Timeline from 2016 to 2028, with the periods of: Integration")
    assert axis.words.endswith("and Open (2024–2028).")


def test_page_of_a_programme_does_not_repeat_its_name():
    axis = time_axis(DATES, [edition("2016", "2022"), edition("2024", "2028")], is_named=False)
    assert axis
    assert [bar.name for bar in axis.bars] == ["", ""]
    assert axis.words.endswith("with the periods of: 2016–2022 and 2024–2028.")


def test_only_whole_periods_are_drawn_and_the_newest_of_many():
    rows = [edition("2016", ""), edition("", "2020")]
    assert axis_of(DATES, rows).bars == []
    rows = [edition(str(year), str(year + 1)) for year in range(2010, 2020)]
    axis = axis_of(DATES, rows)
    assert [bar.years[:4] for bar in axis.bars] == ["2016", "2017", "2018", "2019"]
    assert len(axis.bars) == BARS


@pytest.mark.parametrize("first", ["2024", "2016", "1990", "1804"])
def test_years_under_the_axis_are_round_and_few(first):
    axis = axis_of([first, "2025", "2025-02", "2026"], [])
    years = [year for _place, year in axis.ticks]
    assert 2 <= len(years) <= TICKS
    steps = {later - year for year, later in pairwise(years)}
    assert len(steps) == 1
    assert all(year % steps.copy().pop() == 0 for year in years)


@pytest.mark.parametrize(
    ("dates", "editions"),
    [
        ([], []),
        (["", "", "", ""], []),
        (DATES[:3], []),
        (["2024-01", "2024-02", "2025-03", "2025-04"], []),
        (["someday", *DATES], []),
        (DATES, [edition("2016", "13-13")]),
    ],
)
def test_there_is_no_axis_of_little_or_of_what_is_no_date(dates, editions):
    assert time_axis(dates, editions) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_city_shows_its_axis_where_it_has_years_to_show():
    html = Client().get("/en/cities/krakow/").text
    axis = html.split('class="time-axis"')[1].split("</figure>")[0]
    assert 'role="img" aria-label="Timeline from 2011 to 2028' in axis
    assert axis.count("<rect") == 2
    assert 'data-kind="draft"' in axis
    assert "Hollow bar: not known to be adopted." in axis
    assert "time-axis" not in Client().get("/en/cities/kalmar/").text
