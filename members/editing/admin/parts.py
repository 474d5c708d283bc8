"""Parts of an entry that are written on its page."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db import models
from django.http import HttpRequest

from languages.text import own_text, translated_fields
from members.editing.admin.base import OwnCityInline, StackedInline
from members.editing.forms.parts import WRITTEN, PartForm, PartFormSet, part_form
from members.requests import user_of


class PartInline(OwnCityInline, StackedInline):
    """A part on the page of its entry; its texts stand there in one language.

    `fields` name the texts as the model does.
    """

    form = PartForm
    formset = PartFormSet
    extra = 1
    show_change_link = True
    fields: ClassVar[Any] = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        for name in self._texts():
            # The text for those who may read the part and not write it.
            reader = self._reader(name)
            setattr(self, WRITTEN + name, reader)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Several empty rows on the page of a new entry, one on any other."""
        return self.extra if obj is None else 1

    def _reader(self, name: str) -> Callable[[models.Model], str]:
        db_field: Any = self.model._meta.get_field(name)
        label = db_field.verbose_name

        @admin.display(description=label)
        def read(part: Any) -> str:
            return own_text(part, name, part.source_language)

        return read

    def _texts(self) -> list[str]:
        names = flatten(self.fields)
        return [name for name in translated_fields(self.model) if name in names]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        texts = set(self._texts())

        def field(name: str) -> str:
            if name in texts:
                return WRITTEN + name
            return name

        return [
            field(line) if isinstance(line, str) else tuple(map(field, line))
            for line in self.fields
        ]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type[Any]:
        model: Any = self.model
        texts = tuple(self._texts())
        kwargs["form"] = part_form(model, self.form, texts)
        return super().get_formset(request, obj, **kwargs)

    def formset_arguments(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return {"reader_language": user_of(request).language}

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "order" and formfield:
            formfield.required = False
        return formfield
