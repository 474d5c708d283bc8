"""Forms about letters: another wording, and why one is withdrawn."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField
from languages.names import direction
from members.editing.forms.records import RecordForm
from members.forms.accounts import set_choices
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
        kinds = [(name, kind.label) for name, kind in KINDS.items()]
        set_choices(self, "kind", kinds)
        set_choices(self, "language", settings.LANGUAGES)
        # A wording stays that of its kind and language: another one is another row.
        is_saved = bool(self.instance.pk)
        for name in ("kind", "language"):
            formfield = self.fields[name]
            formfield.disabled = is_saved
        self._mark_texts()

    def _mark_texts(self) -> None:
        """Tell the browser the language of both texts: for spelling and direction."""
        language = self.instance.language or self.initial.get("language")
        languages = dict(settings.SCHEMA_LANGUAGES)
        if language not in languages:
            return
        for name in ("subject", "text"):
            attributes = self.fields[name].widget.attrs
            attributes["lang"] = language
            attributes["dir"] = direction(language)

    def is_valid(self) -> bool:
        is_valid = super().is_valid()
        return is_valid and not self.only_preview

    def clean_subject(self) -> str:
        return one_line(self.cleaned_data["subject"])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean()
        kind = KINDS.get(values.get("kind", ""))
        if kind is None:
            return values
        names = kind.names
        if subject := values.get("subject"):
            for sentence in faults(subject, names=names):
                self.add_error("subject", sentence)
        if text := values.get("text"):
            for sentence in faults(text, names=names, needs=kind.needs):
                self.add_error("text", sentence)
        return values


class WithdrawLetterForm(forms.Form):
    """Why a letter is not to be sent."""

    why = LineFormField(
        label=_("Why is it withdrawn?"),
        max_length=300,
        help_text=_("For whoever reads the outbox later."),
    )
