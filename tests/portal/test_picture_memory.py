"""The largest picture of each kind takes little more memory than the portal allows for one: several
people may send one at once, and a machine of 1 GB goes on."""

import gc
import io
from pathlib import Path

import pytest
from PIL import Image

from members.picture_files import MEGABYTES, TooManyPixelsError, refuse_undecodable
from portal.pictures import renditions

# Beside the decoder: the picture on white, upright, and in the colours of the web. A process that
# has lived for long takes 347 for a WebP, a new one 298: its allocator gives back less in between.
MOST_MEGABYTES = MEGABYTES + 160
KINDS = {
    "JPEG": (50, "RGB", "JPEG", {"quality": 60}),
    "progressive JPEG": (50, "RGB", "JPEG", {"quality": 60, "progressive": True}),
    "JPEG for print": (33, "CMYK", "JPEG", {"quality": 60, "progressive": True}),
    "PNG": (50, "RGB", "PNG", {"compress_level": 1}),
    "PNG that is seen through": (50, "RGBA", "PNG", {"compress_level": 1}),
    "PNG of 16 bits": (50, "I;16", "PNG", {"compress_level": 1}),
    "PNG with a palette": (50, "P", "PNG", {"compress_level": 1}),
    "WebP": (13, "RGB", "WEBP", {"method": 0}),
    "WebP that is seen through": (13, "RGBA", "WEBP", {"method": 0}),
}


def picture(megapixels: int, mode: str, kind: str, options: dict) -> bytes:
    file = io.BytesIO()
    color = 0 if mode in {"I;16", "P"} else "teal"
    Image.new(mode, (megapixels * 200, 5_000), color).save(file, kind, **options)
    return file.getvalue()


def status(name: str) -> int:
    """Kilobytes of this process, as the kernel counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [line] = [line for line in lines if line.startswith(f"{name}:")]
    return int(line.split()[1])


def megabytes_taken(work, content: bytes) -> float:
    """At most at any moment, beside what was there before."""
    gc.collect()
    # Forget the highest mark (proc(5)).
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    work(io.BytesIO(content))
    return (status("VmHWM") - before) / 1024


def check(file: io.BytesIO) -> None:
    refuse_undecodable(file, ["JPEG", "PNG", "WEBP"])


@pytest.mark.parametrize("name", KINDS)
def test_largest_picture_takes_no_more_than_its_share(name):
    content = picture(*KINDS[name])
    assert megabytes_taken(renditions, content) < MOST_MEGABYTES
    assert megabytes_taken(check, content) < MOST_MEGABYTES


@pytest.mark.parametrize("name", KINDS)
def test_larger_picture_is_refused_before_it_is_read(name):
    megapixels, *more = KINDS[name]
    content = picture(megapixels + 1, *more)
    for work in (renditions, check):
        file = io.BytesIO(content)
        with pytest.raises(TooManyPixelsError):
            work(file)
