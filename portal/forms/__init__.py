"""The forms of public pages of the portal."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from languages.search.query import MAX_QUERY_CHARACTERS
from languages.search.query_field import QueryField
from members.models import City, Country, Situation


class OneFieldTemplate(TemplatesSetting):
    """Every form field of the portal is drawn by one template."""

    field_template_name = "forms/field.html"


class ContactForm(forms.Form):
    """What somebody writes to the portal about: the page from which the link led here."""

    city = forms.SlugField(required=False)
    programme = forms.SlugField(required=False, max_length=100)


class SearchForm(forms.Form):
    """The search box and what its results can be narrowed down to. The view fills the choices with
    counts."""

    q = QueryField(
        label=_("Search everything"),
        widget=forms.SearchInput({"autocomplete": "off", "enterkeyhint": "search"}),
    )
    kind = forms.CharField(label=_("Kind"), required=False, widget=forms.HiddenInput)
    country = forms.CharField(label=_("Country"), required=False, widget=forms.Select)
    city = forms.CharField(label=_("City"), required=False, widget=forms.Select)
    point = forms.IntegerField(
        label=_("Point of the plan"), required=False, min_value=1, max_value=99, widget=forms.Select
    )
    language = forms.CharField(
        label=_("Language in which it was found"), required=False, widget=forms.Select
    )

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds

    @property
    def is_cut(self) -> bool:
        """Whether the text was too long, so that its beginning alone is searched."""
        return len(self.data.get("q", "").strip()) > MAX_QUERY_CHARACTERS

    def clean_kind(self) -> str:
        kind = self.cleaned_data["kind"]
        return self._one_of(self.kinds, kind)

    def clean_language(self) -> str:
        known = dict(settings.SCHEMA_LANGUAGES)
        return self._one_of(known, self.cleaned_data["language"])

    def clean_country(self) -> str:
        code = self.cleaned_data["country"].upper()
        countries = Country.objects.public()
        rows = countries.filter(code=code)
        known = rows.values_list("code", flat=True)
        return self._one_of(known, code)

    def clean_city(self) -> City | None:
        slug = self.cleaned_data["city"]
        if not slug:
            return None
        cities = City.objects.public()
        city = cities.filter(slug=slug).first()
        if city is None:
            raise forms.ValidationError(_("This portal has no such city."))
        return city

    def _one_of(self, known: Iterable[str], value: str) -> str:
        if value and value not in known:
            raise forms.ValidationError(_("Choose one from the list."))
        return value


class SuggestForm(forms.Form):
    """What a visitor has written so far, and the kind that they look for."""

    q = QueryField()
    kind = forms.CharField(required=False, max_length=30)


class CompareForm(forms.Form):
    """A city to compare as well, by its name. The cities themselves are read from the address."""

    q = QueryField()


class FeedForm(forms.Form):
    """What a feed is narrowed to: a city by its slug, a point of the plan by its number."""

    city = forms.SlugField(max_length=80, required=False)
    point = forms.IntegerField(min_value=1, max_value=999, required=False)


class HelpForm(forms.Form):
    """What a visitor of the help pages says: what happened, where, in which town."""

    happened = forms.ChoiceField(choices=Situation.choices, required=False)
    q = forms.CharField(max_length=MAX_QUERY_CHARACTERS, required=False)
    town = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


class HelpPageForm(forms.Form):
    """The help page from which somebody came: an address of this site, in the form `/en/help/…`."""

    page = forms.CharField(max_length=200, required=False)

    def clean_page(self) -> str:
        page: str = self.cleaned_data["page"]
        path, _mark, _parameters = page.partition("?")
        try:
            name = resolve(path).url_name
        except Resolver404:
            return ""
        return page if name in {"help_detail", "help_index"} else ""


class TakenBackForm(forms.Form):
    """What the page knows that thanks for a tap: how to take it back, or whether it was."""

    token = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    taken_back = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], required=False)
