"""What the forms of the coordinator's pages have in common: one language at a time, one saving."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.forms import modelform_factory
from django.forms.utils import ErrorDict

from languages.names import own_name
from languages.text import column, own_text, translated, translated_fields
from members.editing.forms.buttons import Submission
from members.editing.forms.merging import MARKS
from members.editing.forms.records import RecordForm
from members.models import Record, Unit
from members.permissions import city_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FormOfRecord = TypeVar("FormOfRecord", bound=RecordForm)
# A row, and its columns of texts that the person changed.
Change = tuple[Record, list[str]]
# Texts of one or two sentences.
ONE_SENTENCE = {"stopped_why", "note", "text"}
# The buttons that save.
WRITING = ("save", "publish", "draft")


class EditedLanguageForm(forms.Form):
    """`?language=pl`: a translation that is edited."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)


class PageForm(forms.Form):
    """A form of a page that has one saving for all its forms.

    `is_checked`: while the person still adds to the page, nothing is called wrong.
    """

    is_checked = True

    @property
    def errors(self) -> ErrorDict:
        if self.is_bound and not self.is_checked:
            return ErrorDict()
        return super().errors


class WorkForm(RecordForm):
    """A row's form on a coordinator's page: fields of four lines, and units of the city alone.

    `first_language`: the language in which a row without any text is written now. `is_checked`: as
    of a `PageForm`. `where`: what the page calls the form, in its list of errors.
    """

    where: "StrOrPromise" = ""

    def __init__(
        self, *args: Any, first_language: str = "", is_checked: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.first_language = first_language
        self.is_checked = is_checked
        for name, formfield in self.fields.items():
            widget = formfield.widget
            if isinstance(widget, forms.Textarea):
                base = name.rpartition("_")[0]
                widget.attrs["rows"] = 2 if base in ONE_SENTENCE else 4
        self._offer_own_rows()

    def _offer_own_rows(self) -> None:
        unit = self.fields.get("unit")
        if isinstance(unit, forms.ModelChoiceField):
            city = city_of(self.instance)
            unit.queryset = Unit.objects.filter(city=city)

    @property
    def errors(self) -> ErrorDict:
        if self.is_bound and not self.is_checked:
            return ErrorDict()
        return super().errors

    @property
    def is_written(self) -> bool:
        """Whether the person wrote something here that is to be saved."""
        return self.is_bound and self.has_changed()

    def refresh_row(self) -> None:
        super().refresh_row()
        language = self.first_language
        row = self.instance
        if language and not is_written(row):
            row.source_language = language


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


def are_valid(forms_of_page: Iterable[forms.BaseForm]) -> bool:
    """Whether every form that was sent is valid. Each is checked, so that all errors are named."""
    results = [form.is_valid() for form in forms_of_page if form.is_bound]
    return all(results)


def changes_in(forms_of_rows: Iterable[WorkForm]) -> list[Change]:
    """The rows that the person changed, each once, with its changed columns.

    A row may stand in several forms: one for each language.
    """
    rows: dict[Any, Change] = {}
    for form in forms_of_rows:
        if not form.is_written:
            continue
        columns = form.changed_columns()
        row, together = rows.setdefault(_key(form.instance), (form.instance, []))
        if row is not form.instance:
            for name in form.changed_data:
                setattr(row, name, form.cleaned_data[name])
        together += columns
    return list(rows.values())


def _key(row: Record) -> tuple[type[Record], object]:
    return type(row), row.pk or id(row)


def values_of(forms_of_row: Iterable[WorkForm]) -> dict[str, Any]:
    """What stands in several forms of one row, unchecked, for a draft."""
    values: dict[str, Any] = {}
    for form in forms_of_row:
        if form.is_bound:
            values |= form.values()
    return values


def marks_of(forms_of_row: Iterable[WorkForm]) -> dict[str, str]:
    """The marks that came back with several forms of one row."""
    marks: dict[str, str] = {}
    for form in forms_of_row:
        if form_marks := form.sent_marks():
            marks |= form_marks.fields
    return marks


# --- Translations ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class OtherLanguageForms:
    """One language of an entry and its parts: a form for each."""

    language: str
    name: str
    forms: list[WorkForm]


def translation_forms(
    record: Record, parts: Iterable[Record], submission: Submission, extra_language: str
) -> list[OtherLanguageForms]:
    """The texts in each other language that stands open on the page."""
    panels = []
    for code in submission.open_languages(extra_language):
        if code == record.source_language:
            continue
        forms_of_rows = [translation_form(record, code, submission, f"text-{code}")]
        for part in _translatable(parts, code):
            prefix = f"text-{code}-{part._meta.model_name}-{part.pk}"
            forms_of_rows.append(translation_form(part, code, submission, prefix))
        panels.append(OtherLanguageForms(code, own_name(code), forms_of_rows))
    return panels


def translation_form(record: Record, code: str, submission: Submission, prefix: str) -> WorkForm:
    """The texts of one other language, beside the source texts. The form has a row of its own."""
    model = type(record)
    form_class = form_class_of(model, OtherLanguageForm, texts_in(model, code))
    row = model.objects.get(pk=record.pk)
    arguments = submission.arguments(prefix)
    return form_class(**arguments, instance=row, is_checked=submission.is_checked)


def _translatable(parts: Iterable[Record], code: str) -> Iterator[Record]:
    for part in parts:
        source = part.source_language
        texts = translated_fields(type(part))
        if source != code and any(own_text(part, name, source) for name in texts):
            yield part
