"""A real mail server in a thread, which can be told to misbehave."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller


class Mailbox:
    """Takes in what an SMTP client delivers.

    `refuse`: answers to RCPT by address. `at_data`: what happens instead of taking the letter;
    "hang", "close", or an answer.
    """

    def __init__(self):
        self.envelopes = []
        self.refuse = {}
        self.at_data = []

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 - aiosmtpd's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        trouble = self.at_data.pop(0) if self.at_data else None
        if trouble == "hang":
            await asyncio.sleep(2)
        elif trouble == "close":
            server.transport.abort()
        elif trouble:
            return trouble
        if trouble is None:
            self.envelopes.append(envelope)
        return "250 taken"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(envelope.content, policy=default) for envelope in self.envelopes]

    @property
    def recipients(self) -> list[str]:
        return sorted(envelope.rcpt_tos[0] for envelope in self.envelopes)


class AnyPort(Controller):
    """Listens where the system has a port to spare; aiosmtpd's own start-up call would go to port
    0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def use(settings, port: int) -> None:
    """Let the portal talk to the server at this port of this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""


@contextmanager
def serving(settings, mailbox_type: Callable[[], Mailbox] = Mailbox) -> Iterator[Mailbox]:
    """Run a server, and let the portal talk to it."""
    mailbox = mailbox_type()
    controller = AnyPort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    use(settings, controller.port)
    try:
        yield mailbox
    finally:
        controller.stop()
