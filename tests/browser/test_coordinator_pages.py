"""A coordinator's hour, in real Chromium: how many clicks, fields and seconds the four commonest
jobs take; two windows with one text; a session that ends while somebody writes."""

import re
import sys
import time

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in, switch_language

PAGES = [
    "/admin/city/sampleton/",
    "/admin/city/sampleton/points/3/",
    "/admin/city/sampleton/points/9/?language=de",
    "/admin/members/unit/{unit}/history/",
]

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


class Counted:
    """Counts what a person does, and the time from the first to the last."""

    def __init__(self) -> None:
        self.clicks = self.fields = 0
        self.begun = time.monotonic()

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.focus()
        target.press("Enter")

    def fill(self, target: Locator, text: str) -> None:
        self.fields += 1
        target.fill(text)

    def check(self, target: Locator) -> None:
        self.fields += 1
        target.check()

    def report(self, job: str) -> None:
        seconds = time.monotonic() - self.begun
        sys.stdout.write(f"{job}: {self.clicks} clicks, {self.fields} fields, {seconds:.1f} s\n")


def do(page: Page, verb: str) -> Locator:
    return page.locator(f"button[value={verb}]").first


def said(page: Page, text: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(text)


def test_whole_city_is_confirmed_with_one_press_once_it_was_read(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    expect(page).to_have_url(f"{portal}/admin/city/sampleton/")
    expect(page.get_by_text("Not confirmed for a year").first).to_be_visible()
    counted = Counted()
    counted.click(page.locator(".still-true a"))
    expect(page.locator(".answers > li")).not_to_have_count(0)
    assert axe_violations(page) == []
    counted.click(do(page, "confirm_all"))
    said(page, "still true today")
    counted.report("confirming a whole city")
    assert (counted.clicks, counted.fields) == (2, 0)
    expect(
        page.locator("section[aria-labelledby=waits]").get_by_text("Not confirmed for a year")
    ).to_have_count(0)


# What a page of work may be high on a phone, in any language.
HEIGHTS = {
    "sampleton@example.org": ("#waits", 2500),
    "secretariat@example.org": ("#answer", 3100),
}


@pytest.mark.parametrize("email", HEIGHTS)
def test_desks_are_short_on_a_phone_in_every_language(email: str, page: Page, portal: str):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, portal, email)
    heading, bar = HEIGHTS[email]
    heights = {}
    # English is the last: it stays the language of the tests that follow.
    for code, _name in reversed(settings.LANGUAGES):
        switch_language(page, code)
        expect(page.locator("html")).to_have_attribute("lang", code)
        expect(page.locator(heading)).to_be_visible()
        heights[code] = page.evaluate("document.documentElement.scrollHeight")
        assert overflow(page) == 0, code
    sys.stdout.write(f"{email}: {heights}\n")
    assert max(heights.values()) <= bar, heights
    assert axe_violations(page) == []


# The words of what is filled as the one step to take next, without what is folded.
FILLED = """() => {
  const probe = document.createElement("a");
  probe.className = "button";
  document.querySelector("#content > div").append(probe);
  const color = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const buttons = document.querySelectorAll("#content :is(.button, button, input[type=submit])");
  return [...buttons]
    .filter(one => one.checkVisibility() && getComputedStyle(one).backgroundColor === color)
    .map(one => (one.value || one.textContent).trim());
}"""
OFFICE_PAGES = ("/admin/", "/admin/network/mailbox/", "/admin/network/mailbox/ask/")
CITY_PAGES = (
    "/admin/city/sampleton/",
    "/admin/city/sampleton/points/3/",
    "/admin/city/sampleton/team/",
    "/admin/profile/",
    "/admin/members/unit/add/",
    "/admin/members/invitation/add/",
)


@pytest.mark.looks
@pytest.mark.parametrize(
    ("email", "paths"),
    [("sampleton@example.org", CITY_PAGES), ("secretariat@example.org", OFFICE_PAGES)],
)
def test_page_of_work_has_one_filled_button(email: str, paths, page: Page, portal: str):
    sign_in(page, portal, email)
    filled = {}
    for path in paths:
        page.goto(portal + path)
        filled[path] = page.evaluate(FILLED)
    assert {path: words for path, words in filled.items() if len(words) > 1} == {}


def test_day_is_picked_from_a_calendar_or_typed(page: Page, portal: str):
    """The calendar of the browser fills the field that one types in, as the language writes it."""
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/members/legalact/add/")
    field = page.locator("#id_passed")
    calendar = field.locator("xpath=..").locator("input[type=date]")
    calendar.evaluate("one => { one.value = '2024-03-01'; one.dispatchEvent(new Event('change')) }")
    picked = re.split(r"\D", field.input_value())
    assert sorted(map(int, picked)) == [1, 3, 2024]
    field.fill("1 March 2024")
    field.press("Tab")
    expect(field).to_have_value("1 March 2024")


def test_action_with_evidence_in_two_languages(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/city/sampleton/points/7/")
    counted = Counted()
    counted.fill(page.locator("#id_own-title"), "Flats shared out by lot")
    counted.click(do(page, "begin"))
    counted.fill(page.locator("#id_action-description_en"), "Every tenth flat is given by lot.")
    counted.check(page.locator("input[name=action-status][value=done]"))
    counted.fill(page.locator("#id_link-0-url"), "https://www.example.com/lots")
    counted.fill(page.locator("#id_link-0-note_en"), "The list of draws.")
    page.locator("#id_proof-files").set_input_files(
        {"name": "draws-2026.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    counted.click(do(page, "publish"))
    said(page, "public now")
    counted.click(do(page, "language-de"))
    counted.fill(page.locator("#id_text-de-title_de"), "Wohnungen durch Los")
    counted.fill(page.locator("#id_text-de-description_de"), "Jede zehnte Wohnung wird verlost.")
    counted.fill(page.locator("textarea[name$=note_de]"), "Die Liste der Ziehungen.")
    counted.click(do(page, "save"))
    said(page, "Saved.")
    counted.report("adding an action with evidence in two languages")
    assert (counted.clicks, counted.fields) == (4, 8)
    page.goto(f"{portal}/de/cities/sampleton/")
    expect(page.get_by_text("Wohnungen durch Los").first).to_be_attached()
    expect(page.get_by_text("Die Liste der Ziehungen.").first).to_be_attached()
    expect(page.locator("main a", has_text="draws-2026").first).to_be_attached()


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without"])
def test_nothing_typed_is_lost_before_it_is_saved(script: bool, browser: Browser, portal: str):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/city/sampleton/points/3/")
    page.locator("#actions + ul a").first.press("Enter")
    name = "annual-report" if script else "minutes"
    description = page.locator("#id_action-description_en")
    description.fill(f"Typed for an hour, {name}.")
    page.locator("#id_proof-files").set_input_files(
        {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF + name.encode()}
    )
    do(page, "more-links").press("Enter")
    expect(page.locator("#id_link-1-url")).to_be_attached()
    expect(description).to_have_value(f"Typed for an hour, {name}.")
    page.locator("#id_link-0-url").fill("no address")
    do(page, "save").press("Enter")
    expect(page.get_by_role("heading", name="Not saved yet: one thing")).to_be_visible()
    expect(page.locator(".kept-files strong")).to_have_text(f"{name}.pdf")
    if script:
        assert axe_violations(page) == []
    page.locator("#id_link-0-url").fill(f"https://www.example.com/{name}")
    do(page, "save").press("Enter")
    said(page, "Saved.")
    expect(page.locator("#evidence + ul")).to_contain_text(name)
    address = page.url
    page.goto(f"{portal}/en/cities/sampleton/")
    expect(page.locator("main a", has_text=name).first).to_be_attached()
    if script:
        page.goto(address)
        description.fill("Not saved.")
        expect(page.get_by_text(re.compile(r"Kept at \d\d:\d\d, not saved yet"))).to_be_visible()
        questions: list[str] = []
        page.once("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
        page.locator(".leave a").first.press("Enter")
        assert questions == ["You have not saved what you typed here. Leave the page?"]
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator(".leave a").first.press("Enter")
        page.wait_for_url("**/points/3/")
        page.goto(address)
        expect(description).to_have_value("Not saved.")
        # As a page that was sent and comes back from the browser's memory.
        page.evaluate(
            """() => {
                const form = document.querySelector("form[data-unsaved]");
                form.addEventListener("submit", (event) => event.preventDefault(), {once: true});
                form.requestSubmit();
                dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
            }"""
        )
        with page.expect_request("**/admin/kept/**"):
            description.fill("Not saved, typed after coming back.")
        do(page, "forget").press("Enter")
        expect(description).to_have_value(f"Typed for an hour, {name}.")
    context.close()


def test_suggestion_is_chosen_from_an_empty_point(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    counted = Counted()
    counted.click(page.locator(".desk-points a", has_text="Cultural diversity"))
    expect(page.locator("#neighbors")).to_be_visible()
    counted.click(page.locator("button[value^='take_up:']").first)
    said(page, "Planned.")
    counted.click(do(page, "publish"))
    said(page, "public now")
    counted.report("choosing a suggested action from an empty point")
    assert (counted.clicks, counted.fields) == (3, 0)


def test_old_text_is_restored(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    address = f"{portal}/admin/city/sampleton/points/2/"
    page.goto(address)
    promise = page.locator("#id_promise-statement_en")
    old = promise.input_value()
    for text in ("First try.", "Second try."):
        promise.fill(text)
        do(page, "save").press("Enter")
        said(page, "Saved.")
    counted = Counted()
    counted.click(page.get_by_role("link", name="History"))
    counted.click(page.locator("ol.history > li a").last)
    expect(page.get_by_text("This is an old version")).to_be_visible()
    expect(page.locator("textarea[name=statement_en]")).to_have_value(old)
    counted.click(page.locator("input[name=_save]"))
    said(page, "Saved:")
    counted.report("restoring an old text")
    assert (counted.clicks, counted.fields) == (3, 0)
    page.goto(address)
    expect(promise).to_have_value(old)


def test_two_windows_with_one_text(browser: Browser, portal: str):
    windows = []
    for email in ("sampleton@example.org", "secretariat@example.org"):
        context = browser.new_context()
        window = context.new_page()
        sign_in(window, portal, email)
        window.goto(f"{portal}/admin/city/sampleton/points/4/")
        windows.append(window)
    hers, his = windows
    hers.locator("#id_promise-statement_en").fill("Her text.")
    his.locator("#id_promise-statement_en").fill("His text.")
    do(hers, "save").press("Enter")
    said(hers, "Saved.")
    do(his, "save").press("Enter")
    expect(
        his.get_by_role("heading", name="Somebody else changed a field that you changed too")
    ).to_be_visible()
    expect(his.locator("#id_promise-statement_en")).to_have_value("His text.")
    assert axe_violations(his) == []
    his.get_by_label("Keep the other version").check()
    do(his, "save").press("Enter")
    said(his, "Saved.")
    expect(his.locator("#id_promise-statement_en")).to_have_value("Her text.")
    for window in windows:
        window.context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without"])
def test_text_typed_while_the_session_ended_is_saved_after_signing_in(
    script: bool, browser: Browser, portal: str
):
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/city/sampleton/points/1/")
    typed = (
        f"Written before the session ended\nwith a second line, {'script' if script else 'plain'}."
    )
    page.locator("#id_promise-statement_en").fill(typed)
    context.clear_cookies(name="sessionid")
    do(page, "save").press("Enter")
    expect(page.get_by_role("heading", name="Sign in to save what you typed")).to_be_visible()
    if script:
        assert axe_violations(page) == []
    page.get_by_label("mail").fill("sampleton@example.org")
    page.get_by_label("Password").fill("ten-points-demo")
    page.get_by_role("button", name="Sign in and save").press("Enter")
    if not script:
        page.get_by_role("button", name="Save it now").press("Enter")
    said(page, "Saved.")
    expect(page.locator("#id_promise-statement_en")).to_have_value(typed)
    context.close()


def test_form_from_before_another_signing_in_is_carried_on(browser: Browser, portal: str):
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/city/sampleton/points/6/")
    page.locator("#id_promise-statement_en").fill("From the old window.")
    context.clear_cookies()
    other = context.new_page()
    sign_in(other, portal, "sampleton@example.org")
    do(page, "save").press("Enter")
    said(page, "Saved.")
    expect(page.locator("#id_promise-statement_en")).to_have_value("From the old window.")
    context.close()


def test_draft_is_kept_opened_and_published(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/members/unit/?q=Equal")
    page.locator("#result_list tbody a").first.press("Enter")
    name = page.locator("input[name=name_en]")
    before = name.input_value()
    name.fill("Office of the Draft")
    page.locator("input[name=_draft]").press("Enter")
    expect(page.get_by_role("heading", name="This is a draft")).to_be_visible()
    expect(name).to_have_value("Office of the Draft")
    assert axe_violations(page) == []
    form = page.url
    page.goto(f"{portal}/en/cities/sampleton/")
    # It stands in the folded points too.
    offices = page.locator("section[aria-labelledby=responsible]")
    expect(offices.get_by_text(before)).to_be_visible()
    expect(page.get_by_text("Office of the Draft")).to_have_count(0)
    page.goto(form)
    page.get_by_role("button", name="Publish these changes").press("Enter")
    page.goto(f"{portal}/en/cities/sampleton/changes/")
    expect(page.locator("ins", has_text="Draft").first).to_be_visible()
    assert axe_violations(page) == []


def cut_off(page: Page) -> list[str]:
    """Lines of a form that are wider than the room they have: what stands there is not seen."""
    return page.evaluate(
        """[...document.querySelectorAll("details")].forEach(part => { part.open = true });
        [...document.querySelectorAll(".form-row")]
            .filter(row => row.scrollWidth > row.clientWidth + 1)
            .map(row => row.className)"""
    )


@pytest.mark.looks
def test_coordinators_pages_fit_and_have_no_violations(browser: Browser, portal: str):
    for width, scheme in ((1280, "light"), (390, "dark"), (320, "light")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        sign_in(page, portal, "sampleton@example.org")
        page.goto(f"{portal}/admin/members/unit/")
        unit = page.locator("#result_list tbody a").first.get_attribute("href").split("/")[4]
        page.goto(f"{portal}/admin/city/sampleton/points/1/")
        action = page.locator(".work-list .what a").first.get_attribute("href")
        found = {}
        form = f"/admin/members/action/{action.rstrip('/').rpartition('/')[2]}/change/"
        for path in [*PAGES, f"{action}?language=de", form]:
            page.goto(portal + path.format(unit=unit))
            assert overflow(page) <= 0, path
            assert cut_off(page) == [], (path, width)
            if violations := axe_violations(page):
                found[path] = violations
        assert found == {}, width
        context.close()
