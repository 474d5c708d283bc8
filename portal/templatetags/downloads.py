"""Links beside a list's heading that take the list away as a file."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from members.filters import DirectoryFilter
from portal.open_data.formats import endings_of
from portal.open_data.kinds import KINDS

register = template.Library()

NAMES = {"csv": "CSV", "json": "JSON", "xlsx": "XLSX", "geojson": "GeoJSON"}


@dataclass(frozen=True)
class Download:
    """A file of a list: its form and its address."""

    name: str
    url: str


@register.inclusion_tag("components/downloads.html")
def downloads(
    kind: str, filters: DirectoryFilter | None = None, query: str = ""
) -> dict[str, object]:
    """`{% downloads "cities" filters %}`: the list as it is filtered, in each form."""
    return {"kind": kind, "downloads": downloads_of(kind, query or query_of(filters))}


def downloads_of(kind: str, query: str = "") -> list[Download]:
    has_places = KINDS[kind].has_places
    files = []
    for ending in endings_of(has_places):
        path = reverse(f"{kind}_export", args=[ending])
        files.append(Download(NAMES[ending], path + query))
    return files


def query_of(filters: DirectoryFilter | None) -> str:
    """The filters that hold, and nothing else of the page's address."""
    if filters is None or not filters.is_valid():
        return ""
    values = {}
    for name, value in filters.form.cleaned_data.items():
        if value:
            values[name] = filters.data.get(name, "")
    return f"?{urlencode(values)}" if values else ""
