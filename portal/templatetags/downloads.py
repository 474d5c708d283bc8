"""Links beside a list's heading that take the list away as a file."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

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
    kind: str, filters: DirectoryFilter | None = None, query: str = "", cited: str = ""
) -> dict[str, object]:
    """`{% downloads "cities" filters cited="cities/" %}`: the list as it is filtered, in each form;
    `cited`: the page of the list, if it is that of this page."""
    query = query or (filters.query if filters else "")
    return {
        "kind": kind,
        "title": KINDS[kind].title,
        "downloads": downloads_of(kind, query),
        "cite_url": reverse("page_cite", args=[cited]) + query if cited else "",
    }


def downloads_of(kind: str, query: str = "") -> list[Download]:
    has_places = KINDS[kind].has_places
    files = []
    for ending in endings_of(has_places):
        path = reverse(f"{kind}_export", args=[ending])
        files.append(Download(NAMES[ending], path + query))
    return files
