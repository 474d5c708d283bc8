"""Addresses of the API. They have no language: `?lang=` names it."""

from typing import Any

from django.urls import path, re_path

from portal.api import views
from portal.api.schema import RowSchema, SchemaView
from portal.api.serializers import serializer_of
from portal.open_data.kind import Kind
from portal.open_data.kinds import KINDS


def addresses_of(kind: Kind) -> list[Any]:
    """The list of a kind, and one row of it."""
    members = {"kind": kind, "serializer_class": serializer_of(kind), "schema": RowSchema()}
    name = kind.name.capitalize()
    rows: Any = type(f"{name}List", (views.RowList,), members)
    row: Any = type(f"{name}Detail", (views.RowDetail,), members)
    return [
        path(f"{kind.name}/", rows.as_view(), name=f"api_{kind.name}"),
        path(f"{kind.name}/<slug:key>/", row.as_view(), name=f"api_{kind.name}_row"),
    ]


urlpatterns = [
    path("", views.Root.as_view(schema=RowSchema()), name="api_root"),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("changes/", views.Changes.as_view(schema=RowSchema()), name="api_changes"),
]
for one in KINDS.values():
    urlpatterns += addresses_of(one)
# Line ends too, which "<path:rest>" does not take.
urlpatterns.append(re_path(r"^(?P<rest>[\s\S]+)$", views.Missing.as_view(), name="api_missing"))
