"""Memberships with their transitions; meetings, their decisions, the pack for the committee."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from members import accession_file
from members.admin.meeting_files import lines_of
from members.admin.transition_pages import TransitionPage
from members.admin.worklist import Worklist
from members.editing.admin.base import OwnCityAdmin, OwnCityInline, StackedInline
from members.forms.choices import offer
from members.models import Accession, AccessionStep, Decision, Meeting, Membership, MembershipStep
from members.permissions import sits_in_committee
from members.requests import AuthenticatedHttpRequest, user_of
from members.services import memberships

MINUTES_HELP = gettext_lazy(
    "The network’s own files are offered, and those that everybody may read."
)
TRANSITIONS = {one.verb: one for one in memberships.TRANSITIONS if one.has_page}


class MembershipStepInline(OwnCityInline, StackedInline):
    """What happened to the membership: read only, as steps are."""

    model = MembershipStep
    fields = (
        ("verb", "on"),
        ("from_standing", "to_standing"),
        ("recorded_at", "recorded_by"),
        "why",
    )
    readonly_fields = (
        "verb",
        "from_standing",
        "to_standing",
        "on",
        "recorded_at",
        "recorded_by",
        "why",
    )
    can_delete = False


@admin.register(Membership)
class MembershipAdmin(Worklist, OwnCityAdmin):
    """Nobody edits a membership: its standing changes by transitions, each with a step."""

    main_fields = ("city", "standing", "joined", "ended")
    readonly_fields = main_fields
    list_display = ("city", "standing", "joined", "ended", "is_published")
    list_filter = ("standing", "city__country")
    list_select_related = ("city",)
    search_fields = ("city",)
    ordering = ("city__slug",)
    inlines = (MembershipStepInline,)

    def get_urls(self) -> list[URLPattern]:
        page = path(
            "<int:pk>/do/<slug:verb>/",
            self.admin_site.admin_view(membership_verb),
            name="members_membership_verb",
        )
        return [page, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        membership = context.get("original")
        if membership is not None:
            user = user_of(request)
            context["transitions"] = memberships.transitions_for(membership, user)
        return super().render_change_form(request, context, *args, **kwargs)


def membership_verb(request: AuthenticatedHttpRequest, pk: int, verb: str) -> HttpResponse:
    """The page of a transition. Where the standing does not allow it, it leads back."""
    rows = Membership.objects.select_related("city")
    membership = rows.filter(pk=pk).first()
    if membership is None:
        raise Http404
    if not request.user.has_perm("view", membership):
        raise Http404
    transition = TRANSITIONS.get(verb)
    if transition is None:
        raise Http404
    if not transition.may_be_taken_by(request.user, membership.city_id):
        raise PermissionDenied
    back_url = reverse("admin:members_membership_change", args=[pk])
    if membership.standing not in transition.from_statuses:
        sentence = _("This is not possible now: the membership has the standing “%(standing)s”.")
        standing = membership.get_standing_display()
        messages.error(request, sentence % {"standing": standing})
        return HttpResponseRedirect(back_url)
    page = TransitionPage(request, transition, membership, back_url)
    return page.answer()


class DecisionInline(OwnCityInline, StackedInline):
    """What the meeting decided: recorded on the page of the accession or membership, read here."""

    model = Decision
    fields = (
        ("city", "outcome", "on"),
        ("unanimous", "votes_for", "votes_against", "votes_abstained"),
    )
    readonly_fields = (
        "city",
        "outcome",
        "on",
        "unanimous",
        "votes_for",
        "votes_against",
        "votes_abstained",
    )
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Meeting)
class MeetingAdmin(OwnCityAdmin):
    main_fields = ("kind", "starts", "ends", "place", "held_in", "host", "minutes")
    list_display = ("__str__", "kind", "starts", "where", "is_published")
    list_filter = ("kind",)
    list_select_related = ("held_in",)
    search_fields = ("place", "held_in", "host")
    ordering = ("-starts",)

    @admin.display(description=_("place"), ordering="place")
    def where(self, meeting: Meeting) -> str:
        return meeting.where

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if formfield is not None and db_field.name == "minutes":
            # A city gave its files for its accession, and not for the page of a meeting.
            readable = Q(city=None) | Q(public_since__isnull=False)
            offer(formfield, formfield.queryset.filter(readable))
            formfield.help_text = MINUTES_HELP
        return formfield

    def get_inlines(self, request: HttpRequest, obj: Any) -> tuple[Any, ...]:
        return (DecisionInline,) if obj else ()

    def get_urls(self) -> list[URLPattern]:
        pack = path(
            "<int:pk>/pack/", self.admin_site.admin_view(meeting_pack), name="members_meeting_pack"
        )
        return [pack, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """The office sees the meeting's files and records their votes from here."""
        meeting = context.get("original")
        user = user_of(request)
        if meeting is not None and user.is_secretariat:
            context["lines"] = lines_of(meeting, user)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new meeting that an invented city hosts, or in which it is held, is invented."""
        if not change:
            cities = [obj.host, obj.held_in]
            obj.fictional = any(city.fictional for city in cities if city)
        super().save_model(request, obj, form, change)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A meeting on which files or memberships rest stays."""
        meeting = cast("Meeting", self.get_object(request, unquote(object_id)))
        if self.has_delete_permission(request, meeting) and is_rested_on(meeting):
            sentence = _(
                "“%(meeting)s” stays: accessions or decisions rest on it. Correct its day or its "
                "place instead."
            )
            message = sentence % {"meeting": meeting}
            messages.error(request, message)
            url = reverse("admin:members_meeting_change", args=[meeting.pk])
            return HttpResponseRedirect(url)
        return super().delete_view(request, object_id, extra_context)


