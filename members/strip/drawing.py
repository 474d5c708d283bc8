"""The shapes of a strip, as pieces of an SVG path's `d`.

`bars` are counted from the lowest, which is 0; `left` is the left edge of a column's bars.
"""

from collections.abc import Iterable

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
DOT = 2
DASH_TOP = FOOT - (BAR_HEIGHT + DASH_HEIGHT) // 2


def _bar_top(bar: int) -> int:
    """The upper edge of a bar, counted from the lowest, which is 0."""
    lowest_top = FOOT - BAR_HEIGHT
    return lowest_top - bar * STEP


def dash(left: int) -> str:
    """The dash of a point that the city does not work on."""
    return _rectangle(left, DASH_TOP, BAR, DASH_HEIGHT)


def filled_bars(bars: Iterable[int], left: int) -> str:
    path = ""
    for bar in bars:
        path += _rectangle(
            left=left,
            top=_bar_top(bar),
            width=BAR,
            height=BAR_HEIGHT,
        )
    return path


def outlined_bars(bars: Iterable[int], left: int) -> str:
    """To be stroked: half of the stroke lies inside the line."""
    inset = OUTLINE / 2
    path = ""
    for bar in bars:
        path += _rectangle(
            left=left + inset,
            top=_bar_top(bar) + inset,
            width=BAR - OUTLINE,
            height=BAR_HEIGHT - OUTLINE,
        )
    return path


def dot(left: int) -> str:
    """The dot in the lowest bar of a point that the portal chose."""
    return _rectangle(
        left=left + (BAR - DOT) / 2,
        top=_bar_top(0) + (BAR_HEIGHT - DOT) / 2,
        width=DOT,
        height=DOT,
    )


def blank(left: int) -> str:
    """A small dot at the foot of a column of which nothing is known."""
    return _rectangle(left + (BAR - DOT) / 2, FOOT - DOT, DOT, DOT)


def _rectangle(left: float, top: float, width: float, height: float) -> str:
    corner = f"M{left:g} {top:g}"
    across = f"h{width:g}"
    down = f"v{height:g}"
    back = f"h-{width:g}"
    return "".join((corner, across, down, back, "z"))
