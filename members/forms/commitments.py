"""Evidence, values and replies as a town hall types them: a web address rather than a choice among
all sources."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from languages.text import column
from members.editing.forms.addresses import only_public_addresses
from members.editing.forms.records import RecordForm
from members.models import Evidence, IndicatorValue, Review, Source

EITHER = _("Give a web address or a document, one of the two.")


class SourcedForm(RecordForm):
    """A row with a source: the one that has the typed address, else a new one. Sources are kept
    once."""

    url = forms.URLField(
        label=_("Web address"),
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text=_("The page on which everybody can read it."),
    )
    source_title = forms.CharField(
        label=_("Title of the page"),
        required=False,
        max_length=500,
        help_text=_("As it stands there. Not needed for a page that the portal knows already."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        only_public_addresses(self.fields["url"])
        self._source: Source | None = None
        if self.instance.source_id:
            self.fields["url"].initial = self.instance.source.url
            self.fields["source_title"].initial = self.instance.source.title

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        self._source = self._typed_source(cleaned.get("url", ""), cleaned.get("source_title", ""))
        # A source that is still to be written has no number yet; its row cannot be a second one.
        self.instance.source = self._source if self._source and self._source.pk else None
        return cleaned

    def _typed_source(self, url: str, title: str) -> Source | None:
        if not url and not title:
            return None
        return Source.objects.at(url, title=title).first() or Source(
            url=url,
            title=title,
            kind=Source.Kind.CITY,
            seen_on=timezone.localdate() if url else None,
        )

    def _get_validation_exclusions(self) -> set[str]:
        exclusions = super()._get_validation_exclusions()
        return exclusions - {"source"} if self.instance.source_id else exclusions | {"source"}

    def save(self, commit: bool = True) -> object:
        """Write a new source first: its row needs its number. Both are kept, or neither."""
        if self._source and self._source.pk is None:
            with transaction.atomic():
                self._source = (
                    Source.objects.filter(url=self._source.url).exclude(url="").first()
                    or self._source
                )
                self._source.save()
        self.instance.source = self._source
        return super().save(commit)


class EvidenceForm(SourcedForm):
    """A page that shows it, or a document of the city: exactly one."""

    class Meta:
        model = Evidence
        exclude = ()

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "url" in self.errors:
            return cleaned
        if cleaned.get("source_title") and not cleaned.get("url"):
            self.add_error(
                "url", ValidationError(_now("Give the address of this page."), code="required")
            )
        elif bool(cleaned.get("url")) == bool(cleaned.get("document")):
            self.add_error("url", ValidationError(EITHER, code="either"))
        return cleaned


class IndicatorValueForm(SourcedForm):
    """A number never stands without saying where it comes from; the city's own statistics are a
    source too."""

    class Meta:
        model = IndicatorValue
        exclude = ()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source_title"].label = _("Title of the source")
        self.fields["source_title"].help_text = _(
            "For example: statistics of the advice point, 2026."
        )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self._source is None and "url" not in self.errors:
            self.add_error(
                "url", ValidationError(_now("Say where this value comes from."), code="required")
            )
        return cleaned


class ReplyForm(forms.Form):
    """The city's reply to a review, in one language; it may be written in another one as well."""

    text = forms.CharField(
        label=_("Your reply"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: object, review: Review, language: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        self.language = language
        self.fields["text"].initial = getattr(review, column("reply", language), "")

    def texts(self) -> dict[str, str]:
        """The reply per column: what is written in other languages stays."""
        names = [
            name
            for name in (f.name for f in Review._meta.concrete_fields)
            if name.startswith("reply_")
        ]
        kept = {name: getattr(self.review, name) or "" for name in names}
        return {**kept, column("reply", self.language): self.cleaned_data["text"]}
