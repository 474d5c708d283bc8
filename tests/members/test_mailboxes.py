"""No mailbox or telephone of one person becomes public unless somebody says it is an office's."""

import csv

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.mailboxes import looks_personal
from members.models import SupportContact, Unit
from members.services import entries
from members.telephone import is_mobile
from portal.models import DataRelease
from portal.services.open_data import publish_data
from tests.forms import fields_of

WHERE = "The page of the office, https://www.alfa.example/contact"


@pytest.mark.parametrize(
    "email",
    [
        "anna.berg@alfa.example",
        "a.berg@alfa.example",
        "Anna_Berg@alfa.example",
        "anna-maria.berg@alfa.example",
        "anna.von.berg@alfa.example",
        "łucja.żuk@alfa.example",
        "office@gmail.com",
        "rathaus@web.de",
        "kontakt@ukr.net",
    ],
)
def test_mailbox_of_a_person(email):
    assert looks_personal(email, "Office against discrimination, Alfa")


@pytest.mark.parametrize(
    ("email", "known"),
    [
        ("", ""),
        ("info@alfa.example", ""),
        ("anna@alfa.example", ""),
        ("housing.sampleton@example.org", "Sampleton"),
        ("berg.tal@alfa.example", "Help in Bergtal"),
        ("blue.tram@bluetram.example", ""),
        ("dept.12@alfa.example", ""),
        ("anti-discrimination.office@alfa.example", ""),
        ("biuro.prasowe@alfa.example", ""),
        ("not an address", ""),
    ],
)
def test_mailbox_of_an_office(email, known):
    assert not looks_personal(email, known)


def test_mobile_number():
    assert is_mobile("+48601234567", "PL")
    assert is_mobile("+4915123456789", "DE")
    assert not is_mobile("+48225551234", "PL")
    assert not is_mobile("116006", "PL")
    assert not is_mobile("", "PL")
    assert not is_mobile("nonsense", "")


def test_data_name_their_office_where_an_address_looks_like_a_persons():
    """All mailboxes of the data files, by the same rule."""
    folder = settings.BASE_DIR / "data"
    asked = 0
    for path in folder.rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                email = row.get("email") or ""
                asked += bool(email)
                known = f"{row.get('organisation')} {row.get('name_en')} {row.get('city')}"
                is_asked = looks_personal(email, known.replace("-", " "))
                assert not is_asked or row.get("office_ground"), (path, email)
    assert asked > 40


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "anna.berg@alfa.example"),
        ("phone", "+48601234567"),
        ("second_phone", "+48601234567"),
    ],
)
def test_form_asks_where_the_office_names_it_and_keeps_the_answer(
    alfa_rows, person, alfa, browse, field, value
):
    contact = alfa_rows["members.supportcontact"]
    client = browse(person("lead", alfa))
    address = f"/admin/members/supportcontact/{contact.pk}/change/"
    fields = {**fields_of(client.get(address)), field: value, "_save": "1"}
    refused = client.post(address, fields)
    assert refused.status_code == 200
    assert "say where the office names it" in refused.text
    contact.refresh_from_db()
    assert getattr(contact, field) != value
    assert client.post(address, {**fields, "office_ground": WHERE}).status_code == 302
    contact.refresh_from_db()
    assert (getattr(contact, field), contact.office_ground) == (value, WHERE)


@pytest.mark.django_db
def test_entry_of_before_is_not_published(alfa_rows, person):
    """What was saved before the rule came, or past forms."""
    office = person("secretariat")
    for label, model in (("members.supportcontact", SupportContact), ("members.unit", Unit)):
        key = alfa_rows[label].pk
        model.objects.filter(pk=key).update(
            published_at=None,
            email="anna.berg@alfa.example",
            origin="stated",
            stated_at=timezone.now(),
        )
        row = model.objects.get(pk=key)
        with pytest.raises(ValidationError, match="one person"):
            entries.publish(record=row, by=office)
        model.objects.filter(pk=key).update(office_ground=WHERE)
        entries.publish(record=model.objects.get(pk=key), by=office)
        assert model.objects.get(pk=key).published_at


@pytest.mark.django_db
def test_address_that_is_taken_back_is_gone_from_pages_tables_and_archives(
    alfa_rows, client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = str(tmp_path)
    unit = alfa_rows["members.unit"]
    contact = alfa_rows["members.supportcontact"]
    for row in (unit, contact):
        row.office_ground, row.email = WHERE, "anna.berg@alfa.example"
        row.save()
    publish_data()
    with django_capture_on_commit_callbacks(execute=True):
        for row in (unit, contact):
            row.email = "office@alfa.example"
            row.save()
    assert not DataRelease.objects.exists()
    for page in (
        "/en/cities/alfa/",
        "/en/help/alfa/",
        "/en/data/contacts/export.csv",
        "/api/v1/contacts/",
        "/api/v1/cities/alfa/",
        "/en/search/?q=anna.berg",
    ):
        assert b"anna.berg@" not in b"".join(client.get(page)), page
    assert not [path for path in tmp_path.rglob("*.zip") if path.is_file()]
