"""Drafting, sending and withdrawing letters. The only writer of the outbox.

A letter is a row of the transaction that it tells of: what is rolled back is never written, and
what is committed is never forgotten. Sending is another matter, done later and again until it
succeeds or makes no sense any more.

One double is possible and cannot be ruled out by anybody: the mail server takes a letter, and this
process ends before it has noted so. The letter is then sent once more, with the same Message-ID,
when its claim runs out.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

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
from members.models.letters import SUBJECT_LENGTH
from members.models.record import content_type_of
from members.wording import KINDS
from members.wording.placeholders import clean_text, one_line

logger = logging.getLogger(__name__)

TEXT_LENGTH = 20_000
# Minutes until the next try: a hiccup costs a minute, a dead server less than four days. Then a
# person must look.
PAUSES = [
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 1440)
]
# Longer than any conversation with a mail server. A sender that died holds its letter for so long.
CLAIM = timedelta(minutes=15)


# --- Writing --------------------------------------------------------------------------------------


@transaction.atomic
def draft(
    *,
    kind: str,
    to: str,
    language: str,
    context: Mapping[str, object],
    about: models.Model,
    by: User | None,
    subject: str | None = None,
    text: str | None = None,
    once: str = "",
) -> Letter:
    """Put a letter into the outbox, in the caller's transaction; it goes out after the commit.

    `context` gives the kind's words in curly brackets. `subject` and `text` are what a person
    edited on a confirm page: taken as they are, nothing is filled in. `by` is None where nobody
    acts (a visitor's form, a reminder). Unsent letters that this one makes pointless are withdrawn.
    Raises ValidationError for a wrong address and for an edited text that is empty or too long,
    IntegrityError where a letter with the same `once` exists.
    """
    validate_email(to)
    language = emails.letter_language(language)
    words = emails.compose(kind, language, context)
    subject = words.subject if subject is None else _edited(one_line(subject), SUBJECT_LENGTH)
    text = words.text if text is None else _edited(clean_text(text).strip(), TEXT_LENGTH)
    _withdraw_replaced(kind, to, about)
    now = timezone.now()
    letter = Letter.objects.create(
        kind=kind,
        to=to,
        language=language,
        subject=subject,
        text=text,
        message_id=new_message_id(),
        once=once,
        content_type=content_type_of(about),
        object_id=about.pk,
        written_at=now,
        written_by=by,
        next_try_at=now,
    )
    if settings.LETTERS_AT_ONCE:
        transaction.on_commit(partial(send_due, only=letter.pk), robust=True)
    return letter


@transaction.atomic
def withdraw_unsent(
    *, about: models.Model, why: str, kinds: Iterable[str] | None = None, by: User | None = None
) -> int:
    """Take back what was written about this and has not been sent; the number of letters.

    A letter that a sender holds at this moment is on its way and not taken back.
    """
    rows = Letter.objects.about(about).unsent()
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    return _withdraw(rows, why=why, by=by)


@transaction.atomic
def withdraw_pointless(*, letters: Iterable[Letter], why: str) -> int:
    """Take back such of these letters as are not sent: the portal itself found that nobody needs
    them any more."""
    return _withdraw(
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).unsent(), why=why, by=None
    )


@transaction.atomic
def forget(*, about: models.Model) -> None:
    """Delete the letters about something that holds what a person wrote and is forgotten now; sent
    ones too."""
    Letter.objects.about(about).delete()


@transaction.atomic
def forget_old(*, now: datetime | None = None) -> int:
    """Forget to whom letters went and what they said, `LETTER_DAYS` after they were written; how
    many were forgotten.

    What stays: that a letter of this kind was written on that day, about what, and what became of
    it. One that failed and was left alone is withdrawn: nobody sends it any more.
    """
    old = Letter.objects.filter(
        written_at__lt=(now or timezone.now()) - timedelta(days=settings.LETTER_DAYS)
    )
    _withdraw(old.filter(state=Letter.State.FAILED), why=_("Too old to be sent."), by=None)
    kept = old.filter(state__in=[Letter.State.SENT, Letter.State.WITHDRAWN]).exclude(to="")
    forgotten = 0
    for kind, language in list(
        kept.order_by("kind", "language").values_list("kind", "language").distinct()
    ):
        with override(language):
            subject = str(KINDS[kind].label) if kind in KINDS else kind
        alike = kept.filter(kind=kind, language=language)
        forgotten += alike.update(
            to="", subject=subject[:SUBJECT_LENGTH], text="", once="", failure=""
        )
    return forgotten


@transaction.atomic
def withdraw(*, letter: Letter, why: str, by: User) -> None:
    """Take one letter back, also one that has failed.

    Raises PermissionDenied without the right to the outbox, ValidationError where it was sent or
    withdrawn before, is being sent just now, or no reason is given.
    """
    if not by.has_perm("change", letter):
        raise PermissionDenied
    if not why.strip():
        raise ValidationError(_("Say why, for whoever reads this later."), code="required")
    rows = Letter.objects.filter(pk=letter.pk).unsent()
    if not _withdraw(rows, why=why.strip(), by=by):
        raise _too_late(letter)


@transaction.atomic
def try_again(*, letter: Letter, by: User) -> None:
    """Let a letter that waits or has failed go out at once, with all its tries before it again.

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
        claim=None,
        claimed_until=None,
    )
    if not changed:
        raise _too_late(letter)
    if settings.LETTERS_AT_ONCE:
        transaction.on_commit(partial(send_due, only=letter.pk), robust=True)


