"""What a person fills in for a transition: reasons, meetings and votes."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from languages.dates import Bounds, PartialDateFormField
from languages.fields import ProseFormField, WebAddressFormField
from languages.names import join_list, language_name
from languages.text import current_language
from members.editing.forms.rows import SeveralRows
from members.forms.choices import offer, offer_by_name
from members.grounds import Grounds, Vote
from members.models import Accession, City, CityRole, Document, Meeting, Membership

UNANIMOUS = [
    ("", pgettext_lazy("vote", "not known")),
    ("yes", pgettext_lazy("vote", "unanimous")),
    ("no", pgettext_lazy("vote", "not unanimous")),
]


class TransitionForm(forms.Form):
    """What a transition needs: nothing, unless a subclass says so.

    `about`: the accession or membership.
    """

    marks_optional = True

    def __init__(self, *args: Any, about: Accession | Membership, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """What the service takes of it, by the names of its parameters."""
        return {}


class ReasonForm(TransitionForm):
    """A transition that is refused without a reason."""

    why = ProseFormField(
        label=gettext_lazy("Reason"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "It stays in the file. The city’s coordinators read it in their letter, if it has any."
        ),
    )

    def arguments(self) -> dict[str, Any]:
        arguments = super().arguments()
        arguments["why"] = self.cleaned_data["why"]
        return arguments


class ReturnForm(ReasonForm):
    """The reasons go to people of the city: the form says what they read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = self.fields["why"]
        languages = languages_of(self.about.city)
        read = _("They read: %(languages)s.") % {"languages": languages}
        why.help_text = f"{why.help_text} {read}"


def languages_of(city: City) -> str:
    """The languages that a city’s coordinators chose; where there is nobody, the city’s own."""
    roles = CityRole.objects.current().filter(city=city, user__is_active=True)
    writing = roles.filter(role__in=[CityRole.Role.LEAD, CityRole.Role.EDITOR])
    codes = set(writing.values_list("user__language", flat=True))
    if not codes:
        codes = {city.source_language}
    language = current_language()
    names = [language_name(code, language) for code in sorted(codes)]
    return join_list(names, language)


