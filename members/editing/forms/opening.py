"""How the form of an entry is opened: as it is, as the public reads it, as it was."""

from django import forms

LARGEST_KEY = 2**63 - 1


class OpeningForm(forms.Form):
    """`version`: an entry of the log, after which the row looked as it is wanted; `public`: without
    the draft."""

    version = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    public = forms.BooleanField(required=False)
