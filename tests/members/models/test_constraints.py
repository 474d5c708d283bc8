"""Each promise of the database, broken once. The cast keeps them all: `one_of_each` obeys every
constraint."""

import uuid
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from languages.models import DeskRow, DeskState, Freshness, IndexRow, IndexWord, WordPart
from members.models import (
    Accession,
    Action,
    City,
    Country,
    Decision,
    Evidence,
    ExpressionOfInterest,
    Invitation,
    Organisation,
    Owned,
    Plan,
    Record,
    SupportContact,
    User,
)
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def change(label: str, **fields: object) -> Callable[[dict], None]:
    """Break a row of the cast by what a careless `update` would write."""
    return lambda rows: type(rows[label]).objects.filter(pk=rows[label].pk).update(**fields)


def double(label: str, **fields: object) -> Callable[[dict], None]:
    """Write a row of the cast a second time, with other values in some fields."""

    def act(rows: dict) -> None:
        row = rows[label]
        row.pk, row._state.adding = None, True
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return act


BROKEN: dict[str, Callable[[dict], object]] = {
    "action_denied_when_and_by_whom": change("members.action", published_at=None, denied_at=NOW),
    "denied_action_is_not_public": lambda rows: Action.objects.update(
        denied_at=NOW, denied_by=rows["members.user"]
    ),
    "email_is_lower_case": change("members.user", email="Someone@Example.org"),
    "anonymised_person_cannot_sign_in": change("members.user", anonymised_at=NOW),
    "one_open_role_of_a_kind_per_city": double("members.cityrole"),
    "role_ends_after_it_begins": change("members.cityrole", since="2024-02-01", until="2024-01-01"),
    "invitation_accepted_when_and_by_whom": change("members.invitation", accepted_at=NOW),
    "invitation_withdrawn_when_and_by_whom": change("members.invitation", withdrawn_at=NOW),
    "invitation_accepted_or_withdrawn_not_both": lambda rows: Invitation.objects.update(
        accepted_at=NOW,
        accepted_by=rows["members.user"],
        withdrawn_at=NOW,
        withdrawn_by=rows["members.user"],
    ),
    "invitation_to_a_city_names_a_role": change("members.invitation", role=""),
    "one_open_invitation_per_person_city_and_role": double("members.invitation", token_hash="x"),
    "a_reminder_is_written_once": double("members.letter", message_id="x"),
    "waiting_letter_has_its_next_try": change("members.letter", next_try_at=None),
    "sent_letter_says_when": change("members.letter", state="sent", next_try_at=None),
    "failed_letter_says_when_and_why": change(
        "members.letter", state="failed", next_try_at=None, failed_at=NOW
    ),
    "withdrawn_letter_says_when_and_why": change(
        "members.letter", state="withdrawn", next_try_at=None, withdrawn_at=NOW
    ),
    "only_a_waiting_letter_is_claimed_and_for_a_time": change("members.letter", claim=uuid.uuid4()),
    # Past the field, which would make a space of the line end.
    "letter_subject_is_one_line": change(
        "members.letter", subject=models.Value("One line\nBcc: another")
    ),
    "one_wording_per_kind_of_letter_and_language": double("members.lettertext"),
    "address_without_reminders_is_lower_case": change(
        "members.reminderstop", email="Someone@Example.org"
    ),
    "one_source_per_address": double("members.source"),
    "source_has_an_address_or_a_title": change("members.source", url="", title=""),
    "a_source_is_cited_once_per_field": double("members.citation"),
    "one_legal_act_per_city_and_number": double("members.legalact"),
    "country_code_is_iso": lambda rows: Country.objects.create(code="pl"),
    "city_has_both_coordinates_or_neither": change("members.city", latitude="50.1"),
    "population_year_needs_a_population": change("members.city", population_year=2020),
    "city_does_not_succeed_itself": lambda rows: City.objects.update(successor=models.F("pk")),
    "a_name_is_given_once_per_language": double("members.cityname"),
    "one_focal_point_per_city": lambda rows: [
        change("members.unit", is_focal_point=True)(rows),
        double("members.unit", is_focal_point=True)(rows),
    ],
    "one_open_membership_per_city": double("members.membership", standing="evidenced"),
    "membership_ended_has_its_date": change("members.membership", ended="2021"),
    "membership_recorded_when_and_by_whom": change("members.membership", recorded_at=NOW),
    "a_milestone_is_recorded_once": double("members.milestone"),
    "a_meeting_is_recorded_once": double("members.meeting"),
    "meeting_ends_after_it_begins": change("members.meeting", ends="2019"),
    "one_valid_decision_per_meeting_and_membership": double("members.decision"),
    "votes_are_counted_all_or_not_at_all": change("members.decision", votes_for=3),
    "a_unanimous_vote_has_nobody_against": change(
        "members.decision", unanimous=True, votes_for=3, votes_against=1, votes_abstained=0
    ),
    "decision_annulled_when_by_whom_and_why": lambda rows: Decision.objects.update(annulled_at=NOW),
    "one_fee_band_per_start": double("members.feeband"),
    "fee_band_ends_after_it_begins": change("members.feeband", valid_from="2024", valid_to="2020"),
    "fee_band_goes_upwards": change("members.feeband", population_from=10, population_to=5),
    "nobody_is_paid_for_joining": change("members.feeband", amount=-1),
    "interest_answered_when_by_whom_and_how": change(
        "members.expressionofinterest", answered_at=NOW
    ),
    "a_candidate_names_its_city": lambda rows: ExpressionOfInterest.objects.update(
        city=rows["members.city"]
    ),
    "anonymised_interest_names_nobody": change("members.expressionofinterest", anonymised_at=NOW),
    "one_valid_decision_per_meeting_and_accession": lambda rows: [
        change("members.decision", accession=rows["members.accession"])(rows),
        double("members.decision", membership=None, accession=rows["members.accession"])(rows),
    ],
    "decision_is_about_an_accession_or_a_membership": change("members.decision", membership=None),
    "one_open_seat_per_city": double("members.committeeseat"),
    "seat_ends_after_it_begins": change("members.committeeseat", until="2019"),
    "one_signatory_per_place": double("members.signatory"),
    "one_open_accession_per_city": double("members.accession"),
    "accession_on_the_agenda_names_its_meeting": lambda rows: Accession.objects.bulk_create(
        [Accession(city=make_city(rows["members.country"], "gamma"), status="on_agenda")]
    ),
    "admitted_accession_has_its_membership": change("members.accession", membership=1),
    "accession_is_never_public": change("members.accession", published_at=NOW),
    "an_action_is_chosen_once_per_accession": double("members.accessionchoice"),
    "one_own_action_per_place": double("members.accessionownaction"),
    "one_draft_per_entry": double("members.draft"),
    "one_plan_in_force": lambda rows: Plan.objects.create(name_en="Another", in_force=True),
    "one_point_per_number": double("members.point"),
    "points_are_counted_from_one": change("members.point", number=0),
    "one_suggested_action_per_place": double("members.suggestedaction"),
    "one_task_per_place": double("members.bodytask"),
    "support_contact_is_for_a_city_or_a_country": change("members.supportcontact", city=None),
    "support_contact_phone_is_a_number": change("members.supportcontact", phone="call us"),
    "support_contact_second_phone_is_a_number": change("members.supportcontact", second_phone="+0"),
    "an_organisation_helps_once_per_city": double("members.supportcontact"),
    "an_organisation_helps_once_per_country": lambda rows: [
        SupportContact.objects.create(
            country=rows["members.city"].country,
            organisation=Organisation.objects.first(),
            what_it_does_en="x",
        )
        for _time in range(2)
    ],
    "one_commitment_per_city_and_point": double("members.commitment"),
    "commitment_confirmed_when_and_by_whom": change("members.commitment", confirmed_at=NOW),
    "an_undertaking_is_recorded_once": double("members.undertaking"),
    "a_heading_names_its_point_itself": change("members.undertaking", is_heading=True),
    "stopped_action_says_why": change("members.action", status="stopped"),
    "action_is_due_after_it_starts": change("members.action", starts="2025-01", due="2024"),
    "evidence_is_a_source_or_a_document": change("members.evidence", source=None),
    "a_source_is_evidence_once_per_action": double("members.evidence"),
    "a_document_is_evidence_once_per_action": lambda rows: [
        Evidence.objects.create(action=rows["members.action"], document=rows["members.document"])
        for _time in range(2)
    ],
    "one_update_per_action_and_date": double("members.actionupdate"),
    "one_value_per_indicator_and_date": double("members.indicatorvalue"),
    "reply_says_when_and_by_whom": change("members.review", reply_pl="Odpowiedź"),
    "one_edition_per_label": double("programs.edition"),
    "edition_ends_after_it_begins": change(
        "programs.edition", period_from="2024", period_to="2020"
    ),
    "an_event_of_an_edition_stands_once": double("programs.editionevent"),
    "event_of_an_edition_ends_after_it_begins": change(
        "programs.editionevent", starts="2024", ends="2020"
    ),
    "one_programme_item_per_place": double("programs.programmeitem"),
    "an_organisation_takes_part_once_per_role": double("programs.participation"),
    "grant_amount_has_its_currency": change("programs.grant", currency=""),
    "grant_ends_after_it_begins": change("programs.grant", year_from=2024, year_to=2020),
    "grant_shows_the_notice_that_its_fund_requires": change(
        "programs.grant", notice_required="yes", notice=""
    ),
    "one_spending_per_edition_year_and_kind": double("programs.spending"),
    "spending_is_not_negative": change("programs.spending", amount=-1),
    "a_source_covers_a_programme_once": double("programs.coverage"),
    "a_source_evaluates_an_edition_once": double("programs.evaluation"),
    "evaluation_replied_when_and_by_whom": change("programs.evaluation", replied_at=NOW),
    "programmes_are_linked_once": double("programs.programmelink"),
    "news_picture_has_its_text_and_credit": change(
        "portal.news", picture_text_en="", picture_text_pl=None
    ),
    "city_picture_has_its_text_and_credit": change("portal.citypicture", credit=""),
    "quotation_names_its_speaker_and_office": change("portal.news", office_en=None),
    "one_ground_that_holds_per_detail": double("portal.personaldetail"),
    "agreement_names_who_and_when": change("portal.personaldetail", agreed_by=""),
    "detail_withdrawn_when_and_by_whom": change("portal.personaldetail", withdrawn_at=NOW),
    "a_document_is_attached_once": double("portal.attachment"),
    "an_action_is_an_example_once": double("portal.example"),
    "event_ends_after_it_begins": change("portal.event", last_day="2020-04-30"),
    "event_ends_later_in_the_day_than_it_begins": change(
        "portal.event", starts="12:00", ends="11:00"
    ),
    "programme_is_not_linked_with_itself": change(
        "programs.programmelink", other=models.F("programme")
    ),
}


