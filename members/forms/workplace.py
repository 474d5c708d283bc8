"""What a coordinator types on the pages of their city: one language at a time."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _

from languages.text import column, translated, translated_fields
from members.editing.forms.records import RecordForm
from members.forms.commitments import EvidenceForm, IndicatorValueForm
from members.models import (
    Action,
    ActionUpdate,
    City,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    Point,
    Record,
    Unit,
)
from members.permissions import city_of

LARGEST_KEY = 2**63 - 1


class ButtonForm(forms.Form):
    """Which button was pressed, and about which row."""

    do = forms.CharField(max_length=30)
    key = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)


class EditedLanguageForm(forms.Form):
    """`?language=pl`: the translation that is edited."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)


class Short:
    """Texts begin with four lines: a page holds several forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for formfield in self.fields.values():
            if isinstance(formfield.widget, forms.Textarea):
                formfield.widget.attrs["rows"] = 4


class WorkForm(Short, RecordForm):
    """A record's form on the coordinator's pages: a choice of units is one of the city's own.

    `begun_in`: the language in which somebody writes the first text of a row that has none.
    """

    begun_in = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, formfield in self.fields.items():
            if name == "unit":
                formfield.queryset = Unit.objects.filter(city=city_of(self.instance))

    def _become(self, row: models.Model) -> None:
        super()._become(row)
        if self.begun_in and not is_written(row):
            self.instance.source_language = self.begun_in


def is_written(row: Record) -> bool:
    """Whether there is any text yet: who writes the first one says in which language it is."""
    return any(translated(row, name) for name in translated_fields(type(row)))


def written_in(sent: Mapping[str, str], name: str, otherwise: str) -> str:
    """The language of the text field `name` that a form had when it was opened: the row's may have
    changed since."""
    codes = (code for code, _name in settings.SCHEMA_LANGUAGES if column(name, code) in sent)
    return next(codes, otherwise)


def texts_in(model: type[Record], code: str) -> list[str]:
    """The columns of one language."""
    return [column(name, code) for name in translated_fields(model)]


def commitment_form(city: City, point: Point, source_language: str) -> type[WorkForm]:
    """The answer, the promise in the source language, the office."""
    texts = texts_in(Commitment, source_language)
    form = modelform_factory(
        Commitment,
        WorkForm,
        fields=["chosen", *texts, "unit"],
        widgets={"chosen": forms.RadioSelect},
    )
    preset = {
        "city": city,
        "point": point,
        "source_language": source_language,
        "fictional": city.fictional,
    }
    return type("CommitmentForm", (form,), {"preset": preset, "begun_in": source_language})


def action_form(record: Action, code: str) -> type[WorkForm]:
    """An action in one language: its source language."""
    names = [
        column("title", code),
        column("description", code),
        "status",
        "status_as_of",
        column("stopped_why", code),
    ]
    return modelform_factory(
        Action, WorkForm, fields=[*names, "starts", "due", "existed_before", "unit"]
    )


def translation_form(record: Record, code: str) -> type[RecordForm]:
    """The texts of one other language, beside the source text (`sources`)."""
    form = modelform_factory(type(record), WorkForm, fields=texts_in(type(record), code))
    return type("TranslationForm", (form,), {"__init__": _with_source_text(record)})


def _with_source_text(record: Record) -> Any:
    def begin(self: RecordForm, *args: Any, **kwargs: Any) -> None:
        WorkForm.__init__(self, *args, **kwargs)
        for name, formfield in self.fields.items():
            if name == "seen":
                continue
            formfield.required = False
            formfield.source_text = (
                getattr(record, column(name.rpartition("_")[0], record.source_language)) or ""
            )

    return begin


def evidence_form(record: Action, code: str) -> type[RecordForm]:
    """An address or a document of the city, and what it shows, in the action's language."""
    names = ["url", "source_title", "document", column("note", code)]
    preset = {"action": record, "source_language": code, "fictional": record.fictional}
    form = modelform_factory(Evidence, EvidenceForm, fields=names)
    return type("OwnEvidenceForm", (Short, form), {"preset": preset, "field_order": names})


def update_form(record: Action, code: str) -> type[RecordForm]:
    """A date and one or two sentences, in the action's language."""
    preset = {"action": record, "source_language": code, "fictional": record.fictional}
    form = modelform_factory(ActionUpdate, RecordForm, fields=["on", column("text", code)])
    return type("OwnUpdateForm", (Short, form), {"preset": preset})


def indicator_form(record: Action, code: str) -> type[RecordForm]:
    """A number that follows the action, in the action's language."""
    preset = {
        "action": record,
        "commitment": record.commitment,
        "source_language": code,
        "fictional": record.fictional,
    }
    form = modelform_factory(
        Indicator, RecordForm, fields=[column("name", code), column("measure", code)]
    )
    return type("OwnIndicatorForm", (Short, form), {"preset": preset})


def value_form(record: Indicator) -> type[RecordForm]:
    """A dated value with where it comes from."""
    names = ["on", "value", "url", "source_title"]
    preset = {
        "indicator": record,
        "source_language": record.source_language,
        "fictional": record.fictional,
    }
    form = modelform_factory(IndicatorValue, IndicatorValueForm, fields=names)
    return type("OwnValueForm", (Short, form), {"preset": preset, "field_order": names})


class NewActionForm(forms.Form):
    """An action of the city's own, begun with its title."""

    title = forms.CharField(label=_("What your city does, in a few words"), max_length=250)
