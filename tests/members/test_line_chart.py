"""An indicator as a line: where its values lie, and what is said of them."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from members.line_chart import BOTTOM, TOP, line_chart


def values(*pairs):
    return [SimpleNamespace(on=on, value=Decimal(value)) for on, value in pairs]


def test_line_begins_at_nought_and_keeps_the_distances_of_the_days():
    chart = line_chart(values(("2020", "50"), ("2021", "100"), ("2024", "0")))
    assert [point.y for point in chart.points] == [(TOP + BOTTOM) / 2, TOP, BOTTOM]
    across = [float(point.x.rstrip("%")) for point in chart.points]
    assert across[0] == 7
    assert across[2] == 93
    assert (across[1] - across[0]) * 3 == pytest.approx(across[2] - across[1], abs=0.4)
    assert [point.is_labelled for point in chart.points] == [True, False, True]


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("2020", "1")],
        [("2020", "1"), ("2020-01", "2")],
        [("2020", "-1"), ("2021", "2")],
        [("2020", "1"), ("soon", "2")],
    ],
)
def test_there_is_no_line_without_two_days_and_true_numbers(pairs):
    assert line_chart(values(*pairs)) is None


def test_values_of_nought_lie_on_the_base():
    chart = line_chart(values(("2020", "0"), ("2021", "0")))
    assert {point.y for point in chart.points} == {BOTTOM}


def test_words_say_what_the_line_shows_in_the_readers_language():
    with translation.override("de"):
        chart = line_chart(values(("2020-03", "1234.5"), ("2021", "2000")))
    assert chart.words == "Von 1.234,5 (März 2020) auf 2.000 (2021)."


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_city_page_draws_the_line_before_its_table(client):
    html = client.get("/en/cities/sampleton/").text
    assert html.count('class="line-chart"') == 2
    chart, table = html.split('class="line-chart"')[1].split("<table", 1)
    assert 'role="img"' in chart
    assert "Complaints of discrimination that were counted: From 41 (2023) to 63 (2025)." in chart
    assert 'class="indicator"' in table[:40]
