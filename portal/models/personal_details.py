"""On what ground a public page shows something about a person (0062)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import Bounds, DayField
from languages.fields import LineField
from members.models import Owned, OwnedQuerySet
from portal.models.news import News


class PersonalDetail(Owned):
    """One detail of a person in a news item, and why everybody may read it.

    A row without `withdrawn_at` is a ground that holds. The detail itself stands on the news item;
    when the ground is withdrawn it is taken off there, and the row stays as the proof.
    """

    CITY_PATH = "news__city"
    GOES_WITH_ENTRY = True

    class Ground(models.TextChoices):
        AGREED = "agreed", _("The person has agreed.")
        PUBLISHED = "published", _("The city or another public body has published it itself.")
        EARLIER = "earlier", _("Entered before the portal asked for the ground.")

    # What a person chooses; the third is what the upgrade found.
    CHOICES: ClassVar = (Ground.AGREED, Ground.PUBLISHED)

    news = models.ForeignKey(
        News,
        models.CASCADE,
        related_name="personal_details",
        verbose_name=pgettext_lazy("one piece", "news"),
    )
    # Translators: field: which detail of a person: name, office, quotation or picture
    detail = models.CharField(_("detail"), max_length=10, choices=News.Detail)
    ground = models.CharField(
        # Translators: field: why a detail of a person may be published
        pgettext_lazy("of a detail of a person", "ground"),
        max_length=10,
        choices=Ground,
    )
    agreed_by = LineField(
        _("who agreed"),
        max_length=150,
        blank=True,
        help_text=_("The person, or who speaks for them."),
    )
    agreed_on = DayField(
        pgettext_lazy("of a person", "agreed on"), bounds=Bounds.HAPPENED, null=True, blank=True
    )
    evidence = LineField(
        _("how you know"),
        max_length=300,
        blank=True,
        help_text=_("The paper, the e-mail or the form, and where it is kept; or the address."),
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )
    # Translators: heading: when a person took back that a detail is published
    withdrawn_at = models.DateTimeField(
        pgettext_lazy("of a detail of a person", "withdrawn"), null=True, editable=False
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("withdrawn by"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("published detail of a person")
        verbose_name_plural = _("published details of people")
        ordering: ClassVar = ["-recorded_at", "-pk"]
        constraints: ClassVar = [
            Unique(
                fields=["news", "detail"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_ground_that_holds_per_detail",
                words=_("This detail has a ground already."),
                field="detail",
            ),
            Check(
                condition=~Q(ground="agreed") | (Q(agreed_on__isnull=False) & ~Q(agreed_by="")),
                name="agreement_names_who_and_when",
                words=_("Say who agreed, and on which day."),
                field="agreed_by",
            ),
            Check(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="detail_withdrawn_when_and_by_whom",
                words=_("The date and the person belong together: give both or neither."),
                field="withdrawn_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_detail_display()}, {self.news}"


@dataclass(frozen=True)
class GroundGiven:
    """What somebody writes down about a ground."""

    ground: str
    agreed_by: str = ""
    agreed_on: date | None = None
    evidence: str = ""
