"""Role × object × verb for what belongs to an account: the list of sign-ins, factors, sessions, the
address, the summaries. Whoever is signed in has their own and nobody else's."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from members.emails import stop_link
from members.models import AccountEvent, AddressChange, User
from members.permissions import VERBS
from members.services import accounts

pytestmark = pytest.mark.django_db

ROLES = ("secretariat", "lead", "editor", "viewer", "committee", "neighbor", "nobody", "visitor")
# Status codes of reading, in the order of ROLES. 302: to the sign-in page; in the administration
# also for whoever has no role.
TABLE = """
/admin/members/accountevent/                 200 403 403 403 403 403 302 302
/admin/members/accountevent/{event}/change/  200 403 403 403 403 403 302 302
/admin/members/accountevent/add/             403 403 403 403 403 403 302 302
/admin/members/accountevent/{event}/delete/  403 403 403 403 403 403 302 302
/admin/members/user/{other}/factors/         200 404 404 404 404 404 302 302
/admin/profile/                              200 200 200 200 200 200 302 302
/accounts/safety/                            200 200 200 200 200 200 200 302
/accounts/safety/app/                        200 200 200 200 200 200 200 302
/accounts/safety/sessions/                   200 200 200 200 200 200 200 302
/accounts/safety/address/                    200 200 200 200 200 200 200 302
/accounts/safety/passkeys/add/               200 200 200 200 200 200 200 302
/accounts/safety/passkeys/{passkey}/         404 404 404 404 404 404 404 302
/accounts/safety/passkeys/{passkey}/remove/  404 404 404 404 404 404 404 302
/accounts/safety/passkeys/{passkey}/confirm/ 404 404 404 404 404 404 404 302
"""
EXPECTED = {
    line.split()[0]: tuple(map(int, line.split()[1:])) for line in TABLE.split("\n") if line
}


@pytest.fixture
def clients(person, alfa, beta) -> dict[str, Client]:
    """Somebody in each role, at an address where passkeys are offered."""
    city = {"secretariat": None, "nobody": None, "neighbor": beta}
    made = {}
    for role in ROLES:
        made[role] = Client(SERVER_NAME="localhost")
        if role != "visitor":
            name = "lead" if role == "neighbor" else role
            made[role].force_login(person(name, city.get(role, alfa)))
    return made


@pytest.fixture
def other(person) -> User:
    """Somebody of another office, with a passkey, a session and summaries."""
    return person("secretariat", gets_summaries=True)


@pytest.fixture
def names(other) -> dict[str, int]:
    """What the addresses of the table stand for; all of it is the other person's."""
    credential = {"name": "Theirs", "credential": {}}
    passkey = Authenticator.objects.create(user=other, type="webauthn", data=credential)
    event = accounts.note(AccountEvent.Kind.SIGNED_IN, person=other)
    return {"event": event.pk, "other": other.pk, "passkey": passkey.pk}


def test_pages_of_accounts_answer_as_the_table_says(clients, names):
    found = {}
    for page in EXPECTED:
        address = page.format(**names)
        found[page] = tuple(clients[role].get(address).status_code for role in ROLES)
    assert found == EXPECTED


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_what_belongs_to_another_account(role, clients, names, other):
    their_client = Client()
    their_client.force_login(other)
    [their_session] = accounts.open_sessions(person=other, own_key=None)
    now = timezone.now()
    change = AddressChange.objects.create(
        person=other,
        old_email=other.email,
        new_email="new@example.org",
        old_token_hash="a",
        new_token_hash="b",
        asked_at=now,
        expires_at=now + timedelta(days=1),
    )
    client = clients[role]
    passkey = f"/accounts/safety/passkeys/{names['passkey']}/"
    client.post(passkey, {"name": "Mine"})
    client.post(f"{passkey}remove/")
    client.post("/accounts/safety/sessions/", {"session": their_session.name})
    client.post("/accounts/safety/sessions/", {"session": ""})
    client.post("/accounts/safety/address/", {"withdraw": "1"})
    client.post("/admin/profile/", {"name": "Ada", "language": "de"})
    client.post(f"/admin/members/accountevent/{names['event']}/delete/", {"post": "yes"})
    other.refresh_from_db()
    change.refresh_from_db()
    assert str(Authenticator.objects.get(pk=names["passkey"])) == "Theirs"
    assert accounts.open_sessions(person=other, own_key=None)
    assert change.ended_at is None
    assert other.gets_summaries
    assert AccountEvent.objects.filter(pk=names["event"]).exists()


def test_link_that_ends_summaries_ends_those_of_its_person_alone(client, other, person, settings):
    somebody = person("secretariat", gets_summaries=True)
    link = stop_link(somebody.pk, "en").removeprefix(settings.SITE_URL)
    assert client.post(link).status_code == 200
    assert not User.objects.get(pk=somebody.pk).gets_summaries
    assert User.objects.get(pk=other.pk).gets_summaries


def test_rights_to_the_list_of_sign_ins_are_to_read_it(person, alfa, names):
    event = AccountEvent.objects.get(pk=names["event"])
    for role in ("secretariat", "lead", "editor", "viewer", "committee", "nobody"):
        user = person(role, None if role in {"secretariat", "nobody"} else alfa)
        verbs = [verb for verb in VERBS if user.has_perm(verb, event)]
        assert verbs == (["view"] if role == "secretariat" else []), role
