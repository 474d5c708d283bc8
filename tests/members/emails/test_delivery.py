"""Letters and a real mail server: well, down, slow, refusing, hanging up; and several senders at
once."""

import socket
import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from members.emails import Post
from members.models import Letter
from members.services import letters
from tests.conftest import make_city
from tests.mail_server import serving, use

pytestmark = pytest.mark.django_db

NAMES = ["a@example.org", "b@example.org", "c@example.org"]


@pytest.fixture(autouse=True)
def waits(settings):
    settings.LETTERS_AT_ONCE = False
    settings.EMAIL_TIMEOUT = 0.5
    settings.SITE_URL = "https://cities.example.org"


@pytest.fixture
def mail_server(settings):
    with serving(settings) as mailbox:
        yield mailbox


def draft(about, to, language="en", **context):
    values = {
        "city": "Łódź",
        "link": "https://cities.example.org/x/",
        "reason": "Seite 2 fehlt – bitte nachreichen.",
    }
    letter = letters.NewLetter("accession_returned", to, language, {**values, **context})
    return letters.write(letter=letter, about=about, by=None)


def make_all_due():
    Letter.objects.filter(state="drafted").update(next_try_at=timezone.now())


def states():
    return dict(Letter.objects.order_by("to").values_list("to", "state"))


# --- A server that is well ------------------------------------------------------------------------


def test_conversation(alfa, mail_server, settings):
    settings.CONTACT_EMAIL = "office@example.org"
    letter = draft(alfa, "lead@example.org", language="pl")
    assert letters.send_due() == {"sent": 1}
    [envelope], [message] = mail_server.envelopes, mail_server.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        settings.DEFAULT_FROM_EMAIL,
        ["lead@example.org"],
    )
    assert message["To"] == "lead@example.org"
    # A long subject is folded onto a line of its own; the fold's space is not part of it.
    assert message["Subject"].strip() == letter.subject
    assert "Łódź" in message["Subject"]
    assert message["Reply-To"] == "office@example.org"
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "pl"
    assert message["MIME-Version"] == "1.0"
    assert message["Date"]
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "Seite 2 fehlt – bitte nachreichen." in plain.get_content()
    assert "Seite 2 fehlt – bitte nachreichen." in html.get_content()
    assert '<html lang="pl"' in html.get_content()


def test_line_breaks_in_what_is_filled_in_forge_no_header(alfa, mail_server):
    draft(alfa, "lead@example.org", city="Alfa\r\nBcc: victim@example.org\r\n\r\nInjected")
    letters.send_due()
    [envelope], [message] = mail_server.envelopes, mail_server.messages
    assert envelope.rcpt_tos == ["lead@example.org"]
    assert "Bcc" not in message
    assert "Bcc: victim@example.org" in message["Subject"]


def test_letter_forged_past_the_outbox_is_given_up_and_blocks_nobody(alfa, mail_server):
    forged = draft(alfa, NAMES[0])
    Letter.objects.filter(pk=forged.pk).update(to="a@example.org\nBcc: b@example.org")
    draft(alfa, NAMES[1])
    assert letters.send_due() == {"failed": 1, "sent": 1}
    assert mail_server.recipients == [NAMES[1]]
    forged.refresh_from_db()
    assert forged.failure.startswith("The letter cannot be written as a message")


# --- A server that is not -------------------------------------------------------------------------


