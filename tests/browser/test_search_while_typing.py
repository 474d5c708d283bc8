"""Suggestions while somebody types, by keyboard and with axe; and the same search without
JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import axe_violations

pytestmark = pytest.mark.looks

FIELDS = {
    "header": ("/en/cities/", "#header-search"),
    "home": ("/en/", "#find-city"),
    "search page": ("/en/search/", "#id_q"),
}


def typed(page: Page, portal: str, address: str, field: str, text: str) -> None:
    page.goto(f"{portal}{address}")
    page.locator(field).focus()
    page.keyboard.type(text)


@pytest.mark.parametrize("place", FIELDS)
def test_suggestion_is_opened_by_keyboard(place: str, page: Page, portal: str):
    address, field = FIELDS[place]
    typed(page, portal, address, field, "krakau")
    combobox = page.locator(field)
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Kraków")
    expect(combobox).to_have_attribute("role", "combobox")
    expect(combobox).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(combobox).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
    expect(combobox).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/cities/krakow/")


def test_place_leads_straight_to_its_help_while_one_types(page: Page, portal: str):
    typed(page, portal, "/uk/help/", "#find-help", "krakau")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Краків")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/uk/help/krakow/")


def test_number_of_suggestions_is_announced(page: Page, portal: str):
    typed(page, portal, "/en/search/", "#id_q", "stock")
    expect(page.locator(".find [role=status]")).to_contain_text("suggestion")
    page.keyboard.type("zzzzqqq")
    expect(page.locator(".find [role=status]")).to_have_text("No suggestions")
    expect(page.locator("#id_q")).to_have_attribute("aria-expanded", "false")


def test_arrows_go_round_and_escape_closes(page: Page, portal: str):
    typed(page, portal, "/en/search/", "#id_q", "mal")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[role=option][aria-selected="true"]')).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#id_q")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#id_q")).to_have_value("mal")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()


def test_enter_without_a_choice_searches(page: Page, portal: str):
    typed(page, portal, "/en/cities/", "#header-search", "housing")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=housing")
    expect(page.locator("mark").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_open_suggestions_have_no_violations_of_axe(
    width: int, scheme: str, browser: Browser, portal: str
):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    typed(page, portal, "/de/search/", "#id_q", "antidisk")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    violations = axe_violations(page)
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    context.close()
    assert violations == []
    assert wide <= 0


def test_suggestion_is_opened_by_a_click(page: Page, portal: str):
    typed(page, portal, "/pl/search/", "#id_q", "wroc")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/pl/cities/wroclaw/")


def test_search_and_its_filters_work_without_javascript(browser: Browser, portal: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal}/en/")
    page.locator("#header-search").fill("racism")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=racism")
    page.locator(".kind-list a", has_text="Programmes").click()
    page.wait_for_url("**kind=programme**")
    page.locator(".directory-filters summary").click()
    page.locator("select[name=country]").select_option("BE")
    page.locator(".directory-filters button").click()
    page.wait_for_url("**country=BE**")
    expect(page.locator(".items .kicker").first).to_contain_text("Belgium")
    page.locator(".chip").first.click()
    page.wait_for_url(lambda url: "country=" not in url)
    context.close()
