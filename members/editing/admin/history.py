"""The history of an entry, readable: who, when, in which language, which words."""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from members.editing.history import log_of, revisions
from members.models import Record
from members.paging import page_or_404

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    AdminBase = ModelAdmin[Any]
else:
    AdminBase = object

PER_PAGE = 20


class ReadableHistory(AdminBase):
    """The history page of an entry; that of stock admin does not say what was changed."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj: Any = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        page = page_or_404(Paginator(log_of(obj), PER_PAGE), request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(obj),
            "opts": self.opts,
            "object": obj,
            "page_obj": page,
            "revisions": revisions(page.object_list, self.model),
            "can_open": self._can_open_versions(request, obj),
            "query_prefix": "",
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/entry_history.html", context)

    def _can_open_versions(self, request: HttpRequest, obj: Any) -> bool:
        if not isinstance(obj, Record):
            return False
        return self.has_change_permission(request, obj)
