"""The mark of the product: a city's work on the plan as one column per point, drawn and in words.

One bar: chosen. Two: something under way. Three: something done with evidence. A dash: not chosen.
Nothing: not known. A bar is filled where the city itself says so, and an outline where only public
sources do.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from members.models import Action, Citation, City, Commitment, Evidence, Point, Record
from members.models.commitments import Answer, is_stale
from members.models.record import content_type_of

# All in units of the drawing, which is shown one to one: a column every 22 pixels, the number under
# it.
PITCH = 22
BAR = 14
LEFT = (PITCH - BAR) // 2
BAR_HEIGHT = 6
STEP = 9
DASH_HEIGHT = 2
BARS = 3
FOOT = BARS * STEP - (STEP - BAR_HEIGHT)
NUMBER_LINE = FOOT + 15
HEIGHT = NUMBER_LINE + 3
OUTLINE = 1.5


@dataclass(frozen=True)
class StripAction:
    """What the strip needs to know of an action: its status, whether the city states it, whether it
    can be seen."""

    status: str
    stated: bool
    evidenced: bool


@dataclass(frozen=True)
class Column:
    """A point of the plan in one city. `confirmed_on`: the day on which the city last said so."""

    number: int
    chosen: str = Answer.UNKNOWN
    confirmed_on: date | None = None
    actions: tuple[StripAction, ...] = ()

    @property
    def refused(self) -> bool:
        """The city says that it does not work on this point: a dash."""
        return self.chosen == Answer.NO

    @property
    def filled(self) -> int:
        """Bars that stand on the city's own word."""
        return (
            0
            if self.refused
            else _bars(self.chosen, [action for action in self.actions if action.stated])
        )

    @property
    def bars(self) -> int:
        """All bars, those outlined as well."""
        return 0 if self.refused else _bars(self.chosen, self.actions)

    @property
    def known(self) -> bool:
        return self.refused or bool(self.bars)

    @property
    def only_claimed(self) -> bool:
        """Public sources name something here; the city has said nothing."""
        return bool(self.bars) and not self.filled

    @property
    def done_without_evidence(self) -> bool:
        done = any(action.status == Action.Status.DONE and action.stated for action in self.actions)
        return done and self.filled < BARS

    @property
    def is_stale(self) -> bool:
        return bool(self.filled) and is_stale(self.confirmed_on)

    @property
    def words(self) -> str:
        """The state of this point, as small as it can be said."""
        if self.refused:
            return pgettext("point of a city", "not chosen")
        if not self.known:
            return pgettext("point of a city", "not known")
        return _claimed_words(self.bars) if self.only_claimed else _own_words(self)

    @property
    def bar_path(self) -> str:
        """The column alone, as filled bars: the value of an SVG path's `d`."""
        return _filled(self, 0)

    @property
    def outline_path(self) -> str:
        """The column alone, its outlined bars."""
        return _outlined(self, 0)


