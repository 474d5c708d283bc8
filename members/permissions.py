"""Who may do what. This is the only place where it is said.

Each line names a kind of entry and, for each verb, the roles that may do it. The roles of a city
(lead, editor, viewer, committee) count only for the entries of that city; the secretariat's counts
everywhere. Whoever is not named may not. Visitors are not in this table: what the public reads is
`public()`.

    secretariat   the network's office
    lead          lead coordinator of the city
    editor        writes for the city
    viewer        reads for the city
    committee     member of the Steering Committee for the city
"""

from dataclasses import dataclass

from django.db import models

VERBS = ("view", "add", "change", "delete")
# To say something in the city's name: that it is still true, that a found claim is right or wrong,
# what it replies.
SPEAK = "speak"
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

    def roles(self, verb: str) -> set[str]:
        return set(getattr(self, verb).split())


EVERYONE_OF_THE_CITY = "secretariat lead editor viewer"
WRITERS = "secretariat lead editor"
OFFICE = "secretariat"
THE_CITY_ITSELF = "lead editor"

RIGHTS: dict[str, Rights] = {
    # The city and what belongs to it
    "members.city": Rights(view=EVERYONE_OF_THE_CITY, add=OFFICE, change=WRITERS, delete=OFFICE),
    "members.cityname": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.unit": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "members.legalact": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.document": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE
    ),
    "members.supportcontact": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.organisation": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE
    ),
    "members.bodytask": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.draft": Rights(view=WRITERS, delete=WRITERS),
    "members.formerslug": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    # What the city promised and did. A point is answered with no rather than deleted; only the
    # office reviews, and only the city itself confirms and replies. What was found in public
    # sources the city declares wrong (speak); only the office deletes it.
    "members.commitment": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE, speak=THE_CITY_ITSELF
    ),
    "members.action": Rights(
        view=EVERYONE_OF_THE_CITY,
        add=WRITERS,
        change=WRITERS,
        delete=WRITERS,
        speak=THE_CITY_ITSELF,
    ),
    "members.evidence": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.actionupdate": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.indicator": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.indicatorvalue": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.review": Rights(
        view=EVERYONE_OF_THE_CITY, add=OFFICE, change=OFFICE, delete=OFFICE, speak=THE_CITY_ITSELF
    ),
    # Programmes
    "programs.programme": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE
    ),
    "programs.edition": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "programs.editionevent": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "programs.programmeitem": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "programs.participation": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "programs.programmelink": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    # News and events: the city's own, and the network's, which belong to no city
    "portal.news": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "portal.attachment": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "portal.picture": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "portal.event": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "programs.grant": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "programs.spending": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "programs.coverage": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    # What others found stays: the city replies to it, only the office takes it away.
    "programs.evaluation": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE
    ),
    # The accession file: written by the city until it is submitted; its state moves by
    # members/transitions.py
    "members.accession": Rights(view=EVERYONE_OF_THE_CITY, add="secretariat lead", change=WRITERS),
    "members.accessionchoice": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.accessionownaction": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.signatory": Rights(
        view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS
    ),
    "members.accessionstep": Rights(view=EVERYONE_OF_THE_CITY),
    "members.accessionnote": Rights(view=OFFICE, add=OFFICE),
    # Membership: standing and votes are recorded by verbs (members/transitions.py), never typed
    # over
    "members.membership": Rights(view=EVERYONE_OF_THE_CITY, change=OFFICE),
    "members.membershipstep": Rights(view=EVERYONE_OF_THE_CITY),
    "members.milestone": Rights(
        view=EVERYONE_OF_THE_CITY, add=OFFICE, change=OFFICE, delete=OFFICE
    ),
    "members.meeting": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.decision": Rights(view=EVERYONE_OF_THE_CITY, change=OFFICE),
    "members.committeeseat": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.feeband": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    # What cities write before they join is addressed to the office
    "members.expressionofinterest": Rights(view=OFFICE, change=OFFICE, delete=OFFICE),
    # People: the lead coordinator sees and invites the city's own
    "members.user": Rights(view=OFFICE, change=OFFICE),
    "members.cityrole": Rights(view="secretariat lead", add=OFFICE, change=OFFICE),
    "members.invitation": Rights(view="secretariat lead", add="secretariat lead"),
    # The outbox ("change" is: try again, withdraw), the wordings of letters, addresses that get no
    # reminders
    "members.letter": Rights(view=OFFICE, change=OFFICE),
    "members.lettertext": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.reminderstop": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    # The plan, the reference lists and the sources: the office's
    "members.networktext": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.plan": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.point": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.suggestedaction": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.ground": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.targetgroup": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.country": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.source": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.citation": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    # The log is written by the portal itself
    "auditlog.logentry": Rights(view=OFFICE),
}

