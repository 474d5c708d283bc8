"""The form of an entry in the administration: texts per language, one of which is the source."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.fields import KeepingFormField
from languages.names import direction
from languages.text import column, language_columns, own_text, translated_fields
from members.editing.forms.addresses import only_public_addresses
from members.editing.forms.fields import LanguageCodeField, RowNameField
from members.editing.forms.merging import MergingForm
from members.slugs import free_slug, numbered


class RecordForm(MergingForm):
    """Checks the source language's required texts, and constraints that hidden fields take part in.

    `preset`: values of hidden fields of a new row, by field. `more_fields`: fields of the page that
    the row does not have, as those that name its sources.
    """

    def __init__(
        self,
        *args: Any,
        preset: Mapping[str, object] | None = None,
        more_fields: Mapping[str, forms.Field] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(more_fields or {})
        self.preset = dict(preset or {})
        if self.instance._state.adding:
            for name, value in self.preset.items():
                setattr(self.instance, name, value)
        for name, formfield in self.fields.items():
            self._offer_present_row(name, formfield)
            self._mark_language(name, formfield)
            self._offer_present_value(name, formfield)
            only_public_addresses(formfield)

    def _offer_present_row(self, name: str, formfield: forms.Field) -> None:
        """What is chosen already stays a choice, even where the person could not choose it anew."""
        current = getattr(self.instance, f"{name}_id", None)
        if not current or not isinstance(formfield, forms.ModelChoiceField):
            return
        rows = formfield.queryset
        if rows is None:
            return
        present = rows.model._base_manager.filter(pk=current)
        formfield.queryset = rows.distinct() | present.distinct()

    def _offer_present_value(self, name: str, formfield: forms.Field) -> None:
        if isinstance(formfield, RowNameField):
            formfield.current = getattr(self.instance, name, None)
        elif isinstance(formfield, LanguageCodeField):
            code = getattr(self.instance, name, "")
            formfield.offer(code)
        elif isinstance(formfield, KeepingFormField) and not self.instance._state.adding:
            value = getattr(self.instance, name, None)
            formfield.keep(value)

    def _mark_language(self, name: str, formfield: forms.Field) -> None:
        """The field of a text says in which language it is written.

        Its label does not: the heading of its panel names the language.
        """
        base, _underscore, code = name.rpartition("_")
        model = type(self.instance)
        languages = dict(settings.SCHEMA_LANGUAGES)
        if base not in translated_fields(model) or code not in languages:
            return
        db_field: Any = model._meta.get_field(base)
        formfield.label = capfirst(db_field.verbose_name)
        formfield.help_text = formfield.help_text or db_field.help_text
        attributes = formfield.widget.attrs
        attributes.update(lang=code, dir=direction(code))

    def unchecked_fields(self, excluded: set[str]) -> set[str]:
        """Fields that the check of the row leaves out; `excluded`: those that Django leaves out.

        Hidden fields are checked too. A row that is named for the first time has no key yet, so
        that the field that names it cannot be checked.
        """
        values = self.cleaned_data.items()
        new = {name for name, value in values if _is_new(value)}
        hidden = set(self.preset)
        return (excluded - hidden) | new

    def _get_validation_exclusions(self) -> set[str]:
        """Django's private hook, the only place that decides about this (Django 5.2)."""
        excluded = super()._get_validation_exclusions()  # type: ignore[misc]
        return self.unchecked_fields(excluded)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        model = type(self.instance)
        stored = getattr(self.instance, "source_language", "")
        source = str(cleaned.get("source_language") or stored or "")
        texts = required_texts(model) if source else []
        for text in texts:
            name = column(text, source)
            is_missing = name in self.fields and not cleaned.get(name)
            if is_missing and name not in self.errors:
                message = _("Write this in the source language.")
                self.add_error(name, ValidationError(message, code="required"))
        return cleaned

    @property
    def can_be_small(self) -> bool:
        """Whether there is a translation that a change of the source text could outdate."""
        row = self.instance
        if row._state.adding or not hasattr(row, "source_language"):
            return False
        model = type(row)
        texts = translated_fields(model)
        for code, _name in settings.SCHEMA_LANGUAGES:
            if code == row.source_language:
                continue
            has_text = any(own_text(row, text, code) for text in texts)
            if has_text:
                return True
        return False

    @property
    def small_name(self) -> str:
        """The name of the tick "a small correction"."""
        return self.add_prefix("small_correction")

    def is_small(self) -> bool:
        """Whether the source text was only corrected, so that its translations still hold."""
        tick = self.data.get(self.small_name)
        return tick == "yes"

    def changed_columns(self) -> list[str]:
        """Columns of texts that the person changed: `name_pl`."""
        texts = language_columns(type(self.instance))
        return [name for name in self.changed_data if name in texts]


def _is_new(value: object) -> bool:
    return isinstance(value, models.Model) and not value.pk


class AddressedForm(RecordForm):
    """The form of what has a web address; where the person gives none, `made_slug` makes one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            **kwargs,
        )
        slug = self.fields.get("slug")
        if slug is not None:
            slug.required = False

    def made_slug(self, cleaned: dict[str, Any]) -> str:
        """An address made of the other fields."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "slug" not in self.fields:
            return cleaned
        if "slug" in self.errors:
            return cleaned
        slug = cleaned.get("slug")
        if slug:
            cleaned["slug"] = self._numbered_if_hidden(slug, cleaned)
        else:
            cleaned["slug"] = self.made_slug(cleaned)
        return cleaned

    def _numbered_if_hidden(self, slug: str, cleaned: dict[str, Any]) -> str:
        """An address that an unpublished entry of another city has gets a number.

        A refusal would tell what another city prepares. The address of a public entry, and of an
        entry of the same city, is refused by the check of the row.
        """
        row = self.instance
        model: Any = type(row)
        others = model._base_manager.exclude(pk=row.pk)
        city = cleaned.get("city") or row.city_id
        public_keys = model.objects.public().values("pk")
        visible = Q(pk__in=public_keys) | Q(city=city)
        same = others.filter(slug=slug)
        if not same.exists() or same.filter(visible).exists():
            return slug
        room_for_number = 4
        slug_field = model._meta.get_field("slug")
        longest = slug_field.max_length - room_for_number
        return numbered(slug[:longest], others)


class NamedForm(AddressedForm):
    """The form of what has a name in its own language and an address made of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields.get("slug")
        if slug is not None:
            slug.help_text = _("Left empty, it is made from the name.")

    def made_slug(self, cleaned: dict[str, Any]) -> str:
        row = self.instance
        if row.slug:
            return str(row.slug)
        name = cleaned.get("original_name") or ""
        model = type(row)
        return free_slug(model, name)


def required_texts(model: type[models.Model]) -> list[str]:
    """Translated fields that must have a text in the source language."""
    fields: Any = model._meta
    names = []
    for name in translated_fields(model):
        field = fields.get_field(name)
        if not field.blank:
            names.append(name)
    return names
