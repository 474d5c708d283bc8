"""Nonsense in a choice is no valid choice, in every form of the administration, and no 500."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.forms import fields_of
from tests.members.accession_cast import make_meeting

pytestmark = pytest.mark.django_db

NONSENSE = ["[]", "31.02.2026", "\x00", "²", "9" * 30, "-1", "{}"]
CHOICE = re.compile(
    r'<select[^>]*? name="([^"]+)"|<input[^>]*? type="(?:radio|checkbox)"[^>]*? name="([^"]+)"'
    r'|<input[^>]*? name="([^"]+)"[^>]*? type="(?:radio|checkbox)"'
)


@pytest.fixture
def office(person, browse):
    return browse(person("secretariat"))


def choices_in(page: str) -> set[str]:
    """The names of what one chooses or ticks on a page."""
    return {name for names in CHOICE.findall(page) for name in names if name}


def pages(rows) -> list[str]:
    """The form of every kind of entry: of a row, and of a new one."""
    addresses = []
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = rows.get(model._meta.label_lower)
        addresses.append(reverse(f"{name}_add"))
        if row is not None:
            addresses.append(reverse(f"{name}_change", args=[row.pk]))
    return addresses


def answer_nonsense(client, address: str, nonsense: str) -> int:
    """Send the form with nonsense in every choice. Gives how many there were, 0 for no form."""
    page = client.get(address)
    if page.status_code != 200:
        return 0
    names = choices_in(page.text)
    if not names:
        return 0
    answers = fields_of(page) | dict.fromkeys(names, nonsense)
    answer = client.post(address, {**answers, "_save": "Save"})
    assert answer.status_code < 500, (address, nonsense)
    return len(names)


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_every_choice_of_every_form(nonsense, office, alfa_rows):
    asked = [answer_nonsense(office, address, nonsense) for address in pages(alfa_rows)]
    assert len([count for count in asked if count]) > 60
    assert sum(asked) > 200


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("name", ["cite_recorded", "host", "minutes", "held_in", "kind"])
def test_nonsense_is_no_valid_choice_of_a_meeting(name, nonsense, office):
    meeting = make_meeting()
    address = f"/admin/members/meeting/{meeting.pk}/change/"
    fields = fields_of(office.get(address), "meeting_form")
    answer = office.post(address, {**fields, name: nonsense, "_save": "Save"})
    assert answer.status_code == 200
    assert name in answer.context["adminform"].form.errors
