"""Reading a CSV file into a table: whole or not at all, again without doubling, with a reason for
every bad row."""

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
from portal.loading.cells import (
    comparable,
    differs,
    empty_value,
    keys_in,
    set_many,
    stored_value,
    yes_or_no,
)
from portal.loading.files import ABOUT, SOURCE_OF, RawRow, TableFile, speaks_about_the_row
from portal.services import namesakes

# One row, or all the rows of which a key speaks.
Lookup = Callable[[str], models.Model | list[Any]]
# The keys of a source and of the row that cites it, and the field.
CitedPlace = tuple[int, int, str]
KeyValues = tuple[object, ...]
# The key of a line that names no row.
NO_KEY = ("pk",)
# What a citation connects.
CITED = {"source", "content_type", "object_id", "field"}


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


@contextmanager
def batched_upkeep() -> Iterator[None]:
    """What is built from rows is written once at the end of the block."""
    # The cities of one name first: the index takes over how they are called.
    with index.batch_writes(), desk.batch_writes(), namesakes.batch_writes():
        yield


class FileLoad:
    """One file on its way into its table."""

    def __init__(self, path: Path, table: Table) -> None:
        self.table = table
        self.file = TableFile(path, self._check_header)
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
        rows = list(self.file.rows())
        self.file.stop_if_bad()
        with transaction.atomic(), batched_upkeep():
            edited = _edited_by_hand(self.table.model)
            self.edited_citations = _edited_by_hand(Citation)
            self.citations = _citations_of(self.table.model)
            self.sources = _sources_of(rows)
            if issubclass(self.table.model, Record):
                self.translations = rows_of_model(self.table.model)
            for row in rows:
                self._load(row, edited)
            self.file.stop_if_bad()
        return self.counts

    # --- Its header -------------------------------------------------------------------------------

    def _check_header(self, header: list[str]) -> None:
        table = self.table
        kind = table.model._meta.verbose_name
        for name in header:
            if name in ABOUT or self._is_field(name.removeprefix(SOURCE_OF)):
                continue
            self.file.bad(1, name, f"{kind} has no such field")
        for name in table.key:
            if name in header or name in table.fixed:
                continue
            self.file.bad(1, name, "this column is missing")

    def _is_field(self, name: str) -> bool:
        try:
            self.table.model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        return True

    # --- One row ----------------------------------------------------------------------------------

    def _load(self, row: RawRow, edited: set[int]) -> None:
        errors_before = len(self.file.errors)
        values = self._values(row)
        if len(self.file.errors) > errors_before or self._is_repeated(values, row):
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
            self.file.bad(row.line, "", "there is no such row to translate")
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
            place = self.file.place(row.line, "")
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
        self.file.bad(row.line, names, f"line {line} has the same")
        return True

    def _note_conflicts(self, record: models.Model, values: dict[str, object], row: RawRow) -> None:
        """Say in which columns the file differs from a row that a person edited."""
        for name, value in values.items():
            own = getattr(record, name)
            is_same = own == value or not (own or value)
            if is_same or name in self.table.once:
                continue
            place = self.file.place(row.line, name)
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
            if differs(record, name, value):
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
            if speaks_about_the_row(name) or self._says_nothing(name, cell):
                continue
            try:
                values[name] = self._value(name, cell)
            except ObjectDoesNotExist:
                self.file.bad(row.line, name, f"there is no {cell!r}")
            except ValidationError as error:
                self.file.bad(row.line, name, " ".join(error.messages))
            except ValueError as error:
                self.file.bad(row.line, name, str(error))
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
            rows: list[models.Model] = []
            for key in keys_in(cell):
                known = self._looked_up(name, key)
                rows += known if isinstance(known, list) else [known]
            return rows
        if name in table.lookups:
            return self._looked_up(name, cell) if cell else None
        if isinstance(model_field, models.BooleanField):
            return yes_or_no(cell, null=model_field.null)
        if not cell:
            return empty_value(model_field)
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
        own = tuple(comparable(value) for value in key.values())
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
        own = tuple(comparable(stored_value(record, name)) for name in names)
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
            self.file.bad(row.line, column, reason)
        return False

    def _save(
        self, record: models.Model, changed: list[str], many: dict[str, Any], row: RawRow
    ) -> None:
        is_new = record._state.adding
        if is_new and isinstance(record, Record):
            record.published_at = timezone.now()
        is_changed = bool(changed)
        if (is_new or is_changed) and not self._isstored(record, row):
            return
        if is_new:
            for names in self.known:
                self._remember(record, names)
        is_changed |= set_many(record, many)
        if isinstance(record, Record):
            self._note_translations(record, row)
            is_changed |= self._cite(record, row)
        self._count(is_new, is_changed)

    def _isstored(self, record: models.Model, row: RawRow) -> bool:
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
            self.file.bad(row.line, "source_url", "a fact needs a source")
        changed = False
        for name, urls in row.sources():
            self._check_source_of(row, name, urls)
            for url in urls:
                source = self.sources.get(url)
                if source is None:
                    self.file.bad(row.line, name, f"{url} does not stand in sources.csv")
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
            self.file.bad(row.line, name, "a fact needs a source")
        elif urls and not has_value:
            self.file.bad(row.line, name, "a source of nothing")


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


def _first_known(key: dict[str, Any]) -> dict[str, Any]:
    """The first part of a key that is there: a source is known by its address, else its title."""
    for name, value in key.items():
        if value:
            return {name: value}
    return dict.fromkeys(NO_KEY)


def _said(row: RawRow, name: str) -> dict[str, object]:
    """What a row says of the source in this column. The source of one field stands bare."""
    cells = {} if name.startswith(SOURCE_OF) else row.cells
    return {
        "basis": cells.get("basis", ""),
        "remark": cells.get("citation_remark", ""),
        "remark_on": cells.get("citation_remark_on", ""),
    }
