"""Words of a programme's page that depend on a kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.utils.translation import pgettext_lazy

from languages.text import named
from programs import stages
from programs.models import (
    Coverage,
    Edition,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
    Spending,
)

register = template.Library()

HEADINGS = {
    ProgrammeItem.Kind.PRIORITY: pgettext_lazy("heading of a list", "Priorities"),
    ProgrammeItem.Kind.ACTIVITY: pgettext_lazy("heading of a list", "Activities"),
    ProgrammeItem.Kind.OUTPUT: pgettext_lazy("heading of a list", "Expected results"),
}
# A link is kept once, from the newer programme to the other; on the other's page it reads the other
# way round.
SEEN_FROM_THE_OTHER = {
    ProgrammeLink.Kind.GREW_OUT_OF: pgettext_lazy(
        "link of programmes, seen from the older one", "out of it grew"
    ),
    ProgrammeLink.Kind.CONTINUES: pgettext_lazy(
        "link of programmes, seen from the older one", "continued by"
    ),
    ProgrammeLink.Kind.SUPPORTS: pgettext_lazy(
        "link of programmes, seen from the older one", "is carried out with"
    ),
    ProgrammeLink.Kind.FOLLOWED: pgettext_lazy(
        "link of programmes, seen from the older one", "was followed by"
    ),
}


@register.filter
def name_with_city(programme: Programme) -> str:
    """The name with what tells it from others of this name: `Ten-point action plan (Wörgl)`. A
    name in which the city stands already stays as it is."""
    name = str(named(programme))
    city = programme.city
    if city is None:
        return name
    is_in_name = any(word in name for word in (str(city), city.local_name))
    return name if is_in_name else f"{name} ({city})"


@register.filter
def stage_words(edition: Edition) -> str:
    """The stage as its dates say it: `adopted in 2014, nothing later known`."""
    return stages.stage_words(edition)


@register.filter
def edition_date(edition: Edition | None) -> str:
    """The partial date of what an edition says of itself; "" for none."""
    return stages.newest_date(edition) if edition else ""


@register.filter
def items_heading(kind: str) -> str:
    """`priority` → `Priorities`: what stands above the items of this kind."""
    heading = HEADINGS[ProgrammeItem.Kind(kind)]
    return str(heading)


@register.filter
def seen_from_other(link: ProgrammeLink) -> str:
    """What the link says on the page of the programme that it leads to."""
    kind = ProgrammeLink.Kind(link.kind)
    return str(SEEN_FROM_THE_OTHER[kind])


@dataclass(frozen=True)
class ProgrammeBar:
    """One bar of the chart of spending, in the units of its picture."""

    spending: Spending
    top: int
    width: str
    label_at: int
    value_at: str


BAR_HEIGHT = 20
BAR_STEP = 34
BAR_START = 115
BAR_GAP = 8
WIDEST = 215
FEWEST_FOR_A_CHART = 2


@register.simple_tag
def bars_of(spendings: Iterable[Spending]) -> list[ProgrammeBar]:
    """`{% bars_of spendings as bars %}`: a bar for each figure; none where there is nothing to
    compare: a single figure, or several currencies."""
    rows = list(spendings)
    currencies = {row.currency for row in rows}
    is_single = len(rows) < FEWEST_FOR_A_CHART
    if is_single or len(currencies) > 1:
        return []
    amounts = [row.amount for row in rows]
    largest = max(amounts) or Decimal(1)
    bars = []
    for number, row in enumerate(rows):
        part = row.amount / largest
        bars.append(_bar(row, number, part))
    return bars


def _bar(spending: Spending, number: int, part: Decimal) -> ProgrammeBar:
    width = (part * WIDEST).quantize(Decimal("0.1"))
    top = number * BAR_STEP
    middle = top + BAR_HEIGHT // 2
    end = BAR_START + width + BAR_GAP
    # As text: a number would be written with the reader's decimal comma, which a picture does not
    # understand.
    return ProgrammeBar(
        spending,
        top,
        width=str(width),
        label_at=middle,
        value_at=str(end),
    )


@register.filter
def chart_height(bars: list[ProgrammeBar]) -> int:
    """The height of the picture that holds these bars."""
    return len(bars) * BAR_STEP


@register.filter
def by_kind(coverage: Iterable[Coverage]) -> list[tuple[str, list[Coverage]]]:
    """Coverage under the name of its kind: official records first, then the media."""
    rows = list(coverage)
    groups = []
    for kind, label in Coverage.Kind.choices:
        own = [row for row in rows if row.kind == kind]
        if own:
            groups.append((str(label), own))
    return groups
