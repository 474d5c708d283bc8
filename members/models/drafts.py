"""Changes of a public entry that are not public yet."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.constraints import Unique
from members.models.record import Owned, OwnedQuerySet


class Draft(Owned):
    """What the city wants to change in a public entry and does not show yet.

    `values` are those of the form, by field, unchecked. `marks` are those of the fields when the
    draft was begun (see `members/editing/forms/merging.py`): they show a change by somebody else.
    `rows` are those below the entry that were changed, added or ticked to be deleted (see
    `members/editing/forms/draft_rows.py`).
    """

    GOES_WITH_ENTRY = True

    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of entry")
    )
    object_id = models.BigIntegerField(_("number of the entry"))
    record = GenericForeignKey()
    city = models.ForeignKey(
        "members.City",
        models.CASCADE,
        null=True,
        related_name="drafts_of_entries",
        verbose_name=_("city"),
    )
    base_version = models.PositiveIntegerField(_("begun from version"))
    marks = models.JSONField(_("marks of the fields"), default=dict)
    # Translators: field of a draft: what the person has typed so far
    values = models.JSONField(_("typed"), default=dict)
    rows = models.JSONField(_("rows below the entry"), default=dict)
    # Translators: heading: when a draft was saved
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by")
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        # Translators: changes of a public entry that are not published yet
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            Unique(
                fields=["content_type", "object_id"],
                name="one_draft_per_entry",
                words=_("There is a draft of this entry already."),
                field="",
            ),
        ]

    def __str__(self) -> str:
        return str(self.record or "")

    @property
    def stamp(self) -> str:
        """Tells this state of the draft from every other."""
        return self.saved_at.isoformat()
