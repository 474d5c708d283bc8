"""The way to a page of the administration."""

from typing import Any

from django import template

from members.entry_pages import WayStep, way_to
from members.models import City, User

register = template.Library()


@register.simple_tag(takes_context=True)
def way_steps(
    context: dict[str, Any], entry: Any = None, city: City | None = None
) -> list[WayStep]:
    """The pages above this one; none for somebody who is not signed in."""
    user = context["request"].user
    if not isinstance(user, User):
        return []
    return way_to(user, entry or None, city or None)
