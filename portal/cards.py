"""The picture of a page that other sites and messengers show beside a link: 1200 by 630 pixels,
drawn with Pillow from what the page says.

The font is Roboto (package font-roboto): Pillow's own has neither ł nor Cyrillic.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from font_roboto import font_files
from PIL import Image, ImageDraw, ImageFont

from members.map.geometry import Box, Position, window_around
from members.map.projection import FRAME, Degrees, locate
from members.map.shapes import shapes
from members.strip import BARS, Strip, StripColumn

# A change of the drawing makes new files.
VERSION = "1"
WIDTH, HEIGHT = 1200, 630
# Everything is drawn twice as large and then made smaller: lines become smooth.
SCALE = 2
MARGIN = 72
MAP_WIDTH = 400
PIXELS = 2.2  # of the card for one unit of the map
COLORS = 128

PAPER, INK, QUIET, ACCENT = "#fbfaf6", "#1a2238", "#565d70", "#0b5e5a"
LAND, WATER, LINE = "#e2dccb", "#a9c4c6", "#d9d5ca"

PITCH, BAR_WIDTH, BAR_HEIGHT, BAR_STEP = 52, 36, 14, 22
TITLE_SIZES = (84, 72, 62, 54, 46)
MOST_LINES = 3

Draw = ImageDraw.ImageDraw
Font = ImageFont.FreeTypeFont


@dataclass(frozen=True)
class Card:
    """What a card says: above the title, the title, below it; a strip or a map where there is one.

    `remark`: in the place of the strip, for what is no city.
    """

    title: str
    kicker: str = ""
    line: str = ""
    remark: str = ""
    strip: Strip | None = field(default=None, repr=False)
    degrees: Degrees | None = None

    @property
    def key(self) -> str:
        """A hash of all that is drawn: the name of its file."""
        content = repr((VERSION, asdict(self)))
        return hashlib.sha256(content.encode()).hexdigest()[:20]


def png_of(card: Card) -> bytes:
    """The file of a card."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    width = WIDTH - 2 * MARGIN
    place = locate(*card.degrees) if card.degrees else None
    if place and FRAME.holds(place):
        _paste_map(image, place)
        width -= MAP_WIDTH
    _draw_brand(draw)
    below = _draw_words(draw, card, width)
    if card.strip:
        _draw_strip(draw, card.strip)
    elif card.remark:
        _draw_lines(draw, card.remark, (34, 30), width, max(below + 28, 400))
    return _file(image)


