"""Titles of legal acts and meetings in one line."""

from django import template

from members.models import LegalAct, Meeting

register = template.Library()


@register.filter
def act_title(act: LegalAct) -> str:
    """Kind and number, as far as it is known: `resolution XII/204/2024`."""
    kind = str(act.get_kind_display())
    words = (kind, act.number)
    return " ".join(filter(None, words))


@register.filter
def meeting_title(meeting: Meeting) -> str:
    """Kind and place, as far as it is known: `meeting of the Steering Committee, Nuremberg`."""
    kind = str(meeting.get_kind_display())
    words = (kind, meeting.where)
    return ", ".join(filter(None, words))
