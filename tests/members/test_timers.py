"""What timers start: noted when it runs, told when it does not."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from members import timers
from members.models import KeptForm, TimedRun
from members.services import interests
from portal.management.commands import nightly
from portal.services.open_data import note_changes

pytestmark = pytest.mark.django_db

DEPLOY = settings.BASE_DIR / "deploy"


@pytest.fixture
def all_ran():
    now = timezone.now()
    rows = [TimedRun(command=timer.name, succeeded_at=now) for timer in timers.TIMERS]
    return TimedRun.objects.bulk_create(rows)


def applied(ago: timedelta) -> None:
    MigrationRecorder.Migration.objects.update(applied=timezone.now() - ago)


def late_commands() -> list[str]:
    return [late.timer.command for late in timers.late_timers()]


def test_timers_that_ran_are_not_late(all_ran, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert timers.late_timers() == []


@pytest.mark.parametrize("timer", timers.TIMERS, ids=lambda timer: timer.command)
def test_timer_is_late_after_its_longest_pause(all_ran, timer, settings):
    settings.LETTERS_AT_ONCE = False
    settings.BACKUP_FOLDER = "/var/backups/ten-points"
    row = TimedRun.objects.filter(command=timer.name)
    row.update(succeeded_at=timezone.now() - timer.longest_pause + timedelta(minutes=1))
    assert late_commands() == []
    row.update(succeeded_at=timezone.now() - timer.longest_pause - timedelta(minutes=1))
    assert late_commands() == [timer.command]


def test_timer_that_never_ran_is_late_once_it_had_its_time(settings):
    settings.LETTERS_AT_ONCE = False
    applied(timedelta(hours=2))
    assert late_commands() == ["send_letters", "index_due"]
    applied(timedelta(days=5))
    assert late_commands() == [
        "send_letters",
        "send_reminders",
        "send_summaries",
        "index_due",
        "publish_data --changes",
        "nightly",
    ]


def test_letters_that_leave_at_once_need_no_timer(settings):
    settings.LETTERS_AT_ONCE = True
    applied(timedelta(days=5))
    assert "send_letters" not in late_commands()


def test_backups_are_missed_where_a_folder_is_set(settings):
    applied(timedelta(days=5))
    assert "backup" not in late_commands()
    settings.BACKUP_FOLDER = "/var/backups/ten-points"
    assert "backup" in late_commands()


def test_comparison_of_the_open_data_counts_as_its_run(all_ran):
    TimedRun.objects.filter(command="note_changes").delete()
    applied(timedelta(hours=4))
    assert late_commands() == ["publish_data --changes"]
    note_changes()
    assert late_commands() == []


def test_database_that_is_away_does_not_hide_why_a_command_failed(monkeypatch, caplog):
    def away(**values: object) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(TimedRun.objects, "update_or_create", away)
    with pytest.raises(OSError, match="the mail server"), timers.recorded_run("send_letters"):
        raise OSError("the mail server refuses")
    assert "could not be noted: no connection" in caplog.text


def test_run_is_noted_and_a_rehearsal_is_not():
    call_command("send_reminders", "--dry-run", verbosity=0)
    assert not TimedRun.objects.exists()
    call_command("send_reminders", verbosity=0)
    run = TimedRun.objects.get()
    assert (run.command, run.failed_at, run.reason) == ("send_reminders", None, "")
    assert run.succeeded_at is not None


def test_nightly_runs_the_others_when_one_fails(monkeypatch, capsys):
    def fail() -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(interests, "forget", fail)
    monkeypatch.setattr(nightly, "OTHERS", ("clearsessions",))
    with pytest.raises(CommandError, match="The disk is full"):
        call_command("nightly")
    assert "clearsessions:" in capsys.readouterr().out
    run = TimedRun.objects.get(command="nightly")
    assert (run.succeeded_at, run.reason) == (None, "forget_interests: The disk is full.")


def test_nightly_rehearses(capsys):
    rows = KeptForm.objects.count()
    call_command("nightly", "--dry-run")
    assert "publish_data would run, too" in capsys.readouterr().out
    assert KeptForm.objects.count() == rows
    assert not TimedRun.objects.exists()


@pytest.mark.parametrize("timer", timers.TIMERS, ids=lambda timer: timer.command)
def test_each_has_a_unit_and_a_timer(timer):
    units = [path for path in DEPLOY.glob("*.service") if _starts(path, timer.command)]
    assert len(units) == 1
    assert units[0].with_suffix(".timer").exists()


def _starts(unit, command: str) -> bool:
    text = unit.read_text(encoding="utf-8")
    return f"manage.py {command}\n" in text


def test_office_is_told_what_does_not_run(person, browse, settings):
    settings.LETTERS_AT_ONCE = True
    applied(timedelta(days=5))
    html = browse(person("secretariat")).get("/admin/").text
    assert "Old data of people are not deleted" in html
    assert "“nightly” does not run" in html
    assert "never been done" in html


def test_only_the_office_is_told(person, browse):
    applied(timedelta(days=5))
    html = browse(person("committee")).get("/admin/", follow=True).text
    assert "never been done" not in html
