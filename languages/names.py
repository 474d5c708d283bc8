"""Names of countries and languages, lists, numbers, money and writing direction, from CLDR (Babel).

No function raises for an unknown code: a page with a strange code is better than no page.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from django.utils.html import strip_tags

# BCP 47 as we use it: language, then script or territory.
_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", re.ASCII)
# CLDR 48 has `minimumGroupingDigits` 2 for these, which Babel does not read: 1234, but 12 345.
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
    """Return Babel's locale for a language code ("pl", "pt-br"), or None if Babel has none. English
    is British."""
    if not _CODE.fullmatch(code):
        return None
    identifier = "en_GB" if code.lower() == "en" else code.replace("-", "_")
    try:
        return Locale.parse(identifier)
    except (ValueError, UnknownLocaleError):
        return None


def country_name(code: str, language: str) -> str:
    """Return the name of a country (ISO 3166-1 alpha-2) in a language: ("DE", "pl") → "Niemcy". An
    unknown country gives the code."""
    locale = locale_of(language)
    if not locale:
        return code
    return locale.territories.get(code.upper(), code)


def language_name(code: str, language: str) -> str:
    """Return the name of a language (ISO 639-1 or BCP 47) as it is within a sentence: ("pl", "en")
    → "Polish". An unknown language gives the code."""
    locale = locale_of(language)
    if not locale:
        return code
    # CLDR names also languages for which Babel has no locale.
    if name := locale.languages.get(code.lower()):
        return name
    named_locale = locale_of(code)
    if not named_locale:
        return code
    return named_locale.get_display_name(locale) or code


@cache
def own_name(code: str) -> str:
    """Return a language's name in itself with a capital, for menus: "pl" → "Polski".

    Within a sentence most of our languages write their names with a small letter.
    """
    name = language_name(code, code)
    if name == code:
        return code
    capital = name[:1].title()
    rest = name[1:]
    return capital + rest


def join_list(items: Iterable[object], language: str) -> str:
    """Join names as in a sentence: (["A", "B", "C"], "en") → "A, B and C".

    Nothing is escaped. No items give "". An item may be an HTML link: its text counts.
    """
    texts = list(map(str, items))
    locale = locale_of(language)
    if not locale:
        return ", ".join(texts)
    if len(texts) > 1:
        last = texts[-1]
        before = strip_tags(texts[-2])
        after = strip_tags(last)
        word = _euphonic_and(before, after, locale.language)
        if word:
            start = ", ".join(texts[:-1])
            return f"{start} {word} {last}"
    return format_list(texts, locale=locale)


def _euphonic_and(before: str, after: str, language: str) -> str:
    """The word for "and" between two names whose sounds need another word than CLDR's; else ""."""
    if language == "es" and _SPANISH_I.match(after):
        return "e"
    if language == "uk":
        vowel_before = _ENDS_IN_A_VOWEL.search(before)
        vowel_after = _BEGINS_WITH_A_VOWEL.match(after)
        if vowel_before and vowel_after:
            return "й"
    return ""


def number(value: int | float | Decimal, language: str) -> str:
    """Return a number with the language's separators and at most three decimals: (12345.5, "de") →
    "12.345,5"."""
    locale = locale_of(language)
    if not locale:
        return str(value)
    has_groups = _has_groups(value, locale)
    return format_decimal(value, locale=locale, group_separator=has_groups)


def _has_groups(value: int | float | Decimal, locale: Locale) -> bool:
    """Whether the thousands of a number are set apart."""
    if locale.language not in _UNGROUPED_THOUSANDS:
        return True
    return value >= 10_000 or value <= -10_000


def money(amount: Decimal, currency: str, language: str) -> str:
    """Return an amount as the language writes it, a whole amount without cents: (500, "EUR", "de")
    → "500 €". `currency` is a code of ISO 4217."""
    locale = locale_of(language)
    if not locale:
        return f"{amount} {currency}"
    is_whole = amount == amount.to_integral_value()
    pattern = locale.currency_formats["standard"].pattern
    if is_whole:
        pattern = re.sub(r"0\.0+", "0", pattern)
    symbol = get_currency_symbol(currency, locale)
    if symbol[-1:].isalpha():
        # "PLN 1,352,080", but "€60,000".
        pattern = pattern.replace("¤#", "¤\xa0#")
    return format_currency(
        amount,
        currency,
        format=pattern,
        locale=locale,
        currency_digits=not is_whole,
        group_separator=_has_groups(amount, locale),
    )


def direction(code: str) -> str:
    """Return "rtl" for languages written from right to left (Arabic, Hebrew, Persian, Urdu ...),
    else "ltr"."""
    locale = locale_of(code)
    return locale.text_direction if locale else "ltr"
