"""Cities, people, sources, membership, the plan, organisations and help."""

from members.models.accessions import (
    Accession,
    AccessionChoice,
    AccessionNote,
    AccessionOwnAction,
    AccessionStep,
)
from members.models.accounts import AccountEvent, AddressChange, ProviderLink
from members.models.actions import Action, ActionUpdate, Evidence, Review
from members.models.cities import City, CityName, Country, FormerSlug, Unit
from members.models.commitments import Commitment
from members.models.desks import PutOff
from members.models.drafts import Draft
from members.models.help import Situation, SupportContact
from members.models.indicators import Indicator, IndicatorValue
from members.models.joining import ExpressionOfInterest, FeeBand
from members.models.kept import KeptFile, KeptForm
from members.models.letters import Letter, LetterText, ReminderStop
from members.models.limits import UseCount
from members.models.meetings import CommitteeSeat, Decision, Meeting
from members.models.memberships import Membership, MembershipStep, Milestone
from members.models.network import NetworkText
from members.models.organisations import BodyTask, Ground, Organisation, TargetGroup
from members.models.people import CityRole, Invitation, User
from members.models.plan import Plan, Point, SuggestedAction
from members.models.record import (
    Owned,
    OwnedQuerySet,
    Record,
    RecordManager,
    RecordQuerySet,
    StatusChangedOutsideService,
)
from members.models.sources import Citation, Document, LegalAct, Signatory, Source
from members.models.timers import TimedRun
from members.models.undertakings import Undertaking

__all__ = [
    "Accession",
    "AccessionChoice",
    "AccessionNote",
    "AccessionOwnAction",
    "AccessionStep",
    "AccountEvent",
    "Action",
    "ActionUpdate",
    "AddressChange",
    "BodyTask",
    "Citation",
    "City",
    "CityName",
    "CityRole",
    "Commitment",
    "CommitteeSeat",
    "Country",
    "Decision",
    "Document",
    "Draft",
    "Evidence",
    "ExpressionOfInterest",
    "FeeBand",
    "FormerSlug",
    "Ground",
    "Indicator",
    "IndicatorValue",
    "Invitation",
    "KeptFile",
    "KeptForm",
    "LegalAct",
    "Letter",
    "LetterText",
    "Meeting",
    "Membership",
    "MembershipStep",
    "Milestone",
    "NetworkText",
    "Organisation",
    "Owned",
    "OwnedQuerySet",
    "Plan",
    "Point",
    "ProviderLink",
    "PutOff",
    "Record",
    "RecordManager",
    "RecordQuerySet",
    "ReminderStop",
    "Review",
    "Signatory",
    "Situation",
    "Source",
    "StatusChangedOutsideService",
    "SuggestedAction",
    "SupportContact",
    "TargetGroup",
    "TimedRun",
    "Undertaking",
    "Unit",
    "UseCount",
    "User",
]
