"""Who may do what. No other place says it.

Each line of the table names a kind of entry and, for each verb, the roles that may do it. The roles
of a city (lead, editor, viewer, committee) count only for the entries of that city; the
secretariat's counts everywhere. A role that is not named may not. Visitors are not in this table:
what the public reads is `public()`.

    secretariat   the network's office
    lead          lead coordinator of the city
    editor        writes for the city
    viewer        reads for the city
    committee     member of the Steering Committee for the city
"""

from dataclasses import dataclass
from typing import Any

from django.db import models

from members.models import User

VERBS = ("view", "add", "change", "delete")
# To say something in the city's name: that an entry is still true, that a claim of others is right
# or wrong, what the city replies.
SPEAK = "speak"
# To take a copy of all that is kept; to delete all by which a person is known.
EXPORT = "export"
ERASE = "erase"
# To see the cities of the network beside each other, and to ask those that lack something.
ASK = "ask"
# To let somebody's role in a city end today.
END = "end"
ALL_VERBS = (*VERBS, SPEAK, EXPORT, ERASE, ASK, END)
SECRETARIAT = "secretariat"
CITY_ROLES = ("lead", "editor", "viewer", "committee")


@dataclass(frozen=True)
class Rights:
    """Roles that may use each verb, as words with a space between."""

    view: str
    add: str = ""
    change: str = ""
    delete: str = ""
    speak: str = ""
    export: str = ""
    erase: str = ""
    ask: str = ""
    end: str = ""

    def roles(self, verb: str) -> set[str]:
        words: str = getattr(self, verb)
        return set(words.split())


EVERYONE_OF_THE_CITY = "secretariat lead editor viewer"
WRITERS = "secretariat lead editor"
OFFICE = "secretariat"
LEADS = "secretariat lead"
THE_CITY_ITSELF = "lead editor"

# Rights that many kinds of entries have.
CITY_WRITES = Rights(
    view=EVERYONE_OF_THE_CITY,
    add=WRITERS,
    change=WRITERS,
    delete=WRITERS,
)
CITY_WRITES_OFFICE_DELETES = Rights(
    view=EVERYONE_OF_THE_CITY,
    add=WRITERS,
    change=WRITERS,
    delete=OFFICE,
)
CITY_READS = Rights(view=EVERYONE_OF_THE_CITY)
CITY_READS_OFFICE_WRITES = Rights(
    view=EVERYONE_OF_THE_CITY,
    add=OFFICE,
    change=OFFICE,
    delete=OFFICE,
)
OFFICE_WRITES = Rights(
    view=OFFICE,
    add=OFFICE,
    change=OFFICE,
    delete=OFFICE,
)

