"""Rows to choose from, in the dictionary order of the names that the reader sees."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.forms.models import ModelChoiceField, ModelChoiceIterator

from languages.sorting import sort_key
from languages.text import current_language

if TYPE_CHECKING:
    IteratorBase = ModelChoiceIterator[Any]
else:
    IteratorBase = ModelChoiceIterator

Choice = tuple[Any, Any]


class ChoicesByName(IteratorBase):
    """The choices of a field, by their labels; the empty one stays the first."""

    def __iter__(self) -> Iterator[Choice]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        language = current_language()
        choices = [self.choice(row) for row in self.queryset.all()]

        def order(choice: Choice) -> str:
            _key, label = choice
            return sort_key(str(label), language)

        yield from sorted(choices, key=order)


def sort_by_name(field: Any) -> None:
    """Sort the choices of a field for one row or several, whatever the order of its rows."""
    if not isinstance(field, ModelChoiceField):
        raise TypeError(f"{field!r} offers no rows")
    field.iterator = ChoicesByName
    field.widget.choices = field.choices
