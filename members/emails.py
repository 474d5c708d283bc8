"""What the portal writes to people: in their language, as plain text and as simple HTML, with links to SITE_URL."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import override

from languages.dates import format_date
from languages.names import direction
from members.models import Invitation, User


def send_invitation(*, invitation: Invitation, token: str) -> None:
    """Write to the invited person. `token` is the clear text whose fingerprint the invitation keeps.

    Raises what the mail server raises.
    """
    language = letter_language(invitation.language)
    context = {
        "invitation": invitation,
        "link": site_link("invitation_accept", [token], language),
        "valid_until": format_date(timezone.localdate(invitation.expires_at), language),
    }
    _send("invitation", to=invitation.email, language=language, context=context)


def send_password_reset(*, user: User) -> None:
    """Write a link by which this person chooses a new password. Asks the database nothing.

    Raises what the mail server raises.
    """
    language = letter_language(user.language)
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    context = {
        "person": user,
        "link": site_link("password_reset_confirm", [key, token], language),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    _send("password_reset", to=user.email, language=language, context=context)


def letter_language(language: str) -> str:
    """The person's language; the network's first where the network no longer uses theirs."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def site_link(name: str, arguments: list[str], language: str) -> str:
    """A whole address that opens in `language` for somebody who has not signed in."""
    return f"{settings.SITE_URL}{reverse(name, args=arguments)}?{urlencode({'language': language})}"


def _send(name: str, *, to: str, language: str, context: dict[str, object]) -> None:
    host = urlsplit(settings.SITE_URL).netloc
    context = {**context, "language": language, "direction": direction(language), "host": host}
    with override(language):
        subject = render_to_string(f"members/emails/{name}_subject.txt", context)
        text = render_to_string(f"members/emails/{name}.txt", context)
        html = render_to_string(f"members/emails/{name}.html", context)
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        text,
        to=[to],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        # Absence notes and ticket systems must not answer a machine (RFC 3834).
        headers={"Auto-Submitted": "auto-generated", "Content-Language": language},
    )
    message.attach_alternative(html, "text/html")
    message.send()
