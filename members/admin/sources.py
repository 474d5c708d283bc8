"""Sources, citations, legal acts and documents."""

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from languages.text import labelled
from members.editing.admin.base import OwnCityAdmin, OwnCityInline, StackedInline
from members.editing.admin.search import ABOUT
from members.forms.documents import DocumentForm
from members.models import Citation, Document, LegalAct, Record, Signatory, Source
from members.requests import user_of
from members.services import documents
from members.templatetags.network import cited_field


@admin.register(Source)
class SourceAdmin(OwnCityAdmin):
    main_fields = (
        "url",
        "title",
        "publisher",
        "language",
        "published",
        "seen_on",
        "archive_url",
        "kind",
    )
    list_display = ("__str__", "publisher", "kind", "language", "seen_on")
    list_filter = ("kind",)
    search_fields = ("url", "title", "publisher")
    ordering = ("-pk",)


@admin.register(Citation)
class CitationAdmin(OwnCityAdmin):
    """Which source stands behind which entry, opened from the page of the entry.

    Sources are named there; here stands what one of them says, and it is taken away here.
    """

    main_fields = (
        "source",
        "record_name",
        "field_name",
        "basis",
        "states",
        ("remark", "remark_on"),
        "note",
    )
    readonly_fields = ("source", "record_name", "field_name")
    list_display = ("source", "record_name", "field_name", "basis", "states")
    list_filter = ("basis",)
    list_select_related = ("source", "content_type")
    search_fields = ("states", "note", "source", ABOUT)
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        """With the rows of the entries and what these are called by: one query for each kind."""
        kinds = []
        for model in apps.get_models():
            if issubclass(model, Record):
                kinds.append(model._base_manager.select_related())
        rows: QuerySet[Citation] = super().get_queryset(request)
        return rows.prefetch_related(GenericPrefetch("record", kinds))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """No line in the menu."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("field"))
    def field_name(self, citation: Citation) -> str:
        """What the field is called on the page of the entry; a dash for the whole entry."""
        return cited_field(citation) or "–"

    @admin.display(description=_("entry"))
    def record_name(self, citation: Citation) -> str:
        return labelled(citation.content_type.name, citation.record)


class SignatoryInline(OwnCityInline, StackedInline):
    """Who signed the act."""

    model = Signatory
    fields = (("order", "name", "office"),)


@admin.register(LegalAct)
class LegalActAdmin(OwnCityAdmin):
    main_fields = (
        "city",
        "kind",
        "number",
        "session",
        "body",
        "title",
        "language",
        ("passed", "in_force"),
        "url",
        "document",
    )
    list_display = ("__str__", "city", "kind", "number", "passed", "is_published")
    list_filter = ("kind", "city")
    list_select_related = ("city",)
    search_fields = ("number", "title", "body", "city")
    ordering = ("city__slug", "-passed")
    inlines = (SignatoryInline,)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """An act that cannot be changed now says why."""
        if request.method in ("GET", "HEAD"):
            act = self.get_object(request, unquote(object_id))
            if act.is_closed and self.has_view_permission(request, act):
                sentence = _(
                    "This act belongs to an accession file that is with the network. Nobody "
                    "changes it until the file is returned to the city or decided on."
                )
                self.message_user(request, sentence, messages.WARNING)
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(Document)
class DocumentAdmin(OwnCityAdmin):
    """Files are checked when they come in, and private until somebody publishes them."""

    form = DocumentForm
    main_fields = ("title", "language", "city", "file")
    readonly_fields = ("sha256", "size", "content_type", "public_since")
    list_display = ("title", "city", "content_type", "size", "public_since")
    list_filter = ("city",)
    list_select_related = ("city",)
    search_fields = ("title", "sha256", "city")
    ordering = ("-pk",)
    actions = ("publish_documents", "withdraw_documents")

    @admin.action(description=_("Make the selected files public"), permissions=["change"])
    def publish_documents(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        self.call_for_each(request, queryset, documents.publish)

    @admin.action(description=_("Make the selected files private"), permissions=["change"])
    def withdraw_documents(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        self.call_for_each(request, queryset, documents.withdraw)

    def get_fieldsets(self, request: HttpRequest, obj: Document | None = None) -> list[Any]:
        fields = [*self.main_fields, *(self.readonly_fields if obj else ())]
        return [(None, {"fields": fields})]

    def save_model(
        self, request: HttpRequest, obj: Document, form: DocumentForm, change: bool
    ) -> None:
        documents.save(record=obj, by=user_of(request))
