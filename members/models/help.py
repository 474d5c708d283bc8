"""Where people who were discriminated against find help."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import Bounds, DayField, PartialDateField
from languages.fields import LineField, ProseField, WebAddressField
from members import telephone
from members.mailboxes import looks_personal
from members.models.cities import City, Country
from members.models.organisations import Organisation
from members.models.reach import (
    OF_THE_OFFICE,
    PERSONAL_MAILBOX,
    PERSONAL_NUMBER,
    office_ground,
)
from members.models.record import Record, RecordManager, RecordQuerySet
from members.opening import OpenState, check_opening, state_at

# As `telephone.normalize` gives them: E.164, or a number that works only in its country.
STORED_NUMBER = r"^(\+[1-9][0-9]{4,14}|[0-9]{3,6})?$"


class Situation(models.TextChoices):
    """What happened to somebody. A contact names those for which it is there."""

    INSULTED = "insulted", pgettext_lazy("what happened", "I was insulted")
    ATTACKED = "attacked", pgettext_lazy("what happened", "I was attacked or threatened")
    REFUSED = "refused", pgettext_lazy("what happened", "I was refused: flat, job, service, entry")
    SCHOOL = "school", pgettext_lazy("what happened", "At school")
    OFFICE = "office", pgettext_lazy("what happened", "By an office or the police")
    ONLINE = "online", pgettext_lazy("what happened", "On the internet")


class SupportContactQuerySet(RecordQuerySet["SupportContact"]):
    def reachable(self) -> Self:
        """Those with a way to reach them: without one, a contact helps nobody."""
        ways = Q()
        for name in SupportContact.CHANNELS:
            ways |= Q(**{f"{name}__gt": ""})
        return self.filter(ways)

    def due_for_check(self, today: date) -> Self:
        """Public ones not checked for a year, or ever, or that a visitor found wrong."""
        year = timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)
        is_old = Q(last_checked_on__lt=today - year)
        is_due = Q(last_checked_on=None) | is_old | Q(found_wrong_at__isnull=False)
        return self.filter(is_due, published_at__isnull=False)

    def due_by_reason(self, today: date) -> dict[str, Self]:
        """Those that are due, each once: `wrong` (a visitor says so), `never` checked, `old`."""
        due = self.due_for_check(today)
        undoubted = due.filter(found_wrong_at=None)
        return {
            "wrong": due.exclude(found_wrong_at=None),
            "never": undoubted.filter(last_checked_on=None),
            "old": undoubted.exclude(last_checked_on=None),
        }


class SupportContact(Record):
    """Where somebody who was discriminated against can turn to, in a city or in a whole country."""

    PUBLIC_WITH = ("city", "organisation", "organisation__city")
    DAYS_BETWEEN_CHECKS = 365
    # Fields of which one is enough to reach somebody.
    CHANNELS = ("phone", "email", "online_form", "url")

    class Kind(models.TextChoices):
        """What somebody finds there; lists are in this order."""

        ADVICE = "advice", pgettext_lazy("kind of contact", "advice and support")
        COMPLAINT = "complaint", pgettext_lazy("kind of contact", "complaints and decisions")
        VICTIMS = "victims", pgettext_lazy("kind of contact", "support for victims of crime")
        REPORT = "report", pgettext_lazy("kind of contact", "reports, without advice")
        POLICE = "police", pgettext_lazy("kind of contact", "police")
        GRAFFITI = "graffiti", pgettext_lazy("kind of contact", "removal of graffiti")
        EMERGENCY = "emergency", pgettext_lazy("kind of contact", "emergency call")

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("answer", "yes")
        NO = "no", pgettext_lazy("answer", "no")
        UNKNOWN = "", pgettext_lazy("answer", "not known")

    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="support_contacts",
        verbose_name=_("city"),
    )
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="support_contacts",
        verbose_name=_("country"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="support_contacts",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(_("kind of help"), max_length=20, choices=Kind, default=Kind.ADVICE)
    situations = LineField(
        _("what happened"),
        max_length=100,
        blank=True,
        help_text=_("For what it is there. Nothing is ticked: for everything."),
    )
    what_it_does = ProseField(
        _("what it does"), max_length=1500, help_text=_("Who may come, and what happens then.")
    )
    url = WebAddressField(_("website"), max_length=500, blank=True)
    phone = LineField(
        _("telephone"),
        max_length=16,
        blank=True,
        help_text=_("As you would dial it, or with + and the code of the country."),
    )
    second_phone = LineField(
        _("second telephone"),
        max_length=16,
        blank=True,
        help_text=_("For example the number for calls from abroad."),
    )
    phone_note = LineField(
        # Translators: field: what to know about a telephone number
        _("note on the telephone"),
        max_length=200,
        blank=True,
        help_text=_("Shown as it is in every language: names and digits, no sentences."),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    online_form = WebAddressField(
        # Translators: field: the address of a page on which somebody can report
        _("form on the internet"),
        max_length=500,
        blank=True,
    )
    office_ground = office_ground()
    # Translators: field: where an office is
    address = LineField(_("street and house"), max_length=200, blank=True)
    languages = LineField(
        _("languages"),
        max_length=100,
        blank=True,
        help_text=_("Language codes with a space between: en pl uk."),
    )
    opening = LineField(
        _("opening hours"),
        max_length=200,
        blank=True,
        validators=[check_opening],
        help_text=_("Mo-Fr 09:00-17:00; PH off means: Monday to Friday, not on public holidays."),
    )
    hours = LineField(
        # Translators: field: what days and times cannot say about opening hours
        _("opening hours in words"),
        max_length=200,
        blank=True,
        help_text=_("Only what days and times cannot say: by appointment."),
    )
    hours_as_of = PartialDateField(
        # Translators: field: the date of which opening hours are known to be right
        _("opening hours as of"),
        bounds=Bounds.HAPPENED,
        help_text=_("The date of the source. Readers are warned of hours that are years old."),
    )
    free = models.CharField(
        _("free of charge"), max_length=3, choices=Answer, default=Answer.UNKNOWN, blank=True
    )
    anonymous = models.CharField(
        _("anonymous help possible"),
        max_length=3,
        choices=Answer,
        default=Answer.UNKNOWN,
        blank=True,
    )
    remark = ProseField(
        _("remark"),
        max_length=1000,
        blank=True,
        help_text=_("On languages, costs or anonymity, for example interpreters."),
    )
    last_checked_on = DayField(_("last checked"), bounds=Bounds.HAPPENED, null=True, blank=True)
    # The first time since the last check that a visitor said that something here is wrong.
    found_wrong_at = models.DateTimeField(
        _("found wrong by a visitor"), null=True, blank=True, editable=False
    )

    objects: ClassVar = RecordManager.from_queryset(SupportContactQuerySet)()

    class Meta(Record.Meta):
        verbose_name = _("support contact")
        verbose_name_plural = _("support contacts")
        constraints = [
            *Record.Meta.constraints,
            Check(
                condition=Q(city__isnull=False, country__isnull=True)
                | Q(city__isnull=True, country__isnull=False),
                name="support_contact_is_for_a_city_or_a_country",
                words=_("Choose a city or a country, one of the two."),
                field="city",
            ),
            Check(
                condition=Q(phone__regex=STORED_NUMBER),
                name="support_contact_phone_is_a_number",
                words=_("Write the telephone number in figures, with the code of the country."),
                field="phone",
            ),
            Check(
                condition=Q(second_phone__regex=STORED_NUMBER),
                name="support_contact_second_phone_is_a_number",
                words=_("Write the telephone number in figures, with the code of the country."),
                field="second_phone",
            ),
            Unique(
                fields=["city", "organisation"],
                name="an_organisation_helps_once_per_city",
                words=_("This organisation is a contact of this city already."),
                field="organisation",
            ),
            Unique(
                fields=["country", "organisation"],
                name="an_organisation_helps_once_per_country",
                words=_("This organisation is a contact of this country already."),
                field="organisation",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        """Its place on the page of its city or country; without a way to reach it, the page alone:
        it does not stand there.

        Raises NoReverseMatch while neither is chosen.
        """
        slug = ""
        if self.city:
            slug = self.city.slug
        elif self.country:
            code = self.country.code
            slug = code.lower()
        page = reverse("help_detail", args=[slug])
        has_way = any(getattr(self, name) for name in self.CHANNELS)
        return f"{page}#contact-{self.pk}" if has_way else page

    def clean(self) -> None:
        super().clean()
        errors = {}
        for name in ("phone", "second_phone"):
            number = getattr(self, name)
            try:
                if number and telephone.normalize(number, self.country_code) != number:
                    errors[name] = _("Write the number as it is stored: +48800676676.")
            except ValueError:
                errors[name] = _("This is no telephone number of this country.")
        errors = self.personal_reach() | errors
        if errors:
            raise ValidationError(errors)

    def refuse_publication(self) -> None:
        """No person's own mailbox or telephone is public."""
        if errors := self.personal_reach():
            raise ValidationError(errors)

    def personal_reach(self) -> dict[str, Any]:
        """A sentence for each field that looks like a person's own; none where somebody says that
        the office names it."""
        errors: dict[str, Any] = {}
        if self.office_ground:
            return errors
        organisation = self.organisation if self.organisation_id else ""
        if looks_personal(self.email, f"{organisation} {self.city or ''}"):
            errors["email"] = [PERSONAL_MAILBOX, OF_THE_OFFICE]
        for name in ("phone", "second_phone"):
            if telephone.is_mobile(getattr(self, name), self.country_code):
                errors[name] = [PERSONAL_NUMBER, OF_THE_OFFICE]
        return errors

    def note_check(self) -> None:
        """Somebody knows today that it is right; what a visitor said before is settled."""
        self.last_checked_on = timezone.localdate()
        self.found_wrong_at = None

    @property
    def country_code(self) -> str:
        """The two letters of its country, or of the country of its city; empty for neither."""
        country = self.own_country
        return country.code if country else ""

    @property
    def own_country(self) -> Country | None:
        return self.city.country if self.city else self.country

    @property
    def has_channel(self) -> bool:
        """Whether somebody can reach it."""
        return any(getattr(self, name) for name in self.CHANNELS)

    @property
    def has_number(self) -> bool:
        return bool(self.phone or self.second_phone)

    @property
    def can_be_told(self) -> bool:
        """Whether one can call, write or fill in a form: a website alone only says more."""
        if self.phone:
            return True
        address = self.email or self.online_form
        return bool(address)

    def open_state(self, moment: datetime) -> OpenState | None:
        """Whether it is open at a moment; None where its hours or its time zone are not known, or
        where its hours cannot be read."""
        country = self.own_country
        if not self.opening or country is None or not country.time_zone:
            return None
        return state_at(self.opening, moment, country.time_zone, country.code)

    @property
    def is_due(self) -> bool:
        """Whether nobody has checked it for a year, or ever, or a visitor found it wrong."""
        if self.found_wrong_at:
            return True
        if self.last_checked_on is None:
            return True
        days = (timezone.localdate() - self.last_checked_on).days
        return days > self.DAYS_BETWEEN_CHECKS
