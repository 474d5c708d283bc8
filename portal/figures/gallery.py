"""All figures by their names, in the order of the page."""

from collections.abc import Callable

from portal.figures.actions import actions_by_age, actions_by_point
from portal.figures.figure import Figure
from portal.figures.help import contacts_by_channel, contacts_by_check, contacts_by_language
from portal.figures.members import members_by_country, members_over_time
from portal.figures.translations import translations_by_language

FIGURES: dict[str, Callable[[], Figure]] = {
    "members": members_over_time,
    "countries": members_by_country,
    "points": actions_by_point,
    "age": actions_by_age,
    "channels": contacts_by_channel,
    "checks": contacts_by_check,
    "help-languages": contacts_by_language,
    "translations": translations_by_language,
}
