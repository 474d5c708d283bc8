"""Files of the demonstration: a picture and a paper, made here; nobody's real ones may stand for
invented ones."""

import hashlib
import io
import uuid

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from members.models import Document
from portal.models import Attachment, News
from portal.pictures import renditions
from portal.services import pictures

NEWS = "sampleton-opens-its-mediation-room"
TITLE = "How the mediation works (invented)"
SIZE = (1600, 1000)
HOUSES = ["#a8321b", "#d99a2b", "#0b5e5a", "#7b4b8a", "#3c6ea5", "#b5651d", "#557a46", "#8c2f4b"]


def add_files() -> None:
    """Hang a picture and a public paper on the invented news that speak of them, unless they hang
    there already."""
    news = News.objects.filter(slug=NEWS, fictional=True).first()
    if news is None:
        return
    if news.picture is None:
        made = renditions(io.BytesIO(drawing()))
        pictures.hang(picture=pictures.keep(made=made, city=news.city, by=None), on=news)
        news.save()
    if not news.attachments.exists():
        Attachment.objects.create(news=news, document=_paper(news))


def _paper(news: News) -> Document:
    content = paper("How the mediation works: an invented paper of an invented city.")
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
    width, height = SIZE
    image = Image.new("RGB", SIZE, "#f3e3c3")
    draw = ImageDraw.Draw(image)
    for line in range(600):
        draw.line(
            [(0, line), (width, line)], fill=(150 + line // 6, 190 + line // 15, 230 - line // 12)
        )
    draw.ellipse([1180, 120, 1340, 280], fill="#fff3c4")
    for number, colour in enumerate(HOUSES):
        _house(draw, left=number * 200, top=330 + (number * 67) % 130, colour=colour)
    draw.rectangle([0, 800, width, height], fill="#8f8c83")
    for rail in (850, 900):
        draw.line([(0, rail), (width, rail)], fill="#39404d", width=8)
    draw.rectangle([520, 560, 1120, 840], fill="#e9e1cd", outline="#39404d", width=6)
    draw.polygon([(490, 560), (820, 440), (1150, 560)], fill="#5a3d2b")
    draw.rectangle([720, 640, 920, 840], fill="#ffd97a", outline="#39404d", width=6)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _house(draw: ImageDraw.ImageDraw, *, left: int, top: int, colour: str) -> None:
    draw.rectangle([left, top, left + 190, 800], fill=colour)
    draw.polygon([(left - 10, top), (left + 95, top - 90), (left + 200, top)], fill="#4a3b35")
    for x in (left + 35, left + 115):
        for y in range(top + 40, 700, 110):
            draw.rectangle([x, y, x + 42, y + 62], fill="#fdf6df")


def paper(sentence: str) -> bytes:
    """A PDF of one page with one sentence."""
    text = f"BT /F1 14 Tf 72 760 Td ({sentence}) Tj ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
    ]
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    ending = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + ending
