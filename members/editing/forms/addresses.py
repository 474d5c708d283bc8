"""The check of web addresses in forms: pages that everybody can open, and nothing else."""

import ipaddress
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

# Names that lead into somebody's own network (RFC 6761, RFC 6762, RFC 8375, and what routers and
# offices use).
PRIVATE_ENDINGS = (
    ".localhost",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
    ".test",
)


class PublicAddress(URLValidator):
    """http or https, without a password in it, and no address of a private network."""

    schemes = ["http", "https"]

    def __call__(self, value: str) -> None:
        try:
            parts = urlsplit(value)
            host = (parts.hostname or "").rstrip(".")
            named = parts.username is not None
        except ValueError as error:
            raise ValidationError(self.message, code=self.code, params={"value": value}) from error
        if parts.scheme.lower() not in self.schemes:
            raise ValidationError(
                _("Only addresses that begin with https:// or http:// can be given."), code="scheme"
            )
        if named:
            raise ValidationError(
                _("Leave out the name and password in the address."), code="password"
            )
        if is_private(host):
            raise ValidationError(
                _(
                    "This address leads into a private network. Give a page that everybody "
                    "can open."
                ),
                code="private",
            )
        super().__call__(value)


def is_private(host: str) -> bool:
    """Whether a host is this machine or lies in a private network, by its name or number alone."""
    if host == "localhost" or host.endswith(PRIVATE_ENDINGS):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not (getattr(number, "ipv4_mapped", None) or number).is_global


def only_public_addresses(formfield: forms.Field) -> None:
    """Let a form's field for web addresses take only public ones; other fields stay as they are."""
    if not isinstance(formfield, forms.URLField):
        return
    validators = formfield.validators
    others = [check for check in validators if not isinstance(check, URLValidator)]
    formfield.validators = [*others, PublicAddress()]
