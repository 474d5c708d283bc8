"""The strip of a city: its columns, drawn in one picture and told in one line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from members.strip import drawing
from members.strip.columns import StripColumn
from members.strip.words import PHRASES, is_chosen, of_all


@dataclass(frozen=True)
class Strip:
    """All points of the plan in one city."""

    columns: tuple[StripColumn, ...] = field(default=())

    @property
    def is_known(self) -> bool:
        """Whether anything is known: without that, no strip is drawn."""
        return any(column.is_known for column in self.columns)

    @property
    def width(self) -> int:
        return drawing.PITCH * len(self.columns)

    @property
    def view_box(self) -> str:
        """The value of the SVG attribute `viewBox`."""
        return f"0 0 {self.width} {drawing.HEIGHT}"

    @property
    def height(self) -> int:
        return drawing.HEIGHT

    @property
    def number_line(self) -> int:
        """The base line of the numbers."""
        return drawing.NUMBER_LINE

    @property
    def bar_path(self) -> str:
        """Filled bars and dashes: the value of an SVG path's `d`."""
        path = ""
        for left, column in self._known_columns:
            path += column.filled_path_at(left)
        return path

    @property
    def outline_path(self) -> str:
        """Outlined bars, to be stroked."""
        path = ""
        for left, column in self._known_columns:
            path += column.outline_path_at(left)
        return path

    @property
    def dashed_path(self) -> str:
        """Outlined bars that are old or without a date, to be stroked with dashes."""
        path = ""
        for left, column in self._known_columns:
            path += column.dashed_path_at(left)
        return path

    @property
    def dot_path(self) -> str:
        """Dots in the bars of points that the portal chose."""
        path = ""
        for left, column in self._known_columns:
            path += column.dot_path_at(left)
        return path

    @property
    def blank_path(self) -> str:
        """A small dot at the foot of every column of which nothing is known."""
        path = ""
        for left, column in self._placed_columns():
            if not column.is_known:
                path += drawing.blank(left)
        return path

    def _placed_columns(self) -> Iterator[tuple[int, StripColumn]]:
        """Each column with the left edge of its bars."""
        for place, column in enumerate(self.columns):
            yield place * drawing.PITCH + drawing.LEFT, column

    @cached_property
    def _known_columns(self) -> list[tuple[int, StripColumn]]:
        """Those of which something is known: no other has a bar, or is counted in words."""
        return [placed for placed in self._placed_columns() if placed[1].is_known]

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """The middle of each column with the number of its point."""
        numbers = []
        for place, column in enumerate(self.columns):
            middle = place * drawing.PITCH + drawing.PITCH // 2
            numbers.append((middle, column.number))
        return numbers

    @property
    def words(self) -> str:
        """What the drawing says, as one line, with the points of which it says so:
        `3 of 10 chosen (1, 2, 7) · 1 done with evidence (2) · …`."""
        parts = []
        for phrase, columns in self._groups():
            numbers = [str(column.number) for column in columns]
            points = ", ".join(numbers)
            parts.append(f"{phrase} ({points})")
        return " · ".join(parts)

    @property
    def phrases(self) -> list[str]:
        """The parts of that line without the points; what is none is left out."""
        phrases = []
        for phrase, _columns in self._groups():
            phrases.append(phrase)
        return phrases

    def _groups(self) -> Iterator[tuple[str, list[StripColumn]]]:
        """Each phrase with the columns that it counts, if there are any."""
        total = len(self.columns)
        chosen = self._columns_that(is_chosen)
        if chosen:
            count = len(chosen)
            yield of_all(count, total), chosen
        for is_counted, phrase_of in PHRASES:
            columns = self._columns_that(is_counted)
            if columns:
                count = len(columns)
                yield phrase_of(count), columns

    def _columns_that(self, is_counted: Callable[[StripColumn], Any]) -> list[StripColumn]:
        columns = []
        for _left, column in self._known_columns:
            if is_counted(column):
                columns.append(column)
        return columns
