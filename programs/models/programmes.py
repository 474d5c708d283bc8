"""Programmes, projects, policies and strategies of cities and organisations, edition by edition."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import PartialDateField, format_partial
from languages.fields import LineField, ProseField, WebAddressField
from languages.text import current_language, labelled, translated
from members.models import (
    Action,
    City,
    Document,
    Ground,
    LegalAct,
    Organisation,
    Point,
    Record,
    TargetGroup,
    Undertaking,
    Unit,
)

if TYPE_CHECKING:
    from programs.models.money import Spending
    from programs.models.reception import Evaluation


class Programme(Record):
    """A named local undertaking, whoever leads it. Its dates and stages are those of its
    editions."""

    PUBLIC_WITH = ("city",)

    class Kind(models.TextChoices):
        TEN_POINT_PLAN = "ten-point-plan", pgettext_lazy("programme", "ten-point plan of the city")
        ANTI_RACISM = "anti-racism-plan", pgettext_lazy("programme", "plan against racism")
        ANTI_DISCRIMINATION = (
            "anti-discrimination-plan",
            pgettext_lazy("programme", "plan against discrimination"),
        )
        INTEGRATION = "integration-programme", pgettext_lazy("programme", "integration programme")
        EQUALITY = "equality-programme", pgettext_lazy("programme", "equality programme")
        HUMAN_RIGHTS = "human-rights-plan", pgettext_lazy("programme", "human rights plan")
        HOUSING = "housing-plan", pgettext_lazy("programme", "housing plan")
        REMEMBRANCE = "remembrance-plan", pgettext_lazy("programme", "remembrance plan")
        DECLARATION = "declaration", pgettext_lazy("programme", "declaration")
        PROJECT = "project", pgettext_lazy("programme", "project")
        POLICY = "policy", pgettext_lazy("programme", "policy")

    slug = models.SlugField(_("web address"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    original_name = LineField(_("name in its own language"), max_length=300)
    original_language = LineField(
        _("language of that name"),
        max_length=20,
        blank=True,
        help_text=_("Language code, for example pl or nl."),
    )
    name = LineField(_("name"), max_length=300, blank=True)
    introduction = ProseField(
        _("what it is"), max_length=5000, blank=True, help_text=_("One paragraph in plain words.")
    )
    city = models.ForeignKey(
        City,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("city"),
    )
    further_cities = models.ManyToManyField(
        City, blank=True, related_name="further_programmes", verbose_name=_("further cities")
    )
    lead_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_programmes",
        verbose_name=_("lead organisation"),
    )
    coordinating_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("coordinated by"),
        help_text=_("The office of the city that looks after it."),
    )
    website = WebAddressField(_("website"), max_length=500, blank=True)
    points = models.ManyToManyField(
        Point, blank=True, related_name="programmes", verbose_name=_("points served")
    )
    grounds = models.ManyToManyField(
        Ground, blank=True, related_name="programmes", verbose_name=_("grounds")
    )
    target_groups = models.ManyToManyField(
        TargetGroup, blank=True, related_name="programmes", verbose_name=_("for whom")
    )
    actions = models.ManyToManyField(
        Action,
        blank=True,
        related_name="programmes",
        verbose_name=_("actions of the city that it contributes to"),
        help_text=_("Offered once the programme is saved with its city."),
    )
    undertakings = models.ManyToManyField(
        Undertaking,
        blank=True,
        related_name="programmes",
        verbose_name=_("what the city undertook in it"),
        help_text=_("Offered once the programme is saved with its city."),
    )
    documents = models.ManyToManyField(
        Document, blank=True, related_name="programmes", verbose_name=_("documents")
    )

    class Meta(Record.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("programme_detail", args=[self.slug])


class Edition(Record):
    """One term or version of a programme, with the stage it is known to have reached."""

    CITY_PATH = "programme__city"
    PUBLIC_WITH = ("programme", "programme__city")

    # Its public parts, where a page fetched them (`Prefetch` with `to_attr`).
    public_items: "list[ProgrammeItem]"
    public_events: "list[EditionEvent]"
    public_spendings: "list[Spending]"
    public_evaluations: "list[Evaluation]"

    class Stage(models.TextChoices):
        PREPARATION = "preparation", pgettext_lazy("stage", "in preparation")
        CONSULTATION = "consultation", pgettext_lazy("stage", "in consultation")
        ADOPTED = "adopted", pgettext_lazy("stage", "adopted")
        IN_FORCE = "in_force", pgettext_lazy("stage", "in force")
        EVALUATED = "evaluated", pgettext_lazy("stage", "evaluated")
        ENDED = "ended", pgettext_lazy("stage", "ended")
        UNKNOWN = "", pgettext_lazy("stage", "not known")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="editions", verbose_name=_("programme")
    )
    label = LineField(
        # Translators: field: the short name that tells an edition from the others
        _("label"),
        max_length=100,
        help_text=_("How this edition is told from the others, for example 2024–2028."),
    )
    stage = models.CharField(
        _("stage"), max_length=20, choices=Stage, default=Stage.UNKNOWN, blank=True
    )
    # Translators: field: the first day of an edition’s period
    period_from = PartialDateField(_("from"))
    # Translators: field: the last day of an edition’s period
    period_to = PartialDateField(_("to"))
    summary = ProseField(_("summary"), max_length=3000, blank=True)
    legal_acts = models.ManyToManyField(
        LegalAct, blank=True, related_name="editions", verbose_name=_("legal acts")
    )
    legal_basis = LineField(
        _("legal basis as the source words it"),
        max_length=300,
        blank=True,
        help_text=_("Where the act itself is not recorded."),
    )
    declared_items = models.PositiveSmallIntegerField(
        _("number of items declared"),
        null=True,
        blank=True,
        help_text=_("Where not all of them are known."),
    )

    class Meta(Record.Meta):
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["programme", "label"],
                name="one_edition_per_label",
                words=_("The programme has an edition of this name already."),
                field="label",
            ),
            Check(
                condition=Q(period_to="") | Q(period_from="") | Q(period_to__gte=F("period_from")),
                name="edition_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="period_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} ({self.label})"


class EditionEvent(Record):
    """A dated step in the life of an edition: debate, adoption, consultation, evaluation."""

    CITY_PATH = "edition__programme__city"
    PUBLIC_WITH = ("edition", "edition__programme", "edition__programme__city")

    class Kind(models.TextChoices):
        PREPARATION = "preparation", pgettext_lazy("event of an edition", "preparation")
        FIRST_DEBATE = (
            "first_debate",
            pgettext_lazy("event of an edition", "first debate in the council"),
        )
        AMENDMENTS = "amendments", pgettext_lazy("event of an edition", "amendments possible")
        CONSULTATION = "consultation", pgettext_lazy("event of an edition", "public consultation")
        ADOPTED = "adopted", pgettext_lazy("event of an edition", "adopted")
        PRESENTED = "presented", pgettext_lazy("event of an edition", "presented")
        EVALUATION = "evaluation", pgettext_lazy("event of an edition", "evaluation")
        OTHER = "other", pgettext_lazy("event of an edition", "event")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="events", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    starts = PartialDateField(_("first day"))
    ends = PartialDateField(_("last day"))
    note = ProseField(_("note"), max_length=1000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("event of an edition")
        verbose_name_plural = _("events of an edition")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["edition", "kind", "starts"],
                name="an_event_of_an_edition_stands_once",
                words=_("This step of the edition is recorded already."),
                field="starts",
            ),
            Check(
                condition=Q(ends="") | Q(starts="") | Q(ends__gte=F("starts")),
                name="event_of_an_edition_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="ends",
            ),
        ]

    def __str__(self) -> str:
        kind = str(self.get_kind_display())
        day = format_partial(self.starts, current_language())
        return ", ".join(filter(None, (kind, day)))


class ProgrammeItem(Record):
    """A priority, an activity or an expected output of an edition, in order; done, not done or not
    known."""

    CITY_PATH = "edition__programme__city"
    PUBLIC_WITH = ("edition", "edition__programme", "edition__programme__city")

    class Kind(models.TextChoices):
        PRIORITY = "priority", pgettext_lazy("programme item", "priority")
        ACTIVITY = "activity", pgettext_lazy("programme item", "activity")
        OUTPUT = "output", pgettext_lazy("programme item", "expected result")

    class Done(models.TextChoices):
        YES = "yes", pgettext_lazy("programme item", "done")
        NO = "no", pgettext_lazy("programme item", "not done")
        UNKNOWN = "", pgettext_lazy("programme item", "not known")

    edition = models.ForeignKey(
        Edition, models.CASCADE, related_name="items", verbose_name=_("edition")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"))
    text = ProseField(_("text"), max_length=1500)
    # Translators: whether a promised item of a programme was done: yes, no, not known
    done = models.CharField(_("done"), max_length=3, choices=Done, default=Done.UNKNOWN, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("item of a programme")
        verbose_name_plural = _("items of a programme")
        ordering = ["edition", "kind", "order"]
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["edition", "kind", "order"],
                name="one_programme_item_per_place",
                words=_("This number in the order is taken. Choose another."),
                field="order",
            ),
        ]

    def __str__(self) -> str:
        return str(translated(self, "text"))


class Participation(Record):
    """An organisation that takes part in a programme, and as what."""

    CITY_PATH = "programme__city"
    PUBLIC_WITH = ("programme", "programme__city", "organisation", "organisation__city")

    class Role(models.TextChoices):
        LEAD = "lead", pgettext_lazy("participation", "lead")
        PARTNER = "partner", pgettext_lazy("participation", "partner")
        AUTHOR = "author", pgettext_lazy("participation", "author")
        COORDINATOR = "coordinator", pgettext_lazy("participation", "coordination")
        CARRIES_OUT = "carries_out", pgettext_lazy("participation", "carries out a task")
        EVALUATOR = "evaluator", pgettext_lazy("participation", "evaluation")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="participations", verbose_name=_("programme")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    note = ProseField(_("what it does in it"), max_length=1000, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["programme", "organisation", "role"],
                name="an_organisation_takes_part_once_per_role",
                words=_("This organisation takes part in this role already."),
                field="organisation",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.organisation, self.get_role_display())


class ProgrammeLink(Record):
    """A programme grew out of another, continues it, is carried out with it or came after it."""

    CITY_PATH = "programme__city"
    PUBLIC_WITH = ("programme", "programme__city", "other", "other__city")

    class Kind(models.TextChoices):
        GREW_OUT_OF = "grew_out_of", pgettext_lazy("link of programmes", "grew out of")
        CONTINUES = "continues", pgettext_lazy("link of programmes", "continues")
        SUPPORTS = "supports", pgettext_lazy("link of programmes", "is carried out with")
        FOLLOWED = "followed", pgettext_lazy("link of programmes", "came after")

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="links", verbose_name=_("programme")
    )
    other = models.ForeignKey(
        Programme, models.CASCADE, related_name="linked_from", verbose_name=_("other programme")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)

    class Meta(Record.Meta):
        verbose_name = _("link of programmes")
        verbose_name_plural = _("links of programmes")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["programme", "other", "kind"],
                name="programmes_are_linked_once",
                words=_("These programmes are linked in this way already."),
                field="other",
            ),
            Check(
                condition=~Q(programme=F("other")),
                name="programme_is_not_linked_with_itself",
                words=_("A programme is not linked with itself."),
                field="other",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.get_kind_display(), self.other)
