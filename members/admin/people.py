"""People, their roles in cities, and invitations."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from languages.text import labelled
from members import limits
from members.admin.erasure import PersonalDataPages
from members.admin.factors import FactorPages
from members.editing.admin.arguments import with_arguments
from members.editing.admin.base import OwnCityAdmin
from members.editing.admin.choices import choices_for
from members.editing.admin.search import ListSearch
from members.forms.people import InvitationForm, UserForm
from members.models import AccountEvent, CityRole, Invitation, User
from members.requests import user_of
from members.services import accounts, addresses, office_right, people, role_letters


@admin.register(User)
class UserAdmin(FactorPages, PersonalDataPages, OwnCityAdmin):
    """Accounts are made by invitation only; their owners set the passwords."""

    form = UserForm
    # A right is given and taken in one go.
    keeps_unsaved = False
    main_fields = ("email", "name", "language", "is_secretariat", "sure", "is_active")
    list_display = ("name", "email", "language", "is_secretariat", "is_active", "last_login")
    list_filter = ("is_secretariat", "is_active", "language")
    search_fields = ("email", "name")
    ordering = ("name", "email")
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """An own address is changed where both mailboxes agree to it."""
        fields = super().get_readonly_fields(request, obj)
        is_own = obj is not None and obj.pk == user_of(request).pk
        return [*fields, "email"] if is_own else fields

    def get_form(
        self,
        request: HttpRequest,
        obj: User | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        return with_arguments(
            form,
            lock_office=office_right.lock,
            by=user_of(request),
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever is switched off, or signs in with another address from now on, is signed out
        everywhere: an open session does not come back when they are switched on again."""
        old_email = form.initial.get("email", "")
        super().save_model(request, obj, form, change)
        sender = limits.sender_of(request)
        by = user_of(request)
        if "is_secretariat" in form.changed_data:
            office_right.note_change(person=obj, by=by, sender=sender)
        if "email" in form.changed_data:
            addresses.note_changed(person=obj, old_email=old_email, sender=sender, by=by)
        if "is_active" in form.changed_data:
            office_right.note_switch(person=obj, by=by, sender=sender)
        if {"is_active", "email"} & set(form.changed_data):
            addresses.end_open(person=obj)
            people.void_password_links(User.objects.filter(pk=obj.pk))
            is_self = obj.pk == user_of(request).pk
            own = request.session.session_key if is_self else None
            accounts.end_sessions(person=obj, but=own)


@admin.register(CityRole)
class CityRoleAdmin(OwnCityAdmin):
    # A right is given and taken in one go.
    keeps_unsaved = False
    main_fields = ("user", "city", "role", "since", "until")
    list_display = ("user", "city", "role", "since", "until")
    list_filter = ("role", "city")
    list_select_related = ("user", "city")
    search_fields = ("user", "city")
    autocomplete_fields = ("user",)
    ordering = ("city__slug", "role")

    def save_model(self, request: HttpRequest, obj: CityRole, form: Any, change: bool) -> None:
        """Whose role the office ends here, or lets go on, gets the letter of the team's page."""
        super().save_model(request, obj, form, change)
        if not change or "until" not in form.changed_data:
            return
        tell = role_letters.tell_of_end if obj.until else role_letters.tell_of_stay
        tell(obj, user_of(request))


@admin.register(Invitation)
class InvitationAdmin(OwnCityAdmin):
    """An invitation is sent when it is saved; from then on it can only be withdrawn."""

    form = InvitationForm
    main_fields = ("email", "city", "role", "language")
    office_choice = ("place", "confirmed")
    readonly_fields = ("invited_at", "invited_by", "expires_at", "accepted_at", "withdrawn_at")
    list_display = (
        "email",
        "city",
        "role",
        "to_office",
        "invited_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    )
    list_filter = ("to_office", "role", "city")
    list_select_related = ("city",)
    search_fields = ("email", "city")
    ordering = ("-invited_at",)
    actions = ("withdraw_invitations",)

    def get_fieldsets(self, request: HttpRequest, obj: Invitation | None = None) -> list[Any]:
        email, *others = self.main_fields
        if obj:
            fields = [email, "to_office", *others, *self.readonly_fields]
        elif user_of(request).is_secretariat:
            fields = [email, *self.office_choice, *others]
        else:
            fields = [email, *others]
        return [(None, {"fields": fields})]

    def get_form(
        self,
        request: HttpRequest,
        obj: Invitation | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        return with_arguments(form, invited_by=user_of(request), refuse=people.refuse_invitation)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A lead invites colleagues, who read the same language; the office invites anybody."""
        initial = super().get_changeform_initial_data(request)
        user = user_of(request)
        if not user.is_secretariat:
            initial.setdefault("language", user.language)
        return initial

    def formfield_for_foreignkey(
        self, db_field: "models.ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        formfield = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "city" and not user_of(request).is_secretariat:
            formfield.queryset = choices_for(
                user_of(request), db_field.related_model, Invitation, verb="add"
            )
        return formfield

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Saving sends the letter: the one button says so."""
        if kwargs.get("add"):
            context["save_label"] = _("Send the invitation")
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Invitation, form: InvitationForm, change: bool
    ) -> None:
        invitation = people.invite(
            email=obj.email,
            city=obj.city,
            role=obj.role,
            to_office=obj.to_office,
            language=obj.language,
            by=user_of(request),
        )
        obj.pk = invitation.pk
        obj.refresh_from_db()

    def response_post_save_add(self, request: HttpRequest, obj: Invitation) -> HttpResponseRedirect:
        """Back to the team, where a lead begins; the office goes on in its list."""
        message = _("A letter with the link is on its way to %(email)s.")
        self.message_user(request, message % {"email": obj.email}, messages.SUCCESS)
        user = user_of(request)
        city = obj.city
        if city is None or user.is_secretariat:
            return super().response_post_save_add(request, obj)
        page = reverse("admin:team", args=[city.slug])
        return HttpResponseRedirect(page)

    @admin.action(description=_("Withdraw the selected invitations"))
    def withdraw_invitations(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for invitation in queryset:
            try:
                people.withdraw_invitation(invitation=invitation, by=user_of(request))
            except ValidationError as error:
                reasons = " ".join(error.messages)
                self.message_user(request, labelled(invitation, reasons), messages.ERROR)
            except PermissionDenied:
                message = _("%(email)s: only the secretariat can withdraw this invitation.")
                self.message_user(request, message % {"email": invitation}, messages.ERROR)


@admin.register(AccountEvent)
class AccountEventAdmin(ListSearch, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who signed in, who was refused, what changed: for the secretariat, to read."""

    list_display = ("at", "kind", "person", "by", "sender")
    list_display_links = None
    list_filter = ("kind", "at")
    list_select_related = ("person", "by")
    search_fields = ("person",)
    ordering = ("-at", "-pk")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
