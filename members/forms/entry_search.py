"""The search at the top of the administration."""

from django import forms
from django.utils.translation import gettext_lazy as _

from languages.search.query_field import QueryField


class EntrySearchForm(forms.Form):
    """One field; its text may be anything."""

    q = QueryField(label=_("Search your entries"), widget=forms.SearchInput)
