"""The hour that comes twice, the night that lacks one, and a clock that was wrong: nothing is lost,
nothing happens twice, nobody waits for years."""

import os
import re
import shutil
import subprocess
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from languages.dates import is_past
from members.limits import count_use
from members.models import Accession, Letter, TimedRun, UseCount
from members.working_hours import next_working_moment
from portal.backup.keeping import delete_old, next_path
from portal.calendars import calendar
from portal.kept_pages.copies import Copy
from portal.kept_pages.versions import midnight
from portal.models import DataRelease, Event, RowChange
from portal.services.open_data import note_changes
from tests.members.accession_cast import file_in

WARSAW = "Europe/Warsaw"
# Half past two in Warsaw, twice: before summer time ends, and an hour after it.
FIRST = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND = FIRST + timedelta(hours=1)
DEPLOY = settings.BASE_DIR / "deploy"
TIMERS = sorted(path.name for path in DEPLOY.glob("*.timer"))
EVERY_DAY = [name for name in TIMERS if "nightly" in name or "backup" in name]
EVERY_FEW_MINUTES = [
    name for name in TIMERS if "letters" in name or "index" in name or "changes" in name
]
# West to east: summer time comes and goes between midnight and four o'clock.
ZONES = ("Atlantic/Azores", "Europe/Lisbon", WARSAW, "Europe/Kyiv")


