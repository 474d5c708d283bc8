"""What stays of a text that somebody pastes."""

import pytest

from languages.cleaning import clean_line, clean_text, is_same_text


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("slide\x0btext", "slide\ntext"),
        ("page\x0cpage", "page\npage"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        ("op\x1ftional", "optional"),
        ("non\x1ebreaking", "non\u2011breaking"),
        ("a\x00b\x07c\x7fd\x9fe", "abcde"),
        ("end\ufffe\uffff\U0001fffe\ufdd0", "end"),
        ("\ufeffbegins with a mark", "begins with a mark"),
        ("half \ud83d pair", "half  pair"),
        ("price \u202e001\u202c and \u2067more\u2069", "price 001 and more"),
        ("picture \ufffc here", "picture  here"),
        ("Krako\u0301w", "Kraków"),
        ("\u200b\u200b", ""),
        ("same\u200b title", "same title"),
        (" \u00ad\u2060\u3164\ufe0f\n", ""),
    ],
)
def test_cleaning_takes_away_what_nobody_sees(written, stored):
    assert clean_text(written) == stored


@pytest.mark.parametrize(
    "text",
    [
        "Plain words.",
        "10\u00a0000 habitants\u202f: oui\u2009!",
        "Wochen\u00adend\u00adhaus",
        "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\u05e9\u05dc\u05d5\u05dd\u200f, \u061cabc\u200e",
        "two\nlines\r\nthree\tcolumns",
        "",
    ],
)
def test_cleaning_keeps_what_a_language_needs(text):
    assert clean_text(text) == text


def test_text_of_one_line_has_no_line_ends():
    assert clean_line("one\r\ntwo\x0bthree\tfour") == "one two three four"


def test_line_ends_of_a_browser_are_no_change():
    assert is_same_text("one\r\ntwo", "one\ntwo")
    assert not is_same_text("one two", "one\ntwo")
    assert is_same_text(None, None)
