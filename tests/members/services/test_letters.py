"""A letter is a row of the transaction that it tells of; it is sent once, later, or withdrawn."""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from languages.text import column
from members import emails
from members.models import Letter, LetterText, NetworkText
from members.services import letters
from members.wording import KINDS
from members.wording.placeholders import PLACEHOLDERS, faults, fill, used_in

pytestmark = pytest.mark.django_db

LANGUAGES = ["en", "pl", "sv", "de", "fr", "it", "es", "uk"]
VALUES = {name: f"<{name}>" for name in PLACEHOLDERS if name not in {"network", "portal"}}


@pytest.fixture(autouse=True)
def waits(settings):
    """Letters wait for `send_letters`, as they do in production."""
    settings.LETTERS_AT_ONCE = False
    settings.SITE_URL = "https://cities.example.org"


def draft(about, **changed):
    values = {
        "kind": "accession_returned",
        "to": "lead@example.org",
        "language": "en",
        "context": {
            "city": "Alfa",
            "link": "https://cities.example.org/x/",
            "reason": "A page is missing.",
        },
        "by": None,
    }
    values |= changed
    by, once = values.pop("by"), values.pop("once", "")
    return letters.write(letter=letters.NewLetter(**values), about=about, by=by, once=once)


def make_due(letter):
    Letter.objects.filter(pk=letter.pk).update(next_try_at=timezone.now())


# --- The wordings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_wording_fills_in_all_its_words_in_every_language(kind):
    for language in LANGUAGES:
        words = emails.compose(kind, language, VALUES)
        for text in (words.subject, words.text):
            assert not set("{}") & set(text), (language, text)
        assert all(f"<{name}>" in words.text for name in KINDS[kind].needs), language


@pytest.mark.parametrize("kind", KINDS)
def test_wording_says_in_every_language_what_it_says_in_english(kind):
    original = emails.portal_wording(kind, "en")
    for language in LANGUAGES:
        words = emails.portal_wording(kind, language)
        assert used_in(words.subject) == used_in(original.subject), language
        assert used_in(words.text) == used_in(original.text), language
        assert not faults(words.text, names=KINDS[kind].names, needs=KINDS[kind].needs)
        assert not faults(words.subject, names=KINDS[kind].names)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("language", "mark"), [("de", ","), ("pl", "!"), ("sv", "!"), ("uk", "!")])
def test_first_sentence_goes_on_as_the_greeting_ends(kind, language, mark):
    """In lower case after a comma, with a capital after any other sign; a value may stand first."""
    greeting, first, *_rest = emails.portal_wording(kind, language).text.split("\n\n")
    assert greeting.endswith(mark)
    assert first.startswith("{") or first[0].islower() == (mark == ","), first


@pytest.mark.parametrize("language", LANGUAGES)
def test_new_address_is_confirmed_and_no_invitation_accepted(language):
    invitation = emails.portal_wording("invitation_office", language).text.split("\n\n")
    address = emails.portal_wording("address_new", language).text.split("\n\n")
    assert invitation[2] not in address


def test_kinds_are_what_the_portal_sends():
    assert {name for kind in KINDS.values() for name in kind.replaces} <= set(KINDS)
    assert {name for kind in KINDS.values() for name in kind.names} <= set(PLACEHOLDERS)
    assert all(set(kind.needs) <= set(kind.values) for kind in KINDS.values())


def test_compose_takes_the_secretariats_wording_of_that_language_alone():
    LetterText.objects.create(
        kind="accession_opened", language="pl", subject="Akta: {city}", text="Otwarte: {link}"
    )
    context = {"city": "Alfa", "link": "https://x.example/"}
    assert emails.compose("accession_opened", "pl", context) == emails.Composed(
        "Akta: Alfa", "Otwarte: https://x.example/"
    )
    assert emails.compose("accession_opened", "sv", context).text.startswith(
        emails.portal_wording("accession_opened", "sv").text.partition("\n")[0]
    )


def test_compose_names_the_network_in_the_language_of_the_letter():
    names = {column("text", code): f"Network {code}" for code in ("en", "pl")}
    NetworkText.objects.update_or_create(
        key="name", defaults={**names, "published_at": timezone.now()}
    )
    assert "Network pl" in emails.compose("accession_opened", "pl", VALUES).text
    assert "Network en" in emails.compose("accession_opened", "en", VALUES).text


