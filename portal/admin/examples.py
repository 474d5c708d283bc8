"""The examples of the first page."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from languages.dates import format_date
from languages.text import current_language
from members.editing.admin.base import OwnCityAdmin
from portal.home_records import keys_in_turn, next_days
from portal.models import Example


@admin.register(Example)
class ExampleAdmin(OwnCityAdmin):
    """Three of these are told on the first page, others every day."""

    main_fields = ("action", "turn")
    readonly_fields = ("turn",)
    list_display = ("action", "city", "is_published")
    list_select_related = ("action__commitment__city", "action__commitment__point")
    autocomplete_fields = ("action",)
    search_fields = ("action",)
    ordering = ("pk",)

    @admin.display(description=_("city"))
    def city(self, row: Example) -> str:
        return str(row.action.commitment.city)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """With the day on which each is told next: one query for the list."""
        days: Any = SimpleLazyObject(lambda: next_days(keys_in_turn()))

        @admin.display(description=_("next on the first page"))
        def next_day(row: Example) -> str:
            return day_in_words(days.get(row.pk))

        return [*super().get_list_display(request), next_day]

    @admin.display(description=_("on the first page"))
    def turn(self, row: Example) -> str:
        """When the public reads it: its next day, and how the examples follow each other."""
        keys = keys_in_turn()
        words = turn_in_words(len(keys))
        day = next_days(keys).get(row.pk)
        if day is None:
            return gettext("Not before it is public, and its action too.") + " " + words
        return gettext("Next: %(day)s.") % {"day": day_in_words(day)} + " " + words


def day_in_words(day: date | None) -> str:
    if day is None:
        return gettext("not shown")
    if day == timezone.localdate():
        return gettext("today")
    return format_date(day, current_language())


def turn_in_words(total: int) -> str:
    """How the examples follow each other. `total`: of those that may be told."""
    words = ngettext(
        "The first page tells three examples a day, in turn; there is %(total)d.",
        "The first page tells three examples a day, in turn; there are %(total)d.",
        total,
    )
    return words % {"total": total}
