"""The lines of a CSV file, and what is wrong with them."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Columns that speak about the row and are no fields of the model.
# `working_note` is for those who keep the file; no reader sees it.
ABOUT = {"source_url", "basis", "citation_remark", "citation_remark_on", "working_note", "official"}
# Before the name of a field: the addresses of the sources of this field alone.
SOURCE_OF = "source_of_"


class Refused(Exception):
    """The file was not loaded. `errors` lists every reason as `file:line: column: reason`."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


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


def speaks_about_the_row(name: str) -> bool:
    """Whether a column of this name is no field of the model."""
    return name in ABOUT or name.startswith(SOURCE_OF)


class TableFile:
    """A file with a header, and the reasons against its lines.

    `check_header` notes what is wrong with the names of the columns.
    """

    def __init__(self, path: Path, check_header: Callable[[list[str]], None]) -> None:
        self.path = path
        self.errors: list[str] = []
        self._check_header = check_header

    def rows(self) -> Iterator[RawRow]:
        """The lines that have as many cells as the header; notes the others."""
        reader = csv.reader(self._lines(), strict=True)
        try:
            header = next(reader, [])
            self._check_header(header)
            self._check_repeated(header)
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) == len(header):
                    yield _raw_row(reader.line_num, header, cells)
                else:
                    reason = f"{len(cells)} cells where the header has {len(header)}"
                    self.bad(reader.line_num, "", reason)
        except csv.Error as error:
            self.bad(reader.line_num, "", f"not readable as CSV: {error}")

    def _lines(self) -> Iterator[str]:
        """Its lines, however they end; a line break within a cell stays as it is."""
        try:
            # With or without the byte order mark that spreadsheets write.
            text = self.path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise Refused([f"{self.path.name} cannot be read: {error.strerror}."]) from None
        except UnicodeDecodeError as error:
            line = self.path.read_bytes().count(b"\n", 0, error.start) + 1
            place = self.place(line, "")
            raise Refused([f"{place}: byte {error.start} of the file is not UTF-8"]) from None
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            place = self.place(line, "")
            raise Refused([f"{place}: a NUL character"])
        return io.StringIO(text, newline="")

    def bad(self, line: int, column: str, reason: str) -> None:
        """Note what is wrong with a cell, or with a whole line where `column` is empty."""
        place = self.place(line, column)
        self.errors.append(f"{place}: {reason}")

    def place(self, line: int, column: str) -> str:
        """`folder/file.csv:12: column`; of a whole line without the column."""
        folder = self.path.parent.name
        place = f"{folder}/{self.path.name}:{line}"
        return f"{place}: {column}" if column else place

    def stop_if_bad(self) -> None:
        """Raise `Refused` with all reasons, where there are any."""
        if self.errors:
            raise Refused(self.errors)

    def _check_repeated(self, header: list[str]) -> None:
        for name, count in Counter(header).items():
            if count > 1:
                self.bad(1, name, "this column stands twice")


def _raw_row(line: int, header: list[str], cells: list[str]) -> RawRow:
    own_cells = {}
    for name, cell in zip(header, cells, strict=True):
        own_cells[name] = cell.strip()
    return RawRow(line, own_cells)
