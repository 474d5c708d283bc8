"""Dates as people of eight languages type them, how fields show them, and when they may lie."""

import datetime
from datetime import date

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from languages.date_input import DateTextInput, month_names, parse_input
from languages.dates import (
    Bounds,
    DayField,
    DayFormField,
    PartialDateField,
    PartialDateFormField,
    format_date,
    format_partial,
)
from languages.names import locale_of
from members.models import LegalAct
from portal.models import Event

TODAY = timezone.localdate()
LANGUAGES = [code for code, _name in settings.SCHEMA_LANGUAGES]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("stored", ["2024-09-25", "2024-01-01", "2024-03", "2024"])
def test_what_a_page_or_a_field_shows_can_be_typed(code, stored):
    with override(code):
        shown = DateTextInput().format_value(stored)
        assert str(parse_input(shown)) == stored
        assert str(parse_input(format_partial(stored, code))) == stored


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", "05/09/2024"),
        ("de", "5.9.2024"),
        ("fr", "05/09/2024"),
        ("es", "5/9/2024"),
        ("it", "05/09/2024"),
        ("pl", "5.09.2024"),
        ("sv", "2024-09-05"),
        ("uk", "05.09.2024"),
    ],
)
def test_field_shows_a_date_as_the_language_writes_it(code, shown):
    with override(code):
        field = DateTextInput()
        assert field.format_value("2024-09-05") == shown
        assert field.format_value(date(2024, 9, 5)) == shown
        assert shown in field.render("on", "2024-09-05")
    assert field.format_value("soon") == "soon"


@pytest.mark.parametrize("typed", ["29 Nov 2026", "29. November 2026", "29 listopada 2026 r."])
def test_month_may_be_written_out(typed):
    assert str(parse_input(typed)) == "2026-11-29"


def test_no_name_of_a_month_means_two_months():
    numbers = {}
    for code in LANGUAGES:
        for name, number in month_names(locale_of(code)).items():
            assert numbers.setdefault(name, number) == number, name
    assert len(numbers) > 100


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("29.11.26", "Do you mean 2026?"),
        ("29/11/98", "Do you mean 1998?"),
        ("29 November 26", "Do you mean 2026?"),
        ("29.11.0026", "Do you mean 2026?"),
        ("29.11.202", "Write the year with four figures."),
    ],
)
def test_short_year_is_refused_with_a_question(typed, asked):
    with pytest.raises(ValidationError) as refusal:
        PartialDateFormField().clean(typed)
    assert asked in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("bounds", "typed", "code"),
    [
        (Bounds.HAPPENED, "2999", "future"),
        (Bounds.HAPPENED, (TODAY + datetime.timedelta(days=1)).isoformat(), "future"),
        (Bounds.HAPPENED, "1799-12-31", "too_early"),
        (Bounds.PLANNED, "1066", "too_early"),
        (Bounds.PLANNED, f"{TODAY.year + 81}-01-01", "too_late"),
    ],
)
def test_date_outside_its_bounds_is_refused(bounds, typed, code):
    with pytest.raises(ValidationError) as refusal:
        PartialDateFormField(bounds=bounds).clean(typed)
    assert [error.code for error in refusal.value.error_list] == [code]


@pytest.mark.parametrize(
    ("bounds", "typed"),
    [
        (Bounds.HAPPENED, str(TODAY.year)),
        (Bounds.HAPPENED, TODAY.isoformat()),
        (Bounds.HAPPENED, "1800"),
        (Bounds.PLANNED, f"{TODAY.year + 80}-12-31"),
    ],
)
def test_date_within_its_bounds_is_taken(bounds, typed):
    assert PartialDateFormField(bounds=bounds).clean(typed) == typed


def test_day_needs_its_day():
    assert DayFormField().clean("29.11.2026") == date(2026, 11, 29)
    with pytest.raises(ValidationError, match="Give the day too"):
        DayFormField().clean("11.2026")
    assert DayFormField(required=False).clean(" ") is None


def test_every_date_that_people_enter_has_bounds_and_the_one_field():
    for model in apps.get_models():
        if model._meta.app_label not in {"members", "programs", "portal"}:
            continue
        for field in model._meta.local_concrete_fields:
            if type(field) is models.DateField:
                pytest.fail(f"{field} needs bounds: use DayField")
            if isinstance(field, DayField | PartialDateField):
                assert isinstance(field.formfield().widget, DateTextInput)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("portal.News", "on"),
        ("members.LegalAct", "passed"),
        ("members.Decision", "on"),
        ("members.Membership", "joined"),
        ("members.Membership", "ended"),
        ("members.Action", "status_as_of"),
        ("members.ActionUpdate", "on"),
        ("members.SupportContact", "last_checked_on"),
        ("members.Source", "seen_on"),
    ],
)
def test_what_has_happened_is_not_in_the_future(model, name):
    field = apps.get_model(model)._meta.get_field(name)
    tomorrow = TODAY + datetime.timedelta(days=1)
    with pytest.raises(ValidationError) as refusal:
        field.clean(tomorrow.isoformat(), None)
    assert refusal.value.error_list[0].code == "future"


@pytest.mark.django_db
def test_entry_names_its_date_as_pages_write_it(alfa_rows):
    """In lists, headings and messages: "6 May 2024", never "2024-05-06"."""
    for row in alfa_rows.values():
        for field in row._meta.concrete_fields:
            if isinstance(field, PartialDateField):
                setattr(row, field.name, "2024-05-06")
        assert "2024-05-06" not in str(row), row._meta.label


@pytest.mark.django_db
def test_date_from_before_stays_until_it_is_changed(alfa):
    event = Event.objects.create(slug="x", title_en="X", first_day=date(9999, 12, 31))
    event.place = "Town hall"
    event.full_clean()
    event.first_day = date(9998, 1, 1)
    with pytest.raises(ValidationError) as refusal:
        event.full_clean()
    assert refusal.value.error_dict["first_day"][0].code == "too_late"
    field = DayFormField()
    field.keep(date(9999, 12, 31))
    assert "Check the year" in str(field.help_text)
    assert field.clean(field.widget.format_value(date(9999, 12, 31))) == date(9999, 12, 31)


@pytest.mark.parametrize("code", LANGUAGES)
def test_django_writes_dates_as_the_pages_do(code):
    day = date(2024, 9, 25)
    with override(code):
        # Django writes Italian months with a capital.
        written = date_format(day).lower() if code == "it" else date_format(day)
        assert written == format_date(day, code)
        moment = datetime.datetime(2024, 9, 25, 16, 5, tzinfo=datetime.UTC)
        assert date_format(moment, "DATETIME_FORMAT") == f"{date_format(day)}, 16:05"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_any_day_of_the_calendar_can_be_written(day):
    assert str(day.year) in format_date(day, "en")


@pytest.mark.django_db
@pytest.mark.parametrize("junk", ["soon", "9999-12-31", "2024-13", "20240101", "²⁰²⁴"])
def test_column_with_what_is_no_date_reads_as_not_known(junk, alfa):
    act = LegalAct.objects.create(city=alfa, kind="decree")
    LegalAct.objects.filter(pk=act.pk).update(passed=Value(junk))
    act.refresh_from_db()
    assert act.passed == ""
