"""Who signs in, and for which city."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Check, Unique
from languages.dates import DayField
from languages.fields import LineField
from languages.text import labelled
from members.models.cities import City
from members.models.record import Owned, OwnedQuerySet


class UserQuerySet(OwnedQuerySet["User"]):
    def editable_by(self, user: "User") -> Self:
        """Everybody for the secretariat, else the person and the people of their cities."""
        if user.is_secretariat:
            return self.all()
        own_cities = user.city_ids()
        roles = CityRole.objects.current().filter(city__in=own_cities)
        is_colleague = Q(pk__in=roles.values("user"))
        is_self = Q(pk=user.pk)
        return self.filter(is_self | is_colleague)

    def of_secretariat(self) -> Self:
        """Who has the right of the network's secretariat, and may sign in."""
        return self.filter(is_secretariat=True, is_active=True)


class UserManager(BaseUserManager["User"]):
    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who signs in with `email`.

        Without a password they cannot sign in until they set one by a link.
        """
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(Owned, AbstractBaseUser):
    """A coordinator, a committee member or somebody of the secretariat. Anonymised in place, never
    deleted.

    Rights are not stored here: `members/permissions.py` says what a role may do.
    """

    CITY_PATH = None
    is_superuser = False

    email = models.EmailField(_("e-mail address"), unique=True)
    name = LineField(
        _("name"), max_length=150, help_text=_("As it should appear in letters from the portal.")
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.SCHEMA_LANGUAGES,
        default="en",
        help_text=_("The administration and the letters to this person are in this language."),
    )
    is_secretariat = models.BooleanField(
        _("network secretariat"),
        default=False,
        help_text=_("May do everything about cities, accessions, meetings, the plan and accounts."),
    )
    gets_summaries = models.BooleanField(
        _("a letter about what waits"),
        default=True,
        help_text=_("One a month at most. If nothing waits, there is no letter."),
    )
    # Zero: the calendar of deadlines has no address. Each new address has the next number.
    calendar_number = models.PositiveIntegerField(
        _("number of the calendar’s address"), default=0, db_default=0, editable=False
    )
    # How many links for a new password are void: each new link has the next number.
    link_number = models.PositiveIntegerField(
        _("number of the link to a new password"), default=0, db_default=0, editable=False
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)
    created_at = models.DateTimeField(_("account since"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects: ClassVar = UserManager.from_queryset(UserQuerySet)()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            Check(
                condition=Q(email=Lower("email")),
                name="email_is_lower_case",
                words=_("Write the e-mail address in small letters."),
                field="email",
            ),
            Check(
                condition=Q(anonymised_at__isnull=True) | Q(is_active=False),
                name="anonymised_person_cannot_sign_in",
                words=_("Somebody whose personal data were deleted cannot sign in."),
                field="",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    @property
    def is_closed(self) -> bool:
        """Nobody changes an account whose person was erased."""
        return self.anonymised_at is not None

    def get_short_name(self) -> str:
        """How the administration greets this person."""
        return self.name or self.email

    get_full_name = get_short_name

    @cached_property
    def current_roles(self) -> dict[int, set[str]]:
        """Roles of today by city: `{12: {"lead"}}`; none of somebody who may not sign in."""
        if not self.is_active:
            return {}
        roles: dict[int, set[str]] = defaultdict(set)
        for row in self._roles_of_today:
            roles[row.city_id].add(row.role)
        return dict(roles)

    @cached_property
    def current_cities(self) -> list["City"]:
        """The cities in which the person has a role today."""
        return [row.city for row in self._roles_of_today]

    def city(self, key: int) -> "City":
        """One of these cities, by its key. No query."""
        cities = {city.pk: city for city in self.current_cities}
        return cities[key]

    @cached_property
    def _roles_of_today(self) -> list["CityRole"]:
        """Each with its city. Read once per request."""
        if not self.pk:
            return []
        rows = self.roles.current()
        return list(rows.select_related("city"))

    def city_ids(self, *roles: str) -> list[int]:
        """Keys of the cities that this person coordinates.

        With `roles`: of those where the person has one of them.
        """
        any_of = set(roles or CityRole.COORDINATORS)
        cities = []
        for city, own_roles in self.current_roles.items():
            if own_roles & any_of:
                cities.append(city)
        return sorted(cities)

    @property
    def is_staff(self) -> bool:
        """May enter the administration at all."""
        if not self.is_active:
            return False
        return self.is_secretariat or bool(self.current_roles)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """`user.has_perm("change", city)` or Django's `user.has_perm("members.change_city")`."""
        if not self.is_active:
            return False
        backends = auth.get_backends()
        return any(backend.has_perm(self, perm, obj) for backend in backends)

    def has_perms(self, perms: list[str], obj: models.Model | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        if not self.is_active:
            return False
        backends: list[Any] = auth.get_backends()
        return any(backend.has_module_perms(self, app_label) for backend in backends)


class CityRoleQuerySet(OwnedQuerySet["CityRole"]):
    def current(self) -> Self:
        """Roles that hold today."""
        today = timezone.localdate()
        has_not_ended = Q(until__isnull=True) | Q(until__gt=today)
        return self.filter(since__lte=today).filter(has_not_ended)


class CityRole(Owned):
    """What a person is for a city, from one day until (not including) another."""

    class Role(models.TextChoices):
        LEAD = "lead", pgettext_lazy("role", "lead coordinator")
        EDITOR = "editor", pgettext_lazy("role", "editor")
        VIEWER = "viewer", pgettext_lazy("role", "viewer")
        COMMITTEE = "committee", pgettext_lazy("role", "committee member")

    COORDINATORS = (Role.LEAD, Role.EDITOR, Role.VIEWER)

    user = models.ForeignKey(User, models.PROTECT, related_name="roles", verbose_name=_("person"))
    city = models.ForeignKey(
        "members.City", models.PROTECT, related_name="roles", verbose_name=_("city")
    )
    role = models.CharField(
        _("role"),
        max_length=10,
        choices=Role,
        help_text=_(
            "A lead coordinator also invites colleagues. An editor writes. A viewer only reads."
            " A committee member reads accession files."
        ),
    )
    since = DayField(_("since"), default=timezone.localdate)
    until = DayField(
        _("until"), null=True, blank=True, help_text=_("Leave empty while the role is held.")
    )

    objects = CityRoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in a city")
        verbose_name_plural = _("roles in cities")
        constraints = [
            Unique(
                fields=["user", "city", "role"],
                condition=Q(until__isnull=True),
                name="one_open_role_of_a_kind_per_city",
                words=_("This person has this role in this city already."),
                field="role",
            ),
            Check(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="role_ends_after_it_begins",
                words=_("The end lies before the beginning."),
                field="until",
            ),
        ]

    def __str__(self) -> str:
        return labelled(self.user, self.get_role_display())

    @property
    def last_day(self) -> date | None:
        """The last day on which the role is held."""
        if self.until is None:
            return None
        return self.until - timedelta(days=1)


class Invitation(Owned):
    """A letter with a link by which somebody joins a city's coordinators, or the secretariat.

    The secretariat is a choice of its own (`to_office`), never what is left where no city is named.
    Only the SHA-256 of the link's token is in the database: nobody who reads the table can use it.
    """

    email = models.EmailField(_("e-mail address"))
    city = models.ForeignKey(
        "members.City",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("city"),
    )
    role = models.CharField(_("role"), max_length=10, choices=CityRole.Role, blank=True)
    # Translators: field: whether somebody is invited to the network’s office
    to_office = models.BooleanField(_("to the secretariat"), default=False)
    language = models.CharField(
        _("language of the letter"), max_length=10, choices=settings.SCHEMA_LANGUAGES
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Translators: heading: when an invitation was sent
    invited_at = models.DateTimeField(_("invited"), editable=False)
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("valid until"), editable=False)
    # Translators: heading: when an invitation was taken up
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("withdrawn by"),
    )

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            Check(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_when_and_by_whom",
                words=_("The date and the person belong together: give both or neither."),
                field="accepted_at",
            ),
            Check(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_when_and_by_whom",
                words=_("The date and the person belong together: give both or neither."),
                field="withdrawn_at",
            ),
            Check(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn_not_both",
                words=_("An invitation is accepted or withdrawn, not both."),
                field="withdrawn_at",
            ),
            Check(
                condition=Q(to_office=True, city__isnull=True, role="")
                | (Q(to_office=False, city__isnull=False) & ~Q(role="")),
                name="invitation_to_a_city_names_a_role",
                words=_("An invitation leads to the secretariat, or names a city and a role."),
                field="role",
            ),
            Unique(
                fields=["email", "city", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_person_city_and_role",
                words=_("This person has an open invitation to this role already."),
                field="email",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Can still be accepted."""
        if self.accepted_at or self.withdrawn_at:
            return False
        return self.expires_at > timezone.now()
