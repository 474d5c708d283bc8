"""Telephone numbers: stored in one form, written as their country writes them."""

import pytest

from members.telephone import NotOnlyANumberError, is_in_use, normalize, numbers_in, write


@pytest.mark.parametrize(
    ("text", "country", "stored", "written"),
    [
        ("0341/306 907 77", "DE", "+4934130690777", "+49 341 30690777"),
        ("800 676 676", "PL", "+48800676676", "+48 800 676 676"),
        ("+357 22405500", "CY", "+35722405500", "+357 22 405500"),
        ("116 006", "DE", "116006", "116 006"),
        ("986", "PL", "986", "986"),
        ("39 28", "FR", "3928", "3928"),
        ("02800", "NO", "+4702800", "+47 02800"),
    ],
)
def test_number_is_stored_in_one_form(text, country, stored, written):
    assert normalize(text, country) == stored
    assert normalize(stored, country) == stored
    assert write(stored, country) == written
    assert is_in_use(stored, country)


@pytest.mark.parametrize("text", ["", "abc", "12", "11414", "+48 1", "\x00", "²²²"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        normalize(text, "GR")


@pytest.mark.parametrize(
    "text",
    [
        "020 910 01x24",
        "0209100 abc",
        "020 910 O123",
        "020 910 0123 ext. 5",
        "++353 20 910 0101",
        "020 910 0101 (Mo-Fr)",
        "020 910 0101, 020 910 0102",
    ],
)
def test_letters_are_no_digits_and_nothing_is_left_out(text):
    with pytest.raises(NotOnlyANumberError):
        normalize(text, "IE")


def test_number_of_a_new_series_passes_the_form_but_not_the_check_of_the_data():
    assert normalize("+353 20 910 0101", "IE") == "+353209100101"
    assert not is_in_use("+353209100101", "IE")


@pytest.mark.parametrize(
    ("text", "country", "numbers"),
    [
        ("0800 12 800 (from abroad +32 2 212 30 00)", "BE", ["+3280012800", "+3222123000"]),
        ("021", "ES", ["021"]),
        ("call the town hall; extension 12", "PL", []),
    ],
)
def test_numbers_are_found_in_a_text(text, country, numbers):
    assert numbers_in(text, country) == numbers
