"""Whether each transition says all that a page needs of it, so that a new verb is complete."""

import pytest

from members.models import AccessionStep, MembershipStep
from members.services import accessions, memberships
from members.transitions import NO_WORDS
from members.wording import KINDS

# Written by an admission, which is a transition of the accession.
OF_ACCESSIONS = {"admit"}
EVERY = [*accessions.TRANSITIONS, *memberships.TRANSITIONS]


def name_of(transition) -> str:
    return f"{type(transition).__name__}-{transition.verb}"


def test_each_verb_is_one_transition():
    of_accessions = [transition.verb for transition in accessions.TRANSITIONS]
    of_memberships = [transition.verb for transition in memberships.TRANSITIONS]
    assert sorted(of_accessions) == sorted(AccessionStep.Verb.values)
    assert sorted(of_memberships) == sorted(set(MembershipStep.Verb.values) - OF_ACCESSIONS)


@pytest.mark.parametrize("transition", EVERY, ids=name_of)
def test_form_asks_for_the_reason_that_the_service_needs(transition):
    assert ("why" in transition.form_class.base_fields) == transition.needs_reason


@pytest.mark.parametrize("transition", EVERY, ids=name_of)
def test_transition_with_a_page_has_words(transition):
    assert (transition.words is not NO_WORDS) or not transition.has_page
    assert "%(city)s" in str(transition.words.message) or not transition.has_page


@pytest.mark.parametrize("transition", EVERY, ids=name_of)
def test_letters_of_a_transition_have_a_wording(transition):
    kinds = {transition.letter_to_city, getattr(transition, "letter_to_secretariat", "")}
    assert kinds - {""} <= set(KINDS)


@pytest.mark.parametrize("transition", EVERY, ids=name_of)
def test_door_leads_to_the_service_of_the_transition(transition):
    door = accessions if transition in accessions.TRANSITIONS else memberships
    assert getattr(door, transition.service.__name__) is transition.service
