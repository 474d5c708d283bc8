"""Kinds of entries of cities, and what the public reads of each: one list for the public changes,
for earlier versions, and for what the page of a city asks."""

from dataclasses import dataclass

from members.models import (
    Action,
    ActionUpdate,
    BodyTask,
    City,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    LegalAct,
    Membership,
    Milestone,
    Organisation,
    Record,
    Review,
    SupportContact,
    Undertaking,
    Unit,
)
from programs.models import (
    Coverage,
    Edition,
    EditionEvent,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    Spending,
)


@dataclass(frozen=True)
class PublicKind:
    """A model whose rows change in public.

    `facts`: columns that public pages show, beside the texts in each language, all of which are
    public. `is_on_city_page`: whether the page of a city shows the rows that lead to it by their
    `CITY_PATH`; it finds programmes by a way of its own.
    """

    model: type[Record]
    facts: tuple[str, ...] = ()
    is_on_city_page: bool = False


PUBLIC_KINDS = (
    PublicKind(City, ("local_name", "region", "population", "population_year", "website")),
    PublicKind(Unit, ("original_name", "url", "is_focal_point"), is_on_city_page=True),
    PublicKind(Membership, ("standing", "joined", "ended"), is_on_city_page=True),
    PublicKind(Milestone, ("kind", "on"), is_on_city_page=True),
    PublicKind(
        LegalAct,
        ("kind", "number", "session", "body", "title", "passed", "in_force", "url"),
        is_on_city_page=True,
    ),
    PublicKind(Commitment, ("chosen",), is_on_city_page=True),
    PublicKind(
        Undertaking,
        ("plan_title", "plan_edition", "decided_on", "decided_by"),
        is_on_city_page=True,
    ),
    PublicKind(Action, ("status", "starts", "due", "existed_before"), is_on_city_page=True),
    PublicKind(Evidence, is_on_city_page=True),
    PublicKind(ActionUpdate, ("on",), is_on_city_page=True),
    PublicKind(Indicator, is_on_city_page=True),
    PublicKind(IndicatorValue, ("on", "value")),
    PublicKind(Review, ("confirmed",), is_on_city_page=True),
    PublicKind(
        Organisation,
        ("original_name", "kind", "website", "term_from", "term_to"),
        is_on_city_page=True,
    ),
    PublicKind(BodyTask),
    PublicKind(SupportContact, ("url", "languages", "free", "anonymous", "last_checked_on")),
    PublicKind(Programme, ("original_name", "kind", "website")),
    PublicKind(Edition, ("label", "stage", "period_from", "period_to", "legal_basis")),
    PublicKind(EditionEvent, ("kind", "starts", "ends")),
    PublicKind(ProgrammeItem, ("kind", "done")),
    PublicKind(Participation, ("role",)),
    PublicKind(Grant, ("year_from", "year_to", "amount", "currency")),
    PublicKind(Spending, ("year", "kind", "amount", "currency")),
    PublicKind(Coverage, ("kind",)),
    PublicKind(Evaluation),
)
FACTS = {kind.model: kind.facts for kind in PUBLIC_KINDS}
ON_CITY_PAGE = tuple(kind.model for kind in PUBLIC_KINDS if kind.is_on_city_page)


def point_path(model: type[Record]) -> str | None:
    """The lookup from a row to its point of the plan; None for what stands under no point."""
    path = str(model.CITY_PATH)
    is_under_a_point = model is Commitment or "commitment__" in path
    if not is_under_a_point:
        return None
    before = path.removesuffix("city")
    return f"{before}point"
