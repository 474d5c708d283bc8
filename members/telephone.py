"""Telephone numbers: E.164 where they are stored (`+48800676676`), else the digits of a number that
works only in its country (`986`, `116006`).

Which numbers exist, and how each country writes them, is known by the library `phonenumbers`.
"""

import re

import phonenumbers
from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    PhoneNumberType,
    shortnumberinfo,
)

MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.PERSONAL_NUMBER}
# The same number in every country of the European Union (Commission Decision 2007/116/EC).
HARMONISED = re.compile(r"116\d{3}")
# A short number in a text: digits, perhaps in groups.
SHORT_NUMBER = re.compile(r"(?<![\d+])\d[\d ]{1,5}\d(?! ?\d)")
NOT_DIALLED = re.compile(r"[^0-9+]")
# One number and nothing else, as people write it. The library would take letters for digits, and
# leave out what stands behind a number.
ONE_NUMBER = re.compile(r"\s*+\+?[\d\s()./‐‑–-]+")


class NotOnlyANumberError(ValueError):
    """There are words, or a second number, beside the number."""


def normalize(text: str, country: str) -> str:
    """The number as it is stored: ("0341/306 907 77", "DE") → "+4934130690777".

    `country`: two letters. A number of the right length passes, also one of a series that the
    library does not know yet. Raises ValueError for what is no number, NotOnlyANumberError where
    something else stands beside it.
    """
    if not ONE_NUMBER.fullmatch(text):
        raise NotOnlyANumberError(text)
    digits = NOT_DIALLED.sub("", text)
    number = _parse(text, country)
    if _is_short(digits, number, country):
        return digits
    if number and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    raise ValueError(text)


def is_in_use(number: str, country: str) -> bool:
    """Whether a stored number lies in a series that the library knows to be in use."""
    parsed = _parse(number, country)
    if _is_short(number, parsed, country):
        return True
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _is_short(digits: str, number: PhoneNumber | None, country: str) -> bool:
    if HARMONISED.fullmatch(digits):
        return True
    if number is None or digits.startswith("+") or phonenumbers.is_valid_number(number):
        return False
    return shortnumberinfo.is_valid_short_number_for_region(number, country)


def is_mobile(number: str, country: str) -> bool:
    """Whether a stored number is one that a person may carry. In some countries no number tells."""
    parsed = _parse(number, country)
    return parsed is not None and phonenumbers.number_type(parsed) in MOBILE


def write(number: str, country: str) -> str:
    """A stored number as its country writes it: "+48800676676" → "+48 800 676 676"."""
    if HARMONISED.fullmatch(number):
        return f"{number[:3]} {number[3:]}"
    parsed = _parse(number, country)
    if parsed is None:
        return number
    is_international = number.startswith("+")
    style = PhoneNumberFormat.INTERNATIONAL if is_international else PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(parsed, style)


def numbers_in(text: str, country: str) -> list[str]:
    """The numbers that a text names, as they are stored, in its order."""
    for leniency in (Leniency.VALID, Leniency.POSSIBLE):
        matches = PhoneNumberMatcher(
            text,
            country,
            leniency=leniency,
        )
        numbers = [match.number for match in matches]
        if numbers:
            style = PhoneNumberFormat.E164
            return [phonenumbers.format_number(number, style) for number in numbers]
    short = SHORT_NUMBER.search(text)
    if short is None:
        return []
    try:
        return [normalize(short[0], country)]
    except ValueError:
        return []


def _parse(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
