"""What the ground keeps: how fresh a translation is, and one searchable row per public object and
language."""

import hashlib

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def text_hash(text: str) -> str:
    """SHA-256 of a text as 64 hex digits; white space at the ends does not count."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()


class Freshness(models.Model):
    """One row per object, field and language that has a translation.

    No row: the translation is missing. `source_hash` other than the hash of today's source text: it
    is outdated, and `source_text` says what it was made from.
    """

    class How(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("translation", "official")
        PORTAL = "portal", pgettext_lazy("translation", "by the portal")
        OFFICE = "office", pgettext_lazy("translation", "by the city or the secretariat")
        MACHINE = "machine", pgettext_lazy("translation", "by machine")

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    field = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    source_language = models.CharField(max_length=10)
    source_hash = models.CharField(max_length=64)
    # The text that was translated, word for word; empty where that is not known any more.
    source_text = models.TextField(blank=True)
    how = models.CharField(max_length=10, choices=How)
    translated_at = models.DateTimeField()
    translated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("freshness of a translation")
        verbose_name_plural = _("freshness of translations")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "field", "language"],
                name="one_freshness_per_text_and_language",
            ),
            models.CheckConstraint(
                condition=~models.Q(language=models.F("source_language")),
                name="source_text_is_not_a_translation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}_{self.language}"


class OwnTexts:
    """What a row of the index says in its own language."""

    @property
    def own_names(self) -> str:
        """The title, where it is not another language's, and the other names: one per line."""
        own = [self.title] if self.title_language == self.language else []
        return "\n".join([*own, *filter(None, [self.other_names])])

    @property
    def own_text(self) -> str:
        """Summary and further text, as far as they are in the row's language."""
        own = [self.summary] if self.summary_language == self.language else []
        return "\n".join(filter(None, [*own, self.body]))


class IndexRow(OwnTexts, models.Model):
    """One row per public object and language: what lists sort by and search reads.

    Rows exist only for what the public may read. Where the object has no text in the row's language
    the title is the fallback's, marked with its own language, and the tokens stay empty: nothing is
    found twice.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=30)
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=500)
    title_language = models.CharField(max_length=20)
    # Further names in exactly this language, one per line: found and marked, but not the title.
    other_names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    summary_language = models.CharField(max_length=20, blank=True)
    # Further text in exactly this language: found and quoted, but shown nowhere as a whole.
    body = models.TextField(blank=True)
    city = models.BigIntegerField(null=True)
    country = models.CharField(max_length=2, blank=True)
    # Numbers of the plan's points that it works on, with a space around each: " 3 7 ".
    points = models.CharField(max_length=100, blank=True)
    fictional = models.BooleanField(default=False)
    sort_key = models.CharField(max_length=1000)
    title_tokens = models.TextField(blank=True)
    text_tokens = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "language"],
                name="one_index_row_per_object_and_language",
            )
        ]
        indexes = [
            models.Index(
                fields=["language", "kind", "sort_key", "object_id"], name="index_row_list_order"
            ),
            models.Index(fields=["city"], name="index_row_city"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class IndexWord(models.Model):
    """A word that stands in the index, for nearest spellings and compounds. Built again with the
    index."""

    word = models.CharField(max_length=64, unique=True)
    spelled = models.CharField(max_length=64)
    languages = models.CharField(max_length=100)
    in_title = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.spelled


class WordPart(models.Model):
    """Something by which a word of the index is looked up for equality: what it shares with
    misspellings of it (-, ^, $), its ends (~), its stem (=)."""

    word = models.ForeignKey(IndexWord, models.CASCADE, related_name="parts")
    part = models.CharField(max_length=66)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "word"], name="a_word_has_a_part_once")
        ]

    def __str__(self) -> str:
        return self.part


class DeskRow(models.Model):
    """One row per entry that has texts to translate: what the translation desk lists. Kept by
    `languages.desk`."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    city = models.BigIntegerField(null=True)
    source_language = models.CharField(max_length=10)
    # The beginning of its first text, and how many characters all of them have, in the source
    # language.
    title = models.CharField(max_length=150, blank=True)
    length = models.PositiveIntegerField(default=0)
    # Whether the entry itself is published; and whether everybody may read it, with all that it is
    # public with.
    published = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    fictional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="one_desk_row_per_entry"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-public", "content_type", "object_id"], name="desk_row_list_order"
            ),
            models.Index(fields=["city"], name="desk_row_city"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> type[models.Model]:
        """The model of the entry. Content types are kept in memory."""
        return ContentType.objects.get_for_id(self.content_type_id).model_class()


class DeskState(models.Model):
    """The state of an entry in one language, and how many characters of its source text are in
    which state."""

    row = models.ForeignKey(DeskRow, models.CASCADE, related_name="states")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    # Since when it is outdated; empty where it is not, or where nobody knows.
    since = models.DateTimeField(null=True)
    current = models.PositiveIntegerField(default=0)
    outdated = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["row", "language"], name="one_desk_state_per_entry_and_language"
            ),
        ]
        indexes = [
            # With all that is summed up: counts and shares read the index alone.
            models.Index(
                fields=["language", "state", "row", "current", "outdated"],
                name="desk_state_of_a_language",
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.state}"
