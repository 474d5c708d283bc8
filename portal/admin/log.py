"""The log of changes, read-only."""

from auditlog.admin import LogEntryAdmin
from auditlog.models import LogEntry
from django.contrib import admin
from django.http import HttpRequest

from members.permissions import may

admin.site.unregister(LogEntry)


@admin.register(LogEntry)
class ChangeLogAdmin(LogEntryAdmin):
    """Who changed what and when: for the secretariat, to read."""

    search_fields = ("object_repr", "actor__email", "actor__name")

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return may(request.user, "view", LogEntry)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return False
