"""A support contact: telephone numbers as people write them, situations to tick."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from languages.text import current_language
from members import telephone
from members.editing.forms.records import RecordForm
from members.models import City, Country, Situation
from members.opening import check_opening, read_opening


class CodesInput(forms.CheckboxSelectMultiple):
    """Ticks that give one text of codes with a space between, as the row keeps them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        codes = super().value_from_datadict(data, files, name) or []
        return " ".join(codes)

    def format_value(self, value: Any) -> list[str]:
        text = value or ""
        return str(text).split()


class CodesField(forms.CharField):
    """Codes of a vocabulary, in its order."""

    def __init__(self, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(widget=CodesInput(choices=choices), **kwargs)
        self.codes = [code for code, _label in choices]

    def clean(self, value: Any) -> str:
        ticked = super().clean(value).split()
        unknown = set(ticked) - set(self.codes)
        if unknown:
            raise ValidationError(_("Choose from the list."), code="invalid_choice")
        return " ".join(code for code in self.codes if code in ticked)


class SupportContactForm(RecordForm):
    """Numbers may be written as in the contact's country; they are kept in international form."""

    situations = CodesField(choices=Situation.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self._meta.model._meta.get_field("situations")
        if "opening" in self.fields:
            # The row's own check sees the text after `clean_opening`.
            checks = self.fields["opening"].validators
            self.fields["opening"].validators = [one for one in checks if one is not check_opening]
        if "situations" in self.fields:
            own = self.fields["situations"]
            own.label, own.help_text = field.verbose_name.capitalize(), field.help_text

    def clean_phone(self) -> str:
        return self._number("phone")

    def clean_second_phone(self) -> str:
        return self._number("second_phone")

    def clean_opening(self) -> str:
        """The field's own check comes after: the row is checked with what was understood."""
        text = str(self.cleaned_data.get("opening") or "")
        return read_opening(text, current_language()) if text else ""

    def _number(self, name: str) -> str:
        text = str(self.cleaned_data.get(name) or "")
        country = self._country()
        if not text or country is None:
            return text
        try:
            return telephone.normalize(text, country.code)
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
