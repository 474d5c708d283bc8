"""Which file fills which table, in the order in which they need each other."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from members.models import (
    Action,
    ActionUpdate,
    BodyTask,
    Citation,
    City,
    CityName,
    Commitment,
    Country,
    Decision,
    Evidence,
    FeeBand,
    FormerSlug,
    Ground,
    Indicator,
    IndicatorValue,
    LegalAct,
    Meeting,
    Membership,
    Milestone,
    NetworkText,
    Organisation,
    Plan,
    Point,
    Record,
    Review,
    Source,
    SuggestedAction,
    SupportContact,
    TargetGroup,
    Undertaking,
    Unit,
    User,
)
from members.models.record import content_type_of
from portal.loading.engine import Counts, FileLoad, Table
from portal.loading.files import RawRow
from portal.models import Event, Example, News
from programs.models import (
    Coverage,
    Edition,
    EditionEvent,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
    Spending,
)

DATA_DIR = settings.BASE_DIR / "data"


def city(key: str) -> City:
    return City.objects.get(slug=key)


def country(key: str) -> Country:
    return Country.objects.get(code=key)


def organisation(key: str) -> Organisation:
    return Organisation.objects.get(slug=key)


def ground(key: str) -> Ground:
    return Ground.objects.get(slug=key)


def unit(key: str) -> Unit:
    """`city-slug/English name`."""
    slug, _slash, name = key.partition("/")
    return Unit.objects.get(city__slug=slug, name_en=name)


def target_group(key: str) -> TargetGroup:
    return TargetGroup.objects.get(slug=key)


def programme(key: str) -> Programme:
    return Programme.objects.get(slug=key)


def point(key: str) -> Point:
    number = int(key)
    points = Point.objects.filter(plan__in_force=True)
    return points.get(number=number)


def plan(key: str) -> Plan:
    return Plan.objects.get(name_en=key)


def undertakings(key: str) -> list[Undertaking]:
    """`city-slug/title of a plan`: all that the city undertook in that plan."""
    slug, _slash, title = key.partition("/")
    rows = list(Undertaking.objects.filter(commitment__city__slug=slug, plan_title=title))
    if not rows:
        raise Undertaking.DoesNotExist
    return rows


def suggested_action(key: str) -> SuggestedAction:
    """`number-of-the-point/order`."""
    number, _slash, order = key.partition("/")
    own_point = _of_point(int(number), "point")
    return SuggestedAction.objects.get(**own_point, order=int(order))


def commitment(key: str) -> Commitment:
    """`city-slug/number-of-the-point`."""
    slug, _slash, number = key.partition("/")
    own_point = _of_point(int(number), "point")
    return Commitment.objects.get(city__slug=slug, **own_point)


def _of_point(number: int, path: str) -> dict[str, object]:
    """What holds for the rows of a point of the plan in force; `path` is the lookup to it."""
    return {f"{path}__number": number, f"{path}__plan__in_force": True}


def _of_commitment(slug: str, number: str) -> dict[str, object]:
    """What holds for the rows of a commitment."""
    own_point = _of_point(int(number), "commitment__point")
    return {"commitment__city__slug": slug, **own_point}


def three_parts(key: str) -> list[str]:
    """`a/b/c/d` → `a`, `b`, `c/d`; missing parts are empty."""
    parts = key.split("/", 2)
    return parts + [""] * (3 - len(parts))


def action(key: str) -> Action:
    """`city-slug/number-of-the-point/English title`."""
    slug, number, title = three_parts(key)
    return Action.objects.get(**_of_commitment(slug, number), title_en=title)


def indicator(key: str) -> Indicator:
    """`city-slug/number-of-the-point/English name`."""
    slug, number, name = three_parts(key)
    return Indicator.objects.get(**_of_commitment(slug, number), name_en=name)


def person(key: str) -> User:
    """By e-mail address: an account of the demonstration."""
    return User.objects.get(email=key)


def edition(key: str) -> Edition:
    """`programme-slug/label`."""
    slug, _slash, label = key.partition("/")
    return Edition.objects.get(programme__slug=slug, label=label)


def legal_act(key: str) -> LegalAct:
    """`city-slug/number`, or `city-slug/date` for an act without a number."""
    slug, _slash, number_or_date = key.partition("/")
    acts = LegalAct.objects.filter(city__slug=slug)
    with_number = acts.filter(number=number_or_date).first()
    if with_number:
        return with_number
    return acts.get(number="", passed=number_or_date)


def meeting(key: str) -> Meeting:
    """`kind/first-day/place`."""
    kind, starts, place = three_parts(key)
    return Meeting.objects.get(kind=kind, starts=starts, place=place)


def membership(key: str) -> Membership:
    """The open membership of a city, by the city's slug."""
    return Membership.objects.open().get(city__slug=key)


