"""The templates themselves: how long their lines are, and that a page of the administration has the
name of its view."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
LONGEST_LINE = 160
# What Django, its admin or allauth looks up by name.
FOUND_BY_NAME = re.compile(
    r"^(400|403|404|500)\.html$|^(registration|account|socialaccount)/"
    r"|/(change_form|change_list|delete_confirmation|submit_line|index|app_list|base_site)\.html$"
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


def test_each_template_is_used():
    sources = [*TEMPLATES.rglob("*.html")]
    for app in ("languages", "members", "programs", "portal"):
        sources += (ROOT / app).rglob("*.py")
    text = "\n".join(path.read_text() for path in sources)

    def is_used(name: str) -> bool:
        by_view = f'"{Path(name).parent}/{{name}}.html"'
        return f'"{name}"' in text or by_view in text or bool(FOUND_BY_NAME.search(name))

    assert [name for name in templates() if not is_used(name)] == []


# An own page of the administration: the name of its URL and its template. The view has the last
# word of both. Pages that ask before something is done share "admin/confirmation.html" and
# "admin/transition.html".
STAFF_PAGES = {
    "members_accession_file": "admin/members/accession/file.html",
    "members_accession_act": "admin/members/accession/act.html",
    "members_accession_archive": "admin/members/accession/archive.html",
    "members_meeting_pack": "admin/members/meeting/pack.html",
    "members_membership_worklist": "admin/members/membership/worklist.html",
    "members_membership_table": "admin/members/membership/table.html",
}


@pytest.mark.parametrize(("name", "template"), STAFF_PAGES.items())
def test_a_staff_page_has_the_name_of_its_view(name: str, template: str):
    app, model, view = name.split("_", 2)
    assert template == f"admin/{app}/{model}/{view}.html"
    get_template(template)
    try:
        reverse(f"admin:{name}")
    except NoReverseMatch:
        reverse(f"admin:{name}", args=[1])
