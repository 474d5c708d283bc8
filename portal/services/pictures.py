"""Keeping a picture, hanging it on its news or its city, forgetting what hangs on nothing."""

import logging
import uuid
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from members.models import City, User
from portal.models import CityPicture, News, Picture
from portal.pictures import Renditions

logger = logging.getLogger(__name__)

# So long a picture waits for the form that it was chosen in.
WAITS = timedelta(days=1)


@transaction.atomic
def keep(*, renditions: Renditions, city: City | None, by: User | None) -> Picture:
    """Write the files and their row. Nobody sees the picture until it hangs on something public."""
    forget_unused()
    row = Picture(
        storage_key=uuid.uuid4(),
        width=renditions.width,
        height=renditions.height,
        city=city,
        uploaded_by=by,
    )
    row.save()
    for width, content in renditions.files.items():
        default_storage.save(row.path(width), ContentFile(content))
    return row


@transaction.atomic
def hang(*, picture: Picture | None, news: News) -> None:
    """Give news a picture, or none; the one before is forgotten after a day. The caller saves the
    news."""
    news.picture = picture
    if picture is None:
        return
    if picture.city_id != news.city_id:
        picture.city_id = news.city_id
        picture.save()


@transaction.atomic
def show(*, picture: Picture, of: CityPicture) -> None:
    """Make it the picture of a city; the one before is forgotten after a day. The caller saves the
    entry."""
    of.picture = picture
    if picture.city_id != of.city_id:
        picture.city_id = of.city_id
        picture.save()


def forget_unused() -> None:
    """Delete pictures that have hung on nothing for a day: of forms that were never saved, of
    deleted news."""
    since = timezone.now() - WAITS
    unused = Picture.objects.unused().filter(uploaded_at__lt=since)
    for picture in unused:
        delete(picture=picture)


@transaction.atomic
def delete(*, picture: Picture) -> None:
    """Delete a picture that hangs on nothing, and its files."""
    paths = [picture.path(width) for width in picture.widths()]
    picture.delete()
    delete_files = partial(_delete_files, paths)
    transaction.on_commit(delete_files)


def _delete_files(paths: list[str]) -> None:
    for path in paths:
        try:
            default_storage.delete(path)
        except OSError:
            logger.exception("A file of a forgotten picture could not be deleted")
