"""Cities, and their memberships."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.text import current_language
from members.models import City, CityName, Membership
from members.models.cities import city_name
from members.standing import StandingKind, standings_of
from portal.open_data.fields import (
    Codes,
    Field,
    Provenance,
    Type,
    about_row,
    city_fields,
    code,
    coded,
    country_fields,
    key_field,
    label_of,
    many,
    page_field,
    slug_field,
    stored,
    text,
    translated_column,
)
from portal.open_data.filters import STANDING_CODES, CityTableFilter, MembershipFilter
from portal.open_data.kind import Kind, Rows, by_key, real_rows

NOT_LISTED = "not-listed"
STANDINGS: Codes = (
    (StandingKind.MEMBER, pgettext_lazy("standing", "member by a vote")),
    (StandingKind.SUSPENDED, pgettext_lazy("standing", "member, suspended")),
    (StandingKind.LISTED, pgettext_lazy("standing", "listed as a member by a public source")),
    (StandingKind.APPLIED, pgettext_lazy("standing", "applied to join")),
    (StandingKind.ON_AGENDA, pgettext_lazy("standing", "application on the agenda")),
    (StandingKind.DEFERRED, pgettext_lazy("standing", "application deferred")),
    (StandingKind.REJECTED, pgettext_lazy("standing", "application rejected")),
    (StandingKind.WITHDRAWN, pgettext_lazy("standing", "application withdrawn")),
    (StandingKind.ANNULLED, pgettext_lazy("standing", "admission recorded by mistake")),
    (StandingKind.LEFT, pgettext_lazy("standing", "former member, left")),
    (StandingKind.EXCLUDED, pgettext_lazy("standing", "former member, excluded")),
    # Of cities without a line: an empty cell would mean that it is not known.
    (NOT_LISTED, pgettext_lazy("standing", "not listed as a member")),
)

# The same codes as of a city: a city that left is "left" in both tables.
MEMBERSHIPS_STAND: Codes = tuple(
    (code, label) for code, label in STANDINGS if code in STANDING_CODES.values()
)


def city_rows() -> Rows:
    memberships = Membership.objects.public().order_by("pk")
    names = CityName.objects.order_by("pk")
    successors = City.objects.public()
    fetched = real_rows(City).select_related("country")
    return fetched.prefetch_related(
        Prefetch(
            "memberships",
            memberships,
            to_attr="public_memberships",
        ),
        Prefetch("other_names", names, to_attr="names"),
        Prefetch("successor", successors),
    )


def cities_in_order(rows: Rows) -> Rows:
    """As the directory lists them: by name, in the dictionary order of the reader's language."""
    in_order: Rows = rows.by_name(current_language())  # type: ignore[attr-defined]
    return in_order


def add_standings(cities: list[Any]) -> None:
    standings = standings_of(cities)
    for city in cities:
        city.standing = standings[city.pk]


def standing_kind(city: Any) -> str:
    return str(city.standing.kind) if city.standing else NOT_LISTED


def standing_line(city: Any) -> str:
    """As the page of the city says it."""
    return str(city.standing or _("Not listed as a member; shown here for its own work"))


def standing_on(city: Any) -> str:
    return city.standing.on if city.standing else ""


def standing_until(city: Any) -> str:
    return city.standing.until if city.standing else ""


def successor_key(city: Any) -> str:
    return city.successor.slug if city.successor else ""


CITIES = Kind(
    name="cities",
    title=_("Cities"),
    meaning=_("Cities, districts, counties and regions, and how they stand in the network."),
    fields=(
        slug_field(),
        *text("name", _("Name of the city"), city_name, example="Sampleton"),
        stored(City, "local_name", Type.TEXT, example="Sampleton"),
        stored(City, "local_language", Type.LANGUAGE),
        many("other_names", _("Other names"), lambda city: [row.name for row in city.names],
             type=Type.TEXT, example="Sample Town"),
        *coded(City, "kind"),
        *country_fields(lambda city: city.country.code),
        stored(City, "region", Type.TEXT, example="Samplia"),
        *code("standing", _("How the city stands in the network"), STANDINGS, standing_kind),
        Field("standing_line", _("How the city stands, in one line"), Type.TEXT, standing_line,
              provenance=Provenance.PORTAL, example="Member since September 2024"),
        Field("standing_on", _("Since when the city is a member, or the day of its standing"),
              Type.DATE, standing_on),
        Field("standing_until", _("Last day of a membership that ended"), Type.DATE,
              standing_until),
        stored(City, "population", Type.NUMBER, unit=_("inhabitants"),
               provenance=Provenance.GEONAMES, example="120000"),
        stored(City, "population_year", Type.NUMBER, unit=_("year"), example="2021"),
        stored(City, "latitude", Type.DECIMAL, unit=_("degrees (WGS 84)"),
               provenance=Provenance.GEONAMES, example="50.06143"),
        stored(City, "longitude", Type.DECIMAL, unit=_("degrees (WGS 84)"),
               provenance=Provenance.GEONAMES, example="19.93658"),
        stored(City, "website", Type.ADDRESS),
        stored(City, "wikidata_id", Type.KEY, provenance=Provenance.WIKIDATA, example="Q31487"),
        stored(City, "geonames_id", Type.NUMBER, provenance=Provenance.GEONAMES,
               example="3094802"),
        *translated_column(City, "introduction",
                     example="Sampleton advises its residents against discrimination."),
        *translated_column(City, "plain_summary", example="In Sampleton you can get help."),
        Field("successor", _("Key of the city that this one was merged into"), Type.KEY,
              successor_key),
        page_field(),
        *about_row(standing_on),
    ),
    rows=city_rows,
    filters=CityTableFilter,
    in_order=cities_in_order,
    folder="cities/",
    key="slug",
    prepare=add_standings,
    everything="status=all",
)  # fmt: skip


def membership_rows() -> Rows:
    return real_rows(Membership).select_related("city__country")


def joined_on(row: Any) -> str:
    """A day on which a source first lists a city is no joining: it stands as `as_of`."""
    is_listed = row.standing == Membership.Standing.EVIDENCED
    return "" if is_listed else row.joined


MEMBERSHIPS = Kind(
    name="memberships",
    title=_("Memberships"),
    meaning=_("Since when a city is or was a member, and how that is known."),
    fields=(
        key_field(),
        *city_fields(lambda row: row.city),
        *code(
            "standing",
            label_of(Membership, "standing"),
            MEMBERSHIPS_STAND,
            lambda row: str(STANDING_CODES[row.standing]),
        ),
        Field(
            "joined",
            _("Day, month or year of joining; empty where a source only lists the city"),
            Type.DATE,
            joined_on,
        ),
        stored(Membership, "ended", Type.DATE),
        *about_row(lambda row: row.ended or row.joined, has_texts=False),
    ),
    rows=membership_rows,
    filters=MembershipFilter,
    in_order=by_key,
    folder="data/memberships/",
)
