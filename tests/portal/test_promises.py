"""The city page's heart, the point's page and the directory: what was promised and done, and how it
is known."""

import re
from html import unescape

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from languages.models import IndexRow
from languages.search.results import search
from members.models import (
    Action,
    ActionUpdate,
    Citation,
    City,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    Plan,
    Point,
    Review,
    Source,
    Undertaking,
)
from members.services.sources import cite
from portal import point_work
from portal.point_work import work_on
from tests import prepared
from tests.conftest import make_city, one_of_each

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client()


@prepared.fixture
def rows(alfa):
    rows = one_of_each(alfa)
    Plan.objects.update(published_at=timezone.now())
    return rows


def page(visitor: Client, path: str) -> str:
    response = visitor.get(path)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- On rows of our own ---------------------------------------------------------------------------


def test_city_that_made_an_action_its_own_has_said_something(rows, visitor):
    Undertaking.objects.all().delete()
    Commitment.objects.update(chosen="")
    words = text(page(visitor, "/en/cities/alfa/"))
    assert "from public sources; the city has not confirmed it yet" in words
    assert "said by the city" not in words
    Action.objects.update(origin="stated", stated_at=timezone.now())
    words = text(page(visitor, "/en/cities/alfa/"))
    assert "from public sources; the city has not confirmed it yet" not in words
    assert "said by the city, last on" in words


def test_stated_action_is_self_reported_until_it_is_reviewed(rows, visitor):
    Undertaking.objects.all().delete()
    Action.objects.update(origin="stated", stated_at=timezone.now())
    assert "Text" in page(visitor, "/en/cities/alfa/").split('class="review"')[1]
    Review.objects.all().delete()
    words = text(page(visitor, "/en/cities/alfa/"))
    assert "Self-reported by the city on" in words
    assert "from public sources" not in words


def test_cited_action_is_not_the_citys_word(rows, visitor):
    Action.objects.update(point_assigned=True, status_as_of="2012", due="")
    Commitment.objects.update(chosen="", statement_en="")
    words = text(page(visitor, "/en/cities/alfa/"))
    assert words.count("from public sources; the city has not confirmed it yet") == 1
    assert "The network decided under which point each stands." in words
    assert "in 2012, nothing later known" in words
    assert "of 1 chosen" not in words


def test_late_action_and_done_without_evidence_are_said(rows, visitor):
    words = text(page(visitor, "/en/cities/alfa/"))
    assert "late: was due" in words
    Evidence.objects.all().delete()
    Action.objects.update(status="done")
    words = text(page(visitor, "/en/cities/alfa/"))
    assert "Done, no evidence yet" in words
    assert "late: was due" not in words


def test_private_parts_are_nowhere(rows, visitor):
    for model in (Evidence, ActionUpdate, Indicator, IndicatorValue, Review):
        model.objects.update(published_at=None)
    html = page(visitor, "/en/cities/alfa/")
    for mark in ('class="evidence"', 'class="updates"', 'class="indicator"', 'class="review"'):
        assert mark not in html
    Action.objects.update(published_at=None)
    assert 'class="action"' not in page(visitor, "/en/cities/alfa/")


def test_private_document_is_not_named(rows, visitor):
    Evidence.objects.update(source=None, document=rows["members.document"])
    assert 'class="evidence"' not in page(visitor, "/en/cities/alfa/")


def test_refused_point_is_not_a_point_the_city_works_on(rows, visitor):
    assert 'href="/en/cities/alfa/"' in page(visitor, "/en/plan/1/").split('id="cities"')[1]
    Commitment.objects.update(chosen="no")
    assert 'href="/en/cities/alfa/"' not in page(visitor, "/en/plan/1/").split('id="cities"')[1]


def test_action_that_serves_a_further_point_stands_there_as_well(rows, visitor):
    other = Point.objects.create(
        plan=rows["members.plan"],
        number=2,
        title_en="Other",
        short_title_en="O",
        published_at=timezone.now(),
    )
    assert "#action-" not in page(visitor, "/en/plan/2/")
    rows["members.action"].further_points.add(other)
    assert f'href="/en/cities/alfa/#action-{rows["members.action"].pk}"' in page(
        visitor, "/en/plan/2/"
    )


