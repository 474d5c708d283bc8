"""A form that notices what somebody else saved while it was open, and loses the text of neither.

The form carries a mark (a short hash) of every field as the person saw it. When it comes back, the
row is locked and each field is compared three ways: what the person saw, what stands in the row
now, what the person sent. Changes of different fields (also of different languages of one text) are
merged without a question, and so are different ticks of one list. Where two people changed the same
text, the person chooses.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.cleaning import clean_text
from languages.difference import Piece, difference
from languages.names import join_list, own_name
from languages.text import column, current_language
from members.editing.forms.codes import CodesField
from members.editing.forms.kept_files import file_fields
from members.editing.history import Author, last_change, log_of
from members.models import User

if TYPE_CHECKING:
    ModelFormBase = forms.ModelForm[Any]
else:
    ModelFormBase = forms.ModelForm

# The name of the field that carries the marks.
MARKS = "seen"
# Values of the choice at a clash.
MINE, THEIRS = "mine", "theirs"
# Stands before each row in the mark of a list: it is no hexadecimal digit, so no hash has it.
ITEM = "i"


@dataclass(frozen=True)
class FormMarks:
    """What a person had before them when a form was opened.

    `version`: of the row. `fields`: a mark for each field. `questions`: fields for which the form
    asked whose text to keep. `draft`: the stamp of the draft that was open, if any.
    """

    version: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    draft: str = ""

    def __str__(self) -> str:
        parts = [
            self.version,
            dict(self.fields),
            list(self.questions),
            self.draft,
        ]
        return json.dumps(parts, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> "FormMarks":
        """Read what the form sent back.

        Nonsense gives no marks at all: then the form asks about every difference.
        """
        try:
            version, fields, questions, draft = json.loads(text)
            marks = {}
            for name, mark in fields.items():
                if _is_storable(name, mark):
                    marks[name] = str(mark)
            names = tuple(map(str, questions))
            return cls(int(version), marks, names, str(draft))
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            return cls()


def _is_storable(name: str, mark: object) -> bool:
    """Whether a draft can keep it: PostgreSQL stores no NUL and no half of a character."""
    has_letters_only = f"0{mark}".isalnum()
    return name.isidentifier() and has_letters_only


@dataclass(frozen=True)
class OtherDraft:
    """A draft that somebody else saved while the form was open."""

    values: Mapping[str, Any]
    stamp: str


@dataclass(frozen=True)
class Beginning:
    """What a form begins with besides its row.

    `values` stand in the fields instead of the row's: of a draft, or of an old version. `marks`:
    what the writer of that draft had before them. `refusal`: why nothing may be saved this time.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    marks: FormMarks | None = None
    refusal: str = ""
    other_draft: OtherDraft | None = None


@dataclass(frozen=True)
class Clash:
    """A field that two people changed: its name and language, both texts, and what differs."""

    name: str
    label: str
    language: str
    mine: str
    theirs: str
    pieces: list[Piece]
    choice: str
    chosen: str = ""
    author: Author | None = None


def mark_of(value: Any) -> str:
    """A short hash: the same for a value of the row and for that value in a form; empty for none.

    The mark of a list of rows names all rows, so that the ticks of two people can be compared.
    """
    text = as_text(value)
    is_list = isinstance(value, list | tuple | models.QuerySet)
    if is_list and text.replace(",", "").isdecimal():
        return ITEM + text.replace(",", ITEM)
    if not text:
        return ""
    encoded = text.encode("utf-8", "replace")
    return hashlib.sha256(encoded).hexdigest()[:16]


def as_text(value: Any) -> str:
    """A value as text: the same text for the value of a row, of a form and of a browser."""
    match value:
        case None:
            return ""
        case str():
            return "\n".join(value.splitlines()).strip()
        case models.Model():
            return str(value.pk)
        case Decimal():
            return format(value.normalize(), "f")
        case datetime():
            return str(int(value.timestamp()))
        case list() | tuple() | models.QuerySet():
            return ",".join(sorted(map(as_text, value)))
    return str(value)


