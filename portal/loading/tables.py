"""Which file fills which table, in the order in which they need each other."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from members.models import (
    BodyTask,
    Citation,
    City,
    CityName,
    Country,
    Decision,
    FormerSlug,
    Ground,
    LegalAct,
    Meeting,
    Membership,
    Milestone,
    NetworkText,
    Organisation,
    Plan,
    Point,
    Record,
    Source,
    SuggestedAction,
    SupportContact,
    Unit,
)
from members.models.record import content_type_of
from portal.loading.engine import Counts, FileLoad, RawRow, Table
from portal.models import Event, News
from programs.models import Edition, EditionEvent, Participation, Programme, ProgrammeItem, ProgrammeLink

DATA_DIR = settings.BASE_DIR / "data"


def city(key: str) -> City:
    return City.objects.get(slug=key)


def country(key: str) -> Country:
    return Country.objects.get(code=key)


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(slug=key)


def ground(key: str) -> Ground:
    return Ground.objects.get(slug=key)


def programme(key: str) -> Programme:
    return Programme.objects.get(slug=key)


def point(key: str) -> Point:
    return Point.objects.get(plan__in_force=True, number=int(key))


def plan(key: str) -> Plan:
    return Plan.objects.get(name_en=key)


def edition(key: str) -> Edition:
    """`programme-slug/label`."""
    slug, _slash, label = key.partition("/")
    return Edition.objects.get(programme__slug=slug, label=label)


def legal_act(key: str) -> LegalAct:
    """`city-slug/number`, or `city-slug/date` for an act without a number."""
    slug, _slash, number = key.partition("/")
    acts = LegalAct.objects.filter(city__slug=slug)
    return acts.filter(number=number).first() or acts.get(number="", passed=number)


def meeting(key: str) -> Meeting:
    """`kind/first-day/place`."""
    kind, starts, place = [*key.split("/", 2), "", ""][:3]
    return Meeting.objects.get(kind=kind, starts=starts, place=place)


def membership(key: str) -> Membership:
    """The open membership of a city, by the city's slug."""
    return Membership.objects.open().get(city__slug=key)


def decision(key: str) -> Decision:
    """`city-slug@kind/first-day/place`."""
    slug, _at, meeting_key = key.partition("@")
    return Decision.objects.get(membership__city__slug=slug, meeting=meeting(meeting_key), annulled_at=None)


def unit(key: str) -> Unit:
    """`city-slug/name in English`."""
    slug, _slash, name = key.partition("/")
    return Unit.objects.get(city__slug=slug, name_en=name)


def news(key: str) -> News:
    return News.objects.get(slug=key)


def event(key: str) -> Event:
    return Event.objects.get(slug=key)


def source(key: str) -> Source:
    """An address, or `title:` and the exact title of a source without one."""
    title = key.removeprefix("title:")
    return Source.objects.get(title=title, url="") if title != key else Source.objects.get(url=key)


# By the model's label: what `citations.csv` may speak about.
RECORDS = {
    "members.city": city,
    "members.membership": membership,
    "members.legalact": legal_act,
    "members.meeting": meeting,
    "members.decision": decision,
    "members.organisation": organisation,
    "members.ground": ground,
    "members.point": point,
    "programs.programme": programme,
    "programs.edition": edition,
    "portal.news": news,
    "portal.event": event,
}


def record(label: str, key: str) -> models.Model:
    if label not in RECORDS:
        raise ValueError(f"{label!r} is none of {', '.join(RECORDS)}")
    return RECORDS[label](key)


CITY = {"city": city}
PROGRAMME = {"programme": programme}
EDITION = {"edition": edition}

REFERENCE: list[tuple[str, Table]] = [
    ("sources.csv", Table(Source, ("url", "title"), shared=True)),
    ("countries.csv", Table(Country, ("code",))),
    ("texts.csv", Table(NetworkText, ("key",), needs_source=False)),
    ("plans.csv", Table(Plan, ("name_en",))),
    ("points.csv", Table(Point, ("plan", "number"), {"plan": plan})),
    ("suggested_actions.csv", Table(SuggestedAction, ("point", "order"), {"point": point})),
    ("grounds.csv", Table(Ground, ("slug",))),
]

