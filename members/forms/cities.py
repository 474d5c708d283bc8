"""What the office types when a city gets another name or was entered twice."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.names import own_name
from languages.text import own_text
from members.forms.interest import OneLine
from members.models import City


class RenameForm(forms.Form):
    """The names of a city from now on, and its address."""

    local_name = OneLine(
        label=gettext_lazy("Local name"),
        max_length=150,
        help_text=gettext_lazy("As the city itself writes it."),
    )
    slug = forms.CharField(
        label=gettext_lazy("Web address"), max_length=80, validators=[validate_slug]
    )

    def __init__(self, *args: object, city: City, **kwargs: object) -> None:
        self.city = city
        names = {
            f"name_{code}": own_text(city, "name", code)
            for code, _name in settings.SCHEMA_LANGUAGES
        }
        super().__init__(
            *args, initial={"local_name": city.local_name, "slug": city.slug, **names}, **kwargs
        )
        for code, _name in settings.SCHEMA_LANGUAGES:
            required = code == city.source_language
            widget = forms.TextInput(attrs={"lang": code})
            label = own_name(code)
            self.fields[f"name_{code}"] = OneLine(
                label=label, max_length=150, required=required, widget=widget
            )

    @property
    def names(self) -> dict[str, str]:
        """What was typed, by language."""
        return {
            code: self.cleaned_data[f"name_{code}"] for code, _name in settings.SCHEMA_LANGUAGES
        }


class MergeForm(forms.Form):
    """The entry that is left."""

    into = forms.ModelChoiceField(
        label=gettext_lazy("The entry that stays"), queryset=City.objects.none()
    )

    def __init__(self, *args: object, city: City, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.city = city
        self.fields["into"].queryset = City.objects.exclude(pk=city.pk).order_by("slug")

    def clean_into(self) -> City:
        survivor = self.cleaned_data["into"]
        if survivor.pk == self.city.pk:
            raise ValidationError(_("Choose another city: this is the same entry."), code="same")
        return survivor
