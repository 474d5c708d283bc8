import datetime
from contextlib import suppress

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db.migrations.writer import MigrationWriter
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from languages.dates import (
    DateInputFormatError,
    PartialDate,
    PartialDateCalendarError,
    PartialDateError,
    PartialDateField,
    PartialDateFormatError,
    PartialDateFormField,
    PartialDateYearError,
    format_after,
    format_date,
    format_partial,
    format_range,
    is_future,
    parse,
    parse_input,
    possibly_before,
    surely_before,
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-09-25", "2024-09-25", "2024-09-25"),
        ("1000", "1000-01-01", "1000-12-31"),
        ("2999-12", "2999-12-01", "2999-12-31"),
    ],
)
def test_parse_knows_first_and_last_day(text: str, first: str, last: str) -> None:
    partial = parse(text)
    assert str(partial) == text
    assert partial.first_day() == datetime.date.fromisoformat(first)
    assert partial.last_day() == datetime.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", PartialDateFormatError),
        ("24", PartialDateFormatError),
        ("2024-9", PartialDateFormatError),
        ("2024-09-25\n", PartialDateFormatError),
        (" 2024", PartialDateFormatError),
        ("٢٠٢٤", PartialDateFormatError),
        ("2024-", PartialDateFormatError),
        ("0999", PartialDateYearError),
        ("3000", PartialDateYearError),
        ("2024-00", PartialDateCalendarError),
        ("2024-13", PartialDateCalendarError),
        ("2024-09-00", PartialDateCalendarError),
        ("2024-09-31", PartialDateCalendarError),
        ("2023-02-29", PartialDateCalendarError),
    ],
)
def test_parse_refuses_what_is_no_partial_date(text: str, error: type[PartialDateError]) -> None:
    with pytest.raises(error) as raised:
        parse(text)
    assert isinstance(raised.value, ValueError)
    assert str(raised.value) == str(error.message)


def test_partial_date_refuses_a_day_without_a_month() -> None:
    with pytest.raises(PartialDateCalendarError):
        PartialDate(2024, 0, 5)


def test_partial_dates_stand_in_the_order_of_their_text() -> None:
    texts = ["2023-12-31", "2024", "2024-01", "2024-01-01", "2024-02", "2025"]
    assert [str(partial) for partial in sorted(map(parse, texts[::-1]))] == sorted(texts) == texts


@pytest.mark.parametrize(
    ("first", "second", "surely", "possibly"),
    [
        ("2023", "2024", True, True),
        ("2023", "2024-05-01", True, True),
        ("2024", "2024-05", False, True),
        ("2024-05", "2024", False, True),
        ("2024-05", "2024-05", False, True),
        ("2024-05-01", "2024-05-02", True, True),
        ("2024-05-01", "2024-05-01", False, False),
        ("2024-06", "2024-05", False, False),
        ("2024-12-31", "2024", False, False),
    ],
)
def test_before_counts_the_days_not_known(
    first: str, second: str, surely: bool, possibly: bool
) -> None:
    assert surely_before(parse(first), parse(second)) is surely
    assert possibly_before(parse(first), parse(second)) is possibly


@pytest.mark.parametrize(
    ("text", "future"),
    [
        ("", False),
        ("2024", False),
        ("2024-09", False),
        ("2024-09-25", False),
        ("2024-09-26", True),
        ("2024-10", True),
        ("2025", True),
    ],
)
def test_future_is_only_what_surely_lies_after_today(
    text: str, future: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: datetime.date(2024, 9, 25))
    assert is_future(text) is future


