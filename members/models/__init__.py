"""Cities, people, sources, membership, the plan, organisations and help."""

from members.models.cities import (
    City,
    CityName,
    Country,
    Decision,
    FormerSlug,
    Meeting,
    Membership,
    Milestone,
    Unit,
)
from members.models.commitments import (
    Action,
    ActionUpdate,
    Commitment,
    Evidence,
    Indicator,
    IndicatorValue,
    Review,
)
from members.models.drafts import Draft
from members.models.network import NetworkText
from members.models.organisations import BodyTask, Ground, Organisation, SupportContact
from members.models.people import CityRole, Invitation, User
from members.models.plan import Plan, Point, SuggestedAction
from members.models.record import Owned, OwnedQuerySet, Record, RecordQuerySet
from members.models.sources import Citation, Document, LegalAct, Source

__all__ = [
    "Action",
    "ActionUpdate",
    "BodyTask",
    "Citation",
    "City",
    "CityName",
    "CityRole",
    "Commitment",
    "Country",
    "Decision",
    "Document",
    "Draft",
    "Evidence",
    "FormerSlug",
    "Ground",
    "Indicator",
    "IndicatorValue",
    "Invitation",
    "LegalAct",
    "Meeting",
    "Membership",
    "Milestone",
    "NetworkText",
    "Organisation",
    "Owned",
    "OwnedQuerySet",
    "Plan",
    "Point",
    "Record",
    "RecordQuerySet",
    "Review",
    "Source",
    "SuggestedAction",
    "SupportContact",
    "Unit",
    "User",
]
