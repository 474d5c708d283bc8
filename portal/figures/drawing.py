"""Where the marks of a figure lie.

Places across are percentages of the width, so that the type keeps its size; places down are CSS
pixels. Every axis begins at nought, so that no difference looks larger than it is.
"""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from languages.names import number
from languages.text import current_language, labelled
from portal.figures.figure import Column, Figure, Row, Shape, per_cent

# Of the columns: their foot, the highest top, the height of the drawing.
FOOT, TOP, HEIGHT = 180.0, 34.0, 204
# Between two columns, as a share of their pitch.
GAP = 0.24
# Per cent of the width, left of the first column: room for the figures of the axis.
LEFT = 6.0
# So many steps of the axis, and years between two labels, at most.
STEPS = 4
LABELS = 6
ALL = 100
# Numbers from here on are too long to stand at every step.
LONG = 1000
# More bars than these stand in two columns.
MOST_IN_A_COLUMN = 16
# How the parts of a bar are filled, in the order of the columns: told apart without colour.
FILLS = ("solid", "hatched", "outline", "dashed", "dotted")


@dataclass(frozen=True)
class Tick:
    """A step of the axis: its place, what stands there, and which side of it lies on the place."""

    place: str
    label: str
    anchor: str


@dataclass(frozen=True)
class GridLine:
    """A line across the drawing at a step of the axis."""

    y: float
    label: str

    @property
    def label_line(self) -> float:
        return round(self.y - 4, 1)


@dataclass(frozen=True)
class Upright:
    """A column of a year. `tick`: the year, where there is room for it; `top_label`: its number."""

    x: str
    width: str
    y: float
    height: float
    middle: str
    tick: str
    top_label: str

    @property
    def number_line(self) -> float:
        return round(self.y - 8, 1)


@dataclass(frozen=True)
class Uprights:
    """A drawing of columns: `words` is what it shows, for those who do not see it."""

    columns: list[Upright]
    lines: list[GridLine]
    words: str

    template = "portal/figures/columns.html"
    height = HEIGHT
    foot = FOOT
    label_line = HEIGHT - 4


@dataclass(frozen=True)
class Part:
    """A part of a bar; `words` is its number with what it counts."""

    fill: str
    x: str
    width: str
    words: str


@dataclass(frozen=True)
class Bar:
    """A row of the figure as a bar with its number."""

    row: Row
    parts: list[Part]
    number: str


@dataclass(frozen=True)
class Bars:
    """Bars under each other with one axis; `key` says what each filling means."""

    bars: list[Bar]
    ticks: list[Tick]
    key: list[tuple[str, str]]

    template = "portal/figures/bars.html"

    @property
    def halves(self) -> list[list[Bar]]:
        """Beside each other where there is room; few bars are one list."""
        if len(self.bars) <= MOST_IN_A_COLUMN:
            return [self.bars]
        middle = ceil(len(self.bars) / 2)
        first, second = self.bars[:middle], self.bars[middle:]
        return [
            first,
            second,
        ]


def draw(figure: Figure) -> "Uprights | Bars | None":
    """The drawing of a figure; None where there is nothing to draw."""
    if not figure.drawn_rows:
        return None
    if figure.shape is Shape.COLUMNS:
        return _uprights(figure)
    return _bars(figure)


def step_of(highest: int) -> int:
    """The distance of the steps of an axis: 1, 2, 5, 10, 20, 50, …"""
    decade = 1
    while True:
        for digit in (1, 2, 5):
            if highest <= digit * decade * STEPS:
                return digit * decade
        decade *= 10


# --- Columns --------------------------------------------------------------------------------------


def _uprights(figure: Figure) -> Uprights:
    [(place, _column)] = figure.drawn_columns
    rows = figure.drawn_rows
    numbers = [row.numbers[place] for row in rows]
    highest = max(numbers)
    step = step_of(highest)
    top = _top(highest, step)
    lines = []
    for value in range(step, top + 1, step):
        label = number(value, current_language())
        line = GridLine(_y(value, top), label)
        lines.append(line)
    return Uprights(
        columns=_columns(rows, numbers, top),
        lines=lines,
        words=_words(rows, numbers),
    )


