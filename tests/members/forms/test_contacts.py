"""A support contact as people type it: numbers, hours and ticks."""

import pytest
from django.forms import modelform_factory
from django.utils.translation import override

from members.forms.contacts import SupportContactForm
from members.models import SupportContact

pytestmark = pytest.mark.django_db

FIELDS = ["phone", "opening", "situations"]


def form_for(contact, **values):
    form_class = modelform_factory(SupportContact, form=SupportContactForm, fields=FIELDS)
    return form_class(values, instance=contact)


def test_what_people_type_is_stored_in_one_form(alfa_rows):
    contact = alfa_rows["members.supportcontact"]
    with override("en"):
        form = form_for(
            contact,
            phone="+48 (800) 676-676",
            opening="Mon–Fri 9–17",
            situations=["school", "insulted"],
        )
        assert form.is_valid(), form.errors
    contact = form.save()
    assert contact.phone == "+48800676676"
    assert contact.opening == "Mo-Fr 09:00-17:00"
    assert contact.situations == "insulted school"


@pytest.mark.parametrize(
    ("field", "value"),
    [("phone", "call us"), ("phone", "12"), ("opening", "mornings"), ("situations", ["nonsense"])],
)
def test_what_is_not_understood_is_refused_at_its_field(alfa_rows, field, value):
    form = form_for(alfa_rows["members.supportcontact"], **{field: value})
    assert list(form.errors) == [field]
