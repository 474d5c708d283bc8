"""The forms in which a table leaves the portal."""

from collections.abc import Callable

from portal.open_data.formats import csv_table, geojson, json_rows, xlsx
from portal.open_data.formats.table import Chunks, KindTable

# Ending of the file: its media type, and what writes it in pieces.
Writer = Callable[[KindTable], Chunks]
FORMATS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8; header=present", csv_table.write),
    "json": ("application/json", json_rows.write),
    "xlsx": (xlsx.MEDIA_TYPE, xlsx.write),
    "geojson": ("application/geo+json", geojson.write),
}


def endings_of(table_has_places: bool) -> list[str]:
    """The formats of a kind: a map needs places."""
    endings = list(FORMATS)
    if not table_has_places:
        endings.remove("geojson")
    return endings
