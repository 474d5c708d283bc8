"""Fields for texts: each cleans what it gets, and has a limit.

The columns are Django's own. So these classes need no migration, and rows with longer texts stay as
they are (`Owned.clean_fields`).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, ngettext_lazy

from languages.cleaning import clean_line, clean_text, is_same_text

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from django_stubs_ext import StrOrPromise

    CharField = models.CharField[str | int | Combinable, str]
    TextField = models.TextField[str | int | Combinable, str]
    URLField = models.URLField[str | int | Combinable, str]
    Field = models.Field[str | int | Combinable, str]
    FormField = forms.Field
else:
    CharField = models.CharField
    TextField = models.TextField
    URLField = models.URLField
    Field = models.Field
    FormField = object

Check = Callable[[Any], None]


def cleaned(text: str, *, one_line: bool) -> str:
    return clean_line(text) if one_line else clean_text(text)


def text_length(text: str) -> int:
    """Characters as a person counts them: the end of a line is one, though browsers send two."""
    return len(text.replace("\r\n", "\n"))


class LongestText(MaxLengthValidator):
    """Refuses a longer text, and says how much is too much."""

    def clean(self, x: Any) -> int:
        return text_length(x)

    def __call__(self, value: Any) -> None:
        try:
            super().__call__(value)
        except forms.ValidationError as error:
            longest = int(self.limit_value)
            length = text_length(value)
            sentence = ngettext_lazy(
                "%(longest)d characters fit here, and this text has %(length)d. Shorten it by "
                "%(over)d character.",
                "%(longest)d characters fit here, and this text has %(length)d. Shorten it by "
                "%(over)d characters.",
                length - longest,
            )
            error.message = sentence
            error.params = {"longest": longest, "length": length, "over": length - longest}
            raise


def _with_own_limit(checks: Iterable[Check], longest: int | None) -> list[Check]:
    """The checks, with `LongestText` in place of Django's validator."""
    own = [check for check in checks if not isinstance(check, MaxLengthValidator)]
    if longest:
        own.append(LongestText(longest))
    return own


# --- Fields of forms ------------------------------------------------------------------------------


class KeepingFormField(FormField):
    """A field that accepts what a row says already, also where a rule came later."""

    present: Any = None

    def keep(self, value: Any) -> None:
        """Accept this value of the row, and tell the editor if it breaks a rule."""
        if value in self.empty_values:
            return
        try:
            self.run_validators(value)
        except forms.ValidationError as error:
            words = " ".join([*error.messages, gettext("Until you change it, it stays as it is.")])
            self.help_text = format_lazy("{} {}", self.help_text, words)
        self.present = value

    def run_validators(self, value: Any) -> None:
        has_present = self.present not in self.empty_values
        if has_present and is_same_text(value, self.present):
            return
        super().run_validators(value)


class CleanedFormField(KeepingFormField, forms.CharField):
    """A text field of a form: cleaned, with a limit that is said before somebody types.

    The browser does not cut a text (`maxlength`), because it would lose the end of what is pasted.
    """

    is_one_line: ClassVar[bool] = False
    # Whether the help says the limit; where people do not write freely it would only be noise.
    says_limit: ClassVar[bool] = True

    def __init__(
        self, *, max_length: int | None = None, help_text: "StrOrPromise" = "", **kwargs: Any
    ) -> None:
        if max_length and self.says_limit:
            help_text = _with_limit(help_text, max_length)
        super().__init__(max_length=max_length, help_text=help_text, **kwargs)
        self.validators = _with_own_limit(self.validators, max_length)

    def to_python(self, value: Any) -> Any:
        text = value
        if isinstance(value, str):
            text = cleaned(value, one_line=self.is_one_line)
        return super().to_python(text)

    def keep(self, value: Any) -> None:
        text = cleaned(value, one_line=self.is_one_line) if isinstance(value, str) else value
        super().keep(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        if self.max_length and not widget.is_hidden:
            words = gettext_lazy("{count} of {most} characters")
            attributes["data-most"] = str(self.max_length)
            attributes["data-counted"] = words
        return attributes


class LineFormField(CleanedFormField):
    """A text of one line."""

    is_one_line = True


class ProseFormField(CleanedFormField):
    """A text of several lines."""

    widget = forms.Textarea


class WebAddressFormField(CleanedFormField, forms.URLField):
    """The address of a page."""

    is_one_line = True
    says_limit = False

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("assume_scheme", "https")
        super().__init__(**kwargs)


def _with_limit(help_text: "StrOrPromise", longest: int) -> "StrOrPromise":
    """The help of a field, and after it how many characters fit."""
    limit = format_lazy(gettext_lazy("At most {count} characters."), count=longest)
    return format_lazy("{} {}", help_text, limit) if help_text else limit


# --- Fields of models -----------------------------------------------------------------------------


class CleanedField(Field):
    """What the fields below share: every door to the database cleans the text.

    Django calls `to_python` for a form, for a loader's check, and for every value that it writes or
    looks up.
    """

    is_one_line: ClassVar[bool] = False
    form_class: ClassVar[type[CleanedFormField]] = CleanedFormField
    # The field of Django that migrations name.
    django_path: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators = _with_own_limit(self.validators, self.max_length)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if isinstance(text, str):
            return cleaned(text, one_line=self.is_one_line)
        return text

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, self.django_path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "form_class": self.form_class,
            "max_length": self.max_length,
        }
        return super().formfield(**{**options, **kwargs})


class LineField(CleanedField, CharField):
    """A text of one line."""

    is_one_line = True
    form_class = LineFormField
    django_path = "django.db.models.CharField"


class ProseField(CleanedField, TextField):
    """A text of several lines. Its limit holds for what is written from now on, so that the column
    has none."""

    form_class = ProseFormField
    django_path = "django.db.models.TextField"

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        return name, path, args, kwargs


class WebAddressField(CleanedField, URLField):
    """The address of a page."""

    is_one_line = True
    form_class = WebAddressFormField
    django_path = "django.db.models.URLField"
