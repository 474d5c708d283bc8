"""What may be typed about news and events in the administration."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.folding import fold
from languages.text import column
from members.editing.forms.records import AddressedForm, RecordForm
from members.models import User
from members.slugs import numbered
from portal.models import Picture
from portal.pictures import (
    MEGABYTES,
    MEGAPIXELS,
    NotAPictureError,
    Renditions,
    TooManyPixelsError,
    renditions,
)

SLUG_LENGTH = 80
SALT = "portal.kept-picture"
# As long as an unused picture is kept.
KEPT_SECONDS = 24 * 60 * 60


def kept_token(picture: Picture, by: User) -> str:
    """What a form that was refused carries instead of the file, good for this person and for a
    day."""
    return signing.dumps([picture.pk, by.pk], salt=SALT)


def kept_picture(token: str, by: User) -> Picture | None:
    """The picture that such a form meant; none for anything else."""
    try:
        picture, user = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Picture.objects.filter(pk=picture, news=None).first() if user == by.pk else None


class PublicationForm(AddressedForm):
    """Adds the moment of publication, and a web address made of the title."""

    public_from = forms.DateTimeField(
        label=gettext_lazy("Public from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy(
            "Left empty: as soon as you publish. A time ahead: it appears by itself then."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.published_at and "public_from" in self.fields:
            self.initial["public_from"] = timezone.localtime(self.instance.published_at).replace(
                second=0, microsecond=0
            )

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        self.instance.goes_public_at = cleaned.get("public_from")
        return cleaned

    def made_slug(self, cleaned: dict[str, object]) -> str:
        """The title in plain letters, with a number where another entry has that already."""
        title = str(cleaned.get(column("title", cleaned.get("source_language") or "en")) or "")
        kind = type(self.instance)._meta.model_name
        start = (
            slugify(fold(title))[:SLUG_LENGTH].strip("-")
            or f"{kind}-{timezone.localdate():%Y-%m-%d}"
        )
        return numbered(start, type(self.instance)._base_manager.exclude(pk=self.instance.pk))

    def _needs(self, name: str, sentence: str) -> None:
        """An error at a field that is empty."""
        if name in self.fields and not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, ValidationError(sentence, code="required"))

    def _needs_text(self, field: str, sentence: str) -> None:
        """The same for a text per language, in the source language."""
        source = self.cleaned_data.get("source_language") or self.instance.source_language
        self._needs(column(field, source), sentence)


class NewsForm(PublicationForm):
    """News on one page: the picture comes with its words or not at all, and is kept while something
    else is wrong."""

    picture_file = forms.FileField(
        label=pgettext_lazy("of news", "Picture"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
        help_text=gettext_lazy(
            "JPEG, PNG or WebP. It is made anew without what the file says besides: place, "
            "device, time."
        ),
        error_messages={
            "empty": gettext_lazy(
                "This file is empty: it has 0 bytes. Save it again and choose it anew."
            )
        },
    )
    kept_picture = forms.CharField(required=False, widget=forms.HiddenInput)
    remove_picture = forms.BooleanField(label=gettext_lazy("Take the picture away"), required=False)

    # Set by the administration.
    typed_by: User

    made: Renditions | None = None
    kept: Picture | None = None

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "remove_picture" in self.fields and self.instance.picture_id is None:
            self.fields["remove_picture"].widget = forms.HiddenInput()

    def clean_picture_file(self) -> UploadedFile | None:
        """Make the pictures at once: what cannot be decoded is said at the field."""
        upload = self.cleaned_data.get("picture_file")
        if upload:
            self.made = self._renditions(upload)
        return upload

    def _renditions(self, upload: UploadedFile) -> Renditions:
        if upload.size > MEGABYTES * 1024 * 1024:
            message = _("This file is too large. It may have at most %(megabytes)d MB.")
            raise ValidationError(message, code="too_large", params={"megabytes": MEGABYTES})
        try:
            return renditions(upload)
        except TooManyPixelsError as error:
            message = _(
                "This picture has %(size)d megapixels. Make it smaller, to %(limit)d at "
                "most, and choose it again."
            )
            params = {"size": error.megapixels, "limit": MEGAPIXELS}
            raise ValidationError(message, code="too_many_pixels", params=params) from error
        except NotAPictureError as error:
            message = _(
                "This is not a JPEG, PNG or WebP picture, or it is damaged. Save it anew and "
                "choose it again."
            )
            raise ValidationError(message, code="kind") from error

    def clean_kept_picture(self) -> str:
        token = self.cleaned_data.get("kept_picture") or ""
        self.kept = kept_picture(token, self.typed_by) if token else None
        return token if self.kept else ""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if (
            self.made
            or self.kept
            or (self.instance.picture_id and not cleaned.get("remove_picture"))
        ):
            self._needs_text(
                "picture_text", _("Say what the picture shows, for people who do not see it.")
            )
            self._needs("credit", _("Say who made the picture."))
        if cleaned.get("quotation"):
            self._needs("quotation_language", _("Say in which language the words were spoken."))
            self._needs("speaker", _("Say whose words these are."))
            self._needs_text("office", _("Say which office the speaker holds."))
        return cleaned


class AttachmentForm(RecordForm):
    """A document of the city on its news."""

    def clean_document(self) -> models.Model:
        """Only what everybody may read: a link that leads to nothing helps nobody."""
        document = self.cleaned_data["document"]
        if document.public_since is None:
            raise ValidationError(
                _("This file is private. Make it public first, under Documents."), code="private"
            )
        return document


class EventForm(PublicationForm):
    """An event. Whether it ends before it begins, the database's own rules say at the form."""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if first and last and last < first:
            self.add_error(
                "last_day", ValidationError(_("The event ends before it begins."), code="order")
            )
        elif ends and not starts:
            self.add_error(
                "starts",
                ValidationError(_("Say when it begins, if it has a time to end."), code="required"),
            )
        elif ends and starts and ends <= starts and (not last or last == first):
            self.add_error(
                "ends", ValidationError(_("The event ends before it begins."), code="order")
            )
        return cleaned