NETWORK: list[tuple[str, Table]] = [
    ("sources.csv", Table(Source, ("url", "title"), shared=True)),
    ("cities.csv", Table(City, ("slug",), {"country": country, "successor": city})),
    ("city_names.csv", Table(CityName, ("city", "name", "language"), CITY)),
    ("former_slugs.csv", Table(FormerSlug, ("slug",), CITY)),
    ("memberships.csv", Table(Membership, ("city",), CITY)),
    ("milestones.csv", Table(Milestone, ("city", "kind", "on"), CITY)),
    ("units.csv", Table(Unit, ("city", "name_en"), CITY)),
    ("legal_acts.csv", Table(LegalAct, ("city", "number", "passed", "kind"), CITY)),
    ("meetings.csv", Table(Meeting, ("kind", "starts", "place"), {"host": city})),
    (
        "decisions.csv",
        Table(
            Decision,
            ("meeting", "membership"),
            {"meeting": meeting, "membership": membership, "recused": city},
        ),
    ),
    (
        "organisations.csv",
        Table(
            Organisation,
            ("slug",),
            {**CITY, "country": country, "appointed_by": legal_act, "grounds": ground},
        ),
    ),
    ("body_tasks.csv", Table(BodyTask, ("organisation", "order"), {"organisation": organisation})),
    (
        "support_contacts.csv",
        Table(
            SupportContact,
            ("city", "country", "organisation"),
            {**CITY, "country": country, "organisation": organisation},
        ),
    ),
    (
        "programmes.csv",
        Table(
            Programme,
            ("slug",),
            {**CITY, "further_cities": city, "lead_organisation": organisation, "points": point, "grounds": ground},
        ),
    ),
    ("editions.csv", Table(Edition, ("programme", "label"), {**PROGRAMME, "legal_acts": legal_act})),
    ("edition_events.csv", Table(EditionEvent, ("edition", "kind", "starts"), EDITION)),
    ("programme_items.csv", Table(ProgrammeItem, ("edition", "kind", "order"), EDITION)),
    (
        "participations.csv",
        Table(Participation, ("programme", "organisation", "role"), {**PROGRAMME, "organisation": organisation}),
    ),
    ("programme_links.csv", Table(ProgrammeLink, ("programme", "other", "kind"), {**PROGRAMME, "other": programme})),
    (
        "news.csv",
        Table(
            News,
            ("slug",),
            {
                **CITY,
                "cities": city,
                "points": point,
                "programmes": programme,
                "decision": decision,
                "legal_acts": legal_act,
                "contact": unit,
            },
        ),
    ),
    ("events.csv", Table(Event, ("slug",), {**CITY, "points": point})),
    ("citations.csv", Table(Citation, ("source", "content_type", "object_id", "field"))),
]
NETWORK_FOLDERS = ("membership", "help", "local")


class CitationLoad(FileLoad):
    """`citations.csv`: a further source for a row of another table, found by the model's label and its natural key."""

    COLUMNS = ("model", "key", "field", "source_url", "basis", "states", "note")

    def _check_header(self, header: list[str]) -> None:
        if tuple(header) != self.COLUMNS:
            self._bad(1, "", f"the columns must be {','.join(self.COLUMNS)}")

    def _values(self, row: RawRow) -> dict[str, object]:
        cells = row.cells
        try:
            about = record(cells["model"], cells["key"])
            cited = source(cells["source_url"])
        except (ObjectDoesNotExist, ValueError) as error:
            self._bad(row.line, "key", f"{cells['model']} {cells['key']}, {cells['source_url']}: {error}")
            return {}
        own = {name: cells[name] for name in ("field", "basis", "states", "note")}
        return {"source": cited, "content_type": content_type_of(about), "object_id": about.pk, **own}


def load_file(path: Path, table: Table, *, fictional: bool = False) -> Counts:
    """Load one file. `fictional` marks every row that can be marked: only the demonstration's are."""
    if table.model is Citation:
        return CitationLoad(path, table).run()
    fixed = {"fictional": True} if fictional and issubclass(table.model, Record) else {}
    return FileLoad(path, replace(table, fixed=fixed)).run()
