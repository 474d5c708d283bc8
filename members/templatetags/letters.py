"""The outbox and the timers on other pages of the administration; empty for all but the
secretariat."""

from datetime import timedelta

from django import template
from django.db import models
from django.db.models import Count, Q
from django.template.context import RequestContext
from django.utils import timezone

from members.models import Letter
from members.permissions import may
from members.timers import LateTimer, late_timers

register = template.Library()


@register.inclusion_tag("admin/includes/letters_about.html", takes_context=True)
def letters_about(context: RequestContext, row: models.Model) -> dict[str, object]:
    """`{% letters_about original %}`: the letters about this row, the newest first. One query."""
    if not may(context["user"], "view", Letter):
        return {"letters": None}
    letters = Letter.objects.about(row).defer("text")
    return {"letters": letters.order_by("-pk")}


@register.simple_tag(takes_context=True)
def letters_in_trouble(context: RequestContext) -> dict[str, int]:
    """`{% letters_in_trouble as trouble %}`: how many letters have failed, and how many are late.

    Late: not tried for an hour after their time, so that the timer does not run. One query.
    """
    if not may(context["user"], "view", Letter):
        return {}
    hour_ago = timezone.now() - timedelta(hours=1)
    is_failed = Q(state=Letter.State.FAILED)
    is_late = Q(state=Letter.State.DRAFTED, next_try_at__lt=hour_ago)
    return Letter.objects.aggregate(
        failed=Count("pk", filter=is_failed),
        late=Count("pk", filter=is_late),
    )


@register.simple_tag(takes_context=True)
def timers_in_trouble(context: RequestContext) -> list[LateTimer]:
    """`{% timers_in_trouble as late %}`: what has not run on the server for too long. One query,
    two where something has never run."""
    if not may(context["user"], "view", Letter):
        return []
    return late_timers()
