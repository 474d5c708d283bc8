"""Cities, their names and offices, and their membership of the network."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.dates import PartialDateField
from languages.names import country_name
from languages.text import current_language, named, translated
from members.models.record import Owned, OwnedQuerySet, Record, RecordQuerySet


class CountryQuerySet(OwnedQuerySet):
    def public(self) -> "CountryQuerySet":
        """All of them: a country is a fact."""
        return self.all()


class Country(Owned):
    """A country by its ISO 3166-1 code; its name in each language comes from CLDR."""

    CITY_PATH = None

    code = models.CharField(_("code"), max_length=2, unique=True, help_text=_("Two letters (ISO 3166-1)."))
    in_eu = models.BooleanField(_("member of the European Union"), default=False)

    objects = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(code__regex=r"^[A-Z][A-Z]$"), name="country_code_is_iso")]

    def __str__(self) -> str:
        return country_name(self.code, current_language())

    def get_absolute_url(self) -> str:
        return reverse("country_detail", args=[self.code.lower()])


class City(Record):
    """A member entity: a city, a district, a county, a region, a metropolitan authority; member or not."""

    CITY_PATH = "pk"

    class Kind(models.TextChoices):
        CITY = "city", pgettext_lazy("kind of city", "city or municipality")
        DISTRICT = "district", pgettext_lazy("kind of city", "city district")
        COUNTY = "county", pgettext_lazy("kind of city", "county")
        REGION = "region", pgettext_lazy("kind of city", "region or canton")
        METROPOLITAN = "metropolitan-authority", pgettext_lazy("kind of city", "metropolitan authority")

    # Places in which other cities of the same `region` lie: their help is help for those too.
    REGIONAL = (Kind.COUNTY, Kind.REGION, Kind.METROPOLITAN)

    slug = models.SlugField(
        _("web address"),
        max_length=80,
        unique=True,
        help_text=_("The official name in plain Latin letters. A changed address keeps redirecting from the old one."),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, default=Kind.CITY)
    name = models.CharField(_("name"), max_length=150)
    local_name = models.CharField(
        _("local name"), max_length=150, help_text=_("The name as the city itself writes it.")
    )
    local_language = models.CharField(
        _("language of the local name"), max_length=20, blank=True, help_text=_("Language code, for example nl or el.")
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="cities", verbose_name=_("country"))
    region = models.CharField(_("region"), max_length=150, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population figure"), null=True, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    website = models.URLField(_("website"), max_length=500, blank=True)
    wikidata_id = models.CharField(_("Wikidata id"), max_length=20, blank=True)
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("Two or three sentences on the city and its work against racism and discrimination."),
    )
    plain_summary = models.TextField(
        _("summary in plain language"),
        blank=True,
        help_text=_("Short sentences, everyday words: for people who read little or are learning the language."),
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
        help_text=_("If this city was merged into another one."),
    )

    class Meta(Record.Meta):
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # "Not null" is said as well: a check that comes out as NULL passes.
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="city_has_both_coordinates_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(population_year__isnull=True) | Q(population__isnull=False),
                name="population_year_needs_a_population",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("pk")), name="city_does_not_succeed_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "name")) or self.local_name

    def get_absolute_url(self) -> str:
        return reverse("city_detail", args=[self.slug])


class CityName(Owned):
    """Another name by which people look for the city: an exonym, a former name, a short form."""

    class Kind(models.TextChoices):
        EXONYM = "exonym", pgettext_lazy("kind of name", "name in another language")
        FORMER = "former", pgettext_lazy("kind of name", "former name")
        OFFICIAL = "official", pgettext_lazy("kind of name", "further official name")

    city = models.ForeignKey(City, models.CASCADE, related_name="other_names", verbose_name=_("city"))
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.EXONYM)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [
            models.UniqueConstraint(fields=["city", "name", "language"], name="a_name_is_given_once_per_language")
        ]

    def __str__(self) -> str:
        return self.name


class FormerSlug(Owned):
    """A web address that a city once had: it redirects to today's."""

    slug = models.SlugField(_("former web address"), max_length=80, unique=True)
    city = models.ForeignKey(City, models.CASCADE, related_name="former_slugs", verbose_name=_("city"))

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("former web address")
        verbose_name_plural = _("former web addresses")

    def __str__(self) -> str:
        return self.slug


class Unit(Record):
    """An office of the city with a role mailbox: who is responsible, never a private person."""

    PUBLIC_WITH = ("city",)

    city = models.ForeignKey(City, models.PROTECT, related_name="units", verbose_name=_("city"))
    name = models.CharField(_("name"), max_length=250)
    original_name = models.CharField(
        _("name in its own language"), max_length=250, blank=True, help_text=_("If that is none of the portal’s.")
    )
    original_language = models.CharField(_("language of that name"), max_length=20, blank=True)
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("A shared mailbox, not a person’s: it stays when people leave.")
    )
    url = models.URLField(_("website"), max_length=500, blank=True)
    is_focal_point = models.BooleanField(
        _("focal point"), default=False, help_text=_("The city’s standing contact for the network.")
    )

    class Meta(Record.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["city"], condition=Q(is_focal_point=True), name="one_focal_point_per_city"),
        ]

    def __str__(self) -> str:
        return str(named(self))


class MembershipQuerySet(RecordQuerySet):
    def open(self) -> "MembershipQuerySet":
        """Neither withdrawn nor excluded."""
        return self.filter(standing__in=Membership.OPEN)


