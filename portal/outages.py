"""What keeps the database from its work, or from one row, told apart from our own faults."""

import sqlite3
from enum import Enum

from django.db import Error, IntegrityError, InterfaceError, OperationalError

from members.uploads import StorageAway, is_disk_full

# Primary result codes of SQLite (https://www.sqlite.org/rescode.html).
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_SQLITE_AWAY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}
_SQLITE_TAKEN = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
# A primary result code is the lowest byte of an extended one.
_PRIMARY = 0xFF

# Error codes of PostgreSQL (https://www.postgresql.org/docs/15/errcodes-appendix.html).
# read_only_sql_transaction; disk_full: everything can still be read.
_UNWRITABLE = {"25006", "53100"}
_TAKEN = "23505"
_BUSY = {
    "55P03",  # lock_not_available
    "57014",  # query_canceled: the statement took longer than statement_timeout
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "53300",  # too_many_connections
}
# Whole classes: the connection broke, resources are short, an operator intervened.
_AWAY_CLASSES = {"08", "53", "57", "58"}


class Outage(Enum):
    """Why nothing can be read or saved now, with the seconds after which to try again."""

    AWAY = 30
    BUSY = 5
    READ_ONLY = 120

    @property
    def seconds(self) -> int:
        return self.value


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that this error of Django's database layer or of the files tells of; None for any
    other error, for example a column that does not exist."""
    # Where the files of people lie; what is there can be read.
    if is_disk_full(error):
        return Outage.READ_ONLY
    if isinstance(error, StorageAway):
        return Outage.AWAY
    if not isinstance(error, Error):
        return None
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _sqlite_outage(cause)
    return _postgresql_outage(error, getattr(cause, "sqlstate", None))


def is_taken(error: BaseException | None) -> bool:
    """Whether the database refused a second row of what exists once.

    Forms look first; this is left for what somebody else saves between the look and the saving.
    """
    if not isinstance(error, IntegrityError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) in _SQLITE_TAKEN
    return getattr(cause, "sqlstate", None) == _TAKEN


def _sqlite_outage(cause: sqlite3.Error) -> Outage | None:
    code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY
    # On a full disk everything can still be read.
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL}:
        return Outage.READ_ONLY
    if code in _SQLITE_BUSY:
        return Outage.BUSY
    return Outage.AWAY if code in _SQLITE_AWAY else None


def _postgresql_outage(error: Error, code: str | None) -> Outage | None:
    if code in _UNWRITABLE:
        return Outage.READ_ONLY
    if code in _BUSY:
        return Outage.BUSY
    if code:
        return Outage.AWAY if code[:2] in _AWAY_CLASSES else None
    # Without a code the server did not answer: no connection, or one that was cut.
    return Outage.AWAY if isinstance(error, OperationalError | InterfaceError) else None
