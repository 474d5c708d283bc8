"""Names of countries and languages, lists, numbers and writing direction, as CLDR (Babel) has them.

A code that nobody knows never raises: a page with a strange code on it is better than no page.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django.utils.html import strip_tags

# BCP 47 as we use it: language, then script or territory.
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", re.ASCII)
# CLDR 48 `minimumGroupingDigits` is 2 for these, which Babel does not read: 1234, but 12 345.
_UNGROUPED_THOUSANDS = {"es", "it", "pl"}
# Spanish y becomes e before the sound i ("Suecia e Italia"), not before the diphthongs of hielo and
# hiato (Real Academia Española, Diccionario panhispánico de dudas, "y").
_SPANISH_I = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)

# Ukrainian і becomes й between vowels ("англійська й італійська"), not before є, ї, ю, я, which
# begin with its sound (Український правопис 2019, § 23).
_ENDS_IN_A_VOWEL = re.compile(r"[аеєиіїоуюя]$", re.IGNORECASE)
_BEGINS_WITH_A_VOWEL = re.compile(r"[аеиіоу]", re.IGNORECASE)


@lru_cache(maxsize=256)
def locale_of(code: str) -> Locale | None:
    """Return Babel's locale for a language code ("pl", "pt-br"), or None if there is none. English
    is British."""
    if not _CODE.fullmatch(code):
        return None
    try:
        return Locale.parse("en_GB" if code.lower() == "en" else code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return None


def country_name(code: str, language: str) -> str:
    """Return the name of a country (ISO 3166-1 alpha-2) in a language: ("DE", "pl") → "Niemcy";
    else the code."""
    locale = locale_of(language)
    return locale.territories.get(code.upper(), code) if locale else code


def language_name(code: str, language: str) -> str:
    """Return the name of a language (ISO 639-1 or BCP 47) as written within a sentence: ("pl",
    "en") → "Polish"."""
    locale, named = locale_of(language), locale_of(code)
    if not locale:
        return code
    # Languages that Babel has no rules for may still have a name.
    return locale.languages.get(code.lower()) or (named and named.get_display_name(locale)) or code


def own_name(code: str) -> str:
    """Return a language's name in itself with a capital, as it stands first in a switcher: "pl" →
    "Polski".

    Most of our languages write their names small in a sentence, but a line of a menu begins like a
    sentence.
    """
    name = language_name(code, code)
    return name if name == code else name[:1].title() + name[1:]


def join_list(items: Iterable[object], language: str) -> str:
    """Join names as a sentence does: (["A", "B", "C"], "en") → "A, B and C". Nothing is escaped; no
    items give "". An item may be a link: what it says counts."""
    texts = [str(item) for item in items]
    locale = locale_of(language)
    if not locale:
        return ", ".join(texts)
    if len(texts) > 1 and (word := _euphonic_and(*map(strip_tags, texts[-2:]), locale.language)):
        return f"{', '.join(texts[:-1])} {word} {texts[-1]}"
    return format_list(texts, locale=locale)


def _euphonic_and(before: str, after: str, language: str) -> str:
    """The word for "and" where its neighbours' sounds ask for another than CLDR's."""
    if language == "es" and _SPANISH_I.match(after):
        return "e"
    if language == "uk" and _ENDS_IN_A_VOWEL.search(before) and _BEGINS_WITH_A_VOWEL.match(after):
        return "й"
    return ""


def number(value: int | float | Decimal, language: str) -> str:
    """Return a number with the language's separators and at most three decimals: (12345.5, "de") →
    "12.345,5"."""
    locale = locale_of(language)
    if not locale:
        return str(value)
    grouped = abs(value) >= 10_000 or locale.language not in _UNGROUPED_THOUSANDS
    return format_decimal(value, locale=locale, group_separator=grouped)


def money(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount as the language writes it, without cents where there are none: (500, "EUR",
    "de") → "500 €"."""
    locale = locale_of(language)
    if not locale:
        return f"{amount} {currency}"
    whole = amount == amount.to_integral_value()
    pattern = locale.currency_formats["standard"].pattern
    if whole:
        pattern = re.sub(r"0\.0+", "0", pattern)
    if get_currency_symbol(currency, locale)[-1:].isalpha():
        # "PLN 1,352,080", but "€60,000".
        pattern = pattern.replace("¤#", "¤\xa0#")
    grouped = abs(amount) >= 10_000 or locale.language not in _UNGROUPED_THOUSANDS
    return format_currency(
        amount,
        currency,
        format=pattern,
        locale=locale,
        currency_digits=not whole,
        group_separator=grouped,
    )


def direction(code: str) -> str:
    """Return "rtl" for languages written from right to left (Arabic, Hebrew, Persian, Urdu ...),
    else "ltr"."""
    locale = locale_of(code)
    return locale.text_direction if locale else "ltr"