def _edited(text: str, longest: int) -> str:
    if not text:
        raise ValidationError(_("A letter needs a subject and a text."), code="required")
    if len(text) > longest:
        message = _("This is too long for a letter. The longest has %(longest)d characters.")
        raise ValidationError(message, code="max_length", params={"longest": longest})
    return text


def _withdraw_replaced(kind: str, to: str, about: models.Model) -> None:
    """A newer letter makes older ones pointless: those to the same person, and reminders to
    anybody."""
    kinds = KINDS[kind].replaces
    reminders = [name for name in kinds if KINDS[name].reminder]
    rows = Letter.objects.about(about).unsent().filter(kind__in=kinds)
    same = Q(to=to) if KINDS[kind].reminder else Q(to=to) | Q(kind__in=reminders)
    _withdraw(rows.filter(same), why=_("A newer letter took its place."), by=None)


def _withdraw(rows: models.QuerySet[Letter], *, why: str, by: User | None) -> int:
    secret = [name for name, kind in KINDS.items() if kind.secret]
    changes = {
        "state": Letter.State.WITHDRAWN,
        "withdrawn_at": timezone.now(),
        "withdrawn_by": by,
        "withdrawn_why": why,
        "next_try_at": None,
        "failed_at": None,
        "claim": None,
        "claimed_until": None,
    }
    # Two updates of the same condition: the first makes the second's rows fewer.
    cleared = rows.filter(kind__in=secret).update(**changes, text="")
    return cleared + rows.exclude(kind__in=secret).update(**changes)


def _too_late(letter: Letter) -> ValidationError:
    letter.refresh_from_db()
    sentences = {
        Letter.State.SENT: _("This letter has been sent already."),
        Letter.State.WITHDRAWN: _("This letter was withdrawn."),
    }
    return ValidationError(
        sentences.get(
            letter.state, _("This letter is being sent at this moment. Look again in a minute.")
        ),
        code="too_late",
    )


# --- Sending --------------------------------------------------------------------------------------


def send_due(*, only: int | None = None) -> Counter:
    """Send every letter whose time has come, or `only` this one; how many were sent, delayed and
    given up.

    No transaction is open while the mail server is spoken to. Several processes may do this at
    once.
    """
    began = timezone.now()
    counted = Counter()
    with emails.Post() as post:
        while letter := claim(due_at=began, only=only):
            try:
                counted[_send(letter, post)] += 1
            except emails.NotTaken:
                # The server cannot be reached: the others keep their tries for when it can.
                counted["delayed"] += 1
                break
    return counted


@transaction.atomic
def claim(*, due_at: datetime, only: int | None = None) -> Letter | None:
    """Take the next letter whose time has come for this process alone; None where there is none.

    PostgreSQL locks the row and lets the next sender skip it; on SQLite a transaction is alone with
    the database.
    """
    rows = Letter.objects.due(due_at)
    if only is not None:
        rows = rows.filter(pk=only)
    letter = rows.select_for_update(skip_locked=True).order_by("next_try_at", "pk").first()
    if letter is None:
        return None
    letter.claim, letter.claimed_until = uuid.uuid4(), timezone.now() + CLAIM
    # Counted before the attempt, so that a letter which ends the process each time comes to an end
    # as well.
    letter.tries += 1
    letter.save(update_fields=["claim", "claimed_until", "tries"])
    return letter


def _send(letter: Letter, post: emails.Post) -> str:
    """Hand one claimed letter over and note what became of it. Raises NotTaken where the server is
    away."""
    if letter.tries > len(PAUSES) + 1:
        return _note_failure(letter, "The sending was interrupted each time.", final=True)
    try:
        message = emails.build(
            to=letter.to,
            language=letter.language,
            subject=letter.subject,
            text=letter.text,
            message_id=letter.message_id,
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


def _note_sent(letter: Letter) -> None:
    """Whoever holds the letter by now: the server has it."""
    changes = {"text": ""} if KINDS[letter.kind].secret else {}
    noted = Letter.objects.filter(pk=letter.pk, state=Letter.State.DRAFTED).update(
        state=Letter.State.SENT,
        sent_at=timezone.now(),
        next_try_at=None,
        claim=None,
        claimed_until=None,
        failure="",
        **changes,
    )
    if not noted:
        logger.error("Letter %s took longer than its claim and may have gone out twice", letter.pk)


def _note_failure(letter: Letter, reason: str, *, final: bool) -> str:
    final = final or letter.tries > len(PAUSES)
    now = timezone.now()
    if final:
        changes = {"state": Letter.State.FAILED, "failed_at": now, "next_try_at": None}
    else:
        changes = {"next_try_at": now + PAUSES[letter.tries - 1]}
    Letter.objects.filter(pk=letter.pk, claim=letter.claim).update(
        **changes, failure=reason, claim=None, claimed_until=None
    )
    logger.warning("Letter %s was not sent at try %s: %s", letter.pk, letter.tries, reason)
    return "failed" if final else "delayed"
