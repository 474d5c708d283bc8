"""The forms of the coordinator's pages: one language at a time.

Each function gives a form for a page, filled with what was sent if one of its buttons was pressed.
"""

from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.forms import BaseForm, modelform_factory
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField
from languages.text import column, translated, translated_fields
from members.editing.forms.buttons import Submission
from members.editing.forms.merging import MARKS
from members.editing.forms.records import RecordForm
from members.forms.commitments import EvidenceForm, IndicatorValueForm
from members.models import (
    Action,
    ActionUpdate,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    Record,
    Unit,
)
from members.permissions import city_of

FormOfRecord = TypeVar("FormOfRecord", bound=RecordForm)
# Buttons of the form of the entry itself.
WRITING = ("save", "publish", "draft")


class EditedLanguageForm(forms.Form):
    """`?language=pl`: the translation that is edited."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)


class WorkForm(RecordForm):
    """A row's form on a coordinator's page: fields of four lines, and units of the city alone.

    `first_language`: the language in which a row without any text is written now.
    """

    def __init__(self, *args: Any, first_language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_language = first_language
        for formfield in self.fields.values():
            widget = formfield.widget
            if isinstance(widget, forms.Textarea):
                widget.attrs["rows"] = 4
        unit = self.fields.get("unit")
        if isinstance(unit, forms.ModelChoiceField):
            city = city_of(self.instance)
            unit.queryset = Unit.objects.filter(city=city)

    def refresh_row(self) -> None:
        super().refresh_row()
        language = self.first_language
        row = self.instance
        if language and not is_written(row):
            row.source_language = language


class WorkEvidenceForm(WorkForm, EvidenceForm):
    """Evidence on the page of its action."""


class WorkValueForm(WorkForm, IndicatorValueForm):
    """A value on the page of the action of its indicator."""


class OtherLanguageForm(WorkForm):
    """The texts of one other language; each field knows its `source_text`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        language = row.source_language
        for name, formfield in self.fields.items():
            if name == MARKS:
                continue
            text, _underscore, _code = name.rpartition("_")
            source_column = column(text, language)
            source_text = getattr(row, source_column) or ""
            formfield.required = False
            formfield.source_text = source_text  # type: ignore[attr-defined]


class NewActionForm(forms.Form):
    """A new action of the city's own, of which the person writes the title first."""

    title = LineFormField(label=_("What your city does, in a few words"), max_length=250)


def is_written(row: Record) -> bool:
    """Whether the row has any text: the first one says in which language the row is written."""
    names = translated_fields(type(row))
    return any(translated(row, name) for name in names)


def texts_in(model: type[Record], code: str) -> list[str]:
    """The columns of one language."""
    names = translated_fields(model)
    return [column(name, code) for name in names]


def form_class_of(
    model: type[Record], base: type[FormOfRecord], fields: list[str], **options: Any
) -> type[FormOfRecord]:
    """A subclass of `base` with these fields of the model."""
    return cast("type[FormOfRecord]", modelform_factory(model, base, fields=fields, **options))


def promise_form(promise: Commitment, submission: Submission, language: str) -> WorkForm:
    """The answer, the promise, the office. `language`: of a promise that has no text yet."""
    code = promise.source_language if is_written(promise) else language
    code = submission.language("promise-statement", code)
    names = ["chosen", *texts_in(Commitment, code), "unit"]
    widgets = {"chosen": forms.RadioSelect}
    form_class = form_class_of(Commitment, WorkForm, names, widgets=widgets)
    preset = {
        "city": promise.city,
        "point": promise.point,
        "source_language": code,
        "fictional": promise.city.fictional,
    }
    return form_class(
        submission.by(*WRITING),
        instance=promise,
        prefix="promise",
        preset=preset,
        first_language=code,
    )


# --- An action ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActionForms:
    """The forms on the page of an action; `values`: the next value of each indicator."""

    action: RecordForm
    evidence: RecordForm
    update: RecordForm
    indicator: RecordForm
    values: dict[Indicator, RecordForm]

    def each(self) -> list[BaseForm]:
        return [
            self.action,
            self.evidence,
            self.update,
            self.indicator,
            *self.values.values(),
        ]


