"""Badge, references and permanent links: live, embeddable, and nothing that is not public."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from importlib import import_module
from xml.etree import ElementTree

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import (
    Action,
    City,
    Commitment,
    Meeting,
    Membership,
    Organisation,
    Plan,
    Point,
    Source,
    Undertaking,
)
from members.services import drafts, entries
from members.services.sources import cite
from portal.models import DataRelease, Event, News
from portal.versions import MOMENT
from programs.models import Programme
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

triggers = import_module("members.migrations.0031_log_of_changes_stays")

BADGE = "/en/cities/alfa/badge.svg"
SVG = "{http://www.w3.org/2000/svg}"
LONG_AGO = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture(autouse=True)
def log_without_its_triggers(db):
    """Its entries are given the dates of the past."""
    triggers.drop(apps, connection.schema_editor())


@pytest.fixture
def rows(alfa) -> dict[str, object]:
    """One of each kind that can be cited, public since 2 January 2026; by the end of its pages."""
    plan = Plan.objects.create(name_en="Plan", in_force=True, published_at=LONG_AGO)
    point = Point.objects.create(
        plan=plan, number=1, title_en="P", short_title_en="P", published_at=LONG_AGO
    )
    commitment = Commitment.objects.create(city=alfa, point=point, published_at=LONG_AGO)
    action = Action.objects.create(
        commitment=commitment, title_en="Office opens", published_at=LONG_AGO
    )
    undertaking = Undertaking.objects.create(
        commitment=commitment,
        statement_en="Train every driver.",
        original_statement="Wir schulen",
        original_language="de",
        plan_title="Aktionsplan",
        published_at=LONG_AGO,
    )
    programme = Programme.objects.create(
        city=alfa,
        slug="prog",
        original_name="Together & <b>",
        original_language="en",
        published_at=LONG_AGO,
    )
    news = News.objects.create(
        city=alfa, slug="good", on="2026-01", title_en="Good news", published_at=LONG_AGO
    )
    event = Event.objects.create(
        slug="fest", title_en="Festival", first_day=date(2026, 3, 21), published_at=LONG_AGO
    )
    meeting = Meeting.objects.create(
        kind="steering_committee", starts="2026-01", held_in=alfa, published_at=LONG_AGO
    )
    organisation = Organisation.objects.create(
        slug="office", original_name="Office", original_language="en", published_at=LONG_AGO
    )
    City.objects.filter(pk=alfa.pk).update(published_at=LONG_AGO)
    alfa.refresh_from_db()
    LogEntry.objects.update(timestamp=LONG_AGO)
    return {
        "cities/alfa": alfa,
        f"actions/{action.pk}": action,
        f"undertakings/{undertaking.pk}": undertaking,
        "plan/1": point,
        "programmes/prog": programme,
        "news/good": news,
        "events/fest": event,
        f"meetings/{meeting.pk}": meeting,
        "organisations/office": organisation,
    }


def write(record, by, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    with set_actor(by):
        entries.save(record=record, by=by)


def text_of(response) -> str:
    return response.content.decode()


def moment_of(entry: LogEntry, seconds: int) -> str:
    return (entry.timestamp + timedelta(seconds=seconds)).strftime(MOMENT)


# --- The badge ------------------------------------------------------------------------------------


def test_badge_says_how_the_city_stands_today(alfa, client):
    def words() -> str:
        picture = ElementTree.fromstring(client.get(BADGE).content)  # noqa: S314 - the portal's own
        assert picture.tag == f"{SVG}svg"
        return " ".join(text.text for text in picture.iter(f"{SVG}text"))

    assert "Alfa Not listed as a member" in words()
    membership = Membership.objects.create(
        city=alfa, standing="active", joined="2024-09", published_at=timezone.now()
    )
    assert "Member since September 2024" in words()
    membership.delete()
    Membership.objects.create(
        city=alfa, standing="withdrawn", joined="2024", ended="2025", published_at=timezone.now()
    )
    assert "Member since" not in words()
    assert "Former member" in words()


def test_badge_has_the_whole_name_in_bold(alfa, client):
    """A name of two lines is one name."""
    City.objects.filter(pk=alfa.pk).update(name="Brandenburg an der Havel und Umgebung")
    bold = re.findall('font-weight="700"[^>]*>([^<]*)<', client.get(BADGE).text)
    assert len(bold) == 2
    assert " ".join(bold) == "Brandenburg an der Havel und Umgebung"


def test_badge_speaks_the_language_of_its_address(alfa, client):
    Membership.objects.create(
        city=alfa, standing="active", joined="2024", published_at=timezone.now()
    )
    html = text_of(client.get("/uk/cities/alfa/badge.svg"))
    assert 'xml:lang="uk"' in html
    assert "2024" in html
    assert "Member since" not in html


def test_badge_alone_may_be_shown_by_other_sites_and_only_as_a_picture(alfa, client):
    first = client.get(BADGE)
    again = client.get(BADGE, headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    for response in (first, again):
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
        assert "default-src 'none'" in response["Content-Security-Policy"]
    assert first["Content-Type"] == "image/svg+xml"
    assert not first.cookies
    assert not re.search(r"<script|<style|style=|href|on\w+=", text_of(first))
    for other in ("/en/cities/alfa/", "/en/cities/alfa/card.png", "/en/cities/alfa/cite/"):
        assert client.get(other)["Cross-Origin-Resource-Policy"] == "same-origin", other


def test_badge_of_odd_names_is_well_formed(alfa, client):
    for name in ('A & <script>"', "W" * 150, "wide words " * 13, "a\x0bb"):
        City.objects.update(name_en=name, local_name=name)
        response = client.get(BADGE)
        picture = ElementTree.fromstring(response.content)  # noqa: S314 - the portal's own
        assert int(picture.get("height")) < 260, name


def test_badge_says_what_its_signs_mean_and_that_the_city_did_not_confirm(rows, alfa, client):
    picture = ElementTree.fromstring(client.get(BADGE).content)  # noqa: S314 - the portal's own
    described = picture.find(f"{SVG}desc")
    assert picture.get("aria-describedby") == described.get("id")
    assert "not confirmed by the city (1)" in described.text
    shown = " ".join(text.text for text in picture.iter(f"{SVG}text"))
    assert "not confirmed by the city." in shown
    code = text_of(client.get("/en/cities/alfa/cite/"))
    assert "Outlined bars: found in a public source, not confirmed by the city." in code


def test_badge_of_an_invented_city_says_so(country, client):
    make_city(country, "madeup", fictional=True)
    assert "Invented" in text_of(client.get("/en/cities/madeup/badge.svg"))


# --- References -----------------------------------------------------------------------------------


def test_reference_names_the_version_that_is_read(rows, client):
    for path, title in {
        "cities/alfa": "Alfa.",
        "news/good": "Good news [Alfa].",
        "programmes/prog": "Together &amp; &lt;b&gt; [Alfa].",
        "events/fest": "Festival.",
        "organisations/office": "Office.",
    }.items():
        html = text_of(client.get(f"/en/{path}/cite/"))
        link = f"http://127.0.0.1:8000/en/{path}/version/?at=20260102T030405Z"
        assert f"Ten Points. (2026, January 2). {title} {link}" in html
        assert "@misc{" in html
        assert f"url = {{{link}}}" in html
        assert "<script>" not in html
    assert "{{Together \\&amp; &lt;b&gt; [Alfa]}}" in text_of(
        client.get("/en/programmes/prog/cite/")
    )
    assert 'name="robots" content="noindex"' in html


def test_event_meeting_and_organisation_are_cited_from_their_pages(rows, client):
    for path in list(rows)[-3:]:
        assert f'href="/en/{path}/cite/"' in text_of(client.get(f"/en/{path}/"))
        assert f'href="/en/{path}/"' in text_of(client.get(f"/en/{path}/cite/"))
    (meeting,) = [path for path in rows if path.startswith("meetings/")]
    reference = text_of(client.get(f"/en/{meeting}/cite/"))
    assert "Steering Committee, Alfa, January 2026. http" in " ".join(reference.split())
    version = text_of(client.get(f"/en/{meeting}/version/"))
    assert "Steering Committee" in version


def test_undertaking_and_point_are_cited_from_their_pages(rows, client):
    undertaking = next(row for row in rows.values() if isinstance(row, Undertaking))
    page = text_of(client.get("/en/cities/alfa/"))
    address = f"/en/undertakings/{undertaking.pk}"
    assert f'href="{address}/cite/"' in page
    assert 'aria-label="Cite: Aktionsplan: Train every driver."' in page
    html = text_of(client.get(f"{address}/cite/"))
    link = f"http://127.0.0.1:8000{address}/version/?at=20260102T030405Z"
    assert f"Train every driver [Alfa]. {link}" in html
    assert 'href="/en/cities/alfa/#point-1"' in html
    version = text_of(client.get(f"{address}/version/"))
    for words in ("Train every driver", "Wir schulen", "Aktionsplan"):
        assert words in version
    Undertaking.objects.update(is_heading=True)
    assert "Aktionsplan [Alfa]." in text_of(client.get(f"{address}/cite/"))
    assert 'href="/en/plan/1/cite/"' in text_of(client.get("/en/plan/1/"))
    assert ". P. http://127.0.0.1:8000/en/plan/1/version/" in text_of(
        client.get("/en/plan/1/cite/")
    )


def test_point_of_a_plan_that_is_not_in_force_is_not_cited(rows, client):
    Plan.objects.update(in_force=False)
    for page in ("cite", "version"):
        assert client.get(f"/en/plan/1/{page}/").status_code == 404


def test_code_of_the_badge_can_be_copied(rows, client):
    html = text_of(client.get("/pl/cities/alfa/cite/"))
    assert "&lt;img src=&quot;http://127.0.0.1:8000/pl/cities/alfa/badge.svg&quot;" in html
    assert "(http://127.0.0.1:8000/pl/cities/alfa/badge.svg)" in html


def test_entry_that_the_log_does_not_hold_has_no_versions_and_says_so(rows, client):
    """As one that was loaded into the database past the log."""
    LogEntry.objects.all().delete()
    for path in rows:
        html = text_of(client.get(f"/en/{path}/cite/"))
        assert "No earlier versions of this entry are kept" in html, path
        assert "Retrieved" in html
        assert "version/" not in html.partition("<main")[2]
        assert client.get(f"/en/{path}/version/").status_code == 404


# --- Permanent links ------------------------------------------------------------------------------

COLUMNS = {
    "cities/alfa": "introduction_en",
    "programmes/prog": "introduction_en",
    "news/good": "lead_en",
    "events/fest": "text_en",
    "organisations/office": "introduction_en",
}


@pytest.mark.parametrize("path", COLUMNS)
def test_permanent_link_shows_the_entry_as_it_read(path, rows, office, client):
    column = COLUMNS[path]
    record = rows[path]
    write(record, office, **{column: "FIRST words"})
    first = LogEntry.objects.get_for_object(record).order_by("-pk").first()
    LogEntry.objects.filter(pk=first.pk).update(timestamp=LONG_AGO + timedelta(days=10))
    write(record, office, **{column: "SECOND words"})
    second = LogEntry.objects.get_for_object(record).order_by("-pk").first()
    LogEntry.objects.filter(pk=second.pk).update(timestamp=LONG_AGO + timedelta(days=20))
    address = f"/en/{path}/version/?at="
    before = text_of(client.get(f"{address}20260105T000000Z"))
    middle = text_of(client.get(f"{address}20260115T000000Z"))
    today = text_of(client.get(f"{address}20260125T000000Z"))
    assert "FIRST" not in before
    assert "SECOND" not in before
    assert "FIRST words" in middle
    assert "SECOND" not in middle
    assert "It has changed since." in middle
    assert "SECOND words" in today
    assert "It reads so today." in today
    assert "at=20260122T030405Z" in text_of(client.get(f"/en/{path}/cite/"))


def test_person_who_took_their_name_back_stands_in_no_version(rows, office, client):
    news = rows["news/good"]
    quoted = {"quotation": "We begin", "quotation_language": "en", "speaker": "Jane ZEBRA"}
    write(news, office, **quoted, office_en="Mayor of ZEBRA", lead_en="FIRST words")
    first = LogEntry.objects.get_for_object(news).order_by("-pk").first()
    LogEntry.objects.filter(pk=first.pk).update(timestamp=LONG_AGO + timedelta(days=10))
    address = "/en/news/good/version/?at=20260115T000000Z"
    assert "Jane ZEBRA" in text_of(client.get(address))
    assert "Mayor of ZEBRA" in text_of(client.get(address))
    nothing = dict.fromkeys([*quoted, "office_en"], "")
    write(news, office, **nothing, lead_en="SECOND words")
    last = LogEntry.objects.get_for_object(news).order_by("-pk").first()
    LogEntry.objects.filter(pk=last.pk).update(timestamp=LONG_AGO + timedelta(days=20))
    then = text_of(client.get(address))
    assert "FIRST words" in then
    pages = [then, text_of(client.get("/en/news/feed/")), text_of(client.get("/api/v1/news/"))]
    for path in ("news/good/", "news/good/cite/", "news/", "news/export.csv", "search/?q=zebra"):
        pages.append(client.get(f"/en/{path}").getvalue().decode())
    for page in pages:
        assert "Jane ZEBRA" not in page
        assert "Mayor of ZEBRA" not in page
        assert "We begin" not in page


def test_status_of_an_action_is_told_as_it_was(rows, office, client):
    action = next(row for row in rows.values() if isinstance(row, Action))
    write(action, office, status="done")
    LogEntry.objects.filter(changes__has_key="status").exclude(action=0).update(
        timestamp=LONG_AGO + timedelta(days=10)
    )
    address = f"/en/actions/{action.pk}/version/?at="
    assert "<dd>done</dd>" in re.sub(
        r"\s+<", "<", re.sub(r">\s+", ">", text_of(client.get(f"{address}20260125T000000Z")))
    )
    assert ">done<" not in re.sub(r"\s+", "", text_of(client.get(f"{address}20260105T000000Z")))


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("20260102T030404Z", 404),
        ("20260102T030405Z", 200),
        ("29991231T000000Z", 404),
        ("20261301T000000Z", 400),
        ("2026-01-02", 400),
        ("", 400),
        ("%00", 400),
        ("²0260102T030405Z", 400),
        ("20260102T030405Z' OR 1=1", 400),
        ("9" * 5000, 400),
    ],
)
def test_moment_that_was_tampered_with(at, code, rows, client):
    for path in rows:
        assert client.get(f"/en/{path}/version/?at={at}").status_code == code, path


def test_moment_that_lies_ahead_is_said_to_be_one(rows, client):
    tomorrow = (timezone.now() + timedelta(days=1)).strftime(MOMENT)
    html = text_of(client.get(f"/en/news/good/version/?at={tomorrow}"))
    assert "a moment that lies ahead" in html
    assert "No version of that time is kept" not in html
    earlier = text_of(client.get("/en/news/good/version/?at=20200101T000000Z"))
    assert "No version of that time is kept" in earlier


def test_nothing_from_before_publication_and_no_draft_is_in_a_version(rows, office, client):
    """By the rules of the public changes: withdrawn once, all earlier links are dead."""
    city, news = rows["cities/alfa"], rows["news/good"]
    write(news, office, lead_en="SECRET once public")
    entries.withdraw(record=news, by=office)
    assert client.get("/en/news/good/version/?at=20260105T000000Z").status_code == 404
    assert client.get("/en/news/good/cite/").status_code == 404
    news.refresh_from_db()
    write(news, office, lead_en="SECRET while away")
    write(news, office, lead_en="Back again")
    news.published_at = timezone.now()
    news.save()
    with set_actor(office):
        drafts.save_draft(record=city, values={"name_en": "SECRET draft"}, marks={}, by=office)
    for path in rows:
        pages = [f"/en/{path}/version/", f"/en/{path}/cite/", "/en/feed/", BADGE]
        pages += [f"/en/{path}/version/?at=2026010{day}T000000Z" for day in range(3, 9)]
        for page in pages:
            assert "SECRET" not in text_of(client.get(page)), page
    assert client.get("/en/news/good/version/?at=20260105T000000Z").status_code == 404
    log = str(list(LogEntry.objects.values_list("changes", flat=True)))
    assert "SECRET while away" in log


def test_versions_of_a_city_that_is_taken_down_go_with_it(rows, client):
    City.objects.update(published_at=None)
    of_nobody = ("plan", "events", "meetings", "organisations")
    of_city = [path for path in rows if not path.startswith(of_nobody)]
    pages = [f"/en/{path}/{page}/" for path in of_city for page in ("cite", "version")]
    for page in [*pages, BADGE, "/en/cities/alfa/feed/"]:
        assert client.get(page).status_code == 404, page
    City.objects.update(published_at=timezone.now())
    for path in of_city:
        address = f"/en/{path}/version/?at=20260105T000000Z"
        assert client.get(address).status_code == 404, path


def test_internal_columns_are_in_no_version(rows, office, client):
    city = rows["cities/alfa"]
    write(city, office, wikidata_id="Q123456", geonames_id=987654)
    html = text_of(client.get("/en/cities/alfa/version/"))
    assert "987654" not in html
    assert office.email not in html
    assert office.name not in html


def test_change_past_the_log_makes_earlier_versions_unknown(rows, office, client):
    """A migration may write a row without an entry of the log: then nothing is guessed."""
    city = rows["cities/alfa"]
    write(city, office, region="Old region")
    City.objects.filter(pk=city.pk).update(region="Another region")
    address = "/en/cities/alfa/version/?at=20260105T000000Z"
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/en/cities/nowhere/badge.svg",
        "/en/cities/nowhere/cite/",
        "/en/programmes/nowhere/version/",
        "/en/news/nowhere/cite/",
        "/en/actions/999999/cite/",
        "/en/actions/99999999999999999999999/version/",
    ],
)
def test_what_is_not_there_is_a_404(address, rows, client):
    assert client.get(address).status_code == 404


def test_ten_thousand_parameters_are_refused(rows, client):
    query = "&".join(f"at{number}=1" for number in range(10_000))
    assert client.get(f"/en/cities/alfa/version/?{query}").status_code == 400


def test_pages_cost_the_same_with_few_changes_and_with_many(rows, office):
    def counted() -> list[int]:
        costs = []
        paths = [*rows, "cities/alfa/badge.svg"]
        ends = ("cite/", "version/?at=20260105T000000Z")
        addresses = [f"/en/{path}/{end}" for path in rows for end in ends]
        for address in [*addresses, f"/en/{paths[-1]}"]:
            Client().get(address)
            with CaptureQueriesContext(connection) as queries:
                Client().get(address)
            costs.append(len(queries))
        return costs

    few = counted()
    for number in range(30):
        for path, column in COLUMNS.items():
            write(rows[path], office, **{column: f"Text {number}"})
    # A version also asks for its sources, that of a city for its memberships and its one point;
    # the newest of a city is that of these rows too.
    assert counted() == few == [7, 9, *(4, 5) * 8, 6]


def test_version_of_a_city_costs_the_same_with_many_rows(rows, alfa):
    def cost(page: str) -> int:
        Client().get(page)
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(page).status_code == 200
        return len(queries)

    pages = ("/en/cities/alfa/cite/", "/en/cities/alfa/version/?at=20260105T000000Z")
    Membership.objects.create(city=alfa, standing="evidenced", published_at=LONG_AGO)
    LogEntry.objects.update(timestamp=LONG_AGO)
    few = [cost(page) for page in pages]
    plan = Plan.objects.get()
    for number in range(2, 9):
        point = Point.objects.create(
            plan=plan, number=number, title_en="P", short_title_en="P", published_at=LONG_AGO
        )
        Commitment.objects.create(city=alfa, point=point, published_at=LONG_AGO)
        Membership.objects.create(
            city=alfa, standing="withdrawn", joined="2001", ended="2002", published_at=LONG_AGO
        )
    LogEntry.objects.update(timestamp=LONG_AGO)
    assert [cost(page) for page in pages] == few


# --- Pages that are made anew at every reading ----------------------------------------------------


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("cities/", "Cities"),
        ("cities/?country=PL", "Cities [Country: Poland]"),
        ("cities/?country=PL&status=all&utm_source=x", "Cities [Country: Poland; Membership: all"),
        ("programmes/", "Programmes"),
        ("news/", "News"),
        ("events/", "Events"),
        ("meetings/", "Meetings and decisions"),
        ("plan/", "Plan"),
        ("countries/pl/", "Poland"),
        ("data/", "Open data"),
        ("data/actions/", "Actions of cities"),
        ("data/actions/?city=alfa", "Actions of cities [City: Alfa]"),
        ("figures/?country=PL", "The network in figures [Country: Poland]"),
        ("compare/?city=alfa", "Compare cities [Alfa]"),
    ],
)
def test_list_table_figure_and_comparison_are_cited_as_they_were_read(page, title, rows, client):
    html = unescape(text_of(client.get(f"/en/{page}")))
    address = f"/en/cite/{page}".replace("&utm_source=x", "")
    assert f'href="{address}"' in html
    answer = client.get(address)
    cited = " ".join(unescape(text_of(answer)).split())
    link = f"http://127.0.0.1:8000/en/{page}".replace("&utm_source=x", "")
    assert f"). {title}" in cited
    assert re.search(rf"Retrieved \d+ \w+ \d+, from {re.escape(link)}</textarea>", cited)
    assert f"url = {{{link}}}" in cited
    assert "No versions kept" in cited
    assert "No earlier version of it is kept" in cited
    for file in re.findall(r'href="([^"]+)" download>Keep', cited):
        assert client.get(file).status_code == 200


def test_reference_of_a_list_names_its_file_and_the_newest_archive(rows, client):
    DataRelease.objects.create(
        made_at=timezone.now(), file="open-data/ten-points.zip", size=1, sha256="a" * 64, rows=1
    )
    html = text_of(client.get("/pl/cite/data/cities/"))
    assert 'href="/pl/cities/export.csv?status=all"' in html
    assert "a" * 64 in html
    assert 'href="/data/archive/ten-points.zip"' in html
    assert 'name="robots" content="noindex"' in html


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("cities/?country=XX", 400),
        ("figures/?point=99", 400),
        ("data/actions/?city=%00", 400),
        ("data/nothing/", 404),
        ("compare/?city=nowhere", 404),
        ("compare/?city=alfa&city=nowhere", 404),
        ("countries/xx/", 404),
        ("cities/alfa/", 404),
        ("search/?q=alfa", 404),
        ("cite/cities/", 404),
        ("cities", 404),
        ("../admin/", 404),
        ("http://example.org/", 404),
        ("%00", 404),
        ("a" * 5000, 404),
    ],
)
def test_page_that_is_not_cited_so_is_refused(page, code, rows, client):
    assert client.get(f"/en/cite/{page}").status_code == code


def test_comparison_with_an_invented_city_says_so(country, client):
    make_city(country, "madeup", fictional=True)
    html = text_of(client.get("/en/cite/compare/?city=madeup"))
    assert "left out of all counts" in " ".join(html.split())


def test_version_names_its_zone_and_what_it_does_not_hold(rows, client):
    html = " ".join(text_of(client.get("/en/cities/alfa/version/?at=20260131T233015Z")).split())
    assert "As this entry read on <time" in html
    assert "31 January 2026</time>, 23:30:15 UTC." in html
    assert "its membership and its points of the plan. Actions" in html
    news = " ".join(text_of(client.get("/en/news/good/version/")).split())
    assert "Whatever else belongs to it stands on the page of today." in news


def test_version_of_a_city_holds_membership_and_points_as_they_were(rows, alfa, office, client):
    membership = Membership.objects.create(
        city=alfa, standing="evidenced", joined="2019", published_at=LONG_AGO
    )
    commitment = Commitment.objects.get()
    LogEntry.objects.update(timestamp=LONG_AGO)
    write(membership, office, joined="2020")
    write(commitment, office, statement_en="What it promises now")
    later = Point.objects.create(
        plan=Plan.objects.get(),
        number=2,
        title_en="Later",
        short_title_en="Later point",
        published_at=LONG_AGO,
    )
    Commitment.objects.create(city=alfa, point=later, published_at=timezone.now())
    address = "/en/cities/alfa/version/"
    then = text_of(client.get(f"{address}?at=20260105T000000Z"))
    today = text_of(client.get(address))
    for html, joined, statement in ((then, "2019", False), (today, "2020", True)):
        assert re.search(rf"<dt>Joined</dt>\s*<dd>\s*{joined}\s*</dd>", html)
        # Visitors read of a membership, and not of its standing.
        assert re.search(r"<dt>Membership</dt>\s*<dd>\s*Listed\s*</dd>", html)
        assert "standing" not in html.lower()
        assert ("What it promises now" in html) == statement
        assert "1. P" in html
    assert "It has changed since." in then
    assert "It reads so today." in today
    assert "<h2>2. Later point</h2>" not in then
    lost = " ".join(then.split()).partition("Not public at that time, or not kept:")[2]
    assert lost.startswith(" 2. Later point </p>")


def test_version_names_the_sources_of_today_as_those(rows, client):
    undertaking = next(row for row in rows.values() if isinstance(row, Undertaking))
    source = Source.objects.create(url="https://example.org/plan", title="The plan")
    cite(source, undertaking)
    html = text_of(client.get(f"/en/undertakings/{undertaking.pk}/version/"))
    assert "As they stand today" in html
    assert "https://example.org/plan" in html
    assert "As they stand today" not in text_of(client.get("/en/news/good/version/"))