@dataclass(frozen=True)
class Strip:
    """All points of the plan in one city."""

    columns: tuple[Column, ...] = field(default=())

    @property
    def known(self) -> bool:
        """Whether anything is known: without that, no strip is drawn."""
        return any(column.known for column in self.columns)

    @property
    def width(self) -> int:
        return PITCH * len(self.columns)

    @property
    def view_box(self) -> str:
        """The value of the SVG attribute `viewBox`."""
        return f"0 0 {self.width} {HEIGHT}"

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def number_line(self) -> int:
        """The base line of the numbers."""
        return NUMBER_LINE

    @property
    def bar_path(self) -> str:
        """Filled bars and dashes: the value of an SVG path's `d`."""
        return "".join(
            _filled(column, place * PITCH + LEFT) for place, column in enumerate(self.columns)
        )

    @property
    def outline_path(self) -> str:
        """Outlined bars, to be stroked."""
        return "".join(
            _outlined(column, place * PITCH + LEFT) for place, column in enumerate(self.columns)
        )

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """Each point's number with the middle of its column."""
        return [
            (place * PITCH + PITCH // 2, column.number) for place, column in enumerate(self.columns)
        ]

    @property
    def words(self) -> str:
        """What the drawing says, as one line: `8 of 10 chosen · 2 done with evidence · …`."""
        return " · ".join(self.phrases)

    @property
    def phrases(self) -> list[str]:
        """The parts of that line; what is none is left out."""
        own = [column for column in self.columns if column.filled]
        counted = [
            _of_all(sum(column.chosen == Answer.YES for column in own), len(self.columns)),
            _refused(sum(column.refused for column in self.columns)),
            _evidenced(sum(column.filled == BARS for column in own)),
            _unproved(sum(column.done_without_evidence for column in own)),
            _under_way(
                sum(
                    column.filled == BARS - 1 and not column.done_without_evidence for column in own
                )
            ),
            _stale(sum(column.is_stale for column in own)),
            _claimed(sum(column.bars > column.filled for column in self.columns)),
        ]
        return [phrase for phrase in counted if phrase]


def strips_for(cities: Iterable[City]) -> dict[int, Strip]:
    """The strip of each of these cities, by its key: two queries for a list however long."""
    numbers = list(
        Point.objects.public().filter(plan__in_force=True).values_list("number", flat=True)
    )
    keys = [city.pk for city in cities]
    chosen: dict[tuple[int, int], tuple[str, datetime | None]] = {}
    actions: dict[tuple[int, int], list[StripAction]] = defaultdict(list)
    for city, number, answer, said, action in _rows(keys):
        chosen[city, number] = (answer, said)
        actions[city, number] += [action] if action else []
    return {
        city: Strip(
            tuple(
                column_of(
                    number,
                    *chosen.get((city, number), (Answer.UNKNOWN, None)),
                    actions[city, number],
                )
                for number in numbers
            )
        )
        for city in keys
    }


def column_of(
    number: int, chosen: str, said: datetime | None, actions: Sequence[StripAction]
) -> Column:
    """A column; `said` is when the city last wrote or confirmed it."""
    return Column(number, chosen, timezone.localdate(said) if said else None, tuple(actions))


def evidenced() -> Exists:
    """Whether an action, by its key, has public evidence or a source that names it."""
    cited = Citation.objects.filter(
        content_type=content_type_of(Action()), object_id=OuterRef("pk")
    )
    return Exists(Evidence.objects.public().filter(action=OuterRef("pk"))) | Exists(cited)


def _rows(cities: list[int]) -> Iterable[tuple[int, int, str, datetime | None, StripAction | None]]:
    """A row per public action, and one for a commitment without any: city, point, answer, last
    said, action."""
    shown = Action.objects.public().filter(pk=OuterRef("actions")).annotate(seen=evidenced())
    rows = (
        Commitment.objects.public()
        .filter(city__in=cities, point__plan__in_force=True)
        .annotate(action_shown=Exists(shown), action_seen=Exists(shown.filter(seen=True)))
        .order_by()
        .values_list(
            "city",
            "point__number",
            "chosen",
            "confirmed_at",
            "stated_at",
            "action_shown",
            "actions__status",
            "actions__origin",
            "action_seen",
        )
    )
    for city, number, answer, confirmed_at, stated_at, is_shown, status, origin, seen in rows:
        said = max(filter(None, [confirmed_at, stated_at]), default=None)
        action = StripAction(status, origin == Record.Origin.STATED, seen) if is_shown else None
        yield city, number, answer, said, action


def _bars(chosen: str, actions: Sequence[StripAction]) -> int:
    statuses = {action.status for action in actions}
    if any(action.status == Action.Status.DONE and action.evidenced for action in actions):
        return BARS
    if statuses & {Action.Status.IN_PROGRESS, Action.Status.DONE}:
        return BARS - 1
    return 1 if actions or chosen == Answer.YES else 0


def _bar_top(bar: int) -> int:
    """The upper edge of a bar, counted from the lowest, which is 0."""
    return FOOT - BAR_HEIGHT - bar * STEP


def _filled(column: Column, left: int) -> str:
    if column.refused:
        return f"M{left} {FOOT - (BAR_HEIGHT + DASH_HEIGHT) // 2}h{BAR}v{DASH_HEIGHT}h-{BAR}z"
    return "".join(
        f"M{left} {_bar_top(bar)}h{BAR}v{BAR_HEIGHT}h-{BAR}z" for bar in range(column.filled)
    )


def _outlined(column: Column, left: int) -> str:
    inset = OUTLINE / 2
    width, height = BAR - OUTLINE, BAR_HEIGHT - OUTLINE
    return "".join(
        f"M{left + inset:g} {_bar_top(bar) + inset:g}h{width:g}v{height:g}h-{width:g}z"
        for bar in range(column.filled, column.bars)
    )


def _own_words(column: Column) -> str:
    if column.filled == BARS:
        return pgettext("point of a city", "done, with evidence")
    if column.done_without_evidence:
        return pgettext("point of a city", "done, no evidence yet")
    if column.filled == BARS - 1:
        return pgettext("point of a city", "under way")
    if column.chosen == Answer.YES:
        return pgettext("point of a city", "chosen")
    return pgettext("point of a city", "action planned")


def _claimed_words(bars: int) -> str:
    if bars == BARS:
        return pgettext("point of a city", "done, according to public sources")
    if bars == BARS - 1:
        return pgettext("point of a city", "under way, according to public sources")
    return pgettext("point of a city", "named in public sources")


def _of_all(count: int, total: int) -> str:
    words = ngettext("%(count)d of %(total)d chosen", "%(count)d of %(total)d chosen", count)
    return words % {"count": count, "total": total} if count else ""


def _refused(count: int) -> str:
    return (
        ngettext("%(count)d not chosen", "%(count)d not chosen", count) % {"count": count}
        if count
        else ""
    )


def _evidenced(count: int) -> str:
    words = ngettext("%(count)d done with evidence", "%(count)d done with evidence", count)
    return words % {"count": count} if count else ""


def _unproved(count: int) -> str:
    words = ngettext("%(count)d done, no evidence yet", "%(count)d done, no evidence yet", count)
    return words % {"count": count} if count else ""


def _under_way(count: int) -> str:
    return (
        ngettext("%(count)d under way", "%(count)d under way", count) % {"count": count}
        if count
        else ""
    )


def _stale(count: int) -> str:
    words = ngettext(
        "%(count)d not confirmed for a year", "%(count)d not confirmed for a year", count
    )
    return words % {"count": count} if count else ""


def _claimed(count: int) -> str:
    words = ngettext(
        "%(count)d point with actions found in public sources, not confirmed by the city",
        "%(count)d points with actions found in public sources, not confirmed by the city",
        count,
    )
    return words % {"count": count} if count else ""
