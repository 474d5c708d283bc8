"""The configuration of gunicorn while statements are noted (tests/statements.py): the server that a
browser visits writes down what it sends, one key a line.

The tests read what is added to that file while each of them runs.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

# In the environment of the server: the file.
VARIABLE = "STATEMENTS_SENT_TO"


def post_worker_init(worker: object) -> None:
    """gunicorn calls this when Django is set up and the server serves nobody yet."""
    from django.db.backends.signals import connection_created  # noqa: PLC0415

    note = noting_in(Path(os.environ[VARIABLE]))

    def note_all(connection, **more: object) -> None:
        if note not in connection.execute_wrappers:
            connection.execute_wrappers.append(note)

    connection_created.connect(note_all, weak=False)


def noting_in(path: Path) -> Callable[..., object]:
    """A wrapper for `connection.execute_wrappers` that adds a line to this file."""
    from tests.statements import key_of, place_of  # noqa: PLC0415 - wants Django's settings

    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(run, sql, params, many, context):
        if key := key_of(sql, place_of(sys._getframe(1))):
            # One short writing is whole, whichever thread sends it.
            os.write(file, f"{key}\n".encode())
        return run(sql, params, many, context)

    return note
