"""Reading a CSV file into a table: whole or not at all, again without doubling, with a reason for
every bad row."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from auditlog.models import LogEntry
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import override

from languages import desk
from languages.freshness import record_translations
from languages.models import Freshness
from languages.text import translated_fields
from members.models import Citation, Record, Source
from members.models.record import content_type_of
from portal.index import gathered

Lookup = Callable[[str], models.Model]
SEPARATOR = " | "
# Columns that speak about the row and are no fields of the model.
ABOUT = {"source_url", "basis", "citation_note", "official"}


class Refused(Exception):
    """The file was not loaded. `errors` lists every reason as `file:line: column: reason`."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass
class Counts:
    """What loading a file did."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0

    def __str__(self) -> str:
        text = f"{self.created} new, {self.changed} changed, {self.unchanged} as before"
        return text + (
            f", {self.kept} left alone because somebody edited them" if self.kept else ""
        )


@dataclass(frozen=True)
class Table:
    """Which model a file fills, by which columns a row is recognised, and where foreign keys are
    looked up."""

    model: type[models.Model]
    key: tuple[str, ...]
    lookups: dict[str, Lookup] = field(default_factory=dict)
    fixed: dict[str, object] = field(default_factory=dict)
    # Facts need a source; the network's own wording does not, and an invented city has none.
    needs_source: bool = True
    # Several files speak of the same row: an empty cell says nothing, instead of "not known".
    shared: bool = False
    # Said when the row is new, and afterwards changed by its action alone.
    once: tuple[str, ...] = ()

    @cached_property
    def many(self) -> set[str]:
        return {relation.name for relation in self.model._meta.many_to_many}


@dataclass
class RawRow:
    """A line of the file: its number and its cells, without the empty columns at the end."""

    line: int
    cells: dict[str, str]


class FileLoad:
    """One file on its way into its table."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path = path
        self.table = table
        self.errors: list[str] = []
        self.counts = Counts()

    def run(self) -> Counts:
        """Load the file in one transaction; raise `Refused` with all reasons, and leave nothing, if
        a row is bad."""
        rows = list(self._rows())
        self._stop_if_bad()
        with transaction.atomic(), gathered(), desk.batch_writes():
            edited = self._edited_by_hand()
            for row in rows:
                self._load(row, edited)
            self._stop_if_bad()
        return self.counts

    # --- Reading ----------------------------------------------------------------------------------

    def _rows(self) -> Iterator[RawRow]:
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refused([f"{self.path.name}: byte {error.start} is not UTF-8."]) from None
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        try:
            header = next(reader, [])
            self._check_header(header)
            for cells in reader:
                if len(cells) != len(header):
                    self._bad(
                        reader.line_num,
                        "",
                        f"{len(cells)} cells where the header has {len(header)}",
                    )
                else:
                    yield RawRow(
                        reader.line_num,
                        {name: cell.strip() for name, cell in zip(header, cells, strict=True)},
                    )
        except csv.Error as error:
            self._bad(reader.line_num, "", f"not readable as CSV: {error}")

    def _check_header(self, header: list[str]) -> None:
        for name in header:
            if name not in ABOUT and not self._is_field(name):
                self._bad(1, name, f"{self.table.model._meta.verbose_name} has no such field")
        for name in self.table.key:
            if name not in header and name not in self.table.fixed:
                self._bad(1, name, "this column is missing")
        for name in {name for name in header if header.count(name) > 1}:
            self._bad(1, name, "this column stands twice")

    def _is_field(self, name: str) -> bool:
        try:
            self.table.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    def _bad(self, line: int, column: str, reason: str) -> None:
        where = f"{self.path.parent.name}/{self.path.name}:{line}"
        self.errors.append(f"{where}: {column}: {reason}" if column else f"{where}: {reason}")

    def _stop_if_bad(self) -> None:
        if self.errors:
            raise Refused(self.errors)

    # --- One row ----------------------------------------------------------------------------------

    def _load(self, row: RawRow, edited: set[int]) -> None:
        before = len(self.errors)
        values = self._values(row)
        if len(self.errors) > before:
            return
        many = {name: values.pop(name) for name in list(values) if name in self.table.many}
        record = self._existing(values)
        if record.pk in edited:
            self.counts.kept += 1
            return
        if not record._state.adding:
            values = {name: value for name, value in values.items() if name not in self.table.once}
        changed = [name for name, value in values.items() if getattr(record, name, None) != value]
        for name, value in values.items():
            setattr(record, name, value)
        if not self._is_clean(record, row):
            return
        self._save(record, changed, many, row)

    def _values(self, row: RawRow) -> dict[str, object]:
        values: dict[str, object] = dict(self.table.fixed)
        if issubclass(self.table.model, Record) and row.cells.get("source_language"):
            values["source_language"] = row.cells["source_language"]
        for name, cell in row.cells.items():
            if name in ABOUT or (self.table.shared and not cell and name not in self.table.key):
                continue
            try:
                values[name] = self._value(name, cell)
            except ObjectDoesNotExist:
                self._bad(row.line, name, f"there is no {cell!r}")
            except (ValidationError, ValueError) as error:
                reason = (
                    " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
                )
                self._bad(row.line, name, reason)
        return values

    def _value(self, name: str, cell: str) -> object:
        model_field = self.table.model._meta.get_field(name)
        lookup = self.table.lookups.get(name)
        if name in self.table.many:
            return [lookup(key) for key in cell.split(SEPARATOR)] if cell else []
        if lookup:
            return lookup(cell) if cell else None
        if isinstance(model_field, models.BooleanField):
            return _boolean(cell, null=model_field.null)
        if not cell:
            return None if model_field.null and not _is_text(model_field) else _empty(model_field)
        return model_field.to_python(cell)

    def _existing(self, values: dict[str, object]) -> models.Model:
        key = {name: values[name] for name in self.table.key}
        if self.table.shared:
            # The first that is there is enough to know it again: a source's address, else its
            # title.
            key = dict([next((item for item in key.items() if item[1]), ("pk", None))])
        return self.table.model._base_manager.filter(**key).first() or self.table.model()

    def _is_clean(self, record: models.Model, row: RawRow) -> bool:
        with override(getattr(record, "source_language", settings.LANGUAGE_CODE)):
            try:
                record.full_clean()
            except ValidationError as error:
                for name, reasons in error.message_dict.items():
                    self._bad(row.line, "" if name == "__all__" else name, " ".join(reasons))
                return False
        return True

    def _save(
        self, record: models.Model, changed: list[str], many: dict[str, list], row: RawRow
    ) -> None:
        new = record._state.adding
        touched = bool(changed)
        if new or changed:
            if new and isinstance(record, Record):
                record.published_at = timezone.now()
            record.save()
        for name, wanted in many.items():
            if set(getattr(record, name).all()) != set(wanted):
                getattr(record, name).set(wanted)
                touched = True
        if isinstance(record, Record):
            self._note_translations(record, row)
            touched |= self._cite(record, row)
        self.counts.created += new
        self.counts.changed += touched and not new
        self.counts.unchanged += not touched and not new

    def _note_translations(self, record: Record, row: RawRow) -> None:
        official = set(row.cells.get("official", "").split())
        columns = [
            name for name in row.cells if name.rpartition("_")[0] in translated_fields(type(record))
        ]
        for how, wanted in [(Freshness.How.OFFICIAL, True), (Freshness.How.PORTAL, False)]:
            names = [name for name in columns if (name.rpartition("_")[2] in official) == wanted]
            record_translations(record, changed=names, how=how)

    def _cite(self, record: Record, row: RawRow) -> bool:
        changed = False
        needs_source = self.table.needs_source and record.needs_source and not record.fictional
        if needs_source and not row.cells.get("source_url"):
            self._bad(row.line, "source_url", "a fact needs a source")
        about = {"basis": row.cells.get("basis", ""), "note": row.cells.get("citation_note", "")}
        for url in row.cells.get("source_url", "").split():
            source = Source.objects.filter(url=url).first()
            if source is None:
                self._bad(row.line, "source_url", f"{url} does not stand in sources.csv")
                continue
            key = {
                "source": source,
                "content_type": content_type_of(record),
                "object_id": record.pk,
                "field": "",
            }
            citation = Citation.objects.filter(**key).first() or Citation(**key)
            if citation.pk is None or (citation.basis, citation.note) != (
                about["basis"],
                about["note"],
            ):
                citation.basis, citation.note = about["basis"], about["note"]
                citation.save()
                changed = True
        return changed

    def _edited_by_hand(self) -> set[int]:
        """Keys of rows that a person has changed since: loading again does not undo their work."""
        content_type = content_type_of(self.table.model())
        entries = LogEntry.objects.filter(content_type=content_type, actor__isnull=False)
        return set(entries.values_list("object_id", flat=True))


def _boolean(cell: str, *, null: bool) -> bool | None:
    answers = {"yes": True, "no": False, "": None if null else False}
    if cell not in answers:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return answers[cell]


def _is_text(model_field: models.Field) -> bool:
    return isinstance(model_field, models.CharField | models.TextField)


def _empty(model_field: models.Field) -> object:
    """What an empty cell means: an empty text in columns of languages too, else the field's
    default."""
    return "" if _is_text(model_field) else model_field.get_default()
