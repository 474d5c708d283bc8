"""From words to a message: plain text and HTML in one frame, with headers that say that a machine
writes."""

import re
import uuid
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.html import escape, format_html
from django.utils.http import urlsafe_base64_encode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.names import direction
from members.emails.writing import compose, host, network_name
from members.models import Letter, User
from members.wording import KINDS

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# What ends a sentence ends no address.
_AFTER_ADDRESS = ".,;:!?)…»”"


def send_password_reset(*, user: User) -> None:
    """Write a link by which this person chooses a new password, at once and past the outbox.

    It is not kept: whoever could read it there could take over the account, and the person sits
    waiting and will ask again. Raises what the mail server raises.
    """
    language = letter_language(user.language)
    key = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    context = {
        "link": site_link("password_reset_confirm", [key, token], language),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    words = compose("password_reset", language, context)
    message = build(
        to=user.email,
        language=language,
        subject=words.subject,
        text=words.text,
        message_id=new_message_id(),
    )
    message.send()


def build(
    *, to: str, language: str, subject: str, text: str, message_id: str
) -> EmailMultiAlternatives:
    """The message as it is handed to the mail server."""
    context = {
        "subject": subject,
        "text": text,
        "paragraphs": paragraphs(text),
        "language": language,
        "direction": direction(language),
        "network": network_name(language),
        "site_url": settings.SITE_URL,
        "host": host(),
    }
    with override(language):
        plain = render_to_string("members/emails/letter.txt", context)
        html = render_to_string("members/emails/letter.html", context)
    message = EmailMultiAlternatives(
        subject,
        plain,
        to=[to],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        # Absence notes and ticket systems must not answer a machine (RFC 3834). The id is fixed
        # when the letter is drafted: a letter that is handed over twice is recognised as one by
        # many mailboxes.
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def new_message_id() -> str:
    """An id that no other letter has."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.SITE_URL).hostname}>"


def paragraphs(text: str) -> list[SafeString]:
    """The text's paragraphs as HTML: everything escaped, line breaks kept, addresses made into
    links."""
    return [linked(paragraph) for paragraph in re.split(r"\n\s*\n", text.strip())]


def readable(letter: Letter) -> list[SafeString]:
    """The letter for whoever may read the outbox: a link that is one person's key is not shown to
    anybody else."""
    text = letter.text
    if letter.kind in KINDS and KINDS[letter.kind].secret:
        text = _ADDRESS.sub(_("[a link that only the recipient may see]"), text)
    return paragraphs(text) if text else []


def linked(text: str) -> SafeString:
    """Escaped text in which addresses that begin with http are links, and lines end where they
    ended."""
    parts, end = [], 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_AFTER_ADDRESS)
        parts += [escape(text[end : match.start()]), format_html('<a href="{0}">{0}</a>', address)]
        end = match.start() + len(address)
    html = "".join([*parts, escape(text[end:])])
    return mark_safe(html.replace("\n", "<br>\n"))  # noqa: S308 - each part was escaped above


def letter_language(language: str) -> str:
    """The person's language; the network's first where the network no longer uses theirs."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def site_link(name: str, arguments: list[object], language: str) -> str:
    """A whole address that opens in `language` for somebody who has not signed in."""
    return f"{settings.SITE_URL}{reverse(name, args=arguments)}?{urlencode({'language': language})}"
