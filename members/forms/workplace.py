"""What a coordinator types on the pages of their city: one language at a time."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _

from languages.text import column, translated_fields
from members.forms.commitments import EvidenceForm
from members.forms.records import RecordForm
from members.models import Action, ActionUpdate, City, Commitment, Evidence, Point, Record, Unit
from members.permissions import city_of

LARGEST_KEY = 2**63 - 1


class VerbForm(forms.Form):
    """Which button was pressed, and about which row."""

    do = forms.CharField(max_length=30)
    key = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)


class LanguageForm(forms.Form):
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
    """A record's form on the coordinator's pages: a choice of units is one of the city's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, formfield in self.fields.items():
            if name == "unit":
                formfield.queryset = Unit.objects.filter(city=city_of(self.instance))


def texts_in(model: type[Record], code: str) -> list[str]:
    """The columns of one language."""
    return [column(name, code) for name in translated_fields(model)]


def commitment_form(city: City, point: Point, source_language: str) -> type[WorkForm]:
    """The answer, the promise in the source language, the office."""
    texts = texts_in(Commitment, source_language)
    form = modelform_factory(
        Commitment, WorkForm, fields=["chosen", *texts, "unit"], widgets={"chosen": forms.RadioSelect}
    )
    preset = {"city": city, "point": point, "source_language": source_language, "fictional": city.fictional}
    return type("CommitmentForm", (form,), {"preset": preset})


def action_form(record: Action) -> type[WorkForm]:
    """An action in its source language."""
    code = record.source_language
    names = [column("title", code), column("description", code), "status", "status_as_of", column("stopped_why", code)]
    return modelform_factory(Action, WorkForm, fields=[*names, "starts", "due", "existed_before", "unit"])


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
            formfield.source_text = getattr(record, column(name.rpartition("_")[0], record.source_language)) or ""

    return begin


def evidence_form(record: Action) -> type[RecordForm]:
    """An address or a document of the city, and what it shows, in the action's language."""
    names = ["url", "source_title", "document", column("note", record.source_language)]
    preset = {"action": record, "source_language": record.source_language, "fictional": record.fictional}
    form = modelform_factory(Evidence, EvidenceForm, fields=names)
    return type("OwnEvidenceForm", (Short, form), {"preset": preset, "field_order": names})


def update_form(record: Action) -> type[RecordForm]:
    """A date and one or two sentences, in the action's language."""
    preset = {"action": record, "source_language": record.source_language, "fictional": record.fictional}
    form = modelform_factory(ActionUpdate, RecordForm, fields=["on", column("text", record.source_language)])
    return type("OwnUpdateForm", (Short, form), {"preset": preset})


class NewActionForm(forms.Form):
    """An action of the city's own, begun with its title."""

    title = forms.CharField(label=_("What your city does, in a few words"), max_length=250)