RIGHTS: dict[str, Rights] = {
    # The city and what belongs to it.
    "members.city": Rights(
        view=EVERYONE_OF_THE_CITY,
        add=OFFICE,
        change=WRITERS,
        delete=OFFICE,
        ask=OFFICE,
    ),
    "members.cityname": CITY_WRITES,
    "members.unit": CITY_WRITES,
    "members.legalact": CITY_WRITES,
    "members.document": CITY_WRITES_OFFICE_DELETES,
    "members.supportcontact": CITY_WRITES,
    "members.organisation": CITY_WRITES_OFFICE_DELETES,
    "members.bodytask": CITY_WRITES,
    "members.draft": Rights(view=WRITERS, delete=WRITERS),
    "members.formerslug": OFFICE_WRITES,
    # What the city promised and did. A point is answered with no rather than deleted; only the
    # office reviews, and only the city itself confirms and replies. What public sources say of the
    # city, the city declares wrong (speak); only the office deletes it.
    "members.commitment": Rights(
        view=EVERYONE_OF_THE_CITY,
        add=WRITERS,
        change=WRITERS,
        delete=OFFICE,
        speak=THE_CITY_ITSELF,
    ),
    "members.action": Rights(
        view=EVERYONE_OF_THE_CITY,
        add=WRITERS,
        change=WRITERS,
        delete=WRITERS,
        speak=THE_CITY_ITSELF,
    ),
    "members.undertaking": CITY_READS_OFFICE_WRITES,
    "members.evidence": CITY_WRITES,
    "members.actionupdate": CITY_WRITES,
    "members.indicator": CITY_WRITES,
    "members.indicatorvalue": CITY_WRITES,
    "members.review": Rights(
        view=EVERYONE_OF_THE_CITY,
        add=OFFICE,
        change=OFFICE,
        delete=OFFICE,
        speak=THE_CITY_ITSELF,
    ),
    # Programmes.
    "programs.programme": CITY_WRITES_OFFICE_DELETES,
    "programs.edition": CITY_WRITES,
    "programs.editionevent": CITY_WRITES,
    "programs.programmeitem": CITY_WRITES,
    "programs.participation": CITY_WRITES,
    "programs.programmelink": CITY_WRITES,
    # News and events: the city's own, and the network's, which belong to no city.
    "portal.news": CITY_WRITES,
    "portal.attachment": CITY_WRITES,
    # Written with their news, and withdrawn by whoever may change those.
    "portal.personaldetail": CITY_READS,
    "portal.picture": CITY_WRITES,
    "portal.citypicture": CITY_WRITES,
    "portal.event": CITY_WRITES,
    "portal.example": OFFICE_WRITES,
    "programs.grant": CITY_WRITES,
    "programs.spending": CITY_WRITES,
    "programs.coverage": CITY_WRITES,
    # What others evaluated stays: the city replies to it, only the office deletes it.
    "programs.evaluation": CITY_WRITES_OFFICE_DELETES,
    # The accession file: written by the city until it is submitted. Services alone change its
    # status (members/transitions.py).
    "members.accession": Rights(view=EVERYONE_OF_THE_CITY, add=LEADS, change=WRITERS),
    "members.accessionchoice": CITY_WRITES,
    "members.accessionownaction": CITY_WRITES,
    "members.signatory": CITY_WRITES,
    "members.accessionstep": CITY_READS,
    "members.accessionnote": Rights(view=OFFICE, add=OFFICE),
    # Membership: services alone record standing and votes (members/transitions.py); no form changes
    # them.
    "members.membership": Rights(view=EVERYONE_OF_THE_CITY, change=OFFICE),
    "members.membershipstep": CITY_READS,
    "members.milestone": CITY_READS_OFFICE_WRITES,
    "members.meeting": OFFICE_WRITES,
    "members.decision": Rights(view=EVERYONE_OF_THE_CITY, change=OFFICE),
    "members.committeeseat": OFFICE_WRITES,
    "members.feeband": OFFICE_WRITES,
    # What cities write before they join is addressed to the office.
    "members.expressionofinterest": Rights(view=OFFICE, change=OFFICE, delete=OFFICE),
    # People: the lead coordinator sees and invites the people of their own city.
    "members.user": Rights(view=OFFICE, change=OFFICE, export=OFFICE, erase=OFFICE),
    "members.cityrole": Rights(view=LEADS, add=OFFICE, change=OFFICE, end=LEADS),
    "members.invitation": Rights(view=LEADS, add=LEADS),
    # The outbox ("change" is: try again, withdraw), the wordings of letters, addresses that get no
    # reminders.
    "members.letter": Rights(view=OFFICE, change=OFFICE),
    "members.lettertext": OFFICE_WRITES,
    "members.reminderstop": OFFICE_WRITES,
    # The plan, the reference lists and the sources: the office's.
    "members.networktext": OFFICE_WRITES,
    "members.plan": OFFICE_WRITES,
    "members.point": OFFICE_WRITES,
    "members.suggestedaction": OFFICE_WRITES,
    "members.ground": OFFICE_WRITES,
    "members.targetgroup": OFFICE_WRITES,
    "members.country": OFFICE_WRITES,
    "members.source": OFFICE_WRITES,
    "members.citation": OFFICE_WRITES,
    # The portal itself writes the log, and what happened at its door.
    "auditlog.logentry": Rights(view=OFFICE, export=OFFICE),
    "members.accountevent": Rights(view=OFFICE),
}