def _file(image: Image.Image) -> bytes:
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.quantize(COLORS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


# --- Words ----------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def font_of(size: int, weight: str = "") -> Font:
    """Roboto in a size in pixels of the card; weight: "", "Medium" or "Bold"."""
    return ImageFont.truetype(font_files[f"Roboto{weight}"], size * SCALE)


def _draw_brand(draw: Draw) -> None:
    heights = (2, 3, 1, 2, 3, 3, 1, 2, 3, 2)
    for place, bars in enumerate(heights):
        left = MARGIN + place * 8
        for bar in range(bars):
            top = 92 - bar * 10
            draw.rectangle(_box(left, top, left + 5, top + 7), fill=ACCENT)
    draw.text(_point(MARGIN + 96, 70), "Ten Points", fill=ACCENT, font=font_of(30, "Medium"))


def _draw_words(draw: Draw, card: Card, width: int) -> int:
    """Kicker, title and line; gives where they end, in pixels from the top."""
    top = 148
    if card.kicker:
        draw.text(_point(MARGIN, top), card.kicker, fill=QUIET, font=font_of(28))
    top = _draw_lines(draw, card.title, TITLE_SIZES, width, top + 42, weight="Bold")
    if card.line:
        top = _draw_lines(draw, card.line, (32, 28), width, top + 14)
    return top


def _draw_lines(
    draw: Draw, text: str, sizes: tuple[int, ...], width: int, top: int, weight: str = ""
) -> int:
    """The text in the first of these sizes in which it has at most three lines, else cut short."""
    lines: list[str] = []
    size = sizes[-1]
    for size in sizes:
        lines = list(wrapped(text, font_of(size, weight), width))
        if len(lines) <= MOST_LINES and all(
            width_of(line, font_of(size, weight)) <= width for line in lines
        ):
            break
    step = round(size * 1.2)
    most = min(MOST_LINES, (HEIGHT - 40 - top) // step)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    for number, line in enumerate(lines):
        place = _point(MARGIN, top + number * step)
        draw.text(place, line, fill=INK, font=font_of(size, weight))
    return top + len(lines) * step


def wrapped(text: str, font: Font, width: int) -> Iterator[str]:
    """The lines of a text, each at most `width` pixels wide if its words are."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, font) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def width_of(text: str, font: Font) -> float:
    """In pixels of the card."""
    return font.getlength(text) / SCALE


# --- The strip ------------------------------------------------------------------------------------


def _draw_strip(draw: Draw, strip: Strip) -> None:
    for place, column in enumerate(strip.columns):
        left = MARGIN + place * PITCH
        _draw_column(draw, column, left)
        middle = _point(left + BAR_WIDTH / 2, 556)
        draw.text(middle, str(column.number), fill=QUIET, font=font_of(22), anchor="ma")


def _draw_column(draw: Draw, column: StripColumn, left: int) -> None:
    foot = 540
    if column.is_refused:
        draw.rectangle(_box(left, foot - 8, left + BAR_WIDTH, foot - 4), fill=INK)
        return
    for bar in range(BARS):
        top = foot - BAR_HEIGHT - bar * BAR_STEP
        box = _box(left, top, left + BAR_WIDTH, top + BAR_HEIGHT)
        if bar < column.own_bars:
            draw.rectangle(box, fill=INK)
        elif bar < column.recent_bars:
            draw.rectangle(box, outline=INK, width=3 * SCALE)
        elif bar < column.bars:
            _draw_dashes(draw, left, top)


def _draw_dashes(draw: Draw, left: int, top: int) -> None:
    """An outline in dashes: what is old or undated."""
    right, bottom = left + BAR_WIDTH, top + BAR_HEIGHT
    for start in range(left, right, 9):
        end = min(start + 5, right)
        draw.rectangle(_box(start, top, end, top + 2), fill=INK)
        draw.rectangle(_box(start, bottom - 2, end, bottom), fill=INK)
    draw.rectangle(_box(left, top, left + 2, bottom), fill=INK)
    draw.rectangle(_box(right - 2, top, right, bottom), fill=INK)


# --- The map --------------------------------------------------------------------------------------


def _paste_map(image: Image.Image, place: Position) -> None:
    """Land, lakes and rivers round a place, at the right edge of the card."""
    panel = Image.new("RGB", (MAP_WIDTH * SCALE, HEIGHT * SCALE), "#eef3f2")
    draw = ImageDraw.Draw(panel)
    window = _window(place)
    for kind, color in (("land", LAND), ("lake", WATER), ("river", WATER)):
        for shape in shapes():
            if shape.kind != kind or not shape.box.overlaps(window):
                continue
            points = [_pixels(point, window) for point in shape.points]
            if shape.is_closed:
                draw.polygon(points, fill=color)
            else:
                draw.line(points, fill=color, width=2 * SCALE)
    middle = (MAP_WIDTH * SCALE / 2, HEIGHT * SCALE / 2)
    draw.circle(middle, 11 * SCALE, fill=ACCENT)
    draw.circle(middle, 20 * SCALE, outline=ACCENT, width=3 * SCALE)
    image.paste(panel, ((WIDTH - MAP_WIDTH) * SCALE, 0))


def _window(place: Position) -> Box:
    width = MAP_WIDTH / PIXELS
    height = HEIGHT / PIXELS
    return window_around(place, width, height)


def _pixels(point: Position, window: Box) -> tuple[float, float]:
    scale = PIXELS * SCALE
    return (point.x - window.left) * scale, (point.y - window.top) * scale


def _point(x: float, y: float) -> tuple[float, float]:
    return x * SCALE, y * SCALE


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
    return left * SCALE, top * SCALE, right * SCALE - 1, bottom * SCALE - 1
