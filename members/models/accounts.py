"""What happened at the door of the portal: who signed in, who was refused, what changed."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.constraints import Unique


class AccountEvent(models.Model):
    """One line of the list that the secretariat reads.

    `person`: whose account it is; empty where no account has the address that was typed, which is
    not kept. `sender`: the beginning of a fingerprint; lines with the same come from one computer,
    and nobody can read its address from it. `by`: who did it, if not the person.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", pgettext_lazy("of an account", "signed in")
        FAILED = "failed", pgettext_lazy("of an account", "wrong address or password")
        TOO_MANY = "too_many", pgettext_lazy("of an account", "too many attempts")
        LINK_ASKED = "link_asked", pgettext_lazy("of an account", "asked for a new password")
        PASSWORD_CHANGED = "password_changed", pgettext_lazy("of an account", "password changed")
        CODE_REFUSED = "code_refused", pgettext_lazy("of an account", "wrong code")
        PASSKEY_REFUSED = "passkey_refused", pgettext_lazy("of an account", "passkey refused")
        RECOVERY_USED = "recovery_used", pgettext_lazy("of an account", "recovery code used")
        FACTOR_ADDED = "factor_added", pgettext_lazy("of an account", "second factor added")
        FACTOR_REMOVED = "factor_removed", pgettext_lazy("of an account", "second factor removed")
        PASSKEY_ADDED = "passkey_added", pgettext_lazy("of an account", "passkey added")
        PASSKEY_CONFIRMED = (
            "passkey_confirmed",
            pgettext_lazy("of an account", "passkey confirmed"),
        )
        PASSKEY_REMOVED = "passkey_removed", pgettext_lazy("of an account", "passkey removed")
        CODES_MADE = "codes_made", pgettext_lazy("of an account", "new recovery codes made")
        SESSIONS_ENDED = "sessions_ended", pgettext_lazy("of an account", "signed out elsewhere")
        PROVIDER_FAILED = (
            "provider_failed",
            pgettext_lazy("of an account", "answer of the provider refused"),
        )
        PROVIDER_STRANGER = (
            "provider_stranger",
            pgettext_lazy("of an account", "signed in at the provider, may not sign in here"),
        )
        PROVIDER_LINKED = "provider_linked", pgettext_lazy("of an account", "provider linked")
        PROVIDER_CONFIRMED = (
            "provider_confirmed",
            pgettext_lazy("of an account", "link to the provider confirmed"),
        )
        PROVIDER_UNLINKED = (
            "provider_unlinked",
            pgettext_lazy("of an account", "link to the provider removed"),
        )
        ADDRESS_CHANGED = "address_changed", pgettext_lazy("of an account", "address changed")
        ADDRESS_ASKED = "address_asked", pgettext_lazy("of an account", "asked for another address")
        ADDRESS_STOPPED = (
            "address_stopped",
            pgettext_lazy("of an account", "stopped a change of the address"),
        )
        OFFICE_RIGHT_GIVEN = (
            "office_right_given",
            pgettext_lazy("of an account", "got the secretariat’s right"),
        )
        OFFICE_RIGHT_ENDED = (
            "office_right_ended",
            pgettext_lazy("of an account", "lost the secretariat’s right"),
        )
        DATA_COPIED = "data_copied", pgettext_lazy("of an account", "copy of the data taken")
        SWITCHED_OFF = "switched_off", pgettext_lazy("of an account", "switched off")
        SWITCHED_ON = "switched_on", pgettext_lazy("of an account", "switched on again")
        ERASED = "erased", pgettext_lazy("of an account", "erased")

    at = models.DateTimeField(_("when"), db_index=True)
    kind = models.CharField(_("what"), max_length=30, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="account_events",
        verbose_name=_("person"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    sender = models.CharField(_("computer"), max_length=12, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of an account", "sign-in")
        verbose_name_plural = _("sign-ins and changes of accounts")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def waiting(self) -> Self:
        """Those that may still come true."""
        return self.filter(ended_at=None, expires_at__gt=timezone.now())


class AddressChange(models.Model):
    """A wish of a person to sign in with another e-mail address from now on.

    It comes true when somebody has opened a link in both mailboxes. The row keeps fingerprints of
    the two links; an empty one belongs to no link. `ended_at`: when it came true, was stopped, or
    was followed by another wish.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="address_changes",
    )
    old_email = models.EmailField()
    new_email = models.EmailField()
    old_token_hash = models.CharField(max_length=64, db_index=True)
    new_token_hash = models.CharField(max_length=64, db_index=True, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    old_confirmed_at = models.DateTimeField(null=True)
    new_confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an address")
        verbose_name_plural = _("changes of addresses")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            Unique(
                fields=["person"],
                condition=Q(ended_at=None),
                name="one_open_address_change",
                words=_("You have asked for another address a moment ago."),
                field="",
            ),
        ]

    def __str__(self) -> str:
        return self.new_email

    @property
    def is_confirmed(self) -> bool:
        """Whether the link of both mailboxes was opened."""
        return self.old_confirmed_at is not None and self.new_confirmed_at is not None


class ProviderLink(models.Model):
    """Who a person is at the provider that signs people in (0056).

    `issuer`: the address by which the provider calls itself. `subject`: its own name for the
    person, which never changes there and never gets another owner, unlike an e-mail address.
    `is_doubted`: it was there when a new password was chosen by letter, and signs nobody in before
    its owner has confirmed it.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="provider_links",
    )
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    is_doubted = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("link to a provider")
        verbose_name_plural = _("links to providers")
        constraints: ClassVar = [
            Unique(
                fields=["issuer", "subject"],
                name="one_account_per_person_of_a_provider",
                words=_("This account of the provider belongs to somebody else here."),
                field="",
            ),
            Unique(
                fields=["person", "issuer"],
                name="one_link_per_person_and_provider",
                words=_("This account is linked to the provider already."),
                field="",
            ),
        ]

    def __str__(self) -> str:
        return self.issuer
