"""What the office fills in when it answers a city that thinks about joining."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.fields import LineFormField, ProseFormField
from members.forms.accounts import AccountLanguageForm
from members.forms.choices import offer_by_name
from members.forms.namesakes import ask_about_namesakes
from members.models import City, Country, FormerSlug


class NotNowForm(forms.Form):
    """Why a city does not become a candidate now."""

    why = ProseFormField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("For the office’s own file. It is not sent."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CandidateForm(AccountLanguageForm):
    """Which city becomes a candidate, or what a new one is called; who leads its work."""

    city = forms.ModelChoiceField(
        label=gettext_lazy("City in the portal"),
        queryset=City.objects.none(),
        required=False,
        empty_label=gettext_lazy("a new city, with the name below"),
    )
    name = LineFormField(
        label=pgettext_lazy("of a city", "Name"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("The official name, as the city itself writes it."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=City.Kind, required=False)
    slug = LineFormField(
        label=gettext_lazy("Web address"),
        max_length=80,
        required=False,
        validators=[validate_slug],
        help_text=gettext_lazy(
            "Leave empty: it follows from the name. A name in other letters needs one."
        ),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the lead coordinator"),
        max_length=254,
        help_text=gettext_lazy(
            "An invitation goes there. Whoever holds the role already gets none."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the invitation"))
    field_order = ["city", "name", "kind", "slug", "email", "language"]

    def __init__(self, *args: Any, country: Country, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        offer_by_name(self.fields["city"], City.objects.all())

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        cities = City.objects.filter(slug=slug)
        former = FormerSlug.objects.filter(slug=slug)
        if cities.exists() or former.exists():
            message = _("Another city has or had this address.")
            raise ValidationError(message, code="unique")
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self._is_missing("city"):
            return cleaned
        if not self._is_missing("name"):
            names = {"name": cleaned.get("name", "")}
            ask_about_namesakes(self, self.country, names)
            return cleaned
        message = _("Choose a city, or write the name of a new one.")
        self.add_error("name", ValidationError(message, code="required"))
        return cleaned

    def _is_missing(self, name: str) -> bool:
        """Whether a field is empty, and not only wrong."""
        if name in self.errors:
            return False
        return not self.cleaned_data.get(name)
