"""Who guesses passwords is slowed down; who forgot one, and the office next to them, is not locked
out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from members import limits
from members.models import Invitation, UseCount, User
from members.services import people
from tests.members.views.test_accounts import letters_soon, wait_for_letters  # noqa: F401

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-long-password"
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"
HERE, THERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def zofia():
    return User.objects.create_user("zofia@example.org", PASSWORD, name="Zofia", language="pl")


def sign_in(email="zofia@example.org", password="wrong", at=HERE, **headers):
    """The answer to one attempt from a computer."""
    return Client(REMOTE_ADDR=at).post(
        LOGIN, {"login": email, "password": password}, headers=headers
    )


def sender(at=HERE):
    return limits.fingerprint_of(at)


def is_in(response):
    return response.status_code == 302


@pytest.mark.parametrize("email", ["zofia@example.org", "nobody@example.org"])
def test_sixth_wrong_password_is_not_looked_at_whether_or_not_there_is_such_an_account(
    zofia, email
):
    assert [sign_in(email).status_code for _ in range(6)] == [200] * 5 + [429]
    answer = sign_in(email, PASSWORD)
    assert answer.status_code == 429
    assert "_auth_user_id" not in answer.client.session
    assert "There were too many attempts to sign in. Wait a quarter of an hour" in answer.text
    assert 'class="error-summary"' in answer.text
    assert email in answer.text


def test_other_spellings_of_the_address_count_together(zofia):
    for email in ["zofia@example.org", "ZOFIA@example.org", " zofia@Example.org "] * 2:
        answer = sign_in(email)
    assert answer.status_code == 429


def test_what_is_left_empty_is_no_attempt(zofia):
    for _ in range(9):
        sign_in(password="")
    assert is_in(sign_in(password=PASSWORD))


def test_right_password_begins_the_count_anew(zofia):
    for _ in range(3):
        assert [sign_in().status_code for _ in range(4)] == [200] * 4
        assert is_in(sign_in(password=PASSWORD))


def test_time_gives_the_attempts_back(zofia, monkeypatch):
    assert [sign_in().status_code for _ in range(6)][-1] == 429
    later = timezone.now() + timedelta(seconds=limits.SIGN_IN_SECONDS + 60)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert is_in(sign_in(password=PASSWORD))


def test_counts_whose_time_is_over_go(zofia, monkeypatch):
    monkeypatch.setattr(limits, "SIGN_IN_SECONDS", 0)
    sign_in(at=THERE)
    monkeypatch.undo()
    sign_in()
    assert not UseCount.objects.filter(key__contains=sender(THERE)).exists()
    assert UseCount.objects.filter(key__contains=sender()).exists()


def test_colleagues_behind_the_same_address_go_on_working(zofia, person, alfa):
    for _ in range(9):
        sign_in()
    jan = person("editor", alfa)
    assert is_in(sign_in(jan.email, "a-long-enough-password"))


def test_whoever_guesses_elsewhere_does_not_lock_the_person_out(zofia):
    for _ in range(50):
        sign_in(at=THERE)
    assert is_in(sign_in(password=PASSWORD))


def test_many_computers_together_do_not_guess_on_but_the_person_gets_in_where_they_are_known(zofia):
    assert is_in(sign_in(password=PASSWORD))
    for number in range(7):
        for _ in range(5):
            sign_in(at=f"203.0.113.{number}")
    assert sign_in(password=PASSWORD, at=THERE).status_code == 429
    assert is_in(sign_in(password=PASSWORD))


def test_one_computer_does_not_try_one_password_on_every_account(zofia, person):
    jan = person("secretariat")
    assert is_in(sign_in(jan.email, "a-long-enough-password"))
    answers = [
        sign_in(f"person-{number}@example.org").status_code
        for number in range(limits.PER_SENDER + 1)
    ]
    assert answers.count(429) == 1
    assert sign_in(password=PASSWORD).status_code == 429
    assert is_in(sign_in(password=PASSWORD, at=THERE))
    # Who has signed in from here before is no stranger.
    assert is_in(sign_in(jan.email, "a-long-enough-password"))


def test_right_passwords_do_not_count_against_the_office(person, alfa):
    people_here = [person("editor", alfa) for _ in range(5)]
    for _ in range(3):
        for somebody in people_here:
            assert is_in(sign_in(somebody.email, "a-long-enough-password"))
    assert UseCount.objects.get(key=f"sign_in_sender:{sender()}").count == 0


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_moment_are_counted_each():
    def attempt(_number: int) -> bool:
        try:
            return limits.may_sign_in("zofia@example.org", "here")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        looked_at = list(pool.map(attempt, range(24)))
    assert looked_at.count(True) == limits.PER_ACCOUNT_HERE


def test_form_that_was_carried_through_signing_in_is_held_to_the_same_limit(zofia):
    fields = {
        "to": "/admin/members/unit/add/",
        "carried": '[["name_en", "KEPT"]]',
        "login": zofia.email,
    }
    for _ in range(6):
        answer = Client(REMOTE_ADDR=HERE).post("/accounts/unsent/", {**fields, "password": "wrong"})
    assert "There were too many attempts to sign in" in answer.text
    assert "KEPT" in answer.text
    assert sign_in(password=PASSWORD).status_code == 429


def test_no_address_is_kept_and_visitors_get_no_cookie(zofia):
    sign_in()
    keys = " ".join(UseCount.objects.values_list("key", flat=True))
    assert keys
    assert HERE not in keys
    assert "zofia" not in keys
    assert not Client().get("/en/about/").cookies


# --- A new password -------------------------------------------------------------------------------


def ask(email="zofia@example.org", at=HERE):
    return Client(REMOTE_ADDR=at).post(RESET, {"email": email})


def test_mailbox_gets_three_links_within_an_hour_and_the_page_says_why(zofia):
    assert [ask(at=f"192.0.2.{n}").status_code for n in range(4)] == [302] * 3 + [429]
    wait_for_letters()
    assert len(mail.outbox) == 3
    assert "Too many links were asked for." in ask("Zofia@example.org").text


def test_page_says_the_same_where_there_is_no_such_account():
    assert [ask("nobody@example.org").status_code for _ in range(4)] == [302] * 3 + [429]


def test_one_computer_does_not_write_to_everybody():
    answers = [
        ask(f"person-{number}@example.org").status_code
        for number in range(limits.LINKS_FROM_SENDER + 1)
    ]
    assert answers == [302] * limits.LINKS_FROM_SENDER + [429]
    assert ask(at=THERE).status_code == 302


def test_new_password_lets_in_who_had_tried_too_often(zofia):
    for _ in range(9):
        sign_in()
    ask()
    wait_for_letters()
    link = mail.outbox[0].body.partition("/accounts/")[2].split()[0]
    client = Client(REMOTE_ADDR=HERE)
    page = client.get(f"/accounts/{link}", follow=True)
    new = "another-good-long-password"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert is_in(sign_in(password=new))


# --- Invitations ----------------------------------------------------------------------------------


def test_coordinator_does_not_write_to_strangers_by_the_hundred(person, alfa, monkeypatch, browse):
    monkeypatch.setattr(people, "PER_HOUR", 2)
    lead = person("lead", alfa)
    for number in range(2):
        people.invite(
            email=f"{number}@example.org", city=alfa, role="editor", language="en", by=lead
        )
    with pytest.raises(ValidationError, match="very many invitations"):
        people.invite(email="third@example.org", city=alfa, role="editor", language="en", by=lead)
    typed = {"email": "third@example.org", "city": alfa.pk, "role": "editor", "language": "en"}
    answer = browse(lead).post("/admin/members/invitation/add/", typed)
    assert "You have written very many invitations. Try again in an hour." in answer.text
    assert Invitation.objects.count() == 2


def test_office_invites_a_whole_network(person, alfa, monkeypatch):
    monkeypatch.setattr(people, "PER_HOUR", 2)
    office = person("secretariat")
    for number in range(4):
        people.invite(
            email=f"{number}@example.org", city=alfa, role="editor", language="en", by=office
        )
    assert Invitation.objects.count() == 4
