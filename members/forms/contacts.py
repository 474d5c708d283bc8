"""A support contact: telephone numbers as people write them, situations to tick."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _

from languages.text import current_language
from members import telephone
from members.editing.forms.codes import CodesField
from members.editing.forms.records import RecordForm
from members.models import City, Country, Situation
from members.opening import check_opening, read_opening

# Characters of a number as people write it.
AS_DIALLED = 40


class SupportContactForm(RecordForm):
    """Numbers may be written as in the contact's country; they are kept in international form."""

    situations = CodesField(choices=Situation.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self._meta.model._meta.get_field("situations")
        for name in ("phone", "second_phone"):
            self._allow_as_dialled(name)
        if "opening" in self.fields:
            # The row's own check sees the text after `clean_opening`.
            checks = self.fields["opening"].validators
            self.fields["opening"].validators = [one for one in checks if one is not check_opening]
        if "situations" in self.fields:
            own = self.fields["situations"]
            own.label, own.help_text = field.verbose_name.capitalize(), field.help_text

    def _allow_as_dialled(self, name: str) -> None:
        """A number with brackets and spaces is longer than what is stored of it."""
        if name not in self.fields:
            return
        field = self.fields[name]
        checks = field.validators
        field.validators = [one for one in checks if not isinstance(one, MaxLengthValidator)]
        field.help_text = self._meta.model._meta.get_field(name).help_text
        attributes = field.widget.attrs
        attributes["maxlength"] = str(AS_DIALLED)
        for counted in ("data-most", "data-counted"):
            attributes.pop(counted, None)

    def clean_phone(self) -> str:
        return self._number("phone")

    def clean_second_phone(self) -> str:
        return self._number("second_phone")

    def clean_opening(self) -> str:
        """The field's own check comes after: the row is checked with what was understood."""
        text = str(self.cleaned_data.get("opening") or "")
        return read_opening(text, current_language()) if text else ""

    def _number(self, name: str) -> str:
        text = str(self.cleaned_data.get(name) or "")[:AS_DIALLED]
        country = self._country()
        if not text or country is None:
            return text
        try:
            return telephone.normalize(text, country.code)
        except telephone.NotOnlyANumberError:
            message = _(
                "Write one number in digits, and nothing else; there is a field for remarks."
            )
            raise ValidationError(message, code="words") from None
        except ValueError:
            message = _("This is no telephone number of this country.")
            raise ValidationError(message, code="phone") from None

    def _country(self) -> Country | None:
        """Of what the person chose in the form, else of the row."""
        city = self.cleaned_data.get("city") or self.instance.city
        if isinstance(city, City):
            return city.country
        country = self.cleaned_data.get("country") or self.instance.country
        return country if isinstance(country, Country) else None
