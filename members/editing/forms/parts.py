"""The form of a part (an event, a task, a grant) that is typed on the page of what it belongs to,
in one language."""

from typing import Any

from django import forms
from django.db import models
from django.db.models import Max
from django.forms.models import BaseInlineFormSet

from languages.names import direction
from languages.text import column, own_text
from members.editing.forms.records import RecordForm

WRITTEN = "written_"


class PartForm(RecordForm):
    """Its texts stand once, as `written_<name>`: in the language of the part, or of the page that
    it is added on.

    The columns of the other languages stand on the part's own page.
    """

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language if self.instance._state.adding else self.instance.source_language
        for name in self.written_texts():
            formfield = self.fields[WRITTEN + name]
            formfield.initial = own_text(self.instance, name, self.language)
            formfield.widget.attrs.update(lang=self.language, dir=direction(self.language))

    @classmethod
    def written_texts(cls) -> list[str]:
        return [name.removeprefix(WRITTEN) for name in cls.base_fields if name.startswith(WRITTEN)]

    def _post_clean(self) -> None:
        if self.instance._state.adding:
            self.instance.source_language = self.language
        for name in self.written_texts():
            if WRITTEN + name in self.cleaned_data:
                setattr(
                    self.instance, column(name, self.language), self.cleaned_data[WRITTEN + name]
                )
        super()._post_clean()


class PartFormSet(BaseInlineFormSet):
    """All parts of one kind on a page. `reader_language`: what somebody writes in on a page that is
    not sent yet."""

    reader_language = "en"
    # Parts that have an order of their own are counted on, within equal values of these fields.
    order_within: tuple[str, ...] | None = None

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        known = self.is_bound or not self.instance._state.adding
        language = self.instance.source_language if known else self.reader_language
        return {**super().get_form_kwargs(index), "language": language}

    def clean(self) -> None:
        super().clean()
        if self.order_within is not None:
            for form in self.forms:
                if (
                    form.has_changed()
                    and not self._should_delete_form(form)
                    and form.instance.order is None
                ):
                    form.instance.order = self._next(form)

    def _next(self, form: forms.ModelForm) -> int:
        group = {name: getattr(form.instance, name) for name in self.order_within or ()}
        typed = [
            other.instance.order
            for other in self.forms
            if other.instance.order
            and all(getattr(other.instance, name) == group[name] for name in group)
        ]
        kept = (
            self.queryset.filter(**group).aggregate(last=Max("order"))["last"]
            if self.instance.pk
            else None
        )
        return max([*typed, kept or 0], default=0) + 1


def part_form(model: type[models.Model], base: type[PartForm], texts: list[str]) -> type[PartForm]:
    """`base` with a field for each of these texts of the model."""
    fields = {WRITTEN + name: model._meta.get_field(name).formfield() for name in texts}
    for field in fields.values():
        field.widget.attrs["rows"] = 3
    return type(f"{model.__name__}{base.__name__}", (base,), fields)
