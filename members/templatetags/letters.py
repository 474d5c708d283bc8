"""The outbox where other pages of the administration speak of it; nothing of it for anybody but the secretariat."""

from django import template
from django.db import models
from django.template.context import RequestContext

from members.models import Letter
from members.permissions import may

register = template.Library()


@register.inclusion_tag("admin/includes/letters_about.html", takes_context=True)
def letters_about(context: RequestContext, thing: models.Model | None) -> dict[str, object]:
    """`{% letters_about original %}`: the letters that speak of this row, the newest first. One query."""
    if thing is None or thing.pk is None or not may(context["user"], "view", Letter):
        return {"letters": None}
    return {"letters": Letter.objects.about(thing).defer("text").order_by("-pk")}


@register.simple_tag(takes_context=True)
def failed_letters(context: RequestContext) -> int:
    """`{% failed_letters as failed %}`: how many letters were given up and wait for a person. One query."""
    if not may(context["user"], "view", Letter):
        return 0
    return Letter.objects.filter(state=Letter.State.FAILED).count()
