"""Earlier wording beside a translation, in real Chromium: with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_wording_is_taken_over_marked_and_confirmed_by_saving(
    scripts: bool, browser: Browser, portal: str
):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
    )
    page = context.new_page()
    sign_in(page, portal, "sampleton@example.org")
    open_translation(
        page, portal, f"Office for Equal Participation, {'upper' if scripts else 'lower'} floor"
    )
    mark = page.locator(".proposal-mark p")
    expect(mark).to_be_hidden()
    page.get_by_role("button", name="Use this wording").first.press("Enter")
    field = page.locator("[name=name_uk]")
    expect(field).to_have_value("Управління рівної участі")
    expect(mark).to_be_visible()
    if scripts:
        assert axe_violations(page) == []
        page.set_viewport_size({"width": 390, "height": 800})
        assert overflow(page) <= 0
    page.get_by_role("button", name="Save and stay here").press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(field).to_have_value("Управління рівної участі")
    expect(mark).to_be_hidden()
    context.close()


def open_translation(page: Page, portal: str, name: str) -> None:
    """Write an office of the city and open its Ukrainian side."""
    page.goto(f"{portal}/admin/members/unit/add/")
    page.locator("[name=name_en]").fill(name)
    page.locator("input[name=_continue]").press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    unit = page.url.split("/unit/")[1].split("/")[0]
    page.goto(f"{portal}/admin/translations/unit/{unit}/uk/")