def more_of_everything(rows: dict) -> None:
    """Two more points, commitments, actions and parts of each kind, and two more cities that do the
    same."""
    now = timezone.now()
    source = rows["members.source"]
    cities = [
        rows["members.city"],
        *(make_city(rows["members.country"], slug) for slug in ("gamma", "delta")),
    ]
    for city in cities:
        for number in (1, 2, 3):
            point = Point.objects.get_or_create(
                plan=rows["members.plan"],
                number=number,
                defaults={"title_en": "P", "short_title_en": "P", "published_at": now},
            )[0]
            promise = Commitment.objects.get_or_create(
                city=city, point=point, defaults={"published_at": now}
            )[0]
            for _time in range(3):
                action = Action.objects.create(
                    commitment=promise,
                    title_en="x",
                    status="done",
                    published_at=now,
                    unit=rows["members.unit"],
                )
                action.further_points.add(point)
                Evidence.objects.create(action=action, source=source, published_at=now)
                ActionUpdate.objects.create(action=action, on="2025", text_en="x", published_at=now)
                Review.objects.create(
                    action=action,
                    confirmed="yes",
                    finding_en="x",
                    reviewed_at=now,
                    reviewed_by=rows["members.user"],
                    published_at=now,
                )
                numbers = Indicator.objects.create(
                    commitment=promise, action=action, name_en="x", published_at=now
                )
                IndicatorValue.objects.create(
                    indicator=numbers, on="2025", value=1, source=source, published_at=now
                )
                Citation.objects.create(
                    source=source,
                    content_type=ContentType.objects.get_for_model(Action),
                    object_id=action.pk,
                )


@pytest.mark.parametrize(
    "path", ["/en/cities/alfa/", "/en/cities/?status=all", "/en/plan/1/", "/en/countries/pl/"]
)
def test_pages_cost_the_same_queries_with_one_row_and_with_many(path, rows, visitor):
    def queries() -> int:
        visitor.get(path)
        with CaptureQueriesContext(connection) as asked:
            visitor.get(path)
        return len(asked)

    # Of a city that is no member the files are asked for: there is one before.
    make_city(rows["members.country"], "omega")
    rows["members.action"].further_points.add(rows["members.point"])
    Citation.objects.create(
        source=rows["members.source"],
        content_type=ContentType.objects.get_for_model(Action),
        object_id=rows["members.action"].pk,
    )
    before = queries()
    more_of_everything(rows)
    assert queries() == before


# --- Filters --------------------------------------------------------------------------------------


@prepared.fixture
def working(rows, country):
    """Alfa's own action is in progress under point 1; Gamma's found one is done under point 2;
    Delta refused both."""
    now = timezone.now()
    second = Point.objects.create(
        plan=rows["members.plan"], number=2, title_en="S", short_title_en="S", published_at=now
    )
    Action.objects.update(origin="stated", stated_at=now)
    gamma, delta = make_city(country, "gamma"), make_city(country, "delta")
    held = Commitment.objects.create(city=gamma, point=second, published_at=now)
    done = Action.objects.create(commitment=held, title_en="x", status="done", published_at=now)
    Citation.objects.create(
        source=rows["members.source"],
        content_type=ContentType.objects.get_for_model(Action),
        object_id=done.pk,
    )
    for point in (rows["members.point"], second):
        refused = Commitment.objects.create(city=delta, point=point, chosen="no", published_at=now)
        Action.objects.create(commitment=refused, title_en="x", status="done", published_at=now)
    return rows


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("point=1", {"alfa"}),
        ("point=2", {"gamma"}),
        ("work=chosen", {"alfa"}),
        ("work=in-progress", {"alfa"}),
        ("work=planned", set()),
        ("work=earlier", set()),
        ("work=stopped", set()),
        ("work=done", {"gamma"}),
        ("work=evidence", {"gamma"}),
        ("work=sources", {"gamma"}),
        ("point=1&work=in-progress", {"alfa"}),
        ("point=2&work=in-progress", set()),
        ("point=2&work=chosen", set()),
    ],
)
def test_directory_is_filtered_by_point_and_work(query, slugs, working, visitor):
    assert listed_in(page(visitor, f"/en/cities/?status=all&{query}")) == slugs


@pytest.mark.parametrize("query", ["point=3", "work=nonsense"])
def test_directory_lists_nobody_by_a_filter_that_makes_no_sense(query, working, visitor):
    answer = visitor.get(f"/en/cities/?status=all&{query}")
    assert answer.status_code == 400
    assert listed_in(answer.content.decode()) == set()


def listed_in(html: str) -> set[str]:
    results = html.split('class="directory-results"')[1].split('class="directory-map"')[0]
    return set(re.findall(r'href="/en/cities/([\w-]+)/"', results))


@pytest.mark.parametrize("as_of", ["2014-03", ""])
def test_directory_lists_no_old_or_undated_action_as_under_way(as_of, working, visitor):
    Action.objects.update(origin="cited", stated_at=None, status_as_of=as_of)
    shown = visitor.get("/en/cities/?status=all&work=in-progress")
    assert 'href="/en/cities/alfa/"' not in shown.text.split('class="directory-results"')[1]
    shown = page(visitor, "/en/cities/?status=all&work=earlier")
    assert 'href="/en/cities/alfa/"' in shown.split('class="directory-results"')[1]


def test_chips_say_how_many_each_filter_leaves_alone(working, visitor):
    html = page(visitor, "/en/cities/?status=all&point=1&country=PL")
    counts = re.findall(r'<span class="chip-count">\((\d+)\)</span>', html)
    assert sorted(counts) == ["1", "1", "3"]


