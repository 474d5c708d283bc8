"""What the pages of one version share in this process: values, and until when they are true."""

from dataclasses import dataclass, field
from datetime import datetime

from languages.shared_values import SharedValues


@dataclass
class VersionMemory:
    """`ends`: when pages of this version change without a write; None as long as nobody asked."""

    version: str
    ends: datetime | None = None
    values: SharedValues = field(default_factory=dict)


NOTHING = VersionMemory(version="")
_newest = {"memory": NOTHING}


def memory_of(version: str, now: datetime) -> VersionMemory:
    """What this process has of the version, as long as that is true; else an empty one."""
    newest = _newest["memory"]
    if newest.version == version and newest.ends and now < newest.ends:
        return newest
    return VersionMemory(version)


def remember(memory: VersionMemory) -> None:
    """Takes the place of that of another version."""
    _newest["memory"] = memory


def forget() -> None:
    remember(NOTHING)
