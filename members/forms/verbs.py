"""What may be typed where a verb is confirmed: reasons, meetings, votes, and the words of the
letters."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import PartialDateFormField
from members.accession_file import Remark
from members.editing.forms.rows import SeveralRows
from members.models import City, Document, Meeting, Membership

UNANIMOUS = [
    ("", pgettext_lazy("vote", "not known")),
    ("yes", pgettext_lazy("vote", "unanimous")),
    ("no", pgettext_lazy("vote", "not unanimous")),
]


class VerbForm(forms.Form):
    """What a verb needs. `about`: the accession or membership; nothing to type unless a subclass
    says so."""

    marks_optional = True

    def __init__(self, *args: object, about: object, **kwargs: object) -> None:
        self.about = about
        super().__init__(*args, **kwargs)


class ReasonForm(VerbForm):
    """A verb that is refused without a reason."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The city reads it in the letter, and it stays in the file."),
    )


class AgendaForm(VerbForm):
    """On which meeting's agenda."""

    meeting = forms.ModelChoiceField(label=gettext_lazy("Meeting"), queryset=Meeting.objects.none())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        meetings = Meeting.objects.filter(
            kind=Meeting.Kind.STEERING, fictional=self.about.city.fictional
        )
        self.fields["meeting"].queryset = meetings.order_by("-starts")


class VoteForm(VerbForm):
    """A vote as the minutes have it: what is not known stays empty."""

    on = PartialDateFormField(
        label=gettext_lazy("Date of the vote"),
        required=False,
        help_text=gettext_lazy("Only if it is not the meeting’s first day."),
    )
    unanimous = forms.ChoiceField(
        label=gettext_lazy("How it was voted"), choices=UNANIMOUS, required=False
    )
    votes_for = forms.IntegerField(
        label=gettext_lazy("Votes for"), min_value=0, max_value=999, required=False
    )
    votes_against = forms.IntegerField(
        label=gettext_lazy("Votes against"), min_value=0, max_value=999, required=False
    )
    votes_abstained = forms.IntegerField(
        label=gettext_lazy("Abstentions"), min_value=0, max_value=999, required=False
    )
    present = forms.IntegerField(
        label=gettext_lazy("Members present"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=gettext_lazy("With those that did not vote."),
    )
    recused = SeveralRows(
        label=gettext_lazy("Cities that did not vote"),
        queryset=City.objects.none(),
        required=False,
        help_text=gettext_lazy(
            "A city with a seat in the committee does not vote about itself: the portal adds it."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    public = forms.BooleanField(
        label=gettext_lazy("Show this decision on the meeting’s public page"), required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        seats = City.objects.filter(committee_seats__isnull=False).order_by("slug").distinct()
        if "recused" in self.fields:
            self.fields["recused"].queryset = seats
            if not seats.exists():
                del self.fields["recused"]

    def clean_unanimous(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["unanimous"])


class AdmitForm(VoteForm):
    """An admission is always public."""

    public = None


class VoteWithReasonForm(VoteForm, ReasonForm):
    """Deferring and rejecting say why."""

    field_order = ["why"]


class StandingForm(VoteForm, ReasonForm):
    """A change of standing: from when, why, and the vote or the letter on which it rests."""

    field_order = ["on", "why", "meeting", "letter", "source"]

    meeting = forms.ModelChoiceField(
        label=gettext_lazy("Meeting that decided it"),
        queryset=Meeting.objects.none(),
        required=False,
    )
    letter = forms.ModelChoiceField(
        # Translators: the city’s letter on which a change of the membership rests
        label=pgettext_lazy("on paper", "Letter"),
        queryset=Document.objects.none(),
        required=False,
        help_text=gettext_lazy("A document of the city. Upload it under Documents first."),
    )
    source = forms.URLField(
        label=gettext_lazy("Address of a public source"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Where neither minutes nor a letter are at hand."),
    )

    def __init__(self, *args: object, about: Membership, **kwargs: object) -> None:
        super().__init__(*args, about=about, **kwargs)
        self.fields["on"].label = _("From when it holds")
        self.fields["on"].help_text = _("A day, a month or a year.")
        self.fields["on"].required = True
        if "meeting" in self.fields:
            meetings = Meeting.objects.filter(fictional=about.city.fictional)
            self.fields["meeting"].queryset = meetings.order_by("-starts")
        self.fields["letter"].queryset = Document.objects.filter(city=about.city_id).order_by("-pk")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if (
            not (cleaned.get("meeting") or cleaned.get("letter") or cleaned.get("source"))
            and not self.errors
        ):
            raise ValidationError(
                _("Name the decision, the letter or the source on which this rests.")
            )
        return cleaned


class LeaveForm(StandingForm):
    """The city leaves by itself: no meeting votes on it."""

    meeting = unanimous = votes_for = votes_against = votes_abstained = present = recused = (
        public
    ) = None


@dataclass(frozen=True)
class Proof:
    """A letter as it will go out, to be read and edited before."""

    to: str
    language: str
    subject: str
    text: str


class ConsentForm(forms.Form):
    """The last page before a verb: every warning ticked, every letter in its final words."""

    def __init__(
        self,
        *args: object,
        remarks: Sequence[Remark],
        letters: Mapping[str, Proof],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.blocking = [remark for remark in remarks if remark.blocks]
        self.remarks = [remark for remark in remarks if not remark.blocks]
        self.letters = letters
        for remark in self.remarks:
            self.fields[f"seen_{remark.code}"] = forms.BooleanField(
                label=remark.text,
                error_messages={
                    "required": _("Tick this if you have seen it and go on all the same.")
                },
            )
        for key, letter in letters.items():
            self.fields[f"subject_{mark(key)}"] = forms.CharField(
                label=_("Subject"),
                max_length=200,
                initial=letter.subject,
                widget=forms.TextInput(attrs={"lang": letter.language}),
            )
            self.fields[f"text_{mark(key)}"] = forms.CharField(
                label=_("Letter"),
                max_length=20_000,
                initial=letter.text,
                widget=forms.Textarea(attrs={"rows": 12, "lang": letter.language}),
            )

    def seen(self) -> frozenset[str]:
        """Codes of the warnings that were ticked."""
        return frozenset(r.code for r in self.remarks if self.cleaned_data.get(f"seen_{r.code}"))

    def words(self) -> dict[str, tuple[str, str]]:
        """Subject and text by the letter's key."""
        return {
            key: (self.cleaned_data[f"subject_{mark(key)}"], self.cleaned_data[f"text_{mark(key)}"])
            for key in self.letters
        }

    @classmethod
    def was_shown(cls, data: Mapping[str, object], letters: Mapping[str, object]) -> bool:
        """Whether the page that was sent back held exactly these letters: nobody has come or gone
        since."""
        sent = {name.removeprefix("text_") for name in data if name.startswith("text_")}
        return sent == {mark(key) for key in letters}


def mark(key: str) -> str:
    """What a letter's fields are called: by its recipient, so that no words go to another one."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


class NoteForm(forms.Form):
    """A remark of the secretariat."""

    text = forms.CharField(
        label=gettext_lazy("A further note"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write something before you keep the note.")},
    )


def hidden_values(form: forms.Form, data: Mapping[str, object]) -> list[tuple[str, str]]:
    """What was typed on the page before, to be carried on: name and value, several of one name."""
    return [(name, value) for name in form.fields for value in data.getlist(name)]
