"""What a page with several buttons sent: which button, about which row, and the fields."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import QueryDict

from languages.text import column
from members.editing.forms.rows import LARGEST_KEY


class ButtonForm(forms.Form):
    """The name of the button (`do`), and the key of the row that it belongs to, if any."""

    do = forms.CharField(max_length=30)
    key = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)


@dataclass(frozen=True)
class Submission:
    """The fields that a page sent; empty for a page that is opened."""

    fields: QueryDict

    def by(self, *buttons: str, key: int | None = None) -> QueryDict | None:
        """The fields, if one of these buttons was pressed (for the row with this key); else None.

        A form that gets None is not bound: it stands on the page without errors.
        """
        fields = self.fields
        if fields.get("do") not in buttons:
            return None
        if key is not None and fields.get("key") != str(key):
            return None
        return fields

    def language(self, text: str, default: str) -> str:
        """The language of the field `text` when the form was opened.

        The source language of the row may have changed since. `default`: for a form that was not
        sent.
        """
        for code, _name in settings.SCHEMA_LANGUAGES:
            if column(text, code) in self.fields:
                return code
        return default
