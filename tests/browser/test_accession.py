"""From the first letter to the public member, by keyboard alone, with the interface in Polish."""

import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import axe_violations, overflow, sign_in

LEAD = "marta@gdziekolwiek.example"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def press(target: Locator, key: str = "Enter") -> None:
    """What a person without a mouse does: come to it and press a key. What takes no focus cannot be
    pressed."""
    target.focus()
    expect(target).to_be_focused()
    target.page.keyboard.press(key)


def follow(target: Locator) -> None:
    """A link or button that leads to another page, which is there when this returns."""
    with target.page.expect_navigation():
        press(target)


def write(target: Locator, text: str) -> None:
    target.focus()
    expect(target).to_be_focused()
    target.page.keyboard.press("Control+A")
    target.page.keyboard.insert_text(text)


def choose(target: Locator, value: str) -> None:
    """By its arrow keys: as often down as the wanted one stands below."""
    target.focus()
    values = target.evaluate("field => [...field.options].map(option => option.value)")
    steps = values.index(value) - target.evaluate("field => field.selectedIndex")
    for _step in range(abs(steps)):
        target.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
    expect(target).to_have_value(value)


def look(page: Page) -> None:
    """No violation, and no sideways scrolling on a telephone."""
    violations = axe_violations(page)
    assert violations == [], (page.url, violations)
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow(page) <= 0, page.url
    page.set_viewport_size(size)


def letters_to(portal_environment: dict[str, str], email: str) -> list[str]:
    """The plain text of what was sent to an address, the oldest first. (The outbox keeps no
    personal link.)"""
    folder = Path(portal_environment["EMAIL_URL"].removeprefix("filemail:///"))
    found = []
    for file in sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns):
        for written in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            letter = message_from_bytes(written.lstrip(), policy=default)
            if letter["To"] and email in letter["To"]:
                found.append(letter.get_body(("plain",)).get_content())
    return found


def link_in(text: str, part: str) -> str:
    return next(link for link in re.findall(r"https?://\S+", text) if part in link)


def test_city_becomes_a_member_from_the_first_letter_to_the_public_page(
    browser: Browser, portal: str, portal_environment: dict[str, str], tmp_path: Path
):
    paper = tmp_path / "akt.pdf"
    paper.write_bytes(PDF)
    visitor = browser.new_context(
        locale="pl-PL", viewport={"width": 1280, "height": 900}
    ).new_page()
    desk = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()

    express_interest(visitor, portal)
    visitor.goto(link_in(letters_to(portal_environment, LEAD)[0], "/join/"))
    look(visitor)
    follow(visitor.locator("main form button[type=submit]"))
    look(visitor)

    sign_in(desk, portal, "secretariat@example.org")
    press(desk.locator("#user-tools > summary"))
    choose(desk.locator("#admin-language"), "pl")
    follow(desk.locator(".language-form button"))
    expect(desk.locator("html")).to_have_attribute("lang", "pl")
    make_candidate(desk, portal)

    invitation = next(
        text for text in letters_to(portal_environment, LEAD) if "/invitation/" in text
    )
    accept_invitation(visitor, link_in(invitation, "/invitation/"))
    file = fill_file(visitor, portal, paper)
    submit_file(visitor)

    decide(desk, file)
    read_in_public(visitor, portal)


def express_interest(page: Page, portal: str) -> None:
    page.goto(f"{portal}/pl/join/interest/")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    look(page)
    write(page.locator("#id_city_name"), "Gdziekolwiek")
    choose(page.locator("#id_country"), "PL")
    write(page.locator("#id_person_name"), "Marta Zmyślona")
    write(page.locator("#id_office"), "Biuro burmistrza")
    write(page.locator("#id_email"), LEAD)
    write(page.locator("#id_message"), "Rada debatuje w maju.")
    # Nobody fills in a form within three seconds; the portal counts on it.
    time.sleep(3)
    follow(page.locator("main form.form button[type=submit]"))
    expect(page.locator("#id_city_name")).to_have_count(0)
    look(page)


def make_candidate(page: Page, portal: str) -> None:
    page.goto(f"{portal}/admin/members/expressionofinterest/")
    follow(page.locator("#result_list tbody a", has_text="Gdziekolwiek"))
    look(page)
    follow(page.locator(".object-tools a[href$='/candidate/']"))
    look(page)
    expect(page.locator("#id_email")).to_have_value(LEAD)
    follow(page.locator(".confirmation form [type=submit]").first)
    expect(page.locator(".messagelist .success")).to_be_visible()


