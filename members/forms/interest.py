"""The form by which a city says that it thinks about joining, with its traps for programs."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.fields import LineFormField, ProseFormField
from languages.text import current_language
from members.countries import country_choices
from members.forms.accounts import AccountLanguageForm, set_choices
from members.models import Country

MESSAGE_LENGTH = 4000
# Seconds between opening and sending the form: a person needs more than the first and less than the
# second.
FASTEST, SLOWEST = 3, 24 * 60 * 60
STAMP_SALT = "members.forms.interest"


def new_stamp() -> str:
    """The time at which a form was opened, signed."""
    return signing.TimestampSigner(salt=STAMP_SALT).sign("opened")


class InterestForm(AccountLanguageForm):
    """City, country, who writes for it, and the message."""

    marks_optional = True

    city_name = LineFormField(
        label=pgettext_lazy("to be typed", "City"),
        max_length=150,
        help_text=gettext_lazy(
            "Its official name. Districts, counties, regions and cantons can join too."
        ),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    person_name = LineFormField(
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    office = LineFormField(
        label=gettext_lazy("Your office"),
        max_length=200,
        help_text=gettext_lazy("For example: mayor’s office, integration unit, council group."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy(
            "We send a link there. Only when you have opened it does your message count."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    language = forms.ChoiceField(
        label=pgettext_lazy("of letters", "Language"),
        help_text=gettext_lazy("We write to you in this language."),
    )
    message = ProseFormField(
        label=pgettext_lazy("to the secretariat", "Message"),
        max_length=MESSAGE_LENGTH,
        required=False,
        help_text=gettext_lazy("How far the city is, and what you would like to know."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ["city_name", "country", "person_name", "office", "email", "language", "message"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"language": current_language()}
        super().__init__(*args, initial=initial, **kwargs)
        countries = Country.objects.public()
        codes = countries.values_list("code", flat=True)
        empty_label = pgettext_lazy("a country", "Choose one")
        nothing = ("", empty_label)
        choices = [nothing, *country_choices(codes)]
        set_choices(self, "country", choices)

    @property
    def stamp(self) -> str:
        """A fresh one for every time that the form is drawn."""
        return new_stamp()

    @property
    def is_from_a_program(self) -> bool:
        """Whether the field that no person sees is filled in."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        stamp = self.data.get("opened", "")
        self._check_stamp(str(stamp))
        return values

    def _check_stamp(self, stamp: str) -> None:
        """Add an error for a stamp that is forged, too young or too old."""
        signer = signing.TimestampSigner(salt=STAMP_SALT)
        try:
            signer.unsign(stamp, max_age=SLOWEST)
        except signing.BadSignature:
            message = _("This form was open for too long. Check what you typed and send it again.")
            self.add_error(None, ValidationError(message, code="stamp"))
            return
        try:
            signer.unsign(stamp, max_age=FASTEST)
        except signing.SignatureExpired:
            return
        message = _("That was very quick. Check what you typed and send it again.")
        self.add_error(None, ValidationError(message, code="too_quick"))
