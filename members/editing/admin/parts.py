"""Parts that are typed on the page of what they belong to."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from languages.text import own_text, translated_fields
from members.editing.admin.base import OwnCityInline
from members.editing.forms.parts import WRITTEN, PartForm, PartFormSet, part_form


class PartInline(OwnCityInline, admin.StackedInline):
    """`fields` name a part's texts as they are called in the model; they are written in one
    language."""

    form = PartForm
    formset = PartFormSet
    extra = 1
    show_change_link = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        for name in self._texts():
            # What somebody reads who may not write.
            setattr(self, WRITTEN + name, self._reader(name))

    def get_extra(
        self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any
    ) -> int:
        """Some room on a new page, so that nobody need save to go on; one empty place on a page
        that is there."""
        return self.extra if obj is None else 1

    def _reader(self, name: str) -> Callable[[models.Model], str]:
        @admin.display(description=self.model._meta.get_field(name).verbose_name)
        def read(part: models.Model) -> str:
            return own_text(part, name, part.source_language)

        return read

    def _texts(self) -> list[str]:
        named = {
            name for line in self.fields for name in ([line] if isinstance(line, str) else line)
        }
        return [name for name in translated_fields(self.model) if name in named]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        texts = set(self._texts())

        def field(name: str) -> str:
            return WRITTEN + name if name in texts else name

        return [
            field(line) if isinstance(line, str) else tuple(map(field, line))
            for line in self.fields
        ]

    def get_formset(
        self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any
    ) -> type[PartFormSet]:
        kwargs["form"] = part_form(self.model, self.form, self._texts())
        formset = super().get_formset(request, obj, **kwargs)
        formset.reader_language = request.user.language
        return formset

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "order" and formfield:
            formfield.required = False
        return formfield
