"""Organisations, equality bodies with their tasks, and where people find help."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.editing.admin.base import PUBLISHING, OwnCityAdmin
from members.editing.admin.parts import PartInline
from members.editing.forms.parts import PartFormSet
from members.forms.contacts import SupportContactForm
from members.forms.organisations import OrganisationForm
from members.models import BodyTask, Organisation, SupportContact
from members.requests import user_of
from members.services import contacts


class OrderedTasks(PartFormSet):
    order_within = ()


class BodyTaskInline(PartInline):
    model = BodyTask
    formset = OrderedTasks
    fields = ("order", "text")


@admin.register(Organisation)
class OrganisationAdmin(OwnCityAdmin):
    form = OrganisationForm
    inlines = (BodyTaskInline,)
    main_fields = (
        "original_name",
        ("kind", "original_language"),
        "country",
        "city",
        "website",
        "appointed_by",
        ("term_from", "term_to"),
        "grounds",
        "slug",
    )
    list_display = ("original_name", "kind", "country", "city", "is_published")
    list_filter = ("kind", "country", "city")
    list_select_related = ("country", "city")
    search_fields = ("slug", "original_name", "name", "city")
    ordering = ("slug",)


@admin.register(BodyTask)
class BodyTaskAdmin(OwnCityAdmin):
    main_fields = ("organisation", "order")
    list_display = ("__str__", "organisation", "order", "is_published")
    list_filter = ("organisation",)
    list_select_related = ("organisation",)
    search_fields = ("text", "organisation")
    ordering = ("organisation", "order")


class CheckIsDue(admin.SimpleListFilter):
    """Contacts that nobody has checked for a year, or ever."""

    # Translators: button or link: look whether a contact is still right
    title = _("check")
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [
            ("due", pgettext_lazy("check of a contact", "due")),
            ("wrong", pgettext_lazy("check of a contact", "found wrong by a visitor")),
            ("never", pgettext_lazy("check of a contact", "never checked")),
            ("old", pgettext_lazy("check of a contact", "more than a year ago")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "due":
            return queryset.due_for_check(today)
        return queryset.due_by_reason(today).get(self.value(), queryset)


@admin.register(SupportContact)
class SupportContactAdmin(OwnCityAdmin):
    main_fields = (
        "city",
        "country",
        "organisation",
        "kind",
        ("phone", "second_phone"),
        "phone_note",
        ("email", "online_form"),
        "office_ground",
        ("url", "address"),
        ("opening", "hours_as_of"),
        "languages",
        ("free", "anonymous"),
        "situations",
        "last_checked_on",
        "found_wrong_at",
    )
    form = SupportContactForm
    office_fields = ("country",)
    readonly_fields = ("last_checked_on", "found_wrong_at")
    actions = (*PUBLISHING, "checked_today")
    list_display = ("organisation", "city", "country", "phone", "last_checked_on", "is_published")
    list_filter = (CheckIsDue, "country", "city")
    list_select_related = ("organisation", "city", "country")
    search_fields = ("organisation", "city", "phone", "second_phone", "email")
    ordering = ("city__slug", "pk")

    @admin.action(
        description=_("Note that the selected contacts were checked today"), permissions=["change"]
    )
    def checked_today(self, request: HttpRequest, queryset: QuerySet[SupportContact]) -> None:
        self.call_for_each(
            request, queryset, lambda record, by: contacts.check(contact=record, by=by)
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        contact = kwargs.get("obj")
        may_check = False
        if contact is not None:
            may_check = self.has_change_permission(request, contact)
        context["show_checked"] = may_check
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: SupportContact, form: Any, change: bool
    ) -> None:
        """“Save and checked today” on an unchanged form is a check alone. Whoever enters a contact
        of their own city has just checked it."""
        is_check = "_checked" in request.POST
        is_entered = not change and not user_of(request).is_secretariat
        if is_entered:
            obj.note_check()
        has_news = not change or form.has_changed()
        if has_news or not is_check:
            super().save_model(request, obj, form, change)
        if is_check:
            contacts.check(
                contact=obj,
                by=user_of(request),
            )
