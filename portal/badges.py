"""The badge of a city: a small picture in SVG that other sites embed, with its standing of today.

It has no script, no style sheet and no font of its own. Each line is broken where it is surely
narrower than the badge in any sans-serif font.
"""

from dataclasses import dataclass

from portal.cards import font_of, width_of, wrapped
from portal.feeds import for_xml

WIDTH = 320
MARGIN = 16
NAME_SIZE, LINE_SIZE = 22, 14
# Fonts differ: some are a fifth wider than the one that is measured.
WIDEST = 1.2
MOST_LINES = 3
# The base line of the name, below the line of the portal.
NAME_LINE = 62
STRIP_SPACE = 52


@dataclass(frozen=True)
class BadgeLine:
    """A line of the badge with its base line, in pixels from the top."""

    text: str
    y: int
    size: int


@dataclass(frozen=True)
class Badge:
    """What `portal/city_badge.svg` draws. `text`: what it says, for who does not see it."""

    lines: list[BadgeLine]
    text: str
    height: int
    strip_top: int | None = None
    width: int = WIDTH
    margin: int = MARGIN


def badge_of(name: str, standing: str, *, has_strip: bool, remark: str = "") -> Badge:
    """`standing`: the public line of the city; `remark`: that it is invented, or nothing."""
    name, standing = for_xml(name), for_xml(standing)
    lines: list[BadgeLine] = []
    y = NAME_LINE
    for text, size in ((name, NAME_SIZE), (standing, LINE_SIZE), (remark, LINE_SIZE)):
        for line in _broken(text, size):
            lines.append(BadgeLine(line, y, size))
            y += round(size * 1.3)
    strip_top = y if has_strip else None
    height = y + (STRIP_SPACE if has_strip else 0)
    words = ". ".join(filter(None, [name, standing, remark]))
    return Badge(lines, words, height, strip_top)


def _broken(text: str, size: int) -> list[str]:
    """The text in lines; what has no room ends in an ellipsis."""
    room = round((WIDTH - 2 * MARGIN) / WIDEST)
    lines = list(wrapped(text, font_of(size), room))
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]
    return [_shortened(line, size, room) for line in lines]


def _shortened(line: str, size: int, room: int) -> str:
    """A line that one long word makes too wide, cut."""
    if width_of(line, font_of(size)) <= room * WIDEST:
        return line
    letters = len(line)
    while letters > 1 and width_of(line[:letters], font_of(size)) > room:
        letters -= 1
    return f"{line[:letters]}…"
