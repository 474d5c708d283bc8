"""What happens at the door: noted for the secretariat, and told to the person by letter.

The only writer of account events.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.mfa.models import Authenticator
from auditlog.signals import accessed
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext, gettext_noop, override

from languages.dates import format_moment
from languages.text import labelled
from members import factors, limits, passkeys, personal_data, proof, secrets
from members.emails import letter_language, site_link
from members.models import AccountEvent, AddressChange, ProviderLink, User
from members.services import letters
from members.services.letters import NewLetter

logger = logging.getLogger(__name__)

Kind = AccountEvent.Kind

# Signs of a fingerprint that are kept: enough to see that lines come from one computer.
SENDER_LENGTH = 12
# What is noted of a change of an account, by the name of allauth's letter about it.
CHANGES = {
    "account/email/password_changed": Kind.PASSWORD_CHANGED,
    "account/email/password_reset": Kind.PASSWORD_CHANGED,
    "mfa/email/totp_activated": Kind.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Kind.FACTOR_REMOVED,
    "mfa/email/webauthn_added": Kind.PASSKEY_ADDED,
    "mfa/email/webauthn_removed": Kind.PASSKEY_REMOVED,
    "mfa/email/recovery_codes_generated": Kind.CODES_MADE,
}
# What the letter to the person says of it.
SAID = {
    Kind.PASSWORD_CHANGED: gettext_noop("A new password was chosen for it."),
    Kind.SIGNED_IN: gettext_noop("Somebody signed in on a device that was not used for it before."),
    Kind.SESSIONS_ENDED: gettext_noop("It was signed out everywhere."),
    Kind.CODE_REFUSED: gettext_noop(
        "Somebody who knows its password tried wrong codes of the second factor, and was stopped."
    ),
    Kind.PASSKEY_REFUSED: gettext_noop(
        "Somebody who knows its password tried passkeys that do not belong to it, and was stopped."
    ),
    Kind.RECOVERY_USED: gettext_noop("Somebody signed in with one of its recovery codes."),
    Kind.FACTOR_ADDED: gettext_noop("An app with codes was added to it as a second factor."),
    Kind.FACTOR_REMOVED: gettext_noop("The app with codes was removed from it."),
    Kind.PASSKEY_ADDED: gettext_noop("A passkey was added to it."),
    Kind.PASSKEY_CONFIRMED: gettext_noop("A passkey was confirmed, and signs in alone again."),
    Kind.PASSKEY_REMOVED: gettext_noop("A passkey was removed from it."),
    Kind.PROVIDER_LINKED: gettext_noop(
        "It was linked to an account elsewhere, which signs in here from now on."
    ),
    Kind.PROVIDER_CONFIRMED: gettext_noop(
        "Its link to an account elsewhere was confirmed, which signs in here again."
    ),
    Kind.PROVIDER_UNLINKED: gettext_noop(
        "Its link to an account elsewhere was removed, which no longer signs in here."
    ),
    Kind.ADDRESS_CHANGED: gettext_noop("It has another e-mail address from now on."),
    Kind.ADDRESS_STOPPED: gettext_noop(
        "It keeps its e-mail address: one of the two mailboxes said no to the change."
    ),
    Kind.CODES_MADE: gettext_noop("New recovery codes were made for it."),
    Kind.OFFICE_RIGHT_GIVEN: gettext_noop(
        "It has the right of the network’s secretariat now, to read and change everything."
    ),
    Kind.OFFICE_RIGHT_ENDED: gettext_noop(
        "It has the right of the network’s secretariat no longer."
    ),
    Kind.SWITCHED_OFF: gettext_noop(
        "It was switched off: nobody can sign in with it any longer. What you entered stays."
    ),
    Kind.SWITCHED_ON: gettext_noop("It was switched on again: you can sign in with it."),
}
ALL_REMOVED = gettext_noop(
    "All second factors were removed from it: app, passkeys and recovery codes."
)
# The letters about a change: by the person, or by somebody of the office; and where they lead.
BY_PERSON = "account_changed"
BY_OFFICE = "account_changed_by_office"
PAGES = {BY_PERSON: "account_reset_password", BY_OFFICE: "contact"}
BY_THE_OFFICE = gettext_noop("The network’s office gave it another e-mail address.")
# After these the letter names everything that signs in: nobody overlooks what a thief added.
LISTED = {Kind.PASSWORD_CHANGED, Kind.FACTOR_ADDED, Kind.PASSKEY_ADDED}
# What of a factor is encrypted: the secret of an app, that of recovery codes.
ENCRYPTED = {"secret", "seed"}
# How the log of the server says it.
REASONS = {
    Kind.FAILED: "wrong e-mail address or password",
    Kind.TOO_MANY: "too many attempts",
    Kind.PASSKEY_REFUSED: "passkey refused",
    Kind.PROVIDER_FAILED: "answer of the provider refused",
}


def note(
    kind: AccountEvent.Kind, *, person: User | None, sender: str = "", by: User | None = None
) -> AccountEvent:
    """Write one line of the secretariat's list. `sender`: a fingerprint of `members/limits.py`."""
    return AccountEvent.objects.create(
        at=timezone.now(),
        kind=kind,
        person=person,
        by=by,
        sender=sender[:SENDER_LENGTH],
    )


