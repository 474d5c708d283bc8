"""The ways of a coordinator and of the secretariat, in real Chromium."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in, switch_language

STAFF_PAGES = [
    "/admin/",
    "/admin/members/city/",
    "/admin/members/unit/add/",
    "/admin/members/legalact/",
    "/admin/members/organisation/add/",
    "/admin/members/supportcontact/",
    "/admin/members/invitation/add/",
    "/admin/members/document/add/",
    "/admin/programs/programme/",
    "/admin/programs/programme/add/",
    "/admin/programs/edition/add/",
    "/admin/programs/grant/add/",
    "/admin/programs/evaluation/",
    "/admin/password_change/",
    "/admin/translations/",
]
ACCOUNT_PAGES = [
    "/accounts/safety/",
    "/accounts/safety/app/",
    "/accounts/safety/codes/",
    "/accounts/safety/codes/new/",
    "/accounts/safety/passkeys/add/",
    "/accounts/safety/sessions/",
    "/accounts/safety/address/",
    "/accounts/again/",
    "/accounts/again/passkey/",
    "/accounts/logout/",
]
OFFICE_PAGES = [
    "/admin/members/membership/",
    "/admin/members/meeting/add/",
    "/admin/members/user/",
    "/admin/members/user/2/factors/",
    "/admin/members/point/",
    "/admin/members/source/",
    "/admin/auditlog/logentry/",
]


def test_coordinator_changes_their_city_and_sees_it_in_public(page: Page, portal: str):
    sign_in(page, portal, "krakow@example.org")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    page.wait_for_url("**/admin/city/krakow/")
    page.locator("a[href*='/admin/members/city/'][href$='/change/']").first.press("Enter")
    page.locator("textarea[name=introduction_pl]").fill("Kraków działa na rzecz równości.")
    page.locator("input[name=_continue]").press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(page.locator("details.language-panel").first).to_have_attribute("open", "")
    page.goto(f"{portal}/pl/cities/krakow/")
    expect(page.get_by_text("Kraków działa na rzecz równości.")).to_be_visible()
    page.goto(f"{portal}/de/cities/krakow/")
    # There is a German text: the Polish one does not stand in its place.
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text("Kraków działa na rzecz równości.")).to_have_count(0)


def test_error_in_a_folded_language_opens_its_panel(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/members/unit/add/")
    page.locator("input[name=_save]").press("Enter")
    error = page.locator(".errorlist li").first
    expect(error).to_be_visible()
    field = page.locator("input[name=name_en]")
    expect(field).to_be_visible()
    expect(page.locator(".errornote")).to_be_visible()


def test_publishing_shows_the_entry_at_once(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/members/unit/add/")
    page.locator("input[name=name_en]").fill("Office for Brand-new Matters")
    page.locator("input[name=_save]").press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(f"{portal}/en/cities/sampleton/")
    expect(page.get_by_text("Office for Brand-new Matters")).to_have_count(0)
    page.goto(f"{portal}/admin/members/unit/?q=Brand-new")
    page.locator("#result_list tbody a").first.press("Enter")
    page.locator("input[name=_publish]").press("Enter")
    page.goto(f"{portal}/en/cities/sampleton/")
    expect(page.get_by_text("Office for Brand-new Matters").first).to_be_visible()


def test_language_of_work_can_be_switched(page: Page, portal: str):
    sign_in(page, portal, "exampleby@example.org")
    switch_language(page, "sv")
    expect(page.locator("html")).to_have_attribute("lang", "sv")


@pytest.mark.looks
@pytest.mark.parametrize(
    ("email", "paths", "width"),
    [
        ("krakow@example.org", STAFF_PAGES, 1280),
        ("secretariat@example.org", [*STAFF_PAGES, *OFFICE_PAGES], 1280),
        ("secretariat@example.org", STAFF_PAGES, 390),
    ],
    ids=["coordinator", "secretariat", "secretariat on a phone"],
)
def test_staff_pages_have_no_violations_and_no_complaints(
    email: str, paths: list[str], width: int, browser: Browser, portal: str
):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    sign_in(page, portal, email)
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    found = {}
    for path in paths:
        page.goto(portal + path)
        assert page.locator("link[rel=stylesheet]").count() <= 2, path
        assert overflow(page) <= 0 or width < 1280, path
        # Before axe comes: injecting it bypasses the policy.
        assert complaints == [], (email, path)
        if violations := axe_violations(page):
            found[path] = violations
    assert found == {}, (email, width)
    assert complaints == [], email
    context.close()


@pytest.mark.looks
def test_sign_in_pages_have_no_violations(page: Page, portal: str):
    for path in ["/accounts/login/", "/accounts/password/reset/", "/accounts/invitation/nonsense/"]:
        for code in ("en", "uk"):
            page.goto(f"{portal}{path}?language={code}")
            assert axe_violations(page) == [], path


def test_passkey_is_made_and_signs_in_and_account_pages_have_no_violations(
    browser: Browser, portal: str
):
    """At `localhost`: browsers refuse passkeys at an address of numbers."""
    here = portal.replace("127.0.0.1", "localhost")
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    plug_in_a_passkey(page)
    sign_in(page, here, "committee@example.org")
    page.goto(f"{here}/accounts/safety/passkeys/add/")
    page.get_by_label("Name of the passkey").fill("Key in the safe")
    page.get_by_role("button", name="Make the passkey").press("Enter")
    page.wait_for_url("**/safety/codes/")
    found = {}
    for path in ACCOUNT_PAGES:
        page.goto(here + path)
        assert overflow(page) <= 0, path
        assert complaints == [], path
        if violations := axe_violations(page):
            found[path] = violations
    assert found == {}
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{here}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").press("Enter")
    page.wait_for_url("**/admin/")
    page.goto(f"{here}/accounts/safety/")
    expect(page.get_by_role("heading", name="Key in the safe")).to_be_visible()
    context.close()


def plug_in_a_passkey(page: Page) -> None:
    """A security key with a PIN, as far as the browser knows; somebody always touches it."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key})
