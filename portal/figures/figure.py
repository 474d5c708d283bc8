"""What a figure is: numbers in rows and columns, and what a reader needs to understand them."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from languages.names import number
from languages.text import current_language


class Shape(StrEnum):
    """How a figure is drawn: upright columns over years, bars, or bars that consist of parts."""

    COLUMNS = "columns"
    BARS = "bars"
    PARTS = "parts"


@dataclass(frozen=True)
class Column:
    """A column of numbers: its name in the file, which never changes, and its heading."""

    name: str
    label: str


@dataclass(frozen=True)
class Row:
    """A row of numbers. `key` never changes; `label` is in the reader's language.

    A row that is not drawn stands in the table and in the file: what is not known, for example.
    """

    key: str
    label: str
    numbers: tuple[int, ...]
    url: str = ""
    is_drawn: bool = True


@dataclass(frozen=True)
class Figure:
    """Numbers with their meaning, their denominator, and where the rows behind them are.

    `drawn` names the columns in the picture. `whole` says what `total` counts. `kind` is the table
    of the open data that holds the rows and the sources of each. `unit` says in a file what `total`
    counts: `out_of_cities`.
    """

    name: str
    title: str
    sentence: str
    reading: str
    whole: str
    total: int
    head: Column
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    shape: Shape
    drawn: tuple[str, ...]
    unit: str
    kind: str = ""
    # Per cent of the whole, not a count of rows.
    is_share: bool = False

    @property
    def drawn_rows(self) -> list[Row]:
        return [row for row in self.rows if row.is_drawn]

    @property
    def drawn_columns(self) -> list[tuple[int, Column]]:
        """The columns of the picture, each with its place among all."""
        columns = enumerate(self.columns)
        return [(place, column) for place, column in columns if column.name in self.drawn]


def not_known() -> str:
    """What a row is called that counts what nobody knows."""
    return _("not known")


def per_cent(value: int) -> str:
    """A share as a reader writes it."""
    language = current_language()
    share = number(value, language)
    return _("{share} %").format(
        share=share,
    )
