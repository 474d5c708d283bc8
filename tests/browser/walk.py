"""A walk past every kind of public page in real Chromium: in all widths, with axe, with long words.

Two files walk, so that two processes may: each past the pages that it names.
"""

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.browser.conftest import axe_violations, overflow

PAGES_OF_CITIES = {
    "city_list": "cities/",
    "city_list, nothing found": "cities/?q=zzzzzz",
    "city_list, wrong value": "cities/?country=XX",
    "city_list, a part of the map": "cities/?map=3600,4900,900",
    "city_detail": "cities/krakow/",
    "compare": "compare/?city=krakow&city=sampleton&city=atlantis",
    "compare, one city": "compare/?city=krakow&q=nothing",
    "city_cite": "cities/krakow/cite/",
    "city_version": "cities/krakow/version/",
    "page_cite": "cite/cities/?country=PL",
    "city_detail, evidenced": "cities/wien/",
    "city_detail, not a member": "cities/pitea/",
    "city_detail, with a body": "cities/czestochowa/",
    "city_detail, invented": "cities/sampleton/",
    "city_detail, with found actions": "cities/graz/",
    "city_list, by point and work": "cities/?point=7&work=in-progress",
    "city_changes": "cities/sampleton/changes/",
    "country_detail": "countries/pl/",
}
OTHER_PAGES = {
    "home": "",
    "plan_detail": "plan/",
    "point_detail": "plan/7/",
    "programme_list": "programmes/",
    "programme_detail": "programmes/otwarty-krakow/",
    "programme_list, filtered": "programmes/?country=PL&year=2016",
    "programme_detail, with a chart": "programmes/ten-points-for-sampleton/",
    "programme_detail, with notices": (
        "programmes/lokalne-miedzysektorowe-polityki-na-rzecz-integracji-imigrantow/"
    ),
    "organisation_detail, a body": "organisations/zespol-ds-rownego-traktowania-czestochowa/",
    "organisation_detail": "organisations/rzecznik-praw-obywatelskich/",
    "ground_detail": "grounds/race/",
    "news_list": "news/",
    "news_list, of an invented city": "news/?city=sampleton",
    "news_list, wrong value": "news/?city=nowhere",
    "news_detail": "news/krakow-joins-the-coalition/",
    "news_detail, with a picture": "news/sampleton-opens-its-mediation-room/",
    "event_list": "events/",
    "event_detail": "events/sampleton-open-evening-2027/",
    "help_index": "help/",
    "help_detail": "help/krakow/",
    "help_detail, what happened": "help/pl/?happened=attacked",
    "search": "search/?q=wohnung",
    "search, by kind": "search/?q=racism",
    "search, one kind and filters": "search/?q=racism&kind=programme&country=BE",
    "search, spelling corrected": "search/?q=krakwo",
    "search, nothing found": "search/?q=zzzzzz",
    "join": "join/",
    "interest_form": "join/interest/",
    "interest_thanks": "join/interest/thanks/",
    "interest_confirmed": "join/interest/confirmed/",
    "interest_gone": "join/interest/nonsense/",
    "meeting_list": "meetings/",
    "meeting_detail": "meetings/1/",
    "search, wrong value": "search/?q=racism&country=XX",
    "figures": "figures/?country=PL",
    "figures, wrong value": "figures/?point=11",
    "data": "data/",
    "data_table": "data/actions/?country=PL",
    "api_reference": "data/api/",
    "about": "about/",
    "contact": "contact/",
    "accessibility": "accessibility/",
    "privacy": "privacy/",
    "not found": "nothing-here/",
}
PAGES = PAGES_OF_CITIES | OTHER_PAGES
LONG_WORD = "Antidiskriminierungsbeauftragtenkonferenzvorbereitungsausschuss"
# A name may be one long word; it stands in links, headings and lists.
WRITE_LONG_WORDS = """word => {
  const places = "main :is(a, h1, h2, h3, h4, strong, cite, dd, li, blockquote, summary)";
  for (const element of document.querySelectorAll(places))
    for (const node of element.childNodes)
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) node.data = word;
}"""
# Which parts are unfolded; to fold them again after axe has unfolded all.
FOLDS = "[...document.querySelectorAll('main details')].map(part => part.open)"
FOLD_AGAIN = """folds => document.querySelectorAll('main details').forEach(
  (part, place) => { part.open = folds[place]; }
)"""
# From five screens of a phone on, a page of three sections and more has contents. The first page is
# a choice of ways to others; results are chosen by their kind above them.
PHONE, LONG_PAGE = 390, 5 * 844
WITHOUT_CONTENTS = """() => {
  const sections = document.querySelectorAll("main h2[id]").length;
  const ways = document.querySelector(".page-contents, .home-opening, .result-group");
  return ways || sections < 3 ? 0 : document.documentElement.scrollHeight;
}"""
ALL = [code for code, _name in settings.LANGUAGES]
# Every run looks at English and one more language; `make check` at all eight.
LANGUAGES = ALL if os.environ.get("ALL_LANGUAGES") else ["en", "de"]


