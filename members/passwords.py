"""Which passwords are refused: what is easy to guess, and what was stolen elsewhere."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from zxcvbn import zxcvbn

from languages.text import columns
from members.models import User

# Of zxcvbn's five steps: 3 stands for ten thousand million guesses.
GOOD_ENOUGH = 3
# It needs more time the longer a text is; what comes later only makes a password better.
LOOKED_AT = 72
# Characters of any password that is looked at. What is longer costs a page, and no hash.
LONGEST = 4096
# Words that somebody who guesses here tries first.
OWN_WORDS = ("ten points", "tenpoints", "coordinator", "secretariat", "antiracism", "network")
WEAK = gettext_lazy(
    "This password is weak: it is made of what is tried first. Take several words that have nothing"
    " to do with each other, with you or with the portal."
)
VERY_WEAK = gettext_lazy(
    "This password is very weak: it would be guessed within minutes. Take several words that have"
    " nothing to do with each other, with you or with the portal."
)


class StrengthValidator:
    """Refuses what zxcvbn would guess: words, names, dates, rows of keys, the portal's words."""

    def validate(self, password: str, user: Any = None) -> None:
        start = password[:LOOKED_AT]
        score: int = zxcvbn(start, user_inputs=_own_words(user))["score"]
        if score >= GOOD_ENOUGH:
            return
        sentence = WEAK if score == GOOD_ENOUGH - 1 else VERY_WEAK
        raise ValidationError(sentence, code="password_weak")

    def get_help_text(self) -> str:
        return _(
            "Several words that have nothing to do with each other make a strong password, for "
            "example four of them."
        )


def _own_words(user: Any) -> list[str]:
    email = getattr(user, "email", "")
    name = getattr(user, "name", "")
    mailbox, _at, host = email.partition("@")
    words = [*OWN_WORDS, settings.PORTAL_NAME, email, mailbox, name, name.replace(" ", "")]
    words += [*mailbox.split("."), *host.split(".")]
    words += name.split()
    words += _city_words(user)
    return [word.lower() for word in words if word]


def _city_words(user: Any) -> list[str]:
    """How the cities are called that somebody works for, in every language, whole and in parts."""
    if not isinstance(user, User):
        return []
    names: set[str] = set()
    for city in user.current_cities:
        names.update(str(getattr(city, column) or "") for column in columns("name"))
    return [word for name in names for word in (name, name.replace(" ", ""), *name.split())]


class BreachedPasswordValidator:
    """Refuses what was stolen elsewhere: the setting BREACHED_PASSWORDS names a file of it.

    The file has one SHA-1 in capital letters a line, in their order, and may have `:` and a count
    after each: as Have I Been Pwned gives it out. It is read on this server; nothing is asked of
    anybody.
    """

    def __init__(self, file: str) -> None:
        self.path = Path(file)

    def validate(self, password: str, user: Any = None) -> None:
        digest = hashlib.sha1(password.encode(), usedforsecurity=False)
        wanted = digest.hexdigest().upper()
        if stands_in(self.path, wanted.encode()):
            message = _(
                "This password is known from a theft of data somewhere else, so it is among those "
                "that are tried first. Choose another one."
            )
            raise ValidationError(message, code="password_breached")

    def get_help_text(self) -> str:
        return _("It must not be known from a theft of data somewhere else.")


def stands_in(path: Path, wanted: bytes) -> bool:
    """Whether a line of the sorted file begins with these signs; the range is halved each time."""
    with path.open("rb") as file:
        low = 0
        high = path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_after(file, middle)
            if line and line[: len(wanted)] < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_after(file, low)[: len(wanted)] == wanted


def _line_after(file: Any, position: int) -> bytes:
    """The first whole line that begins at this byte or later."""
    file.seek(max(position - 1, 0))
    if position:
        file.readline()
    line: bytes = file.readline()
    return line
