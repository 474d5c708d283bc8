"""The rows below an entry (its evidence, its updates) as a draft holds them, unchecked.

`Draft.rows` maps the prefix of a formset to its rows. Each has the key of the row ("" for a new
one), the values of its fields, and the marks of what the person had before them.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.forms import BaseInlineFormSet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import QueryDict

from members.editing.forms.merging import Beginning, FormMarks, MergingForm, OtherDraft

if TYPE_CHECKING:
    FormSetBase = BaseInlineFormSet[Any, Any, Any]
else:
    FormSetBase = BaseInlineFormSet

DraftRow = dict[str, Any]
DraftRows = dict[str, list[DraftRow]]


class MergingFormSet(FormSetBase):
    """All rows of one kind below an entry; each is a `MergingForm`.

    `draft_rows`: the rows as a draft holds them. `other_rows`: those of a draft that somebody else
    saved meanwhile, and `other_stamp` its stamp.
    """

    def __init__(
        self,
        *args: Any,
        draft_rows: list[DraftRow] | None = None,
        other_rows: list[DraftRow] | None = None,
        other_stamp: str = "",
        **kwargs: Any,
    ) -> None:
        self.row_beginnings = {
            **_beginnings_beside(other_rows or [], other_stamp),
            **_beginnings_of(draft_rows or []),
        }
        if draft_rows:
            keys = self._keys(kwargs["queryset"], kwargs["instance"])
            kwargs["initial"] = _new_values(draft_rows, keys)
            self.extra = self.extra + len(kwargs["initial"])
        super().__init__(*args, **kwargs)

    def _keys(self, queryset: models.QuerySet[Any], parent: models.Model) -> set[str]:
        """Keys of the rows that stand below the entry now."""
        below = {self.fk.name: parent}
        rows = queryset.filter(**below)
        keys = rows.values_list("pk", flat=True)
        return {str(key) for key in keys}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        return {**kwargs, "row_beginnings": self.row_beginnings}

    def validate_unique(self) -> None:
        """Refuse two rows of the page that say the same, at a field that the person can change.

        Django compares the values of the form's fields (5.2). Where a unique field is none of them,
        as the source of evidence, it takes all rows for equal, and it marks no field.
        """
        first_forms: dict[Any, MergingForm] = {}
        rows = [form for form in self.forms if form.has_row and form not in self.deleted_forms]
        for form in filter(MergingForm.is_valid, rows):
            for names in unique_fields_of(type(form.instance)):
                values = tuple(_identity(form.instance, name) for name in names)
                if None in values:
                    continue
                first = first_forms.setdefault((names, values), form)
                if first is not form:
                    form.refuse_double(names)


def unique_fields_of(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Fields whose values together no two rows of the model may share, without a condition."""
    opts = model._meta
    single = [(field.name,) for field in opts.concrete_fields if field.unique]
    together = [tuple(constraint.fields) for constraint in opts.total_unique_constraints]
    return [*single, *together]


def _identity(row: models.Model, name: str) -> Any:
    """What the row has in this field, comparable; a new row that it names counts by its values."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, field.attname)
    if value is not None or not field.is_relation:
        return value
    named = getattr(row, name)
    if named is None:
        return None
    columns = [column for column in named._meta.concrete_fields if not column.primary_key]
    return tuple(str(getattr(named, column.attname)) for column in columns)


def _beginnings_of(rows: list[DraftRow]) -> dict[str, Beginning]:
    beginnings = {}
    for row in rows:
        key = row["key"]
        if key:
            beginnings[key] = _beginning_of(row)
    return beginnings


def _beginning_of(row: DraftRow) -> Beginning:
    values = row["values"]
    marks = row["marks"]
    if not marks:
        return Beginning(values)
    return Beginning(values, FormMarks.parse(marks))


def _new_values(rows: list[DraftRow], keys: set[str]) -> list[dict[str, Any]]:
    """Values of the rows that a draft adds.

    A row that somebody deleted since is added again, so that what the draft changed in it is not
    lost. `keys`: of the rows that stand there now.
    """
    new = []
    for row in rows:
        values = row["values"]
        is_deleted = values.get(DELETION_FIELD_NAME)
        if row["key"] not in keys and not is_deleted:
            new.append(values)
    return new


def _beginnings_beside(rows: list[DraftRow], stamp: str) -> dict[str, Beginning]:
    """What differs in another's draft, shown at the rows of a form that comes back."""
    return {
        row["key"]: Beginning(other_draft=OtherDraft(row["values"], stamp))
        for row in rows
        if row["key"]
    }


def changed_rows(formsets: "Iterable[BaseInlineFormSet[Any, Any, Any]]") -> DraftRows:
    """What a draft must hold of these forms: rows that were changed, added or ticked to delete."""
    changed: DraftRows = {}
    for formset in formsets:
        rows = []
        for form in formset.forms:
            if form.has_changed():
                rows.append(_draft_row(formset, form))
        if rows:
            changed[formset.prefix or ""] = rows
    return changed


def _draft_row(formset: "BaseInlineFormSet[Any, Any, Any]", form: MergingForm) -> DraftRow:
    keys = {formset.fk.model._meta.pk.name, formset.fk.name}
    values = {name: value for name, value in form.values().items() if name not in keys}
    return {
        "key": str(form.instance.pk or ""),
        "values": values,
        "marks": str(form.sent_marks() or ""),
    }


def with_new_rows(submission: QueryDict, rows: Mapping[str, list[DraftRow]]) -> QueryDict:
    """What somebody sent, followed by the rows that another's draft adds."""
    together = submission.copy()
    for prefix, group in rows.items():
        for row in group:
            if not row["key"]:
                _append(together, prefix, row["values"])
    return together


def _append(fields: QueryDict, prefix: str, values: Mapping[str, Any]) -> None:
    """Add one row to a formset in the data of a form, as a browser would send it."""
    total = f"{prefix}-TOTAL_FORMS"
    number = fields.get(total, "")
    if not number.isdecimal():
        return
    for name, value in values.items():
        if value not in (None, False, ""):
            fields.setlist(f"{prefix}-{number}-{name}", _as_sent(value))
    fields[total] = str(int(number) + 1)


def _as_sent(value: Any) -> list[str]:
    if isinstance(value, list):
        return value
    return ["on" if value is True else str(value)]