def _top(highest: int, step: int) -> int:
    """Where the axis ends: at the first step that nothing exceeds."""
    steps = ceil(highest / step)
    return step * max(steps, 1)


def _y(value: int, top: int) -> float:
    height = (FOOT - TOP) * value / top
    return round(FOOT - height, 1)


def _columns(rows: list[Row], numbers: list[int], top: int) -> list[Upright]:
    pitch = (ALL - LEFT) / len(rows)
    width = pitch * (1 - GAP)
    distance = ceil(len(rows) / LABELS)
    last = len(rows) - 1
    columns = []
    for place, row in enumerate(rows):
        value = numbers[place]
        left = LEFT + pitch * (place + GAP / 2)
        y = _y(value, top)
        has_tick = (last - place) % distance == 0
        columns.append(
            Upright(
                x=_percent(left),
                width=_percent(width),
                y=y,
                height=round(FOOT - y, 1),
                middle=_percent(left + width / 2),
                tick=row.label if has_tick else "",
                top_label=number(value, current_language()) if place == last else "",
            )
        )
    return columns


def _words(rows: list[Row], numbers: list[int]) -> str:
    sentence = _("From {first} ({first_date}) to {last} ({last_date}).")
    language = current_language()
    return sentence.format(
        first=number(numbers[0], language),
        first_date=rows[0].label,
        last=number(numbers[-1], language),
        last_date=rows[-1].label,
    )


def _percent(value: float) -> str:
    return f"{value:.2f}%"


# --- Bars -----------------------------------------------------------------------------------------


def _bars(figure: Figure) -> Bars:
    columns = figure.drawn_columns
    highest = max(_total(row, columns) for row in figure.drawn_rows)
    if figure.is_share:
        highest = ALL
    step = step_of(highest)
    top = _top(highest, step)
    bars = []
    for row in figure.drawn_rows:
        total = _total(row, columns)
        parts = _parts(row, columns, top)
        bars.append(Bar(row, parts, number_of(figure, total)))
    return Bars(
        bars=bars,
        ticks=_ticks(figure, step, top),
        key=_key(columns),
    )


def _total(row: Row, columns: list[tuple[int, Column]]) -> int:
    """The length of a bar: all its parts."""
    return sum(row.numbers[place] for place, _column in columns)


def _ticks(figure: Figure, step: int, top: int) -> list[Tick]:
    ticks = []
    for value in range(0, top + 1, step):
        label = ""
        if _has_room(value, step, top):
            label = number_of(figure, value)
        tick = Tick(
            place=_percent(ALL * value / top),
            label=label,
            anchor=_anchor(value, top),
        )
        ticks.append(tick)
    return ticks


def _has_room(value: int, step: int, top: int) -> bool:
    """Whether a step of the axis has its number on a narrow screen too."""
    if value in (0, top):
        return True
    if top >= LONG:
        return False
    return top // step < STEPS or value // step == STEPS // 2


def _anchor(value: int, top: int) -> str:
    """Numbers at the ends of the axis do not stand out over it."""
    if value == 0:
        return "start"
    return "end" if value == top else "middle"


def _parts(row: Row, columns: list[tuple[int, Column]], top: int) -> list[Part]:
    """Beside each other, in the order of the columns; nothing for nought."""
    parts = []
    left = 0
    for fill, (place, column) in zip(
        FILLS,
        columns,
        strict=False,
    ):
        value = row.numbers[place]
        if not value:
            continue
        words = number(value, current_language())
        part = Part(
            fill=fill,
            x=_percent(ALL * left / top),
            width=_percent(ALL * value / top),
            words=labelled(column.label, words),
        )
        parts.append(part)
        left += value
    return parts


def _key(columns: list[tuple[int, Column]]) -> list[tuple[str, str]]:
    """What the fillings mean; nothing for bars of one filling."""
    if len(columns) == 1:
        return []
    key = []
    for fill, (_place, column) in zip(
        FILLS,
        columns,
        strict=False,
    ):
        key.append((fill, column.label))
    return key


def number_of(figure: Figure, value: int) -> str:
    """A number of the figure as a reader writes it, with its sign where it is a share."""
    if figure.is_share:
        return per_cent(value)
    return number(value, current_language())