def test_compose_refuses_what_lacks_a_value():
    with pytest.raises(ValueError, match="needs city, link"):
        emails.compose("accession_opened", "en", {})
    with pytest.raises(KeyError):
        emails.compose("no_such_letter", "en", {})


@pytest.mark.parametrize(
    "value",
    [
        "{link}",
        "{city.__class__.__init__.__globals__}",
        "{0.__class__}",
        "{{ settings.SECRET_KEY }}",
        "{% debug %}",
        "%(link)s",
        "$link",
        "{city!r:>1000000000}",
        "{",
        "}",
    ],
)
def test_what_is_filled_in_is_never_evaluated(value):
    assert fill("To {city}.", {"city": value, "link": "SECRET"}) == f"To {value}."
    LetterText.objects.create(
        kind="accession_opened", language="en", subject="{city}", text=f"{value} {{link}}"
    )
    words = emails.compose("accession_opened", "en", {"city": value, "link": "LINK"})
    assert words.subject == value
    assert words.text == f"{fill(value, {'link': 'LINK'})} LINK"


def test_values_lose_what_no_letter_may_hold():
    context = {
        "city": "Al\x00fa\r\nBcc: x@example.org",
        "link": "y",
        "reason": "one\r\n\r\ntwo\x07",
    }
    words = emails.compose("accession_returned", "en", context)
    assert words.subject == "The accession file of Alfa Bcc: x@example.org needs your work"
    assert "one\n\ntwo\n" in words.text


# --- Drafting -------------------------------------------------------------------------------------


def test_draft_waits_and_knows_what_it_is_about(alfa, person):
    office = person("secretariat")
    letter = draft(alfa, by=office, language="pl")
    letter.refresh_from_db()
    assert (letter.thing, letter.written_by, letter.language, letter.state) == (
        alfa,
        office,
        "pl",
        "drafted",
    )
    assert letter.next_try_at <= timezone.now()
    assert "A page is missing." in letter.text
    assert letter.message_id.endswith("@cities.example.org>")
    assert mail.outbox == []


def test_draft_takes_edited_words_as_they_are(alfa):
    letter = draft(alfa, subject="My {city}\nsubject", text="My {reason}\r\n\r\ntext ")
    assert (letter.subject, letter.text) == ("My {city} subject", "My {reason}\n\ntext")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"subject": "  \n "}, "required"),
        ({"text": ""}, "required"),
        ({"subject": "x" * 201}, "max_length"),
        ({"text": "x" * 20_001}, "max_length"),
        ({"to": "no address"}, "invalid"),
        ({"to": ""}, "invalid"),
        ({"to": "a@example.org\nBcc: b@example.org"}, "invalid"),
        ({"to": "a@example.org, b@example.org"}, "invalid"),
    ],
)
def test_draft_refuses(changed, code, alfa):
    with pytest.raises(ValidationError) as refusal:
        draft(alfa, **changed)
    assert refusal.value.code == code
    assert not Letter.objects.exists()


def test_draft_shortens_a_composed_subject(alfa):
    letter = draft(alfa, context={"city": "x" * 300, "link": "y", "reason": "z"})
    assert len(letter.subject) == 200
    assert letter.subject.endswith("…")


def test_draft_of_a_language_that_the_network_dropped_is_in_its_main_one(alfa, settings):
    settings.LANGUAGES = [("sv", "Swedish"), ("en", "English")]
    settings.LANGUAGE_CODE = "sv"
    assert draft(alfa, language="uk").language == "sv"


