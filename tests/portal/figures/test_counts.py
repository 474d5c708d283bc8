"""The numbers of each figure are those of the rows: real, public, each once, unknown as unknown."""

import csv
import io
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from django.utils.translation import override

from members.models import (
    Action,
    City,
    Commitment,
    Country,
    Evidence,
    Membership,
    Organisation,
    Plan,
    Point,
    Source,
    SupportContact,
)
from members.services.sources import cite
from portal.figures.actions import actions_by_age, actions_by_point
from portal.figures.drawing import Bar, Bars, draw, step_of
from portal.figures.figure import Row
from portal.figures.gallery import FIGURES
from portal.figures.help import contacts_by_channel, contacts_by_check, contacts_by_language
from portal.figures.members import members_by_country, members_over_time
from portal.figures.tables import figure_csv
from portal.figures.translations import translations_by_language
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

NUMBERS = count(1)


def numbers_of(figure):
    return {row.key: row.numbers for row in figure.rows}


def join(country, standing="evidenced", **fields):
    published = fields.pop("published", True)
    city = make_city(country, f"town-{next(NUMBERS)}", fictional=fields.pop("fictional", False))
    return Membership.objects.create(
        city=city,
        standing=standing,
        fictional=city.fictional,
        published_at=timezone.now() if published else None,
        **fields,
    )


@pytest.fixture
def point():
    now = timezone.now()
    plan = Plan.objects.create(name_en="Plan", in_force=True, published_at=now)
    names = {"title_en": "First", "short_title_en": "First", "published_at": now}
    return Point.objects.create(plan=plan, number=1, **names)


def act(point, city, status, on="", chosen="yes", **fields):
    now = timezone.now()
    promise, _made = Commitment.objects.get_or_create(
        city=city, point=point, defaults={"chosen": chosen, "published_at": now}
    )
    values = {"title_en": "x", "published_at": now, "fictional": city.fictional, **fields}
    return Action.objects.create(commitment=promise, status=status, status_as_of=on, **values)


# --- Members --------------------------------------------------------------------------------------


def test_members_are_added_up_by_the_first_known_year_and_the_rest_is_not_known(country):
    join(country, "active", joined="2004-05")
    join(country, "suspended", joined="2006")
    join(country, "active")
    join(country, "annulled", joined="2005")
    join(country, "active", joined="2001", fictional=True)
    join(country, "active", joined="2002", published=False)
    left = join(country, "withdrawn", joined="2007", ended="2008-01")
    Membership.objects.create(city=left.city, standing="active", published_at=timezone.now())
    figure = members_over_time()
    assert figure.total == 4
    # Joined, only listed, left, joined so far.
    assert numbers_of(figure) == {
        "2004": (1, 0, 0, 1),
        "2005": (0, 0, 0, 1),
        "2006": (1, 0, 0, 2),
        "2007": (1, 0, 0, 3),
        "2008": (0, 0, 1, 3),
        "": (1, 0, 0, 4),
    }
    assert [row.key for row in figure.drawn_rows] == ["2004", "2005", "2006", "2007", "2008"]


def test_day_on_which_a_source_lists_a_city_is_no_year_of_joining(country):
    join(country, joined="2003-12-03")
    join(country)
    join(country, "active", joined="2005")
    again = join(country, "evidenced", joined="2004")
    values = {"joined": "2005-02", "ended": "2005-12", "published_at": timezone.now()}
    Membership.objects.create(city=again.city, standing="withdrawn", **values)
    figure = members_over_time()
    assert numbers_of(figure) == {
        "2003": (0, 1, 0, 0),
        "2004": (0, 0, 0, 0),
        "2005": (2, 0, 1, 2),
        "": (0, 1, 0, 2),
    }
    assert [row.key for row in figure.drawn_rows] == ["2005"]
    assert figure.sentence == (
        "Cities with a known year of joining: 2 of 4. The first: 2005, the newest: 2005. "
        "Only listed by a public source, with a date: 1."
    )


