"""A form that notices what somebody else saved while it was open, and loses the text of neither.

The form carries a mark (a short hash) of every field as the person saw it. When it comes back, the
row is locked and each field compared three ways: what was seen, what stands there now, what was
typed. Changes to different fields (that is: to different languages of one text too) come together
by themselves, and so do different ticks of one list; where both changed the same text the person
chooses.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.difference import Piece, difference
from languages.names import join_list, own_name
from languages.text import current_language
from members.editing.history import Author, last_change

MINE, THEIRS = "mine", "theirs"
# Stands before each row in the mark of a list: no sign of a hash in hexadecimal digits.
ITEM = "i"


@dataclass(frozen=True)
class Seen:
    """What a person had before them: the row's version, a mark per field, which draft; `asked`:
    fields for which they were asked whose text to keep."""

    version: int = 0
    marks: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    draft: str = ""

    def __str__(self) -> str:
        return json.dumps(
            [self.version, dict(self.marks), list(self.asked), self.draft], separators=(",", ":")
        )

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """What the form sent back. Nonsense has seen nothing: then every difference is asked
        about."""
        try:
            version, marks, asked, draft = json.loads(text)
            return cls(
                int(version),
                # A draft keeps them, and no PostgreSQL keeps a NUL or half a character: names and
                # hashes have neither.
                {
                    name: str(mark)
                    for name, mark in marks.items()
                    if name.isidentifier() and f"0{mark}".isalnum()
                },
                tuple(str(name) for name in asked),
                str(draft),
            )
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            return cls()


@dataclass(frozen=True)
class Clash:
    """A field that both changed: how it is called, in which language it is, both texts and what
    differs."""

    name: str
    label: str
    language: str
    mine: str
    theirs: str
    pieces: list[Piece]
    choice: str
    chosen: str = ""
    author: Author | None = None


def mark(value: Any) -> str:
    """A short hash that is the same for a value from the row and for the same value typed; empty
    for an empty one.

    Of a list of rows it names them all, so that two people's ticks can be told apart.
    """
    text = plain(value)
    if isinstance(value, list | tuple | models.QuerySet) and text.replace(",", "").isdecimal():
        return ITEM + text.replace(",", ITEM)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16] if text else ""


def plain(value: Any) -> str:
    """A value as text, whichever of its forms a row, a form or a browser gives it."""
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
            return ",".join(sorted(map(plain, value)))
    return str(value)


class SeenField(forms.CharField):
    """The hidden field that comes back with the form. It is never a change in itself."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class MergingForm(forms.ModelForm):
    """The admin fills in, per request: `prefill`, texts to begin with instead of the row's (of a
    draft, of an old version); `base`, what was seen by whoever wrote them; `refused`, why nothing
    may be saved this time."""

    seen = SeenField(required=False)

    prefill: Mapping[str, Any] = {}
    base: Seen | None = None
    refused: str = ""
    other_draft: Any = None
    # Of a form within another: the same for each of its rows, by their keys (see `draft_rows`).
    kept_rows: Mapping[str, Mapping[str, Any]] = {}
    other_rows: Mapping[str, Any] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.clashes: list[Clash] = []
        self._of_the_row = dict(self.initial)
        self._take_up_row(str(self.instance.pk or ""))
        if not self.instance._state.adding and not self.is_bound:
            named = {*self.fields, DELETION_FIELD_NAME}
            self.initial.update(
                {name: value for name, value in self.prefill.items() if name in named}
            )

    def _take_up_row(self, key: str) -> None:
        """What a draft says about this row of several."""
        if kept := self.kept_rows.get(key):
            self.prefill = kept["typed"]
            self.base = Seen.parse(kept["seen"]) if kept["seen"] else None
        self.other_draft = self.other_rows.get(key, self.other_draft)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What the person has before them, once every form below has said what its fields begin
        with."""
        if field_name == "seen" and not self.instance._state.adding:
            now = self._seen_now(self._values(self._of_the_row))
            # A draft that was begun on another page has seen fewer fields than stand here.
            return str(
                replace(self.base, marks={**now.marks, **self.base.marks}) if self.base else now
            )
        return super().get_initial_for_field(field, field_name)

    def _values(self, of_the_row: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in each field that the person can change: of the row, or what the form says
        beside it."""
        return {
            name: of_the_row.get(name, formfield.initial)
            for name, formfield in self.fields.items()
            if name != "seen" and not formfield.disabled
        }

    def seen_before(self) -> Seen | None:
        """What the form says that the person saw; None where it says nothing."""
        sent = self.data.get(self.add_prefix("seen"))
        return Seen.parse(sent) if sent else None

    def typed(self) -> dict[str, Any]:
        """What stands in the fields, unchecked: for a draft, which may be incomplete. Files are not
        part of it."""
        return {
            name: formfield.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, formfield in self.fields.items()
            if name != "seen"
            and not isinstance(formfield, forms.FileField)
            and not formfield.disabled
        }

    def clean(self) -> dict[str, object]:
        super().clean()
        seen = self.seen_before()
        if seen and not self.instance._state.adding:
            self._merge(seen)
        if self.other_draft is not None:
            self._show_other_draft(seen or Seen())
        if self.refused:
            self.add_error(None, ValidationError(self.refused, code="refused"))
        return self.cleaned_data

    # --- Three ways -------------------------------------------------------------------------------

    def _merge(self, seen: Seen) -> None:
        row = self._locked_row()
        if row is None:
            self.add_error(
                None,
                ValidationError(
                    _("Somebody deleted this entry while you were writing."), "deleted"
                ),
            )
            return
        now = self._values(model_to_dict(row, list(self.fields)))
        self._become(row)
        taken, clashing = {}, []
        for name, value in now.items():
            theirs, before, mine = mark(value), seen.marks.get(name), mark(self._mine(name))
            if mine == theirs:
                continue
            if theirs != before and mine == before:
                taken[name] = value
            elif theirs != before and (together := self._together(name, value, before)) is not None:
                taken[name] = together
            elif theirs != before or (name in seen.asked and not self._choice(name)):
                clashing.append(name)
            elif name in seen.asked and self._choice(name) == THEIRS:
                taken[name] = value
        self._take(row, taken)
        self._tell(
            row, now, [name for name in now if name in clashing or name in seen.asked], clashing
        )
        if clashing:
            self._ask_again(
                replace(self._seen_now(now), asked=tuple(clashing), draft=seen.draft), taken
            )
        self.__dict__["changed_data"] = [
            name for name in now if mark(self._mine(name)) != mark(now[name])
        ]

    def _locked_row(self) -> models.Model | None:
        """The row as it is now, and nobody else's until the transaction ends."""
        rows = type(self.instance)._base_manager.select_for_update(of=("self",))
        return rows.filter(pk=self.instance.pk).first()

    def _become(self, row: models.Model) -> None:
        """What the form does not show stays as it is now: saving writes every column."""
        for column in row._meta.concrete_fields:
            if self.instance.__dict__.get(column.attname) != row.__dict__[column.attname]:
                self.instance.__dict__[column.attname] = row.__dict__[column.attname]
                self.instance._state.fields_cache.pop(column.name, None)

    def _mine(self, name: str) -> Any:
        """What the person typed: checked where it can be."""
        if name in self.cleaned_data:
            return self.cleaned_data[name]
        return self.fields[name].widget.value_from_datadict(
            self.data, self.files, self.add_prefix(name)
        )

    def _together(self, name: str, value: Any, before: str | None) -> list[models.Model] | None:
        """Both people's ticks of one list: what either added, without what either took away. None
        for other fields, and where it is not known what stood there."""
        mine = self.cleaned_data.get(name)
        if (
            not isinstance(self.fields[name], forms.ModelMultipleChoiceField)
            or mine is None
            or before is None
        ):
            return None
        if before and not before.startswith(ITEM):
            return None
        was = set(before.split(ITEM))
        own, theirs = ({str(row.pk): row for row in rows} for rows in (mine, value or ()))
        both = {**theirs, **own}
        return [
            row for key, row in both.items() if key not in was or (key in own and key in theirs)
        ]

    def _choice(self, name: str) -> str:
        chosen = self.data.get(f"{self.add_prefix(name)}-choice", "")
        return chosen if chosen in {MINE, THEIRS} else ""

    def _take(self, row: models.Model, values: dict[str, Any]) -> None:
        for name, value in values.items():
            is_one = isinstance(self.fields[name], forms.ModelChoiceField) and not isinstance(
                value, list
            )
            self.cleaned_data[name] = getattr(row, name, value) if is_one else value
            # What was typed there is not used, so it cannot be wrong.
            self._errors.pop(name, None)

    def _tell(
        self, row: models.Model, now: dict[str, Any], shown: list[str], clashing: list[str]
    ) -> None:
        """Put both texts beside each other; an error at each field opens its panel and leads
        there."""
        for name in shown:
            chosen = "" if name in clashing else self._choice(name)
            self.clashes.append(self._clash(name, now[name], chosen, last_change(row, name)))
        for name in clashing:
            message = _(
                "Somebody else changed this while you were writing. Choose above which "
                "version to keep."
            )
            self.add_error(name, ValidationError(message, code="clash"))

    def _clash(self, name: str, value: Any, chosen: str, author: Author | None) -> Clash:
        formfield = self.fields[name]
        mine = shown(
            formfield,
            formfield.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)),
        )
        theirs = shown(formfield, value)
        language = formfield.widget.attrs.get("lang", "")
        return Clash(
            name=self[name].auto_id,
            label=str(formfield.label or self[name].label),
            language=own_name(language) if language else "",
            mine=mine,
            theirs=theirs,
            pieces=difference(mine, theirs),
            choice=f"{self.add_prefix(name)}-choice",
            chosen=chosen,
            author=author,
        )

    def _ask_again(self, seen: Seen, taken: dict[str, Any]) -> None:
        """The form that goes back has seen everything up to now; in it stand the typed texts and
        the others' changes to other fields."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = str(seen)
        for name, value in taken.items():
            self._set(name, value)
        for name in seen.asked:
            self.data.pop(f"{self.add_prefix(name)}-choice", None)

    def _set(self, name: str, value: Any) -> None:
        value = self.fields[name].prepare_value(value)
        if isinstance(value, list | tuple):
            self.data.setlist(self.add_prefix(name), [str(one) for one in value])
        elif value is None or value is False:
            self.data.pop(self.add_prefix(name), None)
        else:
            self.data[self.add_prefix(name)] = value if isinstance(value, str) else str(value)

    def _seen_now(self, values: Mapping[str, Any]) -> Seen:
        return Seen(
            getattr(self.instance, "version", 0),
            {name: mark(value) for name, value in values.items()},
        )

    # --- Another's draft --------------------------------------------------------------------------

    def _show_other_draft(self, seen: Seen) -> None:
        """Somebody saved a draft meanwhile: its text beside the typed one; the next "save as draft"
        replaces it."""
        typed, other = self.typed(), self.other_draft
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = str(replace(seen, draft=other.stamp, asked=()))
        for name, value in other.typed.items():
            if name not in typed or mark(value) == mark(typed[name]):
                continue
            if mark(typed[name]) == seen.marks.get(name):
                self._set(name, value)
            else:
                self.clashes.append(replace(self._clash(name, value, "", None), choice=""))


def shown(formfield: forms.Field, value: Any) -> str:
    """A field's value in words."""
    if isinstance(formfield, forms.ModelMultipleChoiceField):
        keys = {plain(one) for one in value or ()}
        return join_list(
            (row for row in formfield.queryset if str(row.pk) in keys), current_language()
        )
    if isinstance(formfield, forms.BooleanField):
        return pgettext("answer", "yes") if value and value != "False" else pgettext("answer", "no")
    choices = getattr(formfield, "choices", None)
    if choices is not None and value not in (None, ""):
        return next(
            (
                str(label)
                for key, label in choices
                if plain(getattr(key, "value", key)) == plain(value)
            ),
            "",
        )
    return plain(value)
