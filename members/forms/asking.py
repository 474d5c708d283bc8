"""Asking cities: which of them, and in which words in each language."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from languages.fields import LineFormField, ProseFormField
from members.models.letters import SUBJECT_LENGTH
from members.wording import KINDS
from members.wording.placeholders import clean_text, faults

TEXT_LENGTH = 20_000
# Subject and text, with {city} and {link} in them.
Wording = tuple[str, str]
# What each letter needs, after the question was put in.
NEEDS = ("link",)


class CityKeys(forms.MultipleChoiceField):
    """Keys of cities. One that is not offered any more is left out: somebody asked it meanwhile."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[int]:
        known = [int(key) for key in value or [] if self.valid_value(key)]
        if not known:
            message = _("Choose at least one city.")
            raise ValidationError(message, code="required")
        return known


class AskForm(forms.Form):
    """Cities with their names, and the wording in each language, with {city} and {link} in it."""

    def __init__(
        self,
        *args: Any,
        cities: list[tuple[int, str]],
        wordings: Mapping[str, Wording],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        keys = [key for key, _name in cities]
        self.fields["city"] = CityKeys(
            label=_("Cities"),
            choices=cities,
            initial=keys,
        )
        self.wordings = wordings
        for code, wording in wordings.items():
            self.fields[f"subject_{code}"] = _subject_field(code, wording)
            self.fields[f"text_{code}"] = _text_field(code, wording)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for code in self.wordings:
            self._check(f"subject_{code}", ())
            self._check(f"text_{code}", NEEDS)
        return values

    def _check(self, name: str, needs: tuple[str, ...]) -> None:
        text = self.cleaned_data.get(name)
        if text is None:
            return
        names = KINDS["ask_cities"].names
        for sentence in faults(
            text,
            names=names,
            needs=needs,
        ):
            self.add_error(name, sentence)

    def wording_so_far(self, code: str) -> Wording:
        """What stands in the fields of a language, also where it is not whole yet."""
        subject = self[f"subject_{code}"].value() or ""
        text = clean_text(self[f"text_{code}"].value() or "")
        return subject, text

    def words(self) -> dict[str, Wording]:
        """The wording of each language, as it was sent."""
        values = self.cleaned_data
        words = {}
        for code in self.wordings:
            subject = values[f"subject_{code}"]
            text = values[f"text_{code}"]
            words[code] = (subject, text)
        return words


def _subject_field(code: str, wording: Wording) -> LineFormField:
    return LineFormField(
        label=_("Subject"),
        max_length=SUBJECT_LENGTH,
        initial=wording[0],
        widget=forms.TextInput(attrs={"lang": code}),
    )


def _text_field(code: str, wording: Wording) -> ProseFormField:
    return ProseFormField(
        label=_("Text"),
        max_length=TEXT_LENGTH,
        initial=wording[1],
        widget=forms.Textarea(attrs={"lang": code, "rows": 12}),
    )
