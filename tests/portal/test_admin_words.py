"""Words of the administration that a person meets: no gaps, no forms in brackets, no codes."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from members.editing.history import changes_in, names_today
from members.editing.unsent import texts_among
from members.models import Commitment, Membership
from portal.library_strings import ADMIN
from portal.staff_site import MENU_NAMES
from tests.forms import fields_of

APPS = ("members", "portal", "programs", "languages")
CODE = [path for app in APPS for path in Path(app).rglob("*.py")]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# An ending for each gender, as Django writes in Polish: "(-ta)" behind a participle.
FORMS_IN_BRACKETS = re.compile(r"\w\(-?\w+\)")
# `xgettext` finds `_` and the functions by their own names, and no other name.
ALIAS = re.compile(r"import \w*gettext\w* as (?!_$)", re.MULTILINE)


def test_no_message_hides_from_the_catalogues():
    assert [str(path) for path in CODE if ALIAS.search(path.read_text())] == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_what_was_saved_is_said_without_forms_in_brackets(language):
    with override(language):
        words = [gettext(text) for text in ADMIN if isinstance(text, str)]
    assert [text for text in words if FORMS_IN_BRACKETS.search(text)] == []


def test_history_says_when_in_the_portals_time_and_leaves_out_by_whom():
    changes = {
        "confirmed_at": ["None", str(datetime(2026, 7, 1, 22, 30, tzinfo=UTC))],
        "confirmed_by": ["None", "1"],
        "chosen": ["", "yes"],
    }
    entry = LogEntry(changes=changes, action=LogEntry.Action.UPDATE)
    fields = {change.field: change for change in changes_in(entry, Commitment, {})}
    assert "confirmed_by" not in fields
    told = "".join(piece.text for piece in fields["confirmed_at"].pieces)
    assert told == "2 July 2026, 00:30"


def test_expired_session_names_fields_as_the_form_does():
    fields = [
        ("promise-statement_pl", "Chcemy więcej mieszkań."),
        ("name_en", "Office"),
        ("do", "publish"),
        ("whatever", "A whole sentence."),
    ]
    with override("pl"):
        assert [name for name, _text in texts_among(fields)] == [
            "Co obiecuje miasto (Polski)",
            "Nazwa (English)",
            "Tekst",
        ]


@pytest.mark.django_db
def test_committees_first_page_does_not_refuse_it(person, browse, alfa):
    committee = person("committee", alfa)
    assert "permission to view" not in browse(committee).get("/admin/").text


@pytest.mark.django_db
def test_history_names_an_entry_in_the_readers_language(alfa):
    membership = Membership.objects.create(city=alfa, standing="active")
    entry = LogEntry.objects.get_for_object(membership).get()
    assert entry.object_repr == f"{alfa}: active"
    with override("de"):
        assert names_today([entry]) == {entry.pk: f"{alfa}: aktiv"}
    Membership.objects.all().delete()
    assert names_today([entry]) == {entry.pk: f"{alfa}: active"}


@pytest.mark.django_db
def test_lists_count_without_plural_forms(person, browse, alfa):
    office = browse(person("secretariat"))
    assert "Entries: 1" in " ".join(office.get("/admin/members/city/").text.split())


def test_ukrainian_words_of_django_are_mended():
    with override("uk"):
        assert gettext("This field is required.") == "Це поле обов’язкове."
        assert date_format(date(2026, 11, 29), "MONTH_DAY_FORMAT") == "29 листопада"


@pytest.mark.parametrize("language", ["en", "pl", "uk"])
def test_lists_say_yes_and_no_in_words(language, person, alfa_rows, browse):
    page = browse(person("secretariat", language=language)).get("/admin/members/unit/")
    assert 'alt="True"' not in page.text
    with override(language):
        assert f'<td class="field-is_published">{gettext("Yes")}</td>' in page.text


def test_deletion_names_nothing_that_the_portal_builds(person, alfa_rows, browse):
    unit = alfa_rows["members.unit"]
    page = browse(person("secretariat")).get(f"/admin/members/unit/{unit.pk}/delete/").text
    assert str(unit) in page
    assert "Index row" not in page


def test_english_says_what_was_saved_as_the_other_languages_do(person, alfa_rows, browse):
    unit = alfa_rows["members.unit"]
    address = f"/admin/members/unit/{unit.pk}/change/"
    client = browse(person("secretariat"))
    fields = fields_of(client.get(address), "unit_form")
    page = client.post(address, {**fields, "_save": "1"}, follow=True).text
    assert "Saved:" in page
    assert "successfully" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_menu_says_whose_tasks_reviews_actions_and_partners_they_are(language):
    with override(language):
        for label, name in MENU_NAMES.items():
            own_name = apps.get_model(label)._meta.verbose_name_plural
            assert str(name).lower() != str(own_name).lower(), label
            assert len(str(name).split()) > 1 or language in ("de", "sv"), label
