"""Promises of cities, their actions, and what shows them: evidence, indicators, reviews."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from languages.names import own_name
from languages.text import column, labelled
from members.editing.admin.base import OwnCityAdmin, OwnCityInline, StackedInline
from members.editing.buttons import Button, ButtonPage
from members.forms.commitments import (
    CommitmentForm,
    EvidenceForm,
    IndicatorValueForm,
    ReplyForm,
)
from members.models import (
    Action,
    ActionUpdate,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    Review,
    Undertaking,
)
from members.permissions import SPEAK, may
from members.requests import user_of
from members.services import commitments, entries


class OneLanguageInline(OwnCityInline, StackedInline):
    """Rows whose texts stand there in one language, that of the entry above.

    The other languages stand on the row's own page.
    """

    texts: tuple[str, ...] = ()
    main_fields: tuple[Any, ...] = ()
    show_change_link = True

    def _language(self, request: HttpRequest, obj: Any) -> str:
        if obj:
            return str(obj.source_language)
        return user_of(request).language

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        code = self._language(request, obj)
        texts = [column(name, code) for name in self.texts]
        return [*texts, *self.main_fields]

    def formset_arguments(self, request: HttpRequest, obj: models.Model | None) -> dict[str, Any]:
        """A new row is written in the language whose fields it shows."""
        preset = {"source_language": self._language(request, obj)}
        return {"form_kwargs": {"preset": preset}}


class ActionInline(OneLanguageInline):
    model = Action
    texts = ("title",)
    main_fields = (("status", "status_as_of"), ("starts", "due"))
    # An action is deleted on its own page, which says what stands against it.
    can_delete = False


class IndicatorInline(OneLanguageInline):
    model = Indicator
    texts = ("name", "measure")


class CommitmentIndicatorInline(IndicatorInline):
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(action=None)


class EvidenceInline(OneLanguageInline):
    model = Evidence
    form = EvidenceForm
    texts = ("note",)
    main_fields = (("url", "source_title"), ("document", "office_only"))


class UpdateInline(OneLanguageInline):
    model = ActionUpdate
    texts = ("text",)
    main_fields = ("on",)


class ReviewInline(OwnCityInline, StackedInline):
    """To read: a review is written on its own page, and replied to on another."""

    model = Review
    fields = ("confirmed", "reviewed_at", "replied_at")
    readonly_fields = fields
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ValueInline(OneLanguageInline):
    model = IndicatorValue
    form = IndicatorValueForm
    main_fields = (("on", "value"), ("url", "source_title"))


class StatementAdmin(OwnCityAdmin):
    """An entry of which the city itself can state something with one button.

    `verb`: the name of the button in its address. `say`: calls the service and gives the message.
    """

    change_form_template = "admin/members/spoken_form.html"
    verb = ""
    verb_label: Any = ""

    def get_urls(self) -> list[URLPattern]:
        view = require_POST(self.admin_site.admin_view(self.say_view))
        address = f"<path:object_id>/{self.verb}/"
        name = self._say_name()
        page = path(address, view, name=name)
        return [page, *super().get_urls()]

    def _say_name(self) -> str:
        """The name of the button's address."""
        opts = self.opts
        return f"{opts.app_label}_{opts.model_name}_{self.verb}"

    def say(self, request: HttpRequest, record: Any) -> str:
        """Call the service; the message that the person reads."""
        raise NotImplementedError

    def can_say(self, request: HttpRequest, record: Any) -> bool:
        return may(user_of(request), SPEAK, record)

    def say_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        record = self.get_object(request, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        page = ButtonPage(request, _change_page(record))

        def say(key: int) -> str:
            return self.say(request, record)

        answer = page.press(Button(say, page.report))
        return answer or HttpResponseRedirect(page.url)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        record = kwargs.get("obj") or context.get("original")
        if record is not None and self.can_say(request, record):
            context["say_url"] = reverse(f"admin:{self._say_name()}", args=[record.pk])
            context["say_label"] = self.verb_label
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(Commitment)
class CommitmentAdmin(StatementAdmin):
    """One point of one city."""

    form = CommitmentForm
    main_fields = ("city", "point", "chosen", "unit")
    list_display = ("city", "point", "chosen", "confirmed_at", "is_published")
    list_display_links = ("city", "point")
    list_filter = ("chosen", "point", "city")
    list_select_related = ("city", "point__plan")
    search_fields = ("statement", "city", "point")
    ordering = ("city__slug", "point__number")
    inlines = (ActionInline, CommitmentIndicatorInline)
    verb = "confirm"
    verb_label = _("Still true today")
    actions = ("publish_selected", "withdraw_selected", "confirm_selected")

    def can_say(self, request: HttpRequest, record: Commitment) -> bool:
        if not super().can_say(request, record):
            return False
        return record.needs_source

    def say(self, request: HttpRequest, record: Commitment) -> str:
        by = user_of(request)
        commitments.confirm(commitment=record, by=by)
        return str(_("Confirmed: this is still true today."))

    @admin.action(description=_("Confirm the selected points: still true today"))
    def confirm_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        confirmed = 0
        for row in queryset.select_related("city", "point"):
            try:
                confirmed += commitments.confirm(commitment=row, by=user_of(request))
            except (PermissionDenied, ValidationError) as error:
                refused = str(_("Only the city itself can confirm this."))
                reason = " ".join(getattr(error, "messages", [])) or refused
                self.message_user(request, labelled(row, reason), messages.ERROR)
        if confirmed:
            words = ngettext("%(count)d point confirmed.", "%(count)d points confirmed.", confirmed)
            self.message_user(request, words % {"count": confirmed}, messages.SUCCESS)


@admin.register(Action)
class ActionAdmin(StatementAdmin):
    main_fields = (
        "commitment",
        "suggested_action",
        ("status", "status_as_of"),
        ("starts", "due"),
        "existed_before",
        "unit",
        "carried_by",
        "further_points",
        ("original_title", "original_language"),
        "point_assigned",
    )
    office_fields = ("original_title", "original_language", "point_assigned")
    readonly_fields = ("denied_at",)
    list_display = ("__str__", "city", "point", "status", "due", "origin", "is_published")
    list_filter = ("status", "origin", "commitment__point", "commitment__city")
    list_select_related = ("commitment__city", "commitment__point")
    search_fields = ("title", "original_title", "commitment__city")
    ordering = ("commitment__city__slug", "commitment__point__number", "pk")
    inlines = (EvidenceInline, UpdateInline, IndicatorInline, ReviewInline)
    verb = "adopt"
    verb_label = _("This is right: state it for the city")

    @admin.display(
        description=Commitment._meta.get_field("city").verbose_name,
        ordering="commitment__city__slug",
    )
    def city(self, action: Action) -> str:
        return str(action.commitment.city)

    @admin.display(
        description=Commitment._meta.get_field("point").verbose_name,
        ordering="commitment__point__number",
    )
    def point(self, action: Action) -> str:
        return str(action.commitment.point)

    def can_say(self, request: HttpRequest, record: Action) -> bool:
        if not super().can_say(request, record):
            return False
        return record.is_claim

    def say(self, request: HttpRequest, record: Action) -> str:
        by = user_of(request)
        commitments.adopt(action=record, by=by)
        return str(_("Your city states this now."))

    def get_fieldsets(self, request: HttpRequest, obj: Action | None = None) -> list[Any]:
        """The city's own actions are shown without the fields of claims from public sources."""
        main_panel, *panels = super().get_fieldsets(request, obj)
        name, options = main_panel
        fields = options["fields"]
        if obj is not None and obj.denied_at:
            fields = ["denied_at", *fields]
        is_office = user_of(request).is_secretariat
        is_own = obj is None or obj.is_stated
        if is_own and not is_office:
            original_fields = ("original_title", "original_language")
            of_claims = {*self.office_fields, original_fields}
            fields = [item for item in fields if item not in of_claims]
        main_panel = (name, {**options, "fields": fields})
        return [main_panel, *panels]

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return _with_city(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Indicator:
            # An indicator of an action belongs to the promise of that action.
            commitment = form.instance.commitment
            for inline in formset.forms:
                inline.instance.commitment = commitment
        super().save_formset(request, form, formset, change)


class PartAdmin(OwnCityAdmin):
    """A part of an action: it is reached from the action, or found in a list of its own."""

    list_filter: ClassVar[Any] = ("action__commitment__city",)
    list_select_related: ClassVar[Any] = ("action__commitment__city",)
    search_fields: ClassVar[Any] = ("action", "action__commitment__city")
    ordering = ("action__commitment__city__slug", "-pk")

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return _with_city(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field)


@admin.register(Undertaking)
class UndertakingAdmin(OwnCityAdmin):
    """What a plan or a decision of the city says: the office enters it, with its source."""

    main_fields = (
        "commitment",
        ("original_statement", "original_language"),
        ("plan_title", "plan_edition"),
        ("decided_on", "decided_by"),
        "as_of",
        "carried_by",
        "is_heading",
        "point_assigned",
    )
    list_display = ("__str__", "commitment", "as_of", "point_assigned", "is_published")
    list_filter = ("point_assigned", "commitment__point", "commitment__city")
    list_select_related = ("commitment__city", "commitment__point")
    search_fields = ("statement", "original_statement", "plan_title", "commitment__city")
    ordering = ("commitment__city__slug", "commitment__point__number", "pk")

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return _with_city(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field)


@admin.register(Evidence)
class EvidenceAdmin(PartAdmin):
    form = EvidenceForm
    main_fields = ("action", "url", "source_title", ("document", "office_only"))
    list_select_related = (*PartAdmin.list_select_related, "source", "document")
    search_fields = ("source", "document", "action", "action__commitment__city")
    list_display = ("__str__", "action", "is_published")

    def delete_model(self, request: HttpRequest, obj: Evidence) -> None:
        """The file of the evidence is private then, unless something else names it."""
        entries.delete(
            record=obj,
            by=user_of(request),
        )

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for evidence in queryset:
            self.delete_model(request, evidence)


@admin.register(ActionUpdate)
class ActionUpdateAdmin(PartAdmin):
    main_fields = ("action", "on")
    search_fields = ("text", "action", "action__commitment__city")
    list_display = ("__str__", "action", "is_published")


@admin.register(Indicator)
class IndicatorAdmin(OwnCityAdmin):
    main_fields = ("commitment", "action")
    list_display = ("__str__", "commitment", "action", "is_published")
    list_filter = ("commitment__point", "commitment__city")
    list_select_related = ("commitment__city", "commitment__point", "action")
    search_fields = ("name", "action", "commitment__city")
    ordering = ("commitment__city__slug", "commitment__point__number", "pk")
    inlines = (ValueInline,)

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        return _with_city(super().formfield_for_foreignkey(db_field, request, **kwargs), db_field)


@admin.register(IndicatorValue)
class IndicatorValueAdmin(OwnCityAdmin):
    form = IndicatorValueForm
    main_fields = ("indicator", ("on", "value"), "url", "source_title")
    list_display = ("indicator", "on", "value", "source", "is_published")
    list_display_links = ("on",)
    list_filter = ("indicator__commitment__city",)
    list_select_related = ("indicator", "source")
    search_fields = ("indicator", "source", "indicator__commitment__city")
    ordering = ("indicator__commitment__city__slug", "indicator", "on")


@admin.register(Review)
class ReviewAdmin(PartAdmin):
    """The secretariat reviews; the city replies, on a page of its own."""

    change_form_template = "admin/members/review/change_form.html"
    main_fields = ("action", "confirmed")
    texts_of_the_city = ("reply",)
    search_fields = ("finding", "reply", "action", "action__commitment__city")
    list_display = ("action", "confirmed", "reviewed_at", "replied_at")
    list_filter = ("confirmed", "action__commitment__city")
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: Review | None = None) -> list[Any]:
        """Without the reply: it is the city's to write."""
        fieldsets = super().get_fieldsets(request, obj)
        for _name, options in fieldsets:
            fields = options["fields"]
            options["fields"] = [name for name in fields if not str(name).startswith("reply")]
        return fieldsets

    def get_urls(self) -> list[URLPattern]:
        view: Callable[..., Any] = self.admin_site.admin_view(self.reply)
        return [
            path("<path:object_id>/reply/", view, name="members_review_reply"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:
        commitments.review(
            record=obj,
            by=user_of(request),
            changed=form.changed_columns(),
        )

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        """What the city has replied to stays as it was."""
        if not super().has_change_permission(request, obj):
            return False
        return not (obj and obj.replied_at)

    def reply(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One page, one text: the city's reply in the person's language."""
        review = self.get_object(request, object_id)
        user = user_of(request)
        if not may(user, SPEAK, review):
            raise PermissionDenied
        language = user.language
        form = ReplyForm(request.POST or None, review=review, language=language)
        if request.method == "POST" and form.is_valid():
            commitments.reply(
                review=review,
                by=user,
                texts=form.texts(),
            )
            message = _("Your reply is public now.")
            self.message_user(request, message, messages.SUCCESS)
            return HttpResponseRedirect(_change_page(review))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Reply to a review"),
            "original": review,
            "review": review,
            "form": form,
            "language": own_name(language),
        }
        return TemplateResponse(request, "admin/members/review/reply.html", context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        review = kwargs.get("obj")
        if review is not None and may(user_of(request), SPEAK, review):
            context["reply_url"] = reverse("admin:members_review_reply", args=[review.pk])
        return super().render_change_form(request, context, *args, **kwargs)


def _with_city(formfield: Any, db_field: "models.ForeignKey[Any, Any]") -> Any:
    """Choices that name their city and point are read with them, not one by one."""
    joins: dict[Any, tuple[str, ...]] = {
        Commitment: ("city", "point"),
        Action: ("commitment",),
    }
    names = joins.get(db_field.related_model)
    if formfield is not None and names:
        formfield.queryset = formfield.queryset.select_related(*names)
    return formfield


def _change_page(record: models.Model) -> str:
    opts = record._meta
    name = f"admin:{opts.app_label}_{opts.model_name}_change"
    return reverse(name, args=[record.pk])