@pytest.mark.parametrize(
    ("language", "day", "first_of_month", "month"),
    [
        ("en", "25 September 2024", "1 May 2024", "September 2024"),
        ("pl", "25 września 2024", "1 maja 2024", "wrzesień 2024"),
        ("sv", "25 september 2024", "1 maj 2024", "september 2024"),
        ("de", "25. September 2024", "1. Mai 2024", "September 2024"),
        ("fr", "25 septembre 2024", "1er mai 2024", "septembre 2024"),
        ("it", "25 settembre 2024", "1 maggio 2024", "settembre 2024"),
        ("es", "25 de septiembre de 2024", "1 de mayo de 2024", "septiembre de 2024"),
        ("uk", "25 вересня 2024\u202fр.", "1 травня 2024\u202fр.", "вересень 2024\u202fр."),
        ("xx", "2024-09-25", "2024-05-01", "2024-09"),
    ],
)
def test_format_partial_writes_as_the_language_does(
    language: str, day: str, first_of_month: str, month: str
) -> None:
    assert format_partial("2024-09-25", language) == day
    assert format_partial(parse("2024-09-25"), language) == day
    assert format_date(datetime.date(2024, 5, 1), language) == first_of_month
    assert format_partial("2024-09", language) == month
    assert format_partial("2024", language) == "2024"
    assert format_partial("", language) == ""


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        ("2024-09", "pl", "września 2024"),
        ("2024-09", "uk", "вересня 2024 р."),
        ("2024-09", "sv", "september 2024"),
        ("2024-09-02", "pl", "2 września 2024"),
        ("2024", "pl", "2024"),
        ("", "pl", ""),
        ("once", "pl", "once"),
    ],
)
def test_date_after_a_preposition_is_in_the_genitive(
    value: str, language: str, written: str
) -> None:
    assert format_after(value, language).replace("\u202f", " ").replace("\xa0", " ") == written


@pytest.mark.parametrize(
    ("language", "days", "months"),
    [
        ("en", "13 June – 5 July 2024", "June–July 2024"),
        ("pl", "13 czerwca – 5 lipca 2024", "czerwiec–lipiec 2024"),
        ("sv", "13 juni – 5 juli 2024", "juni–juli 2024"),
        ("de", "13. Juni – 5. Juli 2024", "Juni–Juli 2024"),
        ("fr", "13 juin – 5 juillet 2024", "juin–juillet 2024"),
        ("it", "13 giugno – 5 luglio 2024", "giugno–luglio 2024"),
        ("es", "13 de junio – 5 de julio de 2024", "junio–julio de 2024"),
        ("uk", "13 червня – 5 липня 2024\u202fр.", "червень–липень 2024\u202fр."),
        ("hu", "2024. június 13. – 2024. július 5.", "2024. június – 2024. július"),
        ("xx", "2024-06-13 – 2024-07-05", "2024-06 – 2024-07"),
    ],
)
def test_format_range_leaves_out_what_is_said_twice(language: str, days: str, months: str) -> None:
    assert format_range("2024-06-13", "2024-07-05", language) == days
    assert format_range("2024-06", "2024-07", language) == months


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2020", "2022", "2020–2022"),
        ("2024-06-13", "2024-06-15", "13–15 June 2024"),
        ("2023-12-30", "2024-01-02", "30 December 2023 – 2 January 2024"),
        ("2023-06", "2024-07", "June 2023 – July 2024"),
        ("2023-05", "2024", "May 2023 – 2024"),
        ("2024", "2024-05", "2024 – May 2024"),
        ("2024-05", "2024-05", "May 2024"),
        ("2020", "", "2020 –"),
        ("", "2020", "– 2020"),
        ("", "", ""),
    ],
)
def test_format_range_fits_what_is_known(first: str, last: str, written: str) -> None:
    assert format_range(first, last, "en") == written


