"""Each form that sends something carries its CSRF token; the public's, whose pages set no cookie,
are named here and check where they were sent from."""

import re

import pytest
from django.conf import settings
from django.urls import resolve

ROOT = settings.BASE_DIR / "templates"
INCLUDE = re.compile(r"\{% include [\"']([^\"']+)[\"'][^%]*%\}")
FORM = re.compile(r"<form\b(?P<attributes>[^>]*)>(?P<content>.*?)</form>", re.DOTALL)
# `method="{{ statement.method }}"` may be a POST too.
SENDS = re.compile(r"method=[\"']?(?:post|\{\{)", re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}")

# Forms of pages that everybody reads, with an address of the view that takes them.
PUBLIC = {
    "members/interest_form.html": "/en/join/interest/",
    "members/interest_confirm.html": "/en/join/interest/x/",
    "members/accounts/summaries_stop.html": "/accounts/summaries/x/",
    "portal/help/about_contact.html": "/en/help/wrong/1/",
    "portal/help_wrong_thanks.html": "/en/help/wrong/1/back/",
}


def written_out(text: str, depth: int = 4) -> str:
    """The template with the templates that it includes; a tree includes itself."""

    def content(match: re.Match[str]) -> str:
        path = ROOT / match[1]
        if not depth or not path.exists():
            return ""
        return written_out(path.read_text(encoding="utf-8"), depth - 1)

    return INCLUDE.sub(content, COMMENT.sub("", text))


def forms_without_token(text: str) -> list[str]:
    """The attributes of such forms; a form of an included template counts there."""
    forms = []
    for form in FORM.finditer(COMMENT.sub("", text)):
        attributes = written_out(form["attributes"])
        if SENDS.search(attributes) and "{% csrf_token %}" not in written_out(form["content"]):
            forms.append(attributes.strip())
    return forms


def test_every_form_that_sends_carries_its_token():
    without = {
        str(path.relative_to(ROOT)): forms
        for path in sorted(ROOT.rglob("*.html"))
        if (forms := forms_without_token(path.read_text(encoding="utf-8")))
    }
    assert set(without) == set(PUBLIC)


def test_form_without_token_is_noticed():
    assert forms_without_token('<form method="post" action="/x/"><button>Go</button></form>')
    assert forms_without_token('<form method="{{ method }}"><button>Go</button></form>')
    assert forms_without_token(
        '<form {% include "admin/work/form_open.html" %}><button>Go</button></form>'
    )
    assert not forms_without_token('<form method="post">{% csrf_token %}</form>')
    assert not forms_without_token('<form method="get"><button>Go</button></form>')


@pytest.mark.parametrize("address", PUBLIC.values())
def test_public_form_is_exempt_because_its_view_asks_where_it_came_from(address):
    assert resolve(address).func.csrf_exempt


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC.values())
def test_public_form_from_another_site_changes_nothing(address, client):
    answer = client.post(address, {}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code != 500
