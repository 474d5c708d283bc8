"""docs/privacy.md names every field that can hold something about a person, and no other."""

import re

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db import models

from members.models import User

REGISTER = (settings.BASE_DIR / "docs/privacy.md").read_text(encoding="utf-8")
# Models about a person, or full of what one typed: each of their texts is in the register.
ABOUT_PEOPLE = {
    "auditlog.logentry",
    "languages.listtext",
    "members.addresschange",
    "members.expressionofinterest",
    "members.keptfile",
    "members.keptform",
    "members.letter",
    "members.providerlink",
    "members.reminderstop",
    "members.signatory",
    "members.user",
    "portal.personaldetail",
    "sessions.session",
}
# A field of any model that is called so.
PERSONAL_NAME = re.compile(
    r"(^|_)(person|people|speaker|quotation|signatory|author|phone|mobile|password|token|"
    r"birth|address|actor|session|remote|mayor)(_|$)"
)
# Texts of those models, and fields of those names, that tell nothing about a person.
TELLS_NOTHING = {
    "auditlog.logentry.object_pk": "number of a row",
    "auditlog.logentry.cid": "number of a request",
    "members.expressionofinterest.city_name": "a city",
    "members.legalact.session": "a meeting of a council",
    "members.letter.kind": "a code",
    "members.supportcontact.address": "where an office is",
    "members.supportcontact.phone_note": "when an office answers",
    "portal.news.quotation_language": "a code",
}
# The settings that say for how long something is kept.
PERIODS = (
    "LETTER_DAYS",
    "INTEREST_DAYS",
    "ANSWERED_INTEREST_DAYS",
    "UNSAVED_DAYS",
    "SIGN_IN_DAYS",
)
TEXTS = (models.CharField, models.TextField, models.JSONField, models.FileField)


def fields() -> dict[str, "models.Field"]:
    """By `app.model.field`; of a translated text the column without a language."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if getattr(field, "translated_field", None) is None:
                found[f"{model._meta.label_lower}.{field.name}"] = field
    return found


def can_hold_a_person(name: str, field: "models.Field") -> bool:
    if field.related_model is User or isinstance(
        field, models.EmailField | models.GenericIPAddressField
    ):
        return True
    if not isinstance(field, TEXTS) or field.choices or name in TELLS_NOTHING:
        return False
    model, _dot, own_name = name.rpartition(".")
    return model in ABOUT_PEOPLE or bool(PERSONAL_NAME.search(own_name))


def named() -> set[str]:
    return set(re.findall(r"`([a-z]+\.[a-z]+\.[a-z_]+)`", REGISTER))


def test_register_names_every_field_about_people():
    expected = {name for name, field in fields().items() if can_hold_a_person(name, field)}
    assert expected - named() == set()


def test_register_names_no_field_that_is_gone():
    assert named() - set(fields()) == set()
    assert set(TELLS_NOTHING) - set(fields()) == set()


def test_a_field_without_a_line_would_be_seen():
    assert can_hold_a_person("members.city.mayor_phone", models.CharField())
    assert can_hold_a_person("members.city.contact", models.EmailField())
    assert not can_hold_a_person("members.city.slug", models.SlugField())


def test_periods_and_commands_of_the_register_exist():
    for name in PERIODS:
        assert f"`{name}` ({getattr(settings, name)})" in REGISTER
    commands = set(re.findall(r"`((?:forget|erase|export)_[a-z_]+)`", REGISTER))
    assert commands == commands & set(get_commands())
    assert commands >= {name for name in get_commands() if name.startswith("forget_")}
