"""Sources that stand behind public rows."""

from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import Citation, Evidence, IndicatorValue, Record, Source
from portal.open_data.fields import (
    Type,
    as_of_field,
    coded,
    key_field,
    stored,
)
from portal.open_data.filters import SourceFilter
from portal.open_data.kind import Kind, Rows
from programs.models import Coverage, Evaluation

# Kinds of rows that name a source in a column of their own.
WITH_SOURCE = (Evidence, IndicatorValue, Coverage, Evaluation)


def cited_sources() -> Rows:
    """Sources that a public row of a real city cites: what others cite, nobody has shown yet."""
    is_cited = Q(pk__in=_cited_keys())
    for model in WITH_SOURCE:
        rows: Any = model.objects.public().real()
        is_cited |= Q(pk__in=rows.exclude(source=None).values("source"))
    return Source.objects.filter(is_cited)


def _cited_keys() -> Any:
    is_public = Q()
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        try:
            rows: Any = model.objects.public().real()
        except NotImplementedError:
            continue
        content_type = ContentType.objects.get_for_model(model)
        keys = rows.order_by().values("pk")
        is_public |= Q(
            content_type=content_type,
            object_id__in=keys,
        )
    return Citation.objects.filter(is_public).values("source")


SOURCES = Kind(
    name="sources",
    title=_("Sources"),
    meaning=_("Publications that stand behind the rows of the other tables."),
    fields=(
        key_field(),
        stored(Source, "url", Type.ADDRESS),
        stored(Source, "title", Type.TEXT, example="Training for the city’s staff"),
        stored(Source, "publisher", Type.TEXT, example="Stadt Bern"),
        *coded(Source, "kind"),
        stored(Source, "language", Type.LANGUAGE),
        stored(Source, "published", Type.DATE),
        stored(Source, "seen_on", Type.DAY),
        stored(Source, "archive_url", Type.ADDRESS),
        as_of_field(lambda row: row.seen_on.isoformat() if row.seen_on else row.published),
    ),
    rows=cited_sources,
    filters=SourceFilter,
    in_order=lambda rows: rows.order_by("pk"),
    folder="data/sources/",
)
