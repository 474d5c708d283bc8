"""Whose the portal's files are: what root creates, the account of the portal cannot write."""

import os
from pathlib import Path

from django.conf import settings

ROOT = 0


def foreign_owner() -> str:
    """The account to which the portal's data belong, if we are root and it is not; else empty.

    Looks at the folders of the SQLite database and of the uploaded files. A development checkout is
    left alone: in containers root often works on files of another account.
    """
    if settings.DEBUG or os.geteuid() != ROOT:
        return ""
    for folder in _data_folders():
        if folder.exists() and folder.stat().st_uid != ROOT:
            return folder.owner()
    return ""


def refusal(owner: str) -> str:
    """What to do instead, in plain words."""
    return (
        f"You are root, but the portal's data belong to {owner}, who could not write what root "
        f"writes. Run it as that account: runuser -u {owner} -- …"
    )


def _data_folders() -> list[Path]:
    database = settings.DATABASES["default"]
    folders = [Path(settings.MEDIA_ROOT)]
    if database["ENGINE"].endswith("sqlite3"):
        folders.append(Path(database["NAME"]).parent)
    return folders
