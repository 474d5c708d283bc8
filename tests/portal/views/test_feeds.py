"""Atom feeds: valid by RFC 4287, the same while nothing changes, and without a leak."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import Action, City, Commitment, Country, Plan, Point, Unit
from members.services import entries
from portal.models import News
from programs.models import Programme
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CITY, COUNTRY, POINT, NETWORK, NEWS = FEEDS = [
    "/en/cities/alfa/feed/",
    "/en/countries/pl/feed/",
    "/en/plan/1/feed/",
    "/en/feed/",
    "/en/news/feed/",
]
# RFC 3339 with a time zone, as RFC 4287 asks in 3.3.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture
def point(alfa) -> Point:
    now = timezone.now()
    plan = Plan.objects.create(name_en="Plan", in_force=True, published_at=now)
    return Point.objects.create(
        plan=plan, number=1, title_en="Point", short_title_en="Watch", published_at=now
    )


def act(city: City, point: Point, title: str, **fields: object) -> Action:
    now = timezone.now()
    commitment, _new = Commitment.objects.get_or_create(
        city=city, point=point, defaults={"published_at": now}
    )
    values = {"published_at": now, **fields}
    return Action.objects.create(commitment=commitment, title_en=title, **values)


@pytest.fixture
def rows(alfa, point, person) -> dict[str, object]:
    """An action, a programme, a notice, and a public change of the action."""
    now = timezone.now()
    action = act(alfa, point, "Office opens")
    programme = Programme.objects.create(
        city=alfa,
        slug="prog",
        kind="anti-racism-plan",
        original_name="Together",
        original_language="en",
        published_at=now,
    )
    news = News.objects.create(
        city=alfa, slug="good", on="2026-03-21", title_en="Good news", published_at=now
    )
    news.points.add(point)
    programme.points.add(point)
    action.status = "in_progress"
    entries.save(record=action, by=person("secretariat"))
    return {"action": action, "programme": programme, "news": news}


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - the portal's own


def faults_of(feed: ElementTree.Element) -> list[str]:
    """What RFC 4287 forbids or lacks, in words."""
    faults = [] if feed.tag == f"{ATOM}feed" else ["4.1.1: no feed"]
    own = feed.findall(f"{ATOM}entry")
    for element in [feed, *own]:
        faults += faults_of_element(element)
        author = element.find(f"{ATOM}author")
        if author is None and feed.find(f"{ATOM}author") is None:
            faults.append("4.1.1: no author")
    selves = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(selves) != 1:
        faults.append("4.1.1: no link to itself")
    ids = [entry.findtext(f"{ATOM}id") for entry in own]
    if len(set(ids)) != len(ids):
        faults.append("4.1.1: two entries of one id")
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in own]
    if moments and max(moments) != feed.findtext(f"{ATOM}updated"):
        faults.append("the feed is not as new as its newest entry")
    return faults


def faults_of_element(element: ElementTree.Element) -> list[str]:
    """The same of a feed or an entry alone."""
    faults = [
        f"4.1.1, 4.1.2: not exactly one {name}"
        for name in ("id", "title", "updated")
        if len(element.findall(f"{ATOM}{name}")) != 1
    ]
    moments = [*element.findall(f"{ATOM}updated"), *element.findall(f"{ATOM}published")]
    for moment in moments:
        if not MOMENT.fullmatch(moment.text or ""):
            faults.append(f"3.3: {moment.text} is no moment")
    if not (element.findtext(f"{ATOM}id") or "").startswith("http"):
        faults.append("4.2.6: the id is no IRI")
    if element.find(f"{ATOM}link") is None:
        faults.append("4.1.2: no link")
    return faults


def titles(client, address: str) -> list[str]:
    return [title.text for title in parsed(client.get(address).content).iter(f"{ATOM}title")][1:]


# --- Valid, and what they tell --------------------------------------------------------------------


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_feed_is_valid_with_entries_and_without(address, language, alfa, point, rows, client):
    address = address.replace("/en/", f"/{language}/")
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = parsed(response.content)
    assert feed.get(LANGUAGE) == language
    assert len(feed.findall(f"{ATOM}entry")) == (1 if "news" in address else 4)
    assert faults_of(feed) == []
    for row in rows.values():
        type(row).objects.update(published_at=None)
    empty = parsed(client.get(address).content)
    assert empty.findall(f"{ATOM}entry") == []
    assert faults_of(empty) == []


def test_the_check_would_see_a_fault(alfa, client):
    feed = parsed(client.get(NEWS).content)
    feed.remove(feed.find(f"{ATOM}updated"))
    feed.remove(feed.find(f"{ATOM}author"))
    assert faults_of(feed) == ["4.1.1, 4.1.2: not exactly one updated", "4.1.1: no author"]


@pytest.mark.parametrize("address", [CITY, COUNTRY, POINT, NETWORK])
def test_feed_tells_of_news_new_rows_and_changes(address, rows, client):
    assert sorted(titles(client, address)) == [
        "Action: Office opens",
        "Alfa: Office opens",
        "Good news",
        "Plan against racism: Together",
    ]


def test_words_with_signs_of_html_are_text_in_a_reader(rows, client):
    """The summary is marked as HTML: a reader would run what is not escaped."""
    News.objects.update(lead_en="<script>alert(1)</script> & more")
    feed = parsed(client.get(NEWS).content)
    summary = feed.find(f"{ATOM}entry/{ATOM}summary")
    assert summary.get("type") == "html"
    assert summary.text == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>"


def test_entry_has_the_author_who_says_it_a_licence_and_no_empty_summary(rows, client):
    def authors() -> list[str | None]:
        feed = parsed(client.get(NEWS).content)
        assert "creativecommons.org" in (feed.findtext(f"{ATOM}rights") or "")
        assert feed.find(f"{ATOM}entry/{ATOM}summary") is None
        return [name.text for name in feed.iterfind(f"{ATOM}entry/{ATOM}author/{ATOM}name")]

    assert authors() == []
    News.objects.update(origin="stated", stated_at=timezone.now())
    assert authors() == ["Alfa"]


def test_feeds_tell_only_of_their_own(rows, point, client):
    germany = Country.objects.create(code="DE", in_eu=True)
    other = make_city(germany, "other")
    elsewhere = Point.objects.create(
        plan=point.plan,
        number=2,
        title_en="P",
        short_title_en="P",
        published_at=timezone.now(),
    )
    act(other, elsewhere, "Elsewhere")
    assert "Other: Elsewhere" in titles(client, NETWORK)
    for address in (CITY, COUNTRY, POINT):
        assert "Other: Elsewhere" not in titles(client, address), address
    assert titles(client, "/en/countries/de/feed/") == ["Other: Elsewhere"]


def test_entry_has_one_id_in_every_feed_and_language(rows, client):
    def ids(address: str) -> set[str]:
        return {
            entry.findtext(f"{ATOM}id")
            for entry in parsed(client.get(address).content).iter(f"{ATOM}entry")
        }

    assert ids(CITY) == ids("/pl/feed/") == ids("/de/plan/1/feed/") == ids("/uk/countries/pl/feed/")
    assert ids(NEWS) < ids(CITY)


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/en/", NETWORK),
        ("/en/cities/alfa/", CITY),
        ("/en/countries/pl/", COUNTRY),
        ("/en/plan/1/", POINT),
        ("/en/news/", NEWS),
    ],
)
def test_page_names_its_feed(page, feed, rows, client):
    head = client.get(page).content.decode().partition("</head>")[0]
    link = re.search(r'<link rel="alternate" type="application/atom\+xml"[^>]*>', head)
    assert link
    assert f'href="{feed}"' in link[0]


# --- What comes together --------------------------------------------------------------------------


def entries_of(client, address):
    """Title to id and moment."""
    feed = parsed(client.get(address).content)
    return {
        entry.findtext(f"{ATOM}title"): (
            entry.findtext(f"{ATOM}id").removeprefix(settings.SITE_URL),
            datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
        )
        for entry in feed.iter(f"{ATOM}entry")
    }


@pytest.mark.parametrize("page", ["/en/cities/alfa/", "/en/cities/alfa/changes/"])
def test_page_of_a_city_leads_to_its_feed_where_everybody_sees_it(page, rows, client):
    main = client.get(page).text.partition("<main")[2]
    assert f'<a href="{CITY}"' in main


@pytest.mark.parametrize("address", [CITY, COUNTRY, POINT, NETWORK])
def test_rows_of_one_load_are_one_entry_and_hide_nobody(address, rows, alfa, point, client):
    loaded_at = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    day = f"{loaded_at:%Y-%m-%d}"
    for number in range(40):
        moment = loaded_at + timedelta(milliseconds=number)
        act(alfa, point, f"Loaded {number}", published_at=moment)
    stated = {"origin": "stated", "stated_at": loaded_at, "published_at": loaded_at}
    act(alfa, point, "By the city", **stated)
    found = entries_of(client, address)
    assert sorted(found) == [
        "41 actions added from public sources",
        "Action: Office opens",
        "Alfa: By the city",
        "Good news",
        "Plan against racism: Together",
    ]
    key, updated = found["41 actions added from public sources"]
    assert key.endswith(f"loads/actions/{day}/")
    assert updated == rows["action"].published_at
    # One more of the same day: the same entry, with a later moment.
    latest = timezone.now()
    act(alfa, point, "Later", published_at=latest)
    assert entries_of(client, address)["42 actions added from public sources"] == (key, latest)
    assert faults_of(parsed(client.get(address).content)) == []


def test_changes_that_a_loader_wrote_are_one_entry(rows, alfa, point, person, client):
    actions = [act(alfa, point, f"Action {number}") for number in range(7)]
    for action in actions:
        action.status = "done"
        action.save()
    newest = LogEntry.objects.latest("timestamp").timestamp
    with set_actor(person("editor")):
        rows["programme"].original_name = "Together again"
        rows["programme"].save()
    found = entries_of(client, CITY)
    (title,) = [title for title in found if title.startswith("Brought up to date")]
    key, updated = found[title]
    assert key == f"/cities/{alfa.pk}/updates/{timezone.now():%Y-%m-%d}/"
    assert updated == newest
    assert "Programme: Together again" in found
    assert sum(name.startswith("Action: ") for name in found) == 0
    assert client.get(CITY).content == client.get(CITY).content


def test_new_name_does_not_change_what_was_told_before(rows, person, client):
    programme = rows["programme"]
    with set_actor(person("editor")):
        programme.kind = "integration-programme"
        programme.save()
        for name in ("Together again", "Side by side"):
            programme.original_name = name
            programme.save()
    told = [title for title in titles(client, CITY) if title.startswith("Programme: ")]
    assert told == ["Programme: Side by side", "Programme: Together again", "Programme: Together"]
    # A loader gives another name, which nobody signs and another entry tells.
    programme.original_name = "From a source"
    programme.save()
    told = [title for title in titles(client, CITY) if title.startswith("Programme: ")]
    assert told[1:] == [
        "Programme: Side by side",
        "Programme: Together again",
        "Programme: Together",
    ]


# --- Asked for again ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", FEEDS)
def test_feed_stays_the_same_until_something_changes(address, alfa, point, rows, client):
    first = client.get(address)
    again = client.get(address)
    assert (first["ETag"], first.content) == (again["ETag"], again.content)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": f'"other", {first["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        response = client.get(address, headers=headers)
        assert (response.status_code, response.content) == (304, b""), headers
        assert response["ETag"] == first["ETag"]
    News.objects.filter(slug="good").update(title_en="Better news")
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("address", FEEDS)
def test_updated_of_an_empty_feed_does_not_move(address, alfa, point, client):
    earlier = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    City.objects.update(published_at=earlier)
    first = client.get(address)
    assert client.get(address)["ETag"] == first["ETag"]
    if address != NEWS:
        assert first["Last-Modified"] == "Fri, 02 Jan 2026 03:04:05 GMT"


@pytest.mark.parametrize("value", ["", "nonsense", '"a', "\x00", "W/*", "yesterday"])
def test_odd_conditions_bring_the_feed(value, rows, client):
    headers = {"If-None-Match": value, "If-Modified-Since": value}
    assert client.get(NETWORK, headers=headers).status_code == 200


# --- What never leaks -----------------------------------------------------------------------------


@pytest.mark.parametrize("address", FEEDS)
def test_nothing_that_is_not_public_stands_in_a_feed(address, rows, point, alfa, person, client):
    office, now = person("secretariat"), timezone.now()
    act(alfa, point, "SECRET draft", published_at=None)
    hidden = make_city(alfa.country, "hidden", published_at=None)
    act(hidden, point, "SECRET of a hidden city")
    unit = Unit.objects.create(city=hidden, name_en="Unit", published_at=now)
    unit.name_en = "SECRET unit"
    entries.save(record=unit, by=office)
    soon = News.objects.create(
        slug="soon", on="2026-12-24", title_en="SECRET soon", published_at=now + timedelta(days=2)
    )
    soon.points.add(point)
    gone = rows["action"]
    gone.title_en = "SECRET withdrawn"
    entries.save(record=gone, by=office)
    if address != NEWS:
        assert "SECRET withdrawn" in client.get(address).content.decode()
    entries.withdraw(record=gone, by=office)
    assert "SECRET" not in client.get(address).content.decode()


def test_invented_rows_stand_only_in_the_feed_of_their_city(alfa, point, country, client):
    madeup = make_city(country, "madeup", fictional=True)
    act(madeup, point, "Invented", fictional=True)
    for address in (COUNTRY, POINT, NETWORK, NEWS):
        assert "Invented" not in client.get(address).content.decode(), address
    assert titles(client, "/en/cities/madeup/feed/") == ["Madeup: Invented"]


# --- Bad addresses, and costs ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/en/cities/nowhere/feed/",
        "/en/countries/xx/feed/",
        "/en/countries/zzz/feed/",
        "/en/plan/99/feed/",
        "/en/plan/0/feed/",
        "/en/plan/99999999999999999999/feed/",
        "/xx/feed/",
    ],
)
def test_feed_of_nothing_is_a_404(address, alfa, point, client):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", FEEDS)
def test_ten_thousand_parameters(address, rows, client):
    query = "&".join(f"a{number}=1" for number in range(10_000))
    assert client.get(f"{address}?{query}").status_code in {200, 400}


def test_feeds_cost_the_same_with_few_rows_and_with_many(rows, alfa, point, person):
    def counted() -> dict[str, int]:
        costs = {}
        for address in FEEDS:
            Client().get(address)
            with CaptureQueriesContext(connection) as queries:
                Client().get(address)
            costs[address] = len(queries)
        return costs

    few = counted()
    office = person("secretariat")
    for number in range(40):
        action = act(alfa, point, f"Action {number}")
        action.status = "done"
        entries.save(record=action, by=office)
    News.objects.bulk_create(
        News(city=alfa, slug=f"n{number}", on="2026", title_en="N", published_at=timezone.now())
        for number in range(260)
    )
    assert counted() == few == {CITY: 14, COUNTRY: 11, POINT: 11, NETWORK: 10, NEWS: 1}