def looks(code: str) -> list[tuple[int, str]]:
    """Widths and colour schemes: three in English; in another language the one that English has
    not, and on a wide screen where all languages are looked at."""
    if code == "en":
        return [(1280, "light"), (1280, "dark"), (390, "light")]
    return [(390, "dark"), (1280, "light")] if LANGUAGES == ALL else [(390, "dark")]


@dataclass
class Walk:
    """What is found on all kinds of pages in one language, each by its kind."""

    style_sheets: dict[str, int] = field(default_factory=dict)
    # By how many pixels a page is too wide, and in which width of the window.
    wide: dict[tuple, int] = field(default_factory=dict)
    violations: dict[tuple, list[str]] = field(default_factory=dict)
    # Long pages of several sections without contents, and how long they are on a phone.
    without_contents: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    cookies: list = field(default_factory=list)


Walker = Callable[[str], Walk]


def walker(browser: Browser, portal: str, pages: dict[str, str]) -> Walker:
    """`walker(…)("de")`: a walk in German. Each page is loaded once for all that is looked at, and
    each walk is done once."""

    @functools.cache
    def walk_once(code: str) -> Walk:
        found = Walk()
        context = browser.new_context()
        page = context.new_page()
        listen(page, portal, found.complaints)
        for kind, path in pages.items():
            page.emulate_media(color_scheme="light")
            page.goto(f"{portal}/{code}/{path}")
            look(page, kind, code, found)
        found.cookies += context.cookies()
        context.close()
        return found

    return walk_once


def listen(page: Page, portal: str, complaints: list[str]) -> None:
    """Keep the errors on the console, and every address that is not of the portal."""
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.on(
        "request",
        lambda request: complaints.append(request.url) if portal not in request.url else None,
    )


def look(page: Page, kind: str, code: str, found: Walk) -> None:
    """Look at one page in all widths, with axe, and with long words."""
    found.style_sheets[kind] = page.locator("link[rel=stylesheet]").count()
    for width in (1280, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        if (pixels := overflow(page)) > 0:
            found.wide[kind, width] = pixels
        if width == PHONE and (pixels := page.evaluate(WITHOUT_CONTENTS)) > LONG_PAGE:
            found.without_contents[kind] = pixels
    folds = page.evaluate(FOLDS)
    look_with_axe(page, kind, code, found)
    page.evaluate(FOLD_AGAIN, folds)
    page.set_viewport_size({"width": 320, "height": 800})
    page.evaluate(WRITE_LONG_WORDS, LONG_WORD)
    if (pixels := overflow(page)) > 0:
        found.wide[kind, "with long words"] = pixels


def look_with_axe(page: Page, kind: str, code: str, found: Walk) -> None:
    for width, scheme in looks(code):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        # Of the same layout in other colours, the colours.
        rules = (
            ["color-contrast", "link-in-text-block"] if (width, scheme) == (1280, "dark") else []
        )
        if violations := axe_violations(page, *rules):
            found.violations[kind, width, scheme] = violations


class Walked:
    """The tests of a file; `pages` are those that it walks past."""

    pages: dict[str, str]

    @pytest.fixture(scope="class")
    @classmethod
    def walk(cls, browser: Browser, portal: str) -> Walker:
        return walker(browser, portal, cls.pages)

    @pytest.mark.parametrize("code", LANGUAGES)
    def test_pages_have_no_violations_of_axe(self, code: str, walk: Walker):
        assert walk(code).violations == {}

    @pytest.mark.parametrize("code", ["en", "de"])
    def test_pages_fit_the_window_complain_of_nothing_and_set_no_cookie(
        self, code: str, walk: Walker
    ):
        found = walk(code)
        assert {kind for kind, sheets in found.style_sheets.items() if sheets > 2} == set()
        assert len(found.style_sheets) == len(self.pages)
        assert found.wide == {}
        # Pages that say that something is gone, or that a filter makes no sense, answer so.
        refusals = ("404", "410 (Gone)", "400 (Bad Request)")
        assert [
            text for text in found.complaints if not any(code in text for code in refusals)
        ] == []
        assert found.cookies == []

    @pytest.mark.parametrize("code", ["en", "de"])
    def test_long_pages_have_contents(self, code: str, walk: Walker):
        assert walk(code).without_contents == {}
