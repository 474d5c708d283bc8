"""Arguments for the forms that stock admin builds.

Stock admin calls a form's class with the data, the files and the row, and has no hook for more
arguments (Django 5.2; for formsets it has `get_formset_kwargs`).
"""

from typing import Any


def with_arguments(form_class: type[Any], **arguments: Any) -> type[Any]:
    """The form's class, whose constructor gets these arguments too; for `ModelAdmin.get_form`."""

    class FormWithArguments(form_class):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            together = {**arguments, **kwargs}
            super().__init__(
                *args,
                **together,
            )

    return FormWithArguments