# Whoever sits in the Steering Committee, for whichever city, reads these of every city once they
# are submitted (`QuerySet.submitted()`): nobody loses the right to read because the file is their
# own city's.
COMMITTEE_READS = ("members.accession", "members.document")


def may(user: models.Model, verb: str, record: models.Model | type[models.Model]) -> bool:
    """Whether `user` may `verb` this record; for a model, whether they may do it to any record at
    all.

    A record that says `is_closed` (a file that was submitted, its parts and its acts) is changed by
    nobody; one that says `is_kept` (a claim found in public sources) is deleted by the office
    alone.
    """
    if isinstance(record, type):
        return may_anywhere(user, verb, record)
    if verb in ("add", "change", "delete") and getattr(record, "is_closed", False):
        return False
    if verb == "delete" and not user.is_secretariat and getattr(record, "is_kept", False):
        return False
    own = may_in_city(user, verb, type(record), city_of(record))
    return own or (verb == "view" and may_read_for_committee(user, record))


def may_read_for_committee(user: models.Model, record: models.Model) -> bool:
    """Whether this is a submitted file, or a document of one, and the person sits in the Steering
    Committee."""
    if record._meta.label_lower not in COMMITTEE_READS or not sits_in_committee(user):
        return False
    return type(record).objects.submitted().filter(pk=record.pk).exists()


def sits_in_committee(user: models.Model) -> bool:
    """Whether the person is a committee member for some city today."""
    return user.is_active and any("committee" in roles for roles in user.current_roles.values())


def may_in_city(user: models.Model, verb: str, model: type[models.Model], city: int | None) -> bool:
    """Whether `user` may `verb` entries of this kind that belong to a city (its key), or to
    none."""
    return holds_one_of(user, roles_that_may(verb, model), city)


def holds_one_of(user: models.Model, roles: set[str], city: int | None) -> bool:
    """Whether the person has one of these roles for a city (its key), or for none. The
    secretariat's counts everywhere, and for somebody of the secretariat no other."""
    if user.is_active and user.is_secretariat:
        return SECRETARIAT in roles
    return bool(user.current_roles.get(city, set()) & roles)


def may_anywhere(user: models.Model, verb: str, model: type[models.Model]) -> bool:
    """Whether there is a city for which `user` may `verb` entries of this kind."""
    if user.is_active and user.is_secretariat:
        return SECRETARIAT in roles_that_may(verb, model)
    return any(may_in_city(user, verb, model, city) for city in user.current_roles)


def cities_where(user: models.Model, verb: str, model: type[models.Model]) -> list[int]:
    """Keys of the cities for which a coordinator may `verb` entries of this kind."""
    return [city for city in user.current_roles if may_in_city(user, verb, model, city)]


def roles_that_may(verb: str, model: type[models.Model]) -> set[str]:
    """The table's answer; nobody for a verb or a kind of entry that it does not name."""
    rights = RIGHTS.get(model._meta.label_lower)
    return rights.roles(verb) if rights and verb in (*VERBS, SPEAK) else set()


def city_of(record: models.Model) -> int | None:
    """Key of the city that the record belongs to, or None where it belongs to no city."""
    path = getattr(record, "CITY_PATH", None)
    if path is None:
        return None
    if path == "pk":
        return record.pk
    *steps, last = path.split("__")
    for step in steps:
        record = getattr(record, step, None)
        if record is None:
            return None
    return getattr(record, f"{last}_id")
