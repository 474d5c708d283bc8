"""What takes place."""

import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.constraints import Check
from languages.dates import DayField
from languages.fields import LineField, ProseField, WebAddressField
from languages.text import translated
from members.models import City, Point, Record, RecordManager
from portal.models.dated import DatedQuerySet

# The network began in 2004: a day long before is a slip of the pen.
EARLIEST = datetime.date(2000, 1, 1)
LONGEST = datetime.timedelta(days=366)


def default_time_zone() -> str:
    return str(settings.TIME_ZONE)


def validate_time_zone(name: str) -> None:
    """Raise ValidationError for a name that the time zone database does not know."""
    if name not in available_timezones():
        raise ValidationError(_("There is no such time zone."), code="time_zone")


class EventQuerySet(DatedQuerySet["Event"]):
    def with_end(self) -> "EventQuerySet":
        return self.annotate(end=Coalesce("last_day", "first_day"))

    def upcoming(self) -> "EventQuerySet":
        """Not over yet, the next first."""
        today = timezone.localdate()
        events = self.with_end()
        # `end` is an annotation, which the type checker does not see.
        upcoming = events.filter(end__gte=today)  # type: ignore[misc]
        return upcoming.order_by("first_day", "starts", "pk")

    def past(self) -> "EventQuerySet":
        """Over, the latest first."""
        today = timezone.localdate()
        events = self.with_end()
        past = events.filter(end__lt=today)  # type: ignore[misc]
        return past.order_by("-first_day", "-pk")


class Event(Record):
    """Something that takes place. Without a city it is the network's own.

    Days and times are those of the clock where it happens: a change of the rules for summer time
    moves no event. Without a time it lasts all day.
    """

    PUBLIC_WITH = ("city",)

    slug = models.SlugField(
        _("web address"),
        max_length=100,
        unique=True,
        help_text=_("Left empty, it is made of the title."),
    )
    title = LineField(_("title"), max_length=200)
    text = ProseField(_("text"), max_length=5000, blank=True)
    first_day = DayField(_("first day"))
    starts = models.TimeField(
        _("begins at"), null=True, blank=True, help_text=_("Left empty: all day.")
    )
    last_day = DayField(
        _("last day"), null=True, blank=True, help_text=_("If it lasts longer than a day.")
    )
    ends = models.TimeField(_("ends at"), null=True, blank=True)
    time_zone = LineField(
        _("time zone"), max_length=50, default=default_time_zone, validators=[validate_time_zone]
    )
    place = LineField(_("place"), max_length=250, blank=True)
    url = WebAddressField(_("website"), max_length=500, blank=True)
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("organised by"),
    )
    points = models.ManyToManyField(
        Point, blank=True, related_name="events", verbose_name=_("points of the plan")
    )
    cancelled = models.BooleanField(_("cancelled"), default=False)

    objects: ClassVar = RecordManager.from_queryset(EventQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="event_ends_after_it_begins",
                words=_("The event ends before it begins."),
                field="last_day",
            ),
            Check(
                condition=Q(ends__isnull=True)
                | Q(
                    starts__isnull=False,
                    ends__isnull=False,
                    last_day__gt=F("first_day"),
                    last_day__isnull=False,
                )
                | Q(starts__isnull=False, ends__gt=F("starts")),
                name="event_ends_later_in_the_day_than_it_begins",
                words=_("The event ends before it begins, or has an end and no beginning."),
                field="ends",
            ),
        ]

    def __str__(self) -> str:
        title = str(translated(self, "title"))
        return title or self.slug

    def get_absolute_url(self) -> str:
        return reverse("event_detail", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.first_day and self.first_day < EARLIEST:
            words = _("An event of the network lies after 1999. Look at the year.")
            raise ValidationError({"first_day": words})
        if self.first_day and self.end_day - self.first_day > LONGEST:
            words = _("An event lasts a year at most. What lasts longer is a programme.")
            raise ValidationError({"last_day": words})

    @property
    def all_day(self) -> bool:
        return self.starts is None

    @property
    def end_day(self) -> datetime.date:
        """The last day, also of an event of one day."""
        return self.last_day or self.first_day

    @property
    def begins(self) -> datetime.datetime:
        """The moment of its beginning; midnight of an event that lasts all day."""
        return self._moment(self.first_day, self.starts)

    @property
    def finishes(self) -> datetime.datetime | None:
        """The moment of its end; none where only the beginning is known."""
        if self.ends is None:
            return None
        return self._moment(self.end_day, self.ends)

    @property
    def is_past(self) -> bool:
        return self.end_day < timezone.localdate()

    def _moment(self, day: datetime.date, time: datetime.time | None) -> datetime.datetime:
        midnight = datetime.time()
        return datetime.datetime.combine(day, time or midnight, self._zone())

    def _zone(self) -> ZoneInfo:
        """The time zone; the portal's own where the database of zones no longer has the name."""
        try:
            return ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            return ZoneInfo(default_time_zone())
