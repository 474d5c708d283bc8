"""A file field that need not be filled again: what was chosen is kept while the form is mended.

A browser sends a chosen file once. Where the form comes back, the file waits on the server
(`members.services.kept`), and the form carries its key; only the forms of the person who chose it
take the key.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import KeptFile, User
from members.uploads import has_room

Upload: TypeAlias = "UploadedFile[Any]"

NO_ROOM = _(
    "The portal has no room for this file at the moment. What you typed is kept. Tell the "
    "secretariat, and choose the file again later."
)
EMPTY = _("This file is empty: it has 0 bytes. Save it again and choose it anew.")
# Files that one field takes at once.
MOST_AT_ONCE = 10


@dataclass
class Choice:
    """What a person chose in a file field: new files, and the keys of files that were kept."""

    uploads: list[Upload] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.uploads or self.keys)

    def __str__(self) -> str:
        return ""


class KeptFileInput(forms.FileInput):
    """The input of a file, under the files that are kept already; each can be taken away."""

    template_name = "forms/kept_files.html"

    def __init__(self, attrs: dict[str, Any] | None = None, is_multiple: bool = False) -> None:
        self.allow_multiple_selected = is_multiple
        many = {"multiple": True} if is_multiple else {}
        super().__init__({**many, **(attrs or {})})
        self.kept_files: list[KeptFile] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Choice:
        removed = set(_list(data, f"{name}-remove"))
        keys = [key for key in _list(data, f"{name}-kept") if key not in removed]
        return Choice(_list(files, name), keys)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["widget"]["kept_files"] = self.kept_files
        if self.kept_files and not self.allow_multiple_selected:
            context["widget"]["attrs"].pop("required", None)
        return context


def _list(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return cast("list[Any]", data.getlist(name))
    value = data.get(name)
    return [] if value is None else [value]


class KeptFileField(forms.FileField):
    """A file, or several. Cleans to the file, or to the list of all files that are there.

    `check` raises ValidationError for a file that the field does not take. `owner`: whose kept
    files the form takes; forms get it as `keeper`.
    """

    widget = KeptFileInput

    def __init__(
        self,
        *,
        is_multiple: bool = False,
        check: Callable[[Upload], object] | None = None,
        accept: str = "",
        **kwargs: Any,
    ) -> None:
        attrs = {"accept": accept} if accept else {}
        kwargs.setdefault("widget", KeptFileInput(attrs, is_multiple))
        super().__init__(**kwargs)
        self.error_messages["empty"] = EMPTY
        self.is_multiple = is_multiple
        self.check = check
        self.owner: User | None = None
        self.kept_files: list[KeptFile] = []
        self.new: list[Upload] = []

    def show(self, row: KeptFile) -> None:
        """Show the file as kept when the form comes back."""
        widget = cast("KeptFileInput", self.widget)
        widget.kept_files = [*widget.kept_files, row] if self.is_multiple else [row]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and bool(data)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial

    def clean(self, value: Any, initial: Any = None) -> Any:
        """A file of a disabled field is not touched at all."""
        if self.disabled:
            return initial
        choice = value if isinstance(value, Choice) else Choice([value] if value else [])
        files = self._kept_files(choice.keys)
        errors = self._read_new(choice.uploads)
        if self.new and not self.is_multiple:
            self.kept_files, files = [], []
        widget = cast("KeptFileInput", self.widget)
        widget.kept_files = list(self.kept_files)
        if errors:
            raise ValidationError(errors)
        files += self.new
        if self.is_multiple:
            return files
        return files[-1] if files else super().clean(None, initial)

    def _kept_files(self, keys: list[str]) -> list[Upload]:
        """The person's own files with these keys, as far as they are still there."""
        self.kept_files = own_files(self.owner, keys)
        return [row.upload() for row in self.kept_files]

    def _read_new(self, uploads: list[Upload]) -> list[ValidationError]:
        """Note the new files that are good; the errors of the others."""
        self.new = []
        errors = []
        for upload in uploads[:MOST_AT_ONCE]:
            try:
                if not has_room(upload):
                    raise ValidationError(NO_ROOM, "no_room")
                self.to_python(upload)
                if self.check:
                    self.check(upload)
            except ValidationError as error:
                errors += self._named(error, upload)
            else:
                self.new.append(upload)
        if len(uploads) > MOST_AT_ONCE:
            message = _("Choose at most %(most)d files at once. The first ones are kept.")
            errors.append(ValidationError(message, "many", {"most": MOST_AT_ONCE}))
        return errors

    def _named(self, error: ValidationError, upload: Upload) -> list[ValidationError]:
        """Among several files the sentence names the one that it is about."""
        if not self.is_multiple:
            return [error]
        name = upload.name or ""
        return [ValidationError(_about(name, sentence)) for sentence in error.messages]


def _about(name: str, sentence: str) -> str:
    words = gettext("“%(name)s”: %(sentence)s")
    return words % {"name": name, "sentence": sentence}


def own_files(owner: User | None, keys: list[str]) -> list[KeptFile]:
    """The person's own kept files with these keys, as far as they are still there."""
    wanted = [key for key in keys if _is_key(key)]
    rows = KeptFile.objects.of(owner).filter(key__in=wanted) if wanted else []
    return [row for row in rows if row.is_there]


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def file_fields(form: forms.BaseForm) -> Iterator[tuple[str, KeptFileField]]:
    for name, formfield in form.fields.items():
        if isinstance(formfield, KeptFileField):
            yield name, formfield


def new_files(form: forms.BaseForm) -> Iterator[tuple[KeptFileField, Upload]]:
    """The files that came with the form and are good, each with its field."""
    errors = form.errors
    for name, formfield in file_fields(form):
        if formfield.is_multiple or name not in errors:
            for upload in formfield.new:
                yield formfield, upload


def used_files(form: forms.BaseForm) -> Iterator[KeptFile]:
    """The kept files that the form took."""
    for _name, formfield in file_fields(form):
        yield from formfield.kept_files


def kept_keys(form: forms.BaseForm) -> Iterator[tuple[str, list[str]]]:
    """The names and values of the hidden fields of kept files, as the form shows them."""
    for name, formfield in file_fields(form):
        keys = [str(row.key) for row in getattr(formfield.widget, "kept_files", [])]
        yield f"{form.add_prefix(name)}-kept", keys
