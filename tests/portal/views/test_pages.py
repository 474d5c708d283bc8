"""Every kind of public page on the real data: it answers in eight languages, costs little, survives
bad input."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.datastructures import CaseInsensitiveMapping
from django.utils.translation import override

from languages.shared_values import shared_in
from members.models import (
    Action,
    Citation,
    City,
    Commitment,
    FormerSlug,
    Meeting,
    Membership,
    NetworkText,
    Organisation,
    Undertaking,
)
from portal.context import page_in
from programs.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

LANGUAGES = [code for code, _name in settings.LANGUAGES]

# Every kind of public page, and the queries that it costs: counted exactly, so that a new one is a
# decision.
PAGES = {
    # Three for the examples of the day, two for the strip of one of their cities, one for cities
    # by point.
    "home": ("/en/", 13),
    # One for the sets that all facets and numbers are counted from, one for the order of names, one
    # for the invented cities.
    "city_list": ("/en/cities/", 10),
    # One for the keys of all that a city has, and one for each kind of it; one for the cities round
    # it on the small map, one for the points of all; two more for the file and the candidacies of a
    # city that is no member.
    "city_detail": ("/en/cities/krakow/", 24),
    "city_detail evidenced": ("/en/cities/wien/", 19),
    "city_detail not a member": ("/en/cities/pitea/", 17),
    "city_detail with a body": ("/en/cities/czestochowa/", 17),
    "city_detail invented": ("/en/cities/sampleton/", 27),
    # As many for four cities as for two.
    "compare": ("/en/compare/?city=krakow&city=wien", 12),
    "compare without a city": ("/en/compare/", 1),
    # Two for the versions of all memberships, and two for those of all points.
    "city_cite": ("/en/cities/krakow/cite/", 8),
    "city_version": ("/en/cities/krakow/version/", 17),
    "page_cite": ("/en/cite/cities/?country=PL", 3),
    "city_changes": ("/en/cities/krakow/changes/", 7),
    "city_list by point and work": ("/en/cities/?point=7&work=in-progress", 12),
    # One for the sets, one for the order of names, two for the files and candidacies of its cities
    # that are no members, one for the stages of its programmes.
    "country_detail": ("/en/countries/pl/", 15),
    "plan_detail": ("/en/plan/", 6),
    # One for who works on it, one for the order of names, one for actions, one for cities, one for
    # the stages of programmes.
    "point_detail": ("/en/plan/3/", 13),
    # One for the sets that all lists of the form count by, two for the order: programmes by name,
    # and the dates of their editions.
    "programme_list": ("/en/programmes/", 12),
    "programme_detail": ("/en/programmes/otwarty-krakow/", 24),
    "organisation_detail": ("/en/organisations/ORGANISATION/", 11),
    "ground_detail": ("/en/grounds/age/", 6),
    "news_list": ("/en/news/", 9),
    # One for whether the city had another address.
    "news_list of an invented city": ("/en/news/?city=sampleton", 12),
    "news_detail": ("/en/news/krakow-joins-the-coalition/", 10),
    "news_detail with a picture": ("/en/news/sampleton-opens-its-mediation-room/", 9),
    "news_detail of a press release": ("/en/news/pitea-decides-to-apply/", 9),
    "event_list": ("/en/events/", 3),
    "event_detail": ("/en/events/sampleton-open-evening-2027/", 4),
    "help_index": ("/en/help/", 2),
    "help_detail": ("/en/help/krakow/", 3),
    "help_detail of a country": ("/en/help/pl/", 4),
    "search": ("/en/search/?q=krakow", 10),
    "search without a query": ("/en/search/", 1),
    "join": ("/en/join/", 9),
    "interest_form": ("/en/join/interest/", 2),
    "interest_thanks": ("/en/join/interest/thanks/", 1),
    "interest_confirmed": ("/en/join/interest/confirmed/", 1),
    "meeting_list": ("/en/meetings/", 4),
    "meeting_detail": ("/en/meetings/MEETING/", 6),
    # Two for the sources of each of three kinds of rows, one for each figure and two more for its
    # points, the rows of the matrix and what it counts, the choices of two filters.
    "figures": ("/en/figures/", 26),
    "figures, by country": ("/en/figures/?country=PL", 28),
    "about": ("/en/about/", 6),
    "contact": ("/en/contact/", 1),
    "accessibility": ("/en/accessibility/", 1),
    "privacy": ("/en/privacy/", 1),
}


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def url():
    """The address of a kind of page, with the body of Częstochowa and the meeting of Zürich filled
    in."""
    body = (
        Organisation.objects.filter(city__slug="czestochowa").values_list("slug", flat=True).first()
    )
    meeting = Meeting.objects.get(kind="steering_committee", starts="2025-10-23")
    return lambda kind: (
        PAGES[kind][0].replace("ORGANISATION", body).replace("MEETING", str(meeting.pk))
    )


@dataclass(frozen=True)
class Answer:
    """What is kept of the answer to a visitor."""

    status_code: int
    headers: CaseInsensitiveMapping
    cookies: SimpleCookie
    text: str


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    return {}


@pytest.fixture
def page(visitor, answers) -> Callable[[str], Answer]:
    """`page(address)`: a page of the data as they were loaded, made once for all tests of this
    file that only read it. Who changes a row asks as `visitor`."""

    def ask(address: str) -> Answer:
        if address not in answers:
            answers[address] = answer_of(visitor.get(address))
        return answers[address]

    return ask


def answer_of(response: HttpResponseBase) -> Answer:
    # A file that is read to its end is closed.
    text = response.getvalue().decode(errors="replace")
    return Answer(
        response.status_code,
        CaseInsensitiveMapping(response.headers),
        response.cookies,
        text,
    )


def test_pages_cost_so_many_queries(visitor, url):
    counted = {}
    for kind in PAGES:
        visitor.get(url(kind))
        with CaptureQueriesContext(connection) as queries:
            visitor.get(url(kind))
        counted[kind] = len(queries)
    assert counted == {kind: number for kind, (_address, number) in PAGES.items()}


# What a page asks that is made after another one of its version: the rest is shared.
FURTHER = {
    "home": 9,
    "city_list": 3,
    "city_list by point and work": 3,
    "city_detail": 22,
    "city_detail evidenced": 17,
    "city_detail not a member": 15,
    "country_detail": 11,
    "point_detail": 11,
    "programme_list": 2,
    "news_list": 5,
    "accessibility": 0,
}


def test_pages_of_one_version_share_what_they_ask(visitor, url):
    counted = {}
    for kind in FURTHER:
        with shared_in({}):
            visitor.get(url(kind))
            with CaptureQueriesContext(connection) as queries:
                visitor.get(url(kind))
        counted[kind] = len(queries)
    assert counted == FURTHER


@pytest.mark.parametrize("kind", PAGES)
def test_page_sets_no_cookie_and_names_nobody(kind, page, url):
    response = page(url(kind))
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", PAGES)
def test_page_has_nothing_inline_and_nothing_from_elsewhere(kind, page, url):
    html = page(url(kind)).text
    # A data block is no script: no browser runs it, and the policy does not speak of it.
    html = re.sub(r'<script type="application/ld\+json">[^<>]*</script>', "", html)
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", html)
    for address in re.findall(
        r'<(?:script|link|img|iframe|source)[^>]*?(?:src|href)="([^"]+)"', html
    ):
        assert address.startswith(("/", settings.SITE_URL)), address


# "place" and "standing" are ordinary words too: what is meant is a city, and how it is a member.
OFFICE_WORDS = {
    "en": r"evidenced|standing of|(?:this|these|\d+) places?|places:|this portal|by the portal",
    "de": r"dieses? Portal|vom Portal|das Portal",
    "es": r"este portal|por el portal|el portal",
    "fr": r"ce portail|par le portail|le portail",
    "it": r"questo portale|dal portale|il portale",
    "pl": r"ten portal|tego portalu|przez portal|portalu",
    "sv": r"den här portalen|av portalen|portalen",
    "uk": r"цей портал|цього порталу|порталом|порталу",
}


@pytest.mark.parametrize("kind", PAGES)
def test_page_speaks_no_word_of_the_office(kind, page, url):
    for code in LANGUAGES:
        html = page(page_in_language(url(kind), code)).text
        main = html[html.index("<main") : html.index("</main>")]
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))
        # Inside quotation marks the words of others stand as they are.
        assert not re.findall(rf"\b(?:{OFFICE_WORDS[code]})(?!\w)", words, re.IGNORECASE), code


@pytest.mark.parametrize("kind", PAGES)
def test_page_answers_in_every_language(kind, page, url):
    for code in LANGUAGES:
        response = page(page_in_language(url(kind), code))
        html = response.text
        assert response.status_code == 200, code
        assert f'<html lang="{code}"' in html
        assert html.count("<h1") == 1
        assert 'rel="canonical"' in html
        assert html.count("hreflang=") >= len(LANGUAGES) + 1


@pytest.mark.parametrize("kind", PAGES)
def test_head_of_every_page_leads_to_help(kind, page, url):
    """One tap from anywhere: to the help of the place that the page is about, or to the question
    where it happened. A page of help has the number for danger there."""
    html = page(url(kind)).text
    head = html[: html.index("<main")]
    ways = re.findall(r'class="(?:help-link|now-bar-danger)"\s+href="([^"]+)"', head)
    assert len(ways) == 1
    assert ways[0].startswith(("/en/help/", "tel:"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_foot_of_a_page_leads_cities_to_their_work_in_its_language(code, page):
    html = page(f"/{code}/").text
    assert f'href="/accounts/login/?language={code}"' in html[html.index("</main>") :]


@pytest.mark.parametrize("kind", PAGES)
def test_every_image_has_its_text(kind, page, url):
    """A drawing or a picture says what it shows, or it is silent because words beside it do."""
    html = page(url(kind)).text
    text = re.compile(r'aria-hidden="true"|aria-label="[^"]|aria-labelledby="|alt="')
    images = re.findall(r"<(?:svg|img)\b[^>]*>", html)
    assert [image for image in images if not text.search(image)] == []


def page_in_language(address: str, code: str) -> str:
    return re.sub(r"^/en/", f"/{code}/", address)


def test_root_leads_to_the_readers_language(visitor):
    response = visitor.get("/", headers={"accept-language": "pl,en;q=0.5"})
    assert (response.status_code, response["Location"]) == (302, "/pl/")
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize(
    "path", ["/xx/", "/en/nothing/", "/en/cities/atlantis/", "/en/plan/11/", "/en/plan/0/"]
)
def test_unknown_address_is_a_helpful_404(path, visitor):
    response = visitor.get(path)
    assert response.status_code == 404
    assert "/cities/" in response.content.decode()


@pytest.mark.parametrize(
    "kind", ["countries/xx", "countries/QQ", "help/xx", "grounds/none", "programmes/none"]
)
def test_unknown_record_is_a_404(kind, visitor):
    assert visitor.get(f"/en/{kind}/").status_code == 404


NONSENSE = [
    "²",
    "0",
    "-1",
    "1" * 27,
    "x" * 10_000,
    "%00",
    "%ED%A0%80",
    "%01%02%7F",
    "%E2%80%AE",
    "%F0%9F%98%80",
    "'",
    '"',
    "%25",
    "_",
    "%5C",
    "a*",
    "NOT",
    "NEAR(a)",
    "a:b",
    "the of and",
    "())(",
    "&|!<->",
]


PARAMETERS = {
    "search": ("q", "page"),
    "programmes": (
        *(
            "q",
            "page",
            "country",
            "city",
            "kind",
            "stage",
            "year",
            "point",
            "ground",
            "target",
            "organisation",
        ),
    ),
    "cities": ("q", "page", "country", "status", "point", "work", "sort", "region"),
    "compare": ("q", "city"),
    "compare/suggest": ("q", "city"),
    "meetings": ("page",),
    "news": ("city", "point", "year", "page"),
    "news/feed": ("city", "point"),
    "feed": ("page",),
    "events": ("page",),
}


@pytest.mark.parametrize("path", PARAMETERS)
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_a_query_is_never_an_error_of_the_server(path, value, visitor):
    """400 where a filter does not understand it, 404 for a page that is not there."""
    for name in PARAMETERS[path]:
        # One country keeps the answer small; a later parameter of the same name wins.
        answer = visitor.get(f"/en/{path}/?country=PL&{name}={value}")
        assert answer.status_code in {200, 400, 404}, name


def test_page_beyond_the_last_is_a_404_that_says_so(visitor):
    response = visitor.get("/en/cities/?page=99999")
    assert response.status_code == 404


def test_filter_with_an_unknown_value_finds_nothing_and_says_what_to_loosen(visitor):
    html = visitor.get("/en/cities/?country=ATLANTIS").content.decode()
    assert "city-row" not in html
    assert "ATLANTIS" in html or "Select a valid choice" in html


def test_former_address_leads_to_todays(visitor):
    krakow = City.objects.get(slug="krakow")
    FormerSlug.objects.create(slug="cracovia-old", city=krakow)
    response = visitor.get("/pl/cities/cracovia-old/")
    assert (response.status_code, response["Location"]) == (301, "/pl/cities/krakow/")


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("krakow", "krakow"),
        ("Kraków", "krakow"),
        ("Krakau", "krakow"),
        ("Cracovie", "krakow"),
        ("Краків", "krakow"),
        ("lodz", None),
        ("munchen", "munchen"),
        ("Munich", "munchen"),
        ("goteborg", "goteborg"),
        ("Одеса", "odesa"),
        ("pite", "pitea"),
    ],
)
def test_city_is_found_by_any_of_its_names(query, slug, visitor):
    html = visitor.get("/en/search/", {"q": query}).content.decode()
    assert slug is None or f'href="/en/cities/{slug}/"' in html


def test_exact_local_name_comes_first_in_any_language(visitor):
    html = visitor.get("/de/search/", {"q": "Kraków"}).content.decode()
    assert re.findall(r'<h3><a href="([^"]+)"', html)[0] == "/de/cities/krakow/"


def test_country_may_be_typed_in_small_letters(visitor):
    assert visitor.get("/en/cities/?country=pl").text.count('class="city-row"') == 3


def test_search_finds_inflected_words(visitor):
    html = visitor.get("/pl/search/", {"q": "mieszkanie"}).content.decode()
    assert 'href="/pl/plan/7/"' in html


def test_directory_counts_the_evidenced_places_and_nothing_invented(visitor):
    assert Membership.objects.public().real().open().count() == 144
    html = visitor.get("/en/cities/").content.decode()
    assert "144" in html
    assert "city-row" not in visitor.get("/en/cities/?status=all&q=sampleton").text


def test_directory_names_what_lies_outside_the_filter(visitor):
    """ "0 of 162" for a city that the portal has reads as for one that does not exist."""
    page = visitor.get("/en/cities/?q=Piteå").text
    assert "1 more city outside your selection:" in page
    assert 'href="/en/cities/pitea/"' in page.split('class="outside"')[1].split("</p>")[0]
    assert "outside your selection" not in visitor.get("/en/cities/?q=Atlantis").text
    assert "outside your selection" not in visitor.get("/en/cities/?q=Piteå&status=all").text
    assert 'href="/en/cities/krakow/"' in visitor.get("/en/cities/?q=Krakau&country=DE").text
    assert "outside your selection" not in visitor.get("/en/cities/?country=PL").text


def facet_options(html: str) -> dict[str, int]:
    """The options of all facets that are not chosen, by their addresses, and their counts."""
    found = re.findall(
        r'<a href="\?([^"#]*)#results">.*?class="facet-count">([\d,]+)<', html, re.DOTALL
    )
    return {address.replace("&amp;", "&"): int(count.replace(",", "")) for address, count in found}


@pytest.mark.parametrize(
    "query",
    ["", "country=DE", "point=4&work=in-progress", "joined_after=2010&joined_before=2019",
     "population=0-20000", "status=not-member", "q=frei"],
)  # fmt: skip
def test_every_option_of_the_directory_leads_to_as_many_cities_as_it_says(query, page):
    options = facet_options(page(f"/en/cities/?{query}").text)
    assert len(options) > 10
    assert 0 not in options.values()
    for address in list(options)[::4]:
        head = page(f"/en/cities/?{address}").text.split('role="status"')[1]
        assert int(re.search(r"<strong>([\d,]+)<", head)[1].replace(",", "")) == options[address]


def test_directory_filters_by_region_ground_inhabitants_and_years(visitor):
    def listed(query):
        html = visitor.get(f"/en/cities/?{query}").text.split('class="city-list"')[1]
        return set(re.findall(r'<a href="/en/cities/([\w-]+)/"', html.split("</ul>")[0]))

    assert listed("region=Canton+de+Fribourg") == {"bulle", "fribourg", "fribourg-canton"}
    assert "berlin" in listed("population=500000-")
    assert "bulle" in listed("population=20000-100000")
    assert listed("joined_after=2025") == listed("joined_after=2025&joined_before=2025")
    assert "bulle" in listed("joined_after=2025")
    assert "bulle" not in listed("joined_before=2024")
    assert "anderlecht" in listed("joined=unknown")
    # The day on which a source first lists a city is not the year of its joining.
    only_listed = Membership.objects.public().filter(
        standing="evidenced", joined__startswith="2004"
    )
    city = only_listed.first().city
    assert city.slug in listed(f"joined=unknown&country={city.country.code}")
    programmes = Programme.objects.public().filter(grounds__isnull=False, city__isnull=False)
    assert programmes.first().city.slug in listed(
        f"status=all&ground={programmes.first().grounds.first().slug}"
    )


@pytest.mark.parametrize(
    "query", ["joined_after=x", "joined_before=99999", "population=9", "region=x", "joined=2"]
)
def test_directory_says_which_filter_makes_no_sense(query, visitor):
    html = visitor.get(f"/en/cities/?{query}").text
    assert "The list could not be filtered" in html
    assert f'id="id_{query.split("=")[0]}"' in html
    assert "facet-count" not in html


def test_city_that_left_and_came_back_stands_once_among_the_newest(visitor):
    city = City.objects.get(slug="krakow")
    Membership.objects.create(
        city=city,
        joined="2001",
        ended="2005",
        standing=Membership.Standing.WITHDRAWN,
        published_at=timezone.now(),
    )
    html = visitor.get("/en/cities/?sort=joined&country=PL").text
    assert html.count('class="city-row"') == 3


def test_directory_sorts_as_the_language_does(visitor):
    def names(code):
        html = visitor.get(f"/{code}/cities/?country=AT").content.decode()
        return re.findall(
            r'href="/\w\w/cities/([\w-]+)/"', html.split('class="city-list"')[1].split("</ul>")[0]
        )

    assert names("uk") == ["worgl", "wien", "graz", "innsbruck"]


def test_invented_cities_are_marked_and_kept_from_robots(page):
    html = page("/en/cities/sampleton/").text
    assert "noindex" in html
    assert 'data-kind="fictional"' in html
    assert "sampleton" not in page("/sitemap.xml").text
    assert "exampleby" not in page("/sitemap.xml").text


def test_city_that_applied_is_not_called_a_member(visitor):
    html = visitor.get("/en/cities/pitea/").content.decode()
    assert "Not listed as a member" in html
    assert "Decided to apply" in html
    assert "15 May 2014" in html
    assert "ember since" not in html


def test_conflicting_dates_are_shown(visitor):
    assert "2009" in visitor.get("/en/cities/wien/").content.decode()


def test_fallback_text_says_its_language(visitor):
    city = City.objects.get(slug="krakow")
    for code, _name in settings.LANGUAGES:
        setattr(city, f"introduction_{code}", "")
    city.introduction_pl = "Tekst tylko po polsku."
    city.save()
    html = visitor.get("/de/cities/krakow/").content.decode()
    assert re.search(r'lang="pl"[^>]*>\s*<p>Tekst tylko po polsku', html)


def test_text_with_script_is_shown_as_text(visitor):
    city = City.objects.get(slug="krakow")
    city.introduction_en = "<script>alert(1)</script> [x](javascript:alert(1)) **bold**"
    city.save()
    html = visitor.get("/en/cities/krakow/").content.decode()
    assert "<script>alert" not in html
    assert "javascript:" not in html.replace("(javascript:alert(1))", "")
    assert "<strong>bold</strong>" in html


def test_unpublished_rows_are_nowhere(visitor):
    programme = Programme.objects.get(slug="otwarty-krakow")
    Programme.objects.filter(pk=programme.pk).update(published_at=None)
    programme.refresh_from_db()
    programme.save()
    for path in ["programmes/", "search/?q=otwarty", "cities/krakow/", "plan/1/"]:
        assert "programmes/otwarty-krakow/" not in visitor.get(f"/en/{path}").content.decode(), path
    assert visitor.get("/en/programmes/otwarty-krakow/").status_code == 404


def test_robots_and_sitemap(visitor, page):
    assert "Disallow: /admin/" in visitor.get("/robots.txt").content.decode()
    xml = page("/sitemap.xml").text
    assert f"<loc>{settings.SITE_URL}/pl/cities/krakow/</loc>" in xml
    assert 'hreflang="x-default"' in xml


def test_sitemap_of_many_pages_is_an_index_of_parts_with_all_addresses(visitor, monkeypatch):
    def addresses(url: str) -> list[str]:
        return re.findall(r"<loc>([^<]+)</loc>", visitor.get(url).text)

    whole = addresses("/sitemap.xml")
    # Addresses in one language a part: of 100 in eight languages.
    monkeypatch.setattr("portal.sitemaps.PublicSitemap.limit", 800)
    parts = [unescape(part) for part in addresses("/sitemap.xml")]
    assert f"{settings.SITE_URL}/sitemap.xml?section=cities&p=2" in parts
    found = []
    for part in parts:
        found += addresses(part.removeprefix(settings.SITE_URL))
    assert len(found) == len(whole) > 2000
    assert set(found) == set(whole)
    assert visitor.get("/sitemap.xml?section=nothing").status_code == 404
    assert visitor.get("/sitemap.xml?section=cities&p=99").status_code == 404


def test_network_name_comes_from_the_data(visitor):
    NetworkText.objects.filter(key="name").update(text_en="League of Invented Towns")
    assert "League of Invented Towns" in visitor.get("/en/about/").content.decode()


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.add(values["href"])
        if values.get("id"):
            assert values["id"] not in self.ids, f"id {values['id']} stands twice"
            self.ids.add(values["id"])


@pytest.fixture
def reader(visitor, page, answers) -> Callable[[str], Answer]:
    """`reader(address)`: a page, or where it leads, or a file; made once for all tests of this
    file."""

    def ask(address: str) -> Answer:
        if address not in answers:
            answers[address] = answer_of(visitor.get(address, follow=True))
        return answers[address]

    return ask


@pytest.mark.parametrize("kind", PAGES)
def test_every_link_of_every_kind_of_page_leads_somewhere(kind, page, reader, url):
    """A crawl: the links of one page of each kind, each address once, and the anchors in it."""
    anchors = links_of(kind, page, url)
    assert anchors
    # These are asked by other tests: each kind in each language above, each city in
    # test_city_page.py.
    asked = {page_in_language(url(kind), code) for kind in PAGES for code in LANGUAGES}
    asked |= {
        f"/en/cities/{slug}/" for slug in City.objects.public().values_list("slug", flat=True)
    }
    for address, wanted in anchors.items():
        if address in asked and wanted == {""}:
            continue
        response = reader(address)
        assert response.status_code == 200, address
        # A list in which nothing is found has no map.
        wanted -= {"", "map"}
        missing = [anchor for anchor in wanted if f'id="{anchor}"' not in response.text]
        assert not missing, f"{address}: {missing}"


def links_of(kind: str, page: Callable, url: Callable) -> dict[str, set[str]]:
    """The addresses of the links of a kind of page, each with the anchors that it is asked for."""
    anchors: dict[str, set[str]] = {}
    parser = Links()
    parser.feed(page(url(kind)).text)
    for link in parser.found:
        if link.startswith("#"):
            assert link[1:] in parser.ids, f"{kind}: {link}"
        elif link.startswith(("/", "?")):
            address, _, anchor = urljoin(url(kind), link).partition("#")
            anchors.setdefault(address, set()).add(anchor)
    return anchors


def test_links_of_all_kinds_of_pages_are_many(page, url):
    addresses = {address for kind in PAGES for address in links_of(kind, page, url)}
    assert len(addresses) > 500


def test_language_switcher_stays_on_the_page(rf):
    request = rf.get("/en/cities/krakow/?page=2")
    assert page_in(request, "uk") == "/uk/cities/krakow/?page=2"
    assert page_in(rf.get("/accounts/login/"), "uk") == "/uk/"


# --- What cities promised and did -----------------------------------------------------------------


def spaced(visitor: Client, path: str) -> str:
    return re.sub(r"\s+", " ", visitor.get(path).content.decode())


def test_every_found_action_has_its_source_and_no_city_said_it():
    real = Action.objects.real()
    # 113 and the 97 found later.
    assert real.count() == 210
    assert City.objects.real().filter(commitments__actions__in=real).distinct().count() == 62
    assert not real.filter(origin="stated").exists()
    # The 31 points that plans of cities name are no city's own word here (decision 0037).
    chosen = Commitment.objects.real().exclude(chosen="")
    assert (chosen.count(), Commitment.objects.real().in_plan().count()) == (31, 31)
    assert not Commitment.objects.real().filter(origin="stated").exists()
    undertakings = Undertaking.objects.real()
    assert (undertakings.count(), undertakings.filter(point_assigned=True).count()) == (258, 227)
    cited = Citation.objects.filter(content_type=ContentType.objects.get_for_model(Action))
    assert set(real.values_list("pk", flat=True)) <= set(cited.values_list("object_id", flat=True))


def test_sampleton_shows_every_state(visitor):
    html = spaced(visitor, "/en/cities/sampleton/")
    assert html.count('class="inside" id="point-') == 9
    listed = html.split('class="strip-columns"')[1].split("</ol>")[0]
    assert listed.count("<li>") == 10
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    for said in (
        "8 of 10 points are chosen.",
        "3 points are done with evidence.",
        "Nothing found yet on point 9.",
        "Already running before the city joined",
        "Done, no evidence yet",
        "Why it was stopped:",
        "The city replied on 25 March 2026:",
        "Partly confirmed · 11 March 2026",
        "Last confirmed by the city on 14 September 2026",
        "late: was due",
    ):
        assert said in words, said


def test_list_has_one_image_per_strip_and_no_empty_one(visitor):
    html = spaced(visitor, "/en/cities/?country=AT")
    assert html.count('class="strip-small"') == html.count('role="img"') == 4
    assert (
        "· 5 points with actions found in public sources, not confirmed by the city"
        " (2, 3, 6, 7, 10) · 2 of them old or undated (2, 6) ·" in html
    )
    html = spaced(visitor, "/en/cities/?country=PL")
    row = html.split('href="/en/cities/oswiecim/"')[1].split("</li>")[0]
    assert 'role="img"' not in row


def test_graz_says_what_was_found_and_where(visitor):
    html = spaced(visitor, "/de/cities/graz/")
    assert "Plakatserie gegen Rassismus" in html
    assert "http://steiermark.orf.at/news/stories/2525883" in html


def test_original_title_stands_beside_ours(visitor):
    html = spaced(visitor, "/pl/cities/oulu/")
    assert 'lang="fi">Rasisminvastainen tukipiste</span>' in html


def test_invented_city_works_on_no_point_of_the_network(visitor):
    assert "sampleton" not in spaced(visitor, "/en/plan/3/")
    listed = spaced(visitor, "/en/cities/?status=all&work=chosen").split(
        'class="directory-results"'
    )[1]
    assert "sampleton" not in listed.split("This demonstration")[0]


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Nuremberg"), ("de", "Nürnberg"), ("pl", "Norymberga"), ("uk", "Нюрнберг")],
)
def test_meeting_is_named_after_its_city_in_the_readers_language(
    network_data, client, language, name
):
    meeting = Meeting.objects.get(starts="2007-05-10")
    with override(language):
        page = client.get(meeting.get_absolute_url()).text
        assert name in str(meeting)
    assert name in page
    assert (meeting.place in page) == (meeting.place == name)
