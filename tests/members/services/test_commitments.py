"""What a city and the secretariat say about the city's work: who may, what is written, what is
refused."""

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from members.forms.commitments import EvidenceForm, IndicatorValueForm
from members.models import (
    Action,
    Citation,
    Commitment,
    Document,
    Evidence,
    Indicator,
    IndicatorValue,
    Plan,
    Point,
    Review,
    Source,
    Undertaking,
    Unit,
)
from members.models.record import content_type_of
from members.services import commitments, entries
from tests import prepared
from tests.conftest import one_of_each
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


@prepared.fixture
def rows(alfa):
    return one_of_each(alfa)


@pytest.fixture
def lead(person, alfa):
    return person("lead", alfa)


@pytest.fixture
def secretariat(person):
    return person("secretariat")


# --- Still true -----------------------------------------------------------------------------------


def test_confirming_says_when_and_by_whom_and_leaves_the_version(rows, lead):
    row = rows["members.commitment"]
    version = row.version
    assert commitments.confirm(commitment=row, by=lead) == 1
    row.refresh_from_db()
    assert (row.confirmed_by, row.version, row.origin) == (lead, version, "stated")
    assert row.confirmed_on == timezone.localdate()
    assert not row.is_stale


def test_confirming_a_city_confirms_what_it_has_said_and_shows(rows, lead, alfa, beta):
    Commitment.objects.create(
        city=beta, point=rows["members.point"], chosen="yes", published_at=timezone.now()
    )
    assert commitments.confirm(city=alfa, by=lead) == 1
    Commitment.objects.filter(city=alfa).update(published_at=None)
    assert commitments.confirm(city=alfa, by=lead) == 0
    assert not Commitment.objects.get(city=beta).confirmed_at


def test_nothing_said_cannot_be_confirmed(rows, lead, alfa):
    Commitment.objects.update(chosen="")
    with pytest.raises(ValidationError, match="Say first whether your city works on this point"):
        commitments.confirm(commitment=rows["members.commitment"], by=lead)
    assert commitments.confirm(city=alfa, by=lead) == 0
    assert not Commitment.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize("role", ["secretariat", "viewer", "committee", "neighbor"])
def test_only_the_city_itself_confirms_adopts_and_replies(role, rows, person, alfa, beta):
    city = {"secretariat": None, "neighbor": beta}.get(role, alfa)
    user = person({"neighbor": "lead"}.get(role, role), city)
    for say in (
        lambda: commitments.confirm(commitment=rows["members.commitment"], by=user),
        lambda: commitments.confirm(city=alfa, by=user),
        lambda: commitments.adopt(action=rows["members.action"], by=user),
        lambda: commitments.reply(
            review=rows["members.review"], by=user, texts={"reply_en": "No."}
        ),
    ):
        with pytest.raises(PermissionDenied):
            say()
    assert not Commitment.objects.filter(confirmed_at__isnull=False).exists()
    assert not Review.objects.filter(replied_at__isnull=False).exists()


# --- A claim becomes the city's own ---------------------------------------------------------------


def test_adopting_a_claim_makes_it_the_citys_own_and_keeps_its_source(rows, lead):
    action = rows["members.action"]
    Action.objects.update(point_assigned=True)
    Citation.objects.create(
        source=rows["members.source"], content_type=content_type_of(action), object_id=action.pk
    )
    action.refresh_from_db()
    assert action.is_assigned
    commitments.adopt(action=action, by=lead)
    action.refresh_from_db()
    assert action.is_stated
    assert not action.is_assigned
    assert action.citations.count() == 1
    with pytest.raises(ValidationError, match="The city has confirmed this already"):
        commitments.adopt(action=action, by=lead)


def test_row_that_only_holds_claims_needs_no_source_and_an_answer_does(rows, secretariat):
    row = rows["members.commitment"]
    Commitment.objects.update(published_at=None, chosen="")
    entries.publish(record=row, by=secretariat)
    Commitment.objects.update(published_at=None, chosen="yes")
    with pytest.raises(ValidationError, match="names no source"):
        entries.publish(record=row, by=secretariat)


# --- Reviews --------------------------------------------------------------------------------------


def test_review_is_public_at_once_and_says_when_and_by_whom(rows, secretariat):
    review = Review(action=rows["members.action"], confirmed="partly", finding_en="Half of it.")
    commitments.review(record=review, by=secretariat)
    assert review.reviewed_by == secretariat
    assert review.is_public


