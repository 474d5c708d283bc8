"""What a city says under its points, in full: read once a year, and confirmed."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.editing.buttons import Button
from members.models import City, Commitment
from members.models.commitments import Answer
from members.requests import AuthenticatedHttpRequest
from members.services import commitments
from members.views.work import Context, Work


def still_true(request: AuthenticatedHttpRequest, site: Context, slug: str) -> HttpResponse:
    """Every public answer of the city with its words, and a button for each and for all."""
    work = Work(request, site, slug)
    buttons = {
        "confirm_all": _confirm_all(work),
        "confirm": _confirm(work),
    }
    if answer := work.pressed(buttons):
        return answer
    answers = answers_of(work.city)
    words = ngettext(
        "Still true: confirm %(count)d answer",
        "Still true: confirm all %(count)d answers",
        len(answers),
    )
    return work.page(
        "admin/still_true.html",
        title=_("Is all that is public here still true?"),
        answers=answers,
        versions=versions_of(answers),
        confirm_label=words % {"count": len(answers)},
    )


def answers_of(city: City) -> list[Commitment]:
    """What `commitments.confirm` confirms of a city, in the order of the plan."""
    public = city.commitments.filter(published_at__isnull=False)
    answered = public.exclude(chosen=Answer.UNKNOWN)
    related = answered.select_related("city", "point")
    in_order = related.order_by("point__number", "pk")
    rows = in_order.prefetch_related("actions")
    return list(rows)


def _confirm(work: Work) -> Button:
    """A point of the city, or another city's, which is a 404. It goes on at the next one."""

    def confirm(key: int) -> Commitment:
        row = get_object_or_404(
            work.city.commitments,
            pk=key,
        )
        _refuse_unread(work, versions_of([row]))
        commitments.confirm(
            commitment=row,
            by=work.user,
        )
        return row

    def answer(row: Commitment) -> HttpResponse:
        following = _next_to(row, work.city)
        url = f"{work.url}#promise-{following.pk}"
        words = _("Confirmed: this is still true today.")
        return work.report(words, url)

    return Button(confirm, answer)


def _next_to(confirmed: Commitment, city: City) -> Commitment:
    """The next promise that waits, from the top again after the last; itself where none does."""
    answers = answers_of(city)
    waiting = [row for row in answers if row.is_stale]
    number = confirmed.point.number
    for row in waiting:
        if row.point.number > number:
            return row
    if waiting:
        return waiting[0]
    return confirmed


def _confirm_all(work: Work) -> Button:
    def answer(count: int) -> HttpResponse:
        words = ngettext(
            "%(count)d point confirmed: still true today.",
            "%(count)d points confirmed: still true today.",
            count,
        )
        desk = reverse("admin:city_work", args=[work.city.slug])
        return work.report(words % {"count": count}, desk)

    def confirm(key: int) -> int:
        answers = answers_of(work.city)
        _refuse_unread(work, versions_of(answers))
        return commitments.confirm(city=work.city, by=work.user)

    return Button(confirm, answer)


def versions_of(answers: Iterable[Commitment]) -> str:
    """What the page sends back of the answers that it shows."""
    return " ".join(str(row.version) for row in answers)


def _refuse_unread(work: Work, versions: str) -> None:
    """Raise ValidationError where an answer is another one than that on the page."""
    read = work.request.POST.get("read")
    if read is not None and read != versions:
        raise ValidationError(
            _("Somebody changed this since the page was made. Read it again, and then confirm it.")
        )
