"""The people of a city: to end a role, and to hand over the lead."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import City, CityRole, Draft, Invitation, User
from members.permissions import END, may_in_city

Role = CityRole.Role
# What a lead may end, and who may take over.
OF_THE_CITY = (Role.LEAD, Role.EDITOR, Role.VIEWER)


@dataclass(frozen=True)
class Team:
    """The people of a city today, and whoever is invited."""

    roles: list[CityRole]
    invitations: list[Invitation]


def team_of(city: City) -> Team:
    """Two queries."""
    roles = roles_in(city).select_related("user")
    invitations = Invitation.objects.filter(city=city, accepted_at=None, withdrawn_at=None)
    return Team(
        roles=list(roles.order_by("role", "user__name", "pk")),
        invitations=list(invitations.order_by("-invited_at")),
    )


def roles_in(city: City) -> QuerySet[CityRole]:
    """Roles of today by which somebody works for the city."""
    current = CityRole.objects.current().filter(city=city, role__in=OF_THE_CITY)
    return current.filter(user__is_active=True)


def open_drafts(city: City, user: User) -> list[Draft]:
    """Drafts of the person in the city, which stay when the person goes."""
    drafts = Draft.objects.filter(city=city, saved_by=user).prefetch_related("record")
    return list(drafts.order_by("pk"))


@transaction.atomic
def end_role(*, role: CityRole, by: User) -> None:
    """Let a colleague's role, or one's own, end today; what the person wrote stays.

    Raises PermissionDenied for those who may not end roles there, ValidationError for a role that
    has ended.
    """
    row = CityRole.objects.select_for_update(of=("self",)).get(pk=role.pk)
    if row.role not in OF_THE_CITY or not may_in_city(by, END, CityRole, row.city_id):
        raise PermissionDenied
    _end(row)


@transaction.atomic
def hand_over(*, city: City, to: User, by: User) -> None:
    """Make a colleague the lead coordinator, and end one's own lead today.

    The city is locked: of two people who hand over at once, one does. Raises PermissionDenied for
    whoever is no lead of the city, ValidationError where the lead was handed over before, or the
    other person does not work for the city.
    """
    City.objects.select_for_update(of=("self",)).get(pk=city.pk)
    own = roles_in(city).filter(user=by, role=Role.LEAD).select_for_update(of=("self",)).first()
    if own is None:
        raise PermissionDenied
    others = roles_in(city).filter(user=to).exclude(user=by)
    roles = {role.role: role for role in others.select_for_update(of=("self",))}
    if not roles:
        message = _("This person does not work for the city. Invite them first.")
        raise ValidationError(message, code="stranger")
    if Role.LEAD not in roles:
        for role in roles.values():
            _end(role)
        CityRole.objects.create(user=to, city=city, role=Role.LEAD)
    _end(own)


def _end(row: CityRole) -> None:
    today = timezone.localdate()
    last_day = max(today, row.since)
    if row.until is not None and row.until <= last_day:
        message = _("This role has ended already.")
        raise ValidationError(message, code="ended")
    row.until = last_day
    row.save(update_fields=["until"])
