"""The description of the API as pages read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.api.schema import schema_in, schema_of
from portal.open_data.kind import Kind
from portal.open_data.kinds import KINDS

# More values than these are not listed: they stand in the tables.
LISTED_CODES = 40
# What every list takes, said once.
COMMON = ("lang", "fields", "page_size", "cursor")
ROW = "_row"
LIST = "_list"
# By which filter an example is made, where a kind has it.
EXAMPLE_FILTER = "country"
EXAMPLE_COUNTRY = "PL"


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address, with the values that it takes."""

    name: str
    description: str
    codes: list[str]

    @property
    def example(self) -> str:
        """A value that it takes; empty where any text is one."""
        if EXAMPLE_COUNTRY in self.codes:
            return EXAMPLE_COUNTRY
        return self.codes[0] if self.codes else ""


@dataclass(frozen=True)
class Operation:
    """A list of the API with its own parameters; `row_address`: where one row is read."""

    id: str
    address: str
    row_address: str
    summary: str
    description: str
    parameters: list[Parameter]
    fields_url: str

    @property
    def example(self) -> str:
        """An address that can be tried."""
        if not self.fields_url:
            return self.address
        query = example_query(self.parameters)
        separator = "&" if query else "?"
        return f"{self.address}{query}{separator}page_size=3"


@dataclass(frozen=True)
class Reference:
    """All addresses, and the parameters that every list takes."""

    common: list[Parameter]
    operations: list[Operation]


def reference_in(language: str) -> Reference:
    """In the order of the schema. What a row of a kind is stands in its dictionary."""
    paths: dict[str, Any] = schema_in(language)["paths"]
    common: dict[str, Parameter] = {}
    for methods in paths.values():
        for parameter in _parameters(methods["get"]):
            if parameter.name in COMMON:
                common.setdefault(parameter.name, parameter)
    return Reference(
        common=[common[name] for name in COMMON],
        operations=list(_operations(paths)),
    )


def _operations(paths: dict[str, Any]) -> Iterator[Operation]:
    rows = {}
    for address, methods in paths.items():
        rows[methods["get"]["operationId"]] = address
    for address, methods in paths.items():
        about = methods["get"]
        name = about["operationId"]
        if name.endswith(ROW):
            continue
        kind = name.removesuffix(LIST)
        own = [one for one in _parameters(about) if one.name not in COMMON]
        yield Operation(
            id=name,
            address=address,
            row_address=rows.get(f"{kind}{ROW}", ""),
            summary=about.get("summary", ""),
            description=about.get("description", ""),
            parameters=own,
            fields_url=reverse(
                "data_table",
                args=[kind],
            )
            if kind in KINDS
            else "",
        )


def _parameters(about: dict[str, Any]) -> Iterator[Parameter]:
    for one in about.get("parameters", []):
        yield Parameter(
            name=one["name"],
            description=one.get("description", ""),
            codes=_listed(one["schema"]),
        )


def filters_in_words(kind: Kind, form: Any) -> list[Parameter]:
    """The filters of the files of a kind, with their values."""
    filters = []
    for name in kind.filters.base_filters:
        field = form.fields[name]
        words = [str(field.label or name), str(field.help_text or "")]
        filters.append(
            Parameter(
                name=name,
                description=": ".join(word for word in words if word),
                codes=_listed(schema_of(field)),
            )
        )
    return filters


def _listed(schema: dict[str, Any]) -> list[str]:
    codes: list[str] = schema.get("enum", [])
    return codes if len(codes) <= LISTED_CODES else []


def example_query(parameters: Iterable[Parameter]) -> str:
    """`?country=PL`, else by the first parameter whose values are listed; empty without one."""
    with_codes = [one for one in parameters if one.codes]
    by_country = [one for one in with_codes if one.name == EXAMPLE_FILTER]
    for one in [*by_country, *with_codes]:
        return f"?{one.name}={one.example}"
    return ""
