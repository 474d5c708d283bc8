"""Grounds on which pages show something about a person: recorded, and withdrawn (0062).

The only writer of `PersonalDetail`.
"""

from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from languages import desk
from members.models import Draft, User
from portal.models import News, PersonalDetail
from portal.models.personal_details import GroundGiven
from portal.services import open_data, pictures

Detail = News.Detail
Ground = PersonalDetail.Ground

# What goes with a detail: a quotation is nothing without who said it.
TAKEN_ALONG: dict[str, tuple[str, ...]] = {
    Detail.NAME: (Detail.QUOTATION,),
    Detail.OFFICE: (Detail.QUOTATION,),
}


@transaction.atomic
def record(*, news: News, details: Collection[str], ground: GroundGiven, by: User) -> None:
    """Write down the ground of these details; one that held before is replaced.

    Raises PermissionDenied without the right to change the item.
    """
    if not by.has_perm("change", news):
        raise PermissionDenied
    for detail in details:
        open_rows = PersonalDetail.objects.filter(news=news, withdrawn_at=None)
        row = open_rows.filter(detail=detail).first() or PersonalDetail(news=news, detail=detail)
        row.ground = ground.ground
        row.agreed_by = ground.agreed_by
        row.agreed_on = ground.agreed_on
        row.evidence = ground.evidence
        row.recorded_at = timezone.now()
        row.recorded_by = by
        row.save()


def record_loaded() -> int:
    """Write down that items from the data files say of people what their sources say; how many
    grounds. A detail that somebody withdrew once gets none."""
    known = set(PersonalDetail.objects.values_list("news", "detail"))
    count = 0
    for news in News.objects.exclude(speaker="").order_by("pk"):
        for detail in Detail:
            if news.says(detail) and (news.pk, detail) not in known:
                row = PersonalDetail(news=news, detail=detail, ground=Ground.PUBLISHED)
                row.recorded_at = timezone.now()
                row.save()
                count += 1
    return count


@transaction.atomic
def withdraw(*, detail: PersonalDetail, by: User, also: Collection[str] = ()) -> list[str]:
    """Take a detail off everything that everybody can read, and `also` these others of the item;
    which details are gone by that.

    Gone at the next request: from pages, feeds, tables, API, search, earlier versions and archives.
    Raises PermissionDenied without the right to change the item, ValidationError for a ground that
    was withdrawn already.
    """
    news = News.objects.select_for_update(of=("self",)).get(pk=detail.news_id)
    if not by.has_perm("change", news):
        raise PermissionDenied
    row = PersonalDetail.objects.select_for_update(of=("self",)).get(pk=detail.pk)
    if row.withdrawn_at is not None:
        raise ValidationError(_("It was withdrawn already."), code="withdrawn")
    details = _with_what_hangs_on_them([row.detail, *also])
    _end_grounds(news, details, by)
    _clear(news, details)
    open_data.forget_archives()
    return details


def _with_what_hangs_on_them(details: Collection[str]) -> list[str]:
    taken_along = [other for detail in details for other in TAKEN_ALONG.get(detail, ())]
    return list(dict.fromkeys([*details, *taken_along]))


def _end_grounds(news: News, details: Collection[str], by: User) -> None:
    rows = PersonalDetail.objects.filter(
        news=news,
        withdrawn_at=None,
        detail__in=details,
    )
    for row in rows:
        row.withdrawn_at = timezone.now()
        row.withdrawn_by = by
        row.save()


def _clear(news: News, details: Collection[str]) -> None:
    """Empty the columns, here and in a draft of changes that waits."""
    names = [name for detail in details for name in News.COLUMNS[detail]]
    for name in names:
        setattr(news, name, "")
    picture = news.picture if Detail.PICTURE in details else None
    if picture is not None:
        pictures.hang(picture=None, news=news)
    with desk.batch_writes():
        news.save()
    if picture is not None:
        pictures.delete(picture=picture)
    _clear_draft(news, names)


def _clear_draft(news: News, names: Collection[str]) -> None:
    kind = ContentType.objects.get_for_model(News)
    for draft in Draft.objects.filter(content_type=kind, object_id=news.pk):
        draft.values = {name: value for name, value in draft.values.items() if name not in names}
        draft.save(update_fields=["values"])
