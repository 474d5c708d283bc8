"""Members over time, and by country."""

from collections import Counter
from collections.abc import Iterable

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


def members_over_time() -> Figure:
    """How many cities had joined by the end of each year, as far as their year is known."""
    memberships = Membership.objects.public().real().exclude(standing=Standing.ANNULLED)
    pairs = list(memberships.values_list("city", "joined", "ended"))
    first_years = _first_years((city, year_of(joined)) for city, joined, _ended in pairs)
    joined = Counter(year for year in first_years.values() if year)
    left = Counter(year_of(ended) for _city, _joined, ended in pairs if ended)
    total = len(first_years)
    return Figure(
        name="members",
        title=_("Members over time"),
        sentence=_sentence_of_years(joined, total),
        reading=_(
            "Each column adds up the cities that had joined by the end of that year. Cities "
            "without a known year are not drawn; cities that left are not taken out."
        ),
        whole=_("cities that are members or once were, as far as public sources say"),
        total=total,
        head=Column("year", _("Year")),
        columns=(
            Column("joined", pgettext("cities in a year", "Joined")),
            Column("left", pgettext("cities in a year", "Left")),
            Column("joined_so_far", pgettext("cities in a year", "Joined so far")),
        ),
        rows=_rows_of_years(joined, left, total),
        shape=Shape.COLUMNS,
        drawn=("joined_so_far",),
        kind="memberships",
    )


def _first_years(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The first known year of each city; "" where none is known."""
    years: dict[int, str] = {}
    for city, year in pairs:
        known = years.get(city, "")
        years[city] = min(filter(None, (known, year)), default="")
    return years


def _sentence_of_years(joined: Counter[str], total: int) -> str:
    if not joined:
        return _("No year of joining is known yet.")
    sentence = _(
        "Cities with a known year of joining: {known} of {total}. The first: {first}, "
        "the newest: {last}."
    )
    language = current_language()
    return sentence.format(
        known=number(joined.total(), language),
        total=number(total, language),
        first=min(joined),
        last=max(joined),
    )


def _rows_of_years(joined: Counter[str], left: Counter[str], total: int) -> tuple[Row, ...]:
    """A row for each year from the first to the last, and one for what has no year."""
    rows = []
    so_far = 0
    years = [int(year) for year in {*joined, *left}]
    for year in range(min(years, default=0), max(years, default=-1) + 1):
        key = str(year)
        so_far += joined[key]
        numbers = (joined[key], left[key], so_far)
        rows.append(Row(key, key, numbers))
    unknown = total - so_far
    label = pgettext("year of joining", "no year in a source")
    if unknown:
        row = Row("", label, (unknown, 0, total), is_drawn=False)
        rows.append(row)
    return tuple(rows)


def members_by_country() -> Figure:
    """How many cities of each country are members, and by which standing."""
    memberships = Membership.objects.public().real().open()
    groups = memberships.values_list("city__country__code", "standing")
    counts: dict[str, Counter[str]] = {}
    for code, standing, cities in groups.annotate(cities=Count("pk")).order_by():
        counts.setdefault(code, Counter())[standing] += cities
    rows = _rows_of_countries(counts)
    sentence = _("Countries: {countries}. Cities: {cities}.")
    total = sum(row.numbers[0] for row in rows)
    language = current_language()
    return Figure(
        name="countries",
        title=_("Members by country"),
        sentence=sentence.format(
            countries=number(len(rows), language), cities=number(total, language)
        ),
        reading=_(
            "The bar is the number of cities. It says nothing about what they do, and nothing "
            "about how large a country is."
        ),
        whole=_("cities that are members, as far as public sources say"),
        total=total,
        head=Column("country", _("Country")),
        columns=(
            Column("members", _("Members")),
            Column("active", pgettext("standing", "member by a vote")),
            Column("evidenced", pgettext("membership", "listed by a public source")),
            Column("suspended", pgettext("membership", "suspended")),
        ),
        rows=rows,
        shape=Shape.BARS,
        drawn=("members",),
        kind="memberships",
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
