"""What search engines and other sites read of a page: description, canonical address, JSON-LD."""

import json
import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from members.models import City
from portal import structured_data
from portal.context import canonical_path
from portal.models import Event
from portal.sitemaps import sitemaps

pytestmark = pytest.mark.usefixtures("real_data")

PAGES = [
    "",
    "cities/",
    "cities/krakow/",
    "countries/pl/",
    "plan/",
    "plan/7/",
    "programmes/",
    "programmes/otwarty-krakow/",
    "news/",
    "news/pitea-decides-to-apply/",
    "events/",
    "help/",
    "help/krakow/",
    "help/pl/",
    "join/",
    "join/interest/",
    "meetings/",
    "about/",
    "contact/",
    "accessibility/",
    "privacy/",
    "organisations/rzecznik-praw-obywatelskich/",
    "grounds/age/",
]


def html_of(path: str, language: str = "en") -> str:
    response = Client().get(f"/{language}/{path}")
    assert response.status_code == 200, path
    return response.content.decode()


def content_of(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    assert found, name
    return unescape(found[1])


def nodes_of(html: str) -> dict[str, list[dict]]:
    """The nodes of all data blocks, by type."""
    nodes: dict[str, list[dict]] = {}
    for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html):
        content = json.loads(text)
        assert content["@context"] == "https://schema.org"
        for node in content["@graph"]:
            nodes.setdefault(node["@type"], []).append(node)
    return nodes


# Pages whose description is told from rows, and those that only lead to others.
TOLD = [
    "cities/krakow/",
    "cities/aachen-region/",
    "cities/sampleton/",
    "countries/pl/",
    "plan/5/",
    "meetings/1/",
    "meetings/2/",
    "programmes/otwarty-krakow/",
    "programmes/heidelberg-zehn-punkte-aktionsplan/",
    "programmes/luzern-zehn-punkte-aktionsplan/",
    "programmes/mannheimer-erklarung/",
    "news/krakow-joins-the-coalition/",
    "organisations/amigra/",
    "help/krakow/",
    "figures/",
    "data/points/",
    "data/promises/",
    "search/",
    "join/interest/thanks/",
    "join/interest/confirmed/",
    "cities/krakow/cite/",
    "cities/krakow/version/",
    "cities/krakow/changes/",
]
DEFAULT = "What cities promised to do against racism"


def head_of(path: str, language: str) -> tuple[str, str]:
    """Title and description, as other sites show them; both say what the page is for."""
    html = html_of(path, language)
    title = content_of(html, "og:title")
    description = content_of(html, "description")
    assert description == content_of(html, "og:description")
    assert 50 <= len(description) <= 160, (path, language, description)
    assert description.strip(" .…") != title, path
    assert not re.search(r"[<>\n]|&\w+;|\[\d+\]|\*\*", description), (path, description)
    return title, description


def pages_that_share(heads: dict[str, str]) -> list[list[str]]:
    by_words: dict[str, list[str]] = {}
    for path, words in heads.items():
        by_words.setdefault(words, []).append(path)
    return [paths for paths in by_words.values() if len(paths) > 1]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_page_has_a_description_of_its_own(language):
    titles, descriptions = {}, {}
    for path in [*PAGES, *TOLD] if language == "en" else ["", *TOLD]:
        titles[path], descriptions[path] = head_of(path, language)
    assert pages_that_share(descriptions) == []
    assert pages_that_share(titles) == []
    assert language != "en" or DEFAULT in descriptions[""]


def test_description_has_whole_sentences_where_they_fit():
    _title, description = head_of("programmes/otwarty-krakow/", "en")
    assert description.startswith("Open Kraków: The city’s programme for integration")
    _title, description = head_of("programmes/luzern-zehn-punkte-aktionsplan/", "en")
    assert description.startswith("Ten-point action plan (Lucerne): ")


def test_programme_is_named_with_its_city_unless_the_name_has_it():
    assert head_of("programmes/otwarty-krakow/", "en")[0] == "Open Kraków"
    assert head_of("programmes/luzern-zehn-punkte-aktionsplan/", "de")[0].endswith("(Luzern)")


def test_pages_have_no_word_of_the_office():
    """Visitors read of cities and of this site: docs/words.md is for those who work here."""
    words = re.compile(
        r"\bevidenced\b|\bstanding\b|\b(?:this|the|our) portal\b|\btheir place\b"
        r"|\b(?:this|these|other|another|\d+) places?\b",
        re.IGNORECASE,
    )
    for path in PAGES:
        html = re.sub(r"<script.*?</script>", "", html_of(path), flags=re.DOTALL)
        text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))
        found = words.search(text)
        assert not found, (path, text[max(found.start() - 60, 0) : found.end() + 30])


def test_open_graph_names_the_page_and_its_card():
    html = html_of("cities/krakow/", "pl")
    site = settings.SITE_URL
    assert content_of(html, "og:title") == "Kraków"
    assert content_of(html, "og:url") == f"{site}/pl/cities/krakow/"
    assert content_of(html, "og:image") == f"{site}/pl/cities/krakow/card.png"
    assert content_of(html, "og:image:alt") == "Kraków"
    assert content_of(html_of("news/pitea-decides-to-apply/"), "og:type") == "article"
    assert content_of(html_of("about/"), "og:image") == f"{site}/en/card.png"
    programme = "programmes/otwarty-krakow/"
    assert content_of(html_of(programme), "og:image") == f"{site}/en/{programme}card.png"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("cities/?country=PL&sort=joined", "cities/"),
        ("cities/?sort=joined&page=1", "cities/"),
        ("help/?q=", "help/"),
    ],
)
def test_canonical_and_alternates_agree(query, canonical):
    html = html_of(query)
    site = settings.SITE_URL
    assert f'<link rel="canonical" href="{site}/en/{canonical}">' in html
    alternates = dict(
        re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)">', html)
    )
    expected = {code: f"{site}/{code}/{canonical}" for code, _name in settings.LANGUAGES}
    assert alternates == {**expected, "x-default": f"{site}/en/{canonical}"}


