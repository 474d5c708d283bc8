"""A picture that somebody chose, and the form of the picture of a city."""

from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from languages.text import column
from members.editing.forms.kept_files import KeptFileField
from members.editing.forms.records import RecordForm
from members.picture_files import (
    CutOffError,
    NotAPictureError,
    TooManyPixelsError,
    cut_off_refusal,
    heic_refusal,
    is_heic,
    size_refusal,
)
from portal.pictures import MEGABYTES, Renditions, renditions


def renditions_of(upload: "UploadedFile[Any]") -> Renditions:
    """The pictures made of an upload. Raises ValidationError with what to do instead."""
    if upload.size is None or upload.size > MEGABYTES * 1024 * 1024:
        message = _("This file is too large. It may have at most %(megabytes)d MB.")
        raise ValidationError(message, code="too_large", params={"megabytes": MEGABYTES})
    try:
        return renditions(cast("BinaryIO", upload))
    except TooManyPixelsError as error:
        raise size_refusal(error) from error
    except CutOffError as error:
        raise cut_off_refusal() from error
    except NotAPictureError as error:
        upload.seek(0)
        if is_heic(upload.read(12)):
            raise heic_refusal() from error
        message = _(
            "This is not a JPEG, PNG or WebP picture, or it is damaged. Save it anew and "
            "choose it again."
        )
        raise ValidationError(message, code="kind") from error


class CityPictureForm(RecordForm):
    """The picture of a city with its words; a new one needs a file."""

    picture_file = KeptFileField(
        label=pgettext_lazy("of a city", "Picture"),
        required=False,
        accept=".jpg,.jpeg,.png,.webp",
        help_text=gettext_lazy(
            "JPEG, PNG or WebP. It is made anew without what the file says besides: place, "
            "device, time."
        ),
    )

    # The file that was chosen on the page, made into pictures.
    renditions: Renditions | None = None

    def clean_picture_file(self) -> "UploadedFile[Any] | None":
        """Make the pictures at once: what cannot be decoded is said at the field."""
        upload: UploadedFile[Any] | None = self.cleaned_data.get("picture_file")
        if upload:
            self.renditions = renditions_of(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        has_picture = self.renditions or self.instance.picture_id
        if not has_picture and "picture_file" not in self.errors:
            self.add_error("picture_file", ValidationError(_("Choose a picture."), code="required"))
        language = cleaned.get("source_language") or self.instance.source_language
        name = column("picture_text", language)
        if name in self.fields and not cleaned.get(name) and name not in self.errors:
            words = _("Say what the picture shows, for people who do not see it.")
            self.add_error(name, ValidationError(words, code="required"))
        return cleaned
