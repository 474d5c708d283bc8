"""The pages on which somebody keeps their own account, in real Chromium: as they look, and by
keyboard."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in
from tests.browser.test_staff import plug_in_a_passkey

SAFETY = "/accounts/safety/"
# Beside those that the page about signing in leads to.
FURTHER = ["/admin/password_change/", "/admin/portal/personaldetail/", "/accounts/again/"]
BEFORE = ["/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"]


@pytest.mark.looks
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(390, "dark", "de"), (1280, "light", "uk"), (390, "light", "en")],
)
def test_pages_of_an_account_have_no_violations(
    width: int, scheme: str, language: str, browser: Browser, portal: str
):
    here = portal.replace("127.0.0.1", "localhost")
    page, elsewhere = (window(browser, width, scheme) for _one in range(2))
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    plug_in_a_passkey(page)
    for path in BEFORE:
        page.goto(f"{here}{path}?language={language}")
        assert looks_wrong(page) == [], path
    for one in (elsewhere, page):
        sign_in(one, here, "secretariat@example.org")
    page.locator("#admin-language").select_option(language)
    page.locator(".language-form button").press("Enter")
    add_passkey(page, here)
    page.goto(here + SAFETY)
    links = page.locator(f"main a[href^='{SAFETY}']")
    addresses = [link.get_attribute("href") for link in links.all()]
    assert len(addresses) >= 8
    found = {}
    for address in [SAFETY, *addresses, *FURTHER]:
        page.goto(f"{here}{address}")
        assert page.locator("html").get_attribute("lang") == language
        if wrong := looks_wrong(page):
            found[address] = wrong
    assert found == {}
    assert complaints == []
    remove_passkeys(page, here)
    for one in (elsewhere, page):
        one.context.close()


def window(browser: Browser, width: int, scheme: str) -> Page:
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme)
    return context.new_page()


def looks_wrong(page: Page) -> list[str]:
    """What axe finds, and what is cut off at this width; lists of the administration scroll."""
    wrong = axe_violations(page)
    if overflow(page) > 0 and "/admin/" not in page.url:
        wrong.append("wider than the window")
    return wrong


def add_passkey(page: Page, here: str) -> None:
    page.goto(f"{here}{SAFETY}passkeys/add/")
    page.locator("form[data-passkey] button[type=submit]").press("Enter")
    page.wait_for_url("**/safety/codes/")


def remove_passkeys(page: Page, here: str) -> None:
    """The account signs in by password alone again: other tests use it, too."""
    page.goto(here + SAFETY)
    address = page.locator("main a[href$='/remove/']").first.get_attribute("href")
    page.goto(f"{here}{address}")
    page.locator("main form button[type=submit]").press("Enter")
    page.wait_for_url(f"**{SAFETY}")


def test_sessions_are_ended_by_keyboard(browser: Browser, portal: str):
    page, elsewhere = (window(browser, 390, "light") for _one in range(2))
    sign_in(elsewhere, portal, "sampleton@example.org")
    page.goto(f"{portal}/accounts/login/?language=en")
    tab_to(page, "input[name=login]")
    page.keyboard.type("sampleton@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("ten-points-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")
    page.goto(portal + SAFETY)
    tab_to(page, f"a[href='{SAFETY}sessions/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/")
    tab_to(page, "main button")
    # Its name says which session it ends.
    assert "Chrome" in page.locator("main button:focus").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You are signed out there.")
    elsewhere.goto(f"{portal}/admin/")
    expect(elsewhere).to_have_url(f"{portal}/accounts/login/?next=/admin/")
    for one in (elsewhere, page):
        one.context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this is focused, as often as there are things to stop at."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached by Tab")