@pytest.fixture
def clock(monkeypatch):
    """Sets what the portal takes for now; its time zone is Warsaw's."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    with timezone.override(WARSAW):
        yield set_to


# --- Timers ---------------------------------------------------------------------------------------


def calendar_of(timer: str) -> str:
    text = (DEPLOY / timer).read_text(encoding="utf-8")
    return re.search(r"^OnCalendar=(.*)$", text, re.MULTILINE)[1]


def test_every_timer_is_one_of_these():
    others = {"ten-points-reminders.timer", "ten-points-summaries.timer"}
    assert others == {*TIMERS} - {*EVERY_DAY} - {*EVERY_FEW_MINUTES}
    # On working days, and summer time comes and goes on a Sunday.
    assert all(calendar_of(timer).startswith("Mon..Fri ") for timer in others)


@pytest.mark.parametrize("timer", EVERY_DAY)
def test_nights_work_begins_after_the_hour_that_may_be_missing(timer):
    begins = time.fromisoformat(calendar_of(timer).split()[1])
    assert begins >= time(4)


@pytest.mark.parametrize("timer", EVERY_FEW_MINUTES)
def test_work_of_every_few_minutes_does_not_ask_the_clock_on_the_wall(timer):
    assert calendar_of(timer).endswith(" UTC")


def starts(timer: str, after: str, zone: str, number: int) -> list[datetime]:
    """When systemd would start it, on a machine in this time zone."""
    command = ["systemd-analyze", "calendar", f"--base-time={after} UTC", f"--iterations={number}"]
    run = subprocess.run(
        [*command, calendar_of(timer)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": zone},
    )
    found = re.findall(r"\(in UTC\): \w+ (\S+ \S+) UTC", run.stdout)
    return [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in found]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("zone", ZONES)
def test_systemd_starts_each_night_once_and_never_pauses_for_an_hour(zone):
    for timer in EVERY_DAY:
        for first_day in ("2026-03-27", "2026-10-23"):
            moments = starts(timer, f"{first_day} 12:00:00", zone, 4)
            days = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
            begin = date.fromisoformat(first_day)
            assert days == [begin + timedelta(days=number) for number in (1, 2, 3, 4)]
    for timer in EVERY_FEW_MINUTES:
        for day in ("2026-03-29", "2026-10-25"):
            moments = starts(timer, f"{day} 00:59:00", zone, 3)
            longest = max(later - earlier for earlier, later in pairwise(moments))
            assert longest <= timedelta(minutes=15)
            assert moments[0] <= datetime.fromisoformat(f"{day}T01:15:00+00:00")


# --- The hour that comes twice --------------------------------------------------------------------


@pytest.mark.django_db
def test_night_that_runs_in_both_of_these_hours_doubles_nothing(clock, alfa):
    clock(FIRST)
    call_command("nightly", verbosity=0)
    before = dict(RowChange.objects.values_list("key", "changed_at"))
    clock(SECOND)
    call_command("nightly", verbosity=0)
    assert before
    assert dict(RowChange.objects.values_list("key", "changed_at")) == before
    [release] = DataRelease.objects.all()
    assert (release.file, release.made_at) == ("open-data/ten-points-2026-10-25.zip", SECOND)
    assert TimedRun.objects.get(command="nightly").succeeded_at == SECOND


@pytest.mark.django_db
def test_letters_that_both_hours_would_write_are_written_once(clock, alfa, person, settings):
    """Also where cron runs them at half past two. The clock then goes back, and again forward."""
    settings.LETTERS_AT_ONCE = False
    file = file_in("returned", alfa, person("secretariat"))
    Accession.objects.filter(pk=file.pk).update(status_since=FIRST - timedelta(days=15))
    person("lead", alfa)
    for moment in (FIRST, SECOND, FIRST, SECOND):
        clock(moment)
        call_command("send_reminders", verbosity=0)
        call_command("send_summaries", verbosity=0)
    kinds = Counter(Letter.objects.values_list("kind", "to"))
    assert kinds
    assert set(kinds.values()) == {1}, kinds


def test_backups_of_both_hours_have_names_of_their_own(clock, settings, tmp_path):
    settings.BACKUP_FOLDER = tmp_path
    names = []
    for moment in (FIRST, SECOND):
        clock(moment)
        path = next_path(is_encrypted=False)
        path.touch()
        names.append(path.name)
    assert sorted(set(names)) == names
    assert delete_old() == 0


def test_day_with_25_hours_ends_at_its_own_midnight(clock):
    """A consultation that lasts until that Sunday is open all of it, and a page holds for it."""
    for moment in (FIRST, SECOND, datetime(2026, 10, 25, 22, 59, tzinfo=UTC)):
        clock(moment)
        assert midnight() == datetime(2026, 10, 25, 23, tzinfo=UTC)
        assert (is_past("2026-10-24"), is_past("2026-10-25")) == (True, False)
    clock(datetime(2026, 10, 25, 23, tzinfo=UTC))
    assert is_past("2026-10-25")


def test_letters_arrive_at_eight_on_both_sides_of_the_change():
    saturdays = (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC))
    mondays = [next_working_moment(moment, WARSAW).astimezone(UTC) for moment in saturdays]
    assert mondays == [
        datetime(2026, 10, 26, 7, tzinfo=UTC),
        datetime(2026, 3, 30, 6, tzinfo=UTC),
    ]


def test_calendar_file_keeps_an_event_of_that_night():
    event = Event(
        pk=1,
        slug="night",
        title_en="Night",
        first_day=date(2026, 10, 25),
        starts=time(1, 30),
        ends=time(3, 30),
        time_zone=WARSAW,
    )
    [entry] = icalendar.Calendar.from_ical(calendar([event])).walk("VEVENT")
    begins, ends = entry["dtstart"].dt, entry["dtend"].dt
    assert (begins.time(), ends.time()) == (time(1, 30), time(3, 30))
    # Three hours for those who are there.
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=3)
    assert begins.astimezone(UTC) == event.begins.astimezone(UTC)


# --- A clock that is set back ---------------------------------------------------------------------


@pytest.mark.django_db
def test_limit_holds_when_the_clock_goes_back_and_ends_in_its_own_time(clock):
    clock(SECOND)
    assert [count_use("code", "sender", 900) for _time in range(3)] == [1, 2, 3]
    clock(FIRST)
    assert count_use("code", "sender", 900) == 4
    assert UseCount.objects.get().ends_at == FIRST + timedelta(seconds=900)
    clock(FIRST + timedelta(seconds=901))
    assert count_use("code", "sender", 900) == 1


@pytest.mark.django_db
def test_mirror_misses_no_change_that_is_noted_after_the_clock_went_back(clock, alfa):
    clock(SECOND)
    note_changes()
    read_at = RowChange.objects.latest("changed_at").changed_at
    clock(FIRST)
    alfa.name_en = "Another name"
    alfa.save()
    assert note_changes() > 0
    later = RowChange.objects.filter(changed_at__gt=read_at)
    assert alfa.slug in later.values_list("key", flat=True)


def test_page_that_was_made_while_the_clock_was_ahead_is_made_anew():
    now = FIRST.timestamp()
    hours = 60 * 60
    ends = {24: True, 25: True, 26: False, 365 * 24: False, 0: False}
    for number, is_valid in ends.items():
        copy = Copy(key="/en/", version="1", ends=now + number * hours, etag="", headers={})
        assert copy.holds("1", now) is is_valid, number
