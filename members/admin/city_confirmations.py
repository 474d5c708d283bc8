"""Confirmation pages for the secretariat: a city is renamed, or merged with its double."""

from operator import attrgetter
from typing import TYPE_CHECKING, cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.admin.confirmation import Statement, StatementPage
from members.forms.cities import MergeForm, RenameForm
from members.models import City, User
from members.requests import user_of
from members.services import cities
from members.services.cities import Merger

if TYPE_CHECKING:
    from members.editing.admin.base import OwnCityAdmin as Base
else:
    Base = object


class CityConfirmations(Base):
    """Adds the two pages to the admin of cities."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        rename = view(self.rename)
        merge = view(self.merge)
        return [
            path("<int:pk>/rename/", rename, name="members_city_rename"),
            path("<int:pk>/merge/", merge, name="members_city_merge"),
            *super().get_urls(),
        ]

    def _for_office(self, request: HttpRequest, pk: int) -> City:
        """The city. 404 where the person does not see it, 403 where they may not rename it."""
        row = self.get_object(request, str(pk))
        city = cast("City", row)
        if not self.has_delete_permission(request, city):
            raise PermissionDenied
        return city

    def rename(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A real renaming: the old names stay as former names.

        A typing error is corrected on the ordinary page.
        """
        city = self._for_office(request, pk)
        form = RenameForm(request.POST or None, city=city)

        def rename() -> str:
            values = form.cleaned_data
            cities.rename(
                city=city,
                local_name=values["local_name"],
                names=form.names,
                slug=values["slug"],
                by=user_of(request),
            )
            return _("Renamed. The old names and the old address still lead here.")

        return StatementPage(request, self, city, renaming(), form, rename).answer()

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First which entry stays, then what exactly moves, then the button."""
        city = self._for_office(request, pk)
        by = user_of(request)
        form = MergeForm(request.POST or request.GET or None, city=city)
        if not form.is_valid():
            page = StatementPage(request, self, city, choice(), form, service=str)
            return page.answer()
        survivor = form.cleaned_data["into"]
        hide(form.fields["into"])

        def merge() -> str:
            cities.merge(loser=city, survivor=survivor, by=by)
            return _("Merged. The old address leads here now.")

        statement = merging(city, survivor, by)
        page = StatementPage(request, self, city, statement, form, merge)
        page.next_address = reverse("admin:members_city_change", args=[survivor.pk])
        return page.answer()


def hide(form_field: forms.Field) -> None:
    form_field.widget = form_field.hidden_widget()


def renaming() -> Statement:
    return Statement(
        _("Rename the city"),
        _("Rename the city"),
        effects=[
            _(
                "Each name that you change stays as a former name: people still find the city by "
                "it."
            ),
            _("If you change the address, the old one leads to the new one."),
            _("To correct a slip of the pen, use the ordinary page of the city instead."),
        ],
    )


def choice() -> Statement:
    """What the first page of a merger says: it only asks which entry stays."""
    return Statement(
        _("Merge with another entry"),
        _("Show what would move"),
        effects=[_("You see first what would move. Nothing is changed yet.")],
        method="get",
    )


def merging(loser: City, survivor: City, by: User) -> Statement:
    """What a merger would do, tried out and taken back.

    Without a button where something stands against it.
    """
    title = _("Merge with another entry")
    facts: list[tuple[str, object]] = [
        (_("Entry that goes"), f"{loser} ({loser.slug})"),
        (_("Entry that stays"), f"{survivor} ({survivor.slug})"),
    ]
    try:
        merger = cities.try_merge(loser=loser, survivor=survivor, by=by)
    except ValidationError as error:
        return Statement(title, facts=facts, warnings=error.messages)
    if merger.obstacles:
        return Statement(title, facts=facts, warnings=merger.obstacles)
    warnings = unusual_about(loser, survivor)
    effects = effects_of(merger, loser, survivor)
    return Statement(title, _("Merge the two entries"), facts, warnings, effects)


def unusual_about(loser: City, survivor: City) -> list[str]:
    """What makes it unlikely that the two are one city; it is possible all the same."""
    warnings = []
    if loser.country_id != survivor.country_id:
        warnings.append(_("They lie in different countries."))
    if loser.kind != survivor.kind:
        warnings.append(
            _("They are of different kinds: a city and its county, for example, are two members.")
        )
    return warnings


def effects_of(merger: Merger, loser: City, survivor: City) -> list[str]:
    """In words, most rows first."""
    total = sum(merger.moves.values())
    moved = ngettext(
        "%(number)d row moves to %(city)s:", "%(number)d rows move to %(city)s:", total
    )
    names = _("The names of %(city)s stay as other names, under which people find it.")
    address = _("The address “%(slug)s” leads to %(city)s.")
    return [
        moved % {"number": total, "city": survivor},
        *rows_by_kind(merger.moves),
        names % {"city": loser},
        address % {"slug": loser.slug, "city": survivor},
        _(
            "The entry that goes is taken off the public pages. It is not deleted: its history "
            "stays there."
        ),
        _(
            "Texts, population and the like of the entry that goes are not copied. Compare them "
            "first."
        ),
    ]


def rows_by_kind(numbers: dict[type[Model], int]) -> list[str]:
    """How many rows of each kind, most rows first; of equal numbers by name."""

    by_name = sorted(numbers, key=attrgetter("_meta.label"))
    by_number = sorted(by_name, key=lambda model: numbers[model], reverse=True)
    lines = []
    for model in by_number:
        line = rows_of_kind(model, numbers[model])
        lines.append(line)
    return lines


def rows_of_kind(model: type[Model], number: int) -> str:
    kind = capfirst(str(model._meta.verbose_name_plural))
    return _("%(kind)s: %(number)d") % {"kind": kind, "number": number}