def test_countries_count_open_memberships_by_standing(country):
    germany = Country.objects.create(code="DE")
    join(country, "active")
    join(country, "evidenced")
    join(country, "suspended")
    join(country, "withdrawn", ended="2020")
    join(germany, "evidenced")
    figure = members_by_country()
    assert numbers_of(figure) == {"PL": (3, 1, 1, 1), "DE": (1, 0, 1, 0)}
    assert figure.total == 4
    assert figure.sentence == (
        "Countries: 2. Cities: 4; of these only listed as members by a public source: 2. "
        "Whether these still are members is not recorded."
    )
    with override("de"):
        assert [row.label for row in members_by_country().rows] == ["Polen", "Deutschland"]


# --- Actions --------------------------------------------------------------------------------------


def test_actions_count_once_by_status_without_invented_and_refused_ones(point, country):
    city, refusing = make_city(country, "one"), make_city(country, "two")
    invented = make_city(country, "three", fictional=True)
    for status in ("done", "done", "planned", "stopped", ""):
        reason = {"stopped_why_en": "No money."} if status == "stopped" else {}
        act(point, city, status, **reason)
    act(point, invented, "done")
    act(point, refusing, "done", chosen="no")
    act(point, city, "done", published_at=None)
    figure = actions_by_point()
    # Done, under way, planned, stopped, not known; done with evidence, with a source; cities.
    assert numbers_of(figure) == {"1": (2, 0, 1, 1, 1, 0, 0, 1)}
    assert figure.total == 5


def test_source_that_names_an_action_is_not_its_evidence(point, country):
    city = make_city(country, "one")
    source = Source.objects.create(url="https://example.org/press")
    shown, named, both, going = (
        act(point, city, status) for status in ("done", "done", "done", "in_progress")
    )
    for action in (shown, both, going):
        Evidence.objects.create(action=action, source=source, published_at=timezone.now())
    for action in (named, both, going):
        cite(source, action)
    figure = actions_by_point()
    assert numbers_of(figure) == {"1": (3, 1, 0, 0, 0, 2, 2, 1)}
    assert figure.sentence == (
        "Actions: 4. Of these done: 3, with evidence: 2, named by a public source: 2."
    )


def test_ages_have_the_years_of_recent_news_and_what_has_no_date(point, country):
    city = make_city(country, "one")
    year = timezone.localdate().year
    for on in (f"{year}", f"{year - 2}-12-31", f"{year - 3}", f"{year - 10}", f"{year - 11}", ""):
        act(point, city, "in_progress", on)
    act(point, city, "done", "1999")
    figure = actions_by_age()
    assert [row.numbers for row in figure.rows] == [
        (0, 2, 0),
        (0, 1, 0),
        (0, 1, 0),
        (1, 1, 0),
        (0, 1, 0),
    ]
    assert [row.key for row in figure.rows] == [
        f"{year - 2}-{year}",
        f"{year - 5}-{year - 3}",
        f"{year - 10}-{year - 6}",
        f"../{year - 11}",
        "",
    ]
    assert figure.sentence == (
        "Planned or under way: 6. Of these nothing is known from the last three years, or there is "
        "no date at all: 4."
    )


# --- Help -----------------------------------------------------------------------------------------


def contact(country, **fields):
    slug = f"body-{next(NUMBERS)}"
    now = timezone.now()
    body = Organisation.objects.create(slug=slug, original_name=slug, published_at=now)
    values = {"what_it_does_en": "x", "published_at": now, **fields}
    return SupportContact.objects.create(country=country, organisation=body, **values)


def test_contacts_count_in_each_channel_and_the_mute_ones_as_such(country):
    contact(country, phone="+48800676676", email="a@example.org")
    contact(country, url="https://example.org/")
    contact(country)
    contact(country, phone="+48800676676", published_at=None)
    assert numbers_of(contacts_by_channel()) == {
        "phone": (1,),
        "email": (1,),
        "online_form": (0,),
        "url": (1,),
        "address": (0,),
        "none": (1,),
    }
    assert contacts_by_channel().total == 3


