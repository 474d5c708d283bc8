"""Filters beside a list: what occurs among a person's rows, in the order of the names shown."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from languages.sorting import sort_key
from languages.text import current_language
from members.editing.admin.choices import is_named
from members.models import Country

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models.fields.related import RelatedField

Choice = tuple[Any, Any]


class OccurringByName(admin.RelatedOnlyFieldListFilter):
    """Only rows that occur; what has a name of its own in the dictionary order of the reader's
    language. Others, as points with their numbers, keep the order of their list."""

    def field_choices(
        self, field: "RelatedField[Any, Any]", request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[Choice]:
        language = current_language()

        def order(choice: Choice) -> str:
            _key, name = choice
            return sort_key(str(name), language)

        choices = super().field_choices(field, request, model_admin)
        model: Any = field.related_model
        has_name = model is Country or is_named(model)
        return sorted(choices, key=order) if has_name else choices
