"""Is the process alive, and can it serve?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches no database."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with the reason."""
    reason = not_ready_because()
    content = {"ready": not reason, "reason": reason}
    status = 503 if reason else 200
    return JsonResponse(content, status=status)


def not_ready_because() -> str:
    """Why the portal cannot serve, in one English sentence for an administrator; empty when it
    can."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "The database does not answer."
    if pending:
        return f"{len(pending)} migrations are not applied: run manage.py migrate."
    return ""
