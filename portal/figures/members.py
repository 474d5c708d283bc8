"""Members over time, and by country."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.names import country_name, number
from languages.sorting import sort_key
from languages.text import current_language
from members.age import year_of
from members.models import Membership
from portal.figures.figure import Column, Figure, Row, Shape

Standing = Membership.Standing
# In the order of the columns.
ORDER = (Standing.ACTIVE, Standing.EVIDENCED, Standing.SUSPENDED)
# Of the listed cities in a row of numbers, after the sum.
LISTED = 1 + ORDER.index(Standing.EVIDENCED)


@dataclass(frozen=True)
class YearsOfCities:
    """The first known year of each city; "" where none is known.

    `joined`: of those whose joining a record tells; `listed`: of those that a public source only
    lists, where a date may be that of the list.
    """

    joined: dict[int, str]
    listed: dict[int, str]
    left: Counter[str]

    @property
    def total(self) -> int:
        return len(self.joined) + len(self.listed)


def members_over_time() -> Figure:
    """How many cities had joined by the end of each year, as far as their year is known."""
    years = _years_of_cities()
    return Figure(
        name="members",
        title=_("Members over time"),
        sentence=_sentence_of_years(years),
        reading=_(
            "Each column adds up the cities that had joined by the end of that year, as a vote or "
            "another record of joining says. The day on which a public source first lists a city "
            "is not its year of joining: these cities are counted apart and not drawn. Departures "
            "are known only where a record says so, and cities that left are not taken out."
        ),
        whole=_("cities that joined, or that a public source lists or once listed as members"),
        total=years.total,
        head=Column("year", _("Year")),
        columns=(
            Column("joined", pgettext("cities in a year", "Joined")),
            Column(
                "listed", pgettext("cities in a year", "Only listed, by the date of the source")
            ),
            Column("left", pgettext("cities in a year", "Left, where a record says so")),
            Column("joined_so_far", pgettext("cities in a year", "Joined so far")),
        ),
        rows=_rows_of_years(years),
        shape=Shape.COLUMNS,
        drawn=("joined_so_far",),
        kind="memberships",
        unit="cities",
    )


def _years_of_cities() -> YearsOfCities:
    memberships = Membership.objects.public().real().exclude(standing=Standing.ANNULLED)
    rows = list(memberships.values_list("city", "standing", "joined", "ended"))
    joined = _first_years(row for row in rows if row[1] != Standing.EVIDENCED)
    only_listed = [row for row in rows if row[0] not in joined]
    return YearsOfCities(
        joined=joined,
        listed=_first_years(only_listed),
        left=Counter(year_of(ended) for _city, _standing, _on, ended in rows if ended),
    )


def _first_years(rows: Iterable[tuple[int, str, str, str]]) -> dict[int, str]:
    years: dict[int, str] = {}
    for city, _standing, on, _ended in rows:
        known = years.get(city, "")
        years[city] = min(filter(None, (known, year_of(on))), default="")
    return years


def _sentence_of_years(years: YearsOfCities) -> str:
    known = sorted(filter(None, years.joined.values()))
    if not known:
        return _("No year of joining is known yet.")
    sentence = _(
        "Cities with a known year of joining: {known} of {total}. The first: {first}, "
        "the newest: {last}. Only listed by a public source, with a date: {listed}."
    )
    language = current_language()
    listed = list(filter(None, years.listed.values()))
    return sentence.format(
        known=number(len(known), language),
        total=number(years.total, language),
        first=known[0],
        last=known[-1],
        listed=number(len(listed), language),
    )


def _rows_of_years(years: YearsOfCities) -> tuple[Row, ...]:
    """A row for each year from the first to the last, and one for what has no year."""
    joined = Counter(years.joined.values())
    listed = Counter(years.listed.values())
    known = [int(year) for year in {*joined, *listed, *years.left} if year]
    rows = []
    so_far = 0
    for year in range(min(known, default=0), max(known, default=-1) + 1):
        key = str(year)
        so_far += joined[key]
        numbers = (joined[key], listed[key], years.left[key], so_far)
        rows.append(Row(key, key, numbers, is_drawn=so_far > 0))
    label = pgettext("year of joining", "no year in a source")
    if joined[""] or listed[""]:
        numbers = (joined[""], listed[""], 0, len(years.joined))
        rows.append(Row("", label, numbers, is_drawn=False))
    return tuple(rows)


def members_by_country() -> Figure:
    """How many cities of each country are members, and by which standing."""
    memberships = Membership.objects.public().real().open()
    groups = memberships.values_list("city__country__code", "standing")
    counts: dict[str, Counter[str]] = {}
    for code, standing, cities in groups.annotate(cities=Count("pk")).order_by():
        counts.setdefault(code, Counter())[standing] += cities
    rows = _rows_of_countries(counts)
    sentence = _(
        "Countries: {countries}. Cities: {cities}; of these only listed as members by a public "
        "source: {listed}. Whether these still are members is not recorded."
    )
    total = sum(row.numbers[0] for row in rows)
    listed = sum(row.numbers[LISTED] for row in rows)
    language = current_language()
    return Figure(
        name="countries",
        title=_("Members by country"),
        sentence=sentence.format(
            countries=number(len(rows), language),
            cities=number(total, language),
            listed=number(listed, language),
        ),
        reading=_(
            "The bar is the number of cities, with those that a public source lists as members: "
            "whether such a city still is one is not recorded. It says nothing about what they "
            "do, and nothing about how large a country is."
        ),
        whole=_("cities that are members by a vote or that a public source lists as members"),
        total=total,
        head=Column("country", _("Country")),
        columns=(
            Column("members", _("Members or listed as members")),
            Column("active", pgettext("standing", "member by a vote")),
            Column("evidenced", pgettext("membership", "listed by a public source")),
            Column("suspended", pgettext("membership", "suspended")),
        ),
        rows=rows,
        shape=Shape.BARS,
        drawn=("members",),
        kind="memberships",
        unit="cities",
    )


def _rows_of_countries(counts: dict[str, Counter[str]]) -> tuple[Row, ...]:
    """The largest number first; equal numbers in the order of the names."""
    language = current_language()
    rows = []
    for code, standings in counts.items():
        parts = [standings[standing] for standing in ORDER]
        slug = code.lower()
        row = Row(
            key=code,
            label=country_name(code, language),
            numbers=(sum(parts), *parts),
            url=reverse("country_detail", args=[slug]),
        )
        rows.append(row)
    rows.sort(key=lambda row: sort_key(row.label, language))
    rows.sort(key=lambda row: row.numbers[0], reverse=True)
    return tuple(rows)
