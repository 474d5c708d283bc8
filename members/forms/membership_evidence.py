"""What the office fills in about memberships that a source evidenced: one, or a table."""

import csv
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import Bounds, PartialDateFormField
from languages.fields import LineFormField, ProseFormField, WebAddressFormField
from members.forms.accounts import set_choices
from members.models import Citation

if TYPE_CHECKING:
    from _csv import Reader

MEGABYTE = 1024 * 1024
MOST_ROWS = 1000


class MembershipEvidenceForm(forms.Form):
    """A source: every change of a historic membership rests on one."""

    source_url = WebAddressFormField(
        label=gettext_lazy("Address of the source"),
        max_length=1000,
        help_text=gettext_lazy("A public page or document that says so."),
    )
    source_title = LineFormField(
        label=gettext_lazy("Title of the source"), max_length=500, required=False
    )


class ConfirmForm(MembershipEvidenceForm):
    """The city is a member today, and since when."""

    joined = PartialDateFormField(
        bounds=Bounds.HAPPENED,
        label=pgettext_lazy("membership", "Joined"),
        required=False,
        help_text=gettext_lazy("A day, a month or a year, as far as known."),
    )
    field_order = ["joined", "source_url", "source_title"]


class CorrectForm(MembershipEvidenceForm):
    """Another date of joining than the one recorded; the standing stays as it is."""

    joined = PartialDateFormField(
        bounds=Bounds.HAPPENED,
        label=pgettext_lazy("membership", "Joined"),
        required=False,
        help_text=gettext_lazy("A day, a month or a year; empty if it is not known after all."),
    )
    field_order = ["joined", "source_url", "source_title"]


class RowForm(MembershipEvidenceForm):
    """A line of the table."""

    CONFIRM, CORRECT, CLOSE = "confirm", "correct", "close"

    city = LineFormField(max_length=80)
    verb = forms.ChoiceField(choices=[(verb, verb) for verb in (CONFIRM, CORRECT, CLOSE)])
    # The service refuses the future, together with all else that it refuses.
    joined = PartialDateFormField(required=False)
    ended = PartialDateFormField(required=False)
    why = ProseFormField(max_length=5000, required=False)
    field_order = ["city", "verb", "joined", "ended", "why", "source_url", "source_title"]


class WorklistFilter(forms.Form):
    """Which of the evidenced memberships are shown."""

    AGES = (
        ("", gettext_lazy("any age")),
        ("5", gettext_lazy("older than 5 years")),
        ("10", gettext_lazy("older than 10 years")),
        ("unknown", gettext_lazy("without a date")),
    )

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    basis = forms.ChoiceField(
        label=gettext_lazy("What it rests on"),
        required=False,
        # Translators: filter: a membership may rest on any kind of source
        choices=[("", gettext_lazy("anything")), *Citation.Basis.choices],
    )
    age = forms.ChoiceField(label=gettext_lazy("Latest source"), required=False, choices=AGES)

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = ("", _("all countries"))
        set_choices(self, "country", [everywhere, *countries])


class TableForm(forms.Form):
    """A CSV file, or its text carried on from the page that showed what would happen."""

    COLUMNS = ("city", "verb", "joined", "ended", "why", "source_url", "source_title")
    NEEDED = ("city", "verb", "source_url")

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("At most 1 MB, in UTF-8, with commas or semicolons."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(
        required=False, strip=False, max_length=MEGABYTE, widget=forms.HiddenInput
    )

    def clean_file(self) -> "UploadedFile[Any] | None":
        upload: UploadedFile[Any] | None = self.cleaned_data["file"]
        if upload and (upload.size or 0) > MEGABYTE:
            message = _("This file is too large. It may have at most 1 MB.")
            raise ValidationError(message, code="too_large")
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("file")
        if upload:
            cleaned["text"] = self._decoded(upload)
            return cleaned
        has_text = bool(cleaned.get("text"))
        if not has_text and not self.errors:
            error = ValidationError(_("Choose a file."), code="required")
            self.add_error("file", error)
        return cleaned

    def _decoded(self, upload: "UploadedFile[Any]") -> str:
        """The text of the file; an error at its field where it is not UTF-8."""
        try:
            return str(upload.read(), "utf-8-sig")
        except UnicodeDecodeError as error:
            message = _(
                "Byte %(number)d of this file is not UTF-8. Save it as “CSV UTF-8” and choose "
                "it anew."
            )
            numbers = {"number": error.start}
            self.add_error("file", ValidationError(message, code="encoding", params=numbers))
            return ""


class TableError(ValidationError):
    """The table as a whole cannot be read."""


def rows_of(text: str) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV text with their numbers, by the names of the columns.

    Raises TableError.
    """
    lines = text.splitlines(keepends=True)
    if not lines:
        raise TableError(_("This file is empty."))
    separator = _separator(lines[0])
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        rows = _named_rows(reader)
    except csv.Error as error:
        message = _("Line %(line)d cannot be read as CSV: %(reason)s.")
        params = {
            "line": reader.line_num,
            "reason": error,
        }
        raise TableError(message, params=params) from error
    if not rows or len(rows) > MOST_ROWS:
        message = _("The file must have between 1 and %(number)d lines.")
        raise TableError(message, params={"number": MOST_ROWS})
    return rows


def _separator(first_line: str) -> str:
    """A comma; a semicolon where the first line has that and no comma."""
    has_comma = "," in first_line
    if ";" in first_line and not has_comma:
        return ";"
    return ","


def _named_rows(reader: "Reader") -> list[tuple[int, dict[str, str]]]:
    first_line = next(reader)
    header = [name.strip() for name in first_line]
    _check_header(header)
    rows = []
    for cells in reader:
        text = "".join(cells)
        is_blank = not text.strip()
        if is_blank:
            continue
        line = reader.line_num
        row = _named(header, cells, line)
        rows.append((line, row))
    return rows


def _check_header(header: list[str]) -> None:
    columns = TableForm.COLUMNS
    wrong = []
    for name in header:
        is_known = name in columns
        is_double = header.count(name) > 1
        if is_double or not is_known:
            wrong.append(name)
    missing = [name for name in TableForm.NEEDED if name not in header]
    if not wrong and not missing:
        return
    message = _(
        "The first line must name these columns, in any order: %(columns)s. Wrong: %(wrong)s. "
        "Missing: %(missing)s."
    )
    names = {
        "columns": ", ".join(columns),
        "wrong": ", ".join(wrong) or "–",
        "missing": ", ".join(missing) or "–",
    }
    raise TableError(message, params=names)


def _named(header: list[str], cells: list[str], line: int) -> dict[str, str]:
    if len(cells) != len(header):
        message = _("Line %(line)d has %(cells)d cells where the first line has %(columns)d.")
        numbers = {
            "line": line,
            "cells": len(cells),
            "columns": len(header),
        }
        raise TableError(message, params=numbers)
    return dict(zip(header, cells, strict=True))