def test_later_page_of_a_list_and_a_town_stand_for_themselves(rf):
    assert canonical_path(rf.get("/en/news/?page=2&city=krakow")) == "/en/news/?page=2"
    assert canonical_path(rf.get("/en/help/?town=2657896&q=x")) == "/en/help/?town=2657896"


def test_city_is_a_place_with_an_administration():
    nodes = nodes_of(html_of("cities/krakow/"))
    [city] = nodes["City"]
    [office] = nodes["GovernmentOrganization"]
    assert city["name"] == "Kraków"
    assert city["sameAs"] == "https://www.wikidata.org/wiki/Q31487"
    assert city["geo"]["latitude"] == 50.06143
    assert office["areaServed"]["@id"] == city["@id"]
    assert office["memberOf"]["name"]
    # Listed by a source is no membership.
    [listed] = nodes_of(html_of("cities/wien/"))["GovernmentOrganization"]
    assert "memberOf" not in listed


def test_help_is_a_service_and_says_whose():
    services = nodes_of(html_of("help/krakow/"))["GovernmentService"]
    first = services[0]
    assert first["provider"]["name"] == "Rzecznik Praw Obywatelskich (RPO)"
    assert first["availableChannel"]["servicePhone"]["telephone"] == "+48800676676"


def test_news_and_breadcrumbs_are_told():
    nodes = nodes_of(html_of("news/pitea-decides-to-apply/", "sv"))
    [news] = nodes["NewsArticle"]
    assert (news["datePublished"], news["inLanguage"]) == ("2014-05-15", "sv")
    [steps] = nodes["BreadcrumbList"]
    names = [step["name"] for step in steps["itemListElement"]]
    assert names[:2] == ["Startsida", "Nyheter"]
    assert names[2] == news["headline"]
    assert "item" not in steps["itemListElement"][2]


# What each type must say for a search engine to use it, and the pages that say it.
REQUIRED = {
    "City": {"@id", "name", "url", "geo", "containedInPlace"},
    "AdministrativeArea": {"@id", "name", "url"},
    "GovernmentOrganization": {"@id", "name", "areaServed"},
    "GovernmentService": {"name", "provider", "availableChannel", "areaServed"},
    "Service": {"name", "provider", "availableChannel", "areaServed"},
    "NewsArticle": {"headline", "datePublished", "image", "publisher", "url"},
    "Event": {"name", "startDate", "endDate", "eventStatus", "location", "organizer", "url"},
    "Dataset": {"name", "description", "license", "creator", "distribution"},
    "BreadcrumbList": {"itemListElement"},
}
SAYING = [
    "cities/krakow/",
    "cities/aachen-region/",
    "help/krakow/",
    "help/de/",
    "news/krakow-joins-the-coalition/",
    "events/evening/",
    "figures/",
]


@pytest.fixture
def evening() -> Event:
    return Event.objects.create(
        slug="evening",
        title_en="Open evening",
        city=City.objects.get(slug="krakow"),
        first_day="2027-03-19",
        starts="18:00",
        place="Town hall",
        time_zone="Europe/Warsaw",
        published_at=timezone.now(),
    )


@pytest.mark.parametrize("language", ["en", "uk"])
def test_each_type_says_what_search_engines_need(language, evening):
    found = set()
    for path in SAYING:
        for kind, nodes in nodes_of(html_of(path, language)).items():
            found.add(kind)
            for node in nodes:
                assert set(node) >= REQUIRED[kind], (path, kind, node)
                assert "<" not in json.dumps(node), (path, kind)
                assert node.get("url", "https://").startswith(("http://", "https://")), path
    assert found == set(REQUIRED)


def test_event_says_its_time_with_the_zone_and_whether_it_takes_place(evening):
    [event] = nodes_of(html_of("events/evening/"))["Event"]
    assert event["startDate"] == "2027-03-19T18:00:00+01:00"
    assert event["endDate"] == "2027-03-19"
    assert event["organizer"]["name"] == "Kraków"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert 50 <= len(content_of(html_of("events/evening/"), "description")) <= 160
    Event.objects.filter(slug="evening").update(cancelled=True, starts=None)
    [event] = nodes_of(html_of("events/evening/"))["Event"]
    assert event["startDate"] == "2027-03-19"
    assert event["eventStatus"] == "https://schema.org/EventCancelled"


def test_data_block_cannot_be_left():
    text = structured_data.json_of([{"name": "</script><script>alert(1)</script> & <!--"}])
    assert not set("<>&") & set(text)
    assert json.loads(text)["@graph"][0]["name"].startswith("</script>")


def test_sitemap_names_pages_that_stand_for_themselves():
    """Two of each section: there, not hidden from search engines, and their own canonical."""
    browser = Client()
    for name, given in sitemaps().items():
        section = given() if isinstance(given, type) else given
        for item in list(section.items())[:2]:
            path = section.location(item)
            html = browser.get(path).content.decode()
            assert f'rel="canonical" href="{settings.SITE_URL}{path}"' in html, (name, path)
            assert "noindex" not in html, (name, path)
