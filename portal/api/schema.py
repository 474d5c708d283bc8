"""The description of the API: OpenAPI 3.1, made from the descriptions of the kinds."""

import json
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from languages.text import network_languages
from portal.api import examples as examples_of
from portal.api.examples import example
from portal.api.pagination import LARGEST_PAGE, PAGE_SIZE
from portal.api.problems import PROBLEM
from portal.api.views import YES, Changes, PublicView, RowDetail, RowList, RowView, filters_of
from portal.kept_pages.versions import page_version
from portal.open_data.kinds import KINDS

SECONDS = 600
MEDIA_TYPE = "application/vnd.oai.openapi+json; version=3.1"


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    instance = serializers.CharField()
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """A row that is new, changed or gone."""

    kind = serializers.ChoiceField([(name, name) for name in KINDS])
    key = serializers.CharField()
    changed_at = serializers.DateTimeField()
    gone = serializers.BooleanField()
    url = serializers.CharField(allow_blank=True)
    row = serializers.DictField(required=False, allow_null=True)


PROBLEMS = {
    400: "The question could not be understood.",
    404: "There is no such row.",
    429: "Too many questions.",
    503: "Which rows changed has not been noted yet, here or of a new table.",
}


def answers(serializer: Any, value: Any, *problems: int) -> dict[Any, Any]:
    """What an operation may answer, with `value` as the example of an answer."""
    responses: dict[Any, Any] = {200: OpenApiResponse(serializer, examples=example(value))}
    for code in (400, *problems, 429):
        examples = example(examples_of.problem(code))
        answer = OpenApiResponse(ProblemSerializer, PROBLEMS[code], examples)
        responses[code, PROBLEM] = answer
    # The server in front says so, before the portal hears of it.
    too_long = OpenApiResponse(str, "The address is too long.", example("URI Too Long"))
    responses[414, "text/html"] = too_long
    return responses


def lang_parameter() -> OpenApiParameter:
    return OpenApiParameter(
        "lang",
        str,
        description=_("Language of texts and labels. Without it: the network’s first language."),
        enum=network_languages(),
    )


def page_parameters() -> list[OpenApiParameter]:
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
    words = _("How many rows on a page: from 1 to %(largest)s, without it %(usual)s.")
    words = words % {"largest": LARGEST_PAGE, "usual": PAGE_SIZE}
    about_cursor = _("Where a page begins: taken from `next` of the page before.")
    return [
        OpenApiParameter("page_size", size, description=words),
        OpenApiParameter("cursor", str, description=about_cursor),
    ]


def next_page() -> serializers.URLField:
    words = gettext_lazy("Address of the next page; null on the last.")
    return serializers.URLField(allow_null=True, help_text=words)


def previous_page() -> serializers.URLField:
    words = gettext_lazy("Address of the page before; null on the first.")
    return serializers.URLField(allow_null=True, help_text=words)


def page_of(serializer: type[Any]) -> type[Any]:
    """A page of rows, with the addresses of its neighbours."""
    name = f"{serializer.KIND.name.capitalize()}Page"
    members = {
        "next": next_page(),
        "previous": previous_page(),
        "results": serializer(many=True),
    }
    return type(name, (serializers.Serializer,), members)


class ChangePageSerializer(serializers.Serializer[Any]):
    """A page of changes."""

    next = next_page()
    previous = previous_page()
    results = ChangeSerializer(many=True)
    until = serializers.DateTimeField(
        help_text=gettext_lazy("The `since` of the next question; take that of the first page.")
    )
    noted_at = serializers.DateTimeField(
        help_text=gettext_lazy(
            "When rows were compared last; the portal does so every quarter of an hour."
        )
    )


class RootSerializer(serializers.Serializer[Any]):
    """The addresses of everything."""

    kinds = serializers.DictField(child=serializers.URLField())
    changes = serializers.URLField()
    schema = serializers.URLField()
    catalogue = serializers.URLField()
    languages = serializers.ListField(child=serializers.CharField())
    licence = serializers.URLField()


# --- Parameters of each view ----------------------------------------------------------------------


