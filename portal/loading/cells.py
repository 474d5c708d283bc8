"""What the cells of a file mean for the fields of a row."""

from typing import Any

from django.db import models

SEPARATOR = " | "


def keys_in(cell: str) -> list[str]:
    """The keys of several rows that a cell names."""
    return cell.split(SEPARATOR) if cell else []


def yes_or_no(cell: str, *, null: bool) -> bool | None:
    """`yes` or `no`; of an empty cell None where the field may be null. ValueError of another."""
    unknown = None if null else False
    answers = {"yes": True, "no": False, "": unknown}
    if cell not in answers:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return answers[cell]


def _is_text(model_field: "models.Field[Any, Any]") -> bool:
    return isinstance(model_field, models.CharField | models.TextField)


def empty_value(model_field: "models.Field[Any, Any]") -> object:
    """What an empty cell means: an empty text also in a column of one language, which may be null;
    else null or the field's default."""
    if _is_text(model_field):
        return ""
    return None if model_field.null else model_field.get_default()


def stored_value(record: models.Model, name: str) -> object:
    """The value of a field; of a row that it leads to, the key, without asking for the row."""
    field: Any = record._meta.get_field(name)
    value: object = getattr(record, field.attname)
    return value


def differs(record: models.Model, name: str, value: object) -> bool:
    """Whether a field has another value than this; a row is compared by its key."""
    if isinstance(value, models.Model):
        return bool(stored_value(record, name) != value.pk)
    before = getattr(record, name, None)
    return bool(before != value)


def comparable(value: object) -> object:
    """A value by which rows are compared: of a row its key."""
    return value.pk if isinstance(value, models.Model) else value


def set_many(record: models.Model, many: dict[str, Any]) -> bool:
    """Set the relations to many rows. Returns whether any of them changed."""
    changed = False
    for name, wanted in many.items():
        relation = getattr(record, name)
        before = set(relation.all())
        if before != set(wanted):
            relation.set(wanted)
            changed = True
    return changed
