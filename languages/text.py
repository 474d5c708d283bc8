"""Translated text that knows which language it is in.

`obj.name` is never shown to anybody: it would be empty for a reader whose language the object
lacks.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.manager import get_translatable_fields_for_model
from modeltranslation.utils import build_localized_fieldname

from languages.names import direction


@dataclass(frozen=True)
class Text:
    """A text, the language it is in (BCP 47) and whether that is another than the reader asked
    for."""

    value: str
    language: str
    is_fallback: bool = False

    def __str__(self) -> str:
        return self.value

    def __bool__(self) -> bool:
        return bool(self.value)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return direction(self.language)


def current_language() -> str:
    """The reader's language, one of `settings.LANGUAGES`."""
    language = get_language() or settings.LANGUAGE_CODE
    return language if language in dict(settings.LANGUAGES) else language.split("-")[0]


def labelled(label: object, text: object) -> str:
    """“Label: text” with the reader's own punctuation: French sets a space before the colon."""
    # Translators: a label, date or name and what is said about it; only the punctuation differs
    # between languages
    return _("%(label)s: %(text)s") % {"label": label, "text": text}


def column(field: str, language: str) -> str:
    """Name of the column that holds `field` in `language`: `name`, `pl` → `name_pl`."""
    return build_localized_fieldname(field, language)


def columns(field: str) -> list[str]:
    """Names of the columns that hold `field`, one per language of the schema: `name_en`, `name_pl`,
    …"""
    return [column(field, code) for code, _name in settings.SCHEMA_LANGUAGES]


def reading_order(language: str, source_language: str) -> list[str]:
    """Reader's language, then the object's source language, then the network's order, then what the
    schema holds."""
    network = [code for code, _name in settings.LANGUAGES]
    schema = [code for code, _name in settings.SCHEMA_LANGUAGES]
    return list(dict.fromkeys([language, source_language, *network, *schema]))


def translated(record: models.Model, field: str, language: str | None = None) -> Text:
    """The text of `field` for a reader of `language` (default: the active one), empty if there is
    none at all."""
    wanted = language or current_language()
    for code in reading_order(wanted, record.source_language):
        value = getattr(record, column(field, code), None)
        if value:
            return Text(value, code, is_fallback=code != wanted)
    return Text("", wanted)


def own_text(record: models.Model, field: str, language: str) -> str:
    """The text of `field` in exactly this language, or an empty string."""
    return getattr(record, column(field, language), None) or ""


def translated_fields(model: type[models.Model]) -> list[str]:
    """Names of the fields of `model` that are kept per language, in the order of the model; none if
    it has none."""
    names = get_translatable_fields_for_model(model) or []
    order = [field.name for field in model._meta.get_fields()]
    return sorted(names, key=order.index)


def language_columns(model: type[models.Model]) -> list[str]:
    """Every column `field_language` of `model`."""
    return [name for field in translated_fields(model) for name in columns(field)]


def named(record: models.Model, language: str | None = None) -> Text:
    """The name of something that has a name in its own language beside the portal's translations of
    it.

    A reader whose language has a translation gets it; everybody else the original, marked as such.
    """
    wanted = language or current_language()
    if record.original_name and record.original_language == wanted:
        return Text(record.original_name, wanted)
    if own := own_text(record, "name", wanted):
        return Text(own, wanted)
    if record.original_name:
        return Text(record.original_name, record.original_language, is_fallback=True)
    return translated(record, "name", wanted)
