"""The network's own words: its name, what it is, what its members do.

They are data, so that another network needs no code.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.fields import ProseField
from languages.text import Text, translated
from members.models.record import Record


class NetworkText(Record):
    """One text about the network, by its key. Paragraphs are parted by an empty line."""

    CITY_PATH = None

    class Key(models.TextChoices):
        HEADLINE = (
            "headline",
            pgettext_lazy("text of the network", "headline of the first page, at most ten words"),
        )
        NAME = "name", pgettext_lazy("text of the network", "name of the network")
        ABBREVIATION = "abbreviation", pgettext_lazy("text of the network", "abbreviation")
        ONE_SENTENCE = (
            "one_sentence",
            pgettext_lazy("text of the network", "what it is, in one sentence"),
        )
        ABOUT = "about", pgettext_lazy("text of the network", "about the network")
        MEMBERS_DO = "what_members_do", pgettext_lazy("text of the network", "what members do")

    key = models.CharField(_("text"), max_length=30, choices=Key, unique=True)
    # Translators: field: how a text of the network is worded
    text = ProseField(_("wording"), max_length=20_000)

    class Meta(Record.Meta):
        verbose_name = _("text about the network")
        verbose_name_plural = _("texts about the network")

    def __str__(self) -> str:
        return str(self.get_key_display())

    @classmethod
    def wordings(cls, *keys: str) -> dict[str, Text]:
        """Published texts by key, for the current reader. One query."""
        rows = cls.objects.public().filter(key__in=keys)
        texts = {}
        for row in rows:
            text = translated(row, "text")
            texts[row.key] = text
        return texts