def test_city_does_not_review_itself(rows, lead):
    with pytest.raises(PermissionDenied):
        commitments.review(
            record=Review(action=rows["members.action"], confirmed="yes", finding_en="x"), by=lead
        )
    assert Review.objects.count() == 1


def test_city_replies_and_what_was_replied_to_is_not_rewritten(rows, lead, secretariat):
    review = rows["members.review"]
    commitments.reply(review=review, by=lead, texts={"reply_pl": " Zgoda. "})
    review.refresh_from_db()
    assert (review.reply_pl, review.replied_by) == ("Zgoda.", lead)
    review.finding_en = "Something else."
    with pytest.raises(ValidationError, match="Write a new one"):
        commitments.review(record=review, by=secretariat)


def test_empty_reply_is_refused(rows, lead):
    with pytest.raises(ValidationError, match="in one language at least"):
        commitments.reply(review=rows["members.review"], by=lead, texts={"reply_en": "  "})


# --- What an admitted city chose in its file ------------------------------------------------------


def test_admitted_accession_opens_commitments_and_planned_actions_once(beta_rows, secretariat):
    accession = beta_rows["members.accession"]
    Commitment.objects.filter(city=accession.city).update(chosen="", published_at=None)
    second = Point.objects.create(
        plan=beta_rows["members.plan"],
        number=2,
        title_en="Second",
        short_title_en="S",
        published_at=timezone.now(),
    )
    long = "A sentence that goes on. " * 20
    accession.own_actions.create(point=second, order=1, text_en=long, source_language="en")
    opened = commitments.open_from_accession(accession=accession, by=secretariat)
    said = [(row.point.number, row.chosen, row.origin) for row in opened]
    assert said == [(1, "yes", "stated"), (2, "yes", "stated")]
    assert all(row.is_public for row in opened)
    planned = Action.objects.filter(commitment__in=opened, status="planned").order_by("pk")
    # The file's own action under point 1 is there already, under the same title.
    assert [row.suggested_action_id for row in planned] == [
        beta_rows["members.suggestedaction"].pk,
        None,
    ]
    assert planned[1].title_en.endswith("…")
    assert planned[1].description_en == long.strip()
    before = Action.objects.count()
    commitments.open_from_accession(accession=accession, by=secretariat)
    assert Action.objects.count() == before


def test_city_does_not_open_its_own_commitments_of_another_city(alfa_rows, beta, person):
    with pytest.raises(PermissionDenied):
        commitments.open_from_accession(
            accession=alfa_rows["members.accession"], by=person("lead", beta)
        )


# --- What one row can be asked --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "due", "good"),
    [
        ("2025", "2025", True),
        ("2025-03", "2025", True),
        ("2025-03-15", "2025-03", True),
        ("2025", "2025-01-01", True),
        ("2025-03", "2024", False),
        ("2025", "2024-12-31", False),
        ("2025-03-15", "2025-02", False),
        ("2025-03-15", "2025-03-14", False),
        ("", "2024", True),
        ("2024", "", True),
    ],
)
def test_due_date_is_compared_as_far_as_both_are_known(starts, due, good, rows):
    action = rows["members.action"]
    action.starts, action.due = starts, due
    if good:
        action.full_clean()
        action.save()
    else:
        with pytest.raises(ValidationError) as refusal:
            action.full_clean()
        assert refusal.value.message_dict["due"] == ["This date lies before the start."]


def test_stopped_action_says_why_in_any_language(rows):
    action = rows["members.action"]
    action.status = "stopped"
    with pytest.raises(ValidationError) as refusal:
        action.full_clean()
    assert refusal.value.message_dict["stopped_why_en"] == ["Say why it was stopped."]
    action.stopped_why_uk = "Бракувало грошей."
    action.full_clean()
    action.save()


def test_unit_of_another_city_is_refused(rows, beta):
    foreign = Unit.objects.create(city=beta, name_en="Beta office")
    for label in ("members.commitment", "members.action"):
        row = rows[label]
        row.unit = foreign
        with pytest.raises(ValidationError, match="belongs to another city"):
            row.full_clean()


def test_indicator_of_another_points_action_is_refused(rows, beta):
    other = Commitment.objects.create(city=beta, point=rows["members.point"])
    indicator = Indicator(commitment=other, action=rows["members.action"], name_en="x")
    with pytest.raises(ValidationError, match="does not belong to this point"):
        indicator.full_clean()


