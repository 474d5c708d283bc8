"""The templates themselves: how long their lines are, and that a page of the administration has the
name of its view."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from portal.staff_site import WORK_PAGES

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
LONGEST_LINE = 120
# What Django, its admin or allauth looks up by name.
FOUND_BY_NAME = re.compile(
    r"^(400|403|404|500)\.html$|^(registration|account|socialaccount)/"
    r"|/(change_form|change_list|delete_confirmation|submit_line|index|app_list|base_site)\.html$"
    r"|^admin/pagination\.html$"
    r"|/(change_form|change_list)_object_tools\.html$|^admin/includes/fieldset\.html$"
)


def templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def test_no_line_is_over_the_limit():
    long = [
        f"{name}:{number}: {len(line)}"
        for name in templates()
        for number, line in enumerate((TEMPLATES / name).read_text().splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_each_table_of_a_public_page_has_a_caption():
    without = []
    for name in templates():
        text = (TEMPLATES / name).read_text()
        is_public = not name.startswith(("admin/", "members/accounts/"))
        if is_public and len(re.findall(r"<table[ >]", text)) > text.count("<caption"):
            without.append(name)
    assert without == []


def test_each_template_is_used():
    sources = [*TEMPLATES.rglob("*.html")]
    for app in ("languages", "members", "programs", "portal"):
        sources += (ROOT / app).rglob("*.py")
    text = "\n".join(path.read_text() for path in sources)

    def is_used(name: str) -> bool:
        by_view = f'"{Path(name).parent}/{{name}}.html"'
        return f'"{name}"' in text or by_view in text or bool(FOUND_BY_NAME.search(name))

    assert [name for name in templates() if not is_used(name)] == []


# Own pages of the administration that belong to a model: `<app>_<model>_<view>`. Pages that ask
# before something is done share "admin/confirmation.html" and "admin/transition.html".
MODEL_PAGES = (
    "members_accession_file",
    "members_accession_act",
    "members_accession_archive",
    "members_letter_try_again",
    "members_letter_withdraw",
    "members_meeting_pack",
    "members_membership_worklist",
    "members_membership_table",
    "members_review_reply",
)


@pytest.mark.parametrize("name", MODEL_PAGES)
def test_a_page_of_a_model_has_the_template_of_its_name(name: str):
    app, model, view = name.split("_", 2)
    get_template(f"admin/{app}/{model}/{view}.html")
    try:
        reverse(f"admin:{name}")
    except NoReverseMatch:
        reverse(f"admin:{name}", args=[1])


@pytest.mark.parametrize("view", [view for _address, view in WORK_PAGES])
def test_a_work_page_has_the_template_of_its_view(view: Callable):
    get_template(f"admin/{view.__name__}.html")
