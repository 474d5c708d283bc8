"""Charts of what the records count."""

from django import template

from members.line_chart import LineChart, line_chart
from members.models import Indicator

register = template.Library()


@register.simple_tag
def chart_of(indicator: Indicator) -> LineChart | None:
    """The line of an indicator with its public values, the oldest first; None for too few."""
    return line_chart(list(indicator.values.all()))
