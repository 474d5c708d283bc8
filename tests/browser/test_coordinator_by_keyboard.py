"""The coordinator's four commonest jobs on a small phone with nothing but a keyboard: every step is
reached with Tab, and seen where it is reached; no page is wider than the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in

MOST_STEPS = 250


@pytest.fixture(params=[390, 320])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 700}, has_touch=True)
    yield context.new_page()
    context.close()


def reach(page: Page, target: Locator) -> None:
    """With Tab alone; what has the focus is in sight and has an outline."""
    expect(target).to_have_count(1)
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("found => found === document.activeElement"):
            break
    else:
        raise AssertionError(f"Tab does not lead to {target}")
    assert overflow(page) <= 0, page.url
    seen = target.evaluate(
        """found => {
            const box = found.getBoundingClientRect();
            const style = getComputedStyle(found);
            // Something of it lies above the bar with the buttons, which stays at the lower edge.
            const across = box.left + box.width / 2;
            const isUncovered = [box.top + 2, box.top + box.height / 2, box.bottom - 2].some(y => {
                const hit = document.elementFromPoint(across, y);
                return hit && (found.contains(hit) || hit.closest("label")?.control === found);
            });
            return isUncovered && style.outlineStyle !== "none";
        }"""
    )
    assert seen, f"{target} has the focus and cannot be seen"


def press(page: Page, target: Locator) -> None:
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    reach(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def button(page: Page, verb: str, about: str = "") -> Locator:
    return page.locator(f"button[value={verb}]", has_text=about).first


def said(page: Page, text: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(text)


def test_whole_city_is_confirmed(phone: Page, portal: str):
    sign_in(phone, portal, "sampleton@example.org")
    press(phone, phone.locator(".still-true a"))
    press(phone, button(phone, "confirm"))
    # The focus stands on the next promise; its button is one Tab away.
    promise = phone.locator(".answers > li:target")
    expect(promise).to_be_focused()
    phone.keyboard.press("Tab")
    expect(promise.locator("button[value=confirm]")).to_be_focused()
    press(phone, button(phone, "confirm_all"))
    said(phone, "still true today")
    assert axe_violations(phone) == []


def test_action_is_added_with_evidence_in_two_languages(phone: Page, portal: str):
    name = f"A tram for everybody {phone.viewport_size['width']}"
    sign_in(phone, portal, "sampleton@example.org")
    press(phone, phone.locator(".desk-points a", has_text="Equal opportunities"))
    reach(phone, phone.locator("input[name=promise-chosen]:checked"))
    while not phone.locator("input[name=promise-chosen][value=yes]").is_checked():
        phone.keyboard.press("ArrowUp")
    expect(phone.locator("input[name=promise-chosen][value=yes]")).to_be_checked()
    write(phone, phone.locator("#id_promise-statement_en"), "Everybody can use our trams.")
    write(phone, phone.locator("#id_own-title"), name)
    # One saving for the whole page: the answer and the new action.
    press(phone, phone.locator(".save-row button[value=save]"))
    said(phone, "Planned.")
    write(phone, phone.locator("#id_action-description_en"), "Lifts at every stop.")
    link = f"https://www.example.com/tram/{phone.viewport_size['width']}"
    write(phone, phone.locator("#id_link-0-url"), link)
    write(phone, phone.locator("#id_link-0-note_en"), "Photographs.")
    press(phone, phone.locator("button[value=more-links]"))
    expect(phone.locator("#id_action-description_en")).to_have_value("Lifts at every stop.")
    write(phone, phone.locator("#id_link-1-url"), f"{link}/plan")
    press(phone, phone.locator(".save-row button[value=publish]"))
    said(phone, "public now")
    press(phone, phone.locator("button[value=language-pl]"))
    write(phone, phone.locator("#id_text-pl-title_pl"), "Tramwaj dla wszystkich")
    write(phone, phone.locator("textarea[name$=note_pl]"), "Zdjęcia.")
    press(phone, phone.locator(".save-row button[value=save]"))
    said(phone, "Saved.")
    assert axe_violations(phone) == []


def test_suggestion_is_chosen_from_an_empty_point(phone: Page, portal: str):
    sign_in(phone, portal, "exampleby@example.org")
    phone.goto(f"{portal}/admin/?all=1")
    phone.goto(f"{portal}/admin/city/exampleby/")
    # Exampleby's coordinator reads Swedish: what is pressed is known by what it does.
    press(
        phone, phone.locator(".desk-points a").nth(8 if phone.viewport_size["width"] == 390 else 9)
    )
    expect(phone.locator("#neighbors")).to_be_attached()
    press(phone, phone.locator("button[value^='take_up:']").first)
    press(phone, phone.locator(".save-row button[value=publish]"))
    expect(phone.locator(".messagelist .success")).to_be_visible()
    assert axe_violations(phone) == []


def test_old_text_is_restored(phone: Page, portal: str):
    sign_in(phone, portal, "sampleton@example.org")
    address = f"{portal}/admin/city/sampleton/points/7/"
    phone.goto(address)
    promise = phone.locator("#id_promise-statement_en")
    old = promise.input_value()
    for text in ("First try.", "Second try."):
        write(phone, promise, text)
        press(phone, phone.locator(".save-row button[value=save]"))
        said(phone, "Saved.")
    press(phone, phone.locator("main a[href$='/history/'], #content a[href$='/history/']").first)
    versions = phone.locator("ol.history > li a")
    press(phone, versions.last)
    expect(phone.get_by_text("This is an old version")).to_be_visible()
    press(phone, phone.locator("input[name=_save]"))
    phone.goto(address)
    expect(promise).to_have_value(old)
    assert axe_violations(phone) == []
