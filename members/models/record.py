"""What every row of the network can say about itself."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.cleaning import is_same_text
from languages.constraints import Check
from languages.models import IndexRow, TranslatedModel

if TYPE_CHECKING:
    from members.models.people import User

# Codes of the errors of rules that came when there were rows already: a limit of a text, the bounds
# of a date.
LATER_RULES = {"max_length", "future", "too_early", "too_late"}
SOURCE_LANGUAGES = [(code, name) for code, name in settings.SCHEMA_LANGUAGES]


OwnedT = TypeVar("OwnedT", bound="Owned", covariant=True)
RecordT = TypeVar("RecordT", bound="Record", covariant=True)
SteppedT = TypeVar("SteppedT", bound="Stepped", covariant=True)


class OwnedQuerySet(models.QuerySet[OwnedT]):
    """The two questions asked of every list, and no third."""

    def public(self) -> Self:
        """What anybody may read: the same for everybody."""
        raise NotImplementedError(f"{self.model.__name__} has no public pages")

    def editable_by(self, user: "User") -> Self:
        """What this person may see in the administration.

        Everything for the secretariat, else the rows of the person's cities.
        """
        if user.is_secretariat:
            return self.all()
        path = self.model.CITY_PATH
        if path is None:
            return self.none()
        own_cities = user.city_ids()
        return self.filter(**{f"{path}__in": own_cities})


@cache
def condition_of_publication(model: "type[Record]") -> Q:
    """That a row is published, and each parent that it has."""
    return condition_on_publication(model, "isnull", False)


def condition_on_publication(model: "type[Record]", lookup: str, value: object) -> Q:
    """What holds for the moment of publication of a row, and of each parent that it has: with
    `lt` and a moment, that all were public before."""
    condition = Q(**{f"published_at__{lookup}": value})
    for parent in model.PUBLIC_WITH:
        holds_for_parent = Q(**{f"{parent}__published_at__{lookup}": value})
        if may_lack(model, parent):
            holds_for_parent |= Q(**{f"{parent}__isnull": True})
        condition &= holds_for_parent
    return condition


@cache
def may_lack(model: type[models.Model], path: str) -> bool:
    """Whether there may be rows without the row that this lookup leads to.

    A parent that is always there costs the database less: it joins without looking for gaps.
    """
    for name in path.split("__"):
        field: Any = model._meta.get_field(name)
        if field.null:
            return True
        model = field.related_model
    return False


class RecordQuerySet(OwnedQuerySet[RecordT]):
    def public(self) -> Self:
        """Published rows of published parents."""
        is_published = condition_of_publication(self.model)
        return self.filter(is_published)

    def real(self) -> Self:
        """Without the invented cities of the demonstration.

        For counts, exports, feeds, the sitemap and the API.
        """
        return self.filter(fictional=False)

    def by_name(self, language: str) -> Self:
        """In the dictionary order of `language`, read from the index: public rows only."""
        return self.filter(index_rows__language=language).order_by("index_rows__sort_key", "pk")

    def listed(self, language: str) -> Self:
        """As `by_name`, each with its `title` in `language` and the `title_language` that it is in.

        A list then needs none of the columns per language. For models without a `title` of their
        own.
        """
        rows = self.by_name(language)
        return rows.annotate(
            title=F("index_rows__title"),
            title_language=F("index_rows__title_language"),
        )


_RecordManager = models.Manager.from_queryset(RecordQuerySet)


class RecordManager(_RecordManager[RecordT]):
    """The manager of every record; a class by name, so that the type checker finds it.

    A record with a queryset of its own declares
    `objects: ClassVar = RecordManager.from_queryset(OwnQuerySet)()`.
    """


class Owned(models.Model):
    """A row that belongs to a city, to the network, or to nobody.

    `CITY_PATH` is the lookup from the row to its city: the key to `editable_by`. `None`: only the
    secretariat's. `GOES_WITH_ENTRY`: deleted together with the entry it is about, by whoever may
    delete that.
    """

    CITY_PATH: ClassVar[str | None] = "city"
    GOES_WITH_ENTRY: ClassVar[bool] = False

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """A rule that came later than a value does not keep people from saving the rest of the row.

        Such values stay as they are until somebody changes them.
        """
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.error_dict
            for name in self._values_before_rules(errors):
                del errors[name]
            if errors:
                raise

    def _values_before_rules(self, errors: Mapping[str, list[ValidationError]]) -> list[str]:
        """Fields with an unchanged value that is wrong only by a later rule."""
        names = [
            name
            for name, reasons in errors.items()
            if all(reason.code in LATER_RULES for reason in reasons)
        ]
        if not names or self._state.adding:
            return []
        stored = type(self)._base_manager.filter(pk=self.pk).values(*names).first() or {}
        return [
            name
            for name in names
            if name in stored and is_same_text(stored[name], getattr(self, name))
        ]


class Record(Owned, TranslatedModel):
    """A row that can be published: its origin, since when it is public, and its version.

    `PUBLIC_WITH`: lookups to the rows that must be published as well.
    """

    PUBLIC_WITH: ClassVar[tuple[str, ...]] = ()

    class Origin(models.TextChoices):
        CITED = "cited", pgettext_lazy("origin", "from a cited source")
        STATED = "stated", pgettext_lazy("origin", "stated by the city")

    source_language = models.CharField(
        _("source language"),
        max_length=10,
        choices=SOURCE_LANGUAGES,
        default="en",
        help_text=_("The language you write in. The other languages are translations of it."),
    )
    # Translators: whether the city or the network’s office wrote an entry
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin, default=Origin.CITED, editable=False
    )
    # Translators: heading: when the city stated it in its own word
    stated_at = models.DateTimeField(_("stated on"), null=True, editable=False)
    # Translators: the number of an entry’s state; it grows by one with every change
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    fictional = models.BooleanField(_("fictional"), default=False, editable=False)

    citations = GenericRelation("members.Citation", verbose_name=_("citations"))
    drafts = GenericRelation("members.Draft")
    index_rows = GenericRelation(IndexRow)

    objects: ClassVar[RecordManager[Self]] = RecordManager()

    class Meta:
        abstract = True
        constraints = [
            Check(
                condition=Q(origin="cited", stated_at__isnull=True)
                | Q(origin="stated", stated_at__isnull=False),
                name="%(class)s_stated_has_its_date",
                words=_(
                    "What the city states has the date of the statement, and nothing else has one."
                ),
                field="",
            )
        ]

    def refuse_publication(self) -> None:
        """Raise ValidationError where a kind has a rule of its own about what may be public."""

    @property
    def needs_source(self) -> bool:
        """Whether a source must stand behind it before it is published.

        What the city itself states needs none.
        """
        return True

    @property
    def is_announcement(self) -> bool:
        """Whether the network's office itself says here what it plans: it is its own source."""
        return False

    @property
    def is_public(self) -> bool:
        """One row's answer to `public()`."""
        public_rows = type(self).objects.public()
        return public_rows.filter(pk=self.pk).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Count the version up, so that a form can tell that somebody else was faster."""
        is_new = self._state.adding
        if not is_new:
            self.version += 1
        super().save(*args, **kwargs)


def content_type_of(record: models.Model) -> ContentType:
    """The content type that generic rows (citations, freshness, index) keep for `record`."""
    return ContentType.objects.get_for_model(type(record))


class StatusChangedOutsideService(RuntimeError):
    """Something else than a service changes a status.

    The service writes the step and the letters; a form or a line by hand would not.
    """


class SteppedQuerySet(RecordQuerySet[SteppedT]):
    def update(self, **values: Any) -> int:
        """Refuse to change a status past its service."""
        model = self.model
        if model.STATUS in values:
            sentence = _refusal(model)
            raise StatusChangedOutsideService(sentence)
        return super().update(**values)


class Stepped(Record):
    """A record whose status changes only together with a step, which is written first and stays.

    The service calls `move()` and saves. Everything else raises StatusChangedOutsideService here;
    triggers of the database refuse what goes past this class (see migration 0003).
    """

    STATUS: ClassVar[str] = "status"
    # The only status in which a new row may be saved; "" where a loader may record an old fact.
    FIRST_STATUS: ClassVar[str] = ""
    # The status in the database, as far as this object knows.
    _saved_status: str | None = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        row = super().from_db(*args, **kwargs)
        # A deferred field is not in `__dict__`: reading it would ask the database.
        row._saved_status = row.__dict__.get(cls.STATUS)
        return row

    def move(self, status: str) -> None:
        """Set the status. For `members.services` alone, after the step was written."""
        setattr(self, self.STATUS, status)
        self._saved_status = status

    def save(self, *args: Any, **kwargs: Any) -> None:
        status = getattr(self, self.STATUS)
        is_new = self._state.adding
        expected = self.FIRST_STATUS if is_new else self._saved_status
        if expected and expected != status:
            sentence = _refusal(type(self))
            raise StatusChangedOutsideService(sentence)
        super().save(*args, **kwargs)
        self._saved_status = status


def _refusal(model: type[Stepped]) -> str:
    return (
        f"The {model.STATUS} of {model._meta.label} is changed by a verb in members.services "
        "and nowhere else: it writes the step, checks the rights and sends the letters."
    )
