"""What may be typed about people."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.editing.forms.records import RecordForm
from members.models import CityRole, Invitation, User


class InvitationForm(RecordForm):
    """Who is invited, to which city and as what.

    `invited_by`: the person who invites. `refuse`: `services.people.refuse_invitation`; it raises
    ValidationError where the invitation makes no sense.
    """

    class Meta:
        model = Invitation
        fields = ("email", "city", "role", "language")

    def __init__(
        self, *args: Any, invited_by: User, refuse: Callable[..., None], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invited_by = invited_by
        self.refuse = refuse

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        city, role = cleaned.get("city"), cleaned.get("role")
        if city and not role:
            self.add_error(
                "role",
                ValidationError(_("Choose what the person will be for the city."), code="required"),
            )
        if role and not city:
            self.add_error(
                "city", ValidationError(_("Choose the city of this role."), code="required")
            )
        if not city and not role and not self.invited_by.is_secretariat:
            self.add_error("city", ValidationError(_("Choose your city."), code="required"))
        if role == CityRole.Role.COMMITTEE and not self.invited_by.is_secretariat:
            message = _("Only the secretariat invites committee members.")
            self.add_error("role", ValidationError(message, code="not_allowed"))
        if not self.errors:
            self.refuse(email=cleaned["email"], city=city, role=role or "", by=self.invited_by)
        return cleaned
