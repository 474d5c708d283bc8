"""The rows below an entry (its evidence, its updates) as a draft keeps them: as they were typed,
unchecked.

`Rows` maps the prefix of a formset to its rows; each has the key of the row ("" for a new one),
what was typed, and the marks of what the person saw.
"""

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from django.forms import BaseInlineFormSet
from django.http import QueryDict

from members.editing.forms.merging import MergingForm

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def changed_rows(formsets: Iterable[BaseInlineFormSet]) -> Rows:
    """What a draft must keep of these forms: rows that were changed, added or ticked to be
    deleted."""
    found = {}
    for formset in formsets:
        rows = [_typed_row(formset, form) for form in formset.forms if form.has_changed()]
        if rows:
            found[formset.prefix] = rows
    return found


def _typed_row(formset: BaseInlineFormSet, form: MergingForm) -> Row:
    own = {formset.model._meta.pk.name, formset.fk.name}
    typed = {name: value for name, value in form.typed().items() if name not in own}
    return {
        "key": str(form.instance.pk or ""),
        "typed": typed,
        "seen": str(form.seen_before() or ""),
    }


def with_draft(
    formset: type[BaseInlineFormSet], rows: list[Row], there: set[str]
) -> type[BaseInlineFormSet]:
    """The formset as the draft left it. `there`: keys of the rows that nobody deleted since; what
    the draft changed in another stands there as a new row, so that it is not lost."""
    kept = {row["key"]: row for row in rows if row["key"] in there}
    new = [
        row["typed"] for row in rows if row["key"] not in there and not row["typed"].get("DELETE")
    ]

    def begin(self: BaseInlineFormSet, *args: Any, **kwargs: Any) -> None:
        formset.__init__(self, *args, **{**kwargs, "initial": new})

    form = type(formset.form.__name__, (formset.form,), {"kept_rows": kept})
    return type(
        formset.__name__,
        (formset,),
        {"__init__": begin, "form": form, "extra": formset.extra + len(new)},
    )


def beside_draft(
    formset: type[BaseInlineFormSet], rows: list[Row], stamp: str
) -> type[BaseInlineFormSet]:
    """The formset that comes back because somebody saved another draft: its rows show what
    differs."""
    others = {
        row["key"]: SimpleNamespace(typed=row["typed"], stamp=stamp) for row in rows if row["key"]
    }
    form = type(formset.form.__name__, (formset.form,), {"other_rows": others})
    return type(formset.__name__, (formset,), {"form": form})


def with_new_rows(sent: QueryDict, rows: Mapping[str, list[Row]]) -> QueryDict:
    """What somebody sent, with the rows that another draft added after their own."""
    together = sent.copy()
    for prefix, group in rows.items():
        total = f"{prefix}-TOTAL_FORMS"
        for row in group:
            number = together.get(total, "")
            if row["key"] or not number.isdecimal():
                continue
            for name, value in row["typed"].items():
                if value not in (None, False, ""):
                    values = (
                        value
                        if isinstance(value, list)
                        else ["on" if value is True else str(value)]
                    )
                    together.setlist(f"{prefix}-{number}-{name}", values)
            together[total] = str(int(number) + 1)
    return together
