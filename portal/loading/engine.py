"""Reading a CSV file into a table: whole or not at all, again without doubling, with a reason for
every bad row."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

from auditlog.models import LogEntry
from django.conf import settings
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    FieldDoesNotExist,
    ObjectDoesNotExist,
    ValidationError,
)
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import override

from languages import desk
from languages.freshness import TextKey, record_translations, rows_of_model
from languages.models import Freshness
from languages.text import columns, language_columns, translated_fields
from members.models import Citation, Record, Source
from members.models.record import content_type_of
from portal import index
from portal.services import namesakes

# One row, or all the rows of which a key speaks.
Lookup = Callable[[str], models.Model | list[Any]]
# The keys of a source and of the row that cites it, and the field.
CitedPlace = tuple[int, int, str]
KeyValues = tuple[object, ...]
SEPARATOR = " | "
# The key of a line that names no row.
NO_KEY = ("pk",)
# Columns that speak about the row and are no fields of the model.
# `working_note` is for those who keep the file; no reader sees it.
ABOUT = {"source_url", "basis", "citation_remark", "citation_remark_on", "working_note", "official"}
# What a citation connects.
CITED = {"source", "content_type", "object_id", "field"}
# Before the name of a field: the addresses of the sources of this field alone.
SOURCE_OF = "source_of_"


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
    left_alone: int = 0
    # Where rows that a person edited differ from the file.
    conflicts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{self.created} new",
            f"{self.changed} changed",
            f"{self.unchanged} as before",
        ]
        if self.left_alone:
            parts.append(f"{self.left_alone} left alone because somebody edited them")
        return ", ".join(parts)


@dataclass(frozen=True)
class Table:
    """Which model a file fills, by which columns a row is recognised, and where foreign keys are
    looked up."""

    model: type[models.Model]
    key: tuple[str, ...]
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    fixed: dict[str, object] = field(default_factory=dict)
    # Facts need a source; the network's own wording does not, and an invented city has none.
    needs_source: bool = True
    # Several files speak of the same row: an empty cell says nothing, instead of "not known".
    shared: bool = False
    # Said when the row is new, and afterwards changed by its action alone.
    once: tuple[str, ...] = ()
    # A file of one language: it adds texts to rows of an earlier file and makes none.
    only_translates: bool = False
    # Rows that were loaded once and are said no longer: they are taken off the public pages.
    only_withdraws: bool = False

    @cached_property
    def many(self) -> set[str]:
        meta = self.model._meta
        relations = meta.many_to_many
        return {relation.name for relation in relations}


@dataclass
class RawRow:
    """A line of the file: its number and its cells, without the empty columns at the end."""

    line: int
    cells: dict[str, str]

    def sources(self) -> Iterator[tuple[str, list[str]]]:
        """Each column of sources with its addresses."""
        for name, cell in self.cells.items():
            if name == "source_url" or name.startswith(SOURCE_OF):
                yield name, cell.split()


@contextmanager
def batched_upkeep() -> Iterator[None]:
    """What is built from rows is written once at the end of the block."""
    # The cities of one name first: the index takes over how they are called.
    with index.batch_writes(), desk.batch_writes(), namesakes.batch_writes():
        yield


class FileLoad:
    """One file on its way into its table."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path = path
        self.table = table
        self.errors: list[str] = []
        self.counts = Counts()
        self.edited_citations: set[int] = set()
        # The line of each row, by its key.
        self.lines: dict[tuple[object, ...], int] = {}
        # What the lookups found, by column and cell; a source by its address.
        self.rows_by_key: dict[tuple[str, str], models.Model | list[Any]] = {}
        # The rows of the table, by the names of a key and its values.
        self.known: dict[tuple[str, ...], dict[KeyValues, models.Model]] = {}
        self.sources: dict[str, Source] = {}
        self.translations: dict[int, dict[TextKey, Freshness]] = {}
        self.citations: dict[CitedPlace, Citation] = {}

    def run(self) -> Counts:
        """Load the file in one transaction; raise `Refused` with all reasons, and leave nothing, if
        a row is bad."""
        rows = list(self._rows())
        self._stop_if_bad()
        with transaction.atomic(), batched_upkeep():
            edited = _edited_by_hand(self.table.model)
            self.edited_citations = _edited_by_hand(Citation)
            self.citations = _citations_of(self.table.model)
            self.sources = _sources_of(rows)
            if issubclass(self.table.model, Record):
                self.translations = rows_of_model(self.table.model)
            for row in rows:
                self._load(row, edited)
            self._stop_if_bad()
        return self.counts

    # --- Reading ----------------------------------------------------------------------------------

    def _rows(self) -> Iterator[RawRow]:
        reader = csv.reader(self._lines(), strict=True)
        try:
            header = next(reader, [])
            self._check_header(header)
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) == len(header):
                    yield _raw_row(reader.line_num, header, cells)
                else:
                    reason = f"{len(cells)} cells where the header has {len(header)}"
                    self._bad(reader.line_num, "", reason)
        except csv.Error as error:
            self._bad(reader.line_num, "", f"not readable as CSV: {error}")

    def _lines(self) -> Iterator[str]:
        """Its lines, however they end; a line break within a cell stays as it is."""
        try:
            # With or without the byte order mark that spreadsheets write.
            text = self.path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise Refused([f"{self.path.name} cannot be read: {error.strerror}."]) from None
        except UnicodeDecodeError as error:
            line = self.path.read_bytes().count(b"\n", 0, error.start) + 1
            place = self._place(line, "")
            raise Refused([f"{place}: byte {error.start} of the file is not UTF-8"]) from None
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            place = self._place(line, "")
            raise Refused([f"{place}: a NUL character"])
        return io.StringIO(text, newline="")

    def _check_header(self, header: list[str]) -> None:
        table = self.table
        kind = table.model._meta.verbose_name
        for name in header:
            if name in ABOUT or self._is_field(name.removeprefix(SOURCE_OF)):
                continue
            self._bad(1, name, f"{kind} has no such field")
        for name in table.key:
            if name in header or name in table.fixed:
                continue
            self._bad(1, name, "this column is missing")
        for name, count in Counter(header).items():
            if count > 1:
                self._bad(1, name, "this column stands twice")

    def _is_field(self, name: str) -> bool:
        try:
            self.table.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    def _bad(self, line: int, column: str, reason: str) -> None:
        """Note what is wrong with a cell, or with a whole line where `column` is empty."""
        place = self._place(line, column)
        self.errors.append(f"{place}: {reason}")

    def _place(self, line: int, column: str) -> str:
        folder = self.path.parent.name
        place = f"{folder}/{self.path.name}:{line}"
        return f"{place}: {column}" if column else place

    def _stop_if_bad(self) -> None:
        if self.errors:
            raise Refused(self.errors)

    # --- One row ----------------------------------------------------------------------------------

    def _load(self, row: RawRow, edited: set[int]) -> None:
        errors_before = len(self.errors)
        values = self._values(row)
        if len(self.errors) > errors_before or self._is_repeated(values, row):
            return
        many = {}
        for name in list(values):
            if name in self.table.many:
                many[name] = values.pop(name)
        record = self._existing(values)
        if self.table.only_withdraws:
            self._withdraw(record, row, edited)
            return
        if self.table.only_translates and record._state.adding:
            self._bad(row.line, "", "there is no such row to translate")
            return
        if record.pk in edited:
            self.counts.left_alone += 1
            self._note_conflicts(record, values, row)
            return
        changed = self._assign(record, values)
        is_stored_so = not changed and not record._state.adding
        if is_stored_so or self._is_clean(record, row):
            self._save(record, changed, many, row)

    def _withdraw(self, record: models.Model, row: RawRow, edited: set[int]) -> None:
        """Take a row off the public pages, unless a person edited it here."""
        is_public = isinstance(record, Record) and record.published_at is not None
        if not is_public:
            self.counts.unchanged += 1
            return
        if record.pk in edited:
            self.counts.left_alone += 1
            place = self._place(row.line, "")
            self.counts.conflicts.append(f"{place}: {record!s:.60} stays public")
            return
        cast("Record", record).published_at = None
        record.save()
        self.counts.changed += 1

    def _is_repeated(self, values: dict[str, Any], row: RawRow) -> bool:
        """Whether an earlier line has the same key: the later one would silently win."""
        key = tuple(self._key(values).items())
        line = self.lines.setdefault(key, row.line)
        if line == row.line:
            return False
        names = ", ".join(self._key(values))
        self._bad(row.line, names, f"line {line} has the same")
        return True

    def _note_conflicts(self, record: models.Model, values: dict[str, object], row: RawRow) -> None:
        """Say in which columns the file differs from a row that a person edited."""
        for name, value in values.items():
            own = getattr(record, name)
            is_same = own == value or not (own or value)
            if is_same or name in self.table.once:
                continue
            place = self._place(row.line, name)
            self.counts.conflicts.append(f"{place}: here {own!s:.60}, in the file {value!s:.60}")

    def _assign(self, record: models.Model, values: dict[str, object]) -> list[str]:
        """Set the values on the record. Returns the names of those that differ."""
        is_new = record._state.adding
        own_values = {}
        for name, value in values.items():
            if is_new or name not in self.table.once:
                own_values[name] = value
        changed = []
        for name, value in own_values.items():
            if _differs(record, name, value):
                changed.append(name)
        for name, value in own_values.items():
            setattr(record, name, value)
        return changed

    def _values(self, row: RawRow) -> dict[str, Any]:
        values: dict[str, Any] = dict(self.table.fixed)
        language = row.cells.get("source_language")
        if language and issubclass(self.table.model, Record):
            values["source_language"] = language
        for name, cell in row.cells.items():
            if _is_about(name) or self._says_nothing(name, cell):
                continue
            try:
                values[name] = self._value(name, cell)
            except ObjectDoesNotExist:
                self._bad(row.line, name, f"there is no {cell!r}")
            except ValidationError as error:
                self._bad(row.line, name, " ".join(error.messages))
            except ValueError as error:
                self._bad(row.line, name, str(error))
        return values

    def _says_nothing(self, name: str, cell: str) -> bool:
        """An empty cell of a row of which several files speak."""
        if cell or not self.table.shared:
            return False
        return name not in self.table.key

    def _value(self, name: str, cell: str) -> object:
        table = self.table
        model_field: Any = table.model._meta.get_field(name)
        if name in table.many:
            keys = cell.split(SEPARATOR) if cell else []
            rows: list[models.Model] = []
            for key in keys:
                known = self._looked_up(name, key)
                rows += known if isinstance(known, list) else [known]
            return rows
        if name in table.lookups:
            return self._looked_up(name, cell) if cell else None
        if isinstance(model_field, models.BooleanField):
            return _boolean(cell, null=model_field.null)
        if not cell:
            return _empty(model_field)
        value: object = model_field.to_python(cell)
        return value

    def _looked_up(self, name: str, key: str) -> models.Model | list[Any]:
        """The row, or rows, of which a cell speaks; each is asked for once."""
        place = (name, key)
        if place not in self.rows_by_key:
            lookup = self.table.lookups[name]
            self.rows_by_key[place] = lookup(key)
        return self.rows_by_key[place]

    def _existing(self, values: dict[str, Any]) -> models.Model:
        """The row that these values speak of; a new one if there is none."""
        key = self._key(values)
        names = tuple(key)
        if names == NO_KEY:
            return self.table.model()
        own = tuple(_plain(value) for value in key.values())
        return self._rows_by(names).get(own) or self.table.model()

    def _rows_by(self, names: tuple[str, ...]) -> dict[KeyValues, models.Model]:
        """All rows of the model by the values of these fields, the oldest where several have the
        same: one query instead of one for each line of the file."""
        if names not in self.known:
            self.known[names] = {}
            for record in self.table.model._base_manager.order_by("pk"):
                self._remember(record, names)
        return self.known[names]

    def _remember(self, record: models.Model, names: tuple[str, ...]) -> None:
        own = tuple(_plain(_stored(record, name)) for name in names)
        self.known[names].setdefault(own, record)

    def _key(self, values: dict[str, Any]) -> dict[str, Any]:
        key = {name: values[name] for name in self.table.key}
        return _first_known(key) if self.table.shared else key

    def _is_clean(self, record: models.Model, row: RawRow) -> bool:
        """Without what costs queries: rows that lookups found are there, and the database checks
        its constraints itself."""
        check = partial(
            record.full_clean,
            exclude=[*self.table.lookups],
            validate_unique=False,
            validate_constraints=False,
        )
        return self._holds(record, row, check)

    def _holds(self, record: models.Model, row: RawRow, check: Callable[[], None]) -> bool:
        """Whether the check, in the record's language, finds nothing wrong; notes what it finds in
        the language of the command."""
        language = getattr(record, "source_language", settings.LANGUAGE_CODE)
        fault = None
        with override(language):
            try:
                check()
            except ValidationError as error:
                fault = error
        if fault is None:
            return True
        for name, reasons in fault.message_dict.items():
            column = "" if name == NON_FIELD_ERRORS else name
            reason = " ".join(reasons)
            self._bad(row.line, column, reason)
        return False

    def _save(
        self, record: models.Model, changed: list[str], many: dict[str, Any], row: RawRow
    ) -> None:
        is_new = record._state.adding
        if is_new and isinstance(record, Record):
            record.published_at = timezone.now()
        is_changed = bool(changed)
        if (is_new or is_changed) and not self._is_stored(record, row):
            return
        if is_new:
            for names in self.known:
                self._remember(record, names)
        is_changed |= _set_many(record, many)
        if isinstance(record, Record):
            self._note_translations(record, row)
            is_changed |= self._cite(record, row)
        self._count(is_new, is_changed)

    def _is_stored(self, record: models.Model, row: RawRow) -> bool:
        """Save the record; if it breaks a constraint, note which, and go on with the next row."""
        try:
            with transaction.atomic():
                record.save()
        except IntegrityError:
            if self._holds(record, row, record.full_clean):
                raise
            return False
        return True

    def _count(self, is_new: bool, is_changed: bool) -> None:
        if is_new:
            self.counts.created += 1
        elif is_changed:
            self.counts.changed += 1
        else:
            self.counts.unchanged += 1

    # --- Its translations and sources -------------------------------------------------------------

    def _note_translations(self, record: Record, row: RawRow) -> None:
        """The translations are current: the official ones, and those that the portal made."""
        texts = language_columns(type(record))
        official_languages = row.cells.get("official", "").split()
        official, others = [], []
        for name in row.cells:
            if name not in texts:
                continue
            language = name.rpartition("_")[2]
            if language == record.source_language:
                continue
            if language in official_languages:
                official.append(name)
            else:
                others.append(name)
        if official:
            self._record(record, official, Freshness.How.OFFICIAL)
        if others:
            self._record(record, others, Freshness.How.PORTAL)

    def _record(self, record: Record, changed: list[str], how: str) -> None:
        known = self.translations[record.pk]
        record_translations(record, changed=changed, how=how, known=known)

    def _cite(self, record: Record, row: RawRow) -> bool:
        """Keep the sources of a row. Returns whether any of them is new or says more."""
        is_fact = self.table.needs_source and not record.fictional
        if is_fact and record.needs_source and not row.cells.get("source_url"):
            self._bad(row.line, "source_url", "a fact needs a source")
        changed = False
        for name, urls in row.sources():
            self._check_source_of(row, name, urls)
            for url in urls:
                source = self.sources.get(url)
                if source is None:
                    self._bad(row.line, name, f"{url} does not stand in sources.csv")
                    continue
                citation = self._citation(record, source, name)
                said = _said(row, name)
                if citation.pk in self.edited_citations:
                    self._note_conflicts(citation, said, row)
                else:
                    changed |= self._is_cited_anew(citation, said, row, name)
        return changed

    def _citation(self, record: Record, source: Source, name: str) -> Citation:
        """The citation of a source for a record, or for one of its fields, as the name of its
        column says; a new one if there is none."""
        is_of_a_field = name.startswith(SOURCE_OF)
        field_name = name.removeprefix(SOURCE_OF) if is_of_a_field else ""
        place = (source.pk, record.pk, field_name)
        known = self.citations.get(place)
        if known is None:
            known = Citation(
                source=source,
                content_type=content_type_of(record),
                object_id=record.pk,
                field=field_name,
            )
            self.citations[place] = known
        return known

    def _is_cited_anew(
        self, citation: Citation, said: dict[str, object], row: RawRow, name: str
    ) -> bool:
        """Keep what a row says of its source. Returns whether the citation is new or says more."""
        is_new = citation.pk is None
        if not self._assign(citation, said) and not is_new:
            return False
        # Who cites what is known to be right: only what the row says of it is looked at.
        check = partial(citation.clean_fields, exclude=CITED)
        if self._holds(citation, row, check):
            citation.save()
        return True

    def _check_source_of(self, row: RawRow, name: str, urls: list[str]) -> None:
        """A field with a column for its sources has a source exactly where it has a value."""
        if not name.startswith(SOURCE_OF):
            return
        field_name = name.removeprefix(SOURCE_OF)
        names = [field_name]
        if field_name in translated_fields(self.table.model):
            names += columns(field_name)
        has_value = any(row.cells.get(own_name) for own_name in names)
        if has_value and not urls:
            self._bad(row.line, name, "a fact needs a source")
        elif urls and not has_value:
            self._bad(row.line, name, "a source of nothing")


