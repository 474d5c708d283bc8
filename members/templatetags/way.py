"""The way to a page of the administration, and the words of navigation above it."""

from typing import Any

from django import template

from members.entry_pages import WayStep, way_to
from members.models import City, User
from members.tabs import Tab, tabs_of

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


@register.simple_tag(takes_context=True)
def tabs(context: dict[str, Any]) -> list[tuple[Tab, str]]:
    """The words of navigation, each with its value of `aria-current` on this page."""
    request = context["request"]
    user = request.user
    if not isinstance(user, User):
        return []
    words = []
    for tab in tabs_of(user):
        current = tab.current(request.path)
        words.append((tab, current))
    return words
