"""The HTML of every kind of page is valid, as the Nu Html Checker (vnu) reads it.

One process of Java reads all pages at once. Without Java, or without the checker (`make vnu`
fetches it), the test is skipped; `.ci/run` forbids that.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.models import User
from tests.browser.test_staff import OFFICE_PAGES, STAFF_PAGES
from tests.browser.walk import PAGES

pytestmark = pytest.mark.django_db

CHECKER = settings.BASE_DIR / "var" / "vnu" / "vnu.jar"
JAVA = shutil.which("java")
SECONDS = 120
# A process of a few seconds is over before the second compiler is worth its time. What the first
# one makes takes more room on the stack.
QUICK_JAVA = ["-XX:TieredStopAtLevel=1", "-Xss4m"]
# Beside the pages that a browser visits.
MORE_PAGES = ["nothing-here/", "meetings/", "join/interest/no-such-token/"]
WORK_PAGES = [
    "/admin/city/sampleton/",
    "/admin/city/sampleton/points/1/",
    "/admin/city/sampleton/points/9/?language=de",
    "/admin/translations/?language=pl&state=current",
    "/admin/members/membership/worklist/",
    "/admin/members/membership/worklist/table/",
    "/accounts/login/",
]
# Their pages of history and of deleting stand for those of all.
EXAMPLES = ["members.city", "members.action", "programs.evaluation", "portal.news"]


def pages_of_visitors() -> dict[str, str]:
    """The HTML of each kind of public page by its address, in two languages in turn."""
    client = Client()
    pages = {}
    for number, path in enumerate([*PAGES.values(), *MORE_PAGES]):
        language = ("de", "uk")[number % 2]
        address = f"/{language}/{path}"
        pages[address] = html_of(client, address)
    return pages


def pages_of_staff() -> dict[str, str]:
    """The same of the administration: lists, forms, history, deleting, work pages."""
    client = Client()
    client.force_login(User.objects.get(email="secretariat@example.org"))
    paths = [*STAFF_PAGES, *OFFICE_PAGES, *WORK_PAGES]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").last()
        views = ["change"] if row else ["add"]
        if model._meta.label_lower in EXAMPLES:
            views += ["history", "delete", "add", "changelist"]
        for view in views:
            args = [row.pk] if view in {"change", "history", "delete"} else []
            paths += [reverse(f"{name}_{view}", args=args)]
    return {path: html_of(client, path) for path in dict.fromkeys(paths)}


def html_of(client: Client, address: str) -> str:
    """The page; nothing where it is none (a redirect, a form that nobody may fill in)."""
    response = client.get(address)
    is_page = response.headers["Content-Type"].startswith("text/html")
    if response.status_code in {301, 302, 403, 405} or not is_page:
        return ""
    return response.content.decode()


def errors_in(pages: dict[str, str], folder: Path) -> list[str]:
    """What the checker finds, each with the address of its page and the HTML around it."""
    files = {}
    for number, (address, html) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(html, encoding="utf-8")
        files[path.name] = address
    options = ["--errors-only", "--format", "json", "--stdout", "--exit-zero-always"]
    run = subprocess.run(
        [str(JAVA), *QUICK_JAVA, "-jar", str(CHECKER), *options, str(folder)],
        capture_output=True,
        check=True,
        timeout=SECONDS,
    )
    errors = []
    for message in json.loads(run.stdout)["messages"]:
        address = files[Path(message["url"]).name]
        extract = " ".join(message.get("extract", "").split())
        errors.append(f"{address}: {message['message']} ({extract})")
    return errors


@pytest.fixture
def checker() -> None:
    if JAVA and CHECKER.exists():
        return
    reason = "HTML is not validated: that needs Java, and the checker (`make vnu`)"
    if os.environ.get("FORBID_SKIPPING_HTML"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the same HTML on each database")
def test_html_of_every_kind_of_page_is_valid(checker, real_data, tmp_path):
    pages = {
        address: html
        for address, html in {**pages_of_visitors(), **pages_of_staff()}.items()
        if html
    }
    assert len(pages) > 120
    assert errors_in(pages, tmp_path) == []


def test_checker_finds_what_is_wrong(checker, tmp_path):
    page = '<!doctype html><html lang="en"><title>A</title><ul><p>One</p></ul></html>'
    (error,) = errors_in({"/en/": page}, tmp_path)
    assert re.match(r"/en/: Element “p” not allowed as child of element “ul”", error)
