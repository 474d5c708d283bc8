"""What a person chose or typed in a form and has not saved. It is theirs alone."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.people import User


def oldest() -> datetime:
    """What was kept before is forgotten: UNSAVED_DAYS ago."""
    return timezone.now() - timedelta(days=settings.UNSAVED_DAYS)


class KeptQuerySet(models.QuerySet[Any]):
    def of(self, user: User | None) -> Self:
        """What this person has, and nobody else sees; nothing for nobody."""
        return self.filter(owner=user, kept_at__gt=oldest())

    def old(self) -> Self:
        return self.filter(kept_at__lte=oldest())


def kept_name(row: "KeptFile", filename: str) -> str:
    """The path of a kept file in the storage; it tells nothing about the file."""
    return f"kept/{row.key}"


class KeptFile(models.Model):
    """A file that a person chose in a form that is not saved yet."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    file = models.FileField(_("file"), upload_to=kept_name)
    name = models.CharField(_("name"), max_length=300)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_there(self) -> bool:
        return bool(self.file.storage.exists(str(self.file.name)))

    def upload(self) -> "UploadedFile[bytes]":
        """The file as if it came with the form; it is opened when somebody reads it."""
        content: Any = self.file
        return UploadedFile(content, name=self.name, size=self.size)


class KeptForm(models.Model):
    """What a person typed on a page and has not saved.

    `page`: the path of the page. `fields`: names and values as the browser sent them. `given_by`:
    who typed it, and gave it to the owner with the lead of the city.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=300)
    fields = models.JSONField(default=list)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "page"], name="one_kept_form_per_page")
        ]

    def __str__(self) -> str:
        return self.page

    @property
    def mark(self) -> str:
        """Tells one keeping from another: a window sends back the one that it knows."""
        return self.kept_at.isoformat()

    @property
    def submission(self) -> QueryDict:
        """The fields as a form takes them."""
        together = QueryDict(mutable=True)
        for name, value in self.fields:
            together.appendlist(name, value)
        return together