def note_sign_in(*, person: User, sender: str, is_new: bool, browser: str) -> None:
    """Note that somebody is in. The person is told of a new device, but not of the first of all."""
    earlier = AccountEvent.objects.filter(person=person, kind=Kind.SIGNED_IN)
    is_told = is_new and earlier.exists()
    event = note(Kind.SIGNED_IN, person=person, sender=sender)
    if is_told:
        tell(event, person, browser=browser)


def note_refusal(kind: AccountEvent.Kind, *, email: str, sender: str) -> None:
    """Note an attempt to sign in that failed, here and in the log of the server.

    Attempts that were not looked at are noted once a quarter of an hour, whoever tries a thousand
    times.
    """
    logger.warning("A sign-in failed: %s, from %s", REASONS[kind], sender[:SENDER_LENGTH])
    if kind == Kind.TOO_MANY and not limits.is_first_refusal(email, sender):
        return
    person = User.objects.filter(email=email.strip().lower()).first()
    note(kind, person=person, sender=sender)


def note_stranger(*, person: User | None, sender: str) -> None:
    """Note that somebody of the provider came who may not sign in. `person`: whose account is
    switched off, or belongs to somebody else there."""
    logger.warning("A sign-in failed: a stranger of the provider, from %s", sender[:SENDER_LENGTH])
    note(Kind.PROVIDER_STRANGER, person=person, sender=sender)


def note_change(
    name: str, *, person: User, sender: str, passkey: str = "", browser: str = ""
) -> None:
    """Note a change of an account by the name of allauth's letter, and tell the person."""
    kind = CHANGES.get(name)
    if kind is None:
        return
    event = note(kind, person=person, sender=sender)
    tell(event, person, passkey=passkey, browser=browser)


def note_wrong_factor(
    kind: AccountEvent.Kind, *, person: User, sender: str, is_refused: bool
) -> None:
    """Note a wrong code or passkey of the second step; where no more are looked at, tell the
    person, once in a quarter."""
    if not is_refused:
        note(kind, person=person, sender=sender)
    elif limits.is_first_refusal(f"code:{person.email}", sender):
        event = note(kind, person=person, sender=sender)
        tell(event, person)


def note_recovery(*, person: User, sender: str) -> None:
    """Somebody signed in by a recovery code."""
    event = note(Kind.RECOVERY_USED, person=person, sender=sender)
    tell(event, person)


@transaction.atomic
def note_copy(*, person: User, by: User | None, sender: str = "") -> None:
    """The secretariat took a copy of all that is kept about somebody: among the events, and in the
    person's history. `by` is None for the command on the server."""
    note(Kind.DATA_COPIED, person=person, sender=sender, by=by)
    accessed.send(sender=User, instance=person)


def note_switch(*, person: User, by: User, sender: str) -> AccountEvent:
    """The secretariat switched the account off, or on again: the person is told by letter."""
    kind = Kind.SWITCHED_ON if person.is_active else Kind.SWITCHED_OFF
    somebody_else = by if by != person else None
    event = note(
        kind,
        person=person,
        sender=sender,
        by=somebody_else,
    )
    tell(event, person)
    return event