def _edited_by_hand(model: type[models.Model]) -> set[int]:
    """Keys of rows that a person has changed since: loading again does not undo their work."""
    content_type = content_type_of(model())
    entries = LogEntry.objects.filter(content_type=content_type)
    by_people = entries.filter(actor__isnull=False)
    keys = by_people.values_list("object_id", flat=True)
    return set(keys)


def _citations_of(model: type[models.Model]) -> dict[CitedPlace, Citation]:
    """The citations of all rows of a model."""
    content_type = content_type_of(model())
    citations = Citation.objects.filter(content_type=content_type)
    by_place: dict[CitedPlace, Citation] = {}
    for citation in citations:
        place = (citation.source_id, citation.object_id, citation.field)
        by_place.setdefault(place, citation)
    return by_place


def _sources_of(rows: Iterable[RawRow]) -> dict[str, Source]:
    """The sources that these lines name, by their addresses."""
    named = set()
    for row in rows:
        for _name, urls in row.sources():
            named.update(urls)
    known = Source.objects.filter(url__in=named).order_by("-pk")
    # Of several with one address the oldest.
    return {source.url: source for source in known}


def _raw_row(line: int, header: list[str], cells: list[str]) -> RawRow:
    own_cells = {}
    for name, cell in zip(header, cells, strict=True):
        own_cells[name] = cell.strip()
    return RawRow(line, own_cells)


