"""A visitor's way: every kind of page in real Chromium, by keyboard, on a phone, without scripts,
on paper."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import axe_violations

pytestmark = pytest.mark.looks

# What can be pressed and is under 24 pixels. The link of a row covers the row, that of a map is
# measured by itself.
# A link in a sentence is as high as its line (WCAG 2.2, 2.5.8).
SMALL_TARGETS = """() => {
  const all = [...document.querySelectorAll("main :is(a, button, summary, input)")];
  const small = element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && Math.min(box.width, box.height) < 24;
  };
  return all.filter(element => !element.closest(".city-row, svg, .row-signs, p") && small(element))
    .map(element => element.outerHTML);
}"""
# Cities of whose targets another city's name takes the middle or an edge.
TARGETS_UNDER_NAMES = """frame => {
  const covered = [];
  for (const target of frame.querySelectorAll(".map-target")) {
    target.scrollIntoView({block: "center", inline: "center"});
    const box = target.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2, half = 12;
    for (const [right, down] of [[0, 0], [half, 0], [-half, 0], [0, half], [0, -half]]) {
      const there = document.elementFromPoint(x + right, y + down);
      const isName = there && there.classList.contains("map-label");
      if (isName && there.closest("a") !== target.closest("a")) covered.push(there.textContent);
    }
  }
  return covered;
}"""
ALL = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize(
    ("colors", "violations"),
    [
        ("color: #777; background: #fff", 2),
        ("color: color(srgb 0.4 0.4 0.4); background: #fff", 0),
        ("color: #fff; background: rgb(0 0 0 / 40%)", 2),
    ],
)
def test_axe_sees_each_text_that_cannot_be_read(colors: str, violations: int, page: Page):
    """Also the second text of the same colors, which are not parsed again."""
    text = f'<p style="{colors}">Text</p>'
    page.set_content(f"<!doctype html><html lang=en><title>T</title><main>{text}{text}</main>")
    assert axe_violations(page, "color-contrast") == [f"color-contrast: {text}"] * bool(violations)
    found = page.evaluate("async () => (await axe.run({runOnly: 'color-contrast'})).violations")
    assert sum(len(rule["nodes"]) for rule in found) == violations


@pytest.mark.parametrize("path", ["join/", "privacy/", "programmes/otwarty-krakow/"])
def test_contents_stay_in_sight_and_cover_no_heading(path: str, page: Page, portal: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/de/{path}")
    contents = page.locator(".page-contents")
    for link in contents.locator("a").all():
        key = (link.get_attribute("href") or "").removeprefix("#")
        link.click()
        bar = contents.bounding_box() or {}
        heading = page.locator(f"#{key}").bounding_box() or {}
        assert 0 <= bar["y"] < 844, key
        assert heading["y"] >= bar["y"] + bar["height"] - 1, key


def test_contents_of_a_city_stay_in_sight_on_a_phone(page: Page, portal: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/uk/cities/krakow/")
    contents = page.locator(".page-contents")
    for key in ("programmes", "timeline", "sources"):
        contents.locator(f"a[href='#{key}']").click()
        assert _end_of(contents) <= 80, key


@pytest.mark.parametrize("code", ["en", "pl", "uk", "de"])
def test_join_says_cost_time_and_whom_to_ask_in_the_first_screen(
    code: str, page: Page, portal: str
):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/{code}/join/")
    rows = page.locator(".page-head .summary > div")
    assert _end_of(rows.nth(2)) <= 844
    expect(rows.nth(0)).to_contain_text(re.compile(r"1\D?500"))
    assert _end_of(page.locator(".page-head .button")) <= 2 * 844


# Words of headings in the margin that stand in two lines.
BROKEN_WORDS = """() => [...document.querySelectorAll("main h2")].flatMap(heading => {
  const text = heading.firstChild, range = document.createRange();
  return [...text.data.matchAll(/[^\\s-]+/gu)].filter(word => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(word => word[0]);
})"""


@pytest.mark.parametrize("code", ALL)
def test_heading_in_the_margin_keeps_its_words_whole(code: str, page: Page, portal: str):
    page.set_viewport_size({"width": 1024, "height": 900})
    page.goto(f"{portal}/{code}/join/")
    assert page.evaluate(BROKEN_WORDS) == []


def test_visitor_finds_a_city_by_keyboard(page: Page, portal: str):
    page.goto(f"{portal}/en/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("krakau")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/cities/?q=krakau*")
    link = page.locator(".city-list a").first
    for _step in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    outline = link.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/cities/krakow/")
    expect(page.locator("h1")).to_contain_text("Kraków")


def test_name_of_the_site_keeps_its_words_whole(page: Page, portal: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{portal}/fr/cities/")
    # Two lines of words; a third one would be letters broken off.
    box = page.locator(".brand-name").bounding_box() or {}
    assert box["height"] <= 48


def test_menu_of_a_phone_opens_without_scripts_and_by_keyboard(browser: Browser, portal: str):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{portal}/en/cities/krakow/")
    menu = page.locator(".site-nav")
    expect(menu).to_be_hidden()
    button = page.get_by_role("button", name="Menu")
    button.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Cities")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    button.click()
    menu.get_by_role("link", name="Programmes").click()
    expect(page).to_have_url(f"{portal}/en/programmes/")
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(menu).to_be_visible()
    expect(button).to_be_hidden()
    context.close()


def test_language_switcher_stays_on_the_page(page: Page, portal: str):
    page.goto(f"{portal}/en/cities/krakow/")
    page.locator(".languages summary").press("Enter")
    page.get_by_role("link", name="Polski").press("Enter")
    page.wait_for_url("**/pl/cities/krakow/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")


def test_filters_work_without_javascript(browser: Browser, portal: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/de/cities/")
    # Poland is not among the seven with most cities.
    page.locator(".facet[data-key=country] summary", has_text="weitere").click()
    page.locator(".facet[data-key=country] a", has_text="Polen").click()
    expect(page).to_have_url(re.compile(r"/de/cities/\?country=PL#results"))
    expect(page.locator(".city-row")).to_have_count(3)
    page.locator(".chip").first.click()
    expect(page.locator(".city-row")).to_have_count(50)
    context.close()


@pytest.mark.parametrize("code", ["en", "de", "pl", "uk", "es"])
def test_directory_shows_eighteen_cities_in_the_first_screen(code: str, page: Page, portal: str):
    """On an ordinary screen, a line each; at most two lines on a phone."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{portal}/{code}/cities/")
    boxes = [row.bounding_box() or {} for row in page.locator(".city-row").all()]
    assert sum(box["y"] + box["height"] <= 800 for box in boxes) >= 18
    two_lines = [box for box in boxes if box["height"] >= 44]
    assert not two_lines
    assert page.evaluate(SMALL_TARGETS) == []
    for width in (1280, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        drawing = page.locator(".map-drawing").bounding_box() or {}
        row = page.locator(".city-row").first.bounding_box() or {}
        assert drawing["x"] > row["x"] + row["width"], width
        names = [name.bounding_box() or {} for name in page.locator(".city-row .name").all()]
        assert min(name["width"] for name in names) > 150, width
    page.set_viewport_size({"width": 390, "height": 844})
    boxes = [row.bounding_box() or {} for row in page.locator(".city-row").all()]
    assert max(box["height"] for box in boxes) < 60, "three lines"
    expect(page.locator(".map-drawing")).to_be_hidden()
    page.locator(".directory-map > summary").click()
    map_box = page.locator(".map-drawing").bounding_box() or {}
    first_row = page.locator(".city-row").first.bounding_box() or {}
    assert map_box["y"] < first_row["y"]


@pytest.mark.parametrize("width", [320, 390, 1024, 1280])
def test_numbers_of_the_map_have_room_and_open_without_scripts(
    width: int, browser: Browser, portal: str
):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{portal}/en/cities/?country=DE")
    if width < 1024:
        page.locator(".directory-map > summary").click()
    targets = page.locator(".map-target").all()
    assert targets
    for target in targets:
        assert (target.bounding_box() or {})["width"] >= 24
    page.locator(".map-count").first.click()
    expect(page.locator(".map-whole")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?country=DE&map=[-\d,]+#map"))
    assert page.locator(".map-city, .map-cluster").count() > 1
    # A name leads to its city as the dot does, and covers the target of no other.
    page.goto(f"{portal}/en/cities/?country=SE")
    if width < 1024:
        page.locator(".directory-map > summary").click()
    assert page.locator(".map-frame").evaluate(TARGETS_UNDER_NAMES) == []
    name = page.locator(".map-city[data-labelled] .map-label").first
    address = name.locator("..").get_attribute("href")
    name.click()
    expect(page).to_have_url(f"{portal}{address}")
    context.close()


def test_help_page_offers_a_quick_way_off_and_a_neutral_title(page: Page, portal: str):
    page.goto(f"{portal}/en/help/krakow/")
    expect(page.locator(".quick-exit")).to_be_visible()
    assert "iscriminat" not in page.title()
    expect(page.get_by_role("link", name="112").first).to_be_visible()


def test_help_prints_on_one_sheet(page: Page, portal: str):
    for path in ("pl/help/krakow/", "en/help/koln/", "de/help/de/"):
        page.goto(f"{portal}/{path}")
        sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True))
        assert len(sheets) == 1, path


