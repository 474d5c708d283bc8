"""The badge of a city: a small picture in SVG that other sites embed, with its standing of today.

It has no script, no style sheet and no font of its own. Each line is broken where it is surely
narrower than the badge in any sans-serif font.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from members.strip import Strip
from portal.cards import font_of, width_of, wrapped
from portal.feeds import for_xml

WIDTH = 320
MARGIN = 16
NAME_SIZE, LINE_SIZE, NOTE_SIZE = 22, 14, 12
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
    is_name: bool


@dataclass(frozen=True)
class Badge:
    """What `portal/city_badge.svg` draws. For who does not see it, `text` is what it says, and
    `signs` what its strip says."""

    lines: list[BadgeLine]
    text: str
    signs: str
    height: int
    strip_top: int | None = None
    width: int = WIDTH
    margin: int = MARGIN


def badge_of(name: str, standing: str, *, strip: Strip | None, remark: str = "") -> Badge:
    """`standing`: the public line of the city; `remark`: that it is invented, or nothing."""
    name, standing = for_xml(name), for_xml(standing)
    lines: list[BadgeLine] = []
    y = NAME_LINE
    sizes = (NAME_SIZE, LINE_SIZE, LINE_SIZE, NOTE_SIZE)
    texts = (name, standing, remark, _note(strip))
    for text, size in zip(texts, sizes, strict=True):
        for line in _broken(text, size):
            is_name = size == NAME_SIZE
            lines.append(BadgeLine(line, y, size, is_name))
            y += round(size * 1.3)
    words = ". ".join(filter(None, [name, standing, remark]))
    if not strip:
        return Badge(lines, words, "", y)
    return Badge(lines, words, strip.words, y + STRIP_SPACE, strip_top=y)


def _note(strip: Strip | None) -> str:
    """What an outline means, where the strip has one."""
    if strip and (strip.outline_path or strip.dashed_path):
        return _("Outline: found in a public source, not confirmed by the city.")
    return ""


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