# --- Evidence as it is typed ----------------------------------------------------------------------


def evidence_form(rows: dict, **typed: object) -> EvidenceForm:
    fields = ("source_language", "action", "url", "source_title", "document", "note_en")
    form_class = type(
        "F", (EvidenceForm,), {"Meta": type("Meta", (), {"model": Evidence, "fields": fields})}
    )
    return form_class({"source_language": "en", "action": rows["members.action"].pk, **typed})


def test_typed_address_becomes_a_source_once(rows, secretariat):
    form = evidence_form(rows, url="https://example.org/new", source_title="New page")
    assert form.is_valid(), form.errors
    entries.save(record=form.save(commit=False), by=secretariat)
    assert Source.objects.get(url="https://example.org/new").title == "New page"
    again = evidence_form(rows, url="https://example.org/new")
    assert again.errors["url"] == ["This action has this evidence already."]
    assert Source.objects.filter(url="https://example.org/new").count() == 1


def test_refused_form_writes_no_source(rows):
    before = Source.objects.count()
    form = evidence_form(
        rows, url="https://example.org/other", document=rows["members.document"].pk
    )
    assert form.errors["url"] == ["Give a web address or a document, one of the two."]
    assert Source.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Give a web address or a document, one of the two."),
        ({"source_title": "Only a title"}, "Give the address of this page."),
        (
            {"url": "javascript:alert(1)"},
            "Only addresses that begin with https:// or http:// can be given.",
        ),
        (
            {"url": "http://127.0.0.1/x"},
            "This address leads into a private network. Give a page that everybody can open.",
        ),
    ],
)
def test_evidence_that_is_none_is_refused_at_the_field(typed, words, rows):
    assert evidence_form(rows, **typed).errors["url"] == [words]


def test_document_alone_is_evidence(rows):
    form = evidence_form(rows, document=rows["members.document"].pk)
    assert form.is_valid(), form.errors
    row = form.save()
    row.published_at = timezone.now()
    row.save()
    assert not row.is_public
    Document.objects.update(public_since=timezone.now())
    assert row.is_public


def test_value_needs_a_source_and_takes_a_title_for_one(rows, secretariat):
    fields = ("indicator", "on", "value", "url", "source_title", "source_language")
    meta = type("Meta", (), {"model": IndicatorValue, "fields": fields})
    form_class = type("F", (IndicatorValueForm,), {"Meta": meta})
    typed = {
        "indicator": rows["members.indicator"].pk,
        "on": "2025",
        "value": "7.5",
        "source_language": "en",
    }
    assert form_class(typed).errors["url"] == ["Say where this value comes from."]
    form = form_class({**typed, "source_title": "Own count"})
    assert form.is_valid(), form.errors
    row = form.save(commit=False)
    entries.save(record=row, by=secretariat)
    assert row.source.title == "Own count"


# --- In the administration ------------------------------------------------------------------------


def test_buttons_are_posts_and_say_what_they_did(rows, lead, browse):
    client = browse(lead)
    confirm = f"/admin/members/commitment/{rows['members.commitment'].pk}/confirm/"
    adopt = f"/admin/members/action/{rows['members.action'].pk}/adopt/"
    assert client.get(confirm).status_code == client.get(adopt).status_code == 405
    assert "Still true today" in client.get(confirm.replace("confirm/", "change/")).content.decode()
    html = client.post(confirm, follow=True).content.decode()
    assert "Confirmed: this is still true today." in html
    assert "Your city states this now." in client.post(adopt, follow=True).content.decode()
    assert (
        "The city has confirmed this already." in client.post(adopt, follow=True).content.decode()
    )


def test_buttons_of_another_city_do_not_exist(rows, person, beta, browse):
    client = browse(person("lead", beta))
    for path in (
        f"commitment/{rows['members.commitment'].pk}/confirm/",
        f"action/{rows['members.action'].pk}/adopt/",
        f"review/{rows['members.review'].pk}/reply/",
    ):
        assert client.post(f"/admin/members/{path}").status_code == 404, path
    assert not Commitment.objects.filter(confirmed_at__isnull=False).exists()


def test_secretariat_gets_no_button_that_speaks_for_the_city(rows, secretariat, browse):
    client = browse(secretariat)
    page = client.get(
        f"/admin/members/commitment/{rows['members.commitment'].pk}/change/"
    ).content.decode()
    assert "Still true today" not in page
    assert (
        client.post(f"/admin/members/action/{rows['members.action'].pk}/adopt/").status_code == 403
    )
    assert (
        client.get(f"/admin/members/review/{rows['members.review'].pk}/reply/").status_code == 403
    )


