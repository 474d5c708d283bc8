"""The folder of the backups that a timer makes: their names, and how long they stay."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

_FORM = "%Y-%m-%dT%H%M%SZ"
_NAME = re.compile(r"ten-points-(\d{4}-\d\d-\d\dT\d{6}Z)\.tar\.gz(\.age)?")


def next_path(*, is_encrypted: bool) -> Path:
    """Where the backup of this moment goes."""
    moment = timezone.now().astimezone(UTC).strftime(_FORM)
    ending = ".tar.gz.age" if is_encrypted else ".tar.gz"
    return Path(settings.BACKUP_FOLDER) / f"ten-points-{moment}{ending}"


def old_backups() -> list[Path]:
    """Those that are older than `BACKUP_DAYS`, never the newest."""
    limit = timezone.now() - timedelta(days=settings.BACKUP_DAYS)
    by_age = sorted(_backups(), reverse=True)
    return [path for moment, path in by_age[1:] if moment < limit]


def delete_old() -> int:
    """Delete them; how many."""
    old = old_backups()
    for path in old:
        path.unlink()
    return len(old)


def _backups() -> list[tuple[datetime, Path]]:
    """Each with its moment, as its name says; other files are not ours."""
    backups = []
    for path in Path(settings.BACKUP_FOLDER).iterdir():
        match = _NAME.fullmatch(path.name)
        if match:
            moment = datetime.strptime(match[1], _FORM).replace(tzinfo=UTC)
            backups.append((moment, path))
    return backups
