"""What a city promises under each point of the plan."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from languages.constraints import Check, Unique
from languages.fields import ProseField
from languages.text import column, labelled, translated
from members.models.cities import City, Unit
from members.models.plan import Point
from members.models.record import Record, RecordManager, RecordQuerySet

# Confirmed longer ago than this, a commitment is shown as not confirmed for a year.
CONFIRMED_FOR = timedelta(days=365)


class Answer(models.TextChoices):
    """To a question that may be open."""

    YES = "yes", pgettext_lazy("answer", "yes")
    NO = "no", pgettext_lazy("answer", "no")
    UNKNOWN = "", pgettext_lazy("answer", "not known")


def first_text(name: str) -> Coalesce:
    """A translated text in any language in which it is written, or "": for the database's checks.

    Never NULL: a check that comes out as NULL passes.
    """
    nothing = Value("")
    texts = []
    for code, _name in settings.SCHEMA_LANGUAGES:
        text = F(column(name, code))
        texts.append(NullIf(text, nothing))
    return Coalesce(
        *texts,
        nothing,
        output_field=models.TextField(),
    )


class CommitmentQuerySet(RecordQuerySet["Commitment"]):
    """Of points that a city works on, by whose word."""

    def in_plan(self) -> Self:
        """The city's own published plan names the point; the city has not confirmed it here."""
        cited = self.filter(chosen=Answer.YES, origin=Record.Origin.CITED)
        named = cited.filter(
            undertakings__point_assigned=False, undertakings__published_at__isnull=False
        )
        return named.distinct()

    def chosen_here(self) -> Self:
        """The city itself chose the point."""
        in_plan = self.in_plan().values("pk")
        return self.filter(chosen=Answer.YES).exclude(pk__in=in_plan)

    def stale(self, today: date) -> Self:
        """Those that are stale on this day, public or not: see `is_stale`."""
        last_day = today - CONFIRMED_FOR
        midnight = datetime.combine(last_day, time.min)
        limit = timezone.make_aware(midnight)
        was_written = Q(stated_at__isnull=False) | Q(confirmed_at__isnull=False)
        is_recent = Q(stated_at__gte=limit) | Q(confirmed_at__gte=limit)
        return self.filter(was_written, chosen=Answer.YES).exclude(is_recent)


class Commitment(Record):
    """What a city says about one point of the plan.

    `chosen` yes or no is the city's own answer. With the origin *cited* it is the city's own
    published plan that names the point, not confirmed here by the city (`Undertaking`). Where it is
    not known the row only holds what public sources name under a point that the portal chose; it
    promises nothing in the name of the city.
    """

    PUBLIC_WITH = ("city", "point")

    city = models.ForeignKey(
        City, models.PROTECT, related_name="commitments", verbose_name=_("city")
    )
    point = models.ForeignKey(
        Point, models.PROTECT, related_name="commitments", verbose_name=_("point")
    )
    chosen = models.CharField(
        # Translators: whether the city chose this point when it joined
        _("chosen"),
        max_length=3,
        choices=Answer,
        default=Answer.UNKNOWN,
        blank=True,
        help_text=_(
            "Whether your city works on this point. “No” is a good answer too: it is not "
            "“not known”."
        ),
    )
    statement = ProseField(
        _("what the city promises"),
        max_length=3000,
        blank=True,
        help_text=_(
            "One or two sentences for residents: what your city wants to reach under this point."
        ),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("responsible unit"),
        help_text=_("The office that people may ask about this point."),
    )
    resources = ProseField(
        _("resources"),
        max_length=2000,
        blank=True,
        help_text=_("Money, posts or rooms set aside for it, as far as you want to say."),
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects: ClassVar = RecordManager.from_queryset(CommitmentQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["city", "point"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["city", "point"],
                name="one_commitment_per_city_and_point",
                words=_("There is an entry for this point already. Open it and change it."),
                field="point",
            ),
            Check(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="commitment_confirmed_when_and_by_whom",
                words=_("The date and the person belong together: give both or neither."),
                field="confirmed_at",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.city, self.point)

    def clean(self) -> None:
        """The unit is one of the city's own; what the public reads is no empty promise."""
        refuse_foreign_unit(self.unit, self.city_id)
        if self.published_at is not None:
            self.refuse_contradictions()

    def refuse_contradictions(self) -> None:
        """Raise ValidationError for what the public must not read of this point."""
        self.refuse_empty_promise()
        self._refuse_no_beside_actions()

    def refuse_empty_promise(self) -> None:
        """Raise ValidationError for a "yes" that neither a text nor a public action explains."""
        if self.chosen != Answer.YES or translated(self, "statement"):
            return
        if self.pk and self.actions.filter(published_at__isnull=False).exists():
            return
        sentence = gettext(
            "Say in one or two sentences what your city wants to reach: a “yes” alone promises "
            "nothing."
        )
        error = ValidationError(sentence, code="empty_promise")
        name = column("statement", self.source_language)
        raise ValidationError({name: error})

    def _refuse_no_beside_actions(self) -> None:
        """Raise ValidationError for a "no" beside public actions that the city itself states.

        An action that was stopped goes with a "no"; what only sources name is not the city's word.
        """
        if self.chosen != Answer.NO or not self.pk:
            return
        public = self.actions.filter(
            published_at__isnull=False,
            origin=Record.Origin.STATED,
        )
        # Stopped, see `Action.Status`, which is written in a later module.
        actions = public.exclude(status="stopped").order_by("pk")
        titles = [str(action) for action in actions]
        if not titles:
            return
        error = ValidationError(
            gettext(
                "The public reads what your city does under this point (%(actions)s), so it cannot "
                "read “no” beside it. Withdraw these actions on their pages or say that they were "
                "stopped, or else answer “yes”."
            ),
            code="no_beside_actions",
            params={"actions": "; ".join(titles)},
        )
        raise ValidationError({"chosen": error})

    def get_absolute_url(self) -> str:
        page = reverse("city_detail", args=[self.city.slug])
        return f"{page}#point-{self.point.number}"

    @property
    def needs_source(self) -> bool:
        """Without an answer from the city the entry states nothing that could need a source."""
        return self.chosen != Answer.UNKNOWN

    @property
    def confirmed_on(self) -> date | None:
        """The last day on which the city itself wrote or confirmed it."""
        moments = [self.confirmed_at, self.stated_at]
        last = max(
            filter(None, moments),
            default=None,
        )
        if last is None:
            return None
        return timezone.localdate(last)

    @property
    def is_stale(self) -> bool:
        """Whether the public reads it as a promise that the city has not confirmed for a year."""
        if self.published_at is None:
            return False
        return is_stale(self.chosen, self.confirmed_on)


def is_stale(chosen: str, confirmed_on: date | None, today: date | None = None) -> bool:
    """Whether a promise, and not confirmed for a year: the one rule of all lists and letters.

    Only a "yes" has to be kept true. A "no" promises nothing; what the city never wrote or
    confirmed is not its word.
    """
    if chosen != Answer.YES or confirmed_on is None:
        return False
    age = (today or timezone.localdate()) - confirmed_on
    return age > CONFIRMED_FOR


def refuse_foreign_unit(unit: Unit | None, city: int | None) -> None:
    """Raise ValidationError where the unit belongs to another city than this one (its key)."""
    if unit is None or city is None:
        return
    if unit.city_id != city:
        raise ValidationError({"unit": gettext("This unit belongs to another city.")})
