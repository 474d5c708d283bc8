"""What was published of the open data, and which rows changed when."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DataRelease(models.Model):
    """One writing of the whole data into a file. The newest stands on the page of the data."""

    made_at = models.DateTimeField(_("made"), unique=True)
    # A path in the storage; the last part is the name under which it is served.
    file = models.CharField(_("file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("fingerprint (SHA-256)"), max_length=64)
    rows = models.PositiveIntegerField(pgettext_lazy("of tables", "rows"))

    class Meta:
        verbose_name = _("release of the data")
        verbose_name_plural = _("releases of the data")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.file

    @property
    def name(self) -> str:
        """Under which the file is served: `ten-points-2026-11-29.zip`."""
        return self.file.rpartition("/")[2]

    @property
    def url(self) -> str:
        return reverse("data_archive", args=[self.name])


class RowChange(models.Model):
    """A public row as it was at the last comparison: its hash in all languages, and since when.

    `gone`: the row is not public any more. `manage.py publish_data` writes these rows.
    """

    kind = models.CharField(_("kind"), max_length=30)
    key = models.CharField(pgettext_lazy("of a row", "key"), max_length=100)
    digest = models.CharField(_("hash"), max_length=64)
    changed_at = models.DateTimeField(_("changed"))
    gone = models.BooleanField(_("no longer public"), default=False)

    class Meta:
        verbose_name = _("change of a row")
        verbose_name_plural = _("changes of rows")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="a_row_has_one_last_change")
        ]
        indexes = [models.Index(fields=["changed_at", "id"], name="rows_by_change")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.key}"
