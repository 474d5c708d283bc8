"""Pictures: only pixels come in, drafts stay hidden, and what is wrong is said at the field."""

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from members.models import KeptFile
from members.picture_files import CutOffError, NotAPictureError, TooManyPixelsError
from portal.models import News, Picture
from portal.pictures import renditions
from portal.services import pictures
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

ADD = "/admin/portal/news/add/"
WHERE = "Somewhere private"


def picture_file(
    size: tuple[int, int] = (800, 500), kind: str = "JPEG", mode: str = "RGB", **options: object
) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 0)).save(
        buffer, kind, **options
    )
    return buffer.getvalue()


def telling_file() -> bytes:
    """A JPEG as a telephone makes it: lying on its side, with place, device and a remark."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turned to the right
    exif[0x010F] = WHERE  # Maker of the device
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (50.0, 3.0, 41.0)
    exif[0x8825] = gps
    return picture_file((800, 500), exif=exif, comment=WHERE.encode())


def png_head(width: int, height: int) -> bytes:
    """A PNG that says its size and holds nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    ending = b"\x00\x00\x00\x00IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + ending
    )


def news_fields(city, **more: object) -> dict[str, object]:
    inline = {f"attachments-{part}": 0 for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    fields = {
        "source_language": "en",
        "city": city.pk,
        "on": "2026-03-21",
        "title_en": "A day",
        "credit": "Ada, CC0",
    }
    return {**fields, "picture_text_en": "A red wall", **inline, **more}


def upload(content: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


# --- What is made of a file -----------------------------------------------------------------------


def test_picture_keeps_nothing_of_what_the_file_told():
    content = telling_file()
    with Image.open(io.BytesIO(content)) as before:
        assert before.getexif()[0x010F] == WHERE
        assert before.getexif().get_ifd(0x8825)
    for made in renditions(io.BytesIO(content)).files.values():
        with Image.open(io.BytesIO(made)) as after:
            assert not after.getexif()
            assert {"exif", "comment", "icc_profile"} & set(after.info) == set()
        assert WHERE.encode() not in made


def test_picture_stands_upright():
    made = renditions(io.BytesIO(telling_file()))
    assert (made.width, made.height) == (500, 800)


@pytest.mark.parametrize(
    ("size", "widths"),
    [
        ((300, 200), [300]),
        ((480, 300), [480]),
        ((800, 500), [480, 800]),
        ((3000, 2000), [480, 960, 1600]),
    ],
)
def test_picture_is_made_in_the_widths_that_it_has(size, widths):
    made = renditions(io.BytesIO(picture_file(size)))
    assert sorted(made.files) == widths
    for width, content in made.files.items():
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.width) == ("JPEG", width)


SQUARE = (16, 16)
GREEN = (10, 200, 30)
# Green, half of it seen, on white.
PALE = (132, 227, 142)
GREY, PALE_GREY, WHITE = (100,) * 3, (177,) * 3, (255,) * 3


def filled(mode: str, color: object, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, SQUARE, color).save(buffer, kind, **options)
    return buffer.getvalue()


def palette_file(**options: object) -> bytes:
    image = Image.new("P", SQUARE, 1)
    image.putpalette([9, 9, 9, *GREEN])
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def deep_png(color_type: int, *values: int) -> bytes:
    """A PNG of 16 bits for each value, which Pillow reads and cannot write."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    row = struct.pack(f">{len(values)}H", *[257 * value for value in values]) * SQUARE[0]
    head = struct.pack(">IIBBBBB", *SQUARE, 16, color_type, 0, 0, 0)
    pixels = zlib.compress((b"\0" + row) * SQUARE[1])
    chunks = [(b"IHDR", head), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*parts) for parts in chunks)


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", SQUARE, color) for color in (GREEN, (200, 0, 0))]
    buffer = io.BytesIO()
    options = {"quality": 98} if kind == "MPO" else {"lossless": True}
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:], **options)
    return buffer.getvalue()


MODES = {
    "1 bit": (filled("1", 1), WHITE),
    "1 bit, black": (filled("1", 0), (0, 0, 0)),
    "1 bit, see-through": (filled("1", 0, transparency=0), WHITE),
    "grey": (filled("L", 100), GREY),
    "grey JPEG": (filled("L", 100, "JPEG"), GREY),
    "grey, see-through": (filled("L", 100, transparency=100), WHITE),
    "grey with alpha": (filled("LA", (100, 128)), PALE_GREY),
    "grey of 16 bits": (filled("I;16", 100 * 257), GREY),
    "grey of 16 bits, see-through": (filled("I;16", 25_700, transparency=25_700), WHITE),
    "grey with alpha of 16 bits": (deep_png(4, 100, 128), PALE_GREY),
    "palette": (palette_file(), GREEN),
    "palette, see-through": (palette_file(transparency=1), WHITE),
    "palette, half seen": (palette_file(transparency=bytes([255, 128])), PALE),
    "RGB": (filled("RGB", GREEN), GREEN),
    "RGB, see-through": (filled("RGB", GREEN, transparency=GREEN), WHITE),
    "RGB of 16 bits": (deep_png(2, *GREEN), GREEN),
    "alpha": (filled("RGBA", (*GREEN, 128)), PALE),
    "alpha of 16 bits": (deep_png(6, *GREEN, 128), PALE),
    "WebP": (filled("RGB", GREEN, "WEBP", lossless=True), GREEN),
    "WebP with alpha": (filled("RGBA", (*GREEN, 128), "WEBP", lossless=True), PALE),
    "CMYK": (filled("CMYK", (0, 255, 255, 0), "JPEG"), (255, 0, 0)),
    "YCbCr": (filled("YCbCr", (100, 128, 128), "JPEG"), GREY),
    "animated PNG": (animated("PNG"), GREEN),
    "animated WebP": (animated("WEBP"), GREEN),
    "several JPEG in one": (animated("MPO"), GREEN),
}


@pytest.mark.parametrize("name", MODES)
def test_picture_of_every_mode_keeps_its_colors(name):
    content, color = MODES[name]
    made = renditions(io.BytesIO(content))
    with Image.open(io.BytesIO(made.files[16])) as image:
        assert (image.mode, image.size) == ("RGB", SQUARE)
        pixel = image.getpixel((5, 5))
    assert all(abs(one - other) <= 4 for one, other in zip(pixel, color, strict=True)), pixel


TURNS = Image.Transpose
# By EXIF's number: how the camera was held, as the turn that undoes it.
STORED = {
    1: None,
    2: TURNS.FLIP_LEFT_RIGHT,
    3: TURNS.ROTATE_180,
    4: TURNS.FLIP_TOP_BOTTOM,
    5: TURNS.TRANSPOSE,
    6: TURNS.ROTATE_90,
    7: TURNS.TRANSVERSE,
    8: TURNS.ROTATE_270,
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_picture_stands_upright_however_the_camera_was_held(orientation, kind):
    upright = Image.new("RGB", (64, 32), (0, 0, 255))
    upright.paste((255, 0, 0), (0, 0, 32, 16))
    turn = STORED[orientation]
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    stored.save(buffer, kind, exif=exif, quality=98)
    made = renditions(buffer)
    assert (made.width, made.height) == (64, 32)
    with Image.open(io.BytesIO(made.files[64])) as image:
        for at, color in (((4, 4), (255, 0, 0)), ((60, 4), (0, 0, 255)), ((4, 28), (0, 0, 255))):
            pixel = image.getpixel(at)
            assert all(abs(one - other) <= 8 for one, other in zip(pixel, color, strict=True))


def test_large_picture_is_brought_down_in_strips_without_a_seam():
    """A gradient over 5,000 rows: each row of the result is as bright as its place says."""
    gradient = Image.linear_gradient("L").resize((4000, 5000))
    buffer = io.BytesIO()
    gradient.save(buffer, "PNG", compress_level=1)
    made = renditions(buffer)
    assert (made.width, made.height) == (1600, 2000)
    with Image.open(io.BytesIO(made.files[1600])) as image:
        column = image.convert("L").crop((800, 0, 801, 2000)).tobytes()
    assert all(abs(value - 255 * row / 2000) <= 3 for row, value in enumerate(column))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.66, 0.98])
def test_picture_that_is_cut_off_is_refused(kind, part):
    noise = Image.effect_noise((300, 200), 60).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, kind)
    content = buffer.getvalue()
    with pytest.raises(CutOffError):
        renditions(io.BytesIO(content[: int(part * len(content))]))


@pytest.mark.parametrize("content", [png_head(10_000, 6_000), png_head(60_000, 60_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(content):
    with pytest.raises(TooManyPixelsError):
        renditions(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        picture_file(kind="GIF"),
        picture_file(kind="BMP"),
        picture_file()[:400],
        png_head(100, 100),
        b"\xff\xd8\xff" + b"\x00" * 50,
    ],
    ids=["empty", "pdf", "svg", "gif", "bmp", "cut off", "head only", "rubbish"],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(NotAPictureError):
        renditions(io.BytesIO(content))


# --- In the administration ------------------------------------------------------------------------


def errors_of(response) -> dict[str, list[str]]:
    assert response.status_code == 200
    return response.context["adminform"].form.errors


def test_picture_comes_with_the_news(person, alfa, browse):
    response = browse(person("lead", alfa)).post(
        ADD, news_fields(alfa, picture_file=upload(telling_file()))
    )
    assert response.status_code == 302
    news = News.objects.get()
    assert (news.picture.width, news.picture.height, news.picture.city) == (500, 800, alfa)
    assert all(default_storage.exists(news.picture.path(width)) for width in (480, 500))
    assert "picture.jpg" not in news.picture.path(500)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (png_head(10_000, 6_000), "This picture has 60 megapixels."),
        (b"%PDF-1.7\n", "This is not a JPEG, PNG or WebP picture"),
        (b"", "This file is empty"),
        (picture_file()[:-2000], "The picture is cut off"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "This is a HEIC picture"),
    ],
)
def test_bad_picture_is_answered_at_its_field_and_nothing_typed_is_lost(
    content, sentence, person, alfa, browse
):
    response = browse(person("lead", alfa)).post(
        ADD, news_fields(alfa, picture_file=upload(content))
    )
    assert sentence in str(errors_of(response)["picture_file"])
    assert 'value="A day"' in response.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("missing", "field"), [("picture_text_en", "picture_text_en"), ("credit", "credit")]
)
def test_picture_without_its_words_is_refused_and_kept_for_the_next_try(
    missing, field, person, alfa, browse
):
    client = browse(person("lead", alfa))
    response = client.post(
        ADD, news_fields(alfa, picture_file=upload(picture_file()), **{missing: ""})
    )
    assert list(errors_of(response)) == [field]
    key = fields_of(response, "news_form")["picture_file-kept"][0]
    assert not News.objects.exists()
    kept = {"picture_file-kept": key}
    assert client.post(ADD, news_fields(alfa, **kept)).status_code == 302
    assert News.objects.get().picture == Picture.objects.get()
    assert not KeptFile.objects.exists()


def test_kept_picture_is_its_own_persons_only(person, alfa, beta, browse):
    response = browse(person("lead", beta)).post(
        ADD, news_fields(beta, picture_file=upload(picture_file()), picture_text_en="")
    )
    key = fields_of(response, "news_form")["picture_file-kept"][0]
    client = browse(person("lead", alfa))
    for typed in (key, "nonsense", "a:b:c", "\x00"):
        client.post(ADD, news_fields(alfa, slug="", **{"picture_file-kept": typed}))
    assert not News.objects.exclude(picture=None).exists()


def test_picture_is_taken_away(person, alfa, alfa_rows, browse):
    news = alfa_rows["portal.news"]
    fields = news_fields(alfa, slug=news.slug, remove_picture="on", picture_text_en="", credit="")
    assert (
        browse(person("lead", alfa))
        .post(f"/admin/portal/news/{news.pk}/change/", fields)
        .status_code
        == 302
    )
    news.refresh_from_db()
    assert news.picture is None


def test_picture_that_hangs_on_nothing_goes_after_a_day(alfa, django_capture_on_commit_callbacks):
    made = renditions(io.BytesIO(picture_file()))
    forgotten = pictures.keep(renditions=made, city=alfa, by=None)
    Picture.objects.update(uploaded_at=timezone.now() - 2 * pictures.WAITS)
    with django_capture_on_commit_callbacks(execute=True):
        kept = pictures.keep(renditions=made, city=alfa, by=None)
    assert list(Picture.objects.all()) == [kept]
    assert not default_storage.exists(forgotten.path(480))
    assert default_storage.exists(kept.path(480))


# --- Shown to whom --------------------------------------------------------------------------------


@pytest.fixture
def shown(alfa) -> News:
    made = renditions(io.BytesIO(picture_file()))
    words = {"title_en": "Shown", "picture_text_en": "A wall", "credit": "Ada"}
    picture = pictures.keep(renditions=made, city=alfa, by=None)
    return News.objects.create(
        slug="shown", on="2026", city=alfa, picture=picture, published_at=timezone.now(), **words
    )


def test_public_picture_is_served_with_care(shown, client):
    response = client.get(f"/pictures/{shown.picture.pk}/480.jpg")
    assert response.getvalue().startswith(b"\xff\xd8\xff")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not response.cookies
    again = client.get(
        f"/pictures/{shown.picture.pk}/480.jpg", headers={"if-none-match": response["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("width", ["481", "0", "9" * 30])
def test_picture_has_only_its_own_widths(width, shown, client):
    assert client.get(f"/pictures/{shown.picture.pk}/{width}.jpg").status_code == 404


@pytest.mark.parametrize("ahead", [None, timedelta(hours=1)])
def test_picture_of_a_draft_is_its_citys_only(ahead, shown, client, person, alfa, beta, browse):
    News.objects.update(published_at=timezone.now() + ahead if ahead else None)
    address = f"/pictures/{shown.picture.pk}/480.jpg"
    assert client.get(address).status_code == 404
    assert browse(person("lead", beta)).get(address).status_code == 404
    response = browse(person("viewer", alfa)).get(address)
    assert response.getvalue()
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


def test_page_offers_every_width_and_says_what_is_seen(shown, client):
    html = client.get("/en/news/shown/").content.decode()
    number = shown.picture.pk
    assert f'srcset="/pictures/{number}/480.jpg 480w, /pictures/{number}/800.jpg 800w"' in html
    assert 'width="800" height="500" alt="A wall"' in html
    assert "Picture: Ada" in html


def test_lost_file_is_a_404(shown, client):
    default_storage.delete(shown.picture.path(480))
    assert client.get(f"/pictures/{shown.picture.pk}/480.jpg").status_code == 404
