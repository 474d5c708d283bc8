"""What happened at the door of the portal: who signed in, who was refused, what changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
        RECOVERY_USED = "recovery_used", pgettext_lazy("of an account", "recovery code used")
        FACTOR_ADDED = "factor_added", pgettext_lazy("of an account", "second factor added")
        FACTOR_REMOVED = "factor_removed", pgettext_lazy("of an account", "second factor removed")
        CODES_MADE = "codes_made", pgettext_lazy("of an account", "new recovery codes made")
        SESSIONS_ENDED = "sessions_ended", pgettext_lazy("of an account", "signed out elsewhere")
        ADDRESS_CHANGED = "address_changed", pgettext_lazy("of an account", "address changed")

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
