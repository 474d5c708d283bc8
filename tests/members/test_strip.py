"""The strip: every state of a column, what is drawn, what is said; late and stale by their
dates."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone as clock

from members.models import Action, Commitment, Document, Evidence, Plan, Point
from members.models.actions import is_late
from members.models.commitments import is_stale
from members.strip import Strip, StripAction, StripColumn, column_of, strips_for
from tests import prepared
from tests.conftest import make_city, one_of_each

DONE, GOING, PLANNED, STOPPED, UNKNOWN = "done", "in_progress", "planned", "stopped", ""


def own(status: str, has_evidence: bool = False) -> StripAction:
    return StripAction(status, is_stated=True, has_evidence=has_evidence)


def claim(status: str, as_of: str = str(clock.localdate().year)) -> StripAction:
    """What a public source says: the source shows it."""
    return StripAction(status, is_stated=False, has_evidence=True, as_of=as_of)


COLUMNS = [
    # answer of the city, actions, filled bars, all bars, words
    ("", [], 0, 0, "not known"),
    ("no", [], 0, 0, "not chosen"),
    ("no", [claim(GOING)], 0, 0, "not chosen"),
    ("yes", [], 1, 1, "chosen"),
    ("yes", [own(PLANNED)], 1, 1, "chosen"),
    ("yes", [own(STOPPED)], 1, 1, "chosen"),
    ("yes", [own(UNKNOWN)], 1, 1, "chosen"),
    ("yes", [own(GOING)], 2, 2, "under way"),
    ("yes", [own(PLANNED), own(GOING, True)], 2, 2, "under way"),
    ("yes", [own(DONE)], 2, 2, "done, no evidence yet"),
    ("yes", [own(DONE), own(GOING, True)], 2, 2, "done, no evidence yet"),
    ("yes", [own(DONE, True)], 3, 3, "done, with evidence"),
    ("yes", [own(DONE), own(DONE, True)], 3, 3, "done, with evidence"),
    ("", [own(PLANNED)], 1, 1, "action planned"),
    ("", [own(GOING)], 2, 2, "under way"),
    ("", [claim(UNKNOWN)], 0, 1, "named in public sources"),
    ("", [claim(STOPPED)], 0, 1, "named in public sources"),
    ("", [claim(GOING)], 0, 2, "under way, according to public sources"),
    ("", [claim(DONE)], 0, 3, "done, according to public sources"),
    ("yes", [claim(DONE)], 1, 3, "chosen"),
    ("yes", [own(GOING), claim(DONE)], 2, 3, "under way"),
]


@pytest.mark.parametrize(("chosen", "actions", "filled", "bars", "words"), COLUMNS)
def test_column_has_its_bars_and_words(chosen, actions, filled, bars, words):
    column = StripColumn(1, chosen, actions=tuple(actions))
    assert (column.own_bars, column.bars, column.words) == (filled, bars, words)
    assert column.is_known == (words != "not known")
    assert column.is_only_claimed == (filled == 0 < bars)
    assert column.bar_path.count("z") == (filled or chosen == "no")
    assert column.outline_path.count("z") == bars - filled


def dated(action: StripAction, as_of: str) -> StripAction:
    return replace(action, as_of=as_of)


DATES = [
    # column, the date beside its words
    ({}, ""),
    ({"chosen": "no", "confirmed_on": date(2024, 5, 1)}, "2024-05-01"),
    ({"chosen": "yes", "confirmed_on": date(2024, 5, 1)}, "2024-05-01"),
    # Done in 2022 and 2023, and a plan of 2026.
    (
        {
            "chosen": "yes",
            "is_stated": False,
            "plan_as_of": "2026",
            "actions": (claim(DONE, "2022"), claim(DONE, "2023"), claim(GOING, "2025")),
        },
        "2023",
    ),
    # Under way in 2011, and an undertaking of 2025.
    ({"assigned_as_of": "2025-10", "actions": (claim(GOING, "2011"), claim(PLANNED))}, "2011"),
    # Done, by a source without a date, and mentioned in 2016.
    ({"actions": (claim(DONE, ""), claim(UNKNOWN, "2016"))}, ""),
    ({"actions": (claim(STOPPED, "2019"), claim(UNKNOWN, "2016"))}, "2019"),
    ({"assigned_as_of": "2020"}, "2020"),
    (
        {
            "chosen": "yes",
            "is_stated": False,
            "plan_as_of": "2021",
            "actions": (claim(PLANNED, "2023"),),
        },
        "2021",
    ),
    # What sources say is no date of what the city says.
    ({"actions": (dated(own(GOING), "2022"), claim(DONE, "2025"))}, "2022"),
    ({"actions": (dated(own(DONE), "2020"), dated(own(GOING), "2024"))}, "2020"),
    ({"actions": (dated(own(DONE, True), "2019"), dated(own(DONE), "2024"))}, "2019"),
]


@pytest.mark.parametrize(("fields", "as_of"), DATES)
def test_date_beside_the_words_is_of_the_fact_that_gives_them(fields, as_of):
    assert StripColumn(1, **fields).as_of == as_of


def test_old_status_is_said_to_be_old_whatever_newer_plan_there_is():
    plan = {"chosen": "yes", "is_stated": False, "plan_as_of": NOW}
    column = StripColumn(1, **plan, actions=(claim(DONE, OLD),))
    assert column.words == "done, according to public sources; old or undated"


OLD = "2018"
NOW = str(clock.localdate().year)
IN_PLAN = {"chosen": "yes", "is_stated": False}
BY_NETWORK = "undertaken in a plan; the network chose the point"
ORIGINS = [
    # column, filled bars, all bars, solid outlines, dots, words
    ({**IN_PLAN, "plan_as_of": NOW}, 0, 1, 1, 0, "in the city’s own plan"),
    ({**IN_PLAN, "plan_as_of": OLD}, 0, 1, 0, 0, "in the city’s own plan; old or undated"),
    ({**IN_PLAN, "plan_as_of": NOW, "assigned_as_of": NOW}, 0, 1, 1, 0, "in the city’s own plan"),
    ({**IN_PLAN, "plan_as_of": OLD, "actions": (own(GOING),)}, 2, 2, 0, 0, "under way"),
    ({"assigned_as_of": NOW}, 0, 1, 1, 1, BY_NETWORK),
    ({"assigned_as_of": ""}, 0, 1, 0, 1, f"{BY_NETWORK}; old or undated"),
    ({"assigned_as_of": NOW, "chosen": "yes"}, 1, 1, 0, 0, "chosen"),
    ({"assigned_as_of": NOW, "chosen": "no"}, 0, 0, 0, 0, "not chosen"),
    (
        {"assigned_as_of": NOW, "actions": (claim(GOING),)},
        0,
        2,
        2,
        0,
        "under way, according to public sources",
    ),
    (
        {"actions": (replace(claim(GOING), is_assigned=True),)},
        0,
        2,
        2,
        1,
        "under way, according to public sources",
    ),
]


@pytest.mark.parametrize(("values", "filled", "bars", "solid", "dots", "words"), ORIGINS)
def test_column_tells_three_origins_apart(values, filled, bars, solid, dots, words):
    column = StripColumn(1, **values)
    assert (column.own_bars, column.bars, column.words) == (filled, bars, words)
    assert (column.outline_path.count("z"), column.dot_path.count("z")) == (solid, dots)


def test_strip_counts_three_origins_apart():
    strip = Strip(tuple(StripColumn(1, **values) for values, *_rest in ORIGINS))
    assert strip.phrases == [
        "1 of 10 chosen",
        "1 not chosen",
        "1 under way",
        "4 in the city’s own plan, not confirmed here by the city",
        "2 points with actions found in public sources, not confirmed by the city",
        "6 points to which the network assigned what the city undertook",
    ]
    assert strip.dot_path.count("z") == 3


@pytest.mark.parametrize(
    ("chosen", "actions", "solid", "dashed", "words"),
    [
        ("", [claim(GOING, OLD)], 0, 2, "under way, according to public sources; old or undated"),
        ("", [claim(GOING, "")], 0, 2, "under way, according to public sources; old or undated"),
        (
            *("", [claim(DONE, OLD), claim(PLANNED)], 1, 2),
            "done, according to public sources; old or undated",
        ),
        ("yes", [claim(DONE, OLD)], 0, 2, "chosen"),
        ("", [own(GOING), claim(DONE, OLD)], 0, 1, "under way"),
    ],
)
def test_bars_of_old_and_undated_sources_are_dashed(chosen, actions, solid, dashed, words):
    column = StripColumn(1, chosen, actions=tuple(actions))
    assert column.outline_path.count("z") == solid
    assert column.dashed_path.count("z") == dashed
    assert column.words == words
    strip = Strip((column, StripColumn(2)))
    assert strip.dashed_path.count("z") == dashed
    assert strip.words.endswith(" · 1 of them old or undated (1)")


def test_drawing_says_where_every_mark_stands():
    columns = (
        StripColumn(1, "yes", actions=(own(DONE, True),)),
        StripColumn(2, "no"),
        StripColumn(3),
        StripColumn(4, actions=(claim(GOING),)),
    )
    strip = Strip(columns)
    assert strip.view_box == "0 0 88 42"
    assert strip.bar_path == "M4 18h14v6h-14zM4 9h14v6h-14zM4 0h14v6h-14zM26 20h14v2h-14z"
    assert strip.outline_path == "M70.75 18.75h12.5v4.5h-12.5zM70.75 9.75h12.5v4.5h-12.5z"
    assert strip.numbers == [(11, 1), (33, 2), (55, 3), (77, 4)]


def test_sentence_counts_points():
    said, long_ago = clock.localdate(), date(2020, 1, 1)
    columns = (
        StripColumn(1, "yes", said, (own(DONE, True),)),
        StripColumn(2, "yes", said, (own(DONE),)),
        StripColumn(3, "yes", long_ago, (own(GOING),)),
        StripColumn(4, "yes", long_ago),
        StripColumn(5, "no", long_ago),
        StripColumn(6),
        StripColumn(7, "", None, (claim(DONE),)),
    )
    strip = Strip(columns)
    assert strip.words == (
        "4 of 7 chosen (1, 2, 3, 4) · 1 not chosen (5) · 1 done with evidence (1)"
        " · 1 done, no evidence yet (2) · 1 under way (3)"
        " · 2 not confirmed for a year (3, 4)"
        " · 1 point with actions found in public sources, not confirmed by the city (7)"
    )
    assert strip.phrases[0] == "4 of 7 chosen"


def test_strip_of_claims_puts_no_promise_into_the_citys_mouth():
    words = Strip((StripColumn(1), StripColumn(2, actions=(claim(DONE),)))).words
    assert words == "1 point with actions found in public sources, not confirmed by the city (2)"


def test_nothing_known_is_no_strip():
    strip = Strip((StripColumn(1), StripColumn(2)))
    assert not strip.is_known
    assert strip.words == strip.bar_path == strip.outline_path == ""


@pytest.mark.parametrize(
    ("status", "due", "today", "late"),
    [
        (GOING, "2025", date(2025, 12, 31), False),
        (GOING, "2025", date(2026, 1, 1), True),
        (PLANNED, "2026-02", date(2026, 2, 28), False),
        (PLANNED, "2026-02", date(2026, 3, 1), True),
        (GOING, "2026-02-10", date(2026, 2, 10), False),
        (GOING, "2026-02-10", date(2026, 2, 11), True),
        (DONE, "2020", date(2026, 1, 1), False),
        (STOPPED, "2020", date(2026, 1, 1), False),
        (UNKNOWN, "2020", date(2026, 1, 1), False),
        (GOING, "", date(2026, 1, 1), False),
    ],
)
def test_late_is_computed_from_what_is_known_of_the_date(status, due, today, late):
    assert is_late(status, due, today) is late


@pytest.mark.parametrize(
    ("chosen", "confirmed", "today", "stale"),
    [
        ("yes", date(2025, 11, 22), date(2026, 11, 22), False),
        ("yes", date(2025, 11, 22), date(2026, 11, 23), True),
        ("yes", None, date(2026, 11, 22), False),
        ("no", date(2020, 1, 1), date(2026, 11, 22), False),
        ("", date(2020, 1, 1), date(2026, 11, 22), False),
    ],
)
def test_stale_is_a_promise_a_year_after_the_city_last_said_so(chosen, confirmed, today, stale):
    assert is_stale(chosen, confirmed, today) is stale


def test_column_is_stale_by_the_later_of_writing_and_confirming():
    now = clock.now()
    assert not column_of(1, "yes", now, ()).is_stale
    assert column_of(1, "yes", datetime(2020, 1, 1, tzinfo=UTC), ()).is_stale
    assert not column_of(1, "", None, (claim(DONE),)).is_stale


# --- Built from rows ------------------------------------------------------------------------------


@prepared.fixture
def rows(alfa):
    rows = one_of_each(alfa)
    Plan.objects.update(published_at=clock.now())
    return rows


def column(city) -> StripColumn:
    return strips_for([city])[city.pk].columns[0]


@pytest.mark.django_db
def test_strip_has_as_many_columns_as_the_plan_has_points(rows, alfa):
    plan = Plan.objects.get(in_force=True)
    for number in (2, 3):
        Point.objects.create(
            plan=plan, number=number, title_en="P", short_title_en="P", published_at=clock.now()
        )
    former = Plan.objects.create(name_en="Former", published_at=clock.now())
    Point.objects.create(
        plan=former, number=9, title_en="P", short_title_en="P", published_at=clock.now()
    )
    assert [column.number for column in strips_for([alfa])[alfa.pk].columns] == [1, 2, 3]


@pytest.mark.django_db
def test_evidence_fills_the_column_and_a_draft_of_it_does_not(rows, alfa):
    Action.objects.update(status=DONE, origin="stated", stated_at=clock.now())
    assert column(alfa).own_bars == 3
    Evidence.objects.update(published_at=None)
    assert (column(alfa).own_bars, column(alfa).words) == (2, "done, no evidence yet")


@pytest.mark.django_db
def test_private_document_is_no_evidence(rows, alfa):
    Action.objects.update(status=DONE, origin="stated", stated_at=clock.now())
    document = rows["members.document"]
    Evidence.objects.update(source=None, document=document)
    assert column(alfa).own_bars == 2
    Document.objects.update(public_since=clock.now())
    assert column(alfa).own_bars == 3


@pytest.mark.django_db
def test_unpublished_action_and_commitment_are_not_in_the_strip(rows, alfa):
    Action.objects.update(published_at=None)
    assert column(alfa).words == "chosen"
    Commitment.objects.update(published_at=None)
    assert not strips_for([alfa])[alfa.pk].is_known


@pytest.mark.django_db
def test_list_costs_the_same_queries_for_one_city_and_for_three(rows, alfa, country):
    cities = [alfa, make_city(country, "gamma"), make_city(country, "delta")]
    for city in cities[1:]:
        commitment = Commitment.objects.create(
            city=city, point=rows["members.point"], chosen="yes", published_at=clock.now()
        )
        for _time in range(3):
            Action.objects.create(
                commitment=commitment, title_en="x", status=GOING, published_at=clock.now()
            )
    counted = []
    for some in (cities[:1], cities):
        strips_for(some)
        with CaptureQueriesContext(connection) as queries:
            strips_for(some)
        counted.append(len(queries))
    assert counted == [2, 2]