def test_empty_directory_proposes_only_what_leads_somewhere(working, visitor):
    address = "/en/cities/?status=former&point=1&q=Alfa"
    html = page(visitor, address)
    empty = html[html.index('class="empty"') :]
    ways = re.findall(r'href="(\?[^"]*)"', empty[: empty.index("</ul>")])
    assert ways[-1] == "?"
    for way in ways:
        assert 'class="empty"' not in page(visitor, "/en/cities/" + unescape(way)), way
    assert len(ways) > 1


# --- The index ------------------------------------------------------------------------------------


def test_promise_and_action_are_found_and_forgotten_with_their_city(rows, alfa):
    Commitment.objects.update(statement_en="Everybody is heard")
    commitment = Commitment.objects.get()
    commitment.save()
    action = rows["members.action"]
    action.title_en = "Lanterns in the park"
    action.save()
    assert [hit.row.path for hit in search("lanterns", "en").hits] == [
        f"cities/alfa/#action-{action.pk}"
    ]
    assert [hit.row.path for hit in search("heard", "en").hits] == ["cities/alfa/#point-1"]
    commitment.published_at = None
    commitment.save()
    assert search("lanterns", "en").hits == []
    commitment.published_at = timezone.now()
    commitment.save()
    alfa.published_at = None
    alfa.save()
    assert not IndexRow.objects.filter(kind__in=["commitment", "action"]).exists()


# --- What stands in plans -------------------------------------------------------------------------


def test_undertakings_are_shown_apart_and_never_called_chosen(rows, visitor):
    Action.objects.update(published_at=None)
    Undertaking.objects.update(original_statement="Ein Runder Tisch", original_language="de")
    Commitment.objects.update(chosen="", statement_en="")
    html = page(visitor, "/en/cities/alfa/")
    assert "What the city undertook; the network chose the point" in html
    assert '<q lang="de">Ein Runder Tisch</q>' in html
    assert "From the city’s own plan" not in html
    assert "undertaken in a plan; the network chose the point" in html
    Undertaking.objects.update(point_assigned=False)
    Commitment.objects.update(chosen="yes", statement_en="A round table.")
    html = page(visitor, "/en/cities/alfa/")
    assert "From the city’s own plan, not confirmed here by the city" in html
    assert "1 point stands in the city’s own plan." in html
    assert "the network chose" not in html


def test_point_names_who_says_that_a_city_works_on_it(rows, visitor):
    Action.objects.update(published_at=None)
    point = rows["members.point"]
    City.objects.update(fictional=False)
    for chosen, assigned, expected in [
        ("yes", True, "choosing"),
        ("yes", False, "planning"),
        ("", True, "assigned"),
    ]:
        Commitment.objects.update(chosen=chosen, fictional=False)
        Undertaking.objects.update(point_assigned=assigned, fictional=False)
        work = work_on(point)
        rows_of_lists = {
            name: len(getattr(work, name).rows) for name in ("choosing", "planning", "assigned")
        }
        assert rows_of_lists == {"choosing": 0, "planning": 0, "assigned": 0, expected: 1}


def test_long_lists_of_a_point_are_cut_and_say_how_many_more_there_are(rows, visitor, monkeypatch):
    monkeypatch.setattr(point_work, "MOST_ROWS", 1)
    City.objects.update(fictional=False)
    Commitment.objects.update(fictional=False)
    action = rows["members.action"]
    for starts in ("2019", "2020"):
        Action.objects.create(
            commitment=action.commitment,
            title_en=f"In {starts}",
            starts=starts,
            status_as_of=starts,
            published_at=timezone.now(),
        )
    work = work_on(rows["members.point"])
    assert [item.action.title_en for item in work.older.rows] == ["In 2020"]
    assert work.older.more == 2
    html = page(visitor, rows["members.point"].get_absolute_url())
    assert "In 2020" in html
    assert "In 2019" not in html
    assert re.search(r">\s*2 more\s*</a>", html)


def test_what_only_the_press_or_a_party_says_stands_below(rows, visitor):
    """The older action comes first, unless only the press names it."""
    action = rows["members.action"]
    younger = Action.objects.create(
        commitment=action.commitment,
        title_en="The city says so",
        starts="2025",
        published_at=timezone.now(),
    )
    for kind, own_action in [("press", action), ("city", younger)]:
        source = Source.objects.create(url=f"https://example.org/{kind}", kind=kind)
        cite(source, own_action)
    html = page(visitor, "/en/cities/alfa/")
    places = [html.index(f'id="action-{row.pk}"') for row in (younger, action)]
    assert places == sorted(places)
    assert html.count("Only the press or a party says so.") == 1
    cite(Source.objects.create(url="https://example.org/office", kind="official"), action)
    html = page(visitor, "/en/cities/alfa/")
    assert "Only the press or a party says so." not in html
