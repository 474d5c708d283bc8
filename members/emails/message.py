"""From a wording to a message: plain text and HTML, with headers that say that a program writes."""

import re
import uuid
from collections.abc import Callable
from email.utils import formataddr, parseaddr
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import int_to_base36
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.names import direction
from languages.page_language import PAGE_LANGUAGE, PAGE_PART
from members import password_links
from members.emails.writing import compose, host, network_name
from members.models import Letter, User
from members.wording import KINDS

STOPS = Signer(salt="summaries")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# Characters that end a sentence are not the end of an address.
_AFTER_ADDRESS = ".,;:!?)…»”"


def send_password_reset(*, user: User) -> None:
    """Send a link by which this person chooses a new password, at once and not by the outbox.

    It is not stored: a person who reads the outbox could take over the account. If it is lost, the
    person asks again. Raises the errors of the mail server.
    """
    language = letter_language(user.language)
    key = int_to_base36(user.pk)
    token = password_links.tokens.make_token(user)
    context = {
        "link": site_link("account_reset_password_from_key", [key, token], language),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    _send_at_once("password_reset", user.email, language, context)


def send_erased(*, to: str, language: str) -> None:
    """Tell somebody that the portal has just forgotten them. Raises the errors of the mail server:
    nobody can write to them later."""
    code = letter_language(language)
    page = site_link("contact", [], code)
    _send_at_once("account_erased", to, code, {"link": page})


def _send_at_once(kind: str, to: str, language: str, context: dict[str, object]) -> None:
    words = compose(kind, language, context)
    message = build(
        to=to,
        language=language,
        subject=words.subject,
        text=words.text,
        message_id=new_message_id(),
    )
    message.send()


def build(
    *, to: str, language: str, subject: str, text: str, message_id: str, stop: str = ""
) -> EmailMultiAlternatives:
    """The message as it is handed to the mail server.

    `stop`: the address at which the reader ends such letters. Mail programs offer it as a button,
    and send the form themselves (RFC 8058).
    """
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
        from_email=sender(language),
        to=[to],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        headers=_headers(message_id, language, stop),
    )
    message.attach_alternative(html, "text/html")
    return message


def _headers(message_id: str, language: str, stop: str) -> dict[str, str]:
    """Absence notes and ticket systems must not answer a program (RFC 3834). The id is that of the
    letter: many mailboxes recognise a letter that is handed over twice."""
    headers = {
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def stop_link(person: int, language: str) -> str:
    """The address at which this person (their key) ends summaries; it signs nobody in."""
    token = STOPS.sign(str(person))
    return site_link("summaries_stop", [token], language)


def person_who_stops(token: str) -> int | None:
    """The key of the person whose summaries this token ends; None for a token that is not ours."""
    try:
        return int(STOPS.unsign(token))
    except BadSignature:
        return None


def new_message_id() -> str:
    """An id that no other letter has."""
    hostname = urlsplit(settings.SITE_URL).hostname
    name = uuid.uuid4().hex
    return f"<{name}@{hostname}>"


def paragraphs(text: str) -> list[SafeString]:
    """The text's paragraphs as HTML: escaped, with their line breaks, addresses as links."""
    stripped = text.strip()
    parts = re.split(r"\n\s*\n", stripped)
    return [linked(part) for part in parts]


def readable(letter: Letter) -> list[SafeString]:
    """The letter for people who read the outbox: without links that only the recipient may open."""
    text = letter.text
    kind = KINDS.get(letter.kind)
    if kind and kind.secret:
        text = _ADDRESS.sub(_("[a link that only the recipient may see]"), text)
    return paragraphs(text) if text else []


def linked(text: str) -> SafeString:
    """Escaped text with its line breaks; addresses that begin with http are links."""
    parts = []
    end = 0
    for match in _ADDRESS.finditer(text):
        start = match.start()
        before = escape(text[end:start])
        address = match[0].rstrip(_AFTER_ADDRESS)
        link = format_html('<a href="{0}">{0}</a>', address)
        parts += [before, link]
        end = start + len(address)
    rest = escape(text[end:])
    parts.append(rest)
    html = "".join(parts).replace("\n", "<br>\n")
    return mark_safe(html)  # noqa: S308 - each part was escaped above


def letter_language(language: str) -> str:
    """The person's language; the network's first one where the network no longer uses it."""
    first_language: str = settings.LANGUAGE_CODE
    languages = dict(settings.LANGUAGES)
    return language if language in languages else first_language


def site_link(name: str, arguments: list[object], language: str) -> str:
    """A whole address by its name, as `link_to` gives it."""
    return link_to(lambda: reverse(name, args=arguments), language)


def link_to(find_path: Callable[[], str], language: str) -> str:
    """The whole address of a page that opens in `language`, the only way into a letter.

    A public page has the language before its path. Where people sign in it stands in the query
    string, for whoever has not signed in yet: under a name of its own where the page has filters,
    of which one may be a language. So does the part of the page at which it opens.
    """
    with override(language):
        path = find_path()
    if path.startswith(f"/{language}/"):
        return f"{settings.SITE_URL}{path}"
    page, _mark, part = path.partition("#")
    has_query = "?" in page
    query = {PAGE_LANGUAGE if has_query else "language": language}
    if part:
        query[PAGE_PART] = part
    separator = "&" if has_query else "?"
    return f"{settings.SITE_URL}{page}{separator}{urlencode(query)}"


def sender(language: str) -> str:
    """From whom a letter comes, in the recipient's language: `Network of Cities <office@…>`."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or network_name(language), address))