def test_number_is_at_most_two_taps_and_one_screen_away(browser: Browser, portal: str):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    screen = 844
    for language in ("en", "pl", "sv", "de", "fr", "it", "es", "uk"):
        page.goto(f"{portal}/{language}/plan/")
        page.locator(".help-link").click()
        assert _end_of(page.locator("#find-help")) <= 300, language
        page.locator(".help-main .help-ways a").first.click()
        assert _end_of(page.locator(".call-button").first) <= screen / 2, language
        # A page that knows the city needs one tap.
        page.goto(f"{portal}/{language}/programmes/otwarty-krakow/")
        page.locator(".help-link").click()
        assert page.url.endswith("/help/krakow/")
        assert _end_of(page.locator(".call-button").first) <= screen / 2, language
        # Long names and numbers, a mail address first, and a country without an adviser.
        for place in ("yverdon-les-bains", "ba", "dublin", "ru"):
            page.goto(f"{portal}/{language}/help/{place}/")
            assert _end_of(page.locator("main .call-button").first) <= screen, place
    context.close()


def _end_of(locator: Locator) -> float:
    """How far down the page an element ends, in pixels."""
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_bar_of_help_covers_no_focus(page: Page, portal: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/en/help/krakow/")
    bar = page.locator(".now-bar").bounding_box()
    assert bar is not None
    for _tab in range(40):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => {
              const focus = document.activeElement.getBoundingClientRect();
              const bar = document.querySelector(".now-bar");
              if (bar.contains(document.activeElement)) return false;
              return focus.height > 0 && focus.bottom > 0
                && focus.top < bar.getBoundingClientRect().bottom - 1
                && bar.getBoundingClientRect().top <= 0;
            }"""
        )
        assert not covered, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize(
    ("path", "most_pixels", "most_sheets"),
    [
        ("en/cities/krakow/", 5000, 4),
        ("pl/cities/krakow/", 5000, 4),
        ("uk/cities/krakow/", 5000, 4),
        ("de/cities/krakow/", 5000, 4),
        ("de/cities/sampleton/", 8000, 6),
        ("en/cities/sampleton/", 8000, 6),
    ],
)
def test_city_is_short_on_a_phone_and_on_paper(
    path: str, most_pixels: int, most_sheets: int, page: Page, portal: str
):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/{path}")
    assert page.evaluate("document.documentElement.scrollHeight") <= most_pixels
    small_map = ".locator-small, .locator-nowhere svg"
    for part in (".city-status", small_map, ".city-told", ".help-card", ".strip-columns"):
        assert _end_of(page.locator(part)) <= 844, part
    sheets = re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) <= most_sheets


@pytest.mark.parametrize("city", ["krakow", "sampleton"])
def test_help_and_strip_stand_in_the_first_screen_of_a_phone(city: str, page: Page, portal: str):
    """Also under the notice that a city is invented, and with the longest words."""
    page.set_viewport_size({"width": 390, "height": 844})
    for language in ALL:
        page.goto(f"{portal}/{language}/cities/{city}/")
        assert _end_of(page.locator(".help-card")) <= 844, language
        assert _end_of(page.locator(".strip-columns")) <= 844, language


def test_help_is_short_on_a_phone_and_its_folds_open(page: Page, portal: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/en/help/krakow/")
    assert page.evaluate("document.documentElement.scrollHeight") <= 3400
    page.locator(".contact-foot a").first.click()
    expect(page.locator("#source-1")).to_be_visible()
    page.get_by_role("heading", name="In other languages").click()
    expect(page.locator(".help-lines li").first).to_be_visible()


def test_folded_parts_open_when_their_anchor_is_asked(page: Page, portal: str):
    """Search, feeds and letters link to points and actions; marks to sources, and back."""
    address = f"{portal}/en/cities/krakow/"
    page.goto(address)
    anchors = page.locator("details [id]").evaluate_all("parts => parts.map(part => part.id)")
    kinds = ("point-", "action-", "acts", "source-", "claim-")
    for kind in kinds:
        anchor = next(anchor for anchor in anchors if anchor.startswith(kind))
        page.goto(f"{address}?{kind}#{anchor}")
        expect(page.locator(f"#{anchor}")).to_be_visible()
    page.goto(address)
    page.locator(".strip-columns a").first.click()
    expect(page.locator(".folds .inside").first).to_be_visible()


def test_leaving_quickly_leaves_no_way_back(page: Page, portal: str):
    page.route("https://www.wikipedia.org/", lambda route: route.fulfill(body="Elsewhere"))
    page.goto(f"{portal}/en/about/")
    page.goto(f"{portal}/en/help/krakow/")
    page.locator(".quick-exit").click()
    page.wait_for_url("https://www.wikipedia.org/")
    page.go_back()
    assert page.url == f"{portal}/en/about/"


def test_page_reads_in_forced_colours_and_on_paper(page: Page, portal: str):
    page.emulate_media(forced_colors="active")
    page.goto(f"{portal}/en/cities/krakow/")
    expect(page.locator("h1")).to_be_visible()
    page.emulate_media(media="print", forced_colors="none")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".site-nav")).to_be_hidden()


# What a reader of figures loses first where colours are not the portal's own: of each kind of mark
# whether it stands out from the page.
MARKS_OF_FIGURES = """() => {
  const probe = document.body.appendChild(document.createElement("span"));
  const system = name => { probe.style.color = name; return getComputedStyle(probe).color; };
  const [ink, paper] = [system("CanvasText"), system("Canvas")];
  const marks = {
    solid: ['.figure-bar:not([data-fill]), .figure-bar[data-fill="solid"]', "fill"],
    hatched: ['.figure-bar[data-fill="hatched"]', "stroke"],
    outline: ['.figure-bar[data-fill="outline"]', "stroke"],
    hatching: [".hatch-line", "fill"],
    axis: [".figure-axis", "stroke"],
    number: [".figure-drawing text", "fill"],
    sign: [".matrix td svg", "color"],
  };
  const seen = {};
  for (const [name, [selector, property]] of Object.entries(marks)) {
    const elements = [...document.querySelectorAll(selector)];
    seen[name] = elements.length > 0
      && elements.every(element => getComputedStyle(element)[property] === ink);
  }
  return {...seen, differ: ink !== paper};
}"""
# Width of the print on A4, in CSS pixels: 210 mm less the margins.
A4 = 673
# Of the figures on paper: what is hidden there, what is cut off, what does not stand open.
ON_PAPER = """() => {
  const box = element => element.getBoundingClientRect();
  const all = selector => [...document.querySelectorAll(selector)];
  const cut = element => element.scrollWidth > element.clientWidth + 1
    || element.scrollHeight > element.clientHeight + 1;
  return {
    controls: all("main :is(select, button)").filter(element => box(element).height > 0).length,
    cut: all(".matrix, .table-scroll").filter(cut).length,
    wide: document.documentElement.scrollWidth - innerWidth,
    readings: all(".figure-reading").filter(element => box(element).height > 5).length,
    drawings: all(".figure-drawing").filter(element => box(element).height > 50).length,
    figures: all("main section.chapter").length,
  };
}"""


def test_figures_read_in_forced_colours(page: Page, portal: str):
    page.emulate_media(forced_colors="active")
    page.goto(f"{portal}/en/figures/")
    marks = page.evaluate(MARKS_OF_FIGURES)
    assert [name for name, is_seen in marks.items() if not is_seen] == []


# Of the figures on a screen: how many have a neighbour in their row, bars that are too short to
# compare, names that stand out of their column, and signs of the matrix with the year under them.
ON_A_SCREEN = """() => {
  const box = element => element.getBoundingClientRect();
  const all = selector => [...document.querySelectorAll(selector)];
  const tops = all("main section.chapter").map(element => Math.round(box(element).top));
  const cells = all(".matrix td a");
  return {
    beside: tops.filter(top => tops.filter(other => other === top).length > 1).length,
    broken: all(".figure-bars span:first-child, .page-contents a").filter(name =>
      [...name.textContent.matchAll(/[\\p{L}]{2,}/gu)].some(word => {
        const range = document.createRange();
        const text = name.querySelector("a")?.firstChild || name.firstChild;
        if (text.nodeType !== 3 || text.data !== name.textContent) return false;
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return range.getClientRects().length > 1;
      })).map(name => name.textContent),
    short: all(".figure-bars svg").map(drawing => box(drawing).width)
      .filter(width => width > 0 && width < 64).length,
    cut: all(".figure-bars span:not(.visually-hidden)")
      .filter(name => name.scrollWidth > name.clientWidth + 1).length,
    high: cells.filter(cell => box(cell.lastElementChild.previousElementSibling).top
      > box(cell.firstElementChild).bottom - 2).length,
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


@pytest.mark.parametrize("code", ["en", "de", "uk"])
@pytest.mark.parametrize(("width", "beside"), [(1280, 8), (1024, 6), (768, 0), (320, 0)])
def test_figures_stand_beside_each_other_where_there_is_room(
    width: int, beside: int, code: str, page: Page, portal: str
):
    """All but the matrix; those of the members where two columns of countries have room. On a wide
    screen no name breaks inside a word."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{portal}/{code}/figures/")
    found = page.evaluate(ON_A_SCREEN)
    assert not found["broken"] or width < 1280
    assert found["beside"] == beside
    assert (found["short"], found["cut"], found["wide"]) == (0, 0, 0)
    assert (found["high"] > 0) == (beside == 0)


@pytest.mark.parametrize("code", ["en", "uk"])
def test_figures_print_whole(code: str, page: Page, portal: str):
    """Every city of the matrix, every drawing, and how each is read; no control."""
    page.set_viewport_size({"width": A4, "height": 900})
    page.emulate_media(media="print")
    page.goto(f"{portal}/{code}/figures/")
    found = page.evaluate(ON_PAPER)
    assert (found["controls"], found["cut"], found["wide"]) == (0, 0, 0)
    # The matrix has no drawing and says above it how it is read.
    assert found["figures"] == found["readings"] == found["drawings"] + 1
    # What stands open has its name above it.
    names = page.locator(".figure-foot > .more:has(.figure-reading) > summary")
    assert names.count() == found["drawings"]
    assert all(name.is_visible() for name in names.all())
    expect(page.locator(".on-paper").first).to_be_visible()
    expect(page.locator(".on-paper").first).to_contain_text(f"/{code}/figures/")
