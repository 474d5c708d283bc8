"""Constraints of the database that speak: each has a sentence, and the field at which it stands.

Migrations see Django's own classes without the words: to write a sentence anew needs none.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class _Speaking(models.constraints.BaseConstraint):
    """What both classes share. `field`: "" where the sentence is about the whole row."""

    django_path: ClassVar[str]

    def __init__(self, *expressions: Any, words: "StrOrPromise", field: str, **kwargs: Any) -> None:
        super().__init__(
            *expressions,
            violation_error_message=words,
            **kwargs,
        )
        self.words = words
        self.field = field

    def deconstruct(self) -> Any:
        _path, expressions, kwargs = super().deconstruct()
        kwargs.pop("violation_error_message", None)
        return self.django_path, expressions, kwargs

    def clone(self) -> Self:
        """A copy with its words: Django copies the constraints of abstract models."""
        _path, expressions, kwargs = self.deconstruct()
        return type(self)(*expressions, words=self.words, field=self.field, **kwargs)

    def __eq__(self, other: object) -> bool:
        """Equal for the database: the words do not count."""
        if not isinstance(other, models.constraints.BaseConstraint):
            return NotImplemented
        _path, expressions, kwargs = other.deconstruct()
        kwargs.pop("violation_error_message", None)
        return (expressions, kwargs) == self.deconstruct()[1:]

    def __hash__(self) -> int:
        return hash(self.name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().validate(*args, **kwargs)
        except ValidationError as error:
            spoken = ValidationError(self.words, code=error.code or "constraint")
            raise ValidationError({self.field or NON_FIELD_ERRORS: spoken}) from error


class Check(_Speaking, models.CheckConstraint):
    """A condition that every row keeps."""

    django_path = "django.db.models.CheckConstraint"


class Unique(_Speaking, models.UniqueConstraint):
    """What stands once."""

    django_path = "django.db.models.UniqueConstraint"
