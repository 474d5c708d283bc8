"""To hand letters to the mail server, and what its answers mean."""

import smtplib
from email.errors import MessageError
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection

REASON_LENGTH = 500
# The server wants a password from the portal: the letter is not the cause. It waits until the
# administrator corrects the settings.
NOT_THE_LETTERS_FAULT = {530, 534, 535, 538}


class NotTaken(Exception):
    """The server did not take a letter.

    `final`: it never will, so there is no further try. `away`: the server cannot be reached, so
    that the next letter is not tried now.
    """

    def __init__(self, reason: str, *, final: bool = False, away: bool = False) -> None:
        super().__init__(reason[:REASON_LENGTH])
        self.final = final
        self.away = away


class Post:
    """A conversation with the mail server for several letters; begun anew after a failure."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def hand_over(self, message: EmailMessage) -> None:
        """Give one letter to the server; it is the server's when this returns. Raises NotTaken."""
        self._call()
        try:
            message.connection = self._connection
            message.send()
        except (smtplib.SMTPException, OSError, MessageError, ValueError) as error:
            self._hang_up()
            raise meaning(error) from error

    def _call(self) -> None:
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise NotTaken(words_of(error), away=True) from error

    def _hang_up(self) -> None:
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            # The server closed the connection first.
            self._connection.connection = None


def meaning(error: Exception) -> NotTaken:
    """The error in our terms.

    5xx about the recipient or the letter is final; 4xx and a broken conversation are not.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = iter(error.recipients.values())
        code, words = next(answers)
        return _refusal(code, words)
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPException | OSError):
        # The portal's own address or password was refused, or the connection broke: this letter is
        # not the cause.
        return NotTaken(words_of(error))
    reason = f"The letter cannot be written as a message: {error}"
    return NotTaken(reason, final=True)


def _refusal(code: int, words: bytes | str) -> NotTaken:
    reason = answer(code, words)
    return NotTaken(
        reason,
        final=is_final(code),
    )


def is_final(code: int) -> bool:
    """Whether the server refuses this letter for good (5xx)."""
    is_refusal = 500 <= code < 600
    return is_refusal and code not in NOT_THE_LETTERS_FAULT


def words_of(error: Exception) -> str:
    """What an error says, with its name: many say nothing else."""
    if isinstance(error, smtplib.SMTPResponseException):
        return answer(error.smtp_code, error.smtp_error)
    name = type(error).__name__
    line = f"{name}: {error}"
    return line.removesuffix(": ")


def answer(code: int, words: bytes | str) -> str:
    """The server's answer as it gave it: `550 5.1.1 No such user`."""
    if isinstance(words, bytes):
        words = words.decode("utf-8", "replace")
    line = f"{code} {words}"
    parts = line.split()
    return " ".join(parts)
