"""The tables described for programs: CSV on the Web (W3C)."""

from typing import Any

from languages.text import current_language
from portal.open_data.fields import Field, Type
from portal.open_data.formats.csv_table import SEPARATOR
from portal.open_data.formats.table import LICENCE, attribution, today
from portal.open_data.kind import Kind

CONTEXT = "http://www.w3.org/ns/csvw"
# An EDTF date may lack its day or month: no type of XML Schema holds all three, so it is a text
# with a pattern.
DATATYPES: dict[Type, Any] = {
    Type.TEXT: "string",
    Type.CODE: "string",
    Type.KEY: "string",
    Type.LANGUAGE: "string",
    Type.ADDRESS: "string",
    Type.NUMBER: "integer",
    Type.DECIMAL: "decimal",
    Type.TRUTH: "boolean",
    Type.DATE: {"base": "string", "format": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"},
    Type.DAY: {"base": "date", "format": "yyyy-MM-dd"},
    Type.PARTS: "json",
}


# Columns that hold a key of another table: that table, and its column.
JOINED = {
    "city": ("cities", "slug"),
    "successor": ("cities", "slug"),
    "point": ("points", "number"),
    "promise": ("promises", "id"),
    "organisation": ("organisations", "slug"),
    "lead_organisation_key": ("organisations", "slug"),
    "meeting": ("meetings", "id"),
}


def table_group(addresses: dict[str, str], kinds: dict[str, Kind]) -> dict[str, Any]:
    """The description of several tables: name of the kind to the address of its file."""
    language = current_language()
    return {
        "@context": [CONTEXT, {"@language": language}],
        "dc:license": {"@id": LICENCE},
        "dc:modified": {"@value": today(), "@type": "xsd:date"},
        "dc:rights": attribution(),
        "tables": [_table(kinds[name], addresses) for name in addresses],
    }


def _table(kind: Kind, addresses: dict[str, str]) -> dict[str, Any]:
    return {
        "url": addresses[kind.name],
        "dc:title": str(kind.title),
        "dc:description": str(kind.meaning),
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {
            "columns": [_column(field) for field in kind.fields],
            "primaryKey": kind.key,
            "foreignKeys": _foreign_keys(kind, addresses),
        },
    }


def _foreign_keys(kind: Kind, addresses: dict[str, str]) -> list[dict[str, Any]]:
    """By which columns a table is joined with others. Of columns with several keys the format has
    none."""
    keys = []
    for field in kind.fields:
        other, column = JOINED.get(
            field.name,
            ("", ""),
        )
        if other not in addresses or field.many:
            continue
        reference = {
            "resource": addresses[other],
            "columnReference": column,
        }
        key = {
            "columnReference": field.name,
            "reference": reference,
        }
        keys.append(key)
    return keys


def _column(field: Field) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": field.name,
        "titles": field.name,
        "dc:description": str(field.meaning),
        "datatype": DATATYPES[field.type],
    }
    if field.many and not field.parts:
        column["separator"] = SEPARATOR
    return column
