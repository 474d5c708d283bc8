"""What may be typed on public pages of the portal."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class OneFieldTemplate(TemplatesSetting):
    """Every form field of the portal is drawn by one template."""

    field_template_name = "forms/field.html"


class SearchForm(forms.Form):
    """The search box."""

    q = forms.CharField(label=_("Search everything"), max_length=200, required=False, widget=forms.SearchInput)


class FeedForm(forms.Form):
    """What a feed is narrowed to: a city by its slug, a point of the plan by its number."""

    city = forms.SlugField(max_length=80, required=False)
    point = forms.IntegerField(min_value=1, max_value=999, required=False)
