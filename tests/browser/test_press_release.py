"""A coordinator copies a press release like that on „Otwarty Kraków” into the portal, by keyboard
alone."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_violations, sign_in

FURTHEST = 150


@dataclass
class Typist:
    """Somebody who uses the keyboard only, and what it cost them."""

    page: Page
    fields: int = 0
    tabs: int = 0
    pages: list[str] = field(default_factory=list)

    def go_to(self, name: str, key: str = "Tab") -> None:
        """Press Tab until the control of this name has the focus."""
        for _step in range(FURTHEST):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.page.keyboard.press(key)
            self.tabs += 1
        raise AssertionError(f"{name} was not reached by keyboard")

    def write(self, name: str, text: str) -> None:
        self.go_to(name)
        self.page.keyboard.type(text)
        assert self.page.evaluate("document.activeElement.value") != "", name
        self.fields += 1

    def choose(self, name: str, value: str) -> None:
        """Press the arrow until the option is there."""
        self.go_to(name)
        self.page.keyboard.press("Home")
        for _step in range(FURTHEST):
            if self.page.evaluate("document.activeElement.value") == value:
                self.fields += 1
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def add_another(self, prefix: str, number: int) -> None:
        """Press “Add another” below this group until there are so many."""
        wanted = f"document.getElementById('{prefix}-{number - 1}') !== null"
        while not self.page.evaluate(wanted):
            self.page.locator(f"#{prefix}-group .add-row a").focus()
            self.page.keyboard.press("Enter")
        # Back to where the person was: the group's first control.
        self.page.locator(f"#{prefix}-group h2").first.evaluate(
            "heading => { heading.tabIndex = -1; heading.focus() }"
        )

    def press(self, name: str) -> None:
        self.pages.append(self.page.url)
        self.go_to(name)
        self.page.keyboard.press("Enter")
        # The page has hundreds of fields to check: on a machine at work that takes longer than the
        # usual five seconds.
        expect(self.page.locator(".messagelist .success").first).to_be_visible(timeout=30_000)


def programme_page(typist: Typist) -> None:
    typist.write("original_name", "Otwarty Kraków II")
    typist.choose("kind", "integration-programme")
    typist.write(
        "introduction_pl",
        (
            "Program ma ułatwić integrację cudzoziemek i cudzoziemców oraz promować "
            "społeczeństwo otwarte."
        ),
    )
    typist.write(
        "participations-0-organisation", "Miejski Ośrodek Wspierania Inicjatyw Społecznych"
    )
    typist.choose("participations-0-role", "author")
    typist.write("participations-1-organisation", "Stowarzyszenie Nowe Głosy")
    typist.choose("participations-1-role", "author")
    typist.add_another("coverage", 4)
    for number, (kind, title, publisher) in enumerate(
        [
            ("official", "Program „Otwarty Kraków” w BIP Miasta Krakowa", "BIP"),
            ("press", "Wreszcie stało się. Radni przyjęli program", "Gazeta Wyborcza"),
            ("press", "Krakowski spór o „multi-kulti”", "Gazeta Krakowska"),
            ("radio", "Czy w Polsce przekroczyliśmy już granicę", "Radio Kraków"),
        ]
    ):
        typist.choose(f"coverage-{number}-kind", kind)
        typist.write(f"coverage-{number}-source_title", title)
        typist.write(f"coverage-{number}-source_publisher", publisher)
    typist.choose("links-0-kind", "grew_out_of")
    typist.write("links-0-other", "Przeciwko rasizmowi i ksenofobii")
    typist.press("_edition")


def edition_page(typist: Typist) -> None:
    typist.write("label", "2016")
    typist.choose("stage", "adopted")
    typist.write("period_from", "2016")
    typist.write("legal_basis", "Uchwała Rady Miasta, 52. sesja")
    typist.write("declared_items", "7")
    for number, (kind, first, last) in enumerate(
        [
            ("first_debate", "31.8.2016", ""),
            ("amendments", "", "13.9.2016"),
            ("adopted", "14.9.2016", ""),
        ]
    ):
        typist.choose(f"events-{number}-kind", kind)
        if first:
            typist.write(f"events-{number}-starts", first)
        if last:
            typist.write(f"events-{number}-ends", last)
    typist.add_another("items", 5)
    items = [
        "Przyjazny urząd",
        "Współpraca z samorządem",
        "Kampanie",
        "Reakcja na incydenty",
        "Przestrzeń publiczna",
    ]
    for number, text in enumerate(items):
        typist.choose(f"items-{number}-kind", "priority")
        typist.write(f"items-{number}-written_text", text)
    typist.press("_publish")


def test_press_release_is_entered_by_keyboard_on_two_pages(page: Page, portal: str):
    sign_in(page, portal, "krakow@example.org")
    page.goto(f"{portal}/admin/programs/programme/add/")
    typist = Typist(page)
    programme_page(typist)
    edition_page(typist)
    assert len(typist.pages) == 2
    counts = f"{typist.fields} fields on {len(typist.pages)} pages, {typist.tabs} times Tab"
    print(f"source 002: {counts}")  # noqa: T201
    page.goto(f"{portal}/pl/programmes/otwarty-krakow-ii/")
    for fact in [
        "31 sierpnia 2016",
        "14 września 2016",
        "Stowarzyszenie Nowe Głosy",
        "Radio Kraków",
        "Przestrzeń",
    ]:
        expect(page.get_by_text(fact).first).to_be_visible()
    expect(page.get_by_role("link", name="Przeciwko rasizmowi i ksenofobii")).to_be_visible()
    assert axe_violations(page) == []