def action_forms(action: Action, submission: Submission) -> ActionForms:
    """An action is written in its source language, and so are its parts."""
    indicators = action.indicators.prefetch_related("values")
    values = {}
    for indicator in indicators.order_by("pk"):
        values[indicator] = _value_form(indicator, submission)
    return ActionForms(
        action=_action_form(action, submission),
        evidence=_evidence_form(action, submission),
        update=_update_form(action, submission),
        indicator=_indicator_form(action, submission),
        values=values,
    )


def _action_form(action: Action, submission: Submission) -> RecordForm:
    code = submission.language("action-title", action.source_language)
    names = [
        column("title", code),
        column("description", code),
        "status",
        "status_as_of",
        column("stopped_why", code),
        "starts",
        "due",
        "existed_before",
        "unit",
    ]
    form_class = form_class_of(Action, WorkForm, names)
    fields = submission.by(*WRITING)
    return form_class(fields, instance=action, prefix="action")


def _evidence_form(action: Action, submission: Submission) -> RecordForm:
    """An address or a document of the city, and what it shows."""
    code = submission.language("evidence-note", action.source_language)
    names = ["url", "source_title", "document", column("note", code)]
    form_class = form_class_of(Evidence, WorkEvidenceForm, names)
    fields = submission.by("evidence")
    preset = _part_preset(action, code)
    form = form_class(fields, prefix="evidence", preset=preset)
    form.order_fields(names)
    document = form.fields["document"]
    if isinstance(document, forms.ModelChoiceField):
        city = action.commitment.city
        document.queryset = city.documents.order_by("-pk")
    return form


def _update_form(action: Action, submission: Submission) -> RecordForm:
    """A date and one or two sentences."""
    code = submission.language("update-text", action.source_language)
    names = ["on", column("text", code)]
    form_class = form_class_of(ActionUpdate, WorkForm, names)
    fields = submission.by("update")
    preset = _part_preset(action, code)
    return form_class(fields, prefix="update", preset=preset)


def _indicator_form(action: Action, submission: Submission) -> RecordForm:
    """A number that follows the action: its name, and how it is measured."""
    code = submission.language("indicator-name", action.source_language)
    names = [
        column("name", code),
        column("measure", code),
    ]
    form_class = form_class_of(Indicator, WorkForm, names)
    fields = submission.by("indicator")
    preset = _part_preset(action, code)
    preset["commitment"] = action.commitment
    return form_class(fields, prefix="indicator", preset=preset)


def _value_form(indicator: Indicator, submission: Submission) -> RecordForm:
    """A dated value with where it comes from."""
    names = ["on", "value", "url", "source_title"]
    form_class = form_class_of(IndicatorValue, WorkValueForm, names)
    preset = {
        "indicator": indicator,
        "source_language": indicator.source_language,
        "fictional": indicator.fictional,
    }
    fields = submission.by("value", key=indicator.pk)
    form = form_class(fields, prefix=f"value-{indicator.pk}", preset=preset)
    form.order_fields(names)
    return form


def _part_preset(action: Action, code: str) -> dict[str, Any]:
    return {"action": action, "source_language": code, "fictional": action.fictional}


# --- Translations ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class OtherLanguageForms:
    """One language of an entry and its parts: a form for each, saved together."""

    language: str
    name: str
    forms: list[RecordForm]

    def is_valid(self) -> bool:
        """Whether all are valid. Each is checked, so that the page names every error."""
        results = [form.is_valid() for form in self.forms]
        return all(results)

    def changes(self) -> list[tuple[Record, list[str]]]:
        """The rows that the person changed, each with its changed columns."""
        changes = []
        for form in self.forms:
            if form.has_changed():
                columns = form.changed_columns()
                changes.append((form.instance, columns))
        return changes


def translation_form(record: Record, code: str, submission: Submission, prefix: str) -> RecordForm:
    """The texts of one other language, beside the source texts."""
    model = type(record)
    names = texts_in(model, code)
    form_class = form_class_of(model, OtherLanguageForm, names)
    fields = submission.by("translate")
    return form_class(fields, instance=record, prefix=prefix)
