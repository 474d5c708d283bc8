"""Who may invite whom, what becomes of an invitation, and that it all happens once or not at
all."""

import hashlib
import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from members.models import City, CityRole, Country, Invitation, Letter, User
from members.services import people
from tests import prepared

PASSWORD = "a-good-long-password"
PLACES = ["krakow", "lund", None]
ROLES = ["lead", "editor", "viewer", "committee"]
INVITERS = [
    "secretariat",
    "lead",
    "editor",
    "viewer",
    "committee",
    "former_lead",
    "inactive_secretariat",
    "nobody",
]


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@prepared.fixture
def cities(db):
    poland, sweden = Country.objects.create(code="PL"), Country.objects.create(code="SE")
    return {
        "krakow": City.objects.create(
            slug="krakow", name_en="Krakow", local_name="Kraków", country=poland
        ),
        "lund": City.objects.create(slug="lund", name_en="Lund", local_name="Lund", country=sweden),
        None: None,
    }


@prepared.fixture
def cast(cities):
    """People of Kraków by what they are for it, and the network's office."""
    found = {
        name: User.objects.create_user(
            f"{name}@example.org", name=name, is_secretariat=name.endswith("secretariat")
        )
        for name in INVITERS
    }
    for role in ROLES:
        CityRole.objects.create(user=found[role], city=cities["krakow"], role=role)
    yesterday = timezone.localdate() - timedelta(days=1)
    CityRole.objects.create(
        user=found["former_lead"],
        city=cities["krakow"],
        role="lead",
        since=yesterday,
        until=timezone.localdate(),
    )
    found["inactive_secretariat"].is_active = False
    found["inactive_secretariat"].save()
    return found


def invite(cities, by, *, place="krakow", role="editor", email="new@example.org", language="pl"):
    return people.invite(
        email=email,
        city=cities[place],
        role=role,
        to_office=place is None and not role,
        language=language,
        by=by,
    )


def new_person(name="Jan"):
    return people.NewPerson(name=name, language="pl", password=PASSWORD)


def age(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )


def code_of(failure):
    return failure.value.code


# --- Who may invite -------------------------------------------------------------------------------

ALLOWED = {
    *[("secretariat", "krakow", role) for role in ROLES],
    *[("secretariat", "lund", role) for role in ROLES],
    ("secretariat", None, ""),
    *[("lead", "krakow", role) for role in ("lead", "editor", "viewer")],
}
ASKED = [
    (by, place, role)
    for by in INVITERS
    for place in PLACES
    for role in (ROLES if place else ["", "lead", "committee"])
]


@pytest.mark.parametrize(("by", "place", "role"), ASKED)
def test_invite_follows_the_table(cities, cast, by, place, role):
    if (by, place, role) in ALLOWED:
        invitation = invite(cities, cast[by], place=place, role=role)
        assert (invitation.city, invitation.role, invitation.invited_by) == (
            cities[place],
            role,
            cast[by],
        )
    else:
        refusal = ValidationError if by == "secretariat" else PermissionDenied
        with pytest.raises(refusal):
            invite(cities, cast[by], place=place, role=role)
        assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("by", "place", "role"), [asked for asked in ASKED if bool(asked[1]) == bool(asked[2])]
)
def test_withdraw_invitation_follows_the_same_table(cities, cast, by, place, role):
    invitation = invite(cities, cast["secretariat"], place=place, role=role)
    if (by, place, role) in ALLOWED:
        people.withdraw_invitation(invitation=invitation, by=cast[by])
    else:
        with pytest.raises(PermissionDenied):
            people.withdraw_invitation(invitation=invitation, by=cast[by])
    invitation.refresh_from_db()
    assert (invitation.withdrawn_at is not None) == ((by, place, role) in ALLOWED)


# --- The invitation itself ------------------------------------------------------------------------


