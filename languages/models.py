"""Tables of this app: freshness of translations, the index of the search, the translation desk."""

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def text_hash(text: str) -> str:
    """SHA-256 of a text as 64 hex digits. White space at both ends does not count."""
    content = text.strip()
    encoded = content.encode("utf-8", "replace")
    digest = hashlib.sha256(encoded)
    return digest.hexdigest()


class Freshness(models.Model):
    """From which source text a translation was made: one row for each entry, field and language.

    Without a row the translation is missing. If `source_hash` is not the hash of the current source
    text, the translation is outdated.
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
    # The source text that was translated, word for word; empty if it is not known.
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


class TranslatedModel(models.Model):
    """Base of every model whose texts are written in one language and translated into others.

    It tells type checkers what this app needs of such a model; the fields belong to its children.
    """

    if TYPE_CHECKING:
        PUBLIC_WITH: ClassVar[tuple[str, ...]]
        CITY_PATH: ClassVar[str | None]
        source_language: models.CharField[str | int | Combinable, str]
        published_at: models.DateTimeField[
            str | datetime | date | Combinable | None, datetime | None
        ]
        fictional: models.BooleanField[bool | Combinable, bool]

    class Meta:
        abstract = True


class IndexTexts(Protocol):
    """The texts of a row of the index, each in a language of its own."""

    @property
    def language(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def title_language(self) -> str: ...

    @property
    def other_names(self) -> str: ...

    @property
    def summary(self) -> str: ...

    @property
    def summary_language(self) -> str: ...

    @property
    def body(self) -> str: ...


class HasOwnTexts(Protocol):
    """A row of the index, as far as phrases and passages are found in it."""

    @property
    def own_names(self) -> str: ...

    @property
    def own_text(self) -> str: ...


class OwnTexts:
    """What a row of the index says in the language of the row."""

    @property
    def own_names(self: IndexTexts) -> str:
        """The title, if it is in this language, and the other names: one in each line."""
        names = []
        if self.title_language == self.language:
            names.append(self.title)
        if self.other_names:
            names.append(self.other_names)
        return "\n".join(names)

    @property
    def own_text(self: IndexTexts) -> str:
        """The summary, if it is in this language, and the further text."""
        texts = []
        if self.summary_language == self.language:
            texts.append(self.summary)
        texts.append(self.body)
        return "\n".join(filter(None, texts))


class IndexRow(OwnTexts, models.Model):
    """The index: one row for each public object and language. Lists sort by it, search reads it.

    If an object has no text in the row's language, the title is in another (`title_language`), and
    the tokens are empty, so that a search does not find the same text twice.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=30)
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=500)
    title_language = models.CharField(max_length=20)
    # Further names in exactly this language, one in each line, which a search finds.
    other_names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    summary_language = models.CharField(max_length=20, blank=True)
    # Further text in exactly this language: a search finds it and quotes passages of it.
    body = models.TextField(blank=True)
    city = models.BigIntegerField(null=True)
    country = models.CharField(max_length=2, blank=True)
    # The numbers of the points of the plan that it belongs to, with spaces around: " 3 7 ".
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
    """A word of the index, for nearest words and compounds. Built anew together with the index.

    `word` is folded, `spelled` has the diacritics, `languages` holds codes separated by spaces.
    """

    word = models.CharField(max_length=64, unique=True)
    spelled = models.CharField(max_length=64)
    languages = models.CharField(max_length=100)
    in_title = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.spelled


class WordPart(models.Model):
    """A part by which the vocabulary looks up a word of the index.

    The first character says of what kind it is: what the word shares with misspellings of it (-, ^,
    $), the beginning of one of its ends (~), the word or a stem of it (=).
    """

    word = models.ForeignKey(IndexWord, models.CASCADE, related_name="parts")
    part = models.CharField(max_length=66)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "word"], name="a_word_has_a_part_once")
        ]

    def __str__(self) -> str:
        return self.part


class PlaceForm(models.Model):
    """A form of a name of a city or country, by which the places in a query are recognized.

    `form`: folded words without stop words. `name`: the name whose form it is, as it is spelled.
    `unit`: what a municipal word in the name says (a key of `municipal_words.csv`), where the form
    leaves that word out: "fribourg" of the "Canton of Fribourg". Built anew together with the
    index.
    """

    form = models.CharField(max_length=150)
    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    country = models.CharField(max_length=2)
    name = models.CharField(max_length=150)
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "kind", "object_id"], name="a_place_has_a_form_once"
            )
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="place_form_of")]

    def __str__(self) -> str:
        return self.form


class ListText(models.Model):
    """The words by which the lists of the administration find a row: those of its own columns,
    folded, each once. `languages.search.lists` writes them."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"], name="one_list_text_per_row"
            )
        ]

    def __str__(self) -> str:
        return self.text


class DeskRow(models.Model):
    """The translation desk: one row for each entry that has texts to translate.

    `languages.desk` writes it.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    record = GenericForeignKey()
    city = models.BigIntegerField(null=True)
    source_language = models.CharField(max_length=10)
    # In the source language: the beginning of its first text, and the characters of all its texts.
    title = models.CharField(max_length=150, blank=True)
    length = models.PositiveIntegerField(default=0)
    # `published`: the entry itself is published. `public`: so are the entries that it belongs to.
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
    def kind(self) -> type[TranslatedModel]:
        """The model of the entry. Django keeps content types in memory: no query."""
        content_type = ContentType.objects.get_for_id(self.content_type_id)
        model = content_type.model_class()
        return cast("type[TranslatedModel]", model)


class DeskState(models.Model):
    """The state of an entry in one language: the worst state of any of its texts.

    `current` and `outdated` are numbers of characters of the source text in that state.
    """

    row = models.ForeignKey(DeskRow, models.CASCADE, related_name="states")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    # Since when it is outdated; empty if it is not outdated, or if this is not known.
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
            # With the columns that are summed up: counts and shares read the index alone.
            models.Index(
                fields=["language", "state", "row", "current", "outdated"],
                name="desk_state_of_a_language",
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.state}"