def is_rested_on(meeting: Meeting) -> bool:
    """Whether a file is or was on its agenda, or it decided something."""
    if meeting.accessions.exists():
        return True
    if meeting.decisions.exists():
        return True
    return AccessionStep.objects.filter(meeting=meeting).exists()


@require_safe
def meeting_pack(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Every file on the agenda of a meeting, to be read or printed in one go by the committee.

    404 for a meeting that is not public and has no file to read.
    """
    user = request.user
    is_office = user.is_secretariat
    if not (is_office or sits_in_committee(user)):
        raise Http404
    meeting = get_object_or_404(Meeting, pk=pk)
    accessions = on_agenda(meeting)
    if not (is_office or accessions or meeting.is_public):
        raise Http404
    files = [(row, accession_file.read(row)) for row in accessions]
    context = {
        **admin.site.each_context(request),
        "title": str(meeting),
        "meeting": meeting,
        "files": files,
    }
    return TemplateResponse(request, "admin/members/meeting/pack.html", context)


def on_agenda(meeting: Meeting) -> list[Accession]:
    """The submitted files of a meeting, by city."""
    rows = meeting.accessions.submitted().order_by("city__slug")
    return list(
        rows.select_related(
            "city__country", "legal_basis__document", "signed_act__document", "focal_point"
        )
    )


@admin.register(Decision)
class DecisionAdmin(OwnCityAdmin):
    """Decisions are read here, and published.

    A vote is recorded on the page of its accession or membership, and annulled there.
    """

    main_fields = (
        "meeting",
        "city",
        "outcome",
        "on",
        "unanimous",
        ("votes_for", "votes_against", "votes_abstained", "present"),
        "recused",
        "note",
    )
    readonly_fields = (
        "meeting",
        "city",
        "outcome",
        "on",
        "unanimous",
        "votes_for",
        "votes_against",
        "votes_abstained",
        "present",
        "recused",
    )
    list_display = ("city", "meeting", "outcome", "unanimous", "is_published")
    list_filter = ("outcome",)
    list_select_related = ("meeting__held_in", "city")
    search_fields = ("city", "meeting")
    ordering = ("-meeting__starts", "pk")
