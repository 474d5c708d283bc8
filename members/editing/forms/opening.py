"""How the form of an entry is opened: with its draft, with the public text, with an old version."""

from django import forms

from members.editing.forms.rows import LARGEST_KEY


class OpeningForm(forms.Form):
    """The address of a form.

    `version`: number of the entry of the log that wrote the old version; `public`: leave the draft
    out.
    """

    version = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    public = forms.BooleanField(required=False)
