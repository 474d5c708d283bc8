"""Forms of a city, and those of the office where it gets another name or was entered twice."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.fields import LineFormField
from languages.names import own_name
from languages.text import columns, own_text
from members.editing.forms.records import RecordForm
from members.forms.choices import offer_by_name
from members.forms.namesakes import ask_about_namesakes
from members.models import City

LANGUAGES = [code for code, _name in settings.SCHEMA_LANGUAGES]


class CityForm(RecordForm):
    """The page of a city. A name that another city of the country has is asked about."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = {}
        for field in ("local_name", *columns("name")):
            # What stands there already was confirmed before.
            if field in self.changed_data or "country" in self.changed_data:
                names[field] = cleaned.get(field) or ""
        country = cleaned.get("country") or getattr(self.instance, "country", None)
        if names and country:
            ask_about_namesakes(self, country, names, but=self.instance)
        return cleaned


class RenameForm(forms.Form):
    """The names of a city from now on, and its address."""

    local_name = LineFormField(
        label=gettext_lazy("Local name"),
        max_length=150,
        help_text=gettext_lazy("As the city itself writes it."),
    )
    slug = LineFormField(
        label=gettext_lazy("Web address"), max_length=80, validators=[validate_slug]
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        self.city = city
        initial = {
            "local_name": city.local_name,
            "slug": city.slug,
        }
        for code in LANGUAGES:
            initial[f"name_{code}"] = own_text(city, "name", code)
        kwargs["initial"] = initial
        super().__init__(
            *args,
            **kwargs,
        )
        for code in LANGUAGES:
            self.fields[f"name_{code}"] = self._name_field(code)

    def _name_field(self, code: str) -> forms.Field:
        return LineFormField(
            label=own_name(code),
            max_length=150,
            required=code == self.city.source_language,
            widget=forms.TextInput(attrs={"lang": code}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fields = ["local_name", *columns("name")]
        names = {field: cleaned.get(field, "") for field in fields if field in self.changed_data}
        ask_about_namesakes(self, self.city.country, names, but=self.city)
        return cleaned

    @property
    def names(self) -> dict[str, str]:
        """The new names by language, empty where there is none."""
        names = {}
        for code in LANGUAGES:
            names[code] = self.cleaned_data[f"name_{code}"]
        return names


class MergeForm(forms.Form):
    """The entry that is left."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("The entry that stays"), queryset=City.objects.none()
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city = city
        others = City.objects.exclude(pk=city.pk)
        offer_by_name(self.fields["into"], others)

    def clean_into(self) -> City:
        survivor: City = self.cleaned_data["into"]
        is_same = survivor.pk == self.city.pk
        if is_same:
            message = _("Choose another city: this is the same entry.")
            raise ValidationError(message, code="same")
        return survivor
