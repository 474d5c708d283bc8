"""What every row of the network can say about itself."""

from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.models import IndexRow, TranslatedModel

SOURCE_LANGUAGES = [(code, name) for code, name in settings.SCHEMA_LANGUAGES]


class OwnedQuerySet(models.QuerySet):
    """The two questions asked of every list, and no third."""

    def public(self) -> Self:
        """What anybody may read: the same for everybody."""
        raise NotImplementedError(f"{self.model.__name__} has no public pages")

    def editable_by(self, user: models.Model) -> Self:
        """What this person may see in the admin: everything for the secretariat, else the rows of
        their cities."""
        if user.is_secretariat:
            return self.all()
        path = self.model.CITY_PATH
        if path is None:
            return self.none()
        own = user.city_ids()
        return self.filter(**{f"{path}__in": own}) if own else self.none()


class RecordQuerySet(OwnedQuerySet):
    def public(self) -> Self:
        """Published rows of published parents."""
        published = self.filter(published_at__isnull=False)
        for parent in self.model.PUBLIC_WITH:
            published = published.filter(
                Q(**{f"{parent}__isnull": True}) | Q(**{f"{parent}__published_at__isnull": False})
            )
        return published

    def real(self) -> Self:
        """Without the invented cities of the demonstration: for counts, exports, feeds, sitemap and
        API."""
        return self.filter(fictional=False)

    def by_name(self, language: str) -> Self:
        """In the dictionary order of `language`, read from the index: public rows only."""
        return self.filter(index_rows__language=language).order_by("index_rows__sort_key", "pk")


class Owned(models.Model):
    """A row that belongs to a city, to the network, or to nobody.

    `CITY_PATH` is the lookup from the row to its city: the key to `editable_by`. `None`: only the
    secretariat's.
    """

    CITY_PATH: str | None = "city"

    class Meta:
        abstract = True


class Record(Owned, TranslatedModel):
    """A row that can be published: where it comes from, since when it is public, and its
    version."""

    PUBLIC_WITH: tuple[str, ...] = ()

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

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="cited", stated_at__isnull=True)
                | Q(origin="stated", stated_at__isnull=False),
                name="%(class)s_stated_has_its_date",
            )
        ]

    @property
    def needs_source(self) -> bool:
        """Whether a source must stand behind it before it is published, if the city does not state
        it itself."""
        return True

    @property
    def is_public(self) -> bool:
        """One row's answer to `public()`."""
        return type(self).objects.public().filter(pk=self.pk).exists()

    def save(self, *args: object, **kwargs: object) -> None:
        """Count the version up, so that a form can tell that somebody else was faster."""
        if not self._state.adding:
            self.version += 1
        super().save(*args, **kwargs)


def content_type_of(record: models.Model) -> ContentType:
    """The content type that generic rows (citations, freshness, index) keep for `record`."""
    return ContentType.objects.get_for_model(type(record))


class StatusChangedOutsideAction(RuntimeError):
    """A status is changed by its action, which writes the step and the letters; never by a form or
    by hand."""


class SteppedQuerySet(RecordQuerySet):
    def update(self, **values: object) -> int:
        """Refuse to change a status past its action."""
        if self.model.STATUS in values:
            raise StatusChangedOutsideAction(_refusal(self.model))
        return super().update(**values)


class Stepped(models.Model):
    """A record whose status moves only together with a step that is written first and never changed
    again.

    The action calls `move()` and saves. Everybody else meets a loud error here; triggers of the
    database refuse whatever goes past this class (see migration 0003).
    """

    STATUS = "state"
    # The only status in which a row may begin; "" where a loader may record what is long since so.
    FIRST_STATUS = ""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: object, **kwargs: object) -> Self:
        row = super().from_db(*args, **kwargs)
        row._known_status = row.__dict__.get(cls.STATUS)
        return row

    def move(self, status: str) -> None:
        """Set the status. For `members.services` alone, after the step was written."""
        setattr(self, self.STATUS, status)
        self._known_status = status

    def save(self, *args: object, **kwargs: object) -> None:
        expected = self.FIRST_STATUS if self._state.adding else getattr(self, "_known_status", None)
        if expected and expected != getattr(self, self.STATUS):
            raise StatusChangedOutsideAction(_refusal(type(self)))
        super().save(*args, **kwargs)
        self._known_status = getattr(self, self.STATUS)


def _refusal(model: type[models.Model]) -> str:
    return (
        f"The {model.STATUS} of {model._meta.label} is changed by a verb in members.services "
        "and nowhere else:"
        " it writes the step, checks the rights and sends the letters."
    )
