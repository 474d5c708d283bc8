"""Text fields of models and forms: what they take, and what they say about their limit."""

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.utils.translation import override

from languages.dates import PartialDateField
from languages.fields import CleanedField, LineFormField, ProseFormField, text_length
from members.models import City, Owned, Source, Unit

# Texts that no person writes: keys, hashes, and what the portal itself makes.
MADE_BY_THE_PORTAL = {
    "members.Letter.subject", "members.City.distinction",
    "message_id", "once", "token_hash", "sha256", "content_type", "password",
}  # fmt: skip


def written_fields():
    for model in apps.get_models():
        if not issubclass(model, Owned):
            continue
        for field in model._meta.local_concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            is_checked = isinstance(field, models.SlugField | models.EmailField)
            has_format = isinstance(field, PartialDateField) or field.choices or is_checked
            if is_text and not has_format and not {field.name, str(field)} & MADE_BY_THE_PORTAL:
                yield field


def test_every_text_that_people_write_is_cleaned_and_has_a_limit():
    without = [
        str(field)
        for field in written_fields()
        if not isinstance(field, CleanedField) or not field.max_length
    ]
    assert without == []


def subclasses(form):
    for child in form.__subclasses__():
        yield child
        yield from subclasses(child)


def test_every_text_field_of_a_form_is_cleaned():
    technical = {
        "q",
        "kind",
        "country",
        "city",
        "language",
        "do",
        "to",
        "carried",
        "files",
        "seen",
        "page",
        # Of the library that signs people in: compared, and never stored.
        "code",
        "key",
        "uidb36",
    }
    plain = {
        f"{form.__name__}.{name}"
        for form in subclasses(forms.BaseForm)
        if form.__module__.split(".")[0] in {"members", "programs", "portal"}
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField
        and name not in technical
        and not isinstance(field.widget, forms.HiddenInput | forms.PasswordInput)
    }
    assert plain == set()


def test_field_says_its_limit_and_lets_the_browser_cut_nothing():
    field = ProseFormField(max_length=20, help_text="Two sentences.")
    assert field.help_text == "Two sentences. At most 20 characters."
    with override("de"):
        assert "20 Zeichen" in str(field.help_text)
    attributes = field.widget.attrs
    assert attributes["data-most"] == "20"
    assert "maxlength" not in attributes


def test_text_that_is_too_long_is_refused_with_the_number_of_characters():
    field = LineFormField(max_length=5)
    with pytest.raises(ValidationError) as refusal:
        field.clean("seventh")
    assert refusal.value.messages == [
        "5 characters fit here, and this text has 7. Shorten it by 2 characters."
    ]
    assert refusal.value.error_list[0].code == "max_length"


def test_the_end_of_a_line_is_one_character():
    assert text_length("a\r\nb") == 3
    assert ProseFormField(max_length=3).clean("a\r\nb") == "a\r\nb"


@pytest.mark.django_db
def test_every_door_cleans(alfa):
    junk = "Offi\x0bce \u202efor Krako\u0301w"
    unit = Unit.objects.create(city=alfa, name_en=junk)
    unit.refresh_from_db()
    assert unit.name_en == "Offi ce for Kraków"
    Unit.objects.filter(pk=unit.pk).update(name_en=junk)
    unit.refresh_from_db()
    assert unit.name_en == "Offi ce for Kraków"
    Source.objects.bulk_create([Source(title="a\x1fb", url="https://example.org/\u202ea")])
    assert Source.objects.filter(title="ab", url="https://example.org/a").exists()


@pytest.mark.django_db
def test_longer_text_from_before_stays_until_it_is_changed(alfa):
    before = "long " * 2000
    City.objects.filter(pk=alfa.pk).update(introduction_en=Value(before))
    alfa.refresh_from_db()
    alfa.region = "North"
    alfa.full_clean()
    alfa.introduction_en = before + "longer"
    with pytest.raises(ValidationError) as refusal:
        alfa.full_clean()
    # The column, and the field that reads it in the active language.
    assert set(refusal.value.message_dict) == {"introduction", "introduction_en"}
