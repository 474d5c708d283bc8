"""Since when the data are public here, and when they changed last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min

from portal.changes import changes_of_everything
from portal.models import RowChange
from portal.open_data.kind import Kind
from portal.open_data.kinds import KINDS


@dataclass(frozen=True)
class Moments:
    """Of the rows of a kind, or of all; None: not known.

    `issued`: since when the first of today's rows is public here. `modified`: the last change that
    a reader sees; before rows were compared for the first time (`publish_data`) that of all the
    data, so that nobody who waits for a change misses one.
    """

    issued: datetime | None
    modified: datetime | None

    def texts(self) -> dict[str, str]:
        """In ISO 8601, to the second; what is not known is missing."""
        named = {"issued": self.issued, "modified": self.modified}
        return {
            name: moment.isoformat(timespec="seconds") for name, moment in named.items() if moment
        }


def moments_by_kind() -> dict[str, Moments]:
    """A query for each kind whose rows say since when they are public, and one or two for all."""
    published = {kind.name: _published(kind) for kind in KINDS.values()}
    compared = _compared_by_kind()
    of_all = None if compared else _last_of(published)
    moments = {}
    for name, (first, _last) in published.items():
        modified = compared.get(name, of_all)
        moments[name] = Moments(first, modified)
    return moments


def moments_of_all(by_kind: dict[str, Moments]) -> Moments:
    """The first and the last of all kinds."""
    issued = [moments.issued for moments in by_kind.values() if moments.issued]
    modified = [moments.modified for moments in by_kind.values() if moments.modified]
    return Moments(
        min(issued, default=None),
        max(modified, default=None),
    )


def _published(kind: Kind) -> tuple[datetime | None, datetime | None]:
    """When the first and the last of the rows became public; rows of sources do not say so."""
    rows: Any = kind.rows().order_by()
    columns = {field.name for field in rows.model._meta.get_fields()}
    if "published_at" not in columns:
        return None, None
    limits = rows.aggregate(
        first=Min("published_at"),
        last=Max("published_at"),
    )
    return limits["first"], limits["last"]


def _compared_by_kind() -> dict[str, datetime]:
    """The newest change of each kind that a comparison found."""
    rows = RowChange.objects.order_by().values("kind")
    newest_by_kind = rows.annotate(newest=Max("changed_at"))
    return {row["kind"]: row["newest"] for row in newest_by_kind}


def _last_of(published: dict[str, tuple[datetime | None, datetime | None]]) -> datetime | None:
    """The newest of what was published and of what was changed in public."""
    moments = [last for _first, last in published.values() if last]
    moments += [entry.timestamp for entry in changes_of_everything()[:1]]
    return max(moments, default=None)