def note_erasure(*, person: User, by: User) -> None:
    """The line stays under the pseudonym."""
    note(Kind.ERASED, person=person, by=by)


def forget_old(*, is_rehearsal: bool = False) -> int:
    """Delete lines that were kept for SIGN_IN_DAYS, and changes of addresses whose links are too
    old; their number. A rehearsal only counts."""
    now = timezone.now()
    oldest = now - timedelta(days=settings.SIGN_IN_DAYS)
    old_lines = AccountEvent.objects.filter(at__lt=oldest)
    old_changes = AddressChange.objects.filter(expires_at__lt=now)
    count = old_lines.count() + old_changes.count()
    if not is_rehearsal:
        old_lines.delete()
        old_changes.delete()
    return count


def forget_person(*, person: User) -> None:
    """Delete all that is kept about how this person signed in, and what they signed in with."""
    AccountEvent.objects.filter(person=person).delete()
    AddressChange.objects.filter(person=person).delete()
    ProviderLink.objects.filter(person=person).delete()
    Authenticator.objects.filter(user=person).delete()


@dataclass(frozen=True)
class OpenSession:
    """One place where a person is signed in. `name`: stands for its key, which no page shows."""

    name: str
    browser: str
    began_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def open_sessions(*, person: User, own_key: str | None) -> list[OpenSession]:
    """Where the person is signed in, this place first, then the one that was used last."""
    rows = []
    for session in personal_data.sessions_of(person):
        values = session.get_decoded()
        row = OpenSession(
            name=limits.fingerprint_of("session", session.session_key),
            browser=values.get(proof.BROWSER, ""),
            began_at=_moment(values.get(proof.BEGAN_AT)),
            seen_at=_moment(values.get(proof.SEEN_AT)),
            is_this=session.session_key == own_key,
        )
        rows.append(row)
    rows.sort(key=_last_used, reverse=True)
    return rows


def _last_used(row: OpenSession) -> tuple[bool, float]:
    seconds = row.seen_at.timestamp() if row.seen_at else 0
    return row.is_this, seconds


def _moment(seconds: float | None) -> datetime | None:
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def end_one(*, person: User, name: str, sender: str) -> int:
    """Sign the person out in the place of this name; how many there were."""
    ended = 0
    for session in personal_data.sessions_of(person):
        if limits.fingerprint_of("session", session.session_key) == name:
            session.delete()
            ended += 1
    if ended:
        note(Kind.SESSIONS_ENDED, person=person, sender=sender)
    return ended


def end_others(*, person: User, own_key: str | None, sender: str) -> int:
    """Sign the person out everywhere else; how many places."""
    ended = end_sessions(person=person, but=own_key)
    if ended:
        note(Kind.SESSIONS_ENDED, person=person, sender=sender)
    return ended


def end_sessions(*, person: User, but: str | None = None) -> int:
    """Sign the person out everywhere but in one session; the number of sessions that ended."""
    ended = 0
    for session in personal_data.sessions_of(person):
        if session.session_key != but:
            session.delete()
            ended += 1
    return ended


@transaction.atomic
def remove_factors(*, person: User, by: User | None) -> int:
    """Take the second factor away from somebody who lost it, and sign them out; how many rows.

    `by` is None for the command on the server. The person is told, and sets up another factor when
    they sign in. Raises PermissionDenied for somebody who may not change accounts.
    """
    if by is not None and not by.has_perm("change", person):
        raise PermissionDenied
    removed, _rows = Authenticator.objects.filter(user=person).delete()
    end_sessions(person=person)
    event = note(Kind.FACTOR_REMOVED, person=person, by=by)
    tell(event, person, said=ALL_REMOVED, kind=BY_OFFICE)
    logger.warning("The second factor of person %s was removed", person.pk)
    return removed


@transaction.atomic
def renew_secrets() -> int:
    """Encrypt what second factors rest on with the SECRET_KEY of today: the keys of before may go.

    The number of secrets.
    """
    rows = Authenticator.objects.select_for_update().order_by("pk")
    renewed = 0
    for factor in rows:
        for name in ENCRYPTED & set(factor.data):
            factor.data[name] = secrets.renew(factor.data[name])
            renewed += 1
        factor.save(update_fields=["data"])
    return renewed


