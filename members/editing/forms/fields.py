"""Two form fields: a language to choose by its name, and a row to name by typing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField
from languages.names import language_name
from languages.sorting import sort_key
from languages.text import column, current_language, translated_fields

# Languages of texts of member cities: the official ones of Europe, and those of many residents.
WRITTEN_LANGUAGES = [
    "ar", "be", "bg", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu",
    "fi", "fr", "ga", "gl", "he", "hr", "hu", "is", "it", "lb", "lt", "lv", "mk", "mt",
    "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr",
    "uk",
]  # fmt: skip
LONGEST_NAME = 250


def written_languages() -> list[tuple[str, str]]:
    """Codes and names of the languages that a text may be in, in the reader's dictionary order."""
    reader = current_language()

    def order(language: tuple[str, str]) -> Any:
        _code, name = language
        return sort_key(name, reader)

    languages = [(code, language_name(code, reader)) for code in WRITTEN_LANGUAGES]
    return [("", "---------"), *sorted(languages, key=order)]


class LanguageCodeField(forms.ChoiceField):
    """A language, chosen by its name. A rarer one that the row has already stays a choice."""

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(choices=written_languages, **kwargs)

    def offer(self, code: str) -> None:
        """Offer this language too."""
        if not code or code in WRITTEN_LANGUAGES:
            return
        name = language_name(code, current_language())
        self.choices = [*written_languages(), (code, name)]


class RowNameField(LineFormField):
    """A row that a person names by typing.

    A name that no row has yet gives a new row. It is not saved here: `services.entries.save` saves
    it together with the row that names it.
    """

    def __init__(
        self, queryset: models.QuerySet[Any], make: Callable[[str], models.Model], **kwargs: Any
    ) -> None:
        kwargs.setdefault("max_length", LONGEST_NAME)
        kwargs.setdefault(
            "help_text",
            _("Begin to type and choose, or write a new name: it is kept with this page."),
        )
        super().__init__(**kwargs)
        self.queryset = queryset
        self.make = make
        self.current: Any = None
        names = f"names-of-{queryset.model._meta.model_name}"
        self.widget.attrs.update(list=names, autocomplete="off")

    def prepare_value(self, value: Any) -> Any:
        """The name of a row, given the row or its key; any other text stays as it is."""
        if isinstance(value, int):
            rows: models.QuerySet[Any] = self.queryset.model._base_manager.filter(pk=value)
            value = rows.first()
        is_row = isinstance(value, models.Model)
        return value.original_name if is_row else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        name = self.prepare_value(initial)
        return super().has_changed(name, data)

    def clean(self, value: Any) -> models.Model | None:
        words = super().clean(value).split()
        if not words:
            return None
        row: models.Model = self._row(" ".join(words))
        return row

    def _row(self, text: str) -> Any:
        current = self.current
        if current is not None and current.original_name == text:
            return current
        names = Q(original_name__iexact=text)
        for code in _languages(self.queryset.model):
            lookup = f"{column('name', code)}__iexact"
            names |= Q(**{lookup: text})
        rows = self.queryset.filter(names).order_by("pk")
        return rows.first() or self.make(text)


def _languages(model: type[models.Model]) -> list[str]:
    """Codes of the languages in which the model has a name."""
    if not translated_fields(model):
        return []
    prefix = "name_"
    names = {field.name for field in model._meta.get_fields()}
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