def decision(key: str) -> Decision:
    """`city-slug@kind/first-day/place`."""
    slug, _at, meeting_key = key.partition("@")
    own_meeting = meeting(meeting_key)
    return Decision.objects.get(city__slug=slug, meeting=own_meeting, annulled_at=None)


def fee_band(key: str) -> FeeBand:
    """The lower border of a band without an end; empty where that border is not known."""
    population = int(key) if key else None
    bands = FeeBand.objects.filter(valid_to="")
    return bands.get(population_from=population)


def news(key: str) -> News:
    return News.objects.get(slug=key)


def event(key: str) -> Event:
    return Event.objects.get(slug=key)


def source(key: str) -> Source:
    """An address, or `title:` and the exact title of a source without one."""
    is_title = key.startswith("title:")
    if not is_title:
        return Source.objects.get(url=key)
    title = key.removeprefix("title:")
    return Source.objects.get(title=title, url="")


# By the model's label: what `citations.csv` may speak about.
RECORDS = {
    "members.city": city,
    "members.membership": membership,
    "members.legalact": legal_act,
    "members.meeting": meeting,
    "members.decision": decision,
    "members.feeband": fee_band,
    "members.organisation": organisation,
    "members.ground": ground,
    "members.point": point,
    "members.commitment": commitment,
    "members.action": action,
    "programs.programme": programme,
    "programs.edition": edition,
    "portal.news": news,
    "portal.event": event,
}


def record(label: str, key: str) -> models.Model:
    if label not in RECORDS:
        labels = ", ".join(RECORDS)
        raise ValueError(f"{label!r} is none of {labels}")
    lookup = RECORDS[label]
    return lookup(key)


CITY = {"city": city}
PROGRAMME = {"programme": programme}
EDITION = {"edition": edition}
ACTION = {"action": action}
# Who said so: only the demonstration has accounts that can be named.
SPOKEN = {"confirmed_by": person, "reviewed_by": person, "replied_by": person}

REFERENCE: list[tuple[str, Table]] = [
    ("sources.csv", Table(Source, ("url", "title"), shared=True)),
    ("countries.csv", Table(Country, ("code",))),
    ("texts.csv", Table(NetworkText, ("key",), needs_source=False)),
    ("plans.csv", Table(Plan, ("name_en",))),
    ("points.csv", Table(Point, ("plan", "number"), {"plan": plan})),
    ("suggested_actions.csv", Table(SuggestedAction, ("point", "order"), {"point": point})),
    ("grounds.csv", Table(Ground, ("slug",))),
    ("target_groups.csv", Table(TargetGroup, ("slug",), needs_source=False)),
]

