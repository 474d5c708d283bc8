"""Rows as JSON: the fields of a kind's description."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from portal.open_data.fields import Field, Type
from portal.open_data.kind import Kind

PARTIAL_DATE = r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"


class RowSerializer(serializers.Serializer[Any]):
    """A row of a kind; `only` names the fields that somebody asked for."""

    KIND: Kind

    def to_representation(self, instance: Any) -> dict[str, Any]:
        fields: Iterable[Field] = self.context.get("only") or self.KIND.fields
        return {field.name: field.value(instance) for field in fields}


def serializer_of(kind: Kind) -> type[RowSerializer]:
    """The serializer of a kind, with a field for each field of its description."""
    members: dict[str, Any] = {field.name: _field(field) for field in kind.fields}
    # Without field names of its own, Django REST framework would take an attribute for one.
    members["KIND"] = kind
    made = type(f"{kind.name.capitalize()}RowSerializer", (RowSerializer,), members)
    decorate = extend_schema_serializer(component_name=f"{kind.name}_row")
    decorated: type[RowSerializer] = decorate(made)
    return decorated


def _field(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    if field.parts:
        return _list_of_parts(field)
    one = _one(field)
    if not field.many:
        return one
    return serializers.ListField(child=one, help_text=field.meaning, required=False)


def _one(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    # Not required: `?fields=` leaves any of them out.
    words: dict[str, Any] = {"help_text": field.meaning, "required": False}
    if field.type is Type.NUMBER:
        return serializers.IntegerField(allow_null=True, **words)
    if field.type is Type.DECIMAL:
        return serializers.FloatField(allow_null=True, **words)
    if field.type is Type.TRUTH:
        return serializers.BooleanField(allow_null=True, **words)
    if field.type in (Type.DATE, Type.DAY):
        return serializers.RegexField(PARTIAL_DATE, **words)
    if field.codes:
        return serializers.ChoiceField(field.codes, allow_blank=True, **words)
    return serializers.CharField(allow_blank=True, **words)


def _list_of_parts(field: Field) -> serializers.Field[Any, Any, Any, Any]:
    """Objects, each with the parts of the field."""
    members = {part.name: _one(part) for part in field.parts}
    name = f"{field.name.capitalize()}PartSerializer"
    one: type[Any] = type(name, (serializers.Serializer,), members)
    words: dict[str, Any] = {"help_text": field.meaning, "required": False}
    return one(many=True, **words)
