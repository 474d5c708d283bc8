"""The sources of an entry on its own page: which it has, and fields for further ones."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from members.editing.admin.arguments import with_arguments
from members.editing.forms.sources import ADDRESS, RECORDED, SOURCE_FIELDS, TITLE, source_fields
from members.models import Citation, Record
from members.permissions import may
from members.requests import user_of
from members.services import sources

if TYPE_CHECKING:
    AdminBase = admin.ModelAdmin[Any]
else:
    AdminBase = object

SO_FAR = "sources_so_far"


class EntrySources(AdminBase):
    """For whoever may write citations, which is the office: a city states what it writes itself."""

    def names_sources(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the page has the fields: an entry that is published, and may be changed here."""
        if not issubclass(self.model, Record) or not getattr(self, "publishes", True):
            return False
        if not may(user_of(request), "add", Citation):
            return False
        if obj is None:
            return bool(self.has_add_permission(request))
        return bool(self.has_change_permission(request, obj))

    def source_panel(self, request: HttpRequest, obj: Any) -> list[Any]:
        """The panel of the form, or none."""
        if not self.names_sources(request, obj):
            return []
        so_far = (SO_FAR,) if obj else ()
        return [(_("Sources"), {"fields": (*so_far, *SOURCE_FIELDS)})]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        fields = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        own = [name for name in fields if name not in SOURCE_FIELDS]
        form = super().get_form(request, obj, change, fields=own, **kwargs)
        if len(own) == len(fields):
            return form
        return with_arguments(form, more_fields=source_fields(self.admin_site))

    def cite_named_sources(self, form: Any) -> None:
        """Cite what the person named on the page, for the entry as a whole."""
        values = form.cleaned_data
        named = sources.named(values.get(ADDRESS) or "", values.get(TITLE) or "")
        for source in (values.get(RECORDED), *named):
            if source:
                sources.cite(source, form.instance)

    @admin.display(description=_("Sources so far"))
    def sources_so_far(self, obj: Any) -> SafeString | str:
        """Each with a link to what it is cited for."""
        rows = []
        for citation in obj.citations.select_related("source").order_by("pk"):
            url = reverse("admin:members_citation_change", args=[citation.pk])
            rows.append((url, citation.source))
        items = format_html_join("", '<li><a href="{}">{}</a></li>', rows)
        return format_html("<ul>{}</ul>", items) if rows else "–"
