"""A table on its way out: its kind, its rows, and what is said about the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.open_data.kind import Kind, Rows, prepared, values_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
Chunks = Iterator[str | bytes]


@dataclass(frozen=True)
class KindTable:
    """Rows of a kind in one language; `address` is where exactly this table is read again."""

    kind: Kind
    rows: Rows
    language: str
    address: str

    def values(self) -> Iterator[list[dict[str, Any]]]:
        """The rows in lists, as values. The language holds only while values are read: what is
        streamed is written after the request's own language is gone."""
        batches = prepared(self.kind, self.rows)
        while True:
            with override(self.language):
                batch = next(batches, None)
                if batch is None:
                    return
                values = [values_of(self.kind, row) for row in batch]
            yield values

    def about(self) -> dict[str, str]:
        """What somebody needs to quote the table: when and where it was taken, and its terms."""
        with override(self.language):
            return {
                "title": str(self.kind.title),
                "address": self.address,
                "as_of": today(),
                "language": self.language,
                "licence": LICENCE,
                "attribution": attribution(),
            }


def today() -> str:
    return timezone.localdate().isoformat()


def attribution() -> str:
    """The line that whoever uses the data writes (decision 0021). It names the portal: the network
    has published none of this."""
    sentence = _("Source: %(portal)s, %(address)s, %(date)s, CC BY 4.0; towns: GeoNames.")
    values = {
        "portal": settings.PORTAL_NAME,
        "address": settings.SITE_URL,
        "date": today(),
    }
    return sentence % values


def file_name(kind: Kind, language: str, ending: str) -> str:
    """`cities-pl-2026-11-29.csv`"""
    return f"{kind.name}-{language}-{today()}.{ending}"
