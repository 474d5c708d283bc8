"""A real portal in a process of its own, on a database of its own, and a real Chromium that visits
it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests import prepared, statements
from tests.browser import recording

# The same Chromium without windows, where it is there: it needs half as much processor time.
CHROMIUM = (
    shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
)
# Chromium counts the last list only. The first three: for the address bar, which nobody sees here,
# each window loads two pages more, a quarter of its processor time. The others are Playwright's.
SWITCHED_OFF = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join(SWITCHED_OFF)}",
]
# The settings of a portal that is served, apart from its addresses and folders.
PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "1",
    "SECRET_KEY": "only-for-this-test-run-and-long-enough-for-the-check",
    "CONTACT_EMAIL": "office@example.org",
    # What a browser does with a page is the same for a copy: tests/portal/kept_pages asks for them.
    "KEPT_PAGES": "0",
}
# The script that looks for violations; a page gets it once, however often it is looked at.
AXE = "\n".join(
    [
        Axe().axe_script,
        (Path(__file__).parent / "colors.js").read_text(encoding="utf-8"),
    ]
)
# What the collected files are made from.
STATIC = ("static/**/*", "locale/**/*.po", "portal/settings.py", "requirements.txt")


# On a machine that has much else to do a page takes its time; what is missing is still missed.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here as browser tests; skip them loudly where there is no Chromium. Who only
    looks does so on SQLite: what the pages ask of PostgreSQL, tests without a browser ask it. Of
    the ways of people who write, tests/statements.py finds those that ask it something new."""
    missing = not Path(CHROMIUM).exists()
    seen_elsewhere = "sqlite" not in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if seen_elsewhere and item.get_closest_marker("looks"):
            item.add_marker(pytest.mark.skip(reason="looks at pages on SQLite"))
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if missing and not os.environ.get("FORBID_SKIPPING_BROWSER"):
                item.add_marker(
                    pytest.mark.skip(reason="NO CHROMIUM: the browser tests were NOT run")
                )


@pytest.fixture(scope="module")
def browser(loaded: prepared.Start) -> Iterator[Browser]:
    """Debian's Chromium. Gone with the module: Playwright's event loop would otherwise stay in the
    worker, where Django takes every later test of the database for an asynchronous one. For the
    same reason the data are loaded before."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window of an ordinary screen, without cookies."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def static_files() -> Path:
    """The collected files of the portal, as an administrator makes them; all processes share them
    and keep them for the next run."""
    folder = prepared.FOLDER / f"static-{prepared.digest(STATIC)}"
    with prepared.one_process("static"):
        if not folder.exists():
            unfinished = Path(tempfile.mkdtemp(prefix="static-", dir=prepared.FOLDER))
            environment = {**os.environ, **PRODUCTION, "STATIC_ROOT": str(unfinished)}
            for step in (["compile_catalogues"], ["collectstatic", "--noinput"]):
                subprocess.run(
                    [sys.executable, "manage.py", *step],
                    check=True,
                    env=environment,
                    cwd=settings.BASE_DIR,
                    stdout=subprocess.DEVNULL,
                )
            unfinished.replace(folder)
        os.utime(folder)
    return folder


@pytest.fixture(scope="session")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> prepared.Start:
    """All the data and the demo, as no test has touched it; nobody visits it."""
    with django_db_blocker.unblock():
        return prepared.databases.shared("demo")


@pytest.fixture(scope="session")
def portal_environment(
    static_files: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The settings of the portal that is visited: a command with these looks into its database."""
    folder = tmp_path_factory.mktemp("served")
    return {
        **os.environ,
        recording.VARIABLE: str(folder / "statements"),
        **PRODUCTION,
        "STATIC_ROOT": str(static_files),
        "DATABASE_URL": prepared.databases.address_of_own("browser"),
        # Between two requests nobody is connected: the next file of tests changes the database.
        "CONN_MAX_AGE": "0",
        "SITE_URL": f"http://{free_address()}",
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": f"filemail:///{folder / 'letters'}",
    }


@pytest.fixture(scope="session")
def server(loaded: prepared.Start, portal_environment: dict[str, str]) -> Iterator[str]:
    """The portal as an administrator runs it: gunicorn, no DEBUG, collected files. One for all
    files of tests of this process."""
    prepared.databases.copy(loaded.database, "browser")
    options = ["--config", "python:tests.browser.recording"] if statements.MODE == "record" else []
    with served(portal_environment, *options) as address:
        yield address


@pytest.fixture(scope="module")
def portal(
    loaded: prepared.Start, portal_environment: dict[str, str], server: str
) -> Iterator[str]:
    """The address of the portal with all the data and the demo. Each file of tests has what was
    loaded, so that it does not matter what ran before it."""
    media = Path(portal_environment["MEDIA_ROOT"])
    letters = Path(portal_environment["EMAIL_URL"].removeprefix("filemail:///"))
    for folder in (media, letters):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(loaded.media, media)
    prepared.databases.copy(loaded.database, "browser")
    return server


@pytest.fixture(autouse=True)
def sent_by_the_server(request: pytest.FixtureRequest) -> Iterator[None]:
    """While statements are noted: what the server sends is what the test sends."""
    recorder = request.config.pluginmanager.get_plugin(statements.PLUGIN)
    if not recorder or "portal" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("portal")
    file = Path(request.getfixturevalue("portal_environment")[recording.VARIABLE])
    before = len(lines_of(file))
    yield
    recorder.sent.update(lines_of(file)[before:])


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split() if file.exists() else []


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def served(environment: dict[str, str], *options: str) -> Iterator[str]:
    """The portal with these settings, from when it is ready until the end of the block; gives its
    address. `options`: more of gunicorn's."""
    url = environment["SITE_URL"]
    address = url.removeprefix("http://")
    server = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", address, "--threads", "4"]
    server += options
    with subprocess.Popen(
        server, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL
    ) as process:
        try:
            wait_until_ready(f"{url}/readyz")
            yield url
        finally:
            process.terminate()


def wait_until_ready(url: str) -> None:
    """Up to 30 seconds; the portal says itself when it can serve."""
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the portal did not start")


def axe_violations(page: Page, *rules: str) -> list[str]:
    """What axe objects to, with the first element each; every folded part is opened before. Without
    `rules`: by all."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # What passed is not reported: for a long page that takes longer than the looking.
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("async options => (await axe.run(options)).violations", options)
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


def overflow(page: Page) -> int:
    """By how many CSS pixels the page is wider than the window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def sign_in(page: Page, portal: str, email: str) -> None:
    """By keyboard, as somebody does it who knows the page."""
    page.goto(f"{portal}/accounts/login/")
    page.get_by_label("mail").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type("ten-points-demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/**")


def switch_language(page: Page, code: str) -> None:
    """In the menu under the person's name, by keyboard."""
    page.locator("#user-tools > summary").press("Enter")
    page.locator("#admin-language").select_option(code)
    with page.expect_navigation():
        page.locator(".language-form button").press("Enter")