def test_invite_keeps_no_token_once_the_letter_is_sent(
    cities, cast, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invite(cities, cast["lead"])
    token = re.search(r"/accounts/invitation/([^/]+)/", mail.outbox[0].body)[1]
    assert all(token not in str(value) for value in Letter.objects.values().get().values())
    assert len(token) >= 43
    row = Invitation.objects.filter(email="new@example.org").values().get()
    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert all(token not in str(value) for value in row.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes FROM auditlog_logentry")
        assert all(
            token not in str(line) and row["token_hash"] not in str(line)
            for line in cursor.fetchall()
        )


def test_invite_writes_no_letter_where_it_is_rolled_back(
    cities, cast, django_capture_on_commit_callbacks
):
    with (
        django_capture_on_commit_callbacks(execute=True) as callbacks,
        pytest.raises(PermissionDenied),
    ):
        invite(cities, cast["editor"])
    assert callbacks == []
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_invite_stays_and_its_letter_waits_where_it_cannot_be_sent(
    cities, cast, monkeypatch, caplog
):
    def away(*args):
        raise ConnectionRefusedError("mail server away")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
    assert invite(cities, cast["lead"]).is_open
    assert "mail server away" in caplog.text
    letter = Letter.objects.get()
    assert (letter.state, letter.tries, "mail server away" in letter.failure) == (
        "drafted",
        1,
        True,
    )
    assert "/accounts/invitation/" in letter.text


@pytest.mark.parametrize(
    ("language", "city"), [("pl", "Krakow"), ("uk", "Krakow"), ("en", "Krakow")]
)
def test_invite_writes_in_the_language_asked_for(
    cities, cast, language, city, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invite(cities, cast["lead"], language=language)
    [letter] = mail.outbox
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    assert {**letter.extra_headers, **headers} == letter.extra_headers
    assert f"?language={language}" in letter.body
    assert city in letter.body
    assert "&" not in letter.body
    assert f'<html lang="{language}"' in letter.alternatives[0].content


def test_invite_escapes_names_in_html_and_not_in_text(
    cities, cast, django_capture_on_commit_callbacks
):
    User.objects.filter(pk=cast["lead"].pk).update(name="<b>O’Neil & Söhne</b>")
    with django_capture_on_commit_callbacks(execute=True):
        invite(cities, User.objects.get(pk=cast["lead"].pk), language="en")
    [letter] = mail.outbox
    assert "<b>O’Neil & Söhne</b>" in letter.body
    assert "<b>" not in letter.alternatives[0].content
    assert "&lt;b&gt;O’Neil &amp; Söhne" in letter.alternatives[0].content


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b", "a\x00b@example.org", "a@example.org\nBcc: b@example.org"]
)
def test_invite_refuses_what_is_no_address(cities, cast, email):
    with pytest.raises(ValidationError):
        invite(cities, cast["lead"], email=email)


@pytest.mark.parametrize(
    "values", [{"role": "king"}, {"role": ""}, {"language": "tlh"}, {"language": ""}]
)
def test_invite_refuses_what_does_not_exist(cities, cast, values):
    with pytest.raises(ValidationError):
        invite(cities, cast["secretariat"], **values)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("place", "role"), [("krakow", "editor"), (None, "")])
def test_invite_refuses_a_second_open_invitation(cities, cast, place, role):
    invite(cities, cast["secretariat"], place=place, role=role)
    with pytest.raises(ValidationError) as failure:
        invite(cities, cast["secretariat"], place=place, role=role, email=" NEW@example.org ")
    assert code_of(failure) == "open"
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize(("place", "role"), [("krakow", "editor"), (None, "")])
def test_invite_replaces_what_ran_out(cities, cast, place, role):
    earlier = invite(cities, cast["secretariat"], place=place, role=role)
    age(earlier)
    assert invite(cities, cast["secretariat"], place=place, role=role).is_open
    earlier.refresh_from_db()
    assert earlier.withdrawn_by == cast["secretariat"]


def test_invite_refuses_whom_somebody_invites_at_the_same_moment(cities, cast, monkeypatch):
    invite(cities, cast["lead"])
    monkeypatch.setattr(people, "_withdraw_expired", lambda invitation: None)
    with pytest.raises(ValidationError) as failure:
        invite(cities, cast["lead"])
    assert code_of(failure) == "open"


def test_invite_refuses_a_role_already_held(cities, cast):
    for place, role, email in [
        ("krakow", "editor", "editor@example.org"),
        (None, "", "secretariat@example.org"),
    ]:
        with pytest.raises(ValidationError) as failure:
            invite(cities, cast["secretariat"], place=place, role=role, email=email)
        assert code_of(failure) == "held"


def test_invite_tells_a_lead_nothing_about_accounts_elsewhere(cities, cast):
    CityRole.objects.create(user=cast["nobody"], city=cities["lund"], role="editor")
    for name in ("nobody", "secretariat", "inactive_secretariat"):
        assert invite(cities, cast["lead"], email=f"{name}@example.org").is_open


# --- Accepting ------------------------------------------------------------------------------------


def test_accept_invitation_makes_an_account_with_that_role_alone(cities, cast):
    person = people.accept_invitation(invitation=invite(cities, cast["lead"]), by=new_person())
    assert person.current_roles == {cities["krakow"].pk: {"editor"}}
    assert not person.is_secretariat
    assert person.check_password(PASSWORD)


def test_accept_invitation_to_the_secretariat_with_an_account(cities, cast):
    invitation = invite(
        cities, cast["secretariat"], place=None, role="", email="viewer@example.org"
    )
    person = people.accept_invitation(invitation=invitation, by=cast["viewer"])
    assert person == cast["viewer"]
    assert person.is_secretariat
    assert User.objects.get(pk=person.pk).is_secretariat


def test_accept_invitation_twice_for_one_role_keeps_one_row(cities, cast):
    invitation = invite(cities, cast["lead"], email="nobody@example.org")
    CityRole.objects.create(user=cast["nobody"], city=cities["krakow"], role="editor")
    people.accept_invitation(invitation=invitation, by=cast["nobody"])
    assert cast["nobody"].roles.count() == 1


@pytest.mark.parametrize("by", ["editor", "secretariat", "lead"])
def test_accept_invitation_is_for_the_invited_person(cities, cast, by):
    invitation = invite(cities, cast["lead"], email="nobody@example.org")
    with pytest.raises(PermissionDenied):
        people.accept_invitation(invitation=invitation, by=cast[by])
    assert not cast["nobody"].roles.exists()


def test_accept_invitation_never_takes_over_an_account(cities, cast):
    invitation = invite(cities, cast["lead"], email="nobody@example.org")
    with pytest.raises(ValidationError) as failure:
        people.accept_invitation(invitation=invitation, by=new_person())
    assert code_of(failure) == "account"
    cast["nobody"].refresh_from_db()
    assert cast["nobody"].name == "nobody"
    assert not cast["nobody"].has_usable_password()


def test_accept_invitation_never_wakes_an_account_switched_off(cities, cast):
    invitation = invite(cities, cast["lead"], email="inactive_secretariat@example.org")
    for by in (new_person(), cast["inactive_secretariat"]):
        with pytest.raises(ValidationError) as failure:
            people.accept_invitation(invitation=invitation, by=by)
        assert code_of(failure) == "inactive"


def expired(invitation, cast):
    age(invitation)


def accepted(invitation, cast):
    people.accept_invitation(invitation=invitation, by=new_person("First"))


def withdrawn(invitation, cast):
    people.withdraw_invitation(invitation=invitation, by=cast["lead"])


CLOSED = [
    (expired, "accept", "expired"),
    (accepted, "accept", "accepted"),
    (withdrawn, "accept", "withdrawn"),
    (expired, "withdraw", None),
    (accepted, "withdraw", "accepted"),
    (withdrawn, "withdraw", "withdrawn"),
]


@pytest.mark.parametrize(("before", "verb", "refusal"), CLOSED)
def test_invitation_refuses_illegal_steps(cities, cast, before, verb, refusal):
    invitation = invite(cities, cast["lead"])
    stale = Invitation.objects.get(pk=invitation.pk)
    before(invitation, cast)
    was = (
        Invitation.objects.values().get(pk=invitation.pk),
        User.objects.count(),
        CityRole.objects.count(),
    )

    def step():
        if verb == "accept":
            people.accept_invitation(invitation=stale, by=new_person("Second"))
        else:
            people.withdraw_invitation(invitation=stale, by=cast["secretariat"])

    if refusal is None:
        step()
        assert Invitation.objects.get(pk=invitation.pk).withdrawn_by == cast["secretariat"]
        return
    with pytest.raises(ValidationError) as failure:
        step()
    assert code_of(failure) == refusal
    assert failure.value.message
    assert was == (
        Invitation.objects.values().get(pk=invitation.pk),
        User.objects.count(),
        CityRole.objects.count(),
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broken", ["role", "invitation"])
def test_accept_invitation_happens_whole_or_not_at_all(cities, cast, monkeypatch, broken):
    invitation = invite(cities, cast["lead"])

    def fail(*args, **kwargs):
        raise RuntimeError("the record cannot be written")

    monkeypatch.setattr(CityRole if broken == "role" else Invitation, "save", fail)
    with pytest.raises(RuntimeError):
        people.accept_invitation(invitation=invitation, by=new_person())
    monkeypatch.undo()
    assert not User.objects.filter(email="new@example.org").exists()
    assert not CityRole.objects.filter(user__email="new@example.org").exists()
    assert Invitation.objects.get(pk=invitation.pk).is_open
    assert people.accept_invitation(invitation=invitation, by=new_person()).pk


def race(*steps):
    """Run the steps at the same moment in threads of their own; the result or the exception of
    each."""
    together = threading.Barrier(len(steps))
    outcomes = [None] * len(steps)

    def run(number, step):
        try:
            together.wait(timeout=10)
            outcomes[number] = step()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", range(5))
def test_accept_invitation_has_one_winner(cities, cast, time):
    invitation = invite(cities, cast["lead"])
    names = ["Anna", "Berta", "Carl", "Dora"]
    outcomes = race(
        *[
            lambda name=name: people.accept_invitation(invitation=invitation, by=new_person(name))
            for name in names
        ]
    )
    winners = [outcome for outcome in outcomes if isinstance(outcome, User)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert (len(winners), len(losers)) == (1, 3), outcomes
    assert {loser.code for loser in losers} == {"accepted"}
    assert User.objects.get(email="new@example.org").name == winners[0].name
    assert CityRole.objects.filter(user=winners[0]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_accept_invitation_races_with_its_withdrawal(cities, cast):
    invitation = invite(cities, cast["lead"])
    outcomes = race(
        lambda: people.accept_invitation(invitation=invitation, by=new_person()),
        lambda: people.withdraw_invitation(invitation=invitation, by=cast["secretariat"]),
    )
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1, outcomes
    row = Invitation.objects.get(pk=invitation.pk)
    assert (row.accepted_at is None) != (row.withdrawn_at is None)
    assert User.objects.filter(email="new@example.org").exists() == (row.accepted_at is not None)


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_new_person_make_one_account(cities, cast):
    both = [invite(cities, cast["secretariat"], place=place) for place in ("krakow", "lund")]
    outcomes = race(
        *[lambda one=one: people.accept_invitation(invitation=one, by=new_person()) for one in both]
    )
    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1, outcomes
    assert (
        sum(
            isinstance(outcome, ValidationError) and outcome.code == "account"
            for outcome in outcomes
        )
        == 1
    )
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_invite_twice_at_once_writes_one_invitation(cities, cast):
    outcomes = race(*[lambda: invite(cities, cast["lead"])] * 3)
    assert sum(isinstance(outcome, Invitation) for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 2
    assert Invitation.objects.count() == 1


# --- The end of a role ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", INVITERS)
def test_end_role_is_the_secretariat_s(cities, cast, by):
    role = cast["viewer"].roles.get()
    if by == "secretariat":
        people.end_role(role=role, by=cast[by])
        assert User.objects.get(pk=cast["viewer"].pk).current_roles == {}
    else:
        with pytest.raises(PermissionDenied):
            people.end_role(role=role, by=cast[by])
        assert User.objects.get(pk=cast["viewer"].pk).current_roles == {
            cities["krakow"].pk: {"viewer"}
        }


def test_end_role_of_one_that_has_ended(cast):
    role = cast["former_lead"].roles.get()
    with pytest.raises(ValidationError) as failure:
        people.end_role(role=role, by=cast["secretariat"])
    assert code_of(failure) == "ended"


@pytest.mark.parametrize(("since", "until"), [(-10, None), (-10, 5), (0, None), (3, None), (3, 9)])
def test_end_role_ends_it_now_and_once(cities, cast, since, until):
    today = timezone.localdate()
    role = CityRole.objects.create(
        user=cast["nobody"],
        city=cities["krakow"],
        role="viewer",
        since=today + timedelta(days=since),
        until=until and today + timedelta(days=until),
    )
    people.end_role(role=role, by=cast["secretariat"])
    role.refresh_from_db()
    assert role.until == max(today, role.since)
    assert role not in CityRole.objects.current()
    with pytest.raises(ValidationError):
        people.end_role(role=role, by=cast["secretariat"])


def test_end_role_lets_the_person_be_invited_anew(cities, cast):
    people.end_role(role=cast["editor"].roles.get(), by=cast["secretariat"])
    invitation = invite(cities, cast["lead"], email="editor@example.org")
    people.accept_invitation(invitation=invitation, by=User.objects.get(pk=cast["editor"].pk))
    assert User.objects.get(pk=cast["editor"].pk).current_roles == {cities["krakow"].pk: {"editor"}}
