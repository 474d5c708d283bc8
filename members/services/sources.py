"""Sources are kept once by their address, and cited once for an entry or for one of its fields."""

from django.utils import timezone

from members.models import Citation, Record, Source
from members.models.record import content_type_of


def source_at(url: str, title: str = "") -> Source:
    """The source with this address: a new row where there is none yet.

    `title` is for a row that has no title.
    """
    source, _new = Source.objects.get_or_create(
        url=url, defaults={"title": title, "seen_on": timezone.localdate()}
    )
    if title and not source.title:
        source.title = title
        source.save()
    return source


def named(address: str, title: str) -> list[Source]:
    """The source that a person named by its address, by its title alone, or not at all."""
    if address:
        return [source_at(address, title)]
    if not title:
        return []
    on_paper = Source.objects.at("", title=title).order_by("pk").first()
    return [on_paper or Source.objects.create(title=title)]


def cite(source: Source, record: Record, *, field: str = "", basis: str = "") -> None:
    """Cite the source for the entry or one of its fields; an earlier citation stays as it is."""
    Citation.objects.get_or_create(
        source=source,
        content_type=content_type_of(record),
        object_id=record.pk,
        field=field,
        defaults={"basis": basis},
    )
