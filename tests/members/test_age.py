"""How old a fact is, and what its status says then. The day is that of the calendar: tests count
years from it."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from members.age import Age, age_of, is_recent, status_words, undertaking_words, year_of
from members.models import Action, Undertaking

THIS_YEAR = timezone.localdate().year


@pytest.mark.parametrize(
    ("on", "age"),
    [
        ("", Age.UNDATED),
        (f"{THIS_YEAR}", Age.RECENT),
        (f"{THIS_YEAR - 2}-01-01", Age.RECENT),
        (f"{THIS_YEAR - 2}", Age.RECENT),
        (f"{THIS_YEAR - 3}-12-31", Age.OLD),
        ("2009-04", Age.OLD),
        (f"{THIS_YEAR + 1}", Age.RECENT),
    ],
)
def test_last_three_calendar_years_are_recent(on, age):
    assert age_of(on) is age
    assert is_recent(on) == (age is Age.RECENT)


def test_year_is_that_of_a_partial_date():
    assert [year_of("2024-03"), year_of("2024"), year_of("")] == ["2024", "2024", ""]


@pytest.mark.parametrize(
    ("decided_on", "as_of", "words"),
    [
        (f"{THIS_YEAR - 1}", f"{THIS_YEAR - 1}", f"adopted, {THIS_YEAR - 1}"),
        ("2014-05", "2014-05-06", "adopted in 2014, nothing later known"),
        ("2009-02-10", "2020", "adopted in 2009, last known in 2020"),
        ("", "2014", "adopted in 2014, nothing later known"),
        ("", "", "adopted; the source has no date"),
    ],
)
def test_undertaking_says_when_it_was_adopted_and_last_known(decided_on, as_of, words):
    undertaking = Undertaking(decided_on=decided_on, as_of=as_of)
    assert undertaking_words(undertaking) == words


RECENT = f"{THIS_YEAR - 1}-03"


@pytest.mark.parametrize(
    ("status", "as_of", "words"),
    [
        ("planned", "2014-04-30", "planned in 2014, nothing later known"),
        ("planned", RECENT, f"planned, March {THIS_YEAR - 1}"),
        ("planned", "", "planned; the source has no date"),
        ("in_progress", "2018", "under way in 2018, nothing later known"),
        ("in_progress", RECENT, f"under way, March {THIS_YEAR - 1}"),
        ("done", "2010-09-20", "done in 2010"),
        ("stopped", "2019", "stopped in 2019"),
        ("", "2012", "mentioned in 2012, nothing later known"),
        ("", "", "mentioned; the source has no date"),
    ],
)
def test_status_carries_its_year(status, as_of, words):
    assert status_words(Action(status=status, status_as_of=as_of)) == words


def test_status_of_a_late_action_says_since_when():
    action = Action(status="planned", status_as_of=f"{THIS_YEAR}", due="2025-06")
    assert status_words(action) == "late: was due June 2025"


def test_every_status_and_age_is_a_sentence_in_every_language(settings):
    dates = (RECENT, "2014", "")
    for code, _name in settings.LANGUAGES:
        with override(code):
            for status in Action.Status:
                said = {status_words(Action(status=status, status_as_of=on)) for on in dates}
                assert len(said) == len(dates), (code, status)
                assert "{" not in "".join(said)
