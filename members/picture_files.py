"""Pictures that people upload, read with Pillow: whole, or refused with the reason."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

# So much memory a picture may take while it is read.
MEGABYTES = 200
# What a decoder takes for a pixel: that of WebP keeps the picture four times, that of a JPEG for
# print may keep four numbers of each.
BYTES_OF_WEBP, BYTES_FOR_PRINT, BYTES = 15, 6, 4
# Pillow's own limit only warns. Ours stands below, is asked before anything is decoded, and answers
# with a sentence.
Image.MAX_IMAGE_PIXELS = None

# Pillow's readers answer damaged files with errors of many kinds.
READ_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    OverflowError,
    MemoryError,
)
# ISO/IEC 23008-12, annex B: after four bytes of length and `ftyp`, what a HEIF file is for.
HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


class PictureError(Exception):
    """The file cannot become a picture."""


class NotAPictureError(PictureError):
    """None of the formats, or damaged."""


class CutOffError(NotAPictureError):
    """The end of the file is missing."""


class TooManyPixelsError(PictureError):
    def __init__(self, megapixels: int, most: int) -> None:
        super().__init__(megapixels, most)
        self.megapixels = megapixels
        self.most = most


@contextmanager
def open_picture(file: BinaryIO, formats: Sequence[str]) -> Iterator[Image.Image]:
    """The picture, its head read and nothing decoded yet. Raises `PictureError`, also for what
    Pillow answers while it is decoded within the block."""
    file.seek(0)
    try:
        with Image.open(file, formats=tuple(formats)) as image:
            _refuse_too_large(image)
            yield image
    except PictureError:
        raise
    except READ_ERRORS as error:
        if _is_cut_off(file, error):
            raise CutOffError from error
        raise NotAPictureError from error


def refuse_undecodable(file: BinaryIO, formats: Sequence[str]) -> None:
    """Decode the whole picture; raise `PictureError` where that fails. Nothing is kept."""
    with open_picture(file, formats) as image:
        # A JPEG is read to its end all the same, and takes an eighth of the width in memory.
        image.draft(image.mode, (1, 1))
        image.load()
    file.seek(0)


def is_heic(beginning: bytes) -> bool:
    """Whether a file that begins so is a picture in the format of iPhones."""
    return beginning[4:8] == b"ftyp" and beginning[8:12] in HEIF_BRANDS


def heic_refusal() -> ValidationError:
    sentence = _(
        "This is a HEIC picture, as many telephones take them. Save it as JPEG and choose it "
        "again: open it on a computer and export it as JPEG, or set the telephone’s camera to "
        "“Most Compatible” and take the picture anew."
    )
    return ValidationError(sentence, code="heic")


def cut_off_refusal() -> ValidationError:
    sentence = _(
        "The picture is cut off: the end of its file is missing. Fetch the whole file from where "
        "it comes and choose it again."
    )
    return ValidationError(sentence, code="cut_off")


def size_refusal(error: TooManyPixelsError) -> ValidationError:
    sentence = _(
        "This picture has %(size)d megapixels. Make it smaller, to %(limit)d at "
        "most, and choose it again."
    )
    params = {"size": error.megapixels, "limit": error.most}
    return ValidationError(sentence, code="too_many_pixels", params=params)


def _refuse_too_large(image: Image.Image) -> None:
    """Ask the size that the head of the file states; nothing is decoded yet."""
    pixels = image.width * image.height
    megapixels = math.ceil(pixels / 1_000_000)
    most = most_megapixels(image)
    if megapixels > most:
        raise TooManyPixelsError(megapixels, most)


def most_megapixels(image: Image.Image) -> int:
    """50; fewer where reading takes more memory."""
    if image.format == "WEBP":
        return MEGABYTES // BYTES_OF_WEBP
    return MEGABYTES // (BYTES_FOR_PRINT if image.mode == "CMYK" else BYTES)


def _is_cut_off(file: BinaryIO, error: Exception) -> bool:
    """Pillow says so of JPEG and PNG; of WebP the head does, which states the length (RIFF)."""
    if "truncated" in str(error).lower():
        return True
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        return False
    stated = int.from_bytes(head[4:8], "little") + 8
    return file.seek(0, 2) < stated
