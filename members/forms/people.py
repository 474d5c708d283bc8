"""The form of an invitation."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members.editing.forms.records import RecordForm
from members.models import City, CityRole, Invitation, User


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
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        city = values.get("city")
        role = values.get("role")
        self._check_pair(city, role)
        is_by_office = self.invited_by.is_secretariat
        is_for_committee = role == CityRole.Role.COMMITTEE
        if is_for_committee and not is_by_office:
            message = _("Only the secretariat invites committee members.")
            error = ValidationError(message, code="not_allowed")
            self.add_error("role", error)
        if not self.errors:
            self.refuse(
                email=values["email"],
                city=city,
                role=role or "",
                by=self.invited_by,
            )
        return values

    def _check_pair(self, city: City | None, role: str | None) -> None:
        """Add an error where one of the two lacks; both, for others than the office."""
        is_by_office = self.invited_by.is_secretariat
        if city and not role:
            self._require("role", _("Choose what the person will be for the city."))
        if role and not city:
            self._require("city", _("Choose the city of this role."))
        if not city and not role and not is_by_office:
            self._require("city", _("Choose your city."))

    def _require(self, name: str, message: str) -> None:
        error = ValidationError(message, code="required")
        self.add_error(name, error)