def test_checks_fall_into_one_age_each(country):
    today = timezone.localdate()
    for days in (0, 92, 93, 365, 366):
        contact(country, last_checked_on=today - timedelta(days=days))
    contact(country, found_wrong_at=timezone.now())
    assert numbers_of(contacts_by_check()) == {
        "quarter": (2, 0),
        "year": (2, 0),
        "older": (1, 0),
        "never": (1, 1),
    }


def test_languages_of_contacts_say_how_many_are_not_known(country):
    contact(country, languages="pl en")
    contact(country, languages="pl")
    contact(country)
    figure = contacts_by_language()
    assert numbers_of(figure) == {"pl": (2,), "en": (1,), "": (1,)}
    assert [row.label for row in figure.drawn_rows] == ["Polish", "not known"]


@pytest.mark.usefixtures("network_data")
def test_translations_add_up_to_the_whole():
    figure = translations_by_language()
    rows = figure.rows
    assert len(rows) == 8
    assert {sum(row.numbers) for row in rows} == {100}
    least = min(row.numbers[0] for row in rows)
    assert figure.sentence.startswith(f"Languages: 8. In each of them, at least {least}")


# --- Drawings and files ---------------------------------------------------------------------------


def test_nothing_is_drawn_of_an_empty_network():
    for make in FIGURES.values():
        drawing = draw(make())
        widths = [part.width for bar in getattr(drawing, "bars", []) for part in bar.parts]
        assert widths == []
    assert draw(members_over_time()) is None


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (41, 20), (75, 20), (163, 50)]
)
def test_axis_has_round_steps_and_few_of_them(highest, step):
    assert step_of(highest) == step


def test_bars_lie_beside_each_other_and_are_as_long_as_their_numbers(point, country):
    city = make_city(country, "one")
    for status in ("done", "planned", "planned"):
        act(point, city, status)
    [bar] = draw(actions_by_point()).bars
    assert bar.number == "3"
    assert [(part.fill, part.x, part.width, part.words) for part in bar.parts] == [
        ("solid", "0.00%", "33.33%", "done: 1"),
        ("outline", "33.33%", "66.67%", "planned: 2"),
    ]


@pytest.mark.parametrize(("how_many", "halves"), [(16, [16]), (17, [9, 8]), (23, [12, 11])])
def test_many_bars_stand_in_two_columns_in_their_order(how_many, halves):
    bars = [Bar(Row(str(number), "x", (1,)), [], "1") for number in range(how_many)]
    columns = Bars(bars, ticks=[], key=[]).halves
    assert [len(column) for column in columns] == halves
    assert [bar for column in columns for bar in column] == bars


def test_columns_begin_at_nought_and_are_told_in_words(country):
    join(country, "active", joined="2004")
    join(country, "active", joined="2006")
    drawing = draw(members_over_time())
    heights = [column.height for column in drawing.columns]
    assert heights == [73.0, 73.0, 146.0]
    assert drawing.words == "From 1 (2004) to 2 (2006)."
    assert [column.top_label for column in drawing.columns] == ["", "", "2"]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.usefixtures("network_data")
def test_file_has_the_numbers_that_are_drawn(name):
    figure = FIGURES[name]()
    assert figure.name == name
    lines = list(csv.reader(io.StringIO(figure_csv(figure))))
    heading, *rows = lines
    key = figure.head.name
    names = [column.name for column in figure.columns]
    assert heading == [key, f"{key}_label", *names, f"out_of_{figure.unit}", "as_of"]
    assert len(rows) == len(figure.rows) > 0
    for row, line in zip(figure.rows, rows, strict=True):
        assert line[2:-2] == [str(number) for number in row.numbers]
        assert line[-2] == str(figure.total)
    assert City.objects.public().real().exists()
