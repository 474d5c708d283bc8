"""Where to get help, on pages of other things."""

from django import template
from django.utils import timezone

from members.help import HelpEntry, help_for, help_in, in_order
from members.models import City, Country, SupportContact

register = template.Library()


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