class Membership(Record):
    """A city in the network, from the committee's vote to its end. A former member is never deleted.

    `evidenced`: a source named the city as a member on some date; whether it still is one is not known.
    """

    PUBLIC_WITH = ("city",)

    class Standing(models.TextChoices):
        EVIDENCED = "evidenced", pgettext_lazy("membership", "evidenced")
        ACTIVE = "active", pgettext_lazy("membership", "active")
        SUSPENDED = "suspended", pgettext_lazy("membership", "suspended")
        WITHDRAWN = "withdrawn", pgettext_lazy("membership", "withdrawn")
        EXCLUDED = "excluded", pgettext_lazy("membership", "excluded")

    OPEN = (Standing.EVIDENCED, Standing.ACTIVE, Standing.SUSPENDED)

    city = models.ForeignKey(City, models.PROTECT, related_name="memberships", verbose_name=_("city"))
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    joined = PartialDateField(_("joined"))
    ended = PartialDateField(_("ended"))
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = MembershipQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["city"],
                condition=Q(standing__in=["evidenced", "active", "suspended"]),
                name="one_open_membership_per_city",
            ),
            models.CheckConstraint(
                condition=Q(ended="", standing__in=["evidenced", "active", "suspended"])
                | (~Q(ended="") & Q(standing__in=["withdrawn", "excluded"])),
                name="membership_ended_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="membership_recorded_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.get_standing_display()}"


class Milestone(Record):
    """A dated fact on the road to membership that is not itself the admission.

    Sources mix these up; they are kept apart: a declaration of intention is not a membership.
    """

    PUBLIC_WITH = ("city",)

    class Kind(models.TextChoices):
        INTENTION = "intention", pgettext_lazy("milestone", "declaration of intention")
        MOTION = "motion", pgettext_lazy("milestone", "motion in the council")
        DRAFT = "draft_resolution", pgettext_lazy("milestone", "draft resolution")
        WISH = "wish", pgettext_lazy("milestone", "wish to join reported")
        APPLICATION_DECIDED = "application_decided", pgettext_lazy("milestone", "decided to apply")
        COUNCIL_DECISION = "council_decision", pgettext_lazy("milestone", "decision to join")
        CANDIDATE = "candidate", pgettext_lazy("milestone", "presented as a candidate")
        CERTIFICATE = "certificate", pgettext_lazy("milestone", "certificate handed over")
        ANNOUNCEMENT = "announcement", pgettext_lazy("milestone", "public announcement")
        CONTACT = "contact", pgettext_lazy("milestone", "contact with the network")

    city = models.ForeignKey(City, models.PROTECT, related_name="milestones", verbose_name=_("city"))
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    on = PartialDateField(_("date"))
    note = models.TextField(_("note"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["city", "kind", "on"], name="a_milestone_is_recorded_once"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [str(self.get_kind_display()), self.on]))


class Meeting(Record):
    """A sitting of the Steering Committee or of all members."""

    CITY_PATH = None

    class Kind(models.TextChoices):
        STEERING = "steering_committee", pgettext_lazy("meeting", "Steering Committee")
        ASSEMBLY = "general_assembly", pgettext_lazy("meeting", "General Assembly")
        CONFERENCE = "general_conference", pgettext_lazy("meeting", "General Conference")

    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    starts = PartialDateField(_("first day"), blank=False)
    ends = PartialDateField(_("last day"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    host = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="hosted_meetings", verbose_name=_("host city")
    )

    class Meta(Record.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["kind", "starts", "place"], name="a_meeting_is_recorded_once"),
            models.CheckConstraint(
                condition=Q(ends="") | Q(ends__gte=F("starts")), name="meeting_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [str(self.get_kind_display()), self.place, self.starts]))


class Decision(Record):
    """One vote of a meeting on one membership. A wrong entry is annulled with a reason, never erased."""

    CITY_PATH = "membership__city"
    PUBLIC_WITH = ("meeting", "membership", "membership__city")

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", pgettext_lazy("decision", "admitted")
        DEFERRED = "deferred", pgettext_lazy("decision", "deferred")
        REJECTED = "rejected", pgettext_lazy("decision", "rejected")
        SUSPENDED = "suspended", pgettext_lazy("decision", "suspended")
        RESTORED = "restored", pgettext_lazy("decision", "restored")
        EXCLUDED = "excluded", pgettext_lazy("decision", "excluded")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name=_("meeting"))
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="decisions", verbose_name=_("membership"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    on = PartialDateField(_("date"), help_text=_("If it differs from the meeting’s first day."))
    unanimous = models.BooleanField(_("unanimous"), null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("votes for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("votes against"), null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField(_("abstentions"), null=True, blank=True)
    recused = models.ManyToManyField(City, blank=True, related_name="+", verbose_name=_("cities that did not vote"))
    note = models.TextField(_("note"), blank=True)
    annulled_at = models.DateTimeField(_("annulled"), null=True, editable=False)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    annulled_why = models.TextField(_("reason of the annulment"), blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "membership"],
                condition=Q(annulled_at__isnull=True),
                name="one_valid_decision_per_meeting_and_membership",
            ),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=True, votes_against__isnull=True, votes_abstained__isnull=True)
                | Q(votes_for__isnull=False, votes_against__isnull=False, votes_abstained__isnull=False),
                name="votes_are_counted_all_or_not_at_all",
            ),
            models.CheckConstraint(
                condition=Q(unanimous__isnull=True)
                | Q(unanimous=False)
                | Q(votes_against__isnull=True)
                | Q(votes_against=0),
                name="a_unanimous_vote_has_nobody_against",
            ),
            models.CheckConstraint(
                condition=Q(annulled_at__isnull=True, annulled_by__isnull=True, annulled_why="")
                | (Q(annulled_at__isnull=False, annulled_by__isnull=False) & ~Q(annulled_why="")),
                name="decision_annulled_when_by_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership.city}: {self.get_outcome_display()}"

    @property
    def date(self) -> str:
        """When it was taken (partial date)."""
        return self.on or self.meeting.starts
