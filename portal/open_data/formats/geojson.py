"""Rows with places as GeoJSON (RFC 7946)."""

from typing import Any

from portal.open_data.formats.json_rows import as_text, joined
from portal.open_data.formats.table import Chunks, KindTable


def write(table: KindTable) -> Chunks:
    """A collection of features; what lies at no known place has no geometry."""
    about = as_text({"type": "FeatureCollection", **table.about()})
    yield f'{about[:-1]}, "features": ['
    yield from joined(table, _feature)
    yield "\n]}\n"


def _feature(row: dict[str, Any]) -> str:
    feature = {
        "type": "Feature",
        "id": row["slug"],
        "geometry": _point(row),
        "properties": row,
    }
    return as_text(feature)


def _point(row: dict[str, Any]) -> dict[str, Any] | None:
    latitude, longitude = row["latitude"], row["longitude"]
    if latitude is None or longitude is None:
        return None
    return {"type": "Point", "coordinates": [longitude, latitude]}
