"""The form behind every entry in the administration: texts per language, one of which is the
source."""

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.names import direction
from languages.text import column, own_text, translated_fields
from members.editing.forms.addresses import only_public_addresses
from members.editing.forms.fields import LanguageCodeField, TypedRowField
from members.editing.forms.merging import MergingForm
from members.slugs import free_slug, numbered


class RecordForm(MergingForm):
    """Checks what belongs together: the source language's required texts, and constraints that
    hidden fields take part in. `preset` holds the values of hidden fields; the admin fills it
    in."""

    preset: dict[str, object] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, value in self.preset.items():
            if self.instance._state.adding:
                setattr(self.instance, name, value)
        for name, formfield in self.fields.items():
            self._keep_choice(name, formfield)
            self._keep_typed(name, formfield)
            self._mark_language(name, formfield)
            only_public_addresses(formfield)

    def _keep_choice(self, name: str, formfield: forms.Field) -> None:
        """What is chosen already stays choosable, even where the person could not choose it
        anew."""
        current = getattr(self.instance, f"{name}_id", None)
        if current and isinstance(formfield, forms.ModelChoiceField):
            formfield.queryset = (
                formfield.queryset.distinct()
                | formfield.queryset.model._base_manager.filter(pk=current).distinct()
            )

    def _keep_typed(self, name: str, formfield: forms.Field) -> None:
        if isinstance(formfield, TypedRowField):
            formfield.current = getattr(self.instance, name, None)
        elif isinstance(formfield, LanguageCodeField):
            formfield.keep(getattr(self.instance, name, ""))

    def _mark_language(self, name: str, formfield: forms.Field) -> None:
        """A text's field says which language is typed in it; its panel's heading names the
        language."""
        field, _underscore, code = name.rpartition("_")
        if field in translated_fields(type(self.instance)) and code in dict(
            settings.SCHEMA_LANGUAGES
        ):
            formfield.label = capfirst(self.instance._meta.get_field(field).verbose_name)
            formfield.help_text = (
                formfield.help_text or self.instance._meta.get_field(field).help_text
            )
            formfield.widget.attrs.update(lang=code, dir=direction(code))

    def _get_validation_exclusions(self) -> set[str]:
        """Hidden fields are checked too; a row that was named for the first time has no key yet to
        be checked."""
        typed = {
            name
            for name, value in self.cleaned_data.items()
            if isinstance(value, models.Model) and not value.pk
        }
        return super()._get_validation_exclusions() - set(self.preset) | typed

    def _update_errors(self, errors: ValidationError) -> None:
        """What the row finds wrong with a field that stands in another form is said above this
        one."""
        if hasattr(errors, "error_dict"):
            for name in set(errors.error_dict) - set(self.fields) - {NON_FIELD_ERRORS}:
                errors.error_dict.setdefault(NON_FIELD_ERRORS, []).extend(
                    errors.error_dict.pop(name)
                )
        super()._update_errors(errors)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        source = cleaned.get("source_language") or getattr(self.instance, "source_language", None)
        if source:
            for field in required_texts(type(self.instance)):
                name = column(field, source)
                if name in self.fields and not cleaned.get(name) and name not in self.errors:
                    self.add_error(
                        name,
                        ValidationError(_("Write this in the source language."), code="required"),
                    )
        return cleaned

    @property
    def can_be_small(self) -> bool:
        """Whether there is a translation that a change of the source text could outdate."""
        if self.instance._state.adding or not hasattr(self.instance, "source_language"):
            return False
        return any(
            own_text(self.instance, field, code)
            for field in translated_fields(type(self.instance))
            for code, _name in settings.SCHEMA_LANGUAGES
            if code != self.instance.source_language
        )

    @property
    def small_name(self) -> str:
        """Of the tick "a small correction"."""
        return self.add_prefix("small_correction")

    def is_small(self) -> bool:
        """Whether the person says that the source text is only corrected, and that its translations
        still hold."""
        return self.data.get(self.small_name) == "yes"

    def changed_columns(self) -> list[str]:
        """Columns of translations that were typed anew."""
        return [
            name
            for name in self.changed_data
            if name.rpartition("_")[0] in translated_fields(type(self.instance))
        ]


class AddressedForm(RecordForm):
    """The form of what has a web address; where none is typed, `made_slug` makes one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def made_slug(self, cleaned: dict[str, object]) -> str:
        raise NotImplementedError

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors:
            typed = cleaned.get("slug")
            cleaned["slug"] = (
                self._numbered_if_hidden(typed, cleaned) if typed else self.made_slug(cleaned)
            )
        return cleaned

    def _numbered_if_hidden(self, slug: str, cleaned: dict[str, object]) -> str:
        """An address that a draft of somebody else has gets a number, as one that is made would: a
        refusal would tell what another city prepares. What everybody reads, and the city's own, is
        refused in the ordinary way."""
        model = type(self.instance)
        others = model._base_manager.exclude(pk=self.instance.pk)
        city = cleaned.get("city") or self.instance.city_id
        seen = Q(pk__in=model.objects.public().values("pk")) | Q(city=city)
        if not others.filter(slug=slug).exists() or others.filter(seen, slug=slug).exists():
            return slug
        return numbered(slug[: model._meta.get_field("slug").max_length - 4], others)


class NamedForm(AddressedForm):
    """The form of what has a name in its own language and an address made of it."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].help_text = _("Left empty, it is made from the name.")

    def made_slug(self, cleaned: dict[str, object]) -> str:
        return self.instance.slug or free_slug(
            type(self.instance), cleaned.get("original_name") or ""
        )


def required_texts(model: type[models.Model]) -> list[str]:
    """Translated fields that must have a text in the source language."""
    return [name for name in translated_fields(model) if not model._meta.get_field(name).blank]
