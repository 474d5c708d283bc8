"""What the directory of cities asks of its rows and its forms."""

from django import template
from django.forms import Form
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from members.models import City

register = template.Library()

# Letters of both names of a city that stand on one line of the list at 1280 pixels.
LINE = 23


@register.filter
def has_room_for_local_name(city: City) -> bool:
    """Whether the local name differs from the name of a listed city, and fits beside it."""
    title = city.title  # type: ignore[attr-defined] # of `listed()`
    return bool(city.local_name != title and len(title) + len(city.local_name) < LINE)


@register.simple_tag
def kept_parameters(form: Form, own: str) -> SafeString:
    """Hidden fields for the parameters of the list that another form must not lose. `own`: names of
    the fields that the form itself has, parted by blanks."""
    own_names = {*own.split(), "page", "map"}
    others = [
        (name, form.data[name])
        for name in form.fields
        if name not in own_names and form.data.get(name)
    ]
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', others)
