"""What a city may write that thinks about joining, and the marks by which a machine gives itself
away."""

import unicodedata

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.names import country_name
from languages.sorting import sort_key
from languages.text import current_language
from members.forms.accounts import AccountLanguageForm
from members.models import Country

MESSAGE_LENGTH = 4000
# Nobody reads and fills in the form faster; nobody sits before it for longer.
FASTEST, SLOWEST = 3, 24 * 60 * 60
STAMP_SALT = "members.forms.interest"
# They turn the direction of what follows, and of nothing that a name needs.
TURNS_DIRECTION = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def refuse_controls(text: str) -> None:
    """Raise ValidationError for control characters other than those that end a line."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\r\n\t"):
        raise ValidationError(
            _("This contains characters that cannot be read. Type it anew."), code="controls"
        )


class OneLine(forms.CharField):
    """A text in one line: whatever was pasted, no line of a letter's head comes out of it."""

    default_validators = [refuse_controls]

    def to_python(self, value: object) -> str:
        return " ".join(super().to_python(value).translate(TURNS_DIRECTION).split())


def new_stamp() -> str:
    """When a form was opened, signed."""
    return signing.TimestampSigner(salt=STAMP_SALT).sign("opened")


class InterestForm(AccountLanguageForm):
    """City, country, who writes for it, and the message."""

    marks_optional = True

    city_name = OneLine(
        label=pgettext_lazy("to be typed", "City"),
        max_length=150,
        help_text=gettext_lazy(
            "Its official name. Districts, counties, regions and cantons can join too."
        ),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    person_name = OneLine(
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    office = OneLine(
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
    message = forms.CharField(
        label=pgettext_lazy("to the secretariat", "Message"),
        max_length=MESSAGE_LENGTH,
        required=False,
        validators=[refuse_controls],
        help_text=gettext_lazy("How far the city is, and what you would like to know."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    field_order = ["city_name", "country", "person_name", "office", "email", "language", "message"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, initial={"language": current_language()}, **kwargs)
        self.fields["country"].choices = [
            ("", pgettext_lazy("a country", "Choose one")),
            *_countries(),
        ]

    @property
    def stamp(self) -> str:
        """A fresh one for every time that the form is drawn."""
        return new_stamp()

    @property
    def is_trap_sprung(self) -> bool:
        """Whether the field was filled in that no person sees."""
        return bool(self.data.get("website"))

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        self._check_stamp(str(self.data.get("opened", "")))
        return cleaned

    def _check_stamp(self, given: str) -> None:
        """Refuse a stamp that is none, too young or too old."""
        signer = signing.TimestampSigner(salt=STAMP_SALT)
        try:
            signer.unsign(given, max_age=SLOWEST)
        except signing.BadSignature:
            message = _("This form was open for too long. Check what you typed and send it again.")
            self.add_error(None, ValidationError(message, code="stamp"))
            return
        try:
            signer.unsign(given, max_age=FASTEST)
        except signing.SignatureExpired:
            return
        message = _("That was very quick. Check what you typed and send it again.")
        self.add_error(None, ValidationError(message, code="too_quick"))


def _countries() -> list[tuple[str, str]]:
    language = current_language()
    names = [
        (code, country_name(code, language))
        for code in Country.objects.public().values_list("code", flat=True)
    ]
    return sorted(names, key=lambda item: sort_key(item[1], language))
