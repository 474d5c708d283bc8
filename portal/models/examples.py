"""Actions that the first page tells as examples."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from languages.constraints import Unique
from members.models import Action, Record


class Example(Record):
    """An action that the office chose for the first page. Its words, year and sources are those of
    the action; an action that is not public is not shown."""

    CITY_PATH = None
    GOES_WITH_ENTRY = True
    PUBLIC_WITH = ("action", "action__commitment", "action__commitment__city")

    action = models.ForeignKey(
        Action, models.CASCADE, related_name="examples", verbose_name=_("action of a city")
    )

    class Meta(Record.Meta):
        verbose_name = _("example on the first page")
        verbose_name_plural = _("examples on the first page")
        constraints = [
            *Record.Meta.constraints,
            Unique(
                fields=["action"],
                name="an_action_is_an_example_once",
                words=_("This action is among the examples already."),
                field="action",
            ),
        ]

    def __str__(self) -> str:
        return str(self.action)

    @property
    def needs_source(self) -> bool:
        """False: the action has its own."""
        return False
