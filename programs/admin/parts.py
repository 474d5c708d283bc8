"""Each part of a programme on a page of its own: there it is translated, corrected and replied
to."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from languages.text import columns
from members.editing.admin.base import OwnCityAdmin
from members.models import Organisation, Record
from members.requests import user_of
from programs.admin.pages import WithParts
from programs.forms import EditionEventForm, GrantForm, SourceForm
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
from programs.services import evaluations


@admin.register(EditionEvent)
class EditionEventAdmin(OwnCityAdmin):
    form = EditionEventForm
    main_fields = ("edition", "kind", ("starts", "ends"))
    list_display = ("edition", "kind", "starts", "ends", "is_published")
    list_filter = ("kind", "edition__programme__city")
    list_select_related = ("edition__programme",)
    search_fields = ("edition", "edition__programme", "edition__programme__city")
    ordering = ("edition__programme__slug", "starts")


@admin.register(ProgrammeItem)
class ProgrammeItemAdmin(OwnCityAdmin):
    main_fields = ("edition", "kind", "order", "done")
    list_display = ("__str__", "edition", "kind", "order", "done", "is_published")
    list_filter = ("kind", "done", "edition__programme__city")
    list_select_related = ("edition__programme",)
    search_fields = ("text", "edition", "edition__programme", "edition__programme__city")
    ordering = ("edition", "kind", "order")


@admin.register(Participation)
class ParticipationAdmin(WithParts):
    main_fields = ("programme", "organisation", "role")
    new_row_kinds = {"organisation": Organisation.Kind.OTHER}
    list_display = ("programme", "organisation", "role", "is_published")
    list_filter = ("role", "programme__city")
    list_select_related = ("programme", "organisation")
    search_fields = ("programme", "organisation", "programme__city")
    ordering = ("programme__slug", "pk")


@admin.register(ProgrammeLink)
class ProgrammeLinkAdmin(WithParts):
    main_fields = ("programme", "kind", "other")
    new_row_kinds = {"other": Programme.Kind.PROJECT}
    list_display = ("programme", "kind", "other", "is_published")
    list_filter = ("kind", "programme__city")
    list_select_related = ("programme", "other")
    search_fields = ("programme", "other", "programme__city")
    ordering = ("programme__slug", "pk")


@admin.register(Grant)
class GrantAdmin(WithParts):
    form = GrantForm
    main_fields = (
        "programme",
        "fund",
        "further_funds",
        ("year_from", "year_to"),
        ("amount", "currency"),
        "notice_required",
        "notice",
        "notice_language",
    )
    new_row_kinds = {"fund": Organisation.Kind.FUND}
    list_display = ("programme", "fund", "year_from", "year_to", "is_published")
    list_filter = ("programme__city",)
    list_select_related = ("programme", "fund")
    search_fields = ("notice", "programme", "fund", "programme__city")
    ordering = ("programme__slug", "pk")


@admin.register(Spending)
class SpendingAdmin(OwnCityAdmin):
    main_fields = ("edition", "year", "kind", ("amount", "currency"))
    list_display = ("edition", "year", "kind", "amount", "currency", "is_published")
    list_filter = ("kind", "edition__programme__city")
    list_select_related = ("edition__programme",)
    search_fields = ("year", "note", "edition__programme", "edition__programme__city")
    ordering = ("edition__programme__slug", "year")


@admin.register(Coverage)
class CoverageAdmin(OwnCityAdmin):
    form = SourceForm
    main_fields = ("programme", "kind", "source_title", "source_publisher", "source_url")
    list_display = ("source", "kind", "programme", "is_published")
    list_filter = ("kind", "programme__city")
    list_select_related = ("programme", "source")
    search_fields = ("programme", "source", "programme__city")
    ordering = ("programme__slug", "pk")


@admin.register(Evaluation)
class EvaluationAdmin(OwnCityAdmin):
    """What others found is theirs: of a finding that the office recorded, the city writes only its
    reply."""

    form = SourceForm
    main_fields = (
        "edition",
        "source_title",
        "source_publisher",
        "source_url",
        "evaluators",
        "reply_source",
    )
    office_fields = ("reply_source",)
    readonly_fields = ("replied_at",)
    list_display = ("source", "edition", "replied_at", "is_published")
    list_filter = ("edition__programme__city",)
    list_select_related = ("edition__programme", "source")
    search_fields = ("finding", "edition__programme", "source", "edition__programme__city")
    ordering = ("edition__programme__slug", "pk")

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> tuple[Any, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj))
        is_office = user_of(request).is_secretariat
        if is_office or not isinstance(obj, Evaluation):
            return fixed
        if obj.origin != Record.Origin.CITED:
            return fixed
        findings = [name for name in columns("finding") if getattr(obj, name)]
        return (
            *fixed,
            "source_language",
            "edition",
            "evaluators",
            *findings,
        )

    def save_model(self, request: HttpRequest, obj: Evaluation, form: Any, change: bool) -> None:
        """A reply is its own service; anything else is a plain edit."""
        changed = set(form.changed_data)
        replied = changed & set(columns("reply"))
        is_reply_alone = change and changed and replied == changed
        if not is_reply_alone:
            super().save_model(request, obj, form, change)
        if replied:
            evaluations.reply(
                evaluation=obj,
                by=user_of(request),
                changed=form.changed_columns(),
            )