class ApplicationWithdrawalForm(ReasonForm):
    """The letter about a withdrawn application goes to the office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = self.fields["why"]
        why.help_text = _("It stays in the file. The network’s office reads it in its letter.")


class AgendaForm(TransitionForm):
    """On which meeting's agenda."""

    meeting = forms.ModelChoiceField(label=gettext_lazy("Meeting"), queryset=Meeting.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city = self.about.city
        same_world = Meeting.objects.filter(fictional=city.fictional)
        meetings = same_world.filter(kind=Meeting.Kind.STEERING)
        field = self.fields["meeting"]
        offer(field, meetings.order_by("-starts"))
        others = same_world.exclude(kind=Meeting.Kind.STEERING)
        field.help_text = agenda_help(others.count(), city)

    def arguments(self) -> dict[str, Any]:
        return {"meeting": self.cleaned_data["meeting"]}


def agenda_help(others: int, city: City) -> str:
    """Which meetings are offered, which are not and why, and where to record one.

    `others`: the number of meetings of other bodies. For a city of the demonstration a meeting is
    recorded that it hosts: that makes it one of the demonstration too.
    """
    sentences = [
        _(
            "All meetings of the Steering Committee are offered, the latest first, past ones too: "
            "it alone votes on accessions."
        )
    ]
    if others:
        sentence = ngettext(
            "%(number)d meeting of another body is not offered.",
            "%(number)d meetings of other bodies are not offered.",
            others,
        )
        sentences.append(sentence % {"number": others})
    query = {}
    if city.fictional:
        query = {"kind": Meeting.Kind.STEERING.value, "host": str(city.pk)}
        sentences.append(_("This city is invented: the meetings of the network are not offered."))
    return format_html(
        '{} <a href="{}">{}</a> · <a href="{}">{}</a>',
        " ".join(sentences),
        reverse("admin:members_meeting_changelist"),
        _("See all meetings"),
        reverse("admin:members_meeting_add", query=query),
        _("Record a meeting"),
    )


class VoteForm(TransitionForm):
    """A vote as the minutes have it: what is not known stays empty."""

    on = PartialDateFormField(
        bounds=Bounds.HAPPENED,
        label=gettext_lazy("Date of the vote"),
        required=False,
        help_text=gettext_lazy(
            "Only if it is not the meeting’s first day. It is one of the meeting’s days."
        ),
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
        help_text=gettext_lazy(
            "With those that did not vote: they are the difference to the votes counted."
        ),
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            **kwargs,
        )
        if "recused" not in self.fields:
            return
        with_seat = City.objects.filter(committee_seats__isnull=False)
        if with_seat.exists():
            offer_by_name(self.fields["recused"], with_seat.distinct())
        else:
            del self.fields["recused"]

    def clean_unanimous(self) -> bool | None:
        answers = {"yes": True, "no": False}
        return answers.get(self.cleaned_data["unanimous"])

    def vote(self) -> Vote:
        """The vote; an admission, whose form does not ask, is public."""
        values = self.cleaned_data
        return Vote(
            on=values["on"] or "",
            unanimous=values["unanimous"],
            present=values["present"],
            votes_for=values["votes_for"],
            votes_against=values["votes_against"],
            votes_abstained=values["votes_abstained"],
            recused=tuple(values.get("recused") or ()),
            public=values.get("public", True),
        )

    def arguments(self) -> dict[str, Any]:
        arguments = super().arguments()
        arguments["vote"] = self.vote()
        return arguments


class AdmitForm(VoteForm):
    """An admission is always public."""

    public = None  # type: ignore[assignment]


class VoteWithReasonForm(VoteForm, ReasonForm):
    """Deferring and rejecting say why."""

    field_order = ["why"]


class StandingForm(VoteForm, ReasonForm):
    """A change of standing: from when, why, and the vote, letter or source on which it rests."""

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
    source = WebAddressFormField(
        label=gettext_lazy("Address of a public source"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Where neither minutes nor a letter are at hand."),
    )

    def __init__(self, *args: Any, about: Membership, **kwargs: Any) -> None:
        super().__init__(*args, about=about, **kwargs)
        fields = self.fields
        day = fields["on"]
        day.label = _("From when it holds")
        day.help_text = _("A day, a month or a year.")
        day.required = True
        if "meeting" in fields:
            city = about.city
            meetings = Meeting.objects.filter(fictional=city.fictional)
            meetings = meetings.order_by("-starts")
            offer(fields["meeting"], meetings)
        letters = Document.objects.filter(city=about.city_id)
        letters = letters.order_by("-pk")
        offer(fields["letter"], letters)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = ("meeting", "letter", "source")
        has_grounds = any(cleaned.get(name) for name in names)
        if has_grounds or self.errors:
            return cleaned
        raise ValidationError(
            _("Name the decision, the letter or the source on which this rests."),
        )

    def grounds(self) -> Grounds:
        values = self.cleaned_data
        meeting = values.get("meeting")
        return Grounds(
            meeting=meeting,
            vote=self._vote_of(meeting) if meeting else None,
            letter=values.get("letter"),
            source_url=values.get("source") or "",
        )

    def _vote_of(self, meeting: Meeting) -> Vote:
        """The vote. The day from which it holds is the vote's only where the meeting sat then."""
        vote = self.vote()
        is_of_the_meeting = bool(vote.on) and meeting.includes(vote.on)
        return vote if is_of_the_meeting else replace(vote, on="")

    def arguments(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "why": values["why"],
            "on": values["on"],
            "grounds": self.grounds(),
        }


class LeaveForm(StandingForm):
    """The city leaves by itself: no meeting votes on it."""

    # Django's way to leave out a field of the form above.
    meeting = None  # type: ignore[assignment]
    unanimous = None  # type: ignore[assignment]
    votes_for = votes_against = votes_abstained = None  # type: ignore[assignment]
    present = recused = public = None  # type: ignore[assignment]
