"""Uploaded files in an S3-compatible storage that several machines share (`S3_BUCKET`).

Readers never get an address of the storage: the portal checks rights and gives files out itself.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from members.uploads import StorageAway

# Seconds. A page that needs a file says so sooner than nginx gives up.
CONNECT_SECONDS = 2
READ_SECONDS = 5
ATTEMPTS = 2
# A file that is larger waits on the disk while it is read.
MOST_IN_MEMORY = 2 * 1024 * 1024


@contextmanager
def faults_as_outage() -> Iterator[None]:
    """Errors of the library as the one that the rest of the portal knows."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise StorageAway(errno.EIO, f"The storage of files refuses: {error}") from error


class BucketStorage(S3Storage):
    """Files of the portal in a bucket that nobody else may read."""

    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            "client_config": _client_config(),
            "default_acl": None,
            "file_overwrite": False,
            "max_memory_size": MOST_IN_MEMORY,
        }

    def url(self, *args: Any, **kwargs: Any) -> str:
        raise NotImplementedError("Files are given out by the portal, which checks rights.")

    def rename(self, origin: str, name: str) -> None:
        """Give a file another name, in place of whatever has it."""
        with faults_as_outage():
            source = {"Bucket": self.bucket_name, "Key": origin}
            self.bucket.Object(name).copy(source)
            self.bucket.Object(origin).delete()

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        with faults_as_outage():
            file = super()._open(name, mode)
            # It is fetched now: an outage in the middle of an answer cannot be said any more.
            _content = file.file
            return file

    def _save(self, name: str, content: "File[Any]") -> str:
        with faults_as_outage():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with faults_as_outage():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with faults_as_outage():
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with faults_as_outage():
            return super().listdir(path)

    def size(self, name: str) -> int:
        with faults_as_outage():
            return super().size(name)


def _client_config() -> Config:
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        signature_version="s3v4",
        # Checksums of newer kinds are unknown to many storages that are not Amazon's.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
