"""Pictures as the portal shows them: made anew from what was uploaded, without anything the file
said besides."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Owned, OwnedQuerySet


class PictureQuerySet(OwnedQuerySet["Picture"]):
    def public(self) -> Self:
        """Pictures of news that everybody may read."""
        news: Any = self.model._meta.get_field("news").related_model
        public = news.objects.public()
        return self.filter(news__in=public)


class Picture(Owned):
    """A picture in two or three widths. It belongs to the city of its news, and has no page of its
    own.

    The words to it (alternative text, caption, credit) stand on what it is shown with.
    """

    # In pixels. A smaller picture stays as small as it is.
    WIDTHS = (480, 960, 1600)

    storage_key = models.UUIDField(unique=True, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    city = models.ForeignKey(
        "members.City",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("city"),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"

    def get_absolute_url(self) -> str:
        return self.url(self.width)

    def widths(self) -> list[int]:
        """The widths in which it is kept, the largest last."""
        smaller = [width for width in self.WIDTHS if width < self.width]
        return [*smaller, self.width]

    def path(self, width: int) -> str:
        """Where the file of one width is kept: a random name, told to nobody."""
        key = str(self.storage_key)
        return f"pictures/{key[:2]}/{key}-{width}.jpg"

    def url(self, width: int) -> str:
        return reverse("picture_file", args=[self.pk, width])

    def srcset(self) -> str:
        """`/pictures/1/480.jpg 480w, …` for the browser to choose from."""
        candidates = [f"{self.url(width)} {width}w" for width in self.widths()]
        return ", ".join(candidates)
