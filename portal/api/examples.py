"""Examples of parameters and answers, for the description of the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample

from portal.api.problems import NeverCompared, content_of, detail_of
from portal.api.views import address_of, what_there_is
from portal.open_data.fields import Field, Type
from portal.open_data.kind import Kind
from portal.open_data.kinds import KINDS

DAY = "2026-11-29"
MOMENT = f"{DAY}T12:00:00+00:00"
CURSOR = "WzAsZmFsc2UsIjUwIl0:c2lnbmVkIGJ5IHRoaXMgc2l0ZQ"


def example(value: Any, name: str = "Example") -> list[OpenApiExample]:
    """As the only example of an answer or parameter."""
    return [OpenApiExample(name, value=value)]


def row_of(kind: Kind) -> dict[str, Any]:
    """All fields, with the examples of the dictionary."""
    return {field.name: value_of(field) for field in kind.fields}


def value_of(field: Field) -> Any:
    """The example of a field as a value of its type."""
    if field.parts:
        return [{part.name: value_of(part) for part in field.parts}]
    value = _one(field.any_example, field.type)
    return [value] if field.many else value


def _one(text: str, type_: Type) -> Any:
    if type_ is Type.NUMBER:
        return int(text)
    if type_ is Type.DECIMAL:
        return float(text)
    if type_ is Type.TRUTH:
        return text == "true"
    return text


def key_of(kind: Kind) -> str:
    """The key of the example of a row, as it stands in an address."""
    field = kind.fields_by_name[kind.key]
    value = value_of(field)
    return str(value)


def page_of(kind: Kind) -> dict[str, Any]:
    """The first page of several."""
    address = address_of(f"api_{kind.name}")
    return {
        "next": f"{address}?cursor={CURSOR}",
        "previous": None,
        "results": [row_of(kind)],
    }


def changes() -> dict[str, Any]:
    """A row that is new or different, and one that is gone."""
    city, action = key_of(KINDS["cities"]), key_of(KINDS["actions"])
    url = address_of("api_cities_row", city)
    changed = {
        "kind": "cities",
        "key": city,
        "changed_at": MOMENT,
        "gone": False,
        "url": url,
    }
    gone = {
        "kind": "actions",
        "key": action,
        "changed_at": MOMENT,
        "gone": True,
        "url": "",
    }
    return {
        "next": None,
        "previous": None,
        "results": [changed, gone],
        "until": MOMENT,
        "noted_at": MOMENT,
    }


def root() -> dict[str, Any]:
    return what_there_is()


def problem(code: int) -> dict[str, Any]:
    """What a refusal says; of a question that was not understood also why."""
    detail = detail_of(NeverCompared()) if code == NeverCompared.status_code else ""
    content = content_of("/api/v1/cities/", code, detail)
    if code == 400:
        content["errors"] = {"nation": [_("There is no such parameter here.")]}
    return content
