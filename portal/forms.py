"""What may be typed on public pages of the portal."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """The search box."""

    q = forms.CharField(label=_("Search everything"), max_length=200, required=False)
