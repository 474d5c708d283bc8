"""Is the process alive, and can it serve?"""

import os
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from members.timers import late_timers


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches no database."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with the reason.

    `late`: a sentence for each timer that has not run; pages can be served without it.
    """
    reason = not_ready_because()
    late = [] if reason else [timer.sentence for timer in late_timers()]
    content = {"ready": not reason, "reason": reason, "late": late}
    status = 503 if reason else 200
    return JsonResponse(content, status=status)


def not_ready_because() -> str:
    """Why the portal cannot serve, in one English sentence for an administrator; empty when it
    can."""
    if not _is_database_ours():
        return "The account that runs the portal may not write the file of the database."
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


def _is_database_ours() -> bool:
    """Whether this account may write the SQLite file, if there is one."""
    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not file.exists():
        return True
    return os.access(file, os.R_OK | os.W_OK)
