"""Citations of rows, with their sources."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from members.models import Citation, Record
from members.models.record import content_type_of


def citations_of(records: Iterable[Record]) -> list[Citation]:
    """Citations of all these rows with their sources, in one query.

    Each knows its row by `content_type_id` and `object_id`.
    """
    keys: dict[ContentType, list[int]] = defaultdict(list)
    for record in records:
        content_type = content_type_of(record)
        keys[content_type].append(record.pk)
    if not keys:
        return []
    is_of_records = Q()
    for content_type, ids in keys.items():
        is_of_records |= Q(content_type=content_type, object_id__in=ids)
    rows = Citation.objects.filter(is_of_records).select_related("source")
    return list(rows.order_by("pk"))