def test_city_replies_on_a_page_of_its_own(rows, lead, browse):
    client = browse(lead)
    url = f"/admin/members/review/{rows['members.review'].pk}/reply/"
    assert "Your reply" in client.get(url).content.decode()
    empty = client.post(url, {"text": ""})
    assert empty.status_code == 200
    assert "This field is required." in empty.content.decode()
    client.post(url, {"text": "We agree."})
    assert Review.objects.get().reply_en == "We agree."


def test_secretariat_reviews_in_the_administration(rows, secretariat, browse):
    fields = {
        "source_language": "en",
        "action": rows["members.action"].pk,
        "confirmed": "no",
        "finding_en": "Not seen.",
    }
    response = browse(secretariat).post("/admin/members/review/add/", fields)
    assert response.status_code == 302, response.context["adminform"].errors
    review = Review.objects.latest("pk")
    assert (review.reviewed_by, review.confirmed) == (secretariat, "no")


def errors_of(response) -> list:
    formsets = [formset.formset for formset in response.context["inline_admin_formsets"]]
    return [response.context["adminform"].form.errors, *(f.errors for f in formsets)]


def test_action_is_written_with_its_evidence_on_one_page(rows, lead, browse):
    action = rows["members.action"]
    fields = {
        "source_language": "en",
        "commitment": action.commitment_id,
        "title_en": "Advice",
        "status": "done",
        "starts": "3.2024",
        "due": "2025",
    }
    for prefix in ("evidence", "updates", "indicators", "reviews"):
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    fields |= {
        "evidence-TOTAL_FORMS": 1,
        "evidence-0-url": "https://example.org/advice",
        "evidence-0-note_en": "A page",
    }
    fields |= {"updates-TOTAL_FORMS": 1, "updates-0-on": "5.2025", "updates-0-text_en": "Opened."}
    fields |= {"indicators-TOTAL_FORMS": 1, "indicators-0-name_en": "Visitors"}
    response = browse(lead).post("/admin/members/action/add/", {**fields, "_publish": "1"})
    assert response.status_code == 302, errors_of(response)
    written = Action.objects.get(title_en="Advice")
    assert (written.starts, written.origin, written.is_public) == ("2024-03", "stated", True)
    assert written.evidence.get().source.url == "https://example.org/advice"
    assert written.evidence.get().is_public
    assert written.updates.get().on == "2025-05"
    assert written.indicators.get().commitment_id == action.commitment_id


def test_bad_evidence_is_said_at_the_field_and_nothing_is_kept(rows, lead, browse):
    action = rows["members.action"]
    fields = {
        "source_language": "en",
        "commitment": action.commitment_id,
        "title_en": "Half",
        "status": "wrong",
    }
    for prefix in ("evidence", "updates", "indicators", "reviews"):
        fields |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    fields |= {"evidence-TOTAL_FORMS": 1, "evidence-0-url": "javascript:alert(1)"}
    response = browse(lead).post("/admin/members/action/add/", fields)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Only addresses that begin with" in html
    assert "wrong is not one of the available choices" in html
    assert 'value="Half"' in html
    assert not Action.objects.filter(title_en="Half").exists()


# --- A claim that is wrong ------------------------------------------------------------------------


@prepared.fixture
def claim(rows):
    """Found in a public source, and public."""
    Plan.objects.update(published_at=timezone.now())
    action = rows["members.action"]
    Citation.objects.create(
        source=rows["members.source"], content_type=content_type_of(action), object_id=action.pk
    )
    return action


def test_claim_that_is_wrong_leaves_the_public_pages_and_nothing_else(claim, lead, client):
    assert "action-" in client.get("/en/cities/alfa/").content.decode()
    commitments.deny(action=claim, by=lead)
    claim.refresh_from_db()
    assert (claim.published_at, claim.denied_by, claim.origin) == (None, lead, "cited")
    assert claim.citations.count() == claim.evidence.count() == 1
    assert "action-" not in client.get("/en/cities/alfa/").content.decode()
    last = LogEntry.objects.get_for_object(claim).latest("pk")
    assert {"denied_at", "published_at"} <= set(last.changes)
    with pytest.raises(ValidationError, match="Only what is public"):
        commitments.deny(action=claim, by=lead)


