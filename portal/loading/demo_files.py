"""Files of the demonstration: a picture and a paper, both made here.

No real file may stand for an invented one.
"""

import hashlib
import io
import uuid

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from members.models import Document
from portal.loading.papers import one_page
from portal.models import Attachment, News
from portal.pictures import renditions
from portal.services import pictures

NEWS = "sampleton-opens-its-mediation-room"
TITLE = "How the mediation works (invented)"
SENTENCE = "How the mediation works: an invented paper of an invented city."
# Of the picture, in pixels.
SIZE = (1600, 1000)
HOUSES = ["#a8321b", "#d99a2b", "#0b5e5a", "#7b4b8a", "#3c6ea5", "#b5651d", "#557a46", "#8c2f4b"]


def add_files() -> None:
    """Hang a picture and a public paper on the invented news that speak of them, unless they hang
    there already."""
    news = News.objects.filter(slug=NEWS, fictional=True).first()
    if news is None:
        return
    if news.picture is None:
        file = io.BytesIO(drawing())
        drawn = renditions(file)
        picture = pictures.keep(renditions=drawn, city=news.city, by=None)
        pictures.hang(picture=picture, news=news)
        news.save()
    if not news.attachments.exists():
        document = _paper(news)
        Attachment.objects.create(news=news, document=document)


def _paper(news: News) -> Document:
    content = one_page([SENTENCE], font_size=14, top=760)
    return Document.objects.create(
        storage_key=uuid.uuid4(),
        file=ContentFile(content, name="paper.pdf"),
        title=TITLE,
        language="en",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content_type="application/pdf",
        city=news.city,
        public_since=timezone.now(),
    )


def drawing() -> bytes:
    """A row of coloured houses under a morning sky, and a tram depot with an open door, as PNG."""
    image = Image.new("RGB", SIZE, "#f3e3c3")
    draw = ImageDraw.Draw(image)
    _sky(draw)
    for number, colour in enumerate(HOUSES):
        top = 330 + (number * 67) % 130
        _house(draw, left=number * 200, top=top, colour=colour)
    _street(draw)
    _depot(draw)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _sky(draw: ImageDraw.ImageDraw) -> None:
    """From blue above to pale above the roofs, with a sun."""
    width, _height = SIZE
    for line in range(600):
        red = 150 + line // 6
        green = 190 + line // 15
        blue = 230 - line // 12
        ends = [(0, line), (width, line)]
        draw.line(ends, fill=(red, green, blue))
    sun = [1180, 120, 1340, 280]
    draw.ellipse(sun, fill="#fff3c4")


def _house(draw: ImageDraw.ImageDraw, *, left: int, top: int, colour: str) -> None:
    """A wall 190 pixels wide with a roof 90 pixels high and two columns of windows."""
    right = left + 190
    ground = 800
    wall = [left, top, right, ground]
    draw.rectangle(wall, fill=colour)
    left_eave = (left - 10, top)
    ridge = (left + 95, top - 90)
    right_eave = (right + 10, top)
    roof = [left_eave, ridge, right_eave]
    draw.polygon(roof, fill="#4a3b35")
    first_window = top + 40
    for x in (left + 35, left + 115):
        for y in range(first_window, 700, 110):
            _window(draw, x, y)


def _window(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    right = x + 42
    below = y + 62
    pane = [x, y, right, below]
    draw.rectangle(pane, fill="#fdf6df")


def _street(draw: ImageDraw.ImageDraw) -> None:
    """The street with two rails."""
    width, height = SIZE
    street = [0, 800, width, height]
    draw.rectangle(street, fill="#8f8c83")
    for y in (850, 900):
        rail = [(0, y), (width, y)]
        draw.line(rail, fill="#39404d", width=8)


def _depot(draw: ImageDraw.ImageDraw) -> None:
    wall = [520, 560, 1120, 840]
    door = [720, 640, 920, 840]
    roof = [(490, 560), (820, 440), (1150, 560)]
    draw.rectangle(wall, fill="#e9e1cd", outline="#39404d", width=6)
    draw.polygon(roof, fill="#5a3d2b")
    draw.rectangle(door, fill="#ffd97a", outline="#39404d", width=6)
