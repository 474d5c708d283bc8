"""The description of the API as a page reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.api.schema import schema_in
from portal.open_data.kinds import KINDS

# More values than these are not listed: they stand in the tables.
LISTED_CODES = 40


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, with the values that it takes."""

    name: str
    description: str
    codes: list[str]


@dataclass(frozen=True)
class Operation:
    """An address of the API, and what it answers."""

    id: str
    address: str
    summary: str
    description: str
    parameters: list[Parameter]
    fields_url: str


def operations(language: str) -> Iterator[Operation]:
    """In the order of the schema. What a row of a kind is stands in its dictionary."""
    paths: dict[str, Any] = schema_in(language)["paths"]
    for address, methods in paths.items():
        about = methods["get"]
        kind, _underscore, ending = about["operationId"].rpartition("_")
        has_fields = ending == "list" and kind in KINDS
        yield Operation(
            id=about["operationId"],
            address=address,
            summary=about.get("summary", ""),
            description=about.get("description", ""),
            parameters=[_parameter(one) for one in about.get("parameters", [])],
            fields_url=reverse("data_table", args=[kind]) if has_fields else "",
        )


def _parameter(about: dict[str, Any]) -> Parameter:
    codes = about["schema"].get("enum", [])
    return Parameter(
        name=about["name"],
        description=about.get("description", ""),
        codes=codes if len(codes) <= LISTED_CODES else [],
    )