def test_what_was_declared_wrong_can_be_taken_back(claim, lead):
    with pytest.raises(ValidationError, match="Nobody has declared this wrong"):
        commitments.take_back(action=claim, by=lead)
    commitments.deny(action=claim, by=lead)
    commitments.take_back(action=claim, by=lead)
    claim.refresh_from_db()
    assert (claim.is_public, claim.denied_at, claim.is_claim) == (True, None, True)


def test_what_was_declared_wrong_is_published_by_nobody_and_confirmed_only_after_it_was_taken_back(
    claim, lead, secretariat
):
    commitments.deny(action=claim, by=lead)
    for person in (lead, secretariat):
        with pytest.raises(ValidationError, match="declared this wrong"):
            entries.publish(record=claim, by=person)
    with pytest.raises(ValidationError, match="declared this wrong"):
        commitments.adopt(action=claim, by=lead)
    claim.refresh_from_db()
    entries.save(record=claim, by=secretariat)
    claim.refresh_from_db()
    assert claim.denied_by == lead


def test_what_the_city_corrects_is_its_own_and_not_wrong_any_more(claim, lead):
    commitments.deny(action=claim, by=lead)
    claim.refresh_from_db()
    claim.title_en = "What we really do"
    entries.save(record=claim, by=lead)
    entries.publish(record=claim, by=lead)
    claim.refresh_from_db()
    assert (claim.is_stated, claim.denied_at, claim.is_public) == (True, None, True)


def test_city_calls_nothing_wrong_that_it_states_itself(claim, lead):
    commitments.adopt(action=claim, by=lead)
    with pytest.raises(ValidationError, match="found in public sources"):
        commitments.deny(action=claim, by=lead)


@pytest.mark.parametrize("role", ["secretariat", "viewer", "committee", "neighbor"])
def test_only_the_city_itself_calls_a_claim_wrong(role, claim, person, alfa, beta):
    city = {"secretariat": None, "neighbor": beta}.get(role, alfa)
    user = person({"neighbor": "lead"}.get(role, role), city)
    for say in (commitments.deny, commitments.take_back):
        with pytest.raises(PermissionDenied):
            say(action=claim, by=user)
    claim.refresh_from_db()
    assert claim.is_public


def test_claim_is_deleted_by_the_office_alone_and_the_citys_own_action_by_the_city(
    claim, lead, secretariat, browse
):
    assert secretariat.has_perm("delete", claim)
    assert not lead.has_perm("delete", claim)
    delete = f"/admin/members/action/{claim.pk}/delete/"
    bulk = {"action": "delete_selected", "_selected_action": [claim.pk], "post": "yes"}
    assert browse(lead).post(delete, {"post": "yes"}).status_code == 403
    browse(lead).post("/admin/members/action/", bulk)
    commitment = f"/admin/members/commitment/{claim.commitment_id}/change/"
    fields = fields_of(browse(lead).get(commitment), "commitment_form")
    browse(lead).post(commitment, {**fields, "actions-0-DELETE": "on"})
    assert Action.objects.filter(pk=claim.pk).exists()
    commitments.adopt(action=claim, by=lead)
    # What the office wrote about it stands in the way; nothing else does.
    assert browse(lead).post(delete, {"post": "yes"}).status_code == 403
    claim.reviews.all().delete()
    assert browse(lead).post(delete, {"post": "yes"}).status_code == 302
    assert not Action.objects.filter(pk=claim.pk).exists()


def test_point_that_only_held_a_wrong_claim_says_nothing_in_public(claim, lead, client):
    Commitment.objects.update(chosen="", statement_en="")
    Action.objects.exclude(pk=claim.pk).delete()
    Undertaking.objects.all().delete()
    assert 'id="point-1"' in client.get("/en/cities/alfa/").content.decode()
    commitments.deny(action=claim, by=lead)
    assert 'id="point-1"' not in client.get("/en/cities/alfa/").content.decode()


# --- Done -----------------------------------------------------------------------------------------


def test_what_was_planned_is_noted_as_done_today(rows, lead, secretariat, person, alfa):
    action = rows["members.action"]
    with pytest.raises(PermissionDenied):
        commitments.finish(action=action, by=person("viewer", alfa))
    commitments.finish(action=action, by=lead)
    action.refresh_from_db()
    assert (action.status, action.status_as_of) == ("done", str(timezone.localdate()))
    with pytest.raises(ValidationError, match="not open any more"):
        commitments.finish(action=action, by=lead)
