"""A real portal in a process of its own, on a database of its own, and a real Chromium that visits
it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]
STEPS = (
    "migrate",
    "compile_catalogues",
    "collectstatic",
    "load_reference",
    "load_network",
    "load_demo",
)


# On a machine that has much else to do a page takes its time; what is missing is still missed.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here as browser tests; skip them loudly where there is no Chromium. What
    pages look like is asked once: the way of a person through them is walked on both databases."""
    missing = not Path(CHROMIUM).exists()
    seen_elsewhere = "sqlite" not in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if seen_elsewhere and item.get_closest_marker("looks"):
            item.add_marker(pytest.mark.skip(reason="what pages look like is asked on SQLite"))
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if missing and not os.environ.get("FORBID_SKIPPING_BROWSER"):
                item.add_marker(
                    pytest.mark.skip(reason="NO CHROMIUM: the browser tests were NOT run")
                )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Gone with the module: Playwright's event loop would otherwise stay in the
    worker, where Django takes every later test of the database for an asynchronous one."""
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
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of a portal with all the data and the demo, as no test has touched it; nobody
    visits it."""
    folder = tmp_path_factory.mktemp("loaded")
    with database(folder / "browser.sqlite3") as address:
        environment = {
            **os.environ,
            "DEBUG": "0",
            "DEMO": "1",
            "SECRET_KEY": "only-for-this-test-run-and-long-enough-for-the-check",
            "STATIC_ROOT": str(folder / "static"),
            **kept_in(folder, address),
        }
        for step in STEPS:
            options = ["--noinput"] if step in {"migrate", "collectstatic"} else []
            command = [sys.executable, "manage.py", step, *options]
            subprocess.run(
                command,
                check=True,
                env=environment,
                cwd=settings.BASE_DIR,
                stdout=subprocess.DEVNULL,
            )
        yield environment


@pytest.fixture(scope="module")
def portal_environment(
    loaded: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The settings of the portal that is visited: a command with these looks into its database.
    Each file of tests has a copy of what was loaded, so that it does not matter what ran before
    it."""
    folder = tmp_path_factory.mktemp("served")
    with database(folder / "browser.sqlite3", like=loaded["DATABASE_URL"]) as address:
        environment = {**loaded, **kept_in(folder, address)}
        shutil.copytree(loaded["MEDIA_ROOT"], environment["MEDIA_ROOT"])
        yield environment


def kept_in(folder: Path, database_url: str) -> dict[str, str]:
    """What one portal does not share with another."""
    return {
        "DATABASE_URL": database_url,
        "SITE_URL": f"http://{free_address()}",
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": f"filemail:///{folder / 'letters'}",
    }


@contextmanager
def database(path: Path, like: str = "") -> Iterator[str]:
    """The address of a database of the kind that the suite runs on: an empty one or, with an
    address, a copy."""
    used = settings.DATABASES["default"]
    if "sqlite" in used["ENGINE"]:
        if like:
            shutil.copy(like.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        return
    name = f"browser_{uuid.uuid4().hex[:8]}"
    where = {
        "host": used["HOST"],
        "port": used["PORT"] or None,
        "user": used["USER"] or None,
        "password": used["PASSWORD"] or None,
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as connection:
        template = f' TEMPLATE "{like.rpartition("/")[2]}"' if like else ""
        connection.execute(f'CREATE DATABASE "{name}"{template}')
        login = quote(used["USER"] or "") + (
            f":{quote(used['PASSWORD'])}" if used["PASSWORD"] else ""
        )
        port = f":{used['PORT']}" if used["PORT"] else ""
        # The folder of a socket stands after two slashes: that is how django-environ reads it.
        host = f"/{used['HOST']}" if used["HOST"].startswith("/") else used["HOST"]
        yield f"postgres://{login}@{host}{port}/{name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def portal(portal_environment: dict[str, str]) -> Iterator[str]:
    """The portal as an administrator runs it: gunicorn, no DEBUG, collected files, all the data and
    the demo."""
    with served(portal_environment) as address:
        yield address


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """The portal with these settings, from when it is ready until the end of the block; gives its
    address."""
    url = environment["SITE_URL"]
    address = url.removeprefix("http://")
    server = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", address, "--threads", "4"]
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
    # What passed is not reported: for a long page that takes longer than the looking.
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    result = Axe().run(page, options=options)
    return [
        f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in result.response["violations"]
    ]


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
