"""Parts of a programme and of an edition, typed on their page."""

from django.db import models
from django.http import HttpRequest

from members.editing.admin.parts import PartInline
from members.editing.forms.parts import PartFormSet
from members.models import Organisation
from members.requests import user_of
from programs.forms import EventPart, GrantPart, SourcePart, SpendingPart
from programs.models import (
    Coverage,
    EditionEvent,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
    Spending,
)


class ParticipationInline(PartInline):
    model = Participation
    extra = 2
    fields = (("organisation", "role"), "note")
    new_row_kinds = {"organisation": Organisation.Kind.OTHER}


class GrantInline(PartInline):
    model = Grant
    form = GrantPart
    fields = (
        ("fund", "year_from", "year_to"),
        ("amount", "currency"),
        "notice",
        ("notice_language", "notice_required"),
    )
    new_row_kinds = {"fund": Organisation.Kind.FUND}


class CoverageInline(PartInline):
    model = Coverage
    extra = 2
    form = SourcePart
    fields = ("kind", "source_title", ("source_publisher", "source_url"), "finding")


class ProgrammeLinkInline(PartInline):
    model = ProgrammeLink
    fk_name = "programme"
    fields = (("kind", "other"),)
    new_row_kinds = {"other": Programme.Kind.PROJECT}


class EditionEventInline(PartInline):
    model = EditionEvent
    extra = 3
    form = EventPart
    fields = (("kind", "starts", "ends"), "note")


class OrderedItems(PartFormSet):
    order_within = ("kind",)


class ProgrammeItemInline(PartInline):
    model = ProgrammeItem
    extra = 3
    formset = OrderedItems
    fields = (("kind", "order", "done"), "text")


class SpendingInline(PartInline):
    model = Spending
    form = SpendingPart
    fields = (("year", "kind", "amount", "currency"), "note")


class EvaluationInline(PartInline):
    """Evaluations are added here; one that stands is replied to on its own page."""

    model = Evaluation
    form = SourcePart
    fields = ("source_title", ("source_publisher", "source_url"), "finding")

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        user = user_of(request)
        if not user.is_secretariat:
            return False
        return super().has_change_permission(request, obj)
