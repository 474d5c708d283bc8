"""The translation desk in real Chromium: through a list by keyboard, counted in keys; every page on
every width."""

import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in

LIST = "/admin/translations/?language=fr&state=missing&kind=action&city=sampleton"

# Whether the focus is on the field with this id; none: on the button that saves and goes on.
AT = "id => id ? document.activeElement.id === id : document.activeElement.value === 'next'"


class Keys:
    """Presses keys and counts them; text that is typed is not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)


def test_items_of_a_list_are_translated_by_keyboard_one_after_the_other(page: Page, portal: str):
    sign_in(page, portal, "sampleton@example.org")
    page.goto(portal + LIST)
    missing = page.locator(".matrix a.tag")
    before = missing.count()
    missing.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/?**")
    for number in range(2):
        address, keys = page.url, Keys(page)
        fields = page.locator(".side-target :is(input, textarea)[id]")
        assert page.evaluate("document.activeElement.id") == fields.first.get_attribute("id")
        proposed = page.locator(".side-target :is(summary, button, a):visible").count()
        ids = [field.get_attribute("id") for field in fields.all()]
        for field, after in enumerate([*ids[1:], None]):
            page.keyboard.insert_text(f"Texte {number}.{field}")
            keys.press("Tab")
            # Past the earlier wording that is proposed under the field.
            while not page.evaluate(AT, after):
                keys.press("Tab")
        keys.press("Enter")
        page.wait_for_url(lambda url, left=address: url != left)
        expect(page.locator(".messagelist .success")).to_contain_text("The translation is saved")
        sys.stdout.write(
            f"translating an item with {len(ids)} fields: {keys.count} keys besides the text\n"
        )
        assert keys.count == len(ids) + 1 + proposed
    page.goto(portal + LIST)
    assert missing.count() == before - 2


def test_what_is_outdated_shows_what_changed_and_is_confirmed_with_one_press(
    page: Page, portal: str
):
    sign_in(page, portal, "sampleton@example.org")
    page.goto(f"{portal}/admin/translations/?language=de&state=current&kind=action&city=sampleton")
    page.locator(".matrix a.tag").first.press("Enter")
    page.get_by_role("link", name="all fields").press("Enter")
    title = page.locator("input[name=title_en]")
    title.fill(f"{title.input_value()} for everybody")
    page.locator("input[name=_continue]").press("Enter")
    panel = page.locator("details.language-panel", has_text="Deutsch")
    panel.locator("summary").press("Enter")
    panel.get_by_role("link", name="side by side").press("Enter")
    expect(page.locator("ins", has_text="for everybody")).to_be_visible()
    page.locator("button[value=right]").press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("still right")


@pytest.mark.looks
def test_desk_fits_every_width_and_has_no_violations(browser: Browser, portal: str):
    for width, scheme, email in [
        (1280, "light", "secretariat@example.org"),
        (390, "dark", "krakow@example.org"),
        (320, "light", "sampleton@example.org"),
    ]:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        sign_in(page, portal, email)
        page.goto(f"{portal}/admin/translations/?state=missing")
        entry = page.locator(".matrix a.tag[data-kind=missing]").first.get_attribute("href")
        found = {}
        for path in [
            "/admin/translations/",
            "/admin/translations/?state=missing",
            entry,
            "/en/about/",
        ]:
            page.goto(portal + path)
            assert overflow(page) <= 0, (path, width)
            if violations := axe_violations(page):
                found[path] = violations
        assert found == {}, width
        context.close()
