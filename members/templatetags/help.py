"""Where to get help, on pages of other things."""

from typing import Protocol

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from members.help import (
    Help,
    HelpEntry,
    HelpPlace,
    help_for,
    help_in,
    in_order,
    place_of_city,
    place_of_country,
)
from members.models import City, Country, SupportContact

register = template.Library()


class FurtherLine(Protocol):
    """How to call, in a language that the portal does not speak; `{number}` in two of the texts."""

    call: str
    danger: str
    interpreter: str


@register.inclusion_tag("components/help_card.html")
def help_card(place: City | Country) -> dict[str, object]:
    """`{% help_card city %}`: the best contact with its button, 112, the way to all help.

    For the first screen of the page of a city or a country; one query.
    """
    if isinstance(place, City):
        return {"city": place, "slug": place.slug, "help": help_for(place)}
    return {"country": place, "slug": place.code.lower(), "help": help_in(place)}


@register.simple_tag
def help_entry(contact: SupportContact) -> HelpEntry:
    """`{% help_entry contact as entry %}`: a contact as this reader sees it now."""
    return in_order([contact], timezone.now())[0]


@register.simple_tag
def help_line(line: FurtherLine, help: Help) -> SafeString:
    """`{% help_line line help %}`: how to call, in a further language; its number is a link."""
    parts = []
    best = help.best
    if best and best.contact.phone:
        parts.append(_with_number(line.call, best.contact.phone, best.phone))
    parts.append(_with_number(line.danger, help.emergency, help.emergency))
    parts.append(conditional_escape(line.interpreter))
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _with_number(text: str, number: str, label: str) -> SafeString:
    link = format_html('<a href="tel:{}" dir="ltr">{}</a>', number, label)
    return format_html(conditional_escape(text), number=link)


# What a page may be about: it, or its city, is where the reader is.
SUBJECTS = ("city", "programme", "organisation", "news", "event")


@register.simple_tag(takes_context=True)
def help_place(context: Context) -> HelpPlace | None:
    """`{% help_place as place %}`: the city or country that the page is about, for the header."""
    for name in SUBJECTS:
        row = context.get(name)
        city = row if isinstance(row, City) else getattr(row, "city", None)
        if isinstance(city, City) and city.published_at:
            return place_of_city(city)
    country = context.get("country") or _country_of_subject(context)
    if isinstance(country, Country):
        return place_of_country(country.code)
    return _place_of_list(context)


def _place_of_list(context: Context) -> HelpPlace | None:
    """The city or country to which a list is narrowed by its filters; else what its view names as
    `help_at`."""
    filters = context.get("filters")
    form = getattr(filters, "form", None)
    values: dict[str, object] = getattr(form, "cleaned_data", {})
    city = values.get("city")
    if isinstance(city, City):
        return place_of_city(city)
    if city and form:
        names = dict(form.fields["city"].choices)
        return HelpPlace(str(city), str(names[city]))
    country = values.get("country")
    if country:
        return place_of_country(str(getattr(country, "code", country)))
    place: HelpPlace | None = context.get("help_at")
    return place


def _country_of_subject(context: Context) -> Country | None:
    """The country of what a page is about, where that belongs to no city."""
    for name in SUBJECTS:
        row = context.get(name)
        country = getattr(row, "country", None)
        if isinstance(country, Country):
            return country
    return None