class RowSchema(AutoSchema):
    """Adds the parameters that every request may choose anew: language, fields, filters."""

    def get_override_parameters(self) -> list[Any]:
        view = self.view
        parameters = [lang_parameter()]
        if isinstance(view, RowView):
            parameters.append(fields_parameter(view))
        if isinstance(view, RowList):
            parameters += filter_parameters(view)
        if isinstance(view, RowDetail):
            parameters.append(key_parameter(view))
        if isinstance(view, Changes):
            parameters += change_parameters()
        if isinstance(view, RowList | Changes):
            parameters += page_parameters()
        return parameters

    def get_operation(self, *args: Any) -> dict[str, Any] | None:
        """A filter that is empty, as a form sends it, chooses nothing."""
        operation: dict[str, Any] | None = super().get_operation(*args)
        if operation is None or not isinstance(self.view, RowList):
            return operation
        filters = filters_of(self.view.kind)
        for parameter in operation["parameters"]:
            if parameter["name"] in filters:
                parameter["allowEmptyValue"] = True
        return operation

    def get_operation_id(self) -> str:
        view = self.view
        if isinstance(view, RowView):
            ending = "list" if isinstance(view, RowList) else "row"
            return f"{view.kind.name}_{ending}"
        return type(view).__name__.lower()

    def get_summary(self) -> str:
        view = self.view
        if isinstance(view, RowView):
            return str(view.kind.title)
        return _("What changed") if isinstance(view, Changes) else _("What there is")

    def get_description(self) -> str:
        view = self.view
        if isinstance(view, RowList):
            return str(view.kind.meaning)
        if isinstance(view, RowDetail):
            return _("One row, by its key.")
        if isinstance(view, Changes):
            return _(
                "Rows that are new, changed or gone since a moment. Rows are compared every "
                "quarter of an hour; noted_at says when last, until is the since of the next "
                "question."
            )
        return ""

    def get_response_serializers(self) -> dict[Any, Any]:
        view = self.view
        if isinstance(view, RowList):
            return answers(page_of(view.serializer_class), examples_of.page_of(view.kind))
        if isinstance(view, RowDetail):
            return answers(view.serializer_class, examples_of.row_of(view.kind), 404)
        if isinstance(view, Changes):
            return answers(ChangePageSerializer, examples_of.changes(), 503)
        return answers(RootSerializer, examples_of.root())

    def get_tags(self) -> list[str]:
        kind = getattr(self.view, "kind", None)
        return [kind.name if kind else "all"]


def fields_parameter(view: RowView) -> OpenApiParameter:
    names = [field.name for field in view.kind.fields]
    return OpenApiParameter(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": names}, "minItems": 1},
        description=_("Only these fields, with a comma between."),
        style="form",
        explode=False,
        examples=example(names[:2]),
    )


def key_parameter(view: RowDetail) -> OpenApiParameter:
    field = view.kind.fields_by_name[view.kind.key]
    key = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 100}
    return OpenApiParameter(
        "key",
        key,
        OpenApiParameter.PATH,
        description=str(field.meaning),
        examples=example(examples_of.key_of(view.kind)),
    )


def filter_parameters(view: RowList) -> list[OpenApiParameter]:
    """The filters of the page, with the values that they take."""
    filters = view.kind.filters(queryset=view.kind.rows())
    form = filters.form
    parameters = []
    for name in filters_of(view.kind):
        field = form.fields[name]
        words = str(field.label or name)
        if field.help_text:
            words = f"{words}: {field.help_text}"
        parameters.append(OpenApiParameter(name, schema_of(field), description=words))
    return parameters


def schema_of(field: Any) -> dict[str, Any]:
    """What a filter takes: one of its choices, a number, a text."""
    if hasattr(field, "queryset"):
        return {"type": "string", "pattern": "^[A-Za-z0-9-]+$", "maxLength": 80}
    if hasattr(field, "choices"):
        codes = [str(code) for code, _label in field.choices if code]
        return {"type": "string", "enum": codes} if codes else {"type": "string", "maxLength": 0}
    smallest, largest = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if smallest is not None:
        return {"type": "integer", "minimum": smallest, "maximum": largest}
    if field.max_length is None:
        return {"type": "string"}
    return {"type": "string", "maxLength": field.max_length}


def change_parameters() -> list[OpenApiParameter]:
    moment = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
    words = _(
        "Only rows that changed after this moment: `until` of the answer before, or a day, which "
        "begins at midnight UTC."
    )
    kinds = {"type": "string", "enum": list(KINDS)}
    return [
        OpenApiParameter("since", moment, description=words, examples=example(examples_of.MOMENT)),
        OpenApiParameter("kind", kinds, description=_("Only rows of this kind.")),
        OpenApiParameter(
            "rows",
            {"type": "string", "enum": [YES]},
            description=_("Each change with its row as it is now, all fields."),
        ),
    ]


class SchemaView(PublicView):
    """This description. Kept until something is published: filters name countries and years."""

    schema = None

    def get(self, request: Request) -> Response:
        return Response(schema_in(self.language), content_type=MEDIA_TYPE)


def schema_in(language: str) -> dict[str, Any]:
    """The description in a language."""
    key = f"api-schema-{language}-{page_version()}"
    description: dict[str, Any] | None = cache.get(key)
    if description is None:
        with override(language):
            description = SchemaGenerator(urlconf="portal.urls").get_schema(
                request=None, public=True
            )
            # Words that are translated when they are read become texts before they are kept.
            description = json.loads(json.dumps(description, default=str))
        cache.set(key, description, SECONDS)
    return description
