"""A city thinks about joining: the form by keyboard, in Polish, with a mistake on the way; then the
office's queue."""

import pytest
from playwright.sync_api import Page, expect

from members.forms.interest import FASTEST
from tests.browser.conftest import axe_violations, overflow, sign_in


def test_city_writes_by_keyboard_and_the_office_finds_it_in_its_queue(page: Page, portal: str):
    page.goto(f"{portal}/pl/join/")
    page.locator("a.button[href$='/join/interest/']").press("Enter")
    page.wait_for_url("**/pl/join/interest/")
    page.locator("#id_city_name").focus()
    for typed in ("Nowe Miasto nad Próbą", "Pol", "Ada Przykładowa", "Biuro Równości", "ada@"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Chcemy wiedzieć więcej.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("main button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")

    summary = page.locator(".error-summary")
    expect(summary).to_be_visible()
    expect(page.locator("#id_message")).to_have_value("Chcemy wiedzieć więcej.")
    expect(page.locator("#id_country")).to_have_value("PL")
    assert axe_violations(page) == []
    summary.locator("a[href='#id_email']").press("Enter")
    expect(page.locator("#id_email")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("nowemiasto.example.org")
    page.wait_for_timeout((FASTEST + 1) * 1000)
    page.keyboard.press("Enter")
    page.wait_for_url("**/pl/join/interest/thanks/")
    assert page.context.cookies() == []

    sign_in(page, portal, "secretariat@example.org")
    page.goto(f"{portal}/admin/members/expressionofinterest/")
    page.get_by_role("link", name="Nowe Miasto nad Próbą").press("Enter")
    expect(page.get_by_text("ada@nowemiasto.example.org").first).to_be_visible()
    assert axe_violations(page) == []


@pytest.mark.looks
def test_pages_of_the_office_have_no_violations(page: Page, portal: str):
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    sign_in(page, portal, "secretariat@example.org")
    paths = [
        "/admin/members/expressionofinterest/",
        "/admin/members/feeband/",
        "/admin/members/membership/worklist/",
        "/admin/members/membership/worklist/?country=PL",
        "/admin/members/membership/worklist/table/",
        "/admin/members/city/1/rename/",
        "/admin/members/city/1/merge/",
        "/admin/members/city/1/merge/?into=2",
    ]
    found = {}
    for path in paths:
        page.goto(portal + path)
        assert overflow(page) <= 0, path
        # Before axe comes: injecting it bypasses the policy.
        assert complaints == [], path
        if violations := axe_violations(page):
            found[path] = violations
    assert found == {}
    assert complaints == []