def test_draft_in_a_transaction_that_is_rolled_back_sends_nothing(
    alfa, settings, django_capture_on_commit_callbacks
):
    settings.LETTERS_AT_ONCE = True
    with (
        django_capture_on_commit_callbacks(execute=True) as callbacks,
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        draft(alfa)
        raise RuntimeError
    assert callbacks == []
    assert not Letter.objects.exists()
    assert mail.outbox == []


def test_draft_is_sent_after_the_commit_where_the_settings_say_so(
    alfa, settings, django_capture_on_commit_callbacks
):
    settings.LETTERS_AT_ONCE = True
    other = draft(alfa, to="other@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        letter = draft(alfa)
        assert mail.outbox == []
    assert [message.to for message in mail.outbox] == [["lead@example.org"]]
    letter.refresh_from_db()
    other.refresh_from_db()
    assert (letter.state, other.state) == ("sent", "drafted")


def test_draft_and_what_it_tells_of_happen_together_or_not_at_all(alfa, monkeypatch):
    earlier = draft(alfa)
    monkeypatch.setattr(Letter.objects, "create", None)
    with pytest.raises(TypeError):
        draft(alfa)
    monkeypatch.undo()
    earlier.refresh_from_db()
    assert earlier.state == "drafted"


def test_draft_once_is_written_once(alfa):
    draft(alfa, once="that")
    with pytest.raises(IntegrityError), transaction.atomic():
        draft(alfa, once="that")
    assert Letter.objects.get().state == "drafted"


# --- Withdrawing ----------------------------------------------------------------------------------

REPLACED = [
    # written first, to whom, then, to whom: whether the first is withdrawn
    ("accession_returned", "a", "accession_submitted", "a", True),
    ("accession_returned", "a", "accession_submitted", "b", False),
    ("accession_on_agenda", "a", "accession_deferred", "a", True),
    ("accession_admitted", "a", "decision_annulled", "a", True),
    ("accession_admitted", "a", "membership_suspended", "a", False),
    ("membership_suspended", "a", "membership_restored", "a", True),
    ("accession_arrived", "office", "accession_withdrawn", "office", True),
    ("reminder_returned", "a", "accession_submitted", "a", True),
    ("reminder_stalled", "office", "accession_on_agenda", "a", True),
    ("reminder_returned", "a", "reminder_returned", "a", True),
    ("reminder_returned", "a", "reminder_returned", "b", False),
    ("invitation_city", "a", "invitation_city", "a", False),
]


@pytest.mark.parametrize(("first", "first_to", "then", "then_to", "withdrawn"), REPLACED)
def test_newer_letter_withdraws_what_it_makes_pointless(
    first, first_to, then, then_to, withdrawn, alfa, beta
):
    context = dict.fromkeys(PLACEHOLDERS, "x")
    one = draft(alfa, kind=first, to=f"{first_to}@example.org", context=context)
    elsewhere = draft(beta, kind=first, to=f"{first_to}@example.org", context=context)
    draft(alfa, kind=then, to=f"{then_to}@example.org", context=context)
    one.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (one.state == "withdrawn", bool(one.withdrawn_why)) == (withdrawn, withdrawn)
    assert elsewhere.state == "drafted"


def test_withdraw_unsent_takes_back_what_waits_or_failed_about_one_thing(alfa, beta, person):
    office = person("secretariat")
    kinds = ["accession_returned", "membership_excluded"]
    context = dict.fromkeys(PLACEHOLDERS, "x")
    rows = [draft(alfa, kind=kind, to=f"{kind}@example.org", context=context) for kind in kinds]
    failed = draft(alfa, to="c@example.org")
    Letter.objects.filter(pk=failed.pk).update(
        state="failed", failed_at=timezone.now(), failure="no", next_try_at=None
    )
    sent = draft(alfa, to="d@example.org")
    Letter.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now(), next_try_at=None)
    draft(beta)
    assert (
        letters.withdraw_unsent(about=alfa, why="Over.", kinds=["membership_excluded"], by=office)
        == 1
    )
    assert letters.withdraw_unsent(about=alfa, why="Over.", by=office) == 2
    states = dict(Letter.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (*rows, failed, sent)] == [
        "withdrawn",
        "withdrawn",
        "withdrawn",
        "sent",
    ]
    assert Letter.objects.about(beta).get().state == "drafted"
    assert letters.withdraw_unsent(about=alfa, why="Again.") == 0


def test_letter_in_a_senders_hands_is_not_taken_back(alfa, person):
    letter = draft(alfa)
    claimed = letters.claim(due_at=timezone.now())
    assert letters.withdraw_unsent(about=alfa, why="Late.") == 0
    with pytest.raises(ValidationError, match="being sent at this moment"):
        letters.withdraw(letter=letter, why="Late.", by=person("secretariat"))
    Letter.objects.filter(pk=claimed.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert letters.withdraw_unsent(about=alfa, why="The sender died.") == 1


@pytest.mark.parametrize("state", ["sent", "withdrawn"])
def test_what_is_over_can_neither_be_withdrawn_nor_tried_again(state, alfa, person):
    office = person("secretariat")
    letter = draft(alfa)
    if state == "withdrawn":
        letters.withdraw(letter=letter, why="No longer true.", by=office)
    else:
        letters.send_due()
    before = Letter.objects.values().get()
    for act in (
        lambda: letters.withdraw(letter=letter, why="x", by=office),
        lambda: letters.try_again(letter=letter, by=office),
    ):
        with pytest.raises(ValidationError):
            act()
    assert Letter.objects.values().get() == before


def test_withdraw_wants_a_reason(alfa, person):
    letter = draft(alfa)
    with pytest.raises(ValidationError, match="Say why"):
        letters.withdraw(letter=letter, why="  ", by=person("secretariat"))


def test_outbox_is_the_secretariats(alfa, person):
    letter = draft(alfa)
    for user in (person("lead", alfa), person("committee", alfa), person("nobody")):
        with pytest.raises(PermissionDenied):
            letters.withdraw(letter=letter, why="x", by=user)
        with pytest.raises(PermissionDenied):
            letters.try_again(letter=letter, by=user)
    letter.refresh_from_db()
    assert letter.state == "drafted"


# --- Sending --------------------------------------------------------------------------------------


def test_send_letters_sends_each_once_and_says_so(alfa, capsys):
    for name in ("a", "b"):
        draft(alfa, to=f"{name}@example.org")
    call_command("send_letters")
    call_command("send_letters", "--once")
    assert sorted(message.to[0] for message in mail.outbox) == ["a@example.org", "b@example.org"]
    assert capsys.readouterr().out == "Letters: 2 sent, 0 delayed, 0 failed\n"
    assert set(Letter.objects.values_list("state", "next_try_at", "tries", "claim")) == {
        ("sent", None, 1, None)
    }


def test_send_letters_keeps_going_for_a_while(alfa, monkeypatch):
    monkeypatch.setattr(
        "members.management.commands.send_letters.time.sleep", lambda _seconds: draft(alfa)
    )
    clock = iter([0, 1, 9])
    monkeypatch.setattr(
        "members.management.commands.send_letters.time.monotonic", lambda: next(clock)
    )
    call_command("send_letters", "--keep-going", "4")
    assert len(mail.outbox) == 1


def test_sending_and_forgetting_letters_is_rehearsed(alfa, capsys):
    due = draft(alfa, to="a@example.org")
    finished(alfa, "sent", 800, to="b@example.org")
    before = list(Letter.objects.order_by("pk").values())
    call_command("send_letters", "--dry-run")
    call_command("forget_letters", "--dry-run")
    assert capsys.readouterr().out == (
        f"{due.pk}: {due.kind} to a@example.org ({due.language})\nDry run: nothing was changed.\n"
        "Forgotten: 1.\nDry run: nothing was changed.\n"
    )
    assert list(Letter.objects.order_by("pk").values()) == before
    assert not mail.outbox


def test_letter_waits_for_its_next_try(alfa):
    letter = draft(alfa)
    Letter.objects.filter(pk=letter.pk).update(next_try_at=timezone.now() + timedelta(minutes=1))
    assert not letters.send_due()
    make_due(letter)
    assert letters.send_due() == {"sent": 1}


def test_text_with_a_key_is_cleared_once_it_is_sent_or_withdrawn(alfa):
    context = dict.fromkeys(PLACEHOLDERS, "KEY")
    for number, kind in enumerate(KINDS):
        draft(alfa, kind=kind, to=f"{number}@example.org", context=context)
    letters.withdraw_unsent(about=alfa, why="x", kinds=["interest_confirm"])
    letters.send_due()
    kept = {row.kind for row in Letter.objects.exclude(text="")}
    assert kept == {name for name, kind in KINDS.items() if not kind.secret}
    assert len(mail.outbox) == len(KINDS) - 1


def test_message_has_both_parts_and_says_that_a_machine_writes(alfa, settings):
    settings.CONTACT_EMAIL = "office@example.org"
    settings.DEFAULT_FROM_EMAIL = "portal@cities.example.org"
    reason = "<b>Page 2</b> & <a href=x>.\nSee https://example.org/a?b=1&c=2."
    draft(
        alfa,
        language="pl",
        context={"city": "Łódź", "link": "https://cities.example.org/x/", "reason": reason},
    )
    letters.send_due()
    [sent] = mail.outbox
    message = sent.message()
    assert (message["From"], message["Reply-To"]) == (
        "Ten Points <portal@cities.example.org>",
        "office@example.org",
    )
    assert (message["Auto-Submitted"], message["Content-Language"]) == ("auto-generated", "pl")
    assert message["MIME-Version"] == "1.0"
    assert message["Message-ID"] == Letter.objects.get().message_id
    plain, html = message.get_payload()
    assert reason in sent.body
    assert "https://cities.example.org/x/" in sent.body.splitlines()
    [part] = sent.alternatives
    assert '<html lang="pl" dir="ltr">' in part.content
    assert "&lt;b&gt;Page 2&lt;/b&gt; &amp; &lt;a href=x&gt;.<br>" in part.content
    assert (
        '<a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>.'
        in part.content
    )
    assert '<a href="https://cities.example.org/x/">' in part.content
    assert "<img" not in part.content
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


# --- Forgetting -----------------------------------------------------------------------------------


def finished(about, state, days, **fields):
    """A letter that was written so many days ago."""
    when = timezone.now() - timedelta(days=days)
    letter = draft(about, **fields)
    changes = {
        "sent": {"sent_at": when},
        "failed": {"failed_at": when, "failure": "550 lead@example.org is unknown"},
        "withdrawn": {"withdrawn_at": when, "withdrawn_why": "No."},
        "drafted": {},
    }[state]
    waits = {} if state == "drafted" else {"next_try_at": None}
    Letter.objects.filter(pk=letter.pk).update(state=state, written_at=when, **waits, **changes)
    return letter


@pytest.mark.parametrize(
    ("state", "days", "after"),
    [
        ("sent", 731, "sent"),
        ("failed", 731, "withdrawn"),
        ("withdrawn", 731, "withdrawn"),
        ("sent", 729, None),
        ("failed", 729, None),
        ("drafted", 731, None),
    ],
)
def test_old_letters_keep_their_day_and_lose_person_and_text(alfa, state, days, after):
    letter = finished(alfa, state, days, once="rule:1:lead@example.org", language="pl")
    before = Letter.objects.values().get(pk=letter.pk)
    call_command("forget_letters", stdout=io.StringIO())
    now = Letter.objects.values().get(pk=letter.pk)
    if after is None:
        assert now == before
        return
    assert "lead@example.org" not in str(now)
    assert "A page is missing." not in str(now)
    assert (now["state"], now["to"], now["text"], now["once"]) == (after, "", "", "")
    for name in ("kind", "language", "content_type_id", "object_id", "written_at", "sent_at"):
        assert now[name] == before[name]
    with override("pl"):
        assert now["subject"] == str(KINDS["accession_returned"].label)


def test_letters_are_forgotten_once_and_the_command_says_how_many(alfa, capsys):
    for number in range(3):
        finished(alfa, "sent", 800, to=f"{number}@example.org")
    call_command("forget_letters")
    call_command("forget_letters")
    assert capsys.readouterr().out == "Forgotten: 3.\nForgotten: 0.\n"


def test_page_of_a_forgotten_letter_says_so(alfa, browse, person):
    letter = finished(alfa, "failed", 800)
    letters.forget_old()
    client = browse(person("secretariat"))
    page = client.get(f"/admin/members/letter/{letter.pk}/change/").content.decode()
    assert "its recipient and its text are no longer kept" in page
    assert "lead@example.org" not in page
    client.post(f"/admin/members/letter/{letter.pk}/try-again/")
    assert Letter.objects.get(pk=letter.pk).state == "withdrawn"