def test_server_down_delays_and_loses_nothing(alfa, settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        use(settings, probe.getsockname()[1])
    for name in NAMES:
        draft(alfa, name)
    assert letters.send_due() == {"delayed": 1}
    first, *others = Letter.objects.order_by("pk")
    assert (first.state, first.tries, first.claim) == ("drafted", 1, None)
    assert first.failure.startswith("ConnectionRefusedError")
    assert first.next_try_at > timezone.now() + timedelta(seconds=50)
    assert [(row.state, row.tries, row.failure) for row in others] == [("drafted", 0, "")] * 2
    make_all_due()
    with serving(settings) as mailbox:
        assert letters.send_due() == {"sent": 3}
        assert mailbox.recipients == NAMES
    assert set(Letter.objects.values_list("state", "failure")) == {("sent", "")}


def test_server_that_says_nothing_is_left_after_the_time_out(alfa, settings):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        use(settings, silent.getsockname()[1])
        draft(alfa, NAMES[0])
        assert letters.send_due() == {"delayed": 1}
    letter = Letter.objects.get()
    assert (letter.state, "timed out" in letter.failure) == ("drafted", True)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("hang", "timed out"),
        ("close", "Server"),
        ("451 4.3.0 Try later", "451"),
        ("452 4.2.2 Full", "452"),
    ],
)
def test_trouble_in_mid_talk_delays_one_letter_and_no_other(trouble, said, alfa, mail_server):
    mail_server.at_data = [trouble]
    for name in NAMES:
        draft(alfa, name)
    assert letters.send_due() == {"delayed": 1, "sent": 2}
    assert mail_server.recipients == NAMES[1:]
    late = Letter.objects.get(to=NAMES[0])
    assert (late.state, late.tries, said in late.failure) == ("drafted", 1, True), late.failure
    assert not letters.send_due()
    make_all_due()
    assert letters.send_due() == {"sent": 1}
    assert mail_server.recipients == NAMES
    assert {message["Message-ID"] for message in mail_server.messages} == set(
        Letter.objects.values_list("message_id", flat=True)
    )


def test_refused_recipient_is_final_and_blocks_nobody(alfa, mail_server, person):
    mail_server.refuse = {NAMES[0]: "550 5.1.1 No such user here"}
    for name in NAMES:
        draft(alfa, name)
    assert letters.send_due() == {"failed": 1, "sent": 2}
    assert mail_server.recipients == NAMES[1:]
    failed = Letter.objects.get(to=NAMES[0])
    assert (failed.state, failed.failure) == ("failed", "550 5.1.1 No such user here")
    assert failed.failed_at
    assert not letters.send_due()
    mail_server.refuse = {}
    letters.try_again(letter=failed, by=person("secretariat"))
    assert letters.send_due() == {"sent": 1}
    assert set(states().values()) == {"sent"}


def test_recipient_refused_for_now_is_tried_again(alfa, mail_server):
    mail_server.refuse = {NAMES[0]: "451 4.7.1 Greylisted"}
    draft(alfa, NAMES[0])
    assert letters.send_due() == {"delayed": 1}
    mail_server.refuse = {}
    make_all_due()
    assert letters.send_due() == {"sent": 1}
    assert mail_server.recipients == [NAMES[0]]


@pytest.mark.parametrize("answer", ["552 5.3.4 Too big", "554 5.6.0 Looks like spam"])
def test_refused_letter_is_final(answer, alfa, mail_server):
    mail_server.at_data = [answer]
    draft(alfa, NAMES[0])
    assert letters.send_due() == {"failed": 1}
    assert Letter.objects.get().failure == answer


def test_refusal_of_ourselves_is_not_the_letters_fault(alfa, mail_server):
    mail_server.refuse = {NAMES[0]: "530 5.7.0 Authentication required"}
    draft(alfa, NAMES[0])
    assert letters.send_due() == {"delayed": 1}
    assert states() == {NAMES[0]: "drafted"}


def test_pauses_grow_until_a_person_must_look(alfa, mail_server, person):
    mail_server.refuse = {NAMES[0]: "451 4.7.1 Greylisted"}
    letter = draft(alfa, NAMES[0])
    pauses = []
    while letter.state == "drafted":
        before = timezone.now()
        letters.send_due()
        letter.refresh_from_db()
        if letter.next_try_at:
            pauses.append(letter.next_try_at - before)
            make_all_due()
    assert (letter.state, letter.tries, letter.failure) == ("failed", 12, "451 4.7.1 Greylisted")
    assert len(pauses) == 11
    assert pauses[0] < timedelta(minutes=2)
    assert timedelta(days=3) < sum(pauses, timedelta()) < timedelta(days=4)
    assert all(earlier < later + timedelta(minutes=1) for earlier, later in pairwise(pauses))
    letters.try_again(letter=letter, by=person("secretariat"))
    letter.refresh_from_db()
    assert (letter.state, letter.tries, letter.failed_at) == ("drafted", 0, None)


