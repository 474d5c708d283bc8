"""From a file that somebody uploaded to pictures that everybody may see: checked, turned upright,
made anew.

Only the pixels are taken over. What else a file carries (place, device, time, thumbnails, comments)
stays behind.
"""

import io
import math
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from portal.models import Picture

FORMATS = ("JPEG", "PNG", "WEBP")
MEGAPIXELS = 50
MEGABYTES = 20
QUALITY = 82
# Pillow's own limit only warns. Ours stands below, is asked before anything is decoded, and answers
# with a sentence.
Image.MAX_IMAGE_PIXELS = None


class PictureError(Exception):
    """The file cannot become a picture."""


class NotAPictureError(PictureError):
    """Neither JPEG nor PNG nor WebP, or damaged."""


class TooManyPixelsError(PictureError):
    def __init__(self, megapixels: int) -> None:
        super().__init__(megapixels)
        self.megapixels = megapixels


@dataclass(frozen=True)
class Renditions:
    """A picture as it will be kept: its size, and for each width the bytes of a JPEG file."""

    width: int
    height: int
    files: dict[int, bytes]


def renditions(upload: BinaryIO) -> Renditions:
    """Make the pictures of all widths. Raises `PictureError`."""
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as image:
            _refuse_too_large(image)
            pixels = _pixels(image)
    except PictureError:
        raise
    # Pillow's readers answer damaged files with errors of many kinds.
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        IndexError,
        OverflowError,
        MemoryError,
    ) as error:
        raise NotAPictureError from error
    largest = _narrowed(pixels, max(Picture.WIDTHS))
    smaller = [width for width in Picture.WIDTHS if width < largest.width]
    files = {}
    for width in [*smaller, largest.width]:
        rendition = _narrowed(largest, width)
        files[width] = _file(rendition)
    return Renditions(largest.width, largest.height, files)


def _refuse_too_large(image: Image.Image) -> None:
    """Ask the size that the head of the file states; nothing is decoded yet."""
    pixels = image.width * image.height
    megapixels = math.ceil(pixels / 1_000_000)
    if megapixels > MEGAPIXELS:
        raise TooManyPixelsError(megapixels)


def _pixels(image: Image.Image) -> Image.Image:
    """Upright, in sRGB, on white, and nothing but pixels."""
    # A JPEG is decoded no larger than needed.
    side = 2 * max(Picture.WIDTHS)
    image.draft("RGB", (side, side))
    image.load()
    turned = ImageOps.exif_transpose(image) or image
    upright = _in_srgb(turned)
    clean = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        clean.paste(upright, mask=upright.getchannel("A"))
    else:
        clean.paste(upright.convert("RGB"))
    return clean


def _in_srgb(image: Image.Image) -> Image.Image:
    """Colours as they were meant, where the file says how; without its profile they would look
    pale."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        # None only where it converts in place.
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
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
