"""The outbox where other pages of the administration speak of it; nothing of it for anybody but the
secretariat."""

from datetime import timedelta

from django import template
from django.db import models
from django.db.models import Count, Q
from django.template.context import RequestContext
from django.utils import timezone

from members.models import Letter
from members.permissions import may

register = template.Library()


@register.inclusion_tag("admin/includes/letters_about.html", takes_context=True)
def letters_about(context: RequestContext, thing: models.Model) -> dict[str, object]:
    """`{% letters_about original %}`: the letters that speak of this row, the newest first. One
    query."""
    if not may(context["user"], "view", Letter):
        return {"letters": None}
    return {"letters": Letter.objects.about(thing).defer("text").order_by("-pk")}


@register.simple_tag(takes_context=True)
def letters_in_trouble(context: RequestContext) -> dict[str, int]:
    """`{% letters_in_trouble as trouble %}`: how many were given up, and how many nobody has tried
    to send for an hour after their time: then the timer does not run. One query."""
    if not may(context["user"], "view", Letter):
        return {}
    late = Q(state=Letter.State.DRAFTED, next_try_at__lt=timezone.now() - timedelta(hours=1))
    return Letter.objects.aggregate(
        failed=Count("pk", filter=Q(state=Letter.State.FAILED)), late=Count("pk", filter=late)
    )
