from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.names import (
    country_name,
    direction,
    join_list,
    language_name,
    locale_of,
    money,
    number,
    own_name,
)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("DE", "en", "Germany"),
        ("de", "pl", "Niemcy"),
        ("SE", "sv", "Sverige"),
        ("UA", "de", "Ukraine"),
        ("CH", "fr", "Suisse"),
        ("CH", "it", "Svizzera"),
        ("ES", "es", "España"),
        ("PL", "uk", "Польща"),
        ("XK", "en", "Kosovo"),
        ("ZZZ", "en", "ZZZ"),
        ("", "en", ""),
        ("DE", "xx", "DE"),
        ("DE", "", "DE"),
    ],
)
def test_country_name_is_in_the_readers_language(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("pl", "en", "Polish"),
        ("pl", "pl", "polski"),
        ("uk", "de", "Ukrainisch"),
        ("sv", "fr", "suédois"),
        ("pt-br", "en", "Portuguese (Brazil)"),
        ("zz", "en", "zz"),
        ("pl", "zz", "pl"),
    ],
)
def test_language_name_is_written_as_within_a_sentence(code: str, language: str, name: str) -> None:
    assert language_name(code, language) == name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("en", "English"),
        ("pl", "Polski"),
        ("sv", "Svenska"),
        ("de", "Deutsch"),
        ("fr", "Français"),
        ("it", "Italiano"),
        ("es", "Español"),
        ("uk", "Українська"),
        ("ar", "العربية"),
        ("ka", "ქართული"),
        ("zz", "zz"),
    ],
)
def test_own_name_begins_like_a_line_of_a_menu(code: str, name: str) -> None:
    assert own_name(code) == name


@pytest.mark.parametrize(
    ("language", "joined"),
    [
        ("en", "A, B and C"),
        ("pl", "A, B i C"),
        ("sv", "A, B och C"),
        ("de", "A, B und C"),
        ("fr", "A, B et C"),
        ("it", "A, B e C"),
        ("es", "A, B y C"),
        ("uk", "A, B і C"),
        ("xx", "A, B, C"),
    ],
)
def test_join_list_speaks_the_language(language: str, joined: str) -> None:
    assert join_list(["A", "B", "C"], language) == joined


@pytest.mark.parametrize(
    ("items", "joined"), [([], ""), (["A"], "A"), (["{0}", "B"], "{0} and B"), ((1, 2), "1 and 2")]
)
def test_join_list_takes_any_number_of_items(items: list[object], joined: str) -> None:
    assert join_list(items, "en") == joined


@pytest.mark.parametrize(
    ("last", "joined"),
    [
        ("Italia", "Suecia e Italia"),
        ("Hirson", "Suecia e Hirson"),
        ("Hielo", "Suecia y Hielo"),
        ("Ucrania", "Suecia y Ucrania"),
    ],
)
def test_join_list_says_e_before_i_in_spanish(last: str, joined: str) -> None:
    assert join_list(["Suecia", last], "es") == joined


@pytest.mark.parametrize(
    ("items", "joined"),
    [
        (["польська", "італійська"], "польська й італійська"),
        (["Київ", "Одеса"], "Київ і Одеса"),
        (["Варшава", "Краків"], "Варшава і Краків"),
        (["Одеса", "Яремче"], "Одеса і Яремче"),
        (['<a href="/x/">Одеса</a>', "<b>Умань</b>"], '<a href="/x/">Одеса</a> й <b>Умань</b>'),
    ],
)
def test_join_list_says_another_and_between_ukrainian_vowels(items: list[str], joined: str) -> None:
    assert join_list(items, "uk") == joined


@pytest.mark.parametrize(
    ("language", "thousands", "more"),
    [
        ("en", "1,234", "12,345.5"),
        ("pl", "1234", "12\u00a0345,5"),
        ("sv", "1\u00a0234", "12\u00a0345,5"),
        ("de", "1.234", "12.345,5"),
        ("fr", "1\u202f234", "12\u202f345,5"),
        ("it", "1234", "12.345,5"),
        ("es", "1234", "12.345,5"),
        ("uk", "1\u00a0234", "12\u00a0345,5"),
        ("xx", "1234", "12345.5"),
    ],
)
def test_number_has_the_separators_of_the_language(
    language: str, thousands: str, more: str
) -> None:
    assert number(1234, language) == thousands
    assert number(Decimal("12345.5"), language) == more


@pytest.mark.parametrize("code", ["ar", "he", "fa", "ur", "ckb", "yi", "az-Arab"])
def test_direction_is_right_to_left_for_some(code: str) -> None:
    assert direction(code) == "rtl"


@pytest.mark.parametrize("code", ["en", "pl", "sv", "de", "fr", "it", "es", "uk", "xx", "", "ku"])
def test_direction_is_left_to_right_for_others(code: str) -> None:
    assert direction(code) == "ltr"


def test_english_is_british() -> None:
    assert str(locale_of("en")) == "en_GB"


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_names_of_unknown_codes_are_the_codes(code: str, language: str) -> None:
    assert isinstance(country_name(code, language), str)
    assert isinstance(language_name(code, language), str)
    assert isinstance(own_name(code), str)
    assert direction(code) in {"ltr", "rtl"}


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("1352080.00", "PLN", "en", "PLN\xa01,352,080"),
        ("1352080.00", "PLN", "pl", "1\xa0352\xa0080\xa0zł"),
        ("60000", "EUR", "en", "€60,000"),
        ("12.50", "EUR", "de", "12,50\xa0€"),
        ("12.50", "XXQ", "en", "XXQ\xa012.50"),
        ("5", "EUR", "xx", "5 EUR"),
    ],
)
def test_money_is_written_as_the_language_does(amount, currency, language, text):
    assert money(Decimal(amount), currency, language) == text
