"""From a file that somebody uploaded to pictures that everybody may see: checked, turned upright,
made anew.

Only the pixels are taken over. What else a file carries (place, device, time, thumbnails, comments)
stays behind.
"""

import io
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from members.picture_files import open_picture
from portal.models import Picture

FORMATS = ("JPEG", "PNG", "WEBP")
MEGABYTES = 20
QUALITY = 82
# The side that a large picture is brought down to at once; as wide as the widest that is kept.
SIDE = max(Picture.WIDTHS)
# Rows that are worked on together: beside the decoded file, memory holds no second one.
STRIP = 64
# 16 bits of grey to 8; Pillow's own conversion takes everything from 256 on for white.
EIGHT_BITS = [round(value / 257) for value in range(65_536)]


@dataclass(frozen=True)
class Renditions:
    """A picture as it will be kept: its size, and for each width the bytes of a JPEG file."""

    width: int
    height: int
    files: dict[int, bytes]


def renditions(upload: BinaryIO) -> Renditions:
    """Make the pictures of all widths. Raises `PictureError`."""
    with open_picture(upload, FORMATS) as image:
        pixels = _pixels(image)
    largest = _narrowed(pixels, SIDE)
    smaller = [width for width in Picture.WIDTHS if width < largest.width]
    files = {}
    for width in [*smaller, largest.width]:
        rendition = _narrowed(largest, width)
        files[width] = _file(rendition)
    return Renditions(largest.width, largest.height, files)


def _pixels(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, on white, and nothing but pixels. Of an animation: its first picture."""
    # A JPEG is decoded no larger than needed.
    image.draft("RGB", (SIDE, SIDE))
    image.load()
    small = _reduced(image)
    small.info = image.info
    upright = ImageOps.exif_transpose(small) or small
    clean = Image.new("RGB", upright.size)
    clean.paste(_in_srgb(upright).convert("RGB"))
    return clean


def _reduced(image: Image.Image) -> Image.Image:
    """The picture on white, by a whole factor smaller where both sides stay at least SIDE."""
    factor = max(1, min(image.size) // SIDE)
    rows = STRIP * factor
    small = None
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        strip = _opaque(image.crop((0, top, image.width, bottom))).reduce(factor)
        if small is None:
            height = -(-image.height // factor)
            small = Image.new(strip.mode, (strip.width, height))
        small.paste(strip, (0, top // factor))
    return small or image


def _opaque(image: Image.Image) -> Image.Image:
    """On white, as grey, RGB or CMYK with 8 bits each."""
    if image.mode == "I;16":
        return _eight_bits(image)
    if image.has_transparency_data:
        opaque = Image.new("RGB", image.size, "white")
        transparent = image.convert("RGBA")
        opaque.paste(
            transparent,
            mask=transparent.getchannel("A"),
        )
        return opaque
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    values = list(EIGHT_BITS)
    see_through = image.info.get("transparency")
    if see_through is not None:
        values[see_through] = 255
    return image.convert("I").point(values, "L")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours as they were meant, where the file says how; without its profile they would look
    pale."""
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        # None only where it converts in place.
        converted = ImageCms.profileToProfile(
            image,
            source,
            srgb,
            outputMode="RGB",
        )
        return converted or image
    except (ImageCms.PyCMSError, OSError):
        return image


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = round(image.height * width / image.width)
    size = (width, max(1, height))
    return image.resize(size, Image.Resampling.LANCZOS)


def _file(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(
        buffer,
        "JPEG",
        quality=QUALITY,
        optimize=True,
        progressive=True,
    )
    return buffer.getvalue()
