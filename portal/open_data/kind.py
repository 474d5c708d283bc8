"""A kind of public rows: which rows, by which filters, with which fields."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet
from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext as _

from languages.freshness import outdated_texts
from languages.upkeep import batches
from members.filters import DirectoryFilter
from members.models import Citation, Record
from portal.open_data.fields import OUTDATED, Field, Type

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise

Rows = QuerySet[Any]
BATCH = 400
# A refusal names no more values of a filter than these.
MOST_NAMED = 250


class BadQuery(ValueError):
    """A query that the portal does not understand. `errors`: parameter to sentences."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def do_nothing(rows: list[Any]) -> None:
    """Most rows bring all that their fields need."""


@dataclass(frozen=True)
class Kind:
    """Public rows of one model, described once for tables, the API and the dictionary.

    `name` stands in addresses and never changes. `rows` gives what is public and of no invented
    city, with all that the fields read; `in_order` puts it in the order of the page. `prepare`
    adds to a list of rows what no query brings with them. `folder` is the address of the list,
    `key` the field by which one row is found.
    """

    name: str
    title: "StrPromise"
    meaning: "StrPromise"
    fields: tuple[Field, ...]
    rows: Callable[[], Rows]
    filters: type[DirectoryFilter]
    in_order: Callable[[Rows], Rows]
    folder: str
    key: str = "id"
    prepare: Callable[[list[Any]], None] = do_nothing
    # What everything is, where the filters of the page leave something out by themselves.
    everything: str = ""

    @cached_property
    def fields_by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def has_places(self) -> bool:
        """Whether rows have coordinates."""
        return "latitude" in self.fields_by_name

    @property
    def lookup(self) -> str:
        """The lookup of the key in the database."""
        return "pk" if self.key == "id" else self.key

    def make_ready(self, rows: list[Any]) -> None:
        """Add to these rows what their fields need and no query brought with them."""
        self.prepare(rows)
        if rows and OUTDATED in self.fields_by_name:
            outdated = outdated_texts(rows, self.fields_by_name)
            for row in rows:
                row.outdated_texts = outdated.get(row.pk, {})

    def filtered(self, query: QueryDict, rows: Rows) -> Rows:
        """Exactly the rows that the page shows by this query; raises BadQuery."""
        filters = self.filters(query, queryset=rows)
        if not filters.is_valid():
            raise BadQuery(reasons_of(filters.form))
        matches: Rows = filters.qs
        return matches

    def everything_in_order(self) -> Rows:
        """All rows, for files that hold everything."""
        return self.filtered(QueryDict(self.everything), self.in_order(self.rows()))


def reasons_of(form: Form) -> dict[str, list[str]]:
    """Why a form was not understood: of each parameter what is wrong, and which values it takes."""
    reasons = {}
    for name, words in form.errors.items():
        sentences = [str(word) for word in words]
        hint = _values_in_words(form.fields.get(name))
        reasons[name] = [*sentences, hint] if hint else sentences
    return reasons


def _values_in_words(field: Any) -> str:
    """The values of a choice; where they are too many, what they are."""
    codes = _values_of(field)
    if 0 < len(codes) <= MOST_NAMED:
        return _("One of: %(codes)s.") % {"codes": ", ".join(codes)}
    return str(field.help_text) if field else ""


def _values_of(field: Any) -> list[str]:
    if hasattr(field, "queryset"):
        keys = field.queryset.values_list(field.to_field_name, flat=True)
        return [str(key) for key in keys[: MOST_NAMED + 1]]
    codes = [str(code) for code, _label in getattr(field, "choices", ())]
    return [code for code in codes if code]


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Raise BadQuery for a parameter that is unknown, or stands in the query twice."""
    allowed = set(known)
    errors: dict[str, list[str]] = {}
    for name, values in query.lists():
        if name not in allowed:
            errors[name] = [_("There is no such parameter here.")]
        elif len(values) > 1:
            errors[name] = [_("This parameter stands in the address more than once.")]
    if errors:
        raise BadQuery(errors)


# --- Rows and what is read of them ----------------------------------------------------------------


def real_rows(model: type[Record]) -> Rows:
    """Public rows of no invented city, with their sources."""
    rows: Rows = model.objects.public().real()
    path = model.CITY_PATH
    if path and path != "pk":
        has_no_city = Q(**{f"{path}__isnull": True})
        has_real_city = Q(**{f"{path}__fictional": False})
        rows = rows.filter(has_no_city | has_real_city)
    citations = Citation.objects.select_related("source").order_by("pk")
    return rows.prefetch_related(Prefetch("citations", citations))


def by_key(rows: Rows) -> Rows:
    """In the order in which they were recorded."""
    return rows.order_by("pk")


def prepared(kind: Kind, rows: Rows) -> Iterator[list[Any]]:
    """The rows in lists, each with all that the fields need; memory for one list at a time."""
    for batch in batches(rows.iterator(chunk_size=BATCH)):
        kind.make_ready(batch)
        yield batch


def values_of(kind: Kind, row: Any) -> dict[str, Any]:
    """All fields of a row."""
    return {field.name: field.value(row) for field in kind.fields}


def is_text(field: Field) -> bool:
    """Whether the value is a text, not a number or a truth."""
    return field.type not in (Type.NUMBER, Type.DECIMAL, Type.TRUTH)
