"""What timers start on the server, how often, and which of it has not run.

`deploy/` has a timer of systemd for each; `docs/operations.md` explains them.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import TimedRun

logger = logging.getLogger(__name__)

# The last lines of what a failed run said are enough to find it in the log.
LONGEST_REASON = 500


# Under this name stands when the rows of the open data were compared last.
COMPARISON = "note_changes"


@dataclass(frozen=True)
class Timer:
    """A command that a timer starts.

    `longest_pause`: after that time without a run that succeeded, it is late.
    `consequence`: what does not happen then, in words for the secretariat.
    `noted_as`: the name under which its runs are noted, where that is not the command.
    """

    command: str
    longest_pause: timedelta
    consequence: Promise
    noted_as: str = ""

    @property
    def name(self) -> str:
        return self.noted_as or self.command


TIMERS = (
    Timer("send_letters", timedelta(hours=1), _("Letters are not sent.")),
    # They are written on working days; a long weekend is no fault.
    Timer("send_reminders", timedelta(days=4), _("Reminders are not written.")),
    Timer("send_summaries", timedelta(days=4), _("Letters about what waits are not written.")),
    Timer(
        "index_due",
        timedelta(hours=1),
        _("Search does not find what was to be published meanwhile."),
    ),
    Timer(
        "publish_data --changes",
        timedelta(hours=3),
        _("Mirrors of the open data do not hear of changes."),
        noted_as=COMPARISON,
    ),
    Timer(
        "nightly",
        timedelta(hours=36),
        _("Old data of people are not deleted, and the open data are not renewed."),
    ),
    Timer("backup", timedelta(hours=36), _("No backup is made.")),
)


@dataclass(frozen=True)
class LateTimer:
    """A timer that has not run for too long; `last` is None if it never has."""

    timer: Timer
    last: datetime | None

    @property
    def sentence(self) -> str:
        """For the person who looks after the server, in English."""
        if self.last is None:
            return f"manage.py {self.timer.command} has never run."
        day = self.last.isoformat(timespec="minutes")
        return f"manage.py {self.timer.command} last succeeded at {day}."


@contextmanager
def recorded_run(command: str) -> Iterator[None]:
    """Note that this command succeeded, or failed and why; the error goes on."""
    try:
        yield
    except Exception as error:
        _note_failure(command, error)
        raise
    note_success(command, timezone.now())


def _note_failure(command: str, error: Exception) -> None:
    """A database that is away cannot note why the run failed, and must not hide it."""
    reason = str(error)[-LONGEST_REASON:]
    try:
        _note(
            command,
            failed_at=timezone.now(),
            reason=reason,
        )
    except DatabaseError as fault:
        logger.warning("%s failed, which could not be noted: %s", command, fault)


def note_success(command: str, moment: datetime) -> None:
    """Note that what stands under this name succeeded at that moment."""
    _note(command, succeeded_at=moment, reason="")


def late_timers() -> list[LateTimer]:
    """Those that have not succeeded for longer than their pause, as `TIMERS` orders them.

    A portal that has just been installed or upgraded has time until the first run. One query, two
    where a command has never run.
    """
    succeeded = TimedRun.objects.filter(succeeded_at__isnull=False)
    last_runs = dict(succeeded.values_list("command", "succeeded_at"))
    watched = [timer for timer in TIMERS if _is_needed(timer)]
    is_complete = all(timer.name in last_runs for timer in watched)
    watched_since = None if is_complete else _watched_since()
    late = []
    for timer in watched:
        last = last_runs.get(timer.name)
        since = last or watched_since
        if since and timezone.now() - since > timer.longest_pause:
            late.append(LateTimer(timer, last))
    return late


def _note(command: str, **columns: object) -> None:
    TimedRun.objects.update_or_create(command=command, defaults=columns)


def _is_needed(timer: Timer) -> bool:
    """Letters that leave at once need no timer; backups are made where a folder is set."""
    if timer.command == "send_letters":
        return not settings.LETTERS_AT_ONCE
    return timer.command != "backup" or bool(settings.BACKUP_FOLDER)


def _watched_since() -> datetime | None:
    """When this portal was installed or upgraded last: what has never run had no time before."""
    applied = MigrationRecorder.Migration.objects.values_list("applied", flat=True)
    return applied.order_by("-applied").first()
