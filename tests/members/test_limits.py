"""Who guesses passwords is slowed down; who forgot one, and the office next to them, is not locked
out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members import devices, limits
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


def guess_from_everywhere(email="zofia@example.org"):
    """Seven computers, four wrong passwords each: fewer than one computer alone may try."""
    for number in range(8):
        for _ in range(4):
            sign_in(email, at=f"203.0.113.{number}")
    assert sign_in(email, PASSWORD, at="203.0.113.99").status_code == 429


def known_device(email="zofia@example.org", password=PASSWORD):
    """The browser of somebody who has signed in, as it is on another day and network."""
    browser = sign_in(email, password, at=HERE).client
    browser.session.flush()
    moved = Client(REMOTE_ADDR=THERE)
    moved.cookies[devices.COOKIE] = browser.cookies[devices.COOKIE].value
    return moved


def attempt(browser, email="zofia@example.org", password="wrong"):
    return browser.post(LOGIN, {"login": email, "password": password})


def test_device_that_the_account_knows_gets_in_on_any_network(zofia):
    moved = known_device()
    guess_from_everywhere()
    assert is_in(attempt(moved, password=PASSWORD))


def test_device_that_the_account_knows_gets_in_beside_somebody_who_guesses(zofia):
    moved = known_device()
    for _ in range(9):
        sign_in(at=THERE)
    assert is_in(attempt(moved, password=PASSWORD))


def test_stolen_device_cookie_gives_few_attempts_and_takes_none_from_the_owner(zofia):
    thief = known_device()
    assert [attempt(thief).status_code for _ in range(6)] == [200] * 5 + [429]
    assert attempt(thief, password=PASSWORD).status_code == 429
    assert is_in(sign_in(password=PASSWORD, at=THERE))


def test_colleague_at_the_same_device_gets_no_more_attempts_by_signing_in_again(zofia, person):
    jan = person("secretariat")
    shared = known_device()
    refused = []
    for _ in range(3):
        for _ in range(3):
            refused.append(attempt(shared).status_code == 429)
        assert is_in(attempt(shared, jan.email, "a-long-enough-password"))
        shared.post("/accounts/logout/")
    assert refused == [False] * 5 + [True] * 4


def test_device_of_somebody_else_or_a_forged_one_gives_nothing(zofia, person):
    of_jan = known_device(person("secretariat").email, "a-long-enough-password")
    forged = known_device()
    forged.cookies[devices.COOKIE] = forged.cookies[devices.COOKIE].value[:-1] + "x"
    guess_from_everywhere()
    assert attempt(of_jan, password=PASSWORD).status_code == 429
    assert attempt(forged, password=PASSWORD).status_code == 429


def test_device_of_before_devices_had_marks_is_not_new_and_has_no_attempts_of_its_own(zofia, rf):
    """It cannot say whether it is older than the password."""
    older = Client(REMOTE_ADDR=THERE)
    older.cookies[devices.COOKIE] = signing.dumps([zofia.pk], salt=devices._SALT)
    guess_from_everywhere()
    assert attempt(older, password=PASSWORD).status_code == 429
    request = rf.get("/")
    request.COOKIES[devices.COOKIE] = older.cookies[devices.COOKIE].value
    assert not devices.is_new(request, zofia)


def test_device_of_before_a_new_password_is_a_new_one(zofia, rf):
    """Whoever took the cookie has nothing by it once its owner has chosen another password."""
    thief = known_device()
    zofia.set_password("another-good-long-password")
    zofia.save()
    guess_from_everywhere()
    assert attempt(thief, password="another-good-long-password").status_code == 429
    request = rf.get("/")
    request.COOKIES[devices.COOKIE] = thief.cookies[devices.COOKIE].value
    assert devices.is_new(request, zofia)


def test_account_with_no_device_does_the_same_work_beside_a_cookie(zofia, person):
    """Whoever has a cookie of their own account learns nothing about other addresses by it."""
    moved = known_device(person("secretariat").email, "a-long-enough-password")
    costs = []
    for number, email in enumerate(("zofia@example.org", "nobody@example.org")):
        moved.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        with CaptureQueriesContext(connection) as queries:
            attempt(moved, email)
        costs.append([query["sql"].partition(" ")[0] for query in queries])
    assert costs[0] == costs[1]


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
    assert "its link still works" in " ".join(ask("Zofia@example.org").text.split())


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


def choose(link, new, at=HERE):
    """The answer to a new password that is chosen by a link."""
    client = Client(REMOTE_ADDR=at)
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})


def last_link():
    wait_for_letters()
    path = mail.outbox[-1].body.partition("/accounts/")[2].split()[0]
    return f"/accounts/{path}"


def test_new_password_lifts_the_lock_everywhere(zofia):
    guess_from_everywhere()
    for _ in range(9):
        sign_in(at=THERE)
    ask(at=HERE)
    new = "another-good-long-password"
    assert choose(last_link(), new).status_code == 302
    assert is_in(sign_in(password=new, at=THERE))
    assert is_in(sign_in(password=new, at="203.0.113.1"))


def test_new_password_of_one_account_lifts_no_lock_of_another(zofia):
    other = User.objects.create_user("other@example.org", PASSWORD, name="Other")
    guess_from_everywhere(other.email)
    ask()
    assert choose(last_link(), "another-good-long-password").status_code == 302
    assert sign_in(other.email, PASSWORD, at=THERE).status_code == 429


def test_whoever_asks_for_others_closes_the_way_to_a_new_password_to_nobody(zofia):
    """The last letter still works, and the page says so; a device that the account knows gets
    letters of its own; a chosen password opens the way for everybody."""
    moved = known_device()
    for number in range(5):
        ask(at=f"203.0.113.{number}")
    refused = ask(at=THERE)
    assert refused.status_code == 429
    assert "Letters with a link were sent before." in refused.text
    assert choose(last_link(), "another-good-long-password").status_code == 302
    # The owner signs in with it: the account knows the device again.
    moved = known_device(password="another-good-long-password")
    assert ask(at=THERE).status_code == 302
    for number in range(5):
        ask(at=f"203.0.113.{number}")
    answers = [moved.post(RESET, {"email": zofia.email}).status_code for _ in range(4)]
    assert answers == [302] * 3 + [429]


def test_page_says_the_same_words_where_there_is_no_such_account(zofia):
    said = set()
    for email in (zofia.email, "nobody@example.org"):
        for number in range(4):
            answer = ask(email, at=f"203.0.113.{number}")
        said.add(str(answer.context["form"].errors).replace(email, ""))
    assert len(said) == 1


def test_computer_that_asks_too_often_uses_up_no_mailbox(zofia, monkeypatch):
    """It gets no letter written, so the page must not tell the owner of one."""
    monkeypatch.setattr(limits, "LINKS_FROM_SENDER", 1)
    ask("nobody@example.org", at=THERE)
    for _ in range(5):
        assert "from your network" in ask(at=THERE).text
    assert ask(at=HERE).status_code == 302


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
