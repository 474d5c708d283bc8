"""Asking whether a second city of one name is meant."""

from collections.abc import Mapping

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.names import country_name, join_list
from languages.text import current_language
from members.models import City, Country
from members.namesakes import namesakes_in

# The box that says yes. It stands in a form only where there is a question.
CONFIRMATION = "another_city"


def ask_about_namesakes(
    form: forms.BaseForm, country: Country, names: Mapping[str, str], but: City | None = None
) -> None:
    """Add an error to the field of the name that another city of the country has, and the box that
    confirms it. `names`: by field."""
    namesakes = namesakes_in(country.pk, names.values(), but)
    if not namesakes:
        return
    form.fields[CONFIRMATION] = forms.BooleanField(
        label=gettext_lazy("This is another city of the same name"),
        required=False,
        help_text=gettext_lazy(
            "The region, else the country, the kind or the web address will stand beside the name."
        ),
    )
    if form.data.get(CONFIRMATION):
        return
    other_names = {name for city in namesakes for name in city.own_names}
    fields = [field for field, name in names.items() if name in other_names]
    question = ValidationError(
        _question(country, namesakes),
        code="namesake",
    )
    errors = [question, *_without_region(namesakes)]
    form.add_error(fields[0], errors)


def _without_region(namesakes: list[City]) -> list[ValidationError]:
    """The wish that those who have no region get one: nothing else tells readers the two apart."""
    nameless = [_description(city) for city in namesakes if not city.region]
    if not nameless:
        return []
    message = _(
        "No region is given yet: {cities}. Write the region on that page first, and here too, so "
        "that readers can tell the two apart."
    )
    cities = join_list(nameless, current_language())
    return [ValidationError(message.format(cities=cities), code="namesake_without_region")]


def _question(country: Country, namesakes: list[City]) -> str:
    language = current_language()
    described = [_description(city) for city in namesakes]
    message = _(
        "{country} has a city of this name already: {cities}. If you mean another one, tick the "
        "box “This is another city of the same name”."
    )
    return message.format(
        country=country_name(country.code, language), cities=join_list(described, language)
    )


def _description(city: City) -> str:
    """`Neuenkirchen (Vorpommern, /neuenkirchen/)`"""
    facts = ", ".join(filter(None, [city.region, f"/{city.slug}/"]))
    return f"{city.local_name} ({facts})"