def test_format_range_joins_ordinals() -> None:
    assert format_range("2024-05-01", "2024-05-03", "fr") == "1er–3 mai 2024"
    assert format_range("2024-05-01", "2024-05-03", "de") == "1.–3. Mai 2024"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("25.9.2024", "2024-09-25"),
        ("25.09.2024", "2024-09-25"),
        ("25. 9. 2024", "2024-09-25"),
        ("25.9.2024.", "2024-09-25"),
        ("25/09/2024", "2024-09-25"),
        ("25-9-2024", "2024-09-25"),
        ("25/9 2024", "2024-09-25"),
        ("25 9 2024", "2024-09-25"),
        ("2024-09-25", "2024-09-25"),
        ("2024-9-5", "2024-09-05"),
        ("2024/09/25", "2024-09-25"),
        (" 9.2024\u00a0", "2024-09"),
        ("09/2024", "2024-09"),
        ("2024-09", "2024-09"),
        ("2024", "2024"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_form_field_takes_what_people_type(typed: str, stored: str) -> None:
    assert PartialDateFormField(required=False).clean(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("25 Septober 2024", "format"),
        ("25.9.24", "short_year"),
        ("25.9", "format"),
        ("2020-2022", "format"),
        ("²⁰²⁴", "format"),
        ("2024\0", "format"),
        ("\ud800", "format"),
        ("2024" + " " * 50 + "1", "format"),
        ("9/25/2024", "calendar"),
        ("31.2.2024", "calendar"),
        ("0.9.2024", "calendar"),
        ("00.2024", "calendar"),
        ("25.9.0024", "short_year"),
    ],
)
def test_form_field_says_what_is_wrong(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as raised:
        PartialDateFormField().clean(typed)
    assert [error.code for error in raised.value.error_list] == [code]


def test_form_field_error_names_the_accepted_forms() -> None:
    with translation.override("en"), pytest.raises(ValidationError) as raised:
        PartialDateFormField().clean("soon")
    assert raised.value.messages == [str(DateInputFormatError())]
    assert all(
        example in raised.value.messages[0]
        for example in ("25/09/2024", "09/2024", "2024-09-25", "2024-09")
    )


def test_form_field_sees_no_change_in_the_same_date_typed_differently() -> None:
    assert not PartialDateFormField().has_changed("2024-09-25", "25.9.2024")
    assert PartialDateFormField().has_changed("2024-09-25", "26.9.2024")


def test_form_field_requires_a_date_if_told_so() -> None:
    with pytest.raises(ValidationError) as raised:
        PartialDateFormField().clean("")
    assert raised.value.error_list[0].code == "required"


def test_model_field_is_optional_text_of_ten_characters() -> None:
    field = PartialDateField()
    assert (field.max_length, field.blank, field.get_default(), field.null) == (10, True, "", False)
    assert field.clean("", None) == ""
    assert field.clean("2024-09", None) == "2024-09"
    assert field.get_prep_value(PartialDate(2024, 9)) == "2024-09"


@pytest.mark.parametrize("text", ["2024-13", "25.9.2024", "soon", "2024-09-25x"])
def test_model_field_stores_iso_dates_only(text: str) -> None:
    with pytest.raises(ValidationError):
        PartialDateField().clean(text, None)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"blank": False},
        {"default": "2024"},
        {"null": True, "default": None},
        {"verbose_name": "start"},
    ],
)
def test_model_field_survives_a_migration(options: dict[str, object]) -> None:
    _name, path, args, kwargs = PartialDateField(**options).deconstruct()
    again = PartialDateField(*args, **kwargs)
    assert path == "languages.dates.PartialDateField"
    assert again.deconstruct()[1:] == (path, args, kwargs)
    assert (again.blank, again.null) == (options.get("blank", True), options.get("null", False))
    assert again.get_default() == options.get("default", "")
    assert "languages.dates.PartialDateField(" in MigrationWriter.serialize(again)[0]


def test_model_field_on_a_form_takes_typed_dates_of_any_width() -> None:
    field = PartialDateField(blank=False).formfield()
    assert isinstance(field, PartialDateFormField)
    assert field.required
    assert "maxlength" not in field.widget_attrs(forms.TextInput())
    assert field.clean("25. 09. 2024") == "2024-09-25"


@given(st.text(st.characters(codec=None) | st.sampled_from("0123456789.-/ ")))
def test_parsing_raises_nothing_but_its_own_errors(text: str) -> None:
    for read in (parse, parse_input):
        with suppress(PartialDateError):
            assert parse(str(read(text))) == read(text)


@given(st.dates(datetime.date(1000, 1, 1), datetime.date(2999, 12, 31)))
def test_typed_days_come_back_as_iso(date: datetime.date) -> None:
    assert str(parse_input(f"{date.day}.{date.month}.{date.year}")) == date.isoformat()
    assert str(parse_input(date.isoformat())) == date.isoformat()
