"""What the first page says of contacts: never checked is not "not for a year"."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Organisation, SupportContact

pytestmark = pytest.mark.django_db


def test_contact_that_was_never_checked_is_not_called_unchecked_for_a_year(person, browse, alfa):
    office = browse(person("secretariat"))
    organisation = Organisation.objects.create(slug="advice", name_en="Advice")
    contact = SupportContact.objects.create(
        city=alfa, organisation=organisation, published_at=timezone.now()
    )
    page = office.get("/admin/").text
    assert "1 support contact has never been checked" in page
    assert "not been checked for a year" not in page
    assert "has never been checked" not in browse(person("nobody")).get("/admin/", follow=True).text
    assert "Where to get help: never checked" in office.get("/admin/city/alfa/").text
    for check, count in {"never": 1, "old": 0, "wrong": 0, "due": 1}.items():
        answer = office.get(f"/admin/members/supportcontact/?check={check}")
        assert answer.context["cl"].result_count == count
    contact.last_checked_on = timezone.localdate() - timedelta(days=500)
    contact.save()
    page = office.get("/admin/").text
    assert "1 support contact has not been checked for a year" in page
    assert "never been checked" not in page
    assert "Where to get help: not checked for a year" in office.get("/admin/city/alfa/").text
    contact.found_wrong_at = timezone.now()
    contact.save()
    page = office.get("/admin/").text
    assert "1 support contact was found wrong by a visitor" in page
    assert "not been checked for a year" not in page
