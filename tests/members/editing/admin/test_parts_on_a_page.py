"""Pages with several rows of one kind below their entry: every such page can be saved."""

import uuid

import pytest
from django.contrib import admin
from django.db import models
from django.forms.models import _get_foreign_key
from django.utils import timezone

from members.models import Document, Evidence, Source
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


def another(row: models.Model, parent: str = "") -> models.Model:
    """A second row like this one, with other values where no two rows may have the same."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values[row._meta.pk.attname]
    copy = type(row)(**values)
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = [name for name in constraint.fields if name != parent and values_of(row, name)]
            change(copy, names[-1:])
    change(copy, [field.name for field in row._meta.concrete_fields if field.unique][1:])
    copy.save()
    return copy


def values_of(row: models.Model, name: str) -> object:
    return getattr(row, row._meta.get_field(name).attname)


def change(row: models.Model, names: list[str]) -> None:
    for name in names:
        field, value = row._meta.get_field(name), getattr(row, name)
        if isinstance(field, models.ForeignKey):
            value = another(value)
        elif isinstance(field, models.UUIDField):
            value = uuid.uuid4()
        elif field.choices:
            value = next(key for key, _label in field.choices if key != value)
        elif isinstance(field, models.IntegerField):
            value += 1
        else:
            value = "1999" if field.get_internal_type() == "CharField" and value[:2] == "20" else ""
            value = value or f"{getattr(row, name)}2"
        setattr(row, name, value)


PARTS = [
    (model._meta.label_lower, part)
    for model, page in admin.site._registry.items()
    for part in page.inlines
]


@pytest.mark.parametrize(
    ("label", "part"), PARTS, ids=[f"{label}-{part.__name__}" for label, part in PARTS]
)
def test_page_with_two_parts_of_a_kind_is_saved_as_it_stands(
    label, part, alfa_rows, person, browse
):
    entry, row = alfa_rows[label], alfa_rows[part.model._meta.label_lower]
    parent = _get_foreign_key(type(entry), part.model, getattr(part, "fk_name", None)).name
    if getattr(row, parent) != entry:
        part.model.objects.filter(pk=row.pk).update(**{parent: entry})
        row.refresh_from_db()
    another(row, parent)
    Document.objects.update(public_since=timezone.now())
    client = browse(person("secretariat"))
    page = f"/admin/{label.replace('.', '/')}/{entry.pk}/change/"
    opened = client.get(page)
    form_id = f"{entry._meta.model_name}_form"
    response = client.post(page, {**fields_of(opened, form_id), "_save": "1"})
    assert response.status_code == 302, response.context["error_links"]
    assert part.model.objects.filter(**{parent: entry}).count() == 2


def test_evidence_that_stands_twice_on_the_page_is_refused_at_its_address(
    alfa, alfa_rows, person, browse
):
    action = alfa_rows["members.action"]
    source = Source.objects.create(url="https://example.com/one")
    Evidence.objects.create(action=action, source=source)
    client = browse(person("lead", alfa))
    page = f"/admin/members/action/{action.pk}/change/"
    fields = fields_of(client.get(page), "action_form")
    first, second = (f"evidence-{number}-url" for number in range(2))
    fields[second] = fields[first]
    response = client.post(page, {**fields, "_save": "1"})
    assert [error.field for error in response.context["error_links"]] == [f"id_{second}"]
    assert "stands twice on the page" in response.content.decode()
    assert Evidence.objects.filter(action=action, source=source).exists()