@transaction.atomic
def doubt_passkeys(*, person: User) -> None:
    """A new password came by letter: no passkey signs in alone before its owner confirmed it. A
    thief may have added it, and the new password shall keep the thief out."""
    rows = passkeys.passkeys_of(person)
    for passkey in rows.select_for_update():
        passkey.data[passkeys.DOUBTED] = True
        columns = ["data"]
        passkey.save(update_fields=columns)


@transaction.atomic
def confirm_passkey(*, passkey: Authenticator, sender: str, browser: str) -> None:
    """Its owner says that it is theirs: it signs in alone again. Noted, and told by letter."""
    rows = Authenticator.objects.select_for_update()
    row = rows.get(pk=passkey.pk)
    mark = passkeys.DOUBTED
    row.data.pop(mark, None)
    columns = ["data"]
    row.save(update_fields=columns)
    event = note(Kind.PASSKEY_CONFIRMED, person=row.user, sender=sender)
    tell(event, row.user, passkey=str(row), browser=browser)


def tell(
    about: AccountEvent,
    person: User,
    *,
    said: str = "",
    passkey: str = "",
    browser: str = "",
    kind: str = "",
) -> None:
    """Write to the person what happened to their account, when, and in which browser.

    Whether it was them is asked only where it can have been: what somebody else did, as the event
    says, is told with their name, and whom to ask. `said`: another sentence than that of the event.
    `passkey`: its name. `kind`: of the letter.
    """
    language = letter_language(person.language)
    with override(language):
        what = _what(about, said=said, passkey=passkey, browser=browser)
        if about.kind in LISTED:
            what += _all_that_signs_in(person, language)
    letter_kind = kind or (BY_OFFICE if about.by else BY_PERSON)
    page = PAGES[letter_kind]
    link = site_link(page, [], language)
    letter = NewLetter(
        kind=letter_kind,
        to=person.email,
        language=language,
        context={"what": what, "link": link},
    )
    letters.write(
        letter=letter,
        about=about,
        by=about.by,
    )


def tell_given_address(about: AccountEvent, person: User) -> None:
    """Write to the address that the office gave to an account.

    With no link to a new password: a stranger may read it, if the office mistyped.
    """
    language = letter_language(person.language)
    letter = NewLetter(
        kind="address_given",
        to=person.email,
        language=language,
        context={"link": site_link("account_login", [], language)},
    )
    letters.write(letter=letter, about=about, by=None)


def tell_earlier_address(about: AccountEvent, person: User, *, to: str) -> None:
    """Write to the address that was the account's what happened, and whom to tell.

    Nobody gets a link to a new password there any longer.
    """
    language = letter_language(person.language)
    with override(language):
        what = _what(about, said=BY_THE_OFFICE if about.by else "")
    letter = NewLetter(
        kind="address_left",
        to=to,
        language=language,
        context={"what": what, "link": site_link("contact", [], language)},
    )
    letters.write(letter=letter, about=about, by=about.by)


def _what(about: AccountEvent, *, said: str, passkey: str = "", browser: str = "") -> str:
    """What happened, in the active language: one sentence, and lines with the particulars."""
    lines = [gettext(said or SAID[Kind(about.kind)])]
    if about.by:
        name = str(about.by)
        lines.append(labelled(gettext("Changed by"), name))
    if passkey:
        lines.append(labelled(gettext("Passkey"), passkey))
    lines.append(labelled(gettext("When"), format_moment(about.at, get_language() or "")))
    if browser:
        lines.append(labelled(gettext("Browser"), browser))
    return "\n".join(lines)


def _all_that_signs_in(person: User, language: str) -> str:
    """A line of the letter in the active language; "" where there is only the password."""
    names = factors.words_of(person)
    if not names:
        return ""
    listed = gettext(
        "Beside the password these sign in: %(factors)s. Look whether all of them are yours: "
        "%(link)s"
    )
    link = site_link("mfa_index", [], language)
    words = {"factors": ", ".join(names), "link": link}
    return "\n" + listed % words
