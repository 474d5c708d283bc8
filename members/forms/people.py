"""The forms of an invitation, the secretariat's and a coordinator's; and of an erasure."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import DayFormField
from members.editing.forms.records import RecordForm
from members.gaps import WRITERS
from members.models import City, CityRole, Invitation, User

if TYPE_CHECKING:
    UserModelForm = forms.ModelForm[User]
else:
    UserModelForm = forms.ModelForm

CITY = "city"
OFFICE = "office"
PLACES = [
    (CITY, pgettext_lazy("where somebody is invited to", "A city")),
    (OFFICE, pgettext_lazy("where somebody is invited to", "The network’s secretariat")),
]


class UserForm(RecordForm):
    """An account, as the secretariat changes it: somebody of the secretariat is always left, and
    its right is given and ended by a second answer.

    `lock_office`: `services.office_right.lock`. It locks before the row itself is locked, as an
    erasure does. `by`: who changes it.
    """

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, change the right of the secretariat"), required=False
    )

    def __init__(
        self,
        *args: Any,
        lock_office: Callable[[], set[int]],
        by: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lock_office = lock_office
        self.by = by
        if self.instance.is_secretariat:
            self._keep_address()
        self.question = self.fields["sure"].widget
        self.fields["sure"].widget = forms.HiddenInput()

    def _keep_address(self) -> None:
        """That of somebody of the secretariat is changed where both mailboxes agree to it (0078).
        Oneself has no field for it."""
        field = self.fields.get("email")
        if field is None:
            return
        field.disabled = True
        field.help_text = _(
            "Whoever belongs to the secretariat changes the own address, and both mailboxes agree. "
            "Somebody who no longer reads the present one is invited again under another address."
        )

    def clean(self) -> dict[str, Any]:
        office = self.lock_office()
        values: dict[str, Any] = super().clean()
        has_right = self.instance.is_secretariat
        gets_right = values.get("is_secretariat", has_right)
        if office == {self.instance.pk}:
            self._keep_last(values)
        elif gets_right != has_right:
            self._ask_once_more(values, gets_right)
        return values

    def _keep_last(self, values: dict[str, Any]) -> None:
        message = _(
            "Nobody else of the secretariat can sign in: nobody could invite or let in anybody "
            "any more. Give another person the right first."
        )
        for name in ("is_secretariat", "is_active"):
            if not values.get(name, True):
                self.add_error(name, ValidationError(message, code="last"))

    def _ask_once_more(self, values: dict[str, Any], gets_right: bool) -> None:
        self.fields["sure"].widget = self.question
        if values.get("sure"):
            return
        question = self._question(gets_right) % {"name": self.instance}
        error = ValidationError(question, code="unconfirmed")
        self.add_error("sure", error)

    def _question(self, gets_right: bool) -> str:
        if gets_right:
            return _(
                "Confirm it: %(name)s will read and change everything, of every city, and every "
                "account."
            )
        if self.instance.pk == self.by.pk:
            return _(
                "Confirm it: you give up your own right. Only another person of the secretariat "
                "can give it back to you."
            )
        return _("Confirm it: %(name)s loses the right of the secretariat at once.")


class InvitationForm(RecordForm):
    """Who is invited, to which city and as what; or to the secretariat, said twice.

    `invited_by`: the person who invites. `refuse`: `services.people.refuse_invitation`; it raises
    ValidationError where the invitation makes no sense.
    """

    place = forms.ChoiceField(
        label=gettext_lazy("Invitation to"), choices=PLACES, widget=forms.RadioSelect
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy(
            "If it is the secretariat: yes, this person will read and change everything, of every "
            "city, and every account."
        ),
        required=False,
    )

    class Meta:
        model = Invitation
        fields = ("email", "city", "role", "language")

    def __init__(
        self, *args: Any, invited_by: User, refuse: Callable[..., None], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invited_by = invited_by
        self.refuse = refuse
        if not invited_by.is_secretariat:
            del self.fields["place"]
            del self.fields["confirmed"]
            self._offer_roles_of_leads()

    def _offer_roles_of_leads(self) -> None:
        """Only the secretariat invites committee members: nobody else is offered that."""
        field = self.fields.get("role")
        if not isinstance(field, forms.ChoiceField):
            return
        choices = cast("list[tuple[str, Any]]", field.choices)
        field.choices = [
            (role, label) for role, label in choices if role in ("", *CityRole.COORDINATORS)
        ]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        city = values.get("city")
        role = values.get("role")
        place = values.get("place", CITY)
        self.instance.to_office = place == OFFICE
        if place == OFFICE:
            self._check_office(values)
        elif "place" not in self.errors:
            self._check_city(city, role)
        if not self.errors:
            self.refuse(
                email=values["email"],
                city=city,
                role=role or "",
                by=self.invited_by,
            )
        return values

    def _check_office(self, values: dict[str, Any]) -> None:
        """Add an error where the office is chosen without being meant."""
        if values.get("city") or values.get("role"):
            message = _("Choose either the secretariat, or a city and a role.")
            self.add_error("place", ValidationError(message, code="either"))
        if not values.get("confirmed"):
            message = _("Confirm it: the secretariat reads and changes everything.")
            self.add_error("confirmed", ValidationError(message, code="unconfirmed"))

    def _check_city(self, city: City | None, role: str | None) -> None:
        """Add an error where city or role lacks."""
        if not city:
            self._require("city", _("Choose the city."))
        if not role:
            self._require("role", _("Choose what the person will be for the city."))

    def _require(self, name: str, message: str) -> None:
        error = ValidationError(message, code="required")
        self.add_error(name, error)


class NothingToFill(forms.Form):
    """A button alone; it is sent with the token that every form has."""


class LastDayForm(forms.Form):
    """When a role ends; without a day at once. One for each button: `name` is the button's."""

    last_day = DayFormField(label=gettext_lazy("Last day (empty: at once)"), required=False)

    def __init__(self, *args: Any, role: CityRole, name: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{name}-{role.pk}-%s"
        super().__init__(*args, **kwargs)
        self.role = role
        field = self.fields["last_day"]
        field.help_text = ""
        field.widget.attrs |= {"autocomplete": "off", "size": 14}
        # Whose form it is, in the list of errors.
        self.where = role.user


class ProfileForm(UserModelForm):
    """One's own name, the language of one's pages and letters, and whether a summary comes.

    The last only for those who get one: it says what stands in theirs.
    """

    class Meta:
        model = User
        fields = ("name", "language", "gets_summaries")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Your name")
        language = self.fields["language"]
        language.help_text = _("The administration and the letters to you are in this language.")
        words = _summary_words(self.instance)
        if words:
            self.fields["gets_summaries"].help_text = words
        else:
            del self.fields["gets_summaries"]


def _summary_words(person: User) -> str:
    """What the person's letter a month says; "" for somebody who gets none."""
    if person.is_secretariat:
        return _(
            "One a month at most, with what needs an answer of the office. If nothing does, there "
            "is no letter."
        )
    if person.city_ids(*WRITERS):
        return _(
            "One a month at most, with the three first things that wait for your city. If nothing "
            "waits, there is no letter."
        )
    return ""


class ErasureForm(forms.Form):
    """Asks once more: whoever erases a person types their address. `address`: the right one."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the person, typed again"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if email != self.address:
            message = _("This is not the address of the person who would be erased.")
            raise ValidationError(
                message,
                code="other",
            )
        return email
