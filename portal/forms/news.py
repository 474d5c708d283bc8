"""The forms of news and events in the administration."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.dates import Bounds, DayFormField, local_moment
from languages.fields import LineFormField
from languages.folding import fold
from languages.text import column
from members.editing.forms.kept_files import KeptFileField
from members.editing.forms.records import AddressedForm, RecordForm
from members.models import Document
from members.slugs import numbered
from portal.forms.pictures import renditions_of
from portal.models import News, PersonalDetail
from portal.models.personal_details import GroundGiven
from portal.pictures import Renditions

SLUG_LENGTH = 80


def check_moment(moment: datetime) -> None:
    """Raise ValidationError for a publication that nobody alive will read."""
    Bounds.PLANNED.check(moment.date())


class PublicationForm(AddressedForm):
    """Adds the moment of publication, and a web address made of the title."""

    public_from = forms.DateTimeField(
        label=gettext_lazy("Public from"),
        required=False,
        validators=[check_moment],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy(
            "Left empty: as soon as you publish. A time ahead: it appears by itself then."
        ),
    )

    def further_values(self) -> dict[str, Any]:
        """The moment from which it is public."""
        published_at = self.instance.published_at
        if not published_at or "public_from" not in self.fields:
            return {}
        moment = local_moment(published_at)
        return {"public_from": moment.replace(second=0, microsecond=0)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.goes_public_at = cleaned.get("public_from")
        return cleaned

    def made_slug(self, cleaned: dict[str, Any]) -> str:
        """The title in plain letters, with a number where another entry has that already."""
        model = type(self.instance)
        language = cleaned.get("source_language") or "en"
        title_column = column("title", language)
        title = str(cleaned.get(title_column) or "")
        letters = slugify(fold(title))
        slug = letters[:SLUG_LENGTH].strip("-")
        if not slug:
            kind = model._meta.model_name
            today = timezone.localdate()
            slug = f"{kind}-{today:%Y-%m-%d}"
        others = model._base_manager.exclude(pk=self.instance.pk)
        return numbered(slug, others)

    def _needs(self, name: str, sentence: str) -> None:
        """An error at a field that is empty and says nothing else yet."""
        if name not in self.fields:
            return
        has_value = bool(self.cleaned_data.get(name))
        if has_value or name in self.errors:
            return
        error = ValidationError(
            sentence,
            code="required",
        )
        self.add_error(name, error)

    def _needs_text(self, field: str, sentence: str) -> None:
        """The same for a text per language, in the source language."""
        chosen = self.cleaned_data.get("source_language")
        source_language = chosen or self.instance.source_language
        name = column(field, source_language)
        self._needs(name, sentence)


class NewsForm(PublicationForm):
    """News on one page: the picture comes with its words or not at all, and is kept while something
    else is wrong."""

    picture_file = KeptFileField(
        label=pgettext_lazy("of news", "Picture"),
        required=False,
        accept=".jpg,.jpeg,.png,.webp",
        help_text=gettext_lazy(
            "JPEG, PNG or WebP. It is made anew without what the file says besides: place, "
            "device, time."
        ),
    )
    remove_picture = forms.BooleanField(label=gettext_lazy("Take the picture away"), required=False)

    shows_person = forms.BooleanField(
        label=gettext_lazy("The picture shows a person who can be recognised"), required=False
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Why this may be published"),
        required=False,
        choices=[("", "—"), *((one.value, one.label) for one in PersonalDetail.CHOICES)],
        help_text=gettext_lazy(
            "For each name, office, quotation and picture of a person. Whoever takes it back later "
            "is taken off all pages."
        ),
    )
    agreed_by = LineFormField(
        label=gettext_lazy("Who agreed"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("The person, or who speaks for them."),
    )
    agreed_on = DayFormField(
        label=pgettext_lazy("of a person", "Agreed on"), required=False, bounds=Bounds.HAPPENED
    )
    evidence = LineFormField(
        label=gettext_lazy("How you know"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "The paper, the e-mail or the form, and where it is kept; or the address."
        ),
    )

    # The file that was chosen on the page, made into pictures.
    renditions: Renditions | None = None
    # The details whose ground this form gives.
    details: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_picture = self.instance.picture_id is not None
        box = self.fields.get("remove_picture")
        if box and not has_picture:
            box.widget = forms.HiddenInput()
        if self.instance.pk:
            self._repeat_last_ground()

    def _repeat_last_ground(self) -> None:
        """Who agreed, when, and how one knows: written once for all details of an item. The ground
        itself is chosen anew: whoever agreed to a name has not agreed to a picture."""
        rows = self.instance.personal_details.filter(withdrawn_at=None)
        row = rows.order_by("recorded_at", "pk").last()
        if row is None:
            return
        for name in ("agreed_by", "agreed_on", "evidence"):
            self.initial.setdefault(name, getattr(row, name))

    def clean_picture_file(self) -> "UploadedFile[Any] | None":
        """Make the pictures at once: what cannot be decoded is said at the field."""
        upload: UploadedFile[Any] | None = self.cleaned_data.get("picture_file")
        if upload:
            self.renditions = renditions_of(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._will_have_a_picture(cleaned):
            words = _("Say what the picture shows, for people who do not see it.")
            self._needs_text("picture_text", words)
            self._needs("credit", _("Say who made the picture."))
        if cleaned.get("quotation"):
            self._needs("quotation_language", _("Say in which language the words were spoken."))
            self._needs("speaker", _("Say whose words these are."))
            self._needs_text("office", _("Say which office the speaker holds."))
        self._take_ground(cleaned)
        return cleaned

    def _take_ground(self, cleaned: dict[str, Any]) -> None:
        """A detail that is new or another one needs its ground; a ground that is given holds for
        all details of the page."""
        said = self._said_of_a_person(cleaned)
        known = self.instance.details_with_ground() if self.instance.pk else set()
        lacking = [detail for detail in said if detail not in known or self._is_another(detail)]
        ground = cleaned.get("ground")
        if not ground and not lacking:
            return
        sentence = _(
            "Say why the name, office, quotation or picture may be published. If the person "
            "agreed, say below who agreed, and when."
        )
        self._needs("ground", sentence)
        if ground == PersonalDetail.Ground.AGREED:
            self._needs("agreed_by", _("Say who agreed."))
            self._needs("agreed_on", _("Say on which day the person agreed."))
        self._needs("evidence", _("Say how you know: a paper, a form, an address."))
        self.details = tuple(said)

    def _said_of_a_person(self, cleaned: dict[str, Any]) -> list[str]:
        details = News.Detail
        has_picture = self._will_have_a_picture(cleaned)
        values = {
            details.NAME: cleaned.get("speaker"),
            details.OFFICE: cleaned.get(self._office_column(cleaned)),
            details.QUOTATION: cleaned.get("quotation"),
            details.PICTURE: cleaned.get("shows_person") and has_picture,
        }
        return [detail for detail, value in values.items() if value]

    def _is_another(self, detail: str) -> bool:
        """Whether the form changes what is said; a translation of an office says nothing new."""
        names = {
            News.Detail.NAME: "speaker",
            News.Detail.OFFICE: self._office_column(self.cleaned_data),
            News.Detail.QUOTATION: "quotation",
            News.Detail.PICTURE: "picture_file",
        }
        name = names[News.Detail(detail)]
        return name in self.changed_data

    def _office_column(self, cleaned: dict[str, Any]) -> str:
        chosen = cleaned.get("source_language")
        language = chosen or self.instance.source_language
        return column("office", language)

    @property
    def ground_given(self) -> GroundGiven:
        values = self.cleaned_data
        return GroundGiven(
            ground=values["ground"],
            agreed_by=values["agreed_by"],
            agreed_on=values["agreed_on"],
            evidence=values["evidence"],
        )

    def _will_have_a_picture(self, cleaned: dict[str, Any]) -> bool:
        if self.renditions:
            return True
        if cleaned.get("remove_picture"):
            return False
        return bool(self.instance.picture_id)


class AttachmentForm(RecordForm):
    """A document of the city on its news."""

    def clean_document(self) -> Document:
        """Only what everybody may read: a link that leads to nothing helps nobody."""
        document: Document = self.cleaned_data["document"]
        if document.public_since is None:
            sentence = _("This file is private. Make it public first, under Documents.")
            raise ValidationError(sentence, code="private")
        return document


class EventForm(PublicationForm):
    """An event. The database checks its days and times too; the form says it at the field."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first_day = cleaned.get("first_day")
        last_day = cleaned.get("last_day")
        starts = cleaned.get("starts")
        ends = cleaned.get("ends")
        lasts_one_day = last_day in (None, first_day)
        sentence = _("The event ends before it begins.")
        ends_before = ValidationError(sentence, code="order")
        if first_day and last_day and last_day < first_day:
            self.add_error("last_day", ends_before)
        elif ends and not starts:
            sentence = _("Say when it begins, if it has a time to end.")
            self.add_error("starts", ValidationError(sentence, code="required"))
        elif ends and starts and ends <= starts and lasts_one_day:
            self.add_error("ends", ends_before)
        return cleaned
