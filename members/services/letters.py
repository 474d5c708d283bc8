"""Writing, sending and withdrawing letters. The only writer of the outbox.

A letter is a row of the transaction that it tells of: what is rolled back is never written, and
what is committed is never lost. Sending comes later, and is tried again until it succeeds or makes
no sense any more.

One double is possible, and no mail program can rule it out: the mail server takes a letter, and
this process ends before it has noted so. The letter is then sent once more, with the same
Message-ID, when its claim runs out.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from members import emails
from members.emails.message import new_message_id
from members.models import Letter, User
from members.models.letters import SUBJECT_LENGTH, LetterQuerySet
from members.models.record import content_type_of
from members.wording import KINDS
from members.wording.placeholders import clean_text, one_line

logger = logging.getLogger(__name__)

# What changes a text.
Words = Callable[[str], str]

TEXT_LENGTH = 20_000
# Until the next try: a short fault costs a minute, a dead server less than four days. Then a person
# must look.
MINUTES = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440)
PAUSES = [timedelta(minutes=minutes) for minutes in MINUTES]
# Longer than any conversation with a mail server. A process that died holds its letter for so long.
CLAIM = timedelta(minutes=15)
# No process holds the letter any more, and none will try to send it.
NO_CLAIM: dict[str, None] = {"claim": None, "claimed_until": None}
ENDED = (Letter.State.SENT, Letter.State.WITHDRAWN)
NO_TRY: dict[str, None] = {"next_try_at": None, **NO_CLAIM}


# --- Writing --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewLetter:
    """What a letter says, to whom and in which language.

    `context` gives the kind's words in curly brackets. `subject` and `text` are what a person
    edited on a confirmation page: they are taken as they are, nothing is filled in.
    """

    kind: str
    to: str
    language: str
    context: Mapping[str, object]
    subject: str | None = None
    text: str | None = None


def language_of(email: str, *, otherwise: str) -> str:
    """The language in which whoever reads this mailbox is written to: that of its account, else the
    one that the writer supposes."""
    languages = User.objects.filter(email=email).values_list("language", flat=True)
    return emails.letter_language(languages.first() or otherwise)


@transaction.atomic
def write(
    *,
    letter: NewLetter,
    about: models.Model,
    by: User | None,
    once: str = "",
    not_before: datetime | None = None,
) -> Letter:
    """Put a letter into the outbox, in the caller's transaction; it goes out after the commit, or
    not before a moment.

    `by` is None where nobody acts (a visitor's form, a reminder). Unsent letters that this one
    makes pointless are withdrawn. Raises ValidationError for a wrong address and for an edited text
    that is empty or too long, IntegrityError where a letter with the same `once` exists.
    """
    validate_email(letter.to)
    language = emails.letter_language(letter.language)
    words = _words_of(letter, language)
    _withdraw_replaced(letter, about)
    now = timezone.now()
    row = Letter.objects.create(
        kind=letter.kind,
        to=letter.to,
        language=language,
        subject=words.subject,
        text=words.text,
        message_id=new_message_id(),
        once=once,
        content_type=content_type_of(about),
        object_id=about.pk,
        written_at=now,
        written_by=by,
        next_try_at=not_before or now,
    )
    _send_after_commit(row)
    return row


def _words_of(letter: NewLetter, language: str) -> emails.Composed:
    """The wording with its values put in; the parts that a person edited instead, checked."""
    words = emails.compose(letter.kind, language, letter.context)
    own_subject = letter.subject
    if own_subject is not None:
        subject = _checked(one_line(own_subject), SUBJECT_LENGTH)
        words = replace(words, subject=subject)
    own_text = letter.text
    if own_text is not None:
        text = clean_text(own_text).strip()
        text = _checked(text, TEXT_LENGTH)
        words = replace(words, text=text)
    return words


def _send_after_commit(letter: Letter) -> None:
    """Send at once where the settings say so; else the timer sends it."""
    if settings.LETTERS_AT_ONCE:
        send_it = partial(send_due, only=letter.pk)
        transaction.on_commit(send_it, robust=True)


@transaction.atomic
def withdraw_unsent(
    *, about: models.Model, why: str, kinds: Iterable[str] | None = None, by: User | None = None
) -> int:
    """Withdraw what was written about this and has not been sent; the number of letters.

    A letter that a process is sending at this moment is not withdrawn.
    """
    rows = Letter.objects.about(about).unsent()
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return _withdraw(rows, why=why, by=by)


@transaction.atomic
def withdraw_these(*, rows: LetterQuerySet, why: str, by: User) -> int:
    """Withdraw those of these letters that are not sent; the number of letters."""
    return _withdraw(
        rows.unsent(),
        why=why,
        by=by,
    )


@transaction.atomic
def withdraw_pointless(*, letters: Iterable[Letter], why: str = "") -> int:
    """Withdraw those of these letters that are not sent; the number of letters.

    The portal itself decides that nobody needs them any more. Without `why`: the thing is done, or
    the person gets no such letters.
    """
    keys = [letter.pk for letter in letters]
    rows = Letter.objects.filter(pk__in=keys)
    reason = why or _("It is done, or the person does not get these letters any more.")
    return _withdraw(rows.unsent(), why=reason, by=None)


@transaction.atomic
def forget(*, about: models.Model) -> None:
    """Delete all letters about a row whose personal data are deleted now; sent ones too."""
    Letter.objects.about(about).delete()


@transaction.atomic
def forget_old(*, now: datetime | None = None) -> int:
    """Clear recipient, subject and text of letters `LETTER_DAYS` after they were written.

    Returns the number of letters. What stays: that a letter of this kind was written on that day,
    about what, and its state. One that failed and was left alone is withdrawn: nobody sends it any
    more.
    """
    age = timedelta(days=settings.LETTER_DAYS)
    today = now or timezone.now()
    last_day = today - age
    old = Letter.objects.filter(written_at__lt=last_day)
    failed = old.filter(state=Letter.State.FAILED)
    why = _("Too old to be sent.")
    _withdraw(failed, why=why, by=None)
    ended = old.filter(state__in=ENDED)
    rows = ended.exclude(to="")
    return _clear(rows)


@transaction.atomic
def forget_reader(*, rows: LetterQuerySet, by: User) -> None:
    """Their reader is erased: withdraw what is not sent, and clear recipient and text of all.

    Raises ValidationError while one of them is being sent.
    """
    why = _("The personal data of the recipient were deleted.")
    _withdraw(rows.unsent(), why=why, by=by)
    if rows.exclude(state__in=ENDED).exists():
        message = _("A letter to this person is being sent at this moment. Try again in a minute.")
        raise ValidationError(message, code="sending")
    _clear(rows)


@transaction.atomic
def forget_named(*, rows: LetterQuerySet, words: Words) -> None:
    """Whom these letters to others name is erased: `words` takes the name out of each."""
    for letter in rows:
        letter.subject = words(letter.subject)[:SUBJECT_LENGTH]
        letter.text = words(letter.text)[:TEXT_LENGTH]
        letter.save(update_fields=["subject", "text"])


def _clear(rows: LetterQuerySet) -> int:
    """Put the name of the kind in the place of what these letters say; the number of letters.

    Each is saved, so that the list of the outbox does not find it by its recipient any more.
    """
    in_order = rows.order_by("pk")
    letters = list(in_order)
    for letter in letters:
        letter.to = ""
        letter.subject = _name_of_kind(letter)
        letter.text = ""
        letter.once = ""
        letter.failure = ""
        letter.save(update_fields=["to", "subject", "text", "once", "failure"])
    return len(letters)


def _name_of_kind(letter: Letter) -> str:
    kind = KINDS.get(letter.kind)
    if kind is None:
        return letter.kind
    with override(letter.language):
        name = str(kind.label)
    return name[:SUBJECT_LENGTH]


@transaction.atomic
def withdraw(*, letter: Letter, why: str, by: User) -> None:
    """Withdraw one letter, also one that has failed.

    Raises PermissionDenied without the right to the outbox, ValidationError where it was sent or
    withdrawn before, is being sent just now, or no reason is given.
    """
    if not by.has_perm("change", letter):
        raise PermissionDenied
    reason = why.strip()
    if not reason:
        message = _("Say why, for whoever reads this later.")
        raise ValidationError(message, code="required")
    rows = Letter.objects.filter(pk=letter.pk).unsent()
    count = _withdraw(
        rows,
        why=reason,
        by=by,
    )
    if not count:
        raise _too_late(letter)


@transaction.atomic
def try_again(*, letter: Letter, by: User) -> None:
    """Send a letter that waits or has failed at once, and count its tries from the beginning.

    Raises PermissionDenied without the right to the outbox, ValidationError where it was sent or
    withdrawn, or is being sent just now.
    """
    if not by.has_perm("change", letter):
        raise PermissionDenied
    rows = Letter.objects.filter(pk=letter.pk).unsent()
    changed = rows.update(
        state=Letter.State.DRAFTED,
        next_try_at=timezone.now(),
        tries=0,
        failed_at=None,
        **NO_CLAIM,
    )
    if not changed:
        raise _too_late(letter)
    _send_after_commit(letter)


def _checked(text: str, longest: int) -> str:
    if not text:
        raise ValidationError(_("A letter needs a subject and a text."), code="required")
    if len(text) > longest:
        message = _("This is too long for a letter. The longest has %(longest)d characters.")
        raise ValidationError(message, code="max_length", params={"longest": longest})
    return text


def _withdraw_replaced(letter: NewLetter, about: models.Model) -> None:
    """Withdraw older letters that a newer one replaces: to the same person, and any reminder."""
    kind = KINDS[letter.kind]
    names = kind.replaces
    replaced = Q(to=letter.to)
    if not kind.reminder:
        reminders = [name for name in names if KINDS[name].reminder]
        replaced |= Q(kind__in=reminders)
    unsent = Letter.objects.about(about).unsent()
    alike = unsent.filter(kind__in=names)
    rows = alike.filter(replaced)
    why = _("A newer letter took its place.")
    _withdraw(rows, why=why, by=None)


def _withdraw(rows: LetterQuerySet, *, why: str, by: User | None) -> int:
    """Withdraw all these letters, and delete the text of secret ones; the number of letters."""
    secret_kinds = [name for name, kind in KINDS.items() if kind.secret]
    changes: dict[str, Any] = {
        "state": Letter.State.WITHDRAWN,
        "withdrawn_at": timezone.now(),
        "withdrawn_by": by,
        "withdrawn_why": why,
        "failed_at": None,
        **NO_TRY,
    }
    secret = rows.filter(kind__in=secret_kinds)
    others = rows.exclude(kind__in=secret_kinds)
    # Two updates of the same condition: the first makes the second's rows fewer.
    count = secret.update(
        **changes,
        text="",
    )
    count += others.update(**changes)
    return count


def _too_late(letter: Letter) -> ValidationError:
    letter.refresh_from_db()
    if letter.state == Letter.State.SENT:
        sentence = _("This letter has been sent already.")
    elif letter.state == Letter.State.WITHDRAWN:
        sentence = _("This letter was withdrawn.")
    else:
        sentence = _("This letter is being sent at this moment. Look again in a minute.")
    return ValidationError(sentence, code="too_late")


# --- Sending --------------------------------------------------------------------------------------


def send_due(*, only: int | None = None) -> Counter[str]:
    """Send every letter whose time has come, or `only` the one with this key.

    Returns how many were sent, delayed and failed. No transaction is open during the conversation
    with the mail server. Several processes may do this at once.
    """
    start = timezone.now()
    counts: Counter[str] = Counter()
    with emails.Post() as post:
        while letter := claim(due_at=start, only=only):
            try:
                counts[_send(letter, post)] += 1
            except emails.NotTaken:
                # The server cannot be reached: the others keep their tries for when it can.
                counts["delayed"] += 1
                break
    return counts


@transaction.atomic
def claim(*, due_at: datetime, only: int | None = None) -> Letter | None:
    """Reserve the next letter whose time has come for this process; None where there is none.

    PostgreSQL locks the row and lets the next process skip it; on SQLite a transaction is alone
    with the database.
    """
    rows = Letter.objects.due(due_at)
    if only is not None:
        rows = rows.filter(pk=only)
    locked = rows.select_for_update(skip_locked=True)
    letter = locked.order_by("next_try_at", "pk").first()
    if letter is None:
        return None
    now = timezone.now()
    letter.claim = uuid.uuid4()
    letter.claimed_until = now + CLAIM
    # Counted before the attempt: a letter that ends the process each time is given up as well.
    letter.tries += 1
    letter.save(update_fields=["claim", "claimed_until", "tries"])
    return letter


def _send(letter: Letter, post: emails.Post) -> str:
    """Hand one claimed letter over and note the result: sent, delayed or failed.

    Raises NotTaken where the server cannot be reached.
    """
    if letter.tries > len(PAUSES) + 1:
        return _note_failure(letter, "The sending was interrupted each time.", final=True)
    try:
        message = emails.build(
            to=letter.to,
            language=letter.language,
            subject=letter.subject,
            text=letter.text,
            message_id=letter.message_id,
            stop=_stop_of(letter),
        )
        post.hand_over(message)
    except emails.NotTaken as refusal:
        outcome = _note_failure(letter, str(refusal), final=refusal.final)
        if refusal.away:
            raise
        return outcome
    except Exception as error:
        logger.exception("Letter %s was not sent", letter.pk)
        return _note_failure(letter, f"{type(error).__name__}: {error}", final=False)
    _note_sent(letter)
    return "sent"


def _stop_of(letter: Letter) -> str:
    """Where its reader ends such letters; empty for a letter that cannot be ended."""
    if not KINDS[letter.kind].stops:
        return ""
    return emails.stop_link(letter.object_id, letter.language)


def _note_sent(letter: Letter) -> None:
    """Note it whichever process holds the letter by now: the server has it."""
    changes: dict[str, Any] = {}
    kind = KINDS[letter.kind]
    if kind.secret:
        changes["text"] = ""
    waiting = Letter.objects.filter(pk=letter.pk, state=Letter.State.DRAFTED)
    noted = waiting.update(
        state=Letter.State.SENT,
        sent_at=timezone.now(),
        failure="",
        **NO_TRY,
        **changes,
    )
    if not noted:
        logger.error("Letter %s took longer than its claim and may have gone out twice", letter.pk)


def _note_failure(letter: Letter, reason: str, *, final: bool) -> str:
    now = timezone.now()
    is_last_try = letter.tries > len(PAUSES)
    changes: dict[str, Any]
    if final or is_last_try:
        result = "failed"
        changes = {
            "state": Letter.State.FAILED,
            "failed_at": now,
            "next_try_at": None,
        }
    else:
        result = "delayed"
        pause = PAUSES[letter.tries - 1]
        changes = {"next_try_at": now + pause}
    held = Letter.objects.filter(pk=letter.pk, claim=letter.claim)
    held.update(
        **changes,
        failure=reason,
        **NO_CLAIM,
    )
    logger.warning("Letter %s was not sent at try %s: %s", letter.pk, letter.tries, reason)
    return result
