"""Uploaded files on a disk that may be full: no half of a file stays, and the form can say so."""

import errno
import shutil
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# No space on the device; the quota of the account is used up.
_FULL = {errno.ENOSPC, errno.EDQUOT}
# What stays free beside an upload: the database and the log may lie on the same disk.
RESERVE = 16 * 1024 * 1024


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the operating system refused to write for want of room."""
    return isinstance(error, OSError) and error.errno in _FULL


class StorageAway(OSError):
    """The storage of uploaded files does not answer, or refuses; what is elsewhere can be read."""


class WholeFileStorage(FileSystemStorage):
    """Files of the portal on its disk. One that could not be written whole is deleted again."""

    def _save(self, name: str, content: "File[Any]") -> str:
        try:
            saved: str = super()._save(name, content)  # type: ignore[misc]
        except OSError:
            # The name was free before: what is there now is the part.
            with suppress(OSError):
                self.delete(name)
            raise
        return saved


class LostUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that came, and for which the disk had no room; it has its size and no content."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(file=BytesIO(), name=name, size=size)


class PatientUploadHandler(TemporaryFileUploadHandler):
    """Takes a large upload to the end although the disk has no room for it.

    The other fields of the form arrive, and the file becomes a `LostUpload`.
    """

    is_lost = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.is_lost = False
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.is_lost:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._lose(error)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        if not self.is_lost:
            try:
                # What waits in the buffer is written now.
                return super().file_complete(file_size)
            except OSError as error:
                self._lose(error)
        return LostUpload(self.file_name or "", file_size)

    def _lose(self, error: OSError) -> None:
        if not is_disk_full(error):
            raise error
        self.is_lost = True
        # Closing writes the buffer once more, in vain, and deletes the file.
        with suppress(OSError):
            self.file.close()


def has_room(upload: "UploadedFile[Any]") -> bool:
    """Whether the file came whole, and the disk of the portal's files can take it."""
    if isinstance(upload, LostUpload):
        return False
    if not isinstance(default_storage, FileSystemStorage):
        return True
    free = shutil.disk_usage(_existing_folder()).free
    return free > (upload.size or 0) + RESERVE


def _existing_folder() -> Path:
    folder = Path(settings.MEDIA_ROOT)
    while not folder.exists():
        folder = folder.parent
    return folder
