"""Each constraint says in a sentence what is wrong, at its field."""

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import override

from languages.constraints import Check, Unique
from members.models import Meeting, Membership, Owned
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

CONSTRAINTS = [
    (model, constraint)
    for model in apps.get_models()
    if issubclass(model, Owned)
    for constraint in model._meta.constraints
]


def test_every_constraint_has_words_and_a_field_of_its_model():
    faults = []
    for model, constraint in CONSTRAINTS:
        if not isinstance(constraint, Check | Unique):
            faults.append(f"{constraint.name}: declare it with Check or Unique")
        elif not str(constraint.words).endswith("."):
            faults.append(f"{constraint.name}: its words are no sentence")
        elif constraint.field and not has_field(model, constraint.field):
            faults.append(f"{constraint.name}: there is no field {constraint.field}")
    assert faults == []
    assert len(CONSTRAINTS) > 120


def has_field(model: type[models.Model], name: str) -> bool:
    try:
        return bool(model._meta.get_field(name))
    except FieldDoesNotExist:
        return False


def test_migrations_see_no_words():
    _path, _expressions, kwargs = Meeting._meta.constraints[-1].deconstruct()
    assert set(kwargs) == {"condition", "name"}
    assert Meeting._meta.constraints[-1] == models.CheckConstraint(**kwargs)
    assert Meeting._meta.constraints[-1] != models.CheckConstraint(
        condition=kwargs["condition"], name="another"
    )


def errors_of(row: models.Model) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    return refusal.value.message_dict


def test_sentence_stands_at_its_field(alfa):
    meeting = Meeting(kind="steering_committee", starts="2024-05-02", ends="2024-05-01")
    assert errors_of(meeting) == {"ends": ["The end lies before the beginning."]}
    with override("de"):
        assert errors_of(meeting) == {"ends": ["Das Ende liegt vor dem Anfang."]}
    alfa.latitude = 5
    assert list(errors_of(alfa)) == ["longitude"]


def test_what_stands_once_says_so_at_its_field(alfa):
    Membership.objects.create(city=alfa, standing="evidenced")
    again = Membership(city=alfa, standing="evidenced")
    assert errors_of(again) == {"city": ["The city has an open membership already."]}


def test_sentence_about_the_whole_row(alfa):
    alfa.origin = "stated"
    assert list(errors_of(alfa)) == [NON_FIELD_ERRORS]


def test_form_shows_the_sentence_at_its_field(person, browse):
    client = browse(person("secretariat"))
    fields = fields_of(client.get("/admin/members/meeting/add/"), "meeting_form")
    fields |= {"kind": "steering_committee", "starts": "2.5.2024", "ends": "1.5.2024"}
    response = client.post("/admin/members/meeting/add/", fields)
    form = response.context["adminform"].form
    assert form.errors["ends"] == ["The end lies before the beginning."]
    assert not Meeting.objects.exists()
