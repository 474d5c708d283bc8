"""The right of the network's secretariat: who has it, and who hears of a change.

Also of a change of an account that has it: whoever takes such an account over has the right.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop, override

from languages.dates import format_moment
from languages.text import labelled
from members import emails
from members.models import AccountEvent, User
from members.services import accounts, letters
from members.services.letters import NewLetter

LETTER = "office_right_changed"
Kind = AccountEvent.Kind
# What the letter to the others says of it.
SAID = {
    Kind.OFFICE_RIGHT_GIVEN: gettext_noop(
        "%(name)s has the right of the network’s secretariat now, to read and change everything."
    ),
    Kind.OFFICE_RIGHT_ENDED: gettext_noop(
        "%(name)s has the right of the network’s secretariat no longer."
    ),
    Kind.ADDRESS_CHANGED: gettext_noop(
        "The account of %(name)s, who belongs to the secretariat, has another e-mail address. "
        "Links to a new password go there from now on."
    ),
    Kind.FACTOR_REMOVED: gettext_noop(
        "All second factors were removed from the account of %(name)s, who belongs to the "
        "secretariat."
    ),
    Kind.SWITCHED_OFF: gettext_noop(
        "The account of %(name)s, who belongs to the secretariat, was switched off."
    ),
    Kind.SWITCHED_ON: gettext_noop(
        "The account of %(name)s, who belongs to the secretariat, was switched on again."
    ),
}


def lock() -> set[int]:
    """Who of the secretariat may sign in, by keys, until the transaction ends: of two who take the
    right from each other at once, one is told that the other is the last."""
    rows = User.objects.of_secretariat().select_for_update().order_by("pk")
    return {row.pk for row in rows}


def note_change(*, person: User, by: User, sender: str = "") -> None:
    """Somebody got the right, or has it no longer: noted, and told by letter to them and to
    everybody who has it. `by` is told, too: somebody else may have done it in their name."""
    has_right = person.is_secretariat
    kind = Kind.OFFICE_RIGHT_GIVEN if has_right else Kind.OFFICE_RIGHT_ENDED
    somebody_else = by if by != person else None
    event = accounts.note(kind, person=person, sender=sender, by=somebody_else)
    accounts.tell(event, person)
    tell_colleagues(event, person=person, by=by)


def note_switch(*, person: User, by: User, sender: str) -> None:
    """An account was switched off or on again: noted, and told to the person, and to everybody of
    the secretariat where it is one of theirs."""
    event = accounts.note_switch(person=person, by=by, sender=sender)
    if person.is_secretariat:
        tell_colleagues(event, person=person, by=by)


@transaction.atomic
def remove_factors(*, person: User, by: User) -> None:
    """As the service of accounts does it; everybody of the secretariat is told where it is one of
    theirs. Raises PermissionDenied for somebody who may not change accounts."""
    accounts.remove_factors(person=person, by=by)
    event = AccountEvent.objects.filter(person=person).latest("pk")
    if person.is_secretariat:
        tell_colleagues(event, person=person, by=by)


def tell_colleagues(event: AccountEvent, *, person: User, by: User) -> None:
    """Write to everybody else who has the right."""
    office = User.objects.of_secretariat()
    others = office.exclude(pk=person.pk)
    for colleague in others.order_by("pk"):
        _tell(colleague, event, person, by)


def _tell(colleague: User, about: AccountEvent, person: User, by: User) -> None:
    """One letter, in the language of whoever reads it."""
    language = emails.letter_language(colleague.language)
    with override(language):
        what = _what(about, person, by)
    page = reverse("admin:members_user_change", args=[person.pk])
    letter = NewLetter(
        kind=LETTER,
        to=colleague.email,
        language=language,
        context={"what": what, "link": emails.link_to(lambda: page, language)},
    )
    letters.write(letter=letter, about=about, by=by)


def _what(about: AccountEvent, person: User, by: User) -> str:
    """In the active language: one sentence, who did it, and when."""
    said = gettext(SAID[Kind(about.kind)])
    moment = format_moment(about.at, get_language() or "")
    lines = [
        said % {"name": person},
        labelled(gettext("Changed by"), str(by)),
        labelled(gettext("When"), moment),
    ]
    return "\n".join(lines)
