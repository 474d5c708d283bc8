"""Another e-mail address of an account: agreed to in both mailboxes, or not at all."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from members.models import AccountEvent, AddressChange, Invitation, User
from members.services import accounts, addresses, people
from tests.members.views.test_factors import kinds, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/accounts/safety/address/"
OLD, NEW = "old@example.org", "new@example.org"
Kind = AccountEvent.Kind


@pytest.fixture
def owner():
    return User.objects.create_user(OLD, "a-good-long-password", name="Owner")


@pytest.fixture
def client(owner):
    return proved(owner)


def proved(person) -> Client:
    """Signed in, and proved a moment ago."""
    client = signed_in(person)
    session = client.session
    session["proved_at"] = timezone.now().timestamp()
    session.save()
    return client


@pytest.fixture
def post(django_capture_on_commit_callbacks):
    """Sends a form, and the letters that it writes."""

    def send(client, address, **values):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, values)

    return send


def link_to(email: str) -> str:
    """The path in the last letter to this address."""
    letter = next(letter for letter in reversed(mail.outbox) if letter.to == [email])
    found = re.search(r"/accounts/address/\S+", letter.body.replace("=\n", ""))
    return found[0]


def last_letter(email: str) -> str:
    """The text of the last letter to this address."""
    letter = next(letter for letter in reversed(mail.outbox) if letter.to == [email])
    return " ".join(letter.body.split())


def address_of(person) -> str:
    return User.objects.values_list("email", flat=True).get(pk=person.pk)


def test_both_mailboxes_agree(owner, client, post):
    other = signed_in(owner)
    assert post(client, PAGE, email=" NEW@Example.org ").status_code == 302
    assert NEW in client.get(PAGE).text
    stranger = Client()
    new, old = link_to(NEW), link_to(OLD)
    for link in [new, old]:
        assert stranger.get(link).status_code == 200
    assert address_of(owner) == OLD
    assert post(stranger, new, agree=1).status_code == 200
    assert address_of(owner) == OLD
    assert post(client, old, agree=1).status_code == 200
    assert address_of(owner) == NEW
    assert kinds(owner) == ["address_asked", "address_changed"]
    told = [letter.to[0] for letter in mail.outbox[-2:]]
    assert sorted(told) == [NEW, OLD]
    earlier = last_letter(OLD)
    assert "It has another e-mail address from now on." in earlier
    assert "tell the network’s office at once" in earlier
    assert "/password/reset/" not in earlier
    assert "/password/reset/" in last_letter(NEW)
    # The other session is over; the one that agreed stays.
    assert other.get(PAGE).status_code == 302
    assert client.get("/accounts/safety/").status_code == 200
    for link in [new, old]:
        assert stranger.get(link).status_code == 410
        assert stranger.post(link, {"agree": 1}).status_code == 410


def test_one_mailbox_twice_is_not_both(owner, client, post):
    post(client, PAGE, email=NEW)
    for _time in range(2):
        post(Client(), link_to(NEW), agree=1)
    assert address_of(owner) == OLD


def test_present_mailbox_stops_it_and_the_new_one_cannot(owner, client, post):
    post(client, PAGE, email=NEW)
    new, old = link_to(NEW), link_to(OLD)
    assert "stop" in Client().get(old).text
    answer = post(Client(), old, stop=1)
    assert answer.status_code == 200
    assert "/accounts/password/reset/" in answer.text
    assert Client().post(new, {"agree": 1}).status_code == 410
    assert address_of(owner) == OLD
    assert kinds(owner) == ["address_asked", "address_stopped"]


def test_new_mailbox_that_asked_for_nothing_says_no(owner, client, post):
    """It may belong to a stranger, who has no account to choose a new password for."""
    post(client, PAGE, email=NEW)
    new, old = link_to(NEW), link_to(OLD)
    assert "No, I did not ask for this" in Client().get(new).text
    answer = post(Client(), new, stop=1)
    assert answer.status_code == 200
    assert "/accounts/password/reset/" not in answer.text
    for link in (new, old):
        assert Client().post(link, {"agree": 1}).status_code == 410
    assert address_of(owner) == OLD
    assert kinds(owner) == ["address_asked", "address_stopped"]
    assert "one of the two mailboxes said no to the change" in last_letter(OLD)


@pytest.mark.parametrize("mailbox", [NEW, OLD])
def test_post_without_a_button_is_no_yes(owner, client, post, mailbox):
    post(client, PAGE, email=NEW)
    answer = Client().post(link_to(mailbox), {})
    assert 'name="agree"' in answer.text
    times = AddressChange.objects.values_list("old_confirmed_at", "new_confirmed_at").get()
    assert times == (None, None)


@pytest.mark.parametrize("mailbox", [NEW, OLD])
def test_link_says_that_it_was_used_and_still_stops_the_change(owner, client, post, mailbox):
    post(client, PAGE, email=NEW)
    link = link_to(mailbox)
    post(Client(), link, agree=1)
    agreed_at = AddressChange.objects.values("old_confirmed_at", "new_confirmed_at").get()
    for answer in (Client().get(link), Client().post(link, {"agree": 1})):
        assert "This link has been used" in answer.text
        assert 'name="agree"' not in answer.text
    assert AddressChange.objects.values("old_confirmed_at", "new_confirmed_at").get() == agreed_at
    assert post(Client(), link, stop=1).status_code == 200
    assert not AddressChange.objects.waiting().exists()


def test_owner_takes_it_back(owner, client, post):
    post(client, PAGE, email=NEW)
    new = link_to(NEW)
    assert post(client, PAGE, withdraw=1).status_code == 302
    assert Client().get(new).status_code == 410


def test_second_wish_ends_the_first(owner, client, post):
    post(client, PAGE, email=NEW)
    first = link_to(NEW)
    post(client, PAGE, email="third@example.org")
    assert Client().get(first).status_code == 410
    assert AddressChange.objects.waiting().get().new_email == "third@example.org"


def test_taken_address_is_told_to_its_owner_alone(owner, client, post):
    User.objects.create_user(NEW, "another-long-password", name="Other")
    answer = post(client, PAGE, email="New@example.org")
    assert answer.status_code == 302
    free = post(client, PAGE, email="free@example.org")
    assert free["Location"] == answer["Location"]
    letters = [letter for letter in mail.outbox if letter.to == [NEW]]
    assert len(letters) == 1
    assert "/accounts/address/" not in letters[0].body


def test_letter_to_a_taken_address_is_in_the_language_of_its_account(owner, client, post):
    User.objects.create_user(NEW, "another-long-password", name="Other", language="pl")
    post(client, PAGE, email=NEW)
    letter = next(letter for letter in mail.outbox if letter.to == [NEW])
    assert letter.extra_headers["Content-Language"] == "pl"


def test_address_taken_meanwhile(owner, client, post):
    post(client, PAGE, email=NEW)
    new, old = link_to(NEW), link_to(OLD)
    User.objects.create_user(NEW, "another-long-password", name="Other")
    post(Client(), new, agree=1)
    answer = post(Client(), old, agree=1)
    assert answer.status_code == 409
    assert "Another account has this e-mail address by now." in answer.text
    assert address_of(owner) == OLD


@pytest.mark.parametrize(
    "values",
    [{"is_active": False}, {"email": "office-says@example.org"}],
    ids=["switched off", "changed by the secretariat"],
)
def test_account_changed_meanwhile(owner, client, post, values):
    post(client, PAGE, email=NEW)
    links = [link_to(NEW), link_to(OLD)]
    opened = addresses.link_of(links[0].split("/")[3])
    User.objects.filter(pk=owner.pk).update(**values)
    for link in links:
        assert Client().post(link, {"agree": 1}).status_code == 410
    # The page was open already.
    with pytest.raises(ValidationError):
        addresses.agree(link=opened, sender="")
    assert address_of(owner) == values.get("email", OLD)


def test_link_runs_out_and_is_forgotten(owner, client, post):
    post(client, PAGE, email=NEW)
    new = link_to(NEW)
    AddressChange.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(new).status_code == 410
    assert accounts.forget_old() == 1
    assert not AddressChange.objects.exists()


def test_invitations_to_the_old_address_are_withdrawn(owner, client, post, alfa):
    office = User.objects.create_user(
        "office@example.org", "a-good-long-password", name="Office", is_secretariat=True
    )
    made = {"city": alfa, "role": "editor", "language": "en", "by": office}
    people.invite(email=OLD, **made)
    people.invite(email=NEW, **made)
    post(client, PAGE, email=NEW)
    post(Client(), link_to(NEW), agree=1)
    post(Client(), link_to(OLD), agree=1)
    assert not Invitation.objects.get(email=OLD).is_open
    assert Invitation.objects.get(email=NEW).is_open


@pytest.mark.parametrize("email", [OLD, OLD.upper(), "", "no address", "a\x00@example.org"])
def test_bad_input_writes_nothing(owner, client, post, email):
    answer = post(client, PAGE, email=email)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert not AddressChange.objects.exists()
    assert not mail.outbox


def test_letters_to_strangers_are_few(owner, client, post):
    for number in range(addresses.PER_HOUR):
        post(client, PAGE, email=f"n{number}@example.org")
    mail.outbox.clear()
    assert post(client, PAGE, email=NEW).status_code == 429
    assert not mail.outbox


def test_page_wants_a_fresh_proof(owner, client, post):
    session = client.session
    session["proved_at"] = 0
    session.save()
    assert client.get(PAGE)["Location"].startswith("/accounts/again/")
    post(client, PAGE, email=NEW)
    assert not AddressChange.objects.exists()
    assert Client().get(PAGE)["Location"].startswith("/accounts/login/")


def test_address_of_the_secretariat_is_changed_by_its_owner_alone_and_told_to_all(
    owner, post, person
):
    """A colleague who could change it would have the account by a link to a new password."""
    User.objects.filter(pk=owner.pk).update(is_secretariat=True)
    other = person("secretariat", language="de")
    page = f"/admin/members/user/{owner.pk}/change/"
    desk = proved(other)
    field = desk.get(page).context["adminform"].form.fields["email"]
    assert field.disabled
    assert field.help_text
    values = {"email": NEW, "name": "Owner", "language": "en", "is_secretariat": "on"}
    post(desk, page, **values, is_active="on")
    assert address_of(owner) == OLD
    owner.refresh_from_db()
    post(proved(owner), PAGE, email=NEW)
    post(Client(), link_to(NEW), agree=1)
    post(Client(), link_to(OLD), agree=1)
    assert address_of(owner) == NEW
    told = last_letter(other.email)
    assert "Owner" in told
    assert f"/admin/members/user/{owner.pk}/change/" in told


def test_secretariat_changes_it_for_others_and_not_for_itself(owner, post):
    office = User.objects.create_user(
        "office@example.org", "a-good-long-password", name="Office", is_secretariat=True
    )
    desk = proved(office)
    page = f"/admin/members/user/{owner.pk}/change/"
    values = {"email": NEW, "name": "Owner", "language": "en", "is_active": "on"}
    assert post(desk, page, **values).status_code == 302
    assert address_of(owner) == NEW
    assert "The network’s office gave it another e-mail address." in last_letter(OLD)
    assert "Changed by: Office" in last_letter(OLD)
    # A stranger may read it, if the office mistyped: no link to a new password.
    assert "From now on you sign in with it." in last_letter(NEW)
    assert "/accounts/login/" in last_letter(NEW)
    assert "/password/" not in last_letter(NEW)
    assert kinds(owner) == ["address_changed"]
    assert sorted(letter.to[0] for letter in mail.outbox) == [NEW, OLD]
    own_page = f"/admin/members/user/{office.pk}/change/"
    assert 'name="email"' not in desk.get(own_page).text
    own = {**values, "email": "mine@example.org", "name": "Office", "is_secretariat": "on"}
    post(desk, own_page, **own)
    assert address_of(office) == "office@example.org"
