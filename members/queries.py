"""What is asked of several tables at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from languages.dates import parse
from languages.folding import words
from languages.names import country_name
from languages.sorting import sort_key
from languages.text import current_language
from members.map import Dot, land_path, place_dots, project, region_links, view_for
from members.models import (
    Accession,
    Citation,
    City,
    Country,
    Decision,
    FeeBand,
    LegalAct,
    Membership,
    Organisation,
    Record,
    SupportContact,
)
from members.models.record import content_type_of


def citations_of(records: Iterable[Record]) -> list[Citation]:
    """Citations of all these rows with their sources, in one query; each knows its
    `content_type_id`, `object_id`."""
    keys: dict[ContentType, list[int]] = defaultdict(list)
    for record in records:
        keys[content_type_of(record)].append(record.pk)
    wanted = Q()
    for content_type, ids in keys.items():
        wanted |= Q(content_type=content_type, object_id__in=ids)
    if not keys:
        return []
    return list(Citation.objects.filter(wanted).select_related("source").order_by("pk"))


def help_for(city: City) -> tuple[list[SupportContact], list[SupportContact]]:
    """Whom to turn to: the city's own contacts, and those of its country."""
    contacts = (
        SupportContact.objects.public()
        .filter(Q(city=city) | Q(country=city.country_id))
        .select_related("organisation")
        .order_by("organisation__kind", "pk")
    )
    return [c for c in contacts if c.city_id], equality_bodies_first(
        [c for c in contacts if not c.city_id]
    )


def regional_help_for(city: City) -> list[SupportContact]:
    """Contacts of the county or region that the place lies in, as far as that is a place of this
    portal itself."""
    if not city.region or city.kind in City.REGIONAL:
        return []
    regions = City.objects.public().filter(
        country=city.country_id, region=city.region, kind__in=City.REGIONAL
    )
    contacts = SupportContact.objects.public().filter(city__in=regions)
    # What the city names itself need not stand twice.
    further = contacts.exclude(organisation__support_contacts__city=city)
    return list(further.select_related("organisation", "city").order_by("pk"))


def contacts_to_check(contacts: QuerySet[SupportContact], today: date) -> QuerySet[SupportContact]:
    """Those of these contacts that are public and that nobody has checked for a year, or ever."""
    year_ago = today - timedelta(days=SupportContact.DAYS_BETWEEN_CHECKS)
    due = Q(last_checked_on=None) | Q(last_checked_on__lt=year_ago)
    return contacts.filter(due, published_at__isnull=False)


def help_in(country: Country) -> list[SupportContact]:
    """The contacts of a whole country, its equality body first."""
    contacts = (
        SupportContact.objects.public()
        .filter(country=country)
        .select_related("organisation")
        .order_by("pk")
    )
    return equality_bodies_first(list(contacts))


def equality_bodies_first(contacts: list[SupportContact]) -> list[SupportContact]:
    """An ombudsperson stands next: in many countries that office is the equality body."""
    kinds = [Organisation.Kind.EQUALITY_BODY, Organisation.Kind.OMBUDSPERSON]
    return sorted(
        contacts,
        key=lambda contact: [*kinds, contact.organisation.kind].index(contact.organisation.kind),
    )


def member_counts() -> dict[str, int]:
    """Counted from rows: places evidenced as members, their countries, and how many a recorded vote
    admitted."""
    rows = Membership.objects.public().real().open()
    admissions = Decision.objects.public().filter(
        outcome=Decision.Outcome.ADMITTED, annulled_at=None
    )
    voted = Q(standing=Membership.Standing.ACTIVE) | Q(pk__in=admissions.values("membership"))
    return rows.aggregate(
        evidenced=Count("pk", distinct=True),
        countries=Count("city__country", distinct=True),
        voted=Count("pk", distinct=True, filter=voted),
    )


def map_of(cities: QuerySet[City], region: str | None = None, query: str = "") -> dict[str, object]:
    """What `components/map.html` draws: the cities of this list that have coordinates. One
    query."""
    view = view_for(region)
    names = ("slug", "latitude", "longitude", "population", "country__code", "index_rows__title")
    located = cities.filter(latitude__isnull=False, index_rows__language=current_language())
    dots = [
        _dot(*values)
        for values in located.order_by("index_rows__sort_key", "slug").values_list(*names)
    ]
    return {
        "map_view": view,
        "map_dots": place_dots([dot for dot in dots if dot], view),
        "map_regions": region_links(view, query),
        "land_path": land_path(),
    }


def _dot(
    slug: str, latitude: Decimal, longitude: Decimal, population: int, country: str, name: str
) -> Dot | None:
    place = project(latitude, longitude)
    if place is None:
        return None
    url = reverse("city_detail", args=[slug])
    return Dot(*place, name, url, country_name(country, current_language()), population or 0)