def accept_invitation(page: Page, link: str) -> None:
    page.goto(link)
    look(page)
    for field in page.locator("main form.form input:not([type=hidden])").all():
        kind = field.get_attribute("type")
        write(field, "Marta Zmyślona" if kind == "text" else "bardzo-dlugie-haslo-2026")
    follow(page.locator("main form.form button[type=submit]"))
    page.wait_for_url("**/admin/**")
    expect(page.locator("html")).to_have_attribute("lang", "pl")


def fill_file(page: Page, portal: str, paper: Path) -> str:
    page.goto(f"{portal}/admin/members/accession/")
    follow(page.locator("#result_list tbody a").first)
    file = page.url
    look(page)
    follow(page.locator(".verbs a[href$='/change/']"))
    look(page)
    choose(page.locator("#id_basis_kind"), "council_resolution")
    write(page.locator("#id_basis_number"), "VII/77/2026")
    write(page.locator("#id_basis_passed"), "2026-05-04")
    write(page.locator("#id_act_signed"), "2026-05-11")
    write(page.locator("#id_act_signatories"), "Jan Zmyślony, burmistrz\nEwa Wymyślona, sekretarz")
    page.locator("#id_act_file").set_input_files(paper)
    write(page.locator("#id_office_name"), "Wydział Równości")
    write(page.locator("#id_office_email"), "rownosc@gdziekolwiek.example")
    press(page.locator("input[name=chosen_1]").first, "Space")
    press(page.locator("input[name=chosen_4]").nth(1), "Space")
    write(page.locator("#id_own_3"), "Otworzyć dyżur w bibliotece.\nPowtarzać go co tydzień.")
    follow(page.locator("input[name=_save]"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert page.url == file
    expect(page.locator(".file-points")).to_contain_text("Otworzyć dyżur w bibliotece.")
    expect(page.locator(".fingerprint")).to_have_count(1)
    look(page)
    return file


def confirm(page: Page) -> None:
    """Tick what is unusual, read, and press the last button."""
    look(page)
    for tick in page.locator("input[type=checkbox][name^=seen_]").all():
        press(tick, "Space")
    follow(page.locator("button[name=_confirm]"))
    expect(page.locator(".messagelist .success")).to_be_visible()


def submit_file(page: Page) -> None:
    follow(page.locator(".verbs a[href$='/do/submit/']"))
    confirm(page)
    expect(page.locator(".standing .state").first).to_have_attribute("data-state", "submitted")
    expect(page.locator(".verbs a[href$='/change/']")).to_have_count(0)


def decide(page: Page, file: str) -> None:
    portal = file.partition("/admin/")[0]
    page.goto(f"{portal}/admin/members/meeting/add/")
    choose(page.locator("#id_kind"), "steering_committee")
    write(page.locator("#id_starts"), "2026-06-18")
    write(page.locator("#id_place"), "Wymyślin")
    follow(page.locator("input[name=_save]"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(file)
    follow(page.locator(".verbs a[href$='/do/review/']"))
    confirm(page)
    follow(page.locator(".verbs a[href$='/do/schedule/']"))
    look(page)
    meetings = page.locator("#id_meeting option", has_text="Wymyślin")
    choose(page.locator("#id_meeting"), meetings.get_attribute("value") or "")
    follow(page.locator("form[method=post] .submit-row button[type=submit]").first)
    confirm(page)
    follow(page.locator(".verbs a[href$='/do/admit/']"))
    look(page)
    for name, value in (
        ("votes_for", "9"),
        ("votes_against", "0"),
        ("votes_abstained", "1"),
        ("present", "10"),
    ):
        write(page.locator(f"#id_{name}"), value)
    follow(page.locator("form[method=post] .submit-row button[type=submit]").first)
    confirm(page)
    expect(page.locator(".standing .state").first).to_have_attribute("data-state", "admitted")
    look(page)


def read_in_public(page: Page, portal: str) -> None:
    page.goto(f"{portal}/pl/cities/gdziekolwiek/")
    expect(page.locator("h1")).to_contain_text("Gdziekolwiek")
    expect(page.locator("main")).to_contain_text("18 czerwca 2026")
    look(page)
    page.goto(f"{portal}/pl/meetings/")
    follow(page.locator("main a", has_text="Wymyślin"))
    expect(page.locator("main")).to_contain_text("Gdziekolwiek")
    look(page)