def _first_known(key: dict[str, Any]) -> dict[str, Any]:
    """The first part of a key that is there: a source is known by its address, else its title."""
    for name, value in key.items():
        if value:
            return {name: value}
    return dict.fromkeys(NO_KEY)


def _stored(record: models.Model, name: str) -> object:
    """The value of a field; of a row that it leads to, the key, without asking for the row."""
    field: Any = record._meta.get_field(name)
    value: object = getattr(record, field.attname)
    return value


def _differs(record: models.Model, name: str, value: object) -> bool:
    if isinstance(value, models.Model):
        return bool(_stored(record, name) != value.pk)
    before = getattr(record, name, None)
    return bool(before != value)


def _plain(value: object) -> object:
    """A value by which rows are compared: of a row its key."""
    return value.pk if isinstance(value, models.Model) else value


def _set_many(record: models.Model, many: dict[str, Any]) -> bool:
    """Set the relations to many rows. Returns whether any of them changed."""
    changed = False
    for name, wanted in many.items():
        relation = getattr(record, name)
        before = set(relation.all())
        if before != set(wanted):
            relation.set(wanted)
            changed = True
    return changed


def _is_about(name: str) -> bool:
    return name in ABOUT or name.startswith(SOURCE_OF)


def _said(row: RawRow, name: str) -> dict[str, object]:
    """What a row says of the source in this column. The source of one field stands bare."""
    cells = {} if name.startswith(SOURCE_OF) else row.cells
    return {
        "basis": cells.get("basis", ""),
        "remark": cells.get("citation_remark", ""),
        "remark_on": cells.get("citation_remark_on", ""),
    }


def _boolean(cell: str, *, null: bool) -> bool | None:
    unknown = None if null else False
    answers = {"yes": True, "no": False, "": unknown}
    if cell not in answers:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return answers[cell]


def _is_text(model_field: "models.Field[Any, Any]") -> bool:
    return isinstance(model_field, models.CharField | models.TextField)


def _empty(model_field: "models.Field[Any, Any]") -> object:
    """What an empty cell means: an empty text also in a column of one language, which may be null;
    else null or the field's default."""
    if _is_text(model_field):
        return ""
    return None if model_field.null else model_field.get_default()
