"""What the office fills in about memberships that a source evidenced: one, or a table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import (
    Bounds,
    PartialDateFormField,
    format_partial,
    parse,
    surely_before,
)
from languages.fields import LineFormField, ProseFormField, WebAddressFormField
from languages.text import current_language
from members.forms.accounts import set_choices
from members.forms.city_cells import CityCells
from members.forms.uploaded_tables import text_of
from members.models import Citation

MEGABYTE = 1024 * 1024


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


class VerbField(forms.ChoiceField):
    """A verb, in capitals too."""

    def to_python(self, value: Any) -> str:
        verb = str(super().to_python(value))
        return verb.strip().casefold()


class RowForm(MembershipEvidenceForm):
    """A line of the table: all that can be said of it before it is tried."""

    CONFIRM, CORRECT, CLOSE = "confirm", "correct", "close"

    city = LineFormField(max_length=150)
    verb = VerbField(choices=[(verb, verb) for verb in (CONFIRM, CORRECT, CLOSE)])
    joined = PartialDateFormField(bounds=Bounds.HAPPENED, required=False)
    ended = PartialDateFormField(bounds=Bounds.HAPPENED, required=False)
    why = ProseFormField(max_length=5000, required=False)
    field_order = ["city", "verb", "joined", "ended", "why", "source_url", "source_title"]

    def __init__(self, *args: Any, cities: CityCells, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cities = cities

    def clean_city(self) -> str:
        """The address of a city: `wien`, also where one of its names is written."""
        return self.cities.address(self.cleaned_data["city"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        verb = cleaned.get("verb")
        if verb == self.CLOSE:
            self._clean_closing(cleaned)
        elif verb:
            self._refuse_cells_of_closing(cleaned)
        return cleaned

    def _clean_closing(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("why") == "":
            self._refuse("why", _("Write down the reason: why the city is no member any more."))
        ended = cleaned.get("ended")
        if ended == "":
            self._refuse("ended", _("Give the day, the month or the year from which this holds."))
        joined = cleaned.get("joined")
        recorded = self._recorded(cleaned)
        beginning = joined or recorded or ""
        if is_before_joining(ended or "", beginning):
            self._refuse("ended", before_joining(beginning))
        elif joined and recorded is not None and joined != recorded:
            message = _("Closing keeps the date of joining that is recorded. Leave this empty.")
            self._refuse("joined", message)

    def _recorded(self, cleaned: dict[str, Any]) -> str | None:
        """When the city joined, as it is recorded; None where it is not known which city."""
        city = cleaned.get("city")
        return self.cities.joined(city) if city else None

    def _refuse_cells_of_closing(self, cleaned: dict[str, Any]) -> None:
        for column in ("ended", "why"):
            if cleaned.get(column):
                self._refuse(column, _("This is only for closing. Leave it empty."))

    def _refuse(self, column: str, message: str) -> None:
        self.add_error(column, ValidationError(message))


def is_before_joining(ended: str, joined: str) -> bool:
    """Whether the end lies surely before the beginning (partial dates, "" if not known)."""
    return bool(ended and joined) and surely_before(parse(ended), parse(joined))


def before_joining(joined: str) -> str:
    """What is said where the end lies before the beginning."""
    day = format_partial(joined, current_language())
    return _("This is before the city joined (%(joined)s).") % {"joined": day}


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
    """A CSV or XLSX file, or its text carried on from the page that showed what would happen.

    `COLUMNS`: their names, and what is expected in each.
    """

    COLUMNS = {
        "city": gettext_lazy(
            "the name of the city as the list shows it, or its address in this portal (“krakow”)"
        ),
        "verb": gettext_lazy(
            "“confirm” (is a member today), “correct” (another date of joining) or “close” (is "
            "no member any more)"
        ),
        "joined": gettext_lazy("for confirming and correcting: a day, month or year; may be empty"),
        "ended": gettext_lazy("for closing: since when (a day, month or year)"),
        "why": gettext_lazy(
            "for closing: why; it stays in the file, and the city’s coordinators read it in their "
            "letter, if it has any"
        ),
        "source_url": gettext_lazy("the address of the source, on every line"),
        "source_title": gettext_lazy("its title, if you like"),
    }
    NEEDED = ("city", "verb", "source_url")

    file = forms.FileField(
        label=gettext_lazy("CSV or Excel file"),
        required=False,
        help_text=gettext_lazy(
            "At most 1 MB: an Excel workbook (.xlsx), of which the first sheet is read, or CSV in "
            "UTF-8 or UTF-16 with commas, semicolons or tabs between the cells."
        ),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv,text/tab-separated-values"}
        ),
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
        """The text of the file; an error at its field where it cannot be read."""
        try:
            return text_of(upload.read())
        except ValidationError as error:
            self.add_error("file", error)
            return ""
