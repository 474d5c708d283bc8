"""Towns that are no city of the portal, where somebody looks for one."""

from django import template

from portal.models import Town
from portal.towns import town_outside

register = template.Library()


@register.simple_tag(name="town_outside")
def town_outside_tag(text: str | None) -> Town | None:
    """`{% town_outside text as town %}`: the town that is all a text says, where the portal has no
    such city."""
    return town_outside(text) if text else None