def countries_by_name(countries: Iterable[Country]) -> list[Country]:
    """In the dictionary order of the reader's language."""
    language = current_language()
    return sorted(
        countries, key=lambda country: sort_key(country_name(country.code, language), language)
    )


@dataclass(frozen=True)
class AccessionTime:
    """How long a city waited: from its own decision to join until the committee's vote, in days."""

    city: City
    basis: LegalAct
    decision: Decision
    days: int


def accession_times() -> list[AccessionTime]:
    """Real cities of which both days are known exactly, the quickest first. A month or a year
    counts no days; a vote before the city's own decision is no waiting."""
    votes = (
        Decision.objects.public()
        .real()
        .filter(outcome=Decision.Outcome.ADMITTED, annulled_at=None, city__fictional=False)
        .select_related("meeting", "city", "membership", "accession")
    )
    bases = LegalAct.objects.public().in_bulk(filter(None, map(_basis_id, votes)))
    times = [
        _accession_time(vote, bases[_basis_id(vote)]) for vote in votes if _basis_id(vote) in bases
    ]
    return sorted((time for time in times if time), key=lambda time: (time.days, time.city.slug))


def _basis_id(decision: Decision) -> int | None:
    """The city's own decision: that of its file, else the one on which the membership is known to
    rest."""
    filed = decision.accession.legal_basis_id if decision.accession_id else None
    return filed or (decision.membership.legal_basis_id if decision.membership_id else None)


def _accession_time(decision: Decision, basis: LegalAct) -> AccessionTime | None:
    if len(basis.passed) < len("YYYY-MM-DD") or len(decision.date) < len("YYYY-MM-DD"):
        return None
    days = (parse(decision.date).first_day() - parse(basis.passed).first_day()).days
    return AccessionTime(decision.city, basis, decision, days) if days >= 0 else None


def median_days(times: list[AccessionTime]) -> int:
    """The one in the middle, or half-way between the two there, in whole days."""
    return round(median(time.days for time in times))


@dataclass(frozen=True)
class Fee:
    """A band that holds today, with what is not known about its borders."""

    band: FeeBand
    starts_unknown: bool
    ends_unknown: bool


def fees_today() -> list[Fee]:
    """Bands in force, the smallest cities first. An open end below a band whose own beginning is
    not known is not "for all larger cities" but a border that nobody found."""
    bands = sorted(
        FeeBand.objects.public().real().in_force(),
        key=lambda band: (band.population_from is None, band.population_from or 0, band.amount),
    )
    open_start = any(band.population_from is None for band in bands)
    return [_fee(band, open_start) for band in bands]


def _fee(band: FeeBand, open_start: bool) -> Fee:
    unknown = band.population_from is None
    return Fee(band, unknown, band.population_to is None and open_start and not unknown)


def free_slug(model: type[Model], name: str) -> str:
    """A web address made from a name that no row of the model has yet: `Otwarty Kraków` →
    `otwarty-krakow`."""
    longest = model._meta.get_field("slug").max_length - 4
    plain = [word for word in words(name) if word.isascii()]
    return numbered(
        "-".join(plain)[:longest].strip("-") or model._meta.model_name, model._base_manager.all()
    )


def numbered(slug: str, rows: QuerySet) -> str:
    """A web address, with a number behind it where one of these rows has it already:
    `otwarty-krakow-2`."""
    taken = set(rows.filter(slug__startswith=slug).values_list("slug", flat=True))
    candidates = (
        slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2)
    )
    return next(candidate for candidate in candidates if candidate not in taken)


def accession_queue() -> QuerySet[Accession]:
    """Open files of all cities, the longest waiting first."""
    return Accession.objects.open().select_related("city").order_by("state_since", "pk")


def files_for_committee() -> QuerySet[Accession]:
    """Submitted files that are not decided yet, by their meeting: what somebody in the Steering
    Committee reads."""
    rows = Accession.objects.submitted().open().select_related("city", "meeting")
    return rows.order_by("meeting__starts", "city__slug")


# From an entry to what it is shown with.
SHOWN_WITH = ("programme", "action", "commitment", "city", "organisation", "point")


def public_address(record: Model) -> str | None:
    """Where the public reads this entry: its own page, else that of what it belongs to; None while
    it is not public."""
    if isinstance(record, Record) and record.published_at is None:
        return None
    for step in (record, *(getattr(record, name, None) for name in SHOWN_WITH)):
        if step is not None and hasattr(step, "get_absolute_url"):
            return _address(step)
    return None


def _address(record: Model) -> str | None:
    """The record's public page; none where what was typed, and refused, makes no address."""
    try:
        return record.get_absolute_url()
    except NoReverseMatch:
        return None