NETWORK: list[tuple[str, Table]] = [
    ("sources.csv", Table(Source, ("url", "title"), shared=True)),
    ("cities.csv", Table(City, ("slug",), {"country": country, "successor": city})),
    ("city_names.csv", Table(CityName, ("city", "name", "language"), CITY)),
    ("former_slugs.csv", Table(FormerSlug, ("slug",), CITY)),
    ("memberships.csv", Table(Membership, ("city",), CITY, once=("standing", "ended"))),
    ("milestones.csv", Table(Milestone, ("city", "kind", "on"), CITY)),
    ("units.csv", Table(Unit, ("city", "name_en"), CITY)),
    ("legal_acts.csv", Table(LegalAct, ("city", "number", "passed", "kind"), CITY)),
    # Single facts about the cities of an earlier file, each with a source of its own.
    ("city_facts.csv", Table(City, ("slug",), needs_source=False)),
    # On which acts the memberships of an earlier file rest; both have their sources there.
    (
        "legal_bases.csv",
        Table(Membership, ("city",), {**CITY, "legal_basis": legal_act}, needs_source=False),
    ),
    ("fee_bands.csv", Table(FeeBand, ("valid_from", "population_from"))),
    ("meetings.csv", Table(Meeting, ("kind", "starts", "place"), {"held_in": city, "host": city})),
    (
        "decisions.csv",
        Table(
            Decision,
            ("meeting", "membership"),
            {"meeting": meeting, "membership": membership, "city": city, "recused": city},
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
    # Whether a city chose a point needs a source, or the city's own word; that it is not known
    # needs none.
    (
        "commitments.csv",
        Table(Commitment, ("city", "point"), {**CITY, "point": point, "unit": unit, **SPOKEN}),
    ),
    # Points of which only the actions below, or undertakings, are known: they answer nothing.
    (
        "action_points.csv",
        Table(Commitment, ("city", "point"), {**CITY, "point": point}, needs_source=False),
    ),
    (
        "undertakings.csv",
        Table(
            Undertaking,
            ("commitment", "plan_title", "original_statement"),
            {"commitment": commitment},
        ),
    ),
    (
        "actions.csv",
        Table(
            Action,
            ("commitment", "title_en"),
            {
                "commitment": commitment,
                "suggested_action": suggested_action,
                "unit": unit,
                "further_points": point,
            },
        ),
    ),
    ("evidence.csv", Table(Evidence, ("action", "source"), {**ACTION, "source": source})),
    ("action_updates.csv", Table(ActionUpdate, ("action", "on"), ACTION)),
    (
        "indicators.csv",
        Table(Indicator, ("commitment", "name_en"), {"commitment": commitment, **ACTION}),
    ),
    (
        "indicator_values.csv",
        Table(IndicatorValue, ("indicator", "on"), {"indicator": indicator, "source": source}),
    ),
    ("reviews.csv", Table(Review, ("action", "reviewed_at"), {**ACTION, **SPOKEN})),
    (
        "programmes.csv",
        Table(
            Programme,
            ("slug",),
            {
                **CITY,
                "further_cities": city,
                "lead_organisation": organisation,
                "points": point,
                "grounds": ground,
                "target_groups": target_group,
                "coordinating_unit": unit,
            },
        ),
    ),
    # To which actions of its city a programme contributes: the source of the action says so.
    ("examples.csv", Table(Example, ("action",), ACTION, needs_source=False)),
    ("programme_actions.csv", Table(Programme, ("slug",), {"actions": action}, needs_source=False)),
    # What the cities undertook in the plans that these programmes are.
    (
        "programme_undertakings.csv",
        Table(Programme, ("slug",), {"undertakings": undertakings}, needs_source=False),
    ),
    (
        "editions.csv",
        Table(Edition, ("programme", "label"), {**PROGRAMME, "legal_acts": legal_act}),
    ),
    ("edition_events.csv", Table(EditionEvent, ("edition", "kind", "starts"), EDITION)),
    ("programme_items.csv", Table(ProgrammeItem, ("edition", "kind", "order"), EDITION)),
    (
        "participations.csv",
        Table(
            Participation,
            ("programme", "organisation", "role"),
            {**PROGRAMME, "organisation": organisation},
        ),
    ),
    (
        "programme_links.csv",
        Table(ProgrammeLink, ("programme", "other", "kind"), {**PROGRAMME, "other": programme}),
    ),
    (
        "grants.csv",
        Table(
            Grant,
            ("programme", "fund", "year_from"),
            {**PROGRAMME, "fund": organisation, "further_funds": organisation},
        ),
    ),
    ("spendings.csv", Table(Spending, ("edition", "year", "kind"), EDITION)),
    ("coverage.csv", Table(Coverage, ("programme", "source"), {**PROGRAMME, "source": source})),
    (
        "evaluations.csv",
        Table(
            Evaluation,
            ("edition", "source"),
            {**EDITION, "source": source, "reply_source": source, "evaluators": organisation},
        ),
    ),
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
NETWORK_FOLDERS = (
    "membership",
    "help",
    "local",
    "actions",
    "cities",
    "promises",
    "found",
    "plans",
)


class CitationLoad(FileLoad):
    """`citations.csv`: a further source for a row of another table, found by the model's label and
    its natural key."""

    COLUMNS = (
        "model",
        "key",
        "field",
        "source_url",
        "basis",
        "states",
        "remark",
        "remark_on",
        "working_note",
    )

    def _check_header(self, header: list[str]) -> None:
        if tuple(header) == self.COLUMNS:
            return
        columns = ",".join(self.COLUMNS)
        self.file.bad(1, "", f"the columns must be {columns}")

    def _values(self, row: RawRow) -> dict[str, Any]:
        cells = row.cells
        label = cells["model"]
        key = cells["key"]
        url = cells["source_url"]
        try:
            cited_row = record(label, key)
            cited_source = source(url)
        except (ObjectDoesNotExist, ValueError) as error:
            self.file.bad(row.line, "key", f"{label} {key}, {url}: {error}")
            return {}
        return {
            "source": cited_source,
            "content_type": content_type_of(cited_row),
            "object_id": cited_row.pk,
            "field": cells["field"],
            "basis": cells["basis"],
            "states": cells["states"],
            "remark": cells["remark"],
            "remark_on": cells["remark_on"],
        }


def load_file(path: Path, table: Table, *, fictional: bool = False) -> Counts:
    """Load one file. `fictional` marks every row that can be marked: only the demonstration's
    are."""
    if table.model is Citation:
        return CitationLoad(path, table).run()
    fixed: dict[str, object] = {}
    can_be_marked = issubclass(table.model, Record)
    if fictional and can_be_marked:
        fixed["fictional"] = True
    own_table = replace(table, fixed=fixed)
    return FileLoad(path, own_table).run()