def names(model: type[models.Model]) -> set[str]:
    return {constraint.name for constraint in model._meta.constraints}


def test_every_constraint_of_the_network_is_broken_once():
    declared = set().union(*(names(m) for m in apps.get_models() if issubclass(m, Owned))) | names(
        User
    )
    assert {name for name in declared if not name.endswith("_stated_has_its_date")} == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_database_refuses(name, alfa_rows):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BROKEN[name](alfa_rows)
    # SQLite names a check; of a unique index it names the columns.
    assert name in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)


@pytest.mark.parametrize(
    "model", [m for m in Record.__subclasses__() if not m._meta.abstract], ids=lambda m: m.__name__
)
def test_origin_stated_has_its_date(model, alfa_rows):
    row = alfa_rows[model._meta.label_lower]
    for broken in ({"origin": "stated"}, {"stated_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=row.pk).update(**broken)


def test_freshness_is_of_a_translation_and_once(alfa):
    values = {
        "content_type": ContentType.objects.get_for_model(City),
        "object_id": alfa.pk,
        "field": "name",
        "source_language": "en",
        "source_hash": "x",
        "how": "office",
        "translated_at": NOW,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Freshness.objects.create(language="en", **values)
    Freshness.objects.create(language="pl", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Freshness.objects.create(language="pl", **values)


def test_index_has_one_row_per_object_and_language(alfa):
    row = IndexRow.objects.filter(object_id=alfa.pk).first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_desk_has_one_row_per_entry_and_one_state_per_language(alfa):
    row = DeskRow.objects.get(
        object_id=alfa.pk, content_type=ContentType.objects.get_for_model(City)
    )
    state = row.states.get(language="pl")
    for kept in (state, row):
        kept.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.save(force_insert=True)
    assert (
        DeskState.objects.filter(row__object_id=alfa.pk, language="pl", row__city=alfa.pk).count()
        >= 1
    )


def test_word_of_the_index_stands_once_and_has_a_part_once(db):
    word = IndexWord.objects.create(word="markt", spelled="markt", languages="de")
    WordPart.objects.create(word=word, part="~markt")
    WordPart.objects.create(word=word, part="=markt")
    with pytest.raises(IntegrityError), transaction.atomic():
        WordPart.objects.create(word=word, part="~markt")
    with pytest.raises(IntegrityError), transaction.atomic():
        IndexWord.objects.create(word="markt", spelled="Markt", languages="de")
