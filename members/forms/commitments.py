"""Forms of evidence, values and replies: a web address instead of a choice among all sources."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from languages.fields import LineFormField, ProseFormField, WebAddressFormField
from languages.text import column
from members.editing.forms.addresses import only_public_addresses
from members.editing.forms.records import RecordForm
from members.models import Commitment, Evidence, IndicatorValue, Review, Source
from members.models.commitments import Answer

EITHER = _("Give a web address or a document, one of the two.")


class SourcedForm(RecordForm):
    """A row with a source: the one that has the address, else a new one. No source exists twice.

    A new source is saved with the row by `services.entries.save`.
    """

    url = WebAddressFormField(
        label=_("Web address"),
        required=False,
        max_length=1000,
        help_text=_("The page on which everybody can read it."),
    )
    source_title = LineFormField(
        label=_("Title of the page"),
        required=False,
        max_length=500,
        help_text=_("As it stands there. Not needed for a page that the portal knows already."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = self.fields["url"]
        title = self.fields["source_title"]
        only_public_addresses(address)
        self.source: Source | None = None
        if self.instance.source_id:
            source = self.instance.source
            address.initial = source.url
            title.initial = source.title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        url = cleaned.get("url", "")
        title = cleaned.get("source_title", "")
        self.source = None
        if url or title:
            self.source = self._source_at(url, title)
        self.instance.source = self.source
        return cleaned

    def field_of(self, name: str) -> str:
        """A source is given by its address."""
        return "url" if name == "source" else name

    def _source_at(self, url: str, title: str) -> Source:
        same = Source.objects.at(url, title=title)
        known = same.first()
        if known:
            return known
        return Source(
            url=url,
            title=title,
            kind=Source.Kind.CITY,
            seen_on=timezone.localdate() if url else None,
        )

    def unchecked_fields(self, excluded: set[str]) -> set[str]:
        """A new source has no key yet: no other row can have it."""
        unchecked = super().unchecked_fields(excluded)
        source = {"source"}
        if self.instance.source_id:
            return unchecked - source
        return unchecked | source


class EvidenceForm(SourcedForm):
    """Evidence of an action: exactly one of a web page and a document of the city."""

    class Meta:
        model = Evidence
        exclude = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "url" in self.errors:
            return cleaned
        has_url = bool(cleaned.get("url"))
        has_document = bool(cleaned.get("document"))
        if cleaned.get("source_title") and not has_url:
            message = gettext("Give the address of this page.")
            error = ValidationError(message, code="required")
            self.add_error("url", error)
        elif has_url == has_document:
            error = ValidationError(EITHER, code="either")
            self.add_error("url", error)
        return cleaned


class IndicatorValueForm(SourcedForm):
    """A value with its source, which may be the city's own statistics."""

    class Meta:
        model = IndicatorValue
        exclude = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source_title"].label = _("Title of the source")
        self.fields["source_title"].help_text = _(
            "For example: statistics of the advice point, 2026."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.source is None and "url" not in self.errors:
            self.add_error(
                "url", ValidationError(gettext("Say where this value comes from."), code="required")
            )
        return cleaned


class CommitmentForm(RecordForm):
    """A city's answer under a point, with all fields."""

    class Meta:
        model = Commitment
        exclude = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_text_of_earlier_answer(self)
        return cleaned


def refuse_text_of_earlier_answer(form: RecordForm) -> None:
    """Where "no" becomes "yes" or the other way round, the text beside it does not stay as it was.

    The reason for a "no" would be read as a promise. The text may be changed or emptied. Beside a
    first "no" no text is taken: what was begun as a promise would be read as its reason.
    """
    row = form.instance
    answer = form.cleaned_data.get("chosen")
    answers = {row.chosen, answer}
    name = column("statement", row.source_language)
    text = getattr(row, name)
    new_text = form.cleaned_data.get(name)
    if answers == {Answer.UNKNOWN, Answer.NO} and answer == Answer.NO and new_text:
        _refuse_text_of_first_no(form, name)
    is_same_text = bool(text) and new_text == text
    if answers != {Answer.YES, Answer.NO} or not is_same_text:
        return
    message = gettext(
        "This text stood beside your city’s earlier answer. Write what holds now, or empty it."
    )
    form.add_error(name, ValidationError(message, code="earlier_answer"))


def _refuse_text_of_first_no(form: RecordForm, name: str) -> None:
    message = gettext(
        "A “no” promises nothing: empty this text, or answer “yes”. If it says why not, save the "
        "“no” first, and write the reason then."
    )
    form.add_error(name, ValidationError(message, code="text_of_first_no"))


class ReplyForm(forms.Form):
    """The city's reply to a review, in one language; it may be written in another one as well."""

    text = ProseFormField(
        label=_("Your reply"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, review: Review, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        self.language = language
        name = column("reply", language)
        self.fields["text"].initial = getattr(review, name, "")

    def texts(self) -> dict[str, str]:
        """The reply by column: the texts of other languages stay."""
        texts = {}
        for code, _name in settings.SCHEMA_LANGUAGES:
            name = column("reply", code)
            texts[name] = getattr(self.review, name) or ""
        own_column = column("reply", self.language)
        texts[own_column] = self.cleaned_data["text"]
        return texts
