"""The people of a city: to end a role, and to hand over the lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from languages.text import labelled
from members.editing.forms.rows import LONGEST_NUMBER
from members.models import Action, City, CityRole, Draft, Invitation, KeptForm, User
from members.models.people import CityRoleQuerySet
from members.permissions import END, city_of, may, may_in_city
from members.services import kept, role_letters

Role = CityRole.Role
# Refused, as the last day is over.
PAST = "past"
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


def roles_in(city: City) -> CityRoleQuerySet:
    """Roles of today by which somebody works for the city."""
    return roles_ever_in(city).current()


def roles_ever_in(city: City) -> CityRoleQuerySet:
    """Those, and the roles that have ended, of people with an account."""
    rows = CityRole.objects.filter(city=city, role__in=OF_THE_CITY)
    return rows.filter(user__is_active=True)


def open_drafts(city: City, user: User) -> list[Draft]:
    """Drafts of the person in the city, which stay when the person goes."""
    drafts = Draft.objects.filter(city=city, saved_by=user).prefetch_related("record")
    return list(drafts.order_by("pk"))


class UnsavedPage(NamedTuple):
    """A page of the city on which a person typed something and has not saved it."""

    url: str
    title: str


def unsaved_pages(city: City, user: User) -> list[UnsavedPage]:
    """Where something goes with the person, unless they give it to somebody: nobody else sees it.

    One query for each entry.
    """
    pages = []
    forms = KeptForm.objects.of(user)
    for form in forms.order_by("page"):
        title = _title_of(
            form.page,
            city,
            user,
        )
        if title:
            page = UnsavedPage(form.page, title)
            pages.append(page)
    return pages


def _title_of(page: str, city: City, user: User) -> str:
    """Of a page of the city, or of an entry of the city; "" for all others."""
    try:
        match = resolve(page)
    except Resolver404:
        return ""
    start = reverse("admin:city_work", args=[city.slug])
    if page.startswith(start):
        return _title_of_work(match, city)
    model_admin = getattr(match.func, "model_admin", None)
    key = match.kwargs.get("object_id", "")
    if model_admin is None or not key.isdecimal() or len(key) > LONGEST_NUMBER:
        return ""
    row = model_admin.model._default_manager.filter(pk=int(key)).first()
    if row is None or city_of(row) != city.pk or not may(user, "view", row):
        return ""
    return labelled(capfirst(row._meta.verbose_name), str(row))


def _title_of_work(match: ResolverMatch, city: City) -> str:
    if match.url_name == "point_work":
        return _("Point %(number)s") % {"number": match.kwargs["number"]}
    if match.url_name == "action_work":
        actions = Action.objects.filter(commitment__city=city)
        return str(actions.filter(pk=match.kwargs["pk"]).first() or city)
    return str(city)


@transaction.atomic
def end_role(*, role: CityRole, by: User, last_day: date | None = None) -> CityRole:
    """Let a colleague's role, or one's own, end at once, or after a last day; what the person
    wrote stays. A colleague gets a letter; the office does, where nobody else leads.

    Raises PermissionDenied for those who may not end roles there, ValidationError for a role that
    has ended, for a day that is over, and for the lead of a colleague while one's own ends.
    """
    is_last = leads_alone(role, by)
    row = _locked_role(role, by)
    if row.role == Role.LEAD and row.user_id != by.pk:
        _refuse_leaving(row.city, by)
    _end(row, last_day)
    role_letters.tell_of_end(row, by)
    if is_last:
        role_letters.tell_of_leaving(row, by)
    return row


@transaction.atomic
def keep_role(*, role: CityRole, by: User) -> None:
    """Take a planned end back. Raises PermissionDenied for those who may not end roles there,
    ValidationError for a role that has ended, or that the person was given anew."""
    row = _locked_role(role, by)
    _refuse_ended(row)
    others = CityRole.objects.filter(user=row.user_id, city=row.city_id, role=row.role)
    if others.filter(until=None).exclude(pk=row.pk).exists():
        raise _ended()
    row.until = None
    row.save(update_fields=["until"])
    role_letters.tell_of_stay(row, by)


def _locked_role(role: CityRole, by: User) -> CityRole:
    rows = CityRole.objects.select_for_update(of=("self",)).select_related("city", "user")
    row = rows.get(pk=role.pk)
    if row.role not in OF_THE_CITY or not may_in_city(by, END, CityRole, row.city_id):
        raise PermissionDenied
    return row


@transaction.atomic
def hand_over(
    *, city: City, to: User, by: User, last_day: date | None = None, gives_texts: bool = False
) -> None:
    """Make a colleague the lead coordinator, and end one's own lead at once or after a last day.

    `gives_texts`: what one typed on pages of the city and did not save becomes the colleague's.

    The city is locked: of two people who hand over at once, one does. Raises PermissionDenied for
    whoever was no lead of the city, ValidationError where the lead was handed over before, or the
    other person does not work for the city.
    """
    City.objects.select_for_update(of=("self",)).get(pk=city.pk)
    own = _own_lead(city, by)
    others = roles_in(city).filter(user=to).exclude(user=by)
    roles = {role.role: role for role in others.select_for_update(of=("self",))}
    if not roles:
        message = _("This person does not work for the city. Invite them first.")
        raise ValidationError(message, code="stranger")
    lead = roles.get(Role.LEAD)
    if lead is None:
        for role in roles.values():
            _end(role, None)
        lead = CityRole.objects.create(user=to, city=city, role=Role.LEAD)
    elif lead.until is not None:
        message = _("The lead of this person ends soon. Choose somebody else.")
        raise ValidationError(message, code="leaves")
    _end(own, last_day)
    if gives_texts:
        pages = [page.url for page in unsaved_pages(city, by)]
        kept.give_forms(pages=pages, to=to, by=by)
    role_letters.tell_of_hand_over(lead, by, last_day)


def _own_lead(city: City, user: User) -> CityRole:
    """The lead that the person can hand over."""
    leads = CityRole.objects.filter(user=user, city=city, role=Role.LEAD)
    own = leads.current().select_for_update(of=("self",)).first()
    if own is not None and own.until is None:
        return own
    if own is None and not leads.exists():
        raise PermissionDenied
    raise ValidationError(left_words(), code="handed_over")


def _refuse_leaving(city: City, by: User) -> None:
    """The lead of a colleague is not ended by whoever leaves: it would undo what was handed over.

    Who wants to stay keeps their own lead first.
    """
    own = roles_in(city).filter(user=by, role=Role.LEAD)
    if own.exists() and not own.filter(until=None).exists():
        message = _("Your own lead ends soon. Keep it first, if you want to end this one.")
        raise ValidationError(message, code="leaves")


def leads_alone(role: CityRole, by: User) -> bool:
    """Whether this is one's own lead and nobody else leads for longer. The city is locked: of two
    who leave at once, the second is asked."""
    if role.role != Role.LEAD or role.user_id != by.pk:
        return False
    cities = City.objects.select_for_update(of=("self",))
    city = cities.get(pk=role.city_id)
    leads = roles_in(city).filter(role=Role.LEAD, until=None)
    others = leads.exclude(user=by)
    return not others.exists()


def endable(roles: Iterable[CityRole], by: User) -> set[int]:
    """The keys of those of a city's roles today that the person may end: of colleagues, and no
    other lead while their own ends."""
    rows = list(roles)
    own_leads = [row for row in rows if row.user_id == by.pk and row.role == Role.LEAD]
    is_leaving = bool(own_leads) and all(row.until for row in own_leads)
    keys = set()
    for row in rows:
        is_kept = is_leaving and row.role == Role.LEAD
        if row.user_id != by.pk and not is_kept:
            keys.add(row.pk)
    return keys


def has_led(slug: str, user: User) -> bool:
    """Whether the person was a lead of this city and is none any more: their page was opened
    before. The office, which may write without a role, is not meant."""
    if user.is_secretariat:
        return False
    leads = CityRole.objects.filter(user=user, city__slug=slug, role=Role.LEAD)
    return leads.exists() and not leads.current().exists()


def left_words() -> str:
    """What a lead reads who presses a button after the lead has ended."""
    return _("Your lead was handed over or ended already. Nothing was changed.")


def words_about_ended_role(user: User) -> str:
    """What somebody reads whose last role has ended; "" for whoever had none."""
    roles = CityRole.objects.filter(user=user, until__isnull=False)
    last = roles.select_related("city").order_by("until", "pk").last()
    if last is None:
        return ""
    words = _(
        "You are signed in, but your role for %(city)s has ended: these pages do not open for you "
        "any more. If that is a mistake, write to the network’s office."
    )
    return words % {"city": last.city}


def _end(row: CityRole, last_day: date | None) -> None:
    """The column has the first day without the role."""
    today = timezone.localdate()
    _refuse_ended(row)
    if last_day is None:
        row.until = max(today, row.since)
    elif last_day < max(today, row.since):
        raise ValidationError(_("This day is over. Choose today or a later day."), code=PAST)
    else:
        row.until = last_day + timedelta(days=1)
    row.save(update_fields=["until"])


def _refuse_ended(row: CityRole) -> None:
    if row.until is not None and row.until <= max(timezone.localdate(), row.since):
        raise _ended()


def _ended() -> ValidationError:
    return ValidationError(_("This role has ended already."), code="ended")