class MarksField(forms.CharField):
    """The hidden field that carries the marks. It is never a change in itself."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MergingForm(ModelFormBase):
    """A form of a row that other people may change while it is open.

    `beginning`: what the form begins with; `row_beginnings`: the same for each row of a formset,
    by the row's key. `keeper`: who writes, and whose kept files the fields for files take.
    """

    # Pages and scripts know the field by this name.
    seen = MarksField(required=False)

    def __init__(
        self,
        *args: Any,
        beginning: Beginning | None = None,
        row_beginnings: Mapping[str, Beginning] | None = None,
        keeper: User | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.writer = keeper
        for _name, file_field in file_fields(self):
            file_field.owner = keeper
        self.clashes: list[Clash] = []
        row = self.instance
        key = str(row.pk or "")
        beginnings = row_beginnings or {}
        beginning = beginning or Beginning()
        self.beginning = beginnings.get(key, beginning)
        is_new = row._state.adding
        further_values = {} if is_new else self.further_values()
        self._row_initial = {**self.initial, **further_values}
        self.initial = {**further_values, **self.initial}
        if not is_new and not self.is_bound:
            self._fill(self.beginning.values)

    def _fill(self, values: Mapping[str, Any]) -> None:
        for name in (*self.fields, DELETION_FIELD_NAME):
            if name in values:
                self.initial[name] = values[name]

    def further_values(self) -> dict[str, Any]:
        """What fields hold that are no columns of the row, such as lines of rows that belong to it:
        as it is stored now, in the form in which the fields clean it.

        A form with such a field names them here: else two people overwrite each other in it.
        """
        return {}

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """The marks are made here: only now every subclass has said what its fields begin with."""
        if field_name == MARKS and not self.instance._state.adding:
            return str(self._first_marks())
        return super().get_initial_for_field(field, field_name)

    def _first_marks(self) -> FormMarks:
        values = self._row_values(self._row_initial)
        marks = self._marks_of(values)
        before = self.beginning.marks
        if before is None:
            return marks
        # A draft that was begun on another page has marks of fewer fields than stand here.
        fields = {**marks.fields, **before.fields}
        return replace(before, fields=fields)

    def _row_values(self, initial: Mapping[str, Any]) -> dict[str, Any]:
        """The row's value of each field that the person can change, or what the field begins with.

        `initial`: the values of the row by field.
        """
        return {
            name: initial.get(name, formfield.initial)
            for name, formfield in self._editable_fields().items()
        }

    def _editable_fields(self) -> dict[str, forms.Field]:
        return {
            name: formfield
            for name, formfield in self.fields.items()
            if name != MARKS and not formfield.disabled
        }

    def sent_marks(self) -> FormMarks | None:
        """The marks that came back with the form; None where the form sent none."""
        text = self.data.get(self.add_prefix(MARKS))
        if not text:
            return None
        return FormMarks.parse(text)

    def values(self) -> dict[str, Any]:
        """What stands in the fields, unchecked, for a draft, which may be incomplete.

        Files are not part of it.
        """
        return {
            name: self._sent_value(name)
            for name, formfield in self._editable_fields().items()
            if not isinstance(formfield, forms.FileField)
        }

    def _sent_value(self, name: str) -> Any:
        widget = self.fields[name].widget
        key = self.add_prefix(name)
        value = widget.value_from_datadict(self.data, self.files, key)
        return clean_text(value) if isinstance(value, str) else value

    @property
    def has_row(self) -> bool:
        """Whether the form stands for a row: not a further form that was left empty."""
        is_left_empty = self.empty_permitted and not self.has_changed()
        return not is_left_empty

    def field_of(self, name: str) -> str:
        """The form's field in which a person gives the model's field `name`."""
        return name

    def refuse_double(self, names: Iterable[str]) -> None:
        """Say at a field that another row of the page has the same values in the fields `names`."""
        message = _("This stands twice on the page. Change or remove one of the two.")
        error = ValidationError(message, code="double")
        fields = [self.field_of(name) for name in names]
        on_page = [name for name in fields if name in self.fields]
        self.add_error(on_page[-1] if on_page else None, error)

    def add_error(self, field: str | None, error: Any) -> None:
        """What the row finds wrong with a field that stands in no form is said above this form.

        A text per language has its error in the language in which the row is written.
        """
        if field is None and hasattr(error, "error_dict"):
            self._place_errors(error.error_dict)
        super().add_error(field, error)

    def _place_errors(self, errors: dict[str, Any]) -> None:
        """Give each error to a field of this form, or to the form."""
        source = getattr(self.instance, "source_language", "")
        for name in set(errors) - set(self.fields) - {NON_FIELD_ERRORS}:
            in_source = column(name, source) if source else ""
            places = [in_source, self.field_of(name)]
            on_form = [place for place in places if place in self.fields]
            place = on_form[0] if on_form else NON_FIELD_ERRORS
            errors.setdefault(place, []).extend(errors.pop(name))

    def clean(self) -> dict[str, Any]:
        super().clean()
        marks = self.sent_marks()
        if marks is None and self._is_blind():
            marks = FormMarks()
        if marks and not self.instance._state.adding:
            self._merge(marks)
        other_draft = self.beginning.other_draft
        if other_draft is not None:
            self._show_other_draft(other_draft, marks or FormMarks())
        refusal = self.beginning.refusal
        if refusal:
            self.add_error(None, ValidationError(refusal, code="refused"))
        return self.cleaned_data

    def _is_blind(self) -> bool:
        """Whether a form that does not say what its writer saw may hide what somebody else wrote:
        within a session no page is older."""
        if self.instance._state.adding or self.writer is None:
            return False
        since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        by_people = log_of(self.instance).filter(timestamp__gte=since, actor__isnull=False)
        return by_people.exclude(actor=self.writer).exists()

    # --- Three ways -------------------------------------------------------------------------------

    def _merge(self, marks: FormMarks) -> None:
        """Compare each field three ways; take what only others changed, ask about the rest."""
        try:
            self.refresh_row()
        except ObjectDoesNotExist:
            sentence = _("Somebody deleted this entry while you were writing.")
            self.add_error(None, ValidationError(sentence, "deleted"))
            return
        columns = model_to_dict(self.instance, list(self.fields))
        values_of_row = {**columns, **self.further_values()}
        now = self._row_values(values_of_row)
        accepted: dict[str, Any] = {}
        clashing: list[str] = []
        for name, value in now.items():
            match self._outcome(name, value, marks):
                case FieldOutcome.CLASH:
                    clashing.append(name)
                case FieldOutcome.THEIRS:
                    accepted[name] = value
                case FieldOutcome.BOTH:
                    before = marks.fields.get(name)
                    accepted[name] = self._both_ticks(name, value, before)
        self._accept(accepted)
        self._show_clashes(now, clashing, marks.questions)
        if clashing:
            questions = tuple(clashing)
            next_marks = replace(self._marks_of(now), questions=questions, draft=marks.draft)
            self._ask_again(next_marks, accepted)
        self.changed_data = [
            name for name in now if mark_of(self._own_value(name)) != mark_of(now[name])
        ]

    def refresh_row(self) -> None:
        """Read the row as it is now, and keep others from changing it until the transaction ends.

        Saving writes every column, also those that the form does not show. Raises DoesNotExist.
        """
        model = type(self.instance)
        rows = model._base_manager.select_for_update(of=("self",))
        self.instance.refresh_from_db(from_queryset=rows)

    def _outcome(self, name: str, value: Any, marks: FormMarks) -> "FieldOutcome":
        """What becomes of one field. `value` stands in the row now."""
        before = marks.fields.get(name)
        theirs = mark_of(value)
        mine = mark_of(self._own_value(name))
        if mine == theirs:
            return FieldOutcome.MINE
        if theirs != before:
            if mine == before:
                return FieldOutcome.THEIRS
            both = self._both_ticks(name, value, before)
            if both is None:
                return FieldOutcome.CLASH
            return FieldOutcome.BOTH
        if name not in marks.questions:
            return FieldOutcome.MINE
        choice = self._choice(name)
        if choice == MINE:
            return FieldOutcome.MINE
        if choice == THEIRS:
            return FieldOutcome.THEIRS
        return FieldOutcome.CLASH

    def _own_value(self, name: str) -> Any:
        """What the person wrote: checked where it can be."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        return self._sent_value(name)

    def _both_ticks(self, name: str, value: Any, before: str | None) -> list[models.Model] | None:
        """Both people's ticks of one list: what either added, without what either took away.

        `before`: the mark of the list when the form was opened. None for other fields, and where it
        is not known what was ticked then.
        """
        mine = self.cleaned_data.get(name)
        formfield = self.fields[name]
        is_list = isinstance(formfield, forms.ModelMultipleChoiceField)
        if not is_list:
            return None
        if mine is None or before is None:
            return None
        if before and not before.startswith(ITEM):
            return None
        before_keys = set(before.split(ITEM))
        own = {str(row.pk): row for row in mine}
        theirs = {str(row.pk): row for row in value or ()}
        in_both = own.keys() & theirs.keys()
        removed_keys = before_keys - in_both
        rows = {**theirs, **own}
        return [row for key, row in rows.items() if key not in removed_keys]

    def _choice(self, name: str) -> str:
        key = f"{self.add_prefix(name)}-choice"
        choice = str(self.data.get(key, ""))
        if choice not in {MINE, THEIRS}:
            return ""
        return choice

    def _accept(self, values: Mapping[str, Any]) -> None:
        """Use these values instead of what the person sent."""
        for name, value in values.items():
            is_choice = isinstance(self.fields[name], forms.ModelChoiceField)
            if is_choice and not isinstance(value, list):
                # `value` is only the key of the row.
                self.cleaned_data[name] = getattr(self.instance, name, value)
            else:
                self.cleaned_data[name] = value
            # What was sent for the field is not used, so it cannot be wrong.
            self.errors.pop(name, None)

    def _show_clashes(
        self, now: Mapping[str, Any], clashing: list[str], questions: tuple[str, ...]
    ) -> None:
        """Put both texts beside each other; an error at each field opens its panel.

        `questions`: fields for which the form asked already.
        """
        for name in now:
            is_clash = name in clashing
            if is_clash or name in questions:
                choice = "" if is_clash else self._choice(name)
                theirs = now[name]
                clash = self._clash(name, theirs)
                author = last_change(self.instance, name)
                self.clashes.append(replace(clash, chosen=choice, author=author))
        for name in clashing:
            message = _(
                "Somebody else changed this while you were writing. Choose which version to keep."
            )
            self.add_error(name, ValidationError(message, code="clash"))

    def _clash(self, name: str, value: Any) -> Clash:
        formfield = self.fields[name]
        mine = value_in_words(formfield, self._sent_value(name))
        theirs = value_in_words(formfield, value)
        language = formfield.widget.attrs.get("lang", "")
        return Clash(
            name=self[name].auto_id,
            label=str(formfield.label or self[name].label),
            language=own_name(language) if language else "",
            mine=mine,
            theirs=theirs,
            pieces=difference(mine, theirs),
            choice=f"{self.add_prefix(name)}-choice",
        )

    def _own_data(self) -> QueryDict:
        """A copy of what was sent, which the form may change before it goes back."""
        submission = QueryDict(mutable=True)
        submission.update(self.data)
        self.data = submission
        return submission

    def _ask_again(self, marks: FormMarks, accepted: Mapping[str, Any]) -> None:
        """Fill the form that goes back: its marks are of the row as it is now.

        In its fields stand the person's texts, and what others changed in other fields.
        """
        submission = self._own_data()
        submission[self.add_prefix(MARKS)] = str(marks)
        for name, value in accepted.items():
            self._put(submission, name, value)
        for name in marks.questions:
            submission.pop(f"{self.add_prefix(name)}-choice", None)

    def _put(self, submission: QueryDict, name: str, value: Any) -> None:
        """Write a value into what was sent, as a browser would send it."""
        key = self.add_prefix(name)
        value = self.fields[name].prepare_value(value)
        if isinstance(value, list | tuple):
            submission.setlist(key, [str(one) for one in value])
        elif value is None or value is False:
            submission.pop(key, None)
        else:
            submission[key] = str(value)

    def _marks_of(self, values: Mapping[str, Any]) -> FormMarks:
        version = getattr(self.instance, "version", 0)
        fields = {name: mark_of(value) for name, value in values.items()}
        return FormMarks(version, fields)

    # --- Another's draft --------------------------------------------------------------------------

    def _show_other_draft(self, other: OtherDraft, marks: FormMarks) -> None:
        """Put another's draft beside the person's text; the next "save as draft" replaces it."""
        values = self.values()
        submission = self._own_data()
        key = self.add_prefix(MARKS)
        next_marks = replace(marks, draft=other.stamp, questions=())
        submission[key] = str(next_marks)
        for name, value in other.values.items():
            mine = mark_of(values.get(name))
            theirs = mark_of(value)
            if name not in values or mine == theirs:
                continue
            if mine == marks.fields.get(name):
                self._put(submission, name, value)
            else:
                clash = self._clash(name, value)
                self.clashes.append(replace(clash, choice=""))


class FieldOutcome(Enum):
    """What becomes of one field when a form comes back."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CLASH = "clash"


def value_in_words(formfield: forms.Field, value: Any) -> str:
    """A field's value as a person reads it."""
    if isinstance(formfield, forms.ModelMultipleChoiceField):
        keys = {as_text(one) for one in value or ()}
        rows = [row for row in formfield.queryset or () if str(row.pk) in keys]
        return join_list(rows, current_language())
    if isinstance(formfield, forms.BooleanField):
        is_yes = value and value != "False"
        if is_yes:
            return pgettext("answer", "yes")
        return pgettext("answer", "no")
    if isinstance(formfield, CodesField):
        return join_list(formfield.in_words(value), current_language())
    choices = getattr(formfield, "choices", None)
    if choices is None or value in (None, ""):
        return as_text(value)
    for key, label in choices:
        # The key of a row stands in an object of its own.
        key_text = as_text(getattr(key, "value", key))
        if key_text == as_text(value):
            return str(label)
    return ""
