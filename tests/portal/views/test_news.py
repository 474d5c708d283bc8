"""News: what is written when, by whom, and who reads it from when on."""

import re
from datetime import timedelta
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone

from languages.models import IndexRow
from members.models import Citation, Decision, Point, Source, Unit
from members.models.record import content_type_of
from portal.filters import NewsFilter
from portal.models import News
from tests.conftest import make_city
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

ADD = "/admin/portal/news/add/"
ATOM = "{http://www.w3.org/2005/Atom}"
LATER = timedelta(days=2)


def make_news(city=None, slug: str = "good", **fields: object) -> News:
    values = {"on": "2026-03-21", "title_en": "Good news", "published_at": timezone.now(), **fields}
    return News.objects.create(slug=slug, city=city, **values)


def typed(owner, **more: object) -> dict[str, object]:
    inline = {f"attachments-{part}": 0 for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {
        "source_language": "en",
        "city": owner.pk,
        "on": "21.3.2026",
        "title_en": "Good news",
        **inline,
        **more,
    }


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - the portal's own


def errors_of(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


# --- Published on a date --------------------------------------------------------------------------

PLACES = [
    "/en/",
    "/en/news/",
    "/en/news/feed/",
    "/en/cities/alfa/",
    "/en/countries/pl/",
    "/en/search/?q=good",
]


def test_news_are_everywhere(alfa, client):
    make_news(alfa)
    for url in PLACES:
        assert "/en/news/good/" in client.get(url).content.decode(), url
    assert "/en/news/good/" in client.get("/sitemap.xml").content.decode()
    assert client.get("/en/news/good/").status_code == 200


@pytest.mark.parametrize("ahead", [None, LATER], ids=["draft", "later"])
def test_draft_and_what_comes_later_are_nowhere(ahead, alfa, client):
    make_news(alfa, published_at=timezone.now() + ahead if ahead else None)
    for url in [*PLACES, "/sitemap.xml", "/en/news/?city=alfa"]:
        assert "news/good/" not in client.get(url).content.decode(), url
    assert client.get("/en/news/good/").status_code == 404


@pytest.mark.usefixtures("written_at_once")
def test_what_was_dated_ahead_appears_by_itself_and_search_learns_of_it(alfa, client):
    news = make_news(alfa, published_at=timezone.now() + LATER)
    News.objects.update(published_at=timezone.now() - timedelta(minutes=1))
    assert client.get("/en/news/good/").status_code == 200
    assert not IndexRow.objects.filter(kind="news").exists()
    call_command("index_due", stdout=StringIO())
    assert IndexRow.objects.filter(kind="news", object_id=news.pk).count() == 8
    assert "news/good/" in client.get("/en/search/?q=good").content.decode()


def test_news_of_a_city_that_is_not_public_are_not_public(country, client):
    city = make_city(country, "hidden")
    make_news(city)
    city.published_at = None
    city.save()
    assert client.get("/en/news/good/").status_code == 404
    assert not IndexRow.objects.filter(kind="news").exists()


def test_coordinator_publishes_ahead_of_time_and_moves_the_moment(person, alfa, browse, client):
    editor = browse(person("editor", alfa))
    moment = timezone.localtime(timezone.now() + LATER).replace(second=0, microsecond=0)
    response = editor.post(
        ADD, typed(alfa, public_from=f"{moment:%Y-%m-%dT%H:%M}", _publish="1"), follow=True
    )
    assert "It appears by itself on" in response.content.decode()
    news = News.objects.get()
    assert (news.published_at, news.origin, news.slug) == (moment, "stated", "good-news")
    assert client.get("/en/news/good-news/").status_code == 404
    change = f"/admin/portal/news/{news.pk}/change/"
    assert f'value="{moment:%Y-%m-%dT%H:%M}"' in editor.get(change).content.decode()
    earlier = timezone.localtime(timezone.now() - timedelta(hours=1))
    editor.post(change, typed(alfa, slug=news.slug, public_from=f"{earlier:%Y-%m-%dT%H:%M}"))
    assert client.get("/en/news/good-news/").status_code == 200


def test_moment_that_a_colleague_moved_stays_where_one_did_not_touch_it(person, alfa, browse):
    """It is no column of the form's row, and is merged like one."""
    ada, bo = browse(person("editor", alfa)), browse(person("editor", alfa))
    moment = timezone.localtime(timezone.now() + LATER).replace(second=0, microsecond=0)
    ada.post(ADD, typed(alfa, public_from=f"{moment:%Y-%m-%dT%H:%M}", _publish="1"))
    news = News.objects.get()
    change = f"/admin/portal/news/{news.pk}/change/"
    late = {**fields_of(bo.get(change), "news_form"), "title_en": "Better news"}
    later = moment + timedelta(days=3)
    own = fields_of(ada.get(change), "news_form")
    ada.post(change, {**own, "public_from": f"{later:%Y-%m-%dT%H:%M}"})
    news.refresh_from_db()
    assert news.published_at == later
    assert bo.post(change, late).status_code == 302
    news.refresh_from_db()
    assert (news.title_en, news.published_at) == ("Better news", later)


def test_saving_a_draft_publishes_nothing(person, alfa, browse):
    browse(person("lead", alfa)).post(ADD, typed(alfa, public_from="2020-01-01T10:00"))
    assert News.objects.get().published_at is None


def test_offices_news_of_a_city_need_a_source(person, alfa, browse):
    response = browse(person("secretariat")).post(ADD, typed(alfa, _publish="1"), follow=True)
    assert "names no source" in response.content.decode()
    assert not News.objects.exists()


# --- Written --------------------------------------------------------------------------------------


def test_address_is_made_of_the_title_and_a_taken_one_is_said(person, alfa, browse):
    client = browse(person("lead", alfa))
    for lead in ("Today.", "Again."):
        fields = typed(alfa, title_en="Święto!", lead_en=lead)
        assert client.post(ADD, fields).status_code == 302
    assert sorted(News.objects.values_list("slug", flat=True)) == ["swieto", "swieto-2"]
    response = client.post(ADD, typed(alfa, slug="swieto"))
    assert list(errors_of(response)) == ["slug"]
    assert 'value="Good news"' in response.content.decode()


@pytest.mark.parametrize("missing", ["speaker", "quotation_language", "office_en"])
def test_quotation_names_its_speaker_office_and_language(missing, person, alfa, browse):
    words = {
        "quotation": "So it is.",
        "speaker": "Ada",
        "quotation_language": "en",
        "office_en": "Mayor",
        "ground": "published",
        "evidence": "https://example.org/speech",
        missing: "",
    }
    response = browse(person("lead", alfa)).post(ADD, typed(alfa, **words))
    assert list(errors_of(response)) == [missing]


def test_private_document_is_not_attached(person, alfa, alfa_rows, browse):
    document = alfa_rows["members.document"]
    row = {
        "attachments-TOTAL_FORMS": 1,
        "attachments-0-document": document.pk,
        "attachments-0-order": 1,
    }
    client = browse(person("lead", alfa))
    response = client.post(ADD, typed(alfa, **row))
    assert "This file is private" in response.content.decode()
    type(document).objects.update(public_since=timezone.now())
    assert client.post(ADD, typed(alfa, slug="attached", **row)).status_code == 302
    assert News.objects.get(slug="attached").attachments.get().document == document


def test_coordinator_writes_for_their_own_city_only(person, alfa, beta, beta_rows, browse):
    client = browse(person("lead", alfa))
    foreign = {
        "city": beta.pk,
        "programmes": [beta_rows["programs.programme"].pk],
        "decision": beta_rows["members.decision"].pk,
        "legal_acts": [beta_rows["members.legalact"].pk],
        "contact": beta_rows["members.unit"].pk,
    }
    for name, value in foreign.items():
        assert name in errors_of(client.post(ADD, typed(alfa, **{name: value}))), name
    assert not News.objects.filter(slug="good-news").exists()
    client.post(ADD, typed(alfa, cities=[beta.pk]))
    assert list(News.objects.get(slug="good-news").cities.all()) == []


def test_preview_is_for_those_who_may_see_the_draft(person, alfa, beta, browse, client):
    news = make_news(alfa, published_at=None)
    address = f"/admin/portal/news/{news.pk}/preview/"
    html = browse(person("viewer", alfa)).get(address).content.decode()
    assert "Preview: not public yet" in html
    assert "Good news" in html
    assert browse(person("lead", beta)).get(address).status_code == 404
    assert client.get(address).status_code == 302
    assert (
        address
        in browse(person("lead", alfa))
        .get(f"/admin/portal/news/{news.pk}/change/")
        .content.decode()
    )
    assert browse(person("lead", alfa)).get("/admin/portal/news/x/preview/").status_code == 404


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>"],
)
def test_html_in_news_is_shown_as_text(text, alfa, client):
    make_news(
        alfa,
        body_en=text,
        lead_en=text,
        quotation=text,
        speaker=text,
        quotation_language="en",
        office_en=text,
    )
    for url in ("/en/news/good/", "/en/news/", "/en/cities/alfa/"):
        html = client.get(url).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html
    parsed(client.get("/en/news/feed/").content)


# --- Read -----------------------------------------------------------------------------------------


def test_page_names_only_what_is_public(alfa, alfa_rows, client):
    unit = Unit.objects.create(city=alfa, name_en="UNSEEN unit")
    news = make_news(alfa, contact=unit, decision=alfa_rows["members.decision"])
    Decision.objects.update(published_at=None)
    programme = alfa_rows["programs.programme"]
    type(programme).objects.update(published_at=None, original_name="UNSEEN programme")
    news.programmes.add(programme)
    html = client.get("/en/news/good/").content.decode()
    assert "UNSEEN" not in html
    assert "Decision of the network" not in html


def test_text_in_another_language_is_marked(alfa, client):
    make_news(
        alfa, source_language="pl", title_en=None, title_pl="Dobra wiadomość", body_pl="Treść."
    )
    html = client.get("/de/news/good/").content.decode()
    assert '<span lang="pl" dir="ltr">Dobra wiadomość</span>' in html
    assert '<div lang="pl" dir="ltr"><p>Treść.</p>' in html


def test_quotation_is_marked_with_its_own_language(alfa, client):
    make_news(
        alfa, quotation="Tak jest.", quotation_language="pl", speaker="Ada", office_en="Mayor"
    )
    assert (
        '<blockquote lang="pl"><p>Tak jest.</p></blockquote>'
        in client.get("/en/news/good/").content.decode()
    )


def test_caption_without_a_picture_leaves_no_empty_frame(alfa, client):
    make_news(alfa, caption_en="From left: A, B")
    html = client.get("/en/news/good/").content.decode()
    assert "not shown here" not in html
    assert "From left" not in html
    assert "<figure" not in html
    assert "<img" not in html


def test_list_is_filtered_by_city_point_and_year(alfa, beta, alfa_rows, client):
    point = alfa_rows["members.point"]
    type(point.plan).objects.update(published_at=timezone.now())
    make_news(alfa, "of-alfa").points.add(point)
    make_news(None, "of-network", on="2024").cities.add(beta)

    def found(query: str) -> set[str]:
        html = client.get(f"/en/news/?{query}").content.decode()
        return {slug for slug in ("of-alfa", "of-network") if f"/en/news/{slug}/" in html}

    assert found("") == {"of-alfa", "of-network"}
    assert found("city=alfa") == found("point=1") == found("year=2026") == {"of-alfa"}
    assert found("city=beta") == found("year=2024") == {"of-network"}
    assert found("city=alfa&year=2024") == found("city=nowhere") == set()
    assert "This list as a feed" in client.get("/en/news/?city=alfa&point=1").content.decode()
    assert (
        "/en/news/feed/?city=alfa&amp;point=1"
        in client.get("/en/news/?city=alfa&point=1").content.decode()
    )


def test_filters_offer_only_what_leads_to_news(alfa, beta, client):
    make_news(alfa, "of-alfa")
    make_news(alfa, "of-alfa-later", on="2025")
    make_news(beta, "of-beta", on="2024")

    def offered(query: str) -> list[str]:
        html = client.get(f"/en/news/?{query}").content.decode()
        return re.findall(r"<option[^>]*>([^<]+ \(\d+\))<", html)

    beta_offered = f"{beta} (1)"
    assert offered("") == ["Alfa (2)", beta_offered, "2026 (1)", "2025 (1)", "2024 (1)"]
    assert offered("city=beta") == ["Alfa (2)", beta_offered, "2024 (1)"]
    # What was chosen stays, so that it can be taken back.
    assert "Alfa (0)" in offered("city=alfa&year=2024")


def test_timeline_joins_news_and_events_with_the_rest(alfa, alfa_rows, client):
    html = client.get("/en/cities/alfa/").content.decode()
    timeline = html[html.index('id="timeline"') :]
    assert 'News: <a href="/en/news/news-alfa/">' in timeline
    assert 'Event: <a href="/en/events/event-alfa/">' in timeline
    assert 'data-kind="vote"' in timeline


def test_invented_news_stand_only_where_their_city_is_asked_for(country, client):
    city = make_city(country, "madeup", fictional=True)
    make_news(city, fictional=True)
    for url in ["/en/", "/en/news/", "/en/news/feed/", "/sitemap.xml", "/en/countries/pl/"]:
        assert "news/good/" not in client.get(url).content.decode(), url
    assert 'value="madeup"' not in client.get("/en/news/").content.decode()
    for url in ["/en/news/?city=madeup", "/en/news/feed/?city=madeup", "/en/cities/madeup/"]:
        assert "/en/news/good/" in client.get(url).content.decode(), url
    assert "noindex" in client.get("/en/news/?city=madeup").content.decode()


# --- Feeds ----------------------------------------------------------------------------------------


def test_feed_is_atom_and_says_the_language_of_each_entry(alfa, client):
    make_news(
        alfa, source_language="pl", title_en=None, title_pl="Dobra & <zła>", lead_pl="Krótko."
    )
    response = client.get("/de/news/feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    feed = parsed(response.content)
    entry = feed.find(f"{ATOM}entry")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "pl"
    assert entry.find(f"{ATOM}title").text == "Dobra & <zła>"
    assert entry.find(f"{ATOM}link").get("href").endswith("/de/news/good/")
    assert entry.find(f"{ATOM}published").text.startswith("2026-03-21")


def test_entry_has_one_name_in_all_feeds(alfa, client):
    make_news(alfa)
    ids = {
        parsed(client.get(url).content).find(f"{ATOM}entry/{ATOM}id").text
        for url in ("/en/news/feed/", "/pl/news/feed/", "/pl/news/feed/?city=alfa")
    }
    assert len(ids) == 1


@pytest.mark.parametrize("query", ["city=nowhere", "city=%00", "point=99", "point=x", "city=a%20b"])
def test_feed_of_what_is_not_there_is_a_404(query, alfa, client):
    assert client.get(f"/en/news/feed/?{query}").status_code == 404


def test_citation_of_news_stands_on_its_page(alfa, client):
    news = make_news(alfa)
    source = Source.objects.create(url="https://example.org/release", title="The release itself")
    Citation.objects.create(source=source, content_type=content_type_of(news), object_id=news.pk)
    assert "The release itself" in client.get("/en/news/good/").content.decode()


def test_every_option_of_the_list_leads_to_as_much_news_as_it_says(real_data):
    point = Point.objects.filter(plan__in_force=True).first()
    News.objects.public().real().first().points.add(point)
    filters = NewsFilter(QueryDict(), News.objects.public())
    filters.offer_what_leads_somewhere()
    tried = set()
    for name, field in filters.form.fields.items():
        for value, label in field.widget.choices:
            if value:
                found = NewsFilter({name: value}, News.objects.public()).qs.distinct()
                assert label.endswith(f" ({found.count()})"), (name, label)
                tried.add(name)
    assert tried == {"city", "point", "year"}
