"""Pages that are made anew from the data at every reading: lists, tables, figures, comparisons.

No earlier version of such a page is kept. It is cited as it was read, with the day and with the
filters that held.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from languages.names import join_list
from languages.text import current_language, translated
from members.filters import DirectoryFilter
from members.models import Country, Ground, Plan
from portal.city_choice import choice_of
from portal.figures.matrix import MatrixFilter, cities_to_compare
from portal.open_data.kind import BadQuery, Kind, reasons_of
from portal.open_data.kinds import KINDS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise


@dataclass(frozen=True)
class PageAddress:
    """An address of the portal, without the site: its path, what its route reads in it, its
    query."""

    path: str
    arguments: dict[str, Any]
    query: QueryDict


@dataclass(frozen=True)
class CitedPage:
    """A page as it is cited. `address`: with the part of the query that the page knows; `remark`:
    by what it is filtered, in words; `file`: its rows, to be kept."""

    title: str
    address: str
    remark: str = ""
    file: str = ""
    has_invented: bool = False


def cited_page(path: str, query: QueryDict) -> CitedPage:
    """Raises Http404 for a page that is not cited so, BadQuery for a query that the page does not
    understand."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    read = READERS.get(match.url_name or "")
    if read is None:
        raise Http404(_("This page is not cited in this way."))
    return read(PageAddress(path, match.kwargs, query))


# --- Lists, tables and figures --------------------------------------------------------------------


def _plain(title: StrPromise, address: PageAddress) -> CitedPage:
    """A page without filters."""
    return CitedPage(str(title), address.path)


def _list(name: str, title: StrPromise, address: PageAddress) -> CitedPage:
    """The list of a kind of the open data, by the filters of its address."""
    kind = KINDS[name]
    filters = _filters(kind, address.query)
    file = reverse(f"{name}_export", args=["csv"])
    return CitedPage(
        title=str(title),
        address=address.path + filters.query,
        remark=_in_words(filters),
        file=file + filters.query,
        # Of the lists, only the news can be asked for those of an invented city.
        has_invented=getattr(
            filters,
            "asks_for_invented",
            False,
        ),
    )


def _table(address: PageAddress) -> CitedPage:
    """The page of a table; without a filter it gives all rows."""
    name = address.arguments["name"]
    if name not in KINDS:
        raise Http404
    page = _list(name, KINDS[name].title, address)
    everything = KINDS[name].everything
    if page.remark or not everything:
        return page
    return replace(page, file=f"{page.file}?{everything}")


def _filters(kind: Kind, query: QueryDict) -> DirectoryFilter:
    rows = kind.rows()
    filters = kind.filters(
        query,
        queryset=rows,
    )
    return _valid(filters)


def _valid(filters: DirectoryFilter) -> DirectoryFilter:
    if not filters.is_valid():
        raise BadQuery(reasons_of(filters.form))
    return filters


def _figures(address: PageAddress) -> CitedPage:
    filters = _valid(MatrixFilter(address.query, queryset=cities_to_compare()))
    return CitedPage(
        title=_("The network in figures"),
        address=address.path + filters.query,
        remark=_in_words(filters),
    )


def _in_words(filters: DirectoryFilter) -> str:
    return "; ".join(filters.in_words)


# --- Pages that name rows -------------------------------------------------------------------------


def _comparison(address: PageAddress) -> CitedPage:
    """The cities that are compared; 404 for an address that names another, or too many."""
    choice = choice_of(address.query.getlist("city"))
    if choice.unknown or choice.beyond:
        raise Http404
    query = f"?{choice.query}" if choice.cities else ""
    names = [str(city) for city in choice.cities]
    return CitedPage(
        title=_("Compare cities"),
        address=address.path + query,
        remark=join_list(names, current_language()) if names else "",
        file=reverse("compare_export") + query if names else "",
        has_invented=choice.has_invented,
    )


def _country(address: PageAddress) -> CitedPage:
    code = address.arguments["code"].upper()
    country = get_object_or_404(Country.objects.public(), code=code)
    file = reverse("cities_export", args=["csv"]) + f"?status=all&country={code}"
    return CitedPage(str(country), address.path, file=file)


def _ground(address: PageAddress) -> CitedPage:
    ground = get_object_or_404(Ground.objects.public(), slug=address.arguments["slug"])
    return CitedPage(translated(ground, "name").value, address.path)


def _plan(address: PageAddress) -> CitedPage:
    plan = get_object_or_404(Plan.objects.public(), in_force=True)
    file = reverse("points_export", args=["csv"])
    return CitedPage(translated(plan, "name").value, address.path, file=file)


# By the name of the page's address.
READERS: dict[str, Callable[[PageAddress], CitedPage]] = {
    "city_list": partial(_list, "cities", gettext_lazy("Cities")),
    "programme_list": partial(_list, "programmes", gettext_lazy("Programmes")),
    "news_list": partial(_list, "news", gettext_lazy("News")),
    "event_list": partial(_plain, gettext_lazy("Events")),
    "meeting_list": partial(_plain, gettext_lazy("Meetings and decisions")),
    "data": partial(_plain, gettext_lazy("Open data")),
    "data_table": _table,
    "figures": _figures,
    "compare": _comparison,
    "country_detail": _country,
    "ground_detail": _ground,
    "plan_detail": _plan,
}
