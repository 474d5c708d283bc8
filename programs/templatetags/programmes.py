"""Words of a programme's page that depend on a kind."""

from django import template
from django.utils.translation import pgettext_lazy

from programs.models import ProgrammeItem, ProgrammeLink

register = template.Library()

HEADINGS = {
    ProgrammeItem.Kind.PRIORITY: pgettext_lazy("heading of a list", "Priorities"),
    ProgrammeItem.Kind.ACTIVITY: pgettext_lazy("heading of a list", "Activities"),
    ProgrammeItem.Kind.OUTPUT: pgettext_lazy("heading of a list", "Expected results"),
}
# A link is kept once, from the newer programme to the other; on the other's page it reads the other way round.
SEEN_FROM_THE_OTHER = {
    ProgrammeLink.Kind.GREW_OUT_OF: pgettext_lazy("link of programmes, seen from the older one", "out of it grew"),
    ProgrammeLink.Kind.CONTINUES: pgettext_lazy("link of programmes, seen from the older one", "continued by"),
    ProgrammeLink.Kind.SUPPORTS: pgettext_lazy("link of programmes, seen from the older one", "is carried out with"),
    ProgrammeLink.Kind.FOLLOWED: pgettext_lazy("link of programmes, seen from the older one", "was followed by"),
}


@register.filter
def items_heading(kind: str) -> str:
    """`priority` → `Priorities`: what stands above the items of this kind."""
    return str(HEADINGS[ProgrammeItem.Kind(kind)])


@register.filter
def seen_from_other(link: ProgrammeLink) -> str:
    """What the link says on the page of the programme that it leads to."""
    return str(SEEN_FROM_THE_OTHER[ProgrammeLink.Kind(link.kind)])
