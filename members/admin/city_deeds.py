"""Renaming a city, and merging one that was entered twice: pages with one button each, for the
secretariat."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.admin.deeds import Deed, deed_page
from members.forms.cities import MergeForm, RenameForm
from members.models import City
from members.services import cities
from members.services.cities import Merger


class CityDeeds:
    """Adds the two pages to the admin of cities."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/rename/", view(self.rename), name="members_city_rename"),
            path("<int:pk>/merge/", view(self.merge), name="members_city_merge"),
        ]
        return [*own, *super().get_urls()]

    def _for_office(self, request: HttpRequest, pk: int) -> City:
        """404 for whom the city does not exist, 403 for whom it is not to rename."""
        city = self.get_object(request, str(pk))
        if not self.has_delete_permission(request, city):
            raise PermissionDenied
        return city

    def rename(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A real renaming: the old names stay as former names. A slip of the pen is corrected on
        the ordinary page."""
        city = self._for_office(request, pk)
        form = RenameForm(request.POST or None, city=city)

        def act(form: RenameForm) -> str:
            typed = form.cleaned_data
            cities.rename(
                city=city,
                local_name=typed["local_name"],
                names=form.names,
                slug=typed["slug"],
                by=request.user,
            )
            return _("Renamed. The old names and the old address still lead here.")

        deed = Deed(
            _("Rename the city"),
            _("Rename the city"),
            effects=[
                _(
                    "Each name that you change stays as a former name: people still find the "
                    "city by it."
                ),
                _("If you change the address, the old one leads to the new one."),
                _("To correct a slip of the pen, use the ordinary page of the city instead."),
            ],
        )
        return deed_page(self, request, about=city, deed=deed, form=form, act=act)

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """First which entry stays, then what exactly moves, then the button."""
        city = self._for_office(request, pk)
        choice = MergeForm(request.POST or request.GET or None, city=city)
        if not choice.is_valid():
            deed = Deed(
                _("Merge with another entry"),
                _("Show what would move"),
                effects=[_("You see first what would move. Nothing is changed yet.")],
                method="get",
            )
            return deed_page(self, request, about=city, deed=deed, form=choice, act=str)
        survivor = choice.cleaned_data["into"]
        choice.fields["into"].widget = choice.fields["into"].hidden_widget()

        def act(form: MergeForm) -> str:
            cities.merge(loser=city, survivor=survivor, by=request.user)
            return _("Merged. The old address leads here now.")

        stays = reverse("admin:members_city_change", args=[survivor.pk])
        deed = merge_deed(city, survivor, request.user)
        return deed_page(self, request, about=city, deed=deed, form=choice, act=act, next_url=stays)


def merge_deed(loser: City, survivor: City, by: models.Model) -> Deed:
    """What a merger would do, tried out and taken back; without a button where something stands
    against it."""
    title = _("Merge with another entry")
    facts = [
        (_("Entry that goes"), f"{loser} ({loser.slug})"),
        (_("Entry that stays"), f"{survivor} ({survivor.slug})"),
    ]
    try:
        merger = cities.try_merge(loser=loser, survivor=survivor, by=by)
    except ValidationError as error:
        return Deed(title, facts=facts, warnings=error.messages)
    if merger.obstacles:
        return Deed(title, facts=facts, warnings=merger.obstacles)
    unusual = unusual_about(loser, survivor)
    return Deed(
        title, _("Merge the two entries"), facts, unusual, effects_of(merger, loser, survivor)
    )


def unusual_about(loser: City, survivor: City) -> list[str]:
    """What makes it unlikely that the two are one city; it can be so all the same."""
    found = []
    if loser.country_id != survivor.country_id:
        found.append(_("They lie in different countries."))
    if loser.kind != survivor.kind:
        found.append(
            _("They are of different kinds: a city and its county, for example, are two members.")
        )
    return found


def effects_of(merger: Merger, loser: City, survivor: City) -> list[str]:
    """In words, most rows first."""
    moving = sorted(merger.moves.items(), key=lambda item: (-item[1], item[0]._meta.label))
    lines = [
        _("%(kind)s: %(number)d")
        % {"kind": capfirst(model._meta.verbose_name_plural), "number": number}
        for model, number in moving
    ]
    total = merger.moves.total()
    moved = ngettext(
        "%(number)d row moves to %(city)s:", "%(number)d rows move to %(city)s:", total
    )
    return [
        moved % {"number": total, "city": survivor},
        *lines,
        _("The names of %(city)s stay as other names, under which people find it.")
        % {"city": loser},
        _("The address “%(slug)s” leads to %(city)s.") % {"slug": loser.slug, "city": survivor},
        _(
            "The entry that goes is taken off the public pages. It is not deleted: its "
            "history stays there."
        ),
        _(
            "Texts, population and the like of the entry that goes are not copied. Compare "
            "them first."
        ),
    ]
