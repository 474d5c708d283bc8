"""Who may do what. This is the only place where it is said.

Each line names a kind of entry and, for each verb, the roles that may do it. The roles of a city (lead, editor,
viewer, committee) count only for the entries of that city; the secretariat's counts everywhere. Whoever is not named
may not. Visitors are not in this table: what the public reads is `public()`.

    secretariat   the network's office
    lead          lead coordinator of the city
    editor        writes for the city
    viewer        reads for the city
    committee     member of the Steering Committee for the city
"""

from dataclasses import dataclass

from django.db import models

VERBS = ("view", "add", "change", "delete")
SECRETARIAT = "secretariat"
CITY_ROLES = ("lead", "editor", "viewer", "committee")


@dataclass(frozen=True)
class Rights:
    """Roles that may use each verb, as words with a space between."""

    view: str
    add: str = ""
    change: str = ""
    delete: str = ""

    def roles(self, verb: str) -> set[str]:
        return set(getattr(self, verb).split())


EVERYONE_OF_THE_CITY = "secretariat lead editor viewer"
WRITERS = "secretariat lead editor"
OFFICE = "secretariat"

RIGHTS: dict[str, Rights] = {
    # The city and what belongs to it
    "members.city": Rights(view=EVERYONE_OF_THE_CITY, add=OFFICE, change=WRITERS, delete=OFFICE),
    "members.cityname": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "members.unit": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "members.legalact": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "members.document": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE),
    "members.supportcontact": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "members.organisation": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE),
    "members.bodytask": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "members.formerslug": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    # Programmes
    "programs.programme": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=OFFICE),
    "programs.edition": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "programs.editionevent": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "programs.programmeitem": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "programs.participation": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "programs.programmelink": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    # News and events: the city's own, and the network's, which belong to no city
    "portal.news": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "portal.attachment": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "portal.picture": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    "portal.event": Rights(view=EVERYONE_OF_THE_CITY, add=WRITERS, change=WRITERS, delete=WRITERS),
    # Membership: recorded by the office, read by the city
    "members.membership": Rights(view=EVERYONE_OF_THE_CITY, add=OFFICE, change=OFFICE),
    "members.milestone": Rights(view=EVERYONE_OF_THE_CITY, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.meeting": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.decision": Rights(view=EVERYONE_OF_THE_CITY, add=OFFICE, change=OFFICE),
    # People: the lead coordinator sees and invites the city's own
    "members.user": Rights(view=OFFICE, change=OFFICE),
    "members.cityrole": Rights(view="secretariat lead", add=OFFICE, change=OFFICE),
    "members.invitation": Rights(view="secretariat lead", add="secretariat lead"),
    # The plan, the reference lists and the sources: the office's
    "members.networktext": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.plan": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.point": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.suggestedaction": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.ground": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.country": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.source": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    "members.citation": Rights(view=OFFICE, add=OFFICE, change=OFFICE, delete=OFFICE),
    # The log is written by the portal itself
    "auditlog.logentry": Rights(view=OFFICE),
}


def may(user: models.Model, verb: str, record: models.Model | type[models.Model]) -> bool:
    """Whether `user` may `verb` this record; for a model, whether they may do it to any record at all."""
    if isinstance(record, type):
        return may_anywhere(user, verb, record)
    return may_in_city(user, verb, type(record), city_of(record))


def may_in_city(user: models.Model, verb: str, model: type[models.Model], city: int | None) -> bool:
    """Whether `user` may `verb` entries of this kind that belong to a city (its key), or to none."""
    roles = roles_that_may(verb, model)
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
    return rights.roles(verb) if rights and verb in VERBS else set()


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
