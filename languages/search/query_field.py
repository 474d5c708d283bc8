"""The form field in which people type what they search."""

from typing import Any

from django import forms

from languages.cleaning import clean_text
from languages.search.query import MAX_QUERY_CHARACTERS


class QueryField(forms.CharField):
    """What somebody types to search: without characters that nobody sees, and of a long text its
    beginning."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.widget.attrs["maxlength"] = MAX_QUERY_CHARACTERS

    def to_python(self, value: Any) -> str:
        text = clean_text(super().to_python(value) or "").strip()
        if len(text) <= MAX_QUERY_CHARACTERS:
            return text
        start = text[:MAX_QUERY_CHARACTERS]
        return start.rpartition(" ")[0] or start