# A member of the Steering Committee, for any city, reads these of every city once they are
# submitted (`QuerySet.submitted()`): nobody loses the right to read because the file is their own
# city's.
COMMITTEE_READS = ("members.accession", "members.document")


def may(user: User, verb: str, record: models.Model | type[models.Model]) -> bool:
    """Whether `user` may `verb` this record; for a model, whether they may for any record at all.

    A record that says `is_closed` (a file that was submitted, its parts and its acts, an erased
    person) is changed by nobody; one that says `is_kept` (a claim from public sources) is deleted
    by the office alone.
    """
    if isinstance(record, type):
        return may_anywhere(user, verb, record)
    if _is_protected(record, verb, user):
        return False
    model = type(record)
    city = city_of(record)
    if may_in_city(user, verb, model, city):
        return True
    if verb != "view":
        return False
    return may_read_for_committee(user, record)


def _is_protected(record: models.Model, verb: str, user: User) -> bool:
    if verb in ("add", "change", "delete") and getattr(record, "is_closed", False):
        return True
    if verb != "delete" or user.is_secretariat:
        return False
    return bool(getattr(record, "is_kept", False))


def may_read_for_committee(user: User, record: models.Model) -> bool:
    """Whether the person sits in the Steering Committee and this is a submitted file or its
    document."""
    model_label = record._meta.label_lower
    if model_label not in COMMITTEE_READS:
        return False
    if not sits_in_committee(user):
        return False
    rows: Any = type(record)._default_manager
    own_row = rows.submitted().filter(pk=record.pk)
    return bool(own_row.exists())


def sits_in_committee(user: User) -> bool:
    """Whether the person is a committee member for some city today."""
    if not user.is_active:
        return False
    roles_by_city = user.current_roles.values()
    return any("committee" in roles for roles in roles_by_city)


def may_in_city(user: User, verb: str, model: type[models.Model], city: int | None) -> bool:
    """Whether `user` may `verb` entries of this kind of a city (its key), or of no city."""
    roles = roles_that_may(verb, model)
    return holds_one_of(user, roles, city)


def holds_one_of(user: User, roles: set[str], city: int | None) -> bool:
    """Whether the person has one of these roles for a city (its key), or for none.

    The secretariat's counts everywhere, and for somebody of the secretariat no other.
    """
    is_of_secretariat = user.is_active and user.is_secretariat
    if is_of_secretariat:
        return SECRETARIAT in roles
    if city is None:
        return False
    own_roles = user.current_roles.get(city, set())
    return bool(own_roles & roles)


def may_anywhere(user: User, verb: str, model: type[models.Model]) -> bool:
    """Whether there is a city for which `user` may `verb` entries of this kind."""
    if user.is_active and user.is_secretariat:
        roles = roles_that_may(verb, model)
        return SECRETARIAT in roles
    cities = cities_where(user, verb, model)
    return bool(cities)


def cities_where(user: User, verb: str, model: type[models.Model]) -> list[int]:
    """Keys of the cities for which a coordinator may `verb` entries of this kind."""
    cities = []
    for city in user.current_roles:
        if may_in_city(user, verb, model, city):
            cities.append(city)
    return cities


def roles_that_may(verb: str, model: type[models.Model]) -> set[str]:
    """The table's answer; nobody for a verb or a kind of entry that it does not name."""
    model_label = model._meta.label_lower
    rights = RIGHTS.get(model_label)
    is_verb = verb in ALL_VERBS
    if rights is None or not is_verb:
        return set()
    return rights.roles(verb)


def city_of(record: models.Model) -> int | None:
    """Key of the city that the record belongs to, or None where it belongs to no city."""
    path: str | None = getattr(record, "CITY_PATH", None)
    if path is None:
        return None
    if path == "pk":
        return record.pk
    *steps, last = path.split("__")
    owner: Any = record
    for step in steps:
        owner = getattr(owner, step, None)
        if owner is None:
            return None
    key = f"{last}_id"
    return getattr(owner, key)
