"""Translated text that knows its language.

No page shows `obj.name` itself: it would be empty for a reader in whose language the object has no
name.
"""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.manager import get_translatable_fields_for_model
from modeltranslation.utils import build_localized_fieldname

from languages.names import direction


class HasSourceLanguage(Protocol):
    """A row whose texts are written in `source_language` and translated into other languages."""

    @property
    def source_language(self) -> str: ...


class HasOriginalName(HasSourceLanguage, Protocol):
    """A row that has a name in its own language beside the portal's translations of it."""

    @property
    def original_name(self) -> str: ...

    @property
    def original_language(self) -> str: ...


@dataclass(frozen=True)
class Text:
    """A text, its language (BCP 47), and whether the reader asked for another one."""

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
    if language in network_languages():
        return language
    return language.split("-")[0]


def network_languages() -> list[str]:
    """The codes of `settings.LANGUAGES`, in the network's order."""
    return [code for code, _name in settings.LANGUAGES]


def schema_languages() -> list[str]:
    """The codes of the languages for which the database has columns."""
    return [code for code, _name in settings.SCHEMA_LANGUAGES]


def labelled(label: object, text: object) -> str:
    """“Label: text” with the punctuation of the reader's language: French writes a space before the
    colon."""
    # Translators: a label, date or name and what is said about it; only the punctuation differs
    # between languages
    return _("%(label)s: %(text)s") % {"label": label, "text": text}


def column(field: str, language: str) -> str:
    """The name of the column that holds `field` in `language`: `name`, `pl` → `name_pl`."""
    return build_localized_fieldname(field, language)


def columns(field: str) -> list[str]:
    """The names of the columns that hold `field`, one for each language of the schema: `name_en`,
    `name_pl`, …"""
    return [column(field, code) for code in schema_languages()]


def reading_order(language: str, source_language: str) -> list[str]:
    """The languages in which a reader of `language` gets a text, the first that has it: the
    reader's, the source language, the network's in their order, the others of the schema."""
    codes = [language, source_language]
    codes += network_languages()
    codes += schema_languages()
    return list(dict.fromkeys(codes))


def translated(record: HasSourceLanguage, field: str, language: str | None = None) -> Text:
    """The text of `field` for a reader of `language` (default: the active one); empty if no
    language has it."""
    wanted = language or current_language()
    for code in reading_order(wanted, record.source_language):
        name = column(field, code)
        value = getattr(record, name, None)
        if value:
            is_fallback = code != wanted
            return Text(value, code, is_fallback)
    return Text("", wanted)


def own_text(record: object, field: str, language: str) -> str:
    """The text of `field` in exactly this language, or an empty text."""
    name = column(field, language)
    value = getattr(record, name, None)
    return value or ""


def source_text(record: HasSourceLanguage, field: str) -> str:
    """The text of `field` in the language in which the record was written, or an empty text."""
    return own_text(record, field, record.source_language)


def translated_fields(model: type[models.Model]) -> list[str]:
    """The names of the fields of `model` that are kept per language, in the model's order."""
    return list(_translated_fields(model))


def language_columns(model: type[models.Model]) -> list[str]:
    """The names of all columns of `model` that are kept per language."""
    return list(_language_columns(model))


# A list of the log asks for these a thousand times.
@cache
def _translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    names = get_translatable_fields_for_model(model) or []
    all_fields = model._meta.get_fields()
    order = [field.name for field in all_fields]
    return tuple(sorted(names, key=order.index))


@cache
def _language_columns(model: type[models.Model]) -> tuple[str, ...]:
    names = []
    for field in _translated_fields(model):
        names += columns(field)
    return tuple(names)


def named(record: HasOriginalName, language: str | None = None) -> Text:
    """The name of a row that has an original name beside the portal's translations.

    A reader gets the name in their language. If there is none, they get the original name as a
    fallback.
    """
    wanted = language or current_language()
    original_name = record.original_name
    if original_name and record.original_language == wanted:
        return Text(original_name, wanted)
    name = own_text(record, "name", wanted)
    if name:
        return Text(name, wanted)
    if original_name:
        return Text(original_name, record.original_language, is_fallback=True)
    return translated(record, "name", wanted)
