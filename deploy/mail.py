"""What becomes of letters while mail is away, while a sender dies, while the clock is wrong; for
faults.py.

The mail server is a real one in a thread (tests/mail_server.py), the senders are processes of
`manage.py send_letters`, two at a time, as two machines run them. Time passes by moving the
moments that the outbox keeps; the clock of a sender is set by Debian's faketime.
"""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from aiosmtpd.controller import Controller

from tests.mail_server import Mailbox

PORT = 8597
SEND = (".venv/bin/python", "manage.py", "send_letters", "--verbosity", "0")
WRITE = """
import uuid
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from members.models import Letter, User
person = User.objects.order_by("pk").first()
kind = ContentType.objects.get_for_model(User)
now = timezone.now()
for number in range({number}):
    Letter.objects.create(
        kind="accession_opened", to=f"reader-{{number}}@example.org", language="en",
        subject="{name}", text="Words.", message_id=f"<{{uuid.uuid4()}}@example.org>",
        content_type=kind, object_id=person.pk, written_at=now, next_try_at=now,
    )
"""
TIME_PASSES = """
UPDATE members_letter SET next_try_at = next_try_at - %(time)s::interval,
claimed_until = claimed_until - %(time)s::interval WHERE state = 'drafted'
"""


def write(number: int, name: str) -> None:
    """So many letters into the outbox, with this subject."""
    script = WRITE.format(number=number, name=name)
    command = [".venv/bin/python", "manage.py", "shell", "--verbosity", "0", "-c", script]
    subprocess.run(command, check=True)


def started(*before: str, seconds: int = 0) -> subprocess.Popen:
    """A sender that looks for letters once, or for so many seconds."""
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{PORT}", "LETTERS_AT_ONCE": "0"}
    command = [*before, *SEND, "--keep-going", str(seconds)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def send(*before: str) -> None:
    """Two senders at once, to their end."""
    for sender in [started(*before), started(*before)]:
        sender.wait()


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=PORT)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def arrived(mailbox: Mailbox, name: str) -> Counter[str]:
    """How often each letter with this subject arrived, by its Message-ID."""
    letters = [letter for letter in mailbox.messages if letter["Subject"] == name]
    return Counter(letter["Message-ID"] for letter in letters)


def tell(name: str, found: Counter[str], number: int, about: str = "") -> bool:
    twice = sum(times > 1 for times in found.values())
    is_good = len(found) == number and not twice
    sentence = f"{number} letters, {len(found)} arrived, {twice} twice"
    sys.stdout.write(f"{name:24} {sentence}{about}{'' if is_good else '  FAILED'}\n")
    sys.stdout.flush()
    return is_good


def check_away(session: psycopg.Connection, mailbox: Mailbox) -> bool:
    """Ten minutes without a server, tried again and again by two senders."""
    write(30, "away")
    senders = [started(seconds=90), started(seconds=90)]
    for _minute in range(10):
        time.sleep(2)
        session.execute(TIME_PASSES, {"time": "1 minute"})
    early = arrived(mailbox, "away")
    minutes = 0
    with serving(mailbox):
        while len(arrived(mailbox, "away")) < 30 and minutes < 60:
            time.sleep(1)
            minutes += 1
            session.execute(TIME_PASSES, {"time": "1 minute"})
        for sender in senders:
            sender.wait()
    about = f", {minutes} minutes after the server was back"
    return tell("mail away", arrived(mailbox, "away"), 30, about) and not early


def check_killed(session: psycopg.Connection, mailbox: Mailbox) -> bool:
    """A sender is killed while the server thinks about a letter."""
    write(40, "killed")
    with serving(mailbox):
        mailbox.at_data = [None, None, "hang"]
        sender = started()
        while mailbox.at_data:
            time.sleep(0.05)
        sender.kill()
        sender.wait()
        time.sleep(2.5)
        session.execute(TIME_PASSES, {"time": "1 hour"})
        send()
    return tell("sender killed", arrived(mailbox, "killed"), 40)


def check_clock(mailbox: Mailbox) -> bool:
    """The clock of one machine is set back by an hour, and put right."""
    if shutil.which("faketime") is None:
        sys.stdout.write("*** NOT checked: faketime is missing (apt-get install faketime) ***\n")
        return True
    write(20, "clock")
    with serving(mailbox):
        send("faketime", "-f", "-1h")
        early = len(arrived(mailbox, "clock"))
        send()
        send("faketime", "-f", "-1h")
        send("faketime", "-f", "+1h")
    about = f", {early} of them while the clock was behind"
    return tell("clock set back", arrived(mailbox, "clock"), 20, about)


def check_letters(session: psycopg.Connection) -> bool:
    """Prints a line for each; whether every letter arrived once."""
    mailbox = Mailbox()
    results = [
        check_away(session, mailbox),
        check_killed(session, mailbox),
        check_clock(mailbox),
    ]
    return all(results)
