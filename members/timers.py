"""What timers start on the server, how often, and which of it has not run.

`deploy/` has a timer of systemd for each; `docs/operations.md` explains them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import TimedRun

# The last lines of what a failed run said are enough to find it in the log.
LONGEST_REASON = 500


@dataclass(frozen=True)
class Timer:
    """A command that a timer starts.

    `longest_pause`: after that time without a run that succeeded, it is late.
    `consequence`: what does not happen then, in words for the secretariat.
    """

    command: str
    longest_pause: timedelta
    consequence: Promise


TIMERS = (
    Timer("send_letters", timedelta(hours=1), _("Letters are not sent.")),
    # They are written on working days; a long weekend is no fault.
    Timer("send_reminders", timedelta(days=4), _("Reminders are not written.")),
    Timer(
        "index_due",
        timedelta(hours=1),
        _("Search does not find what was to be published meanwhile."),
    ),
    Timer(
        "nightly",
        timedelta(hours=36),
        _("Old data of people are not deleted, and the open data are not renewed."),
    ),
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
        reason = str(error)[-LONGEST_REASON:]
        _note(command, failed_at=timezone.now(), reason=reason)
        raise
    note_success(command, timezone.now())


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
    is_complete = all(timer.command in last_runs for timer in watched)
    watched_since = None if is_complete else _watched_since()
    late = []
    for timer in watched:
        last = last_runs.get(timer.command)
        since = last or watched_since
        if since and timezone.now() - since > timer.longest_pause:
            late.append(LateTimer(timer, last))
    return late


def _note(command: str, **columns: object) -> None:
    TimedRun.objects.update_or_create(command=command, defaults=columns)


def _is_needed(timer: Timer) -> bool:
    """Letters that leave at once need no timer."""
    return timer.command != "send_letters" or not settings.LETTERS_AT_ONCE


def _watched_since() -> datetime | None:
    """When this portal was installed or upgraded last: what has never run had no time before."""
    applied = MigrationRecorder.Migration.objects.values_list("applied", flat=True)
    return applied.order_by("-applied").first()