def test_unforeseen_error_delays_the_letter_and_is_logged(alfa, mail_server, monkeypatch, caplog):
    monkeypatch.setattr("members.emails.build", None)
    draft(alfa, NAMES[0])
    assert letters.send_due() == {"delayed": 1}
    assert "Traceback" in caplog.text
    monkeypatch.undo()
    make_all_due()
    assert letters.send_due() == {"sent": 1}


def test_own_process_that_cannot_send_leaves_the_letter_in_the_outbox(
    alfa, settings, django_capture_on_commit_callbacks
):
    settings.LETTERS_AT_ONCE = True
    use(settings, 1)
    with django_capture_on_commit_callbacks(execute=True):
        draft(alfa, NAMES[0])
    letter = Letter.objects.get()
    assert (letter.state, letter.tries) == ("drafted", 1)


# --- Senders that die, and several at once --------------------------------------------------------


def test_letter_of_a_sender_that_died_is_sent_by_the_next_when_its_claim_runs_out(
    alfa, mail_server
):
    draft(alfa, NAMES[0])
    dead = letters.claim(due_at=timezone.now())
    assert not letters.send_due()
    Letter.objects.filter(pk=dead.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert letters.send_due() == {"sent": 1}
    assert mail_server.recipients == [NAMES[0]]


def test_only_double_is_recognised_by_its_message_id(alfa, mail_server, monkeypatch):
    """The server took the letter and the process died before it noted so: nobody can rule that
    out."""

    class Died(BaseException):
        pass

    def die(letter):
        raise Died

    draft(alfa, NAMES[0])
    monkeypatch.setattr(letters, "_note_sent", die)
    with pytest.raises(Died):
        letters.send_due()
    monkeypatch.undo()
    assert not letters.send_due()
    Letter.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert letters.send_due() == {"sent": 1}
    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_letter_that_ends_its_sender_each_time_comes_to_an_end(alfa, mail_server):
    draft(alfa, NAMES[0])
    for _time in range(20):
        letter = letters.claim(due_at=timezone.now())
        if letter is None:
            break
        Letter.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    letters.send_due()
    assert states() == {NAMES[0]: "failed"}
    assert mail_server.envelopes == []


def at_once(*acts):
    """Run these at the same moment, each in a thread with a connection of its own; errors come
    back."""
    together, errors = threading.Barrier(len(acts)), []

    def run(act):
        try:
            together.wait(timeout=10)
            act()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("senders", [2, 4])
def test_senders_at_once_send_each_letter_exactly_once(senders, country, mail_server, settings):
    settings.EMAIL_TIMEOUT = 10
    city = make_city(country, "alfa")
    wanted = [f"{number:02}@example.org" for number in range(30)]
    for name in wanted:
        draft(city, name)
    assert at_once(*[letters.send_due] * senders) == []
    assert mail_server.recipients == wanted
    assert Counter(Letter.objects.values_list("state", "tries")) == {("sent", 1): 30}


@pytest.mark.django_db(transaction=True)
def test_letter_is_either_withdrawn_or_sent(country, mail_server, settings):
    settings.EMAIL_TIMEOUT = 10
    cities = [make_city(country, f"city-{number}") for number in range(10)]
    for city in cities:
        draft(city, f"{city.slug}@example.org")

    def withdraw_from_the_end():
        for city in reversed(cities):
            letters.withdraw_unsent(about=city, why="x")

    assert at_once(letters.send_due, withdraw_from_the_end) == []
    sent = Letter.objects.filter(state="sent")
    assert sorted(sent.values_list("to", flat=True)) == mail_server.recipients
    assert Letter.objects.filter(state="withdrawn").count() == 10 - len(mail_server.recipients)


@pytest.mark.django_db(transaction=True)
def test_sending_holds_no_transaction_open(country, mail_server, settings, monkeypatch):
    draft(make_city(country, "alfa"), NAMES[0])
    seen = []
    original = Post.hand_over
    monkeypatch.setattr(
        Post,
        "hand_over",
        lambda post, message: (seen.append(connection.in_atomic_block), original(post, message)),
    )
    assert letters.send_due() == {"sent": 1}
    assert seen == [False]
