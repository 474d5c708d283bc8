"""Who needs a second factor, and who has one."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from members.models import ProviderLink, User

Type = Authenticator.Type

# What signs somebody in beside the password. Recovery codes alone are none.
FACTORS = (Type.TOTP, Type.WEBAUTHN)
# In the session of somebody who has one: the table is not asked for each page.
HAS_ONE = "second_factor"


def is_required(person: User) -> bool:
    """Whether the setting asks this person for a second factor."""
    if settings.SECOND_FACTOR == "nobody":
        return False
    if settings.SECOND_FACTOR == "everybody":
        return True
    return person.is_secretariat


def has_one(person: User) -> bool:
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def codes_of(person: User) -> set[str]:
    """What gives this person a code: an app, recovery codes that are left, both or nothing."""
    rows = Authenticator.objects.filter(user=person, type__in=(Type.TOTP, Type.RECOVERY_CODES))
    return {row.type for row in rows if row.type == Type.TOTP or row.wrap().get_unused_codes()}


def is_missing(request: HttpRequest) -> bool:
    """Whether the person who is signed in must set one up before they go on."""
    person = request.user
    if not isinstance(person, User) or not is_required(person):
        return False
    if request.session.get(HAS_ONE):
        return False
    if not has_one(person):
        return True
    request.session[HAS_ONE] = True
    return False


def words_of(person: User) -> list[str]:
    """What signs the person in beside the password, as they know it."""
    names = {
        Type.TOTP: _("App with codes"),
        Type.RECOVERY_CODES: _("Your recovery codes"),
    }
    words = []
    rows = Authenticator.objects.filter(user=person)
    in_order = rows.order_by("pk")
    for row in in_order:
        name = names.get(row.type)
        if name is None:
            passkey = _("Passkey “%(name)s”")
            name = passkey % {"name": row}
        words.append(name)
    links = _links_of(person)
    return words + links


def _links_of(person: User) -> list[str]:
    """The account at the provider of today, where the person has linked one."""
    if not settings.OIDC_ISSUER:
        return []
    links = ProviderLink.objects.filter(
        person=person,
        issuer=settings.OIDC_ISSUER,
    )
    name = _("Account at %(provider)s") % {"provider": settings.OIDC_NAME}
    return [name for _link in links]


def may_remove(factor: Authenticator) -> bool:
    """Whether the person keeps another factor, or needs none."""
    person = factor.user
    if factor.type not in FACTORS or not is_required(person):
        return True
    others = Authenticator.objects.filter(user=person, type__in=FACTORS)
    return others.exclude(pk=factor.pk).exists()
