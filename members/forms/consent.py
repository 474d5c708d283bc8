"""The last page before a transition: what the person must have read, and the letters."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from languages.fields import LineFormField, ProseFormField
from members.accession_file import Remark


@dataclass(frozen=True)
class Proof:
    """A letter as it will go out, to be read and edited before.

    `is_from_before`: in the words that the person gave it before going back to the form.
    """

    to: str
    language: str
    subject: str
    text: str
    is_from_before: bool = False


class ConsentForm(forms.Form):
    """Every warning ticked, every letter in its final words."""

    def __init__(
        self, *args: Any, remarks: Sequence[Remark], letters: Mapping[str, Proof], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.blocking: list[Remark] = []
        self.remarks: list[Remark] = []
        self.letters = letters
        for remark in remarks:
            if remark.blocks:
                self.blocking.append(remark)
            else:
                self.remarks.append(remark)
        for remark in self.remarks:
            name = tick_name(remark)
            self.fields[name] = tick(remark)
        for key, proof in letters.items():
            subject, text = subject_name(key), text_name(key)
            self.fields[subject] = subject_field(proof)
            self.fields[text] = text_field(proof)

    def confirmed_warnings(self) -> frozenset[str]:
        """Codes of the warnings that were ticked."""
        codes = set()
        for remark in self.remarks:
            if self.cleaned_data.get(tick_name(remark)):
                codes.add(remark.code)
        return frozenset(codes)

    def words(self) -> dict[str, tuple[str, str]]:
        """Subject and text by the letter's key."""
        return {key: self._words_of(key) for key in self.letters}

    def _words_of(self, key: str) -> tuple[str, str]:
        values = self.cleaned_data
        return values[subject_name(key)], values[text_name(key)]

    @classmethod
    def holds_letters(cls, data: Mapping[str, object], letters: Mapping[str, object]) -> bool:
        """Whether the page that was sent back held exactly these letters.

        A recipient may have come or gone since.
        """
        expected = {text_name(key) for key in letters}
        held = {name for name in data if name.startswith("text_")}
        return held == expected


def tick_name(remark: Remark) -> str:
    return f"seen_{remark.code}"


def subject_name(key: str) -> str:
    return f"subject_{mark(key)}"


def text_name(key: str) -> str:
    return f"text_{mark(key)}"


def is_letter_field(name: str) -> bool:
    return name.startswith(("subject_", "text_"))


def mark(key: str) -> str:
    """What a letter's fields are called by: its recipient, so that no words go to another one."""
    digest = hashlib.sha256(key.encode())
    return digest.hexdigest()[:12]


def tick(remark: Remark) -> forms.BooleanField:
    message = _("Tick this if you have seen it and go on all the same.")
    return forms.BooleanField(
        label=remark.text,
        error_messages={"required": message},
    )


def subject_field(proof: Proof) -> LineFormField:
    return LineFormField(
        label=_("Subject"),
        max_length=200,
        initial=proof.subject,
        widget=forms.TextInput(attrs={"lang": proof.language}),
    )


def text_field(proof: Proof) -> ProseFormField:
    attributes = {"rows": 12, "lang": proof.language}
    return ProseFormField(
        label=_("Letter"),
        max_length=20_000,
        initial=proof.text,
        widget=forms.Textarea(attrs=attributes),
    )


def hidden_values(form: forms.Form, data: QueryDict) -> list[tuple[str, str]]:
    """What was filled in on the page before: name and value, several of one name."""
    pairs = []
    for name in form.fields:
        values = data.getlist(name)
        pairs += [(name, value) for value in values]
    return pairs
