"""The way of a file: who may take which step from which state, and what each step leaves behind."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from members import accession_file
from members.grounds import Grounds, Vote
from members.models import (
    Accession,
    AccessionChoice,
    AccessionOwnAction,
    AccessionStep,
    Action,
    CityRole,
    Commitment,
    CommitteeSeat,
    Decision,
    Letter,
    Membership,
    MembershipStep,
    Point,
    StatusChangedOutsideService,
    SuggestedAction,
    User,
)
from members.services import accession_letters, accessions, memberships
from members.services.accession_letters import Consent
from tests.conftest import days_ago, make_city
from tests.members.accession_cast import (
    CONSENT,
    SEEN,
    act_by,
    decide,
    file_in,
    fill,
    make_meeting,
    make_plan,
)

pytestmark = pytest.mark.django_db

STATES = (
    "draft",
    "submitted",
    "returned",
    "under_review",
    "on_agenda",
    "deferred",
    "admitted",
    "rejected",
    "withdrawn",
)
ROLES = ("secretariat", "lead", "editor", "viewer", "committee", "neighbor", "nobody")

# Written out a second time on purpose: from which states each verb leads, whither, and who may take
# it.
TABLE = """
submit      draft returned                                            submitted     secretariat lead
return      submitted under_review deferred                           returned      secretariat
review      submitted                                                 under_review  secretariat
schedule    under_review deferred                                     on_agenda     secretariat
unschedule  on_agenda                                                 under_review  secretariat
admit       on_agenda                                                 admitted      secretariat
defer       on_agenda                                                 deferred      secretariat
reject      on_agenda                                                 rejected      secretariat
withdraw    draft submitted returned under_review on_agenda deferred  withdrawn     secretariat lead
annul       admitted deferred rejected                                on_agenda     secretariat
"""


def lines() -> dict[str, tuple[set[str], str, set[str]]]:
    found = {}
    for line in filter(None, TABLE.splitlines()):
        verb, *rest = [part for part in line.split("  ") if part.strip()]
        before, after, roles = (part.strip() for part in rest)
        found[verb.strip()] = (set(before.split()), after, set(roles.split()))
    return found


EXPECTED = lines()


@pytest.fixture
def office(person) -> User:
    return person("secretariat")


def test_table_has_a_line_for_every_verb():
    assert set(EXPECTED) == set(AccessionStep.Verb.values) - {"open"}


def everything() -> tuple:
    """What a refused verb must leave as it was."""
    return (
        list(
            Accession.objects.order_by("pk").values_list(
                "pk", "status", "meeting", "membership", "version"
            )
        ),
        *(
            model.objects.count()
            for model in (AccessionStep, Decision, Membership, MembershipStep, Letter)
        ),
    )


@pytest.mark.parametrize("state", STATES)
def test_each_verb_from_each_state_by_each_role(state, office, person, country, beta):
    city = make_city(country, "gamma")
    row = file_in(state, city, office)
    meeting = make_meeting()
    people = {
        name: office
        if name == "secretariat"
        else person("lead", beta)
        if name == "neighbor"
        else person(name, None if name == "nobody" else city)
        for name in ROLES
    }
    before = everything()
    for verb, (states, after, roles) in EXPECTED.items():
        for role, somebody in people.items():
            allowed = state in states and role in roles
            with transaction.atomic():
                if allowed:
                    assert act_by(verb, row, somebody, meeting).status == after, (verb, role)
                    step = AccessionStep.objects.order_by("-pk").first()
                    assert (step.verb, step.from_status, step.to_status, step.by) == (
                        verb,
                        state,
                        after,
                        somebody,
                    )
                    assert step.to_status == Accession.objects.get(pk=row.pk).status
                else:
                    with pytest.raises((PermissionDenied, ValidationError)) as refusal:
                        act_by(verb, row, somebody, meeting)
                    wanted = ValidationError if role in roles else PermissionDenied
                    assert refusal.type is wanted, (verb, role)
                    assert everything() == before, (verb, role)
                transaction.set_rollback(True)


def test_somebody_who_may_no_longer_sign_in_may_nothing(office, alfa):
    row = file_in("submitted", alfa, office)
    office.is_active = False
    office.save()
    with pytest.raises(PermissionDenied):
        accessions.begin_review(accession=row, by=office)


@pytest.mark.parametrize("verb", ["return", "defer", "reject", "withdraw", "unschedule", "annul"])
def test_verbs_that_need_a_reason_are_refused_without(verb, office, alfa):
    states = {"return": "submitted", "withdraw": "draft", "annul": "admitted"}
    row = file_in(states.get(verb, "on_agenda"), alfa, office)
    before = everything()
    actions = {
        "return": accessions.return_to_city,
        "withdraw": accessions.withdraw,
        "unschedule": accessions.take_off_agenda,
        "annul": accessions.annul_decision,
        "defer": accessions.defer,
        "reject": accessions.reject,
    }
    vote = {"vote": Vote()} if verb in ("defer", "reject") else {}
    with pytest.raises(ValidationError) as refusal:
        actions[verb](accession=row, by=office, why="  ", **vote)
    assert "why" in refusal.value.message_dict
    assert everything() == before


# --- No other way ---------------------------------------------------------------------------------


def test_saving_another_state_is_refused_loudly(office, alfa):
    row = file_in("submitted", alfa, office)
    row.status = "admitted"
    with pytest.raises(StatusChangedOutsideService, match=r"members\.services"):
        row.save()
    with pytest.raises(StatusChangedOutsideService):
        Accession.objects.filter(pk=row.pk).update(status="admitted")
    with pytest.raises(StatusChangedOutsideService):
        Accession(city=make_city(alfa.country, "gamma"), status="admitted").save()


def test_saving_another_standing_is_refused_loudly(office, alfa):
    membership = file_in("admitted", alfa, office).membership
    membership.standing = "excluded"
    with pytest.raises(StatusChangedOutsideService):
        membership.save()
    with pytest.raises(StatusChangedOutsideService):
        Membership.objects.filter(pk=membership.pk).update(standing="excluded")


FORBIDDEN = {
    "a state without its step": "UPDATE members_accession SET status = 'rejected'",
    "a standing without its step": "UPDATE members_membership SET standing = 'suspended'",
    "an edited step": "UPDATE members_accessionstep SET why = 'x'",
    "an erased step": "DELETE FROM members_accessionstep",
    "an edited step of a membership": "UPDATE members_membershipstep SET why = 'x'",
    "an erased step of a membership": "DELETE FROM members_membershipstep",
    "a step that begins elsewhere": (
        "INSERT INTO members_accessionstep (accession_id, verb, from_status, to_status, at, "
        "by_id, why)"
        " SELECT accession_id, 'review', 'submitted', 'under_review', at, by_id, '' FROM "
        "members_accessionstep"
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_database_itself_refuses(what, office, alfa):
    file_in("admitted", alfa, office)
    with (
        pytest.raises(DatabaseError, match="step"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(FORBIDDEN[what])


def test_broken_record_rolls_everything_back(office, alfa, monkeypatch):
    row = file_in("on_agenda", alfa, office)
    before = everything()

    def broken(**values):
        raise OSError("disk full")

    monkeypatch.setattr(AccessionStep.objects, "create", broken)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        accessions.admit(accession=row, by=office, vote=Vote(), consent=CONSENT)
    assert everything() == before


def test_letter_that_cannot_be_written_down_rolls_everything_back(office, alfa, monkeypatch):
    row = file_in("submitted", alfa, office)
    CityRole.objects.create(user=office, city=alfa, role="lead")
    before = everything()

    def broken(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(accession_letters.letters, "write", lambda **values: broken())
    with pytest.raises(OSError, match="disk full"):
        accessions.begin_review(accession=row, by=office)
    assert everything() == before


# --- Opening and submitting -----------------------------------------------------------------------


def test_city_has_one_open_file(office, alfa):
    file_in("under_review", alfa, office)
    with pytest.raises(ValidationError, match="open accession already"):
        accessions.open_accession(city=alfa, by=office)


def test_member_opens_no_file_and_a_former_member_does(office, alfa):
    row = file_in("admitted", alfa, office)
    with pytest.raises(ValidationError, match="member already"):
        accessions.open_accession(city=alfa, by=office)
    memberships.withdraw(
        membership=row.membership,
        by=office,
        why="Left.",
        on="2025-01-01",
        grounds=Grounds(source_url="https://example.org/left"),
    )
    again = accessions.open_accession(city=alfa, by=office)
    assert again.pk != row.pk
    assert again.status == "draft"


def test_lead_opens_a_file_for_the_own_city_only(person, alfa, beta):
    lead = person("lead", alfa)
    assert accessions.open_accession(city=alfa, by=lead).city == alfa
    with pytest.raises(PermissionDenied):
        accessions.open_accession(city=beta, by=lead)
    with pytest.raises(PermissionDenied):
        accessions.open_accession(city=alfa, by=person("editor", alfa))


def test_file_without_act_or_focal_point_is_not_submitted(office, alfa):
    make_plan()
    row = accessions.open_accession(city=alfa, by=office)
    everything_seen = Consent(warnings=SEEN | {"no_act", "no_focal_point"})
    with pytest.raises(ValidationError) as refusal:
        accessions.submit(accession=row, by=office, consent=everything_seen)
    assert {error.code for error in refusal.value.error_list} == {"no_act", "no_focal_point"}


def test_every_warning_is_confirmed_before_a_file_is_submitted(office, alfa):
    make_plan()
    row = fill(accessions.open_accession(city=alfa, by=office))
    with pytest.raises(ValidationError) as refusal:
        accessions.submit(accession=row, by=office)
    codes = {error.code for error in refusal.value.error_list}
    assert codes == {"no_basis", "no_resources", "points_without_action", "act_without_document"}
    with pytest.raises(ValidationError):
        accessions.submit(accession=row, by=office, consent=Consent(warnings=codes - {"no_basis"}))
    assert (
        accessions.submit(accession=row, by=office, consent=Consent(warnings=codes)).status
        == "submitted"
    )


def test_act_dated_in_the_future_cannot_be_submitted(office, alfa):
    row = file_in("draft", alfa, office)
    row.signed_act.passed = str(timezone.localdate().year + 1)
    row.signed_act.save()
    with pytest.raises(ValidationError, match="future"):
        accessions.submit(accession=row, by=office, consent=CONSENT)


def test_points_with_an_action_are_counted(office, alfa):
    row = file_in("draft", alfa, office)
    point = make_plan()
    suggested = SuggestedAction.objects.create(point=point, order=1, text_en="Listen")
    texts = {r.code: r.text for r in accession_file.remarks(accession_file.read(row))}
    assert texts["points_without_action"] == "0 of 2 points have an action."
    AccessionChoice.objects.create(accession=row, suggested_action=suggested)
    texts = {r.code: r.text for r in accession_file.remarks(accession_file.read(row))}
    assert texts["points_without_action"] == "1 of 2 points have an action."


def test_what_changed_since_the_file_was_submitted_is_told(office, alfa):
    row = file_in("returned", alfa, office)
    assert accession_file.changed_by_city(accession_file.read(row)) == []
    row.resources_en = "One person, half time."
    row.save()
    (change,) = accession_file.changed_by_city(accession_file.read(row))
    assert (change.label, change.before, change.after) == (
        "Resources",
        "",
        "One person, half time.",
    )
    # Whoever reads the file again sees what is new in it, until it is decided.
    for verb in ("submit", "review"):
        row = act_by(verb, row, office)
        assert accession_file.changed_by_city(accession_file.read(row)) == [change]


def test_file_that_was_never_returned_has_no_changes(office, alfa):
    row = file_in("under_review", alfa, office)
    assert accession_file.changed_by_city(accession_file.read(row)) == []


def test_changes_of_an_earlier_return_are_not_told_again(office, alfa):
    row = file_in("returned", alfa, office)
    row.resources_en = "One person, half time."
    row.save()
    for verb in ("submit", "return", "submit"):
        row = act_by(verb, row, office)
    assert accession_file.changed_by_city(accession_file.read(row)) == []


# --- Votes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vote", "field"),
    [
        (Vote(votes_for=9, votes_against=1, votes_abstained=0, present=8), "present"),
        (Vote(votes_for=9), "votes_for"),
        (Vote(unanimous=True, votes_for=9, votes_against=1, votes_abstained=0), "unanimous"),
        (Vote(on="2999"), "on"),
    ],
)
def test_impossible_vote_is_refused_at_its_field(vote, field, office, alfa):
    row = file_in("on_agenda", alfa, office)
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        accessions.admit(accession=row, by=office, vote=vote, consent=CONSENT)
    assert list(refusal.value.message_dict) == [field]
    assert everything() == before


def test_city_with_a_seat_does_not_vote_about_itself(office, alfa, beta):
    CommitteeSeat.objects.create(city=alfa, since="2020")
    row = file_in("on_agenda", alfa, office)
    vote = Vote(votes_for=9, votes_against=0, votes_abstained=1, present=11)
    accessions.admit(accession=row, by=office, vote=vote, consent=CONSENT)
    assert list(Decision.objects.get().recused.all()) == [alfa]


def test_admission_makes_a_public_member_with_the_committee_as_source(office, country):
    city = make_city(country, "gamma", published_at=None)
    row = file_in("admitted", city, office)
    membership, decision = row.membership, row.decisions.get()
    assert (membership.standing, membership.joined) == ("active", "2024-05-01")
    city.refresh_from_db()
    assert city.published_at
    assert membership.is_public
    assert decision.membership == membership
    assert membership.citations.get().basis == "steering_committee"
    step = membership.steps.get()
    assert (step.verb, step.from_standing, step.to_standing, step.decision) == (
        "admit",
        "",
        "active",
        decision,
    )


def test_admission_of_an_evidenced_member_confirms_the_membership(office, alfa):
    earlier = Membership.objects.create(city=alfa, standing="evidenced", joined="2006")
    row = file_in("admitted", alfa, office)
    earlier.refresh_from_db()
    assert row.membership == earlier
    assert (earlier.standing, earlier.joined) == ("active", "2006")


def test_decision_after_the_citys_own_later_one_is_warned_about(office, alfa):
    row = file_in("under_review", alfa, office)
    row.legal_basis = alfa.legal_acts.create(kind="council_resolution", passed="2024-06-01")
    row.save()
    with pytest.raises(ValidationError) as refusal:
        accessions.put_on_agenda(
            accession=row,
            by=office,
            meeting=make_meeting("2024-05-01"),
            consent=Consent(warnings=SEEN - {"basis_after_meeting"}),
        )
    assert [error.code for error in refusal.value.error_list] == ["basis_after_meeting"]


@pytest.mark.parametrize("votes", [(1, 5), (3, 3), (0, 0)])
def test_admission_without_a_majority_is_refused_unless_confirmed(votes, office, alfa):
    row = file_in("on_agenda", alfa, office)
    votes_for, votes_against = votes
    vote = Vote(votes_for=votes_for, votes_against=votes_against, votes_abstained=1)
    with pytest.raises(ValidationError) as refusal:
        accessions.admit(accession=row, by=office, vote=vote, consent=CONSENT)
    assert [error.code for error in refusal.value.error_list] == ["votes_contradict"]
    assert not Decision.objects.exists()
    consent = Consent(warnings=SEEN | {"votes_contradict"})
    assert accessions.admit(accession=row, by=office, vote=vote, consent=consent).membership


# --- Annulment ------------------------------------------------------------------------------------


def test_annulled_admission_is_kept_and_the_right_decision_follows(office, alfa):
    row = file_in("admitted", alfa, office)
    membership = row.membership
    row = accessions.annul_decision(accession=row, by=office, why="Wrong city.")
    membership.refresh_from_db()
    assert (row.status, row.membership, membership.standing) == ("on_agenda", None, "annulled")
    assert not membership.is_public
    annulled = Decision.objects.get()
    assert (annulled.annulled_by, annulled.annulled_why) == (office, "Wrong city.")
    assert decide("rejected", row, office).status == "rejected"
    assert Decision.objects.filter(annulled_at=None).get().outcome == "rejected"


def test_annulled_admission_takes_the_citys_promises_off_the_public_pages(office, alfa):
    row = file_in("draft", alfa, office)
    AccessionOwnAction.objects.create(
        accession=row, point=make_plan(), text_en="Open an advice office"
    )
    row = accessions.submit(accession=row, by=office, consent=CONSENT)
    row = accessions.begin_review(accession=row, by=office)
    row = accessions.put_on_agenda(
        accession=row, by=office, meeting=make_meeting(), consent=CONSENT
    )
    row = decide("admitted", row, office)
    assert [commitment.point.number for commitment in Commitment.objects.public()] == [1]
    now = timezone.now()
    second_point = Point.objects.get(number=2)
    cited = Commitment.objects.create(city=alfa, point=second_point, published_at=now)
    cited.actions.create(title_en="From the press", published_at=now)
    cited.actions.create(
        title_en="The city’s word", origin="stated", stated_at=now, published_at=now
    )
    row = accessions.annul_decision(accession=row, by=office, why="Wrong city.")
    # What sources say of a city stays, whatever its membership.
    assert [row.pk for row in Commitment.objects.public()] == [cited.pk]
    assert titles() == {"From the press"}
    decide("admitted", row, office)
    assert titles() == {"From the press", "Open an advice office"}
    assert Action.objects.count() == 3


def titles() -> set[str]:
    """Of the actions that everybody may read."""
    return {row.title_en for row in Action.objects.public()}


def test_annulled_admission_gives_an_evidenced_member_its_standing_back(office, alfa):
    earlier = Membership.objects.create(
        city=alfa, standing="evidenced", joined="2006", published_at=timezone.now()
    )
    row = file_in("admitted", alfa, office)
    accessions.annul_decision(accession=row, by=office, why="Wrong city.")
    earlier.refresh_from_db()
    assert earlier.standing == "evidenced"
    assert earlier.is_public


def test_admission_is_not_annulled_once_the_membership_moved_on(office, alfa):
    row = file_in("admitted", alfa, office)
    memberships.suspend(
        membership=row.membership,
        by=office,
        why="No report.",
        on="2025",
        grounds=Grounds(meeting=make_meeting("2025-01-01")),
    )
    before = everything()
    with pytest.raises(ValidationError, match="Annul the later changes first"):
        accessions.annul_decision(accession=row, by=office, why="Wrong.")
    assert everything() == before


# --- Memberships ----------------------------------------------------------------------------------

MEMBERSHIP = """
suspend   active                        suspended
restore   suspended                     active
withdraw  evidenced active suspended    withdrawn
exclude   active suspended              excluded
"""


def membership_in(standing: str, city, office) -> Membership:
    """A membership in this standing; the closed ones by their verbs."""
    if standing == "evidenced":
        return Membership.objects.create(city=city, standing="evidenced")
    row = Membership.objects.create(city=city, standing="active", joined="2020")
    if standing == "active":
        return row
    verb = {"suspended": "suspend", "withdrawn": "withdraw", "excluded": "exclude"}[standing]
    return change(verb, row, office)


def change(verb: str, row: Membership, by: User) -> Membership:
    grounds = Grounds(source_url="https://example.org/letter")
    if verb in ("suspend", "restore", "exclude"):
        grounds = Grounds(meeting=make_meeting("2024-01-01"))
    return getattr(memberships, verb)(
        membership=row, by=by, why="Because.", on="2024-01-01", grounds=grounds
    )


@pytest.mark.parametrize("standing", ["evidenced", "active", "suspended", "withdrawn", "excluded"])
def test_each_change_of_standing_by_each_role(standing, office, person, country, beta):
    city = make_city(country, "gamma")
    row = membership_in(standing, city, office)
    people = {"secretariat": office, "lead": person("lead", city), "neighbor": person("lead", beta)}
    people["committee"] = person("committee", city)
    before = everything()
    for line in filter(None, MEMBERSHIP.splitlines()):
        verb, states, after = (part.strip() for part in line.split("  ") if part.strip())
        for role, somebody in people.items():
            with transaction.atomic():
                if role == "secretariat" and standing in states.split():
                    changed = change(verb, row, somebody)
                    assert changed.standing == after
                    step = row.steps.order_by("-pk").first()
                    assert (step.verb, step.from_standing, step.to_standing) == (
                        verb,
                        standing,
                        after,
                    )
                    assert bool(changed.ended) == (after in ("withdrawn", "excluded"))
                else:
                    with pytest.raises((PermissionDenied, ValidationError)):
                        change(verb, row, somebody)
                    assert everything()[2:] == before[2:] or role == "secretariat", (verb, role)
                transaction.set_rollback(True)


def test_change_of_standing_rests_on_something(office, alfa):
    row = membership_in("active", alfa, office)
    with pytest.raises(ValidationError, match="decision, the letter or the source"):
        memberships.withdraw(membership=row, by=office, why="Left.", on="2024", grounds=Grounds())
    with pytest.raises(ValidationError, match="future"):
        memberships.withdraw(
            membership=row,
            by=office,
            why="x",
            on="2999",
            grounds=Grounds(source_url="https://example.org/x"),
        )


def test_suspension_entered_wrongly_is_annulled_by_a_further_step(office, alfa):
    row = membership_in("suspended", alfa, office)
    row = memberships.annul_last(membership=row, by=office, why="Another city was meant.")
    assert row.standing == "active"
    assert Decision.objects.get().annulled_why == "Another city was meant."
    assert [step.verb for step in row.steps.all()] == ["suspend", "annul"]


# --- Letters --------------------------------------------------------------------------------------


def test_each_coordinator_is_written_to_in_their_language_with_the_reason(office, person, alfa):
    lead = person("lead", alfa, language="pl")
    person("viewer", alfa)
    row = file_in("submitted", alfa, office)
    Letter.objects.all().delete()
    accessions.return_to_city(accession=row, by=office, why="The act is not signed.")
    letter = Letter.objects.get()
    assert (letter.to, letter.language, letter.kind) == (lead.email, "pl", "accession_returned")
    assert "The act is not signed." in letter.text


def test_letter_goes_out_in_the_words_of_the_confirm_page(office, person, alfa):
    lead = person("lead", alfa)
    row = file_in("submitted", alfa, office)
    words = {f"accession_review_started:{lead.email}": ("We read", "Dear Ann, we read it {city}.")}
    accessions.begin_review(accession=row, by=office, consent=Consent(letters=words))
    letter = Letter.objects.get(kind="accession_review_started")
    assert (letter.subject, letter.text) == ("We read", "Dear Ann, we read it {city}.")


def test_city_without_coordinators_is_written_to_at_its_focal_point(office, alfa):
    alfa.units.create(name_en="Office", email="office@alfa.example", is_focal_point=True)
    row = file_in("submitted", alfa, office)
    accessions.begin_review(accession=row, by=office)
    assert Letter.objects.get(kind="accession_review_started").to == "office@alfa.example"


# --- The queue ------------------------------------------------------------------------------------


def test_first_page_of_the_office_begins_with_the_longest_waiting_file(
    office, alfa, beta, browse, person
):
    later = file_in("submitted", alfa, office)
    earlier = file_in("under_review", beta, office)
    Accession._base_manager.filter(pk=earlier.pk).update(status_since=days_ago(40))
    html = browse(office).get("/admin/").content.decode()
    assert html.index(earlier.get_file_url()) < html.index(later.get_file_url())
    assert "it has waited for 40 days" in html
    assert "the secretariat: begin the review" in html
    assert (
        later.get_file_url()
        not in browse(person("lead", beta)).get("/admin/?all=1").content.decode()
    )


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_two_people_deciding_at_once_leave_one_decision(_round, office, alfa):
    row = file_in("on_agenda", alfa, office)
    answers: list[object] = []
    start = threading.Barrier(2)

    def admit_or_reject(outcome: str) -> None:
        try:
            start.wait()
            answers.append(decide(outcome, row, office).status)
        except ValidationError as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=admit_or_reject, args=[outcome])
        for outcome in ("admitted", "rejected")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [answer for answer in answers if isinstance(answer, str)]
    lost = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert len(won) == len(lost) == 1
    assert "Somebody may have been faster" in lost[0].messages[0]
    assert Accession.objects.get().status == won[0]
    assert Decision.objects.count() == 1
    assert AccessionStep.objects.filter(verb__in=["admit", "reject"]).count() == 1
