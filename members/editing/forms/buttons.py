"""What a page with several buttons sent: which button, about which row, and the fields."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from languages.text import column
from members.editing.forms.rows import LARGEST_KEY


class ButtonForm(forms.Form):
    """The button (`do`), and the key of the row that it belongs to, if any.

    The key stands after a colon (`take_up:12`), or in a field of its own.
    """

    do = forms.CharField(max_length=50)
    key = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        name, colon, key = cleaned.get("do", "").partition(":")
        cleaned["do"] = name
        if colon:
            cleaned["key"] = self.fields["key"].clean(key)
        return cleaned


@dataclass(frozen=True)
class Submission:
    """The fields of a page: as they were sent, or as they were kept; empty for neither.

    `is_checked`: whether the page says what is wrong with them, because the person saves.
    """

    fields: QueryDict
    files: "MultiValueDict[str, Any]" = field(default_factory=MultiValueDict)
    is_checked: bool = False

    def arguments(self, prefix: str) -> dict[str, Any]:
        """The first arguments of a form: its data, if the page has fields of it, and its prefix.

        A form without data is not bound: it shows its row, and nothing of it is saved.
        """
        start = f"{prefix}-"
        names = [*self.fields, *self.files]
        if not any(name.startswith(start) for name in names):
            return {"prefix": prefix}
        return {"data": self.fields, "files": self.files, "prefix": prefix}

    def language(self, text: str, default: str) -> str:
        """The language of the field `text` when the form was opened.

        The source language of the row may have changed since. `default`: for a form that was not
        sent.
        """
        for code, _name in settings.SCHEMA_LANGUAGES:
            if column(text, code) in self.fields:
                return code
        return default

    def open_languages(self, extra_language: str = "") -> list[str]:
        """Other languages whose fields stand on the page, and `extra_language`."""
        codes = [*self.fields.getlist("languages"), extra_language]
        known = dict(settings.LANGUAGES)
        return [code for code in dict.fromkeys(codes) if code in known]
