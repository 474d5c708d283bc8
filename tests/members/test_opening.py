"""Opening hours: whether somebody answers now, and when the week says so."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from members.opening import (
    check_opening,
    check_time_zone,
    read_opening,
    state_at,
    state_in_words,
    week_in_words,
)

OFFICE = "Mo 10:00-18:00; Tu-Fr 08:00-16:00; PH off"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-30T09:00", "Open now, until 18:00."),  # Monday, 10:00 in Warsaw
        ("2026-11-30T08:59", "Closed now. Opens today at 10:00."),
        ("2026-11-29T12:00", "Closed now. Opens tomorrow at 10:00."),
        ("2026-11-27T16:00", "Closed now. Opens again: Monday, 10:00."),
        # 11 November is Independence Day.
        ("2026-11-11T09:00", "Closed now. Opens tomorrow at 08:00."),
    ],
)
def test_state_follows_the_clock_and_the_holidays_of_the_country(moment, words):
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    state = state_at(OFFICE, at, "Europe/Warsaw", "PL")
    with override("en"):
        assert state_in_words(state, "en") == words


def test_country_without_known_holidays_has_none():
    at = datetime(2026, 11, 11, 9, tzinfo=UTC)
    assert state_at(OFFICE, at, "Europe/Warsaw", "XK").is_open


@pytest.mark.parametrize(
    ("opening", "language", "words"),
    [
        (OFFICE, "en", "Mon 10:00–18:00, Tue–Fri 08:00–16:00"),
        (OFFICE, "pl", "pon. 10:00–18:00, wt.–pt. 08:00–16:00"),
        (OFFICE, "uk", "пн 10:00–18:00, вт–пт 08:00–16:00"),
        ("24/7", "de", "täglich rund um die Uhr"),
        ("Mo-Fr 12:00-14:00,15:00-19:00", "fr", "lun.–ven. 12:00–14:00, 15:00–19:00"),
        ("Mo,Tu 09:00-10:00", "sv", "mån, tis 09:00–10:00"),
    ],
)
def test_week_is_written_in_the_readers_language(opening, language, words):
    with override(language):
        assert week_in_words(opening, language) == words


def test_hours_that_cannot_be_read_are_not_known():
    """Stored past the form: nobody is told that it is closed, and no page fails."""
    moment = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert state_at("ab 9 Uhr", moment, "Europe/Warsaw", "PL") is None
    assert week_in_words("ab 9 Uhr", "en") == ""


def test_line_that_never_closes_says_so():
    state = state_at("24/7", datetime(2026, 1, 1, tzinfo=UTC), "Europe/Vienna", "AT")
    with override("en"):
        assert state_in_words(state, "en") == "Open now, round the clock."


@pytest.mark.parametrize("text", ["Mon-Fri 9-17", "Mo-Fr 25:00-26:00", "Jan 10:00-12:00", "\x00"])
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValidationError):
        check_opening(text)


def test_unknown_time_zone_is_refused():
    check_time_zone("Europe/Warsaw")
    with pytest.raises(ValidationError):
        check_time_zone("Europe/Krakow")


@pytest.mark.parametrize(
    ("text", "language", "stored"),
    [
        ("Mo-Fr 09:00-17:00; PH off", "en", "Mo-Fr 09:00-17:00; PH off"),
        ("Mon–Fri 9–17", "en", "Mo-Fr 09:00-17:00"),
        ("pon.–pt. 9 – 17.30", "pl", "Mo-Fr 09:00-17:30"),
        ("Montag, Donnerstag 9.30-12,14-16", "de", "Mo,Th 09:30-12:00,14:00-16:00"),
        ("пн–пт 10:00–18:00", "uk", "Mo-Fr 10:00-18:00"),
        ("lundi-vendredi 9h30-12;samedi 9-12", "fr", "Mo-Fr 09:30-12:00; Sa 09:00-12:00"),
    ],
)
def test_opening_is_read_as_people_write_it(text, language, stored):
    assert read_opening(text, language) == stored
    check_opening(stored)
