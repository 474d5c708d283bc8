"""A programme's page and an edition's: between them a press release is entered without leaving
either twice."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from languages.names import join_list
from members.editing.admin.base import OwnCityAdmin
from members.models import Organisation, Record
from members.requests import user_of
from members.services import entries
from programs.admin import inlines
from programs.forms import EditionForm, ProgrammeForm
from programs.models import Edition, Programme


class WithParts(OwnCityAdmin):
    """A page with parts on it; what its typed fields suggest stands on the page once."""

    change_form_template = "admin/programs/change_form.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj")
        inlines: list[Any] = self.get_inline_instances(request, record)
        names: dict[str, set[str]] = defaultdict(set)
        for page in (self, *inlines):
            for model, suggested in page.suggested_names(request).items():
                names[model].update(suggested)
        in_order = {model: sorted(own) for model, own in names.items()}
        context["suggested_names"] = in_order
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Programme)
class ProgrammeAdmin(WithParts):
    form = ProgrammeForm
    main_fields = (
        "original_name",
        ("kind", "original_language"),
        "city",
        "further_cities",
        "lead_organisation",
        "coordinating_unit",
        "website",
        "slug",
    )
    # Long lists to tick: folded, so that nobody has to go through them by keyboard to reach the
    # texts.
    topic_fields = ("points", "grounds", "target_groups", "actions", "undertakings", "documents")
    office_fields = ("further_cities", "undertakings")
    new_row_kinds = {"lead_organisation": Organisation.Kind.ASSOCIATION}
    inlines = (
        inlines.ParticipationInline,
        inlines.GrantInline,
        inlines.CoverageInline,
        inlines.ProgrammeLinkInline,
    )
    list_display = ("original_name", "kind", "city", "is_published")
    list_filter = ("kind", "city", "city__country")
    list_select_related = ("city",)
    search_fields = ("slug", "original_name", "name", "city")
    ordering = ("city__slug", "slug")

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        topics = {"fields": self.topic_fields, "classes": ["collapse"]}
        return [
            *super().get_fieldsets(request, obj),
            (_("What and whom it serves, and documents"), topics),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "original_language": user_of(request).language,
            **super().get_changeform_initial_data(request),
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        programme = kwargs.get("obj")
        context["editions"] = programme.editions.order_by("period_from", "pk") if programme else ()
        context["show_add_edition"] = (
            self.has_change_permission(request, programme)
            if programme
            else self.has_add_permission(request)
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Programme, post_url_continue: Any = None
    ) -> HttpResponse:
        edition_page = self._to_edition(request, obj)
        if edition_page:
            return edition_page
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Programme) -> HttpResponse:
        edition_page = self._to_edition(request, obj)
        if edition_page:
            return edition_page
        return super().response_change(request, obj)

    def _to_edition(self, request: HttpRequest, programme: Programme) -> HttpResponse | None:
        if "_edition" not in request.POST:
            return None
        self.message_user(
            request,
            _("“%(name)s” is saved. Now its edition.") % {"name": programme},
            messages.SUCCESS,
        )
        query = urlencode({"programme": programme.pk})
        return HttpResponseRedirect(f"{reverse('admin:programs_edition_add')}?{query}")

    def _publish(self, request: HttpRequest, record: Record) -> None:
        super()._publish(request, record)
        if not isinstance(record, Programme):
            return
        publish_named(self, request, record)


@admin.register(Edition)
class EditionAdmin(WithParts):
    form = EditionForm
    main_fields = (
        "programme",
        ("label", "stage"),
        ("period_from", "period_to"),
        "overlap_is_meant",
        "legal_acts",
        "legal_basis",
        "declared_items",
    )
    inlines = (
        inlines.EditionEventInline,
        inlines.ProgrammeItemInline,
        inlines.SpendingInline,
        inlines.EvaluationInline,
    )
    list_display = ("__str__", "stage", "period_from", "period_to", "is_published")
    list_filter = ("stage", "programme__city")
    list_select_related = ("programme",)
    search_fields = ("label", "programme", "programme__city")
    ordering = ("programme__slug", "period_from")

    def _publish(self, request: HttpRequest, record: Record) -> None:
        """An edition is read on its programme's page: a programme that is still a draft becomes
        public with it."""
        edition: Any = record
        programme = edition.programme
        if programme.published_at is not None:
            super()._publish(request, edition)
            return
        site = self.admin_site
        programme_admin: Any = site.get_model_admin(Programme)
        programme_admin._publish(request, programme)
        edition.refresh_from_db()


def publish_named(model_admin: OwnCityAdmin, request: HttpRequest, programme: Programme) -> None:
    """Publish what a programme's page named for the first time.

    A name alone is no secret, and without it nobody would see who takes part.
    """
    if programme.published_at is None:
        return
    user = user_of(request)
    published = []
    for row in named_drafts(programme):
        if not user.has_perm("change", row):
            continue
        try:
            entries.publish(record=row, by=user)
        except ValidationError as error:
            reasons = " ".join(error.messages)
            model_admin.message_user(request, reasons, messages.WARNING)
        else:
            published.append(row)
    if published:
        names = join_list(published, user.language)
        words = _("Public with it: %(names)s.") % {"names": names}
        model_admin.message_user(request, words, messages.SUCCESS)


def named_drafts(programme: Programme) -> list[Record]:
    """Organisations and programmes that this programme names and that are no more than drafts."""
    takes_part = models.Q(participations__programme=programme)
    pays = models.Q(grants__programme=programme)
    leads = models.Q(led_programmes=programme)
    is_named = takes_part | pays | leads
    organisations = Organisation.objects.filter(is_named, published_at=None)
    linked = Programme.objects.filter(linked_from__programme=programme, published_at=None)
    return [
        *organisations.distinct().order_by("pk"),
        *linked.distinct().order_by("pk"),
    ]
