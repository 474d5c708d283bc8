"""What a person typed on the page of an entry and has not saved: the page opens with it.

A script sends the fields every few seconds, and a form that comes back refused is kept too
(`members.services.kept`). It is opened as a draft is, with the marks that its writer saw, so that
nobody else's text is overwritten. Nobody else sees it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.forms import BaseInlineFormSet
from django.http import QueryDict

from members.editing.forms.draft_rows import DraftRows, changed_rows
from members.editing.forms.kept_files import file_fields, kept_keys, own_files
from members.editing.forms.merging import Beginning, FormMarks, MergingForm, mark_of
from members.editing.unsent import texts_and_choices
from members.models import Draft, KeptForm, User
from members.services import kept


@dataclass(frozen=True)
class KeptEntry:
    """A kept form, read as the page of its entry reads what is sent.

    `values`, `marks`: of the fields that its writer changed. `rows`: those below the entry that
    were changed. `files`: the keys of kept files, by field.
    """

    form: KeptForm
    values: Mapping[str, Any]
    marks: FormMarks
    rows: DraftRows = field(default_factory=dict)
    files: Mapping[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether it says anything else than what is saved."""
        return bool(self.values or self.rows or self.files)

    @property
    def mark(self) -> str:
        return self.form.mark

    def beginning(self, draft: Draft | None) -> Beginning:
        """What the form begins with; `draft`: the one on which the person wrote, if it is there."""
        values = {**draft.values, **self.values} if draft else self.values
        fields = {**draft.marks, **self.marks.fields} if draft else self.marks.fields
        stamp = self.marks.draft if draft else ""
        return Beginning(values, replace(self.marks, fields=fields, draft=stamp))


def kept_entry(
    row: KeptForm,
    form: MergingForm,
    formsets: "Iterable[BaseInlineFormSet[Any, Any, Any]]",
    draft: Draft | None,
) -> KeptEntry:
    """`form`, `formsets`: of the page, bound to what was kept, and not checked.

    A field counts that its writer changed and that says something else than the row today, or
    than `draft`, if they wrote on it.
    """
    marks = form.sent_marks() or FormMarks()
    saved = draft.values if draft and marks.draft else {}
    changed = set(form.changed_data)
    values = {}
    for name, value in form.values().items():
        mark = mark_of(value)
        is_saved = name in saved and mark == mark_of(saved[name])
        if name in changed and mark != marks.fields.get(name) and not is_saved:
            values[name] = value
    fields = {name: mark for name, mark in marks.fields.items() if name in values}
    files = {}
    for name, _formfield in file_fields(form):
        if keys := row.submission.getlist(f"{form.add_prefix(name)}-kept"):
            files[name] = keys
    return KeptEntry(
        form=row,
        values=values,
        marks=replace(marks, fields=fields),
        rows=changed_rows(formsets),
        files=files,
    )


def show_files(form: MergingForm, entry: KeptEntry, user: User) -> None:
    """Show the kept files at their fields, as far as they are still there."""
    for name, formfield in file_fields(form):
        for row in own_files(user, entry.files.get(name, [])):
            formfield.show(row)


def keep_refused(page: str, form: MergingForm, user: User) -> None:
    """Keep what a form holds that comes back to its writer, with its files."""
    fields = cast("QueryDict", form.data).copy()
    for name, keys in kept_keys(form):
        fields.setlist(name, keys)
    kept.keep_form(page=page, fields=texts_and_choices(fields), by=user)
