"""The log of changes, read-only, in the words of the portal: the library's own are English."""

from typing import Any

from auditlog.admin import LogEntryAdmin
from auditlog.filters import CIDFilter, ResourceTypeFilter
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from languages.sorting import sort_key
from languages.templatetags.text import moment
from languages.text import current_language, labelled
from members.editing.admin.search import ABOUT, ListSearch
from members.editing.history import everything_in, labels_in, names_today
from members.filters import QUERY_LENGTH
from members.models import User
from members.permissions import EXPORT, may
from members.requests import user_of
from portal.log_table import lines

admin.site.unregister(LogEntry)

# Letters of the list of changed fields before it is cut off.
SHORT = 75


class LogKindFilter(ResourceTypeFilter):  # type: ignore[misc]
    """The kinds of entries that the log has, by the names that people know."""

    title = _("kind")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        language = current_language()
        entries = model_admin.get_queryset(request).order_by()
        keys = entries.values("content_type")
        kinds = []
        for kind in ContentType.objects.filter(pk__in=keys):
            label = capfirst(kind.name)
            kinds.append((kind.pk, label))
        return sorted(kinds, key=lambda kind: sort_key(kind[1], language))


class DayFilter(admin.DateFieldListFilter):
    """Today, this week, this month, this year."""

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        title = gettext("when")
        self.title = title


class RequestFilter(CIDFilter):  # type: ignore[misc]
    """All that was saved by one request."""

    title = _("saved together")


@admin.register(LogEntry)
class ChangeLogAdmin(ListSearch, LogEntryAdmin):  # type: ignore[misc]
    """Who changed what and when: for the secretariat, to read."""

    search_fields = (ABOUT, "actor")
    list_per_page = 50
    # Not the library's line of years: it reads the dates of the whole log for each page.
    date_hierarchy = None
    list_filter = ("action", ("timestamp", DayFilter), LogKindFilter, RequestFilter)
    fieldsets = [
        (None, {"fields": ["created", "user_url", "resource_url", "cid_url"]}),
        (_("Changes"), {"fields": ["action", "msg"]}),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[LogEntry], search_term: str
    ) -> tuple[QuerySet[LogEntry], bool]:
        """By what the entry is called now; as it is written also by what it was called then."""
        rows, has_several = super().get_search_results(request, queryset, search_term)
        if words := search_term.strip():
            rows |= queryset.filter(object_repr__icontains=words[:QUERY_LENGTH])
        return rows, has_several

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        change_list = super().get_changelist_instance(request)
        entries = list(change_list.result_list)
        names = names_today(entries)
        for entry in entries:
            key = entry.pk
            entry.name_today = names[key]
        change_list.result_list = entries
        return change_list

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        user = request.user
        # The sign-in page asks too, and nobody is signed in there.
        if not isinstance(user, User):
            return False
        return may(user, "view", LogEntry)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        own = [path("export/", export, name="auditlog_logentry_export")]
        return [*own, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """The entries that the list shows with these filters, all pages of it, as CSV."""
        if not may(user_of(request), EXPORT, LogEntry):
            raise PermissionDenied
        try:
            change_list = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            # As the list itself answers a filter that it does not know.
            page = reverse("admin:auditlog_logentry_changelist")
            return HttpResponseRedirect(f"{page}?e=1")
        name = f"log-{localdate()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        table = lines(change_list.queryset)
        return StreamingHttpResponse(
            table,
            content_type="text/csv; charset=utf-8",
            headers=headers,
        )

    @admin.display(description=_("Created"), ordering="timestamp")
    def created(self, entry: LogEntry) -> str:
        return moment(entry.timestamp)

    @admin.display(description=_("User"))
    def user_url(self, entry: LogEntry) -> str:
        return super().user_url(entry) if entry.actor else gettext("the portal itself")

    @admin.display(description=_("Resource"))
    def resource_url(self, entry: LogEntry) -> str:
        kind = entry.content_type
        label = capfirst(kind.name)
        words = labelled(label, self._name(entry))
        page = f"admin:{kind.app_label}_{kind.model}_change"
        key = entry.object_pk
        try:
            url = reverse(
                page,
                args=[key],
            )
        except NoReverseMatch:
            return words
        return format_html('<a href="{}">{}</a>', url, words)

    def _name(self, entry: LogEntry) -> str:
        """What the entry is called now. The list asks for all names of a page at once."""
        name = getattr(entry, "name_today", None)
        if name is None:
            name = names_today([entry])[entry.pk]
        return str(name)

    @admin.display(description=_("Changes"))
    def msg_short(self, entry: LogEntry) -> str:
        model = entry.content_type.model_class()
        is_deletion = entry.action == LogEntry.Action.DELETE
        if model is None or is_deletion:
            return ""
        labels = labels_in(entry, model)
        text = Truncator(", ".join(labels))
        return text.chars(SHORT)

    @admin.display(description=_("Changes"))
    def msg(self, entry: LogEntry) -> str:
        model = entry.content_type.model_class()
        changes = everything_in(entry, model) if model else []
        context = {"changes": changes}
        return render_to_string("admin/includes/log_entry.html", context)

    @admin.display(description=_("Saved together"))
    def cid_url(self, entry: LogEntry) -> str:
        if not entry.cid:
            return ""
        page = reverse("admin:auditlog_logentry_changelist")
        return format_html('<a href="{}?cid={}">{}</a>', page, entry.cid, entry.cid[:8])
