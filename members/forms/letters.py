"""What may be typed about letters: another wording, and why one is withdrawn."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from languages.names import direction
from members.editing.forms.records import RecordForm
from members.models import LetterText
from members.wording import KINDS
from members.wording.placeholders import faults, one_line


class LetterTextForm(RecordForm):
    """A wording with its words in curly brackets; a word that no letter fills in is refused.

    `only_preview`: the person wants to see how it reads, and nothing is saved.
    """

    kind = forms.ChoiceField(label=_("Kind of letter"))
    language = forms.ChoiceField(label=_("Language"))

    class Meta:
        model = LetterText
        fields = ("kind", "language", "subject", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 20})}

    def __init__(self, *args: Any, only_preview: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_preview = only_preview
        if "kind" not in self.fields:
            return
        self.fields["kind"].choices = [(name, kind.label) for name, kind in KINDS.items()]
        self.fields["language"].choices = settings.LANGUAGES
        if self.instance.pk:
            for name in ("kind", "language"):
                # What a wording is for does not change: another one is another row.
                self.fields[name].disabled = True
        language = self.instance.language or self.initial.get("language")
        if language in dict(settings.SCHEMA_LANGUAGES):
            for name in ("subject", "text"):
                self.fields[name].widget.attrs.update(lang=language, dir=direction(language))

    def is_valid(self) -> bool:
        return super().is_valid() and not self.only_preview

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        kind = KINDS.get(cleaned.get("kind"))
        if kind is None:
            return cleaned
        for name, needs in (("subject", ()), ("text", kind.needs)):
            if text := cleaned.get(name):
                for sentence in faults(text, names=kind.names, needs=needs):
                    self.add_error(name, sentence)
        return cleaned


class WithdrawLetterForm(forms.Form):
    """Why a letter is not to be sent."""

    why = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        help_text=_("For whoever reads the outbox later."),
    )
