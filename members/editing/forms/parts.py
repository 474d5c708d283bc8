"""The form of a part (an event, a task, a grant) on the page of the entry that it belongs to.

Its texts are written there in one language.
"""

from functools import cache
from typing import Any

from django import forms
from django.db import models
from django.db.models import Max
from django.forms.formsets import DELETION_FIELD_NAME

from languages.fields import KeepingFormField
from languages.names import direction
from languages.text import column, own_text
from members.editing.forms.draft_rows import MergingFormSet
from members.editing.forms.records import RecordForm

WRITTEN = "written_"


class PartForm(RecordForm):
    """Its texts stand once, as `written_<name>`: in the language of the part.

    A new part has the language of the page that it is added on. The columns of the other languages
    stand on the part's own page.
    """

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        is_new = row._state.adding
        code = language if is_new else row.source_language
        self.language = code
        for name in self.text_names():
            formfield = self.fields[WRITTEN + name]
            formfield.initial = own_text(row, name, code)
            if isinstance(formfield, KeepingFormField):
                formfield.keep(formfield.initial)
            attributes = formfield.widget.attrs
            attributes.update(lang=code, dir=direction(code))

    @classmethod
    def text_names(cls) -> list[str]:
        """Translated fields of the model that the form has a field for."""
        names = []
        for name in cls.base_fields:
            if name.startswith(WRITTEN):
                names.append(name.removeprefix(WRITTEN))
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        row = self.instance
        if row._state.adding:
            row.source_language = self.language
        for name in self.text_names():
            field = WRITTEN + name
            if field in cleaned:
                setattr(row, column(name, self.language), cleaned[field])
        return cleaned


class PartFormSet(MergingFormSet):
    """All parts of one kind on a page.

    `reader_language`: the language of the parts on a page that is new and not sent yet.
    """

    # Parts with an order: a new one gets the next number among equal values of these fields.
    order_within: tuple[str, ...] | None = None

    def __init__(self, *args: Any, reader_language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader_language = reader_language

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        is_opened_new = self.instance._state.adding and not self.is_bound
        language = self.reader_language if is_opened_new else self.instance.source_language
        kwargs = super().get_form_kwargs(index)
        return {**kwargs, "language": language}

    def clean(self) -> None:
        super().clean()
        if self.order_within is None:
            return
        for form in self.forms:
            if self._needs_order(form):
                form.instance.order = self._next_order(form)

    def _needs_order(self, form: "forms.ModelForm[Any]") -> bool:
        is_deleted = form.cleaned_data.get(DELETION_FIELD_NAME, False)
        if is_deleted:
            return False
        if not form.has_changed():
            return False
        return form.instance.order is None

    def _next_order(self, form: "forms.ModelForm[Any]") -> int:
        group = {name: getattr(form.instance, name) for name in self.order_within or ()}
        others = [other.instance for other in self.forms if other.instance.order]
        on_page = [
            other.order
            for other in others
            if all(getattr(other, name) == value for name, value in group.items())
        ]
        stored = None
        if self.instance.pk:
            rows = self.get_queryset().filter(**group)
            stored = rows.aggregate(last=Max("order"))["last"]
        last: int = max([*on_page, stored or 0])
        return last + 1


@cache
def part_form(
    model: type[models.Model], base: type[PartForm], texts: tuple[str, ...]
) -> type[PartForm]:
    """`base` with a field for each of these texts of the model; made once for each kind of part."""
    fields: dict[str, Any] = {}
    for name in texts:
        db_field: Any = model._meta.get_field(name)
        formfield = db_field.formfield()
        formfield.widget.attrs["rows"] = 3
        fields[WRITTEN + name] = formfield
    class_name = f"{model.__name__}{base.__name__}"
    return type(class_name, (base,), fields)
