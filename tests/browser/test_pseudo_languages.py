"""Every kind of page in two pseudo-languages, on a screen and on a phone: nothing is cut off,
nothing overflows.

`PICTURES=1` keeps a screenshot of each in var/pseudo/.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tests.browser.conftest import free_address, served, sign_in
from tests.browser.pseudo import LONG, RTL, pseudo, write_catalogues
from tests.browser.test_staff import OFFICE_PAGES, STAFF_PAGES
from tests.browser.walk import PAGES

WIDTHS = {1280: 900, 390: 800}
MEASURE = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
PICTURES = settings.BASE_DIR / "var" / "pseudo" if os.environ.get("PICTURES") else None
# Lists whose first entry is looked at, too.
LISTS = [
    "/admin/members/city/?q=sampleton",
    "/admin/members/accession/",
    "/admin/members/letter/",
    "/admin/members/membership/?q=sampleton",
    "/admin/programs/programme/?q=sampleton",
    "/admin/portal/news/",
]
WORK_PAGES = [
    "/admin/city/sampleton/",
    "/admin/city/sampleton/points/3/",
    "/admin/city/sampleton/points/9/?language=de",
    "/admin/translations/",
    "/admin/members/lettertext/",
    "/admin/members/membership/worklist/",
    "/admin/members/membership/worklist/table/",
]


pytestmark = pytest.mark.looks


@pytest.fixture(scope="module", params=[LONG, RTL])
def pseudo_portal(
    request: pytest.FixtureRequest,
    portal: str,
    portal_environment: dict[str, str],
    tmp_path_factory,
) -> Iterator[tuple[str, str]]:
    """The same data in a pseudo-language: its kind and the portal's address."""
    folder = tmp_path_factory.mktemp(request.param)
    write_catalogues(folder, request.param)
    environment = {
        **portal_environment,
        "DJANGO_SETTINGS_MODULE": "tests.browser.pseudo_settings",
        "PSEUDO_LANGUAGE": request.param,
        "PSEUDO_CATALOGUES": str(folder),
        "SITE_URL": f"http://{free_address()}",
    }
    with served(environment) as address:
        yield request.param, address


def test_pages_fit_in_pseudo_languages(pseudo_portal: tuple[str, str], browser: Browser):
    kind, address = pseudo_portal
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/en/about/")
    assert pseudo("Contact", kind) in page.locator("body").inner_text()
    assert page.locator("html").get_attribute("dir") == ("rtl" if kind == RTL else "ltr")
    assert faults(page, kind, {name: f"{address}/en/{path}" for name, path in PAGES.items()}) == []
    context.close()


def test_staff_pages_fit_in_pseudo_languages(
    pseudo_portal: tuple[str, str], portal: str, browser: Browser
):
    kind, address = pseudo_portal
    context = browser.new_context()
    page = context.new_page()
    # The same session: a cookie knows no port.
    sign_in(page, portal, "secretariat@example.org")
    entries = []
    for path in LISTS:
        page.goto(address + path)
        entries += [page.locator("#result_list tbody a").first.get_attribute("href")]
    page.goto(f"{address}/admin/translations/?language=pl&state=current")
    entries += [page.locator(".matrix a.tag").first.get_attribute("href")]
    page.goto(f"{address}/admin/city/sampleton/points/1/")
    entries += [page.locator(".work-list .what a").first.get_attribute("href")]
    paths = ["/accounts/login/", *STAFF_PAGES, *OFFICE_PAGES, *LISTS, *WORK_PAGES, *entries]
    assert faults(page, kind, {path: address + path for path in paths}) == []
    context.close()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<p style="width: 2000px">Wide</p>', "pixels too wide"),
        (
            '<p style="width: 3em; overflow: hidden; white-space: nowrap">Longer than that</p>',
            "cut off at the side",
        ),
        ('<p style="height: 1em; overflow: hidden">One<br>two<br>three</p>', "cut off below"),
        ('<p style="width: 3em; border: 1px solid">Unbrechbarkeit</p>', "outside its box"),
        ('<p style="margin-inline-start: -4em">Before the beginning</p>', "outside the window"),
        (
            '<button>One button</button><button style="margin-inline-start: -2em">Two</button>',
            "one on the other",
        ),
        (
            (
                '<p style="height: 200vh; padding-top: calc(100vh - 2em)"><button>One</button></p>'
                '<p style="position: sticky; bottom: 0"><button>Two</button></p>'
            ),
            "",
        ),
        (
            (
                '<p style="margin: 0"><button>One</button></p>'
                '<p style="position: sticky; bottom: 0; margin: -1em 0 0"><button>Two</button></p>'
            ),
            "one on the other",
        ),
        (
            (
                '<p style="width: 9em; overflow: auto; white-space: nowrap">What scrolls can be '
                "read to its end</p>"
            ),
            "",
        ),
    ],
)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_measurement_sees_what_is_broken(body: str, fault: str, direction: str, page: Page):
    page.set_content(f'<!doctype html><html dir="{direction}"><body>{body}</body></html>')
    said = " ".join(page.evaluate(MEASURE))
    assert fault in said
    assert bool(said) == bool(fault)


def faults(page: Page, kind: str, pages: dict[str, str]) -> list[str]:
    """What `layout.js` says about each page, folded parts opened, in both widths."""
    found = []
    for name, url in pages.items():
        page.goto(url)
        page.evaluate(
            "document.querySelectorAll('main details').forEach(part => { part.open = true })"
        )
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            found += [f"{name}, {width}: {said}" for said in page.evaluate(MEASURE)]
            if PICTURES:
                picture = "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")
                page.screenshot(path=PICTURES / f"{picture}-{kind}-{width}.png", full_page=True)
    return found
