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
from members.models.network import NetworkText
from members.models.organisations import BodyTask, Ground, Organisation, SupportContact, TargetGroup
from members.models.people import CityRole, Invitation, User
from members.models.plan import Plan, Point, SuggestedAction
from members.models.record import Owned, OwnedQuerySet, Record, RecordQuerySet
from members.models.sources import Citation, Document, LegalAct, Source

__all__ = [
    "BodyTask",
    "Citation",
    "City",
    "CityName",
    "CityRole",
    "Country",
    "Decision",
    "Document",
    "FormerSlug",
    "Ground",
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
    "Source",
    "SuggestedAction",
    "SupportContact",
    "TargetGroup",
    "Unit",
    "User",
]
