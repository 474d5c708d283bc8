"""The few words at the top of the administration: the pages with which a person works most."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.accession_queue import is_candidate
from members.models import City, CityRole, User
from members.permissions import may_in_city

# Opens the part of a desk that has all other tables.
MORE = "?more=1#everything"


@dataclass(frozen=True)
class Tab:
    """A word and the page to which it leads.

    `city`: where the word is the name of a city. `page`: the address of that page, where nothing
    else stands at it; `below`: how the addresses of the pages below it begin.
    """

    url: str
    title: str = ""
    city: City | None = None
    page: str = ""
    below: tuple[str, ...] = ()

    def current(self, path: str) -> str:
        """The value of `aria-current` on the page with this path; "" on any other."""
        if path == self.page:
            return "page"
        return "true" if path.startswith(self.below) else ""


def tabs_of(user: User) -> list[Tab]:
    """What the person reads there: of somebody who works for one city, the pages of that city."""
    if user.is_secretariat:
        return _of_the_office()
    own_cities = user.city_ids()
    if len(own_cities) == 1:
        return _of_a_city(user, own_cities[0])
    address = reverse("admin:index")
    desk = _page(
        address,
        pgettext("menu", "Desk"),
    )
    if not own_cities:
        return [desk]
    programmes = _programmes()
    return [desk, programmes]


def _of_the_office() -> list[Tab]:
    desk = reverse("admin:index")
    return [
        _page(desk, pgettext("menu", "Desk")),
        _section(reverse("admin:network"), _("Network")),
        _table("members_accession", pgettext("menu", "Accessions")),
        _table("members_letter", _("Letters")),
        _more(desk),
    ]


def _of_a_city(user: User, key: int) -> list[Tab]:
    """Of a candidate, its file comes first; the city's own page is where its points stand."""
    city = user.city(key)
    desk = reverse("admin:city_work", args=[city.slug])
    points = f"{desk}#points"
    below = (f"{desk}points/", f"{desk}actions/")
    if is_candidate(city):
        files = reverse("admin:members_accession_changelist")
        file = Tab(reverse("admin:index"), pgettext("menu", "Your file"), below=(files,))
        tabs = [file, Tab(points, _("Points"), page=desk, below=below)]
    else:
        own = Tab(desk, city=city, page=desk)
        tabs = [own, Tab(points, _("Points"), below=below), _programmes()]
    if may_in_city(user, "view", CityRole, city.pk):
        tabs.append(_page(reverse("admin:team", args=[city.slug]), pgettext("menu", "Team")))
    return [*tabs, _more(desk)]


def _programmes() -> Tab:
    return _table("programs_programme", _("Programmes"))


def _table(name: str, title: str) -> Tab:
    return _section(reverse(f"admin:{name}_changelist"), title)


def _page(url: str, title: str) -> Tab:
    return Tab(url, title, page=url)


def _section(url: str, title: str) -> Tab:
    """A page with others below its address."""
    return Tab(url, title, page=url, below=(url,))


def _more(desk: str) -> Tab:
    return Tab(f"{desk}{MORE}", pgettext("menu", "More"))
