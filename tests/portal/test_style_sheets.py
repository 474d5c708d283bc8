"""Style sheets: small files, each in its sheet, and at most two sheets on a page."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse

from portal.style_sheets import COMMENT, SHEETS, TOKENS, join_files

STATIC = settings.BASE_DIR / "static"
FILES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.css"))
LONGEST_FILE = 400
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
LINK = re.compile(r"<link[^>]*\brel=[\"']stylesheet[\"'][^>]*>")


def test_css_files_have_at_most_four_hundred_lines():
    lines = {name: len((STATIC / name).read_text(encoding="utf-8").splitlines()) for name in FILES}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


def test_each_css_file_is_in_exactly_one_sheet():
    """Only the tokens are in several: public pages, the administration, the Act of Accession."""
    uses = Counter(name for names in SHEETS.values() for name in names if name.startswith("css/"))
    assert uses.pop(TOKENS) == 3
    assert set(uses) == set(FILES) - {TOKENS}
    assert set(uses.values()) == {1}


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheet_holds_its_files_in_their_order(sheet):
    text = join_files(sheet)
    own = [name for name in SHEETS[sheet] if name.startswith("css/")]
    rules = [COMMENT.sub("", (STATIC / name).read_text(encoding="utf-8")) for name in own]
    places = [text.index(rule) for rule in rules]
    assert places == sorted(places)


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheet_imports_nothing_and_its_pictures_exist(sheet):
    text = join_files(sheet)
    assert "@import" not in text
    pictures = re.findall(r"url\(['\"]?(?!data:)([^'\")]+)", text)
    # The sheets stand in css/, so that each address begins with "../".
    assert [address for address in pictures if not finders.find(address.removeprefix("../"))] == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheet_is_found_as_a_static_file(sheet):
    assert not (STATIC / sheet).exists()
    assert Path(finders.find(sheet)).read_text(encoding="utf-8") == join_files(sheet)


def test_sheet_with_an_unknown_file_says_which(monkeypatch):
    monkeypatch.setitem(SHEETS, "css/staff.css", ["css/staff/nothing.css"])
    with pytest.raises(FileNotFoundError, match=r"css/staff\.css needs css/staff/nothing\.css"):
        join_files("css/staff.css")


def test_templates_link_one_sheet_and_the_base_of_the_administration_two():
    """A page of the administration has the sheet of `base_site.html` and that of `extrastyle`."""
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert len(LINK.findall(text)) <= 1, path
        extra = re.search(r"{% block extrastyle %}(.*?){% endblock", text, re.DOTALL)
        if extra:
            assert len(LINK.findall(extra[1])) == 1, path
            assert "block.super" not in extra[1], path


@pytest.mark.parametrize("template", ["base.html", "500.html", "admin/base_site.html"])
def test_bases_of_pages_load_at_most_two_sheets(template, rf, db):
    assert 1 <= len(LINK.findall(render_to_string(template, request=rf.get("/")))) <= 2


@pytest.mark.parametrize(
    "template",
    [
        "admin/index.html",
        "admin/change_list.html",
        "admin/change_form.html",
        "registration/password_change_form.html",
    ],
)
def test_templates_of_stock_admin_that_add_a_sheet_are_replaced(template):
    """Django's own version of these adds a sheet of its own: ours says which one replaces it."""
    text = (settings.BASE_DIR / "templates" / template).read_text(encoding="utf-8")
    assert "{% block extrastyle %}" in text


def test_forms_of_the_administration_load_two_sheets(person, browse):
    """The style of fields counts too: a field that suggests would bring two sheets of its own."""
    client = browse(person("secretariat"))
    links = {}
    for model in admin.site._registry:
        answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
        if answer.status_code == 200:
            sheets = re.findall(r"<link[^>]*stylesheet", answer.content.decode())
            links[model.__name__] = len(sheets)
    assert len(links) > 25
    assert {name: count for name, count in links.items() if count != 2} == {}
