"""The coordinator's pages: what waits, a point, an action; who may open them and who may press
which button."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from languages.dates import format_date
from members.models import (
    Action,
    Citation,
    City,
    Commitment,
    Draft,
    Evidence,
    IndicatorValue,
    Organisation,
    Plan,
    Point,
    PutOff,
    Review,
    Source,
    SuggestedAction,
    SupportContact,
    Unit,
    User,
)
from members.models.record import content_type_of
from members.neighbors import distance, who_works_on
from members.services import entries
from members.waiting import desk_of, waiting_for
from programs.models import Programme
from tests import prepared
from tests.conftest import make_city, one_of_each
from tests.forms import fields_of
from tests.members.accession_cast import file_in
from tests.members.services.test_people import race

pytestmark = pytest.mark.django_db

CITY = "/admin/city/alfa/"
TRUE = f"{CITY}still-true/"
POINT = f"{CITY}points/1/"


@prepared.fixture
def rows(alfa):
    found = one_of_each(alfa, "ALPACA")
    publish_plan()
    return found


def publish_plan() -> None:
    for model in (Plan, SuggestedAction):
        model.objects.update(published_at=timezone.now())


@prepared.fixture
def point(db):
    plan = one_of_each(make_city_of_plan(), "PLAN")["members.plan"]
    publish_plan()
    return plan.points.get(number=1)


def make_city_of_plan() -> City:
    country = City._meta.get_field("country").related_model.objects.get_or_create(code="SE")[0]
    return make_city(country, "gamma", population=90_000, local_language="sv")


@pytest.fixture
def ada(person, alfa, browse) -> Client:
    return browse(person("lead", alfa, name="Ada"))


def text(response) -> str:
    return response.content.decode()


def kinds(city: City) -> list[str]:
    return [one.what for one in waiting_for(city)]


# --- Rights ---------------------------------------------------------------------------------------

PAGES = (CITY, POINT, f"{CITY}actions/ACTION/", TRUE)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("secretariat", 200),
        ("lead", 200),
        ("editor", 200),
        ("viewer", 200),
        ("committee", 404),
        ("neighbor", 404),
    ],
)
def test_pages_open_for_everybody_of_the_city_and_the_office(
    role, code, rows, person, alfa, beta, browse
):
    who = {"secretariat": ("secretariat", None), "neighbor": ("lead", beta)}.get(role, (role, alfa))
    client = browse(person(*who))
    for page in PAGES:
        address = page.replace("ACTION", str(rows["members.action"].pk))
        response = client.get(address)
        assert response.status_code == code, page
        writes = code == 200 and role != "viewer"
        assert ('class="work-form' in text(response)) == (writes and page not in {CITY, TRUE}), page


VERBS = [
    (TRUE, "confirm_all", {}),
    (TRUE, "confirm", {"key": "members.commitment"}),
    (CITY, "adopt", {"key": "members.action"}),
    (CITY, "deny", {"key": "members.action"}),
    (POINT, "take_back", {"key": "members.action"}),
    (CITY, "finish", {"key": "members.action"}),
    (CITY, "checked", {"key": "members.supportcontact"}),
    (CITY, "later-late", {"key": "members.action"}),
    (CITY, "later-points", {}),
    (CITY, "now-points", {}),
    (POINT, "save", {"promise-chosen": "no"}),
    (POINT, "publish", {"promise-chosen": "no"}),
    (POINT, "take_up", {"key": "members.suggestedaction"}),
    (POINT, "begin", {"own-title": "New"}),
    (POINT, "save", {"languages": "pl", "text-pl-statement_pl": "Nowe"}),
    (POINT, "draft", {"promise-chosen": "yes", "promise-statement_en": "Soon"}),
    (POINT, "language-pl", {"promise-chosen": "yes"}),
    (POINT, "forget", {}),
    (PAGES[2], "save", {"action-title_en": "New", "action-status": "done"}),
    (PAGES[2], "publish", {"action-title_en": "New", "action-status": "done"}),
    (PAGES[2], "save", {"link-0-url": "https://example.com/new"}),
    (PAGES[2], "save", {"piece-EVIDENCE-remove": "on"}),
    (PAGES[2], "save", {"update-on": "2026", "update-text_en": "New"}),
    (PAGES[2], "save", {"indicator-name_en": "New"}),
    (PAGES[2], "save", {"languages": "pl", "text-pl-title_pl": "Nowe"}),
    (PAGES[2], "draft", {"action-title_en": "New", "action-status": "done"}),
    (PAGES[2], "more-links", {"action-title_en": "New"}),
    (PAGES[2], "language-pl", {"action-title_en": "New"}),
    (PAGES[2], "forget", {}),
]


@pytest.mark.parametrize(
    ("page", "verb", "fields"), VERBS, ids=[f"{verb}-{n}" for n, (_p, verb, _f) in enumerate(VERBS)]
)
@pytest.mark.parametrize(
    "role", ["secretariat", "lead", "editor", "viewer", "committee", "neighbor"]
)
def test_buttons_work_for_those_who_may(role, page, verb, fields, rows, person, alfa, beta, browse):
    who = {"secretariat": ("secretariat", None), "neighbor": ("lead", beta)}.get(role, (role, alfa))
    evidence = str(rows["members.evidence"].pk)
    sent = {
        name.replace("EVIDENCE", evidence): rows[value].pk if name == "key" else value
        for name, value in fields.items()
    }
    address = page.replace("ACTION", str(rows["members.action"].pk))
    response = browse(person(*who)).post(address, {**sent, "do": verb})
    speaks = verb in {"confirm_all", "confirm", "adopt", "deny", "take_back"}
    expected = {
        "viewer": 403,
        "committee": 404,
        "neighbor": 404,
        "secretariat": 403 if speaks else 302,
    }.get(role, 302)
    assert response.status_code == expected


def test_message_counts_the_actions_that_stay_hidden(ada, rows):
    Action.objects.filter(pk=rows["members.action"].pk).update(published_at=None)
    fields = {**fields_of(ada.get(POINT)), "promise-chosen": "yes", "do": "publish"}
    answer = ada.post(POINT, fields, follow=True)
    assert "1 of its actions is not public yet" in answer.text


@pytest.mark.parametrize("verb", ["confirm", "adopt", "deny", "finish"])
def test_rows_of_another_city_do_not_exist(verb, ada, rows, beta_rows):
    label = "members.commitment" if verb == "confirm" else "members.action"
    page = TRUE if verb == "confirm" else CITY
    assert ada.post(page, {"do": verb, "key": beta_rows[label].pk}).status_code == 404
    assert ada.get(f"{CITY}actions/{beta_rows['members.action'].pk}/").status_code == 404
    assert ada.get("/admin/city/beta/").status_code == 404
    beta_rows[label].refresh_from_db()
    assert beta_rows[label].origin == "cited"
    assert beta_rows[label].published_at


def test_no_page_tells_of_another_citys_drafts(ada, rows, beta_rows):
    action = beta_rows["members.action"]
    Action.objects.filter(pk=action.pk).update(published_at=None, title_en="UNSEEN")
    Unit.objects.filter(city__slug="beta").update(published_at=None, email="unseen@example.org")
    html = "".join(
        text(ada.get(page.replace("ACTION", str(rows["members.action"].pk)))) for page in PAGES
    )
    assert "UNSEEN" not in html
    assert "unseen@example.org" not in html


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "nothing"},
        {"do": "confirm"},
        {"do": "confirm", "key": "x"},
        {"do": "adopt", "key": "9" * 26},
    ]
    + [{"do": "confirm", "key": value} for value in ("-1", "0", "²", "\x00")],
)
def test_nonsense_for_a_button_is_a_404(fields, ada, rows):
    assert ada.post(TRUE, fields).status_code == 404
    assert ada.post(CITY, fields).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "points/0/",
        "points/11/",
        f"points/{'9' * 26}/",
        f"actions/{'9' * 26}/",
        "actions/0/",
        "points/1/?language=xx",
    ],
)
def test_nonsense_in_an_address_is_a_404(path, ada, rows):
    assert ada.get(CITY + path).status_code == 404


# --- What waits -----------------------------------------------------------------------------------


def test_city_page_names_what_waits_in_the_order_of_worth(alfa, rows):
    long_ago = timezone.now() - timedelta(days=400)
    Commitment.objects.update(origin="stated", stated_at=long_ago)
    Action.objects.update(origin="stated", stated_at=long_ago, starts="2019", due="2020")
    assert kinds(alfa)[:4] == [
        "Where to get help: never checked",
        "Nobody can write to you: no public unit has a mailbox",
        "Overdue",
        "Not confirmed for a year",
    ]
    Unit.objects.filter(city=alfa).update(email="office@example.org")
    Action.objects.update(status="done", due="")
    assert "Done, and nothing shows it" not in kinds(alfa)
    Evidence.objects.all().delete()
    assert "Done, and nothing shows it" in kinds(alfa)


def test_what_is_late_says_since_when(alfa, rows, ada):
    long_ago = timezone.now() - timedelta(days=400)
    Commitment.objects.update(origin="stated", stated_at=long_ago)
    Action.objects.update(origin="stated", stated_at=long_ago, starts="2019", due="2020-06")
    page = " ".join(ada.get(CITY).text.split())
    assert "due June 2020" in page
    day = format_date(timezone.localdate(long_ago), "en")
    assert f"last confirmed {day}" in page


def test_each_thing_has_one_filled_button_at_most_and_a_way_to_do_it(alfa, rows, person, ada):
    """All sorts at once: a button, or the three of a claim, or a link that leads to the page."""
    long_ago = timezone.now() - timedelta(days=400)
    Commitment.objects.update(origin="stated", stated_at=long_ago, chosen="yes")
    Action.objects.update(origin="stated", stated_at=long_ago, starts="2019", due="2020")
    commitment = rows["members.commitment"]
    stated = {"commitment": commitment, "origin": "stated", "stated_at": long_ago}
    Action.objects.create(title_en="Done", status="done", **stated)
    Action.objects.create(commitment=commitment, title_en="Claimed", published_at=long_ago)
    things = desk_of(alfa).waiting
    assert {one.sort for one in things} >= {"contact", "claim", "late", "stale", "proof"}
    for one in things:
        assert one.button or one.is_claim, one
        assert ada.get(one.url).status_code == 200, one


def test_tables_stand_folded_in_groups_by_what_one_wants_to_do(alfa, rows, ada):
    html = ada.get(CITY).text
    folded = html.partition('id="everything"')[2]
    groups = re.findall(r"<h3>([^<]+)</h3>", folded)
    assert len(groups) >= 4
    names = re.findall(r'<li><a href="(/admin/[a-z]+/[a-z]+/)">', folded)
    assert len(names) == len(set(names)) >= 20


def test_file_that_the_office_returned_waits_before_everything_undated(alfa, person, ada):
    file_in("returned", alfa, person("secretariat"))
    first = waiting_for(alfa)[0]
    assert first.what == "The office returned the accession file"
    assert ada.get(first.url).status_code == 200


def test_remark_of_the_office_waits_for_the_reply_of_the_city(alfa, rows, person, ada, browse):
    review = rows["members.review"]
    Review.objects.filter(pk=review.pk).update(confirmed="yes", replied_at=None, replied_by=None)
    Review.objects.update(**{f"reply_{code}": "" for code, _name in settings.LANGUAGES})
    assert "review" not in [one.sort for one in waiting_for(alfa)]
    Review.objects.filter(pk=review.pk).update(confirmed="partly")
    (one,) = [one for one in waiting_for(alfa) if one.sort == "review"]
    assert f'href="{one.url}"' in ada.get(CITY).text
    for reader in (person("secretariat"), person("viewer", alfa)):
        assert one.url not in browse(reader).get(CITY).text
    ada.post(one.url, {"text": "We did."})
    assert "review" not in [one.sort for one in waiting_for(alfa)]


def test_translations_wait_when_they_are_old_or_not_there(alfa, rows, ada):
    action = rows["members.action"]
    page = f"{CITY}actions/{action.pk}/"
    ada.post(page, {"do": "save", "languages": "pl", "text-pl-title_pl": "Tytuł"})
    assert "1 missing" in kinds(alfa)[-1]
    ada.post(page, {"do": "save", "action-title_en": "Another title", "action-status": "planned"})
    assert "1 older than its text" in kinds(alfa)[-1]
    assert [one.sort for one in waiting_for(alfa)].count("texts") == 1


def test_what_is_not_public_yet_and_empty_points_wait(alfa, rows, ada):
    action = rows["members.action"]
    Action.objects.filter(pk=action.pk).update(published_at=None)
    Programme.objects.filter(city=alfa).update(published_at=None)
    found = kinds(alfa)
    assert "1 action is not public yet" in found
    assert "2 programmes are not public yet" in found
    assert "1 draft that the public does not read" in found
    empty = [one for one in waiting_for(alfa) if one.sort == "points"]
    assert len(empty) == 1
    for one in waiting_for(alfa):
        assert ada.get(one.url.partition("#")[0]).status_code == 200, one.what


def test_file_that_shows_a_public_action_and_is_not_public_waits(alfa, rows):
    document = rows["members.document"]
    document.__class__.objects.filter(pk=document.pk).update(public_since=None)
    Evidence.objects.update(document=document, source=None)
    assert "1 file that shows an action is not public" in kinds(alfa)
    Evidence.objects.update(office_only=True)
    assert "1 file that shows an action is not public" not in kinds(alfa)


def test_later_takes_a_thing_off_the_desk_for_a_month(alfa, rows, ada):
    long_ago = timezone.now() - timedelta(days=400)
    Action.objects.update(origin="stated", stated_at=long_ago, starts="2019", due="2020")
    action = rows["members.action"]
    page = ada.post(CITY, {"do": "later-late", "key": action.pk}, follow=True)
    assert "Put off until" in text(page)
    assert "Overdue" not in kinds(alfa)
    assert [one.what for one in desk_of(alfa).later] == ["Overdue"]
    # The public goes on reading that it is late.
    assert Action.objects.get(pk=action.pk).is_late
    PutOff.objects.update(until=timezone.localdate())
    assert "Overdue" in kinds(alfa)
    ada.post(CITY, {"do": "later-late", "key": action.pk})
    ada.post(CITY, {"do": "now-late", "key": action.pk})
    assert "Overdue" in kinds(alfa)


def test_what_somebody_waits_for_cannot_be_put_off(alfa, person, ada):
    file_in("returned", alfa, person("secretariat"))
    page = ada.post(CITY, {"do": "later-file"}, follow=True)
    assert "This cannot wait." in text(page)
    assert kinds(alfa)[0] == "The office returned the accession file"


def test_only_what_waits_is_put_off(alfa, rows, beta_rows, ada):
    foreign = beta_rows["members.action"].pk
    for name, key in (("late", foreign), ("late", 10**9), ("draft", 5), ("mailbox", 77)):
        page = ada.post(CITY, {"do": f"later-{name}", "key": key}, follow=True)
        assert "This does not wait any more." in text(page)
    assert not PutOff.objects.exists()


def test_contact_is_checked_with_one_press(alfa, beta, rows, ada, beta_rows):
    contact = rows["members.supportcontact"]
    assert ada.post(CITY, {"do": "checked", "key": contact.pk}).status_code == 302
    assert "Where to get help: never checked" not in kinds(alfa)
    foreign = beta_rows["members.supportcontact"]
    assert ada.post(CITY, {"do": "checked", "key": foreign.pk}).status_code == 404
    assert "Where to get help: never checked" in kinds(beta)


def test_progress_counts_this_year_alone(alfa, rows):
    now = timezone.now()
    Commitment.objects.update(origin="stated", chosen="yes", stated_at=now - timedelta(days=800))
    done = {one.label: (one.count, one.total) for one in desk_of(alfa).progress}
    assert done[f"Answers confirmed in {now.year}"][0] == 0
    Commitment.objects.update(stated_at=now)
    done = {one.label: (one.count, one.total) for one in desk_of(alfa).progress}
    assert done[f"Answers confirmed in {now.year}"] == (1, 1)


def test_one_press_confirms_the_whole_city(alfa, rows, ada):
    Commitment.objects.update(origin="stated", stated_at=timezone.now() - timedelta(days=400))
    assert "Not confirmed for a year" in kinds(alfa)
    assert "1 point confirmed" in text(ada.post(TRUE, {"do": "confirm_all"}, follow=True))
    assert "Not confirmed for a year" not in kinds(alfa)


def test_front_page_leads_to_the_one_city_and_lets_choose_among_several(
    ada, alfa, beta, person, browse
):
    assert ada.get("/admin/")["Location"] == CITY
    assert ada.get("/admin/?all=1").status_code == 200
    user = person("lead", alfa)
    user.roles.create(city=beta, role="viewer")
    html = text(browse(user).get("/admin/"))
    assert CITY in html
    assert "/admin/city/beta/" in html
    assert browse(person("secretariat")).get("/admin/").status_code == 200


def test_city_page_costs_the_same_with_one_action_and_with_three(
    ada, alfa, rows, django_assert_num_queries
):
    # One for the words of navigation; one for what the person typed and did not save; six for what
    # was put off, drafts and what they are of, programmes, files, empty points; the others for
    # remarks of the office, and for the file of a candidate.
    ada.get(CITY)
    with django_assert_num_queries(27):
        ada.get(CITY)
    for number in range(2):
        Action.objects.create(
            commitment=rows["members.commitment"], title_en=f"More {number}", status="planned"
        )
    with django_assert_num_queries(27):
        ada.get(CITY)


def test_point_page_costs_the_same_with_one_action_and_with_three(
    ada, alfa, rows, django_assert_num_queries
):
    # One query is for the words of navigation, one asks for what the person typed here and has not
    # saved.
    ada.get(POINT)
    with django_assert_num_queries(15):
        ada.get(POINT)
    for number in range(2):
        Action.objects.create(
            commitment=rows["members.commitment"], title_en=f"More {number}", status="planned"
        )
    with django_assert_num_queries(15):
        ada.get(POINT)


# --- A point --------------------------------------------------------------------------------------


def test_answer_to_an_empty_point_is_written_and_published(ada, alfa, point, client):
    fields = fields_of(ada.get(POINT))
    sent = {"promise-chosen": "yes", "promise-statement_en": "We listen.", "do": "publish"}
    assert ada.post(POINT, {**fields, **sent}).status_code == 302
    row = Commitment.objects.get(city=alfa)
    assert (row.chosen, row.origin, bool(row.published_at)) == ("yes", "stated", True)
    assert "We listen." in text(client.get("/en/cities/alfa/"))


def test_first_text_of_a_point_is_written_in_the_persons_own_language(person, alfa, browse, point):
    """What sources say was written down in English; the city's promise is not English for that."""
    row = Commitment.objects.create(
        city=alfa, point=point, source_language="en", published_at=timezone.now()
    )
    client = browse(person("editor", alfa, language="pl"))
    fields = fields_of(client.get(POINT))
    assert "promise-statement_pl" in fields
    sent = {"promise-chosen": "yes", "promise-statement_pl": "Słuchamy.", "do": "save"}
    assert client.post(POINT, {**fields, **sent}).status_code == 302
    row.refresh_from_db()
    assert (row.source_language, row.statement_pl) == ("pl", "Słuchamy.")
    # Whoever had the empty page open in another language loses nothing: it becomes a translation.
    late = {"promise-chosen": "yes", "promise-statement_de": "Wir hören zu.", "do": "save"}
    assert client.post(POINT, late).status_code == 302
    row.refresh_from_db()
    assert (row.source_language, row.statement_pl, row.statement_de) == (
        "pl",
        "Słuchamy.",
        "Wir hören zu.",
    )
    other = browse(person("editor", alfa))
    html = text(other.get(POINT))
    assert "What the city promises (Polish)</label>" in html


def test_suggestion_is_taken_up_with_its_wording_in_every_language(ada, alfa, point, client):
    suggested = point.suggested_actions.get()
    SuggestedAction.objects.filter(pk=suggested.pk).update(text_pl="Zrób to")
    html = text(ada.get(POINT))
    assert "Take this up" in html
    response = ada.post(POINT, {"do": "take_up", "key": suggested.pk})
    action = Action.objects.get(commitment__city=alfa)
    assert response["Location"] == f"{CITY}actions/{action.pk}/"
    assert (action.title_en, action.title_pl, action.status, action.published_at) == (
        "Do it",
        "Zrób to",
        "planned",
        None,
    )
    assert action.commitment.chosen == "yes"
    assert "Do it" not in text(client.get("/en/cities/alfa/"))
    assert "Take this up" not in text(ada.get(POINT))
    assert "has taken this up already" in text(
        ada.post(POINT, {"do": "take_up", "key": suggested.pk}, follow=True)
    )
    page = response["Location"]
    assert ada.post(page, {**fields_of(ada.get(page)), "do": "publish"}).status_code == 302
    assert "Do it" in text(client.get("/en/cities/alfa/"))


def test_what_the_city_does_not_work_on_takes_up_nothing(ada, alfa, point):
    Commitment.objects.create(city=alfa, point=point, chosen="no")
    response = ada.post(POINT, {"do": "begin", "own-title": "New"}, follow=True)
    assert "says that it does not work on this point" in text(response)
    assert not Action.objects.filter(commitment__city=alfa).exists()


def test_yes_that_is_ticked_and_not_saved_takes_up_and_stays_on_the_page(ada, alfa, point):
    suggested = SuggestedAction.objects.filter(point=point).first()
    Commitment.objects.create(city=alfa, point=point, chosen="no", statement_en="No money.")
    SuggestedAction.objects.filter(pk=suggested.pk).update(published_at=timezone.now())
    fields = {"promise-chosen": "yes", "promise-statement_en": "We will."}
    page = ada.post(POINT, {**fields, "do": f"take_up:{suggested.pk}"}, follow=True)
    assert Action.objects.get(commitment__city=alfa).suggested_action == suggested
    assert "What you typed about the point is not saved yet" in text(page)
    assert fields_of(page)["promise-chosen"] == ["yes"]
    page = ada.post(POINT, {**fields_of(page), "do": "begin", "own-title": "Own"}, follow=True)
    assert Action.objects.filter(commitment__city=alfa).count() == 2
    assert Commitment.objects.get(city=alfa, point=point).chosen == "no"


def test_action_is_not_published_where_the_city_says_no(ada, alfa, point, person):
    response = ada.post(POINT, {"do": "begin", "own-title": "New"})
    Commitment.objects.filter(city=alfa, point=point).update(chosen="no", statement_en="None.")
    page = response["Location"]
    answer = ada.post(page, {**fields_of(ada.get(page)), "do": "publish"}, follow=True)
    assert "says that it does not work on this point" in text(answer)
    assert f'that first. <a href="{POINT}">' in answer.text
    assert 'data-unsaved="returned"' in answer.text
    assert Action.objects.get(commitment__city=alfa).published_at is None


@pytest.mark.parametrize("words", ["Half a promise", ""])
def test_first_no_takes_no_promise(words, ada, alfa, point):
    fields = {"do": "publish", "promise-chosen": "no", "promise-statement_en": words}
    page = ada.post(POINT, {**fields_of(ada.get(POINT)), **fields})
    is_saved = Commitment.objects.filter(city=alfa, point=point, chosen="no").exists()
    assert is_saved == (not words)
    assert ("A “no” promises nothing" in text(page)) == bool(words)


@pytest.mark.parametrize(
    ("origin", "status", "is_refused"),
    [("stated", "done", True), ("stated", "stopped", False), ("cited", "done", False)],
)
def test_public_reads_no_answer_no_beside_what_the_city_says_it_does(
    origin, status, is_refused, ada, alfa, point
):
    row = Commitment.objects.create(
        city=alfa, point=point, chosen="yes", statement_en="Help.", published_at=timezone.now()
    )
    Action.objects.create(
        commitment=row,
        title_en="Open an office",
        origin=origin,
        stated_at=timezone.now() if origin == "stated" else None,
        status=status,
        stopped_why_en="No money." if status == "stopped" else "",
        published_at=timezone.now(),
    )
    fields = {"do": "save", "promise-chosen": "no", "promise-statement_en": ""}
    page = ada.post(POINT, {**fields_of(ada.get(POINT)), **fields})
    assert ("Withdraw these actions" in text(page)) == is_refused
    row.refresh_from_db()
    assert row.chosen == ("yes" if is_refused else "no")


@pytest.mark.parametrize(("before", "after"), [("no", "yes"), ("yes", "no")])
def test_text_of_the_earlier_answer_does_not_stay_beside_the_new_one(
    before, after, ada, alfa, point
):
    row = Commitment.objects.create(
        city=alfa, point=point, chosen=before, statement_en="No money.", source_language="en"
    )
    for address, prefix in (
        (POINT, "promise-"),
        (f"/admin/members/commitment/{row.pk}/change/", ""),
    ):
        fields = {**fields_of(ada.get(address)), "do": "save", f"{prefix}chosen": after}
        page = ada.post(address, fields)
        assert [link.field for link in page.context["error_links"]] == [f"id_{prefix}statement_en"]
        assert "beside your city’s earlier answer" in text(page)
    row.refresh_from_db()
    assert row.chosen == before
    for words in ("Rooms for advice.", ""):
        Commitment.objects.filter(pk=row.pk).update(chosen=before, statement_en="No money.")
        fields = {**fields_of(ada.get(POINT)), "do": "save", "promise-chosen": after}
        assert ada.post(POINT, {**fields, "promise-statement_en": words}).status_code == 302


def test_action_sent_twice_is_added_once_and_the_second_time_asked_about(ada, alfa, point):
    fields = {"do": "begin", "own-title": "Café for all"}
    assert ada.post(POINT, fields).status_code == 302
    for again in (fields, {**fields, "own-title": "CAFE  for all"}, {**fields, "do": "save"}):
        page = ada.post(POINT, again, follow=True)
        assert "stands among your city’s actions already" in text(page)
        assert fields_of(page)["own-title"] == [again["own-title"]]
    assert Action.objects.filter(commitment__city=alfa).count() == 1


def test_own_action_without_a_title_is_an_error_at_its_field(ada, point):
    response = ada.post(POINT, {"do": "begin", "own-title": "x" * 300})
    assert [error.field for error in response.context["error_links"]] == ["id_own-title"]
    assert fields_of(response)["own-title"] == ["x" * 300]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_an_empty_point_begin_it_once(person, alfa, browse):
    point = one_of_each(make_city_of_plan())["members.point"]
    publish_plan()
    clients = [browse(person("editor", alfa)) for _number in range(3)]
    outcomes = race(
        *[
            lambda client=client, title=f"Ours {number}": client.post(
                POINT, {"do": "begin", "own-title": title}
            )
            for number, client in enumerate(clients)
        ]
    )
    assert [response.status_code for response in outcomes] == [302, 302, 302]
    assert Commitment.objects.filter(city=alfa, point=point).count() == 1


def test_two_people_on_a_point_are_told_of_each_other(ada, person, alfa, browse, rows):
    bo = browse(person("editor", alfa))
    hers, his = fields_of(ada.get(POINT)), fields_of(bo.get(POINT))
    ada.post(POINT, {**hers, "promise-statement_en": "Hers", "do": "save"})
    response = bo.post(POINT, {**his, "promise-statement_en": "His", "do": "save"})
    assert response.status_code == 200
    assert "Hers" in text(response)
    back = fields_of(response)
    assert back["promise-statement_en"] == ["His"]
    bo.post(POINT, {**back, "promise-statement_en-choice": "mine", "do": "save"})
    assert Commitment.objects.get(city=alfa).statement_en == "His"


def test_draft_begun_on_the_coordinators_page_is_gone_on_with_on_the_page_of_all_fields(
    ada, rows, client
):
    row = rows["members.commitment"]
    fields = {**fields_of(ada.get(POINT)), "promise-statement_en": "GIRAFFE soon", "do": "draft"}
    response = ada.post(POINT, fields)
    assert response["Location"] == f"/admin/members/commitment/{row.pk}/change/"
    row.refresh_from_db()
    assert row.statement_en == "Text ALPACA"
    assert "GIRAFFE" not in text(client.get("/en/cities/alfa/"))
    page = ada.get(POINT)
    assert "There is a draft as well, saved by Ada" in text(page)
    assert fields_of(page)["promise-statement_en"] == ["Text ALPACA"]
    opened = fields_of(ada.get(response["Location"]), "commitment_form")
    assert opened["statement_en"] == ["GIRAFFE soon"]
    # Other languages were not on the page where it was begun: typing there now is no clash.
    opened |= {"statement_pl": "ŻYRAFA", "_save": "1"}
    assert ada.post(response["Location"], opened).status_code == 302
    row.refresh_from_db()
    assert (row.statement_en, row.statement_pl) == ("GIRAFFE soon", "ŻYRAFA")
    assert not Draft.objects.filter(object_id=row.pk, content_type__model="commitment").exists()


def test_second_draft_of_one_entry_is_refused_and_the_text_comes_back(
    ada, person, alfa, browse, rows
):
    bo = browse(person("editor", alfa))
    hers, his = fields_of(ada.get(POINT)), fields_of(bo.get(POINT))
    ada.post(POINT, {**hers, "promise-statement_en": "Hers", "do": "draft"})
    response = bo.post(POINT, {**his, "promise-statement_en": "His", "do": "draft"})
    assert "Somebody saved a draft of this entry while you were writing" in text(response)
    assert fields_of(response)["promise-statement_en"] == ["His"]
    assert Draft.objects.get(content_type__model="commitment").values["statement_en"] == "Hers"


@pytest.mark.parametrize("who", ["viewer", "neighbor"])
def test_draft_is_named_to_nobody_who_may_not_write(who, ada, person, alfa, beta, browse, rows):
    ada.post(POINT, {**fields_of(ada.get(POINT)), "promise-statement_en": "GIRAFFE", "do": "draft"})
    other = browse(person("lead", beta) if who == "neighbor" else person("viewer", alfa))
    html = "".join(text(other.get(page)) for page in (CITY, POINT))
    assert "draft as well" not in html
    assert "GIRAFFE" not in html


# --- Claims ---------------------------------------------------------------------------------------


def test_claim_is_confirmed_corrected_or_called_wrong_where_it_waits(ada, alfa, rows, client):
    action = rows["members.action"]
    Citation.objects.create(
        source=rows["members.source"], content_type=content_type_of(action), object_id=action.pk
    )
    own = f"{CITY}actions/{action.pk}/"
    for page in (CITY, POINT, own):
        html = text(ada.get(page))
        assert [word in html for word in ("This is right", "This is wrong", "Correct it")] == [
            True
        ] * 3, page
    assert "It is off the public pages" in text(
        ada.post(CITY, {"do": "deny", "key": action.pk}, follow=True)
    )
    assert "This is wrong" not in text(ada.get(CITY))
    assert not client.get("/en/cities/alfa/").context["promises"].strip.columns[0].actions
    for page in (POINT, own):
        html = text(ada.get(page))
        assert "declared wrong by your city" in html, page
        assert "Take that back" in html, page
    assert "It is public again" in text(
        ada.post(POINT, {"do": "take_back", "key": action.pk}, follow=True)
    )
    action.refresh_from_db()
    assert action.is_public
    assert "This is wrong" in text(ada.get(CITY))


def test_correcting_a_claim_makes_it_the_citys_own(ada, rows):
    action = rows["members.action"]
    page = f"{CITY}actions/{action.pk}/"
    ada.post(page, {"do": "deny", "key": action.pk})
    fields = {**fields_of(ada.get(page)), "action-title_en": "What we really do", "do": "publish"}
    assert ada.post(page, fields).status_code == 302
    action.refresh_from_db()
    assert (action.is_stated, action.is_public, action.title_en) == (
        True,
        True,
        "What we really do",
    )


def test_what_cannot_be_published_gives_the_text_back(person, browse, rows):
    office = browse(person("secretariat"))
    Action.objects.update(published_at=None)
    page = f"{CITY}actions/{rows['members.action'].pk}/"
    fields = {**fields_of(office.get(page)), "action-title_en": "Typed", "do": "publish"}
    response = office.post(page, fields)
    assert response.status_code == 200
    assert "names no source" in text(response)
    assert fields_of(response)["action-title_en"] == ["Typed"]
    assert Action.objects.get(pk=rows["members.action"].pk).title_en == "Text ALPACA"


def test_overdue_action_is_done_with_one_press(ada, alfa, rows):
    long_ago = timezone.now() - timedelta(days=400)
    Action.objects.update(origin="stated", stated_at=long_ago, starts="2019", due="2020")
    assert "It is done" in text(ada.get(CITY))
    ada.post(CITY, {"do": "finish", "key": rows["members.action"].pk})
    assert "Overdue" not in kinds(alfa)


# --- Who already does this ------------------------------------------------------------------------


def test_nearest_cities_are_those_of_the_same_country_size_and_language(alfa, rows, country, point):
    City.objects.filter(pk=alfa.pk).update(population=100_000, local_language="pl")
    alfa.refresh_from_db()
    like = {
        "near": (110_000, "pl"),
        "small": (2_000, "pl"),
        "abroad": (100_000, "sv"),
        "far": (3_000_000, "de"),
    }
    for slug, (population, language) in like.items():
        other = make_city(country, slug, population=population, local_language=language)
        commitment = Commitment.objects.create(
            city=other, point=point, chosen="yes", published_at=timezone.now()
        )
        Action.objects.create(
            commitment=commitment, title_en=f"Of {slug}", published_at=timezone.now()
        )
    hidden = make_city(
        country, "hidden", population=100_000, local_language="pl", published_at=None
    )
    commitment = Commitment.objects.create(
        city=hidden, point=point, chosen="yes", published_at=timezone.now()
    )
    Action.objects.create(commitment=commitment, title_en="Hidden", published_at=timezone.now())
    found = who_works_on(point, alfa)
    assert [one.city.slug for one in found] == ["near", "abroad", "gamma"]
    assert [str(action) for action in found[0].actions] == ["Of near"]
    assert distance(alfa, found[0].city) < distance(alfa, found[1].city)


def test_who_already_does_this_says_whom_to_ask_and_where_it_is_told(ada, alfa, point, country):
    now = timezone.now()
    for slug, fields in {
        "office": {},
        "site": {"website": "https://site.example.org/"},
        "nobody": {},
    }.items():
        other = make_city(country, slug, local_language="pl", **fields)
        commitment = Commitment.objects.create(city=other, point=point, published_at=now)
        action = Action.objects.create(
            commitment=commitment, title_en=f"Of {slug}", published_at=now
        )
        source = Source.objects.create(
            url=f"https://{slug}.example.org/told", title=f"Told of {slug}"
        )
        Citation.objects.create(
            source=source, content_type=content_type_of(action), object_id=action.pk
        )
        if slug == "office":
            Unit.objects.create(
                city=other, name_en="Equality", email="ask@example.org", published_at=now
            )
    Action.objects.exclude(title_en__startswith="Of ").update(published_at=None)
    html = text(ada.get(POINT))
    assert 'Ask Equality: <a href="mailto:ask@example.org">' in html
    assert (
        'Ask there: <a href="https://site.example.org/" rel="external">site.example.org</a>' in html
    )
    assert 'Where no office is named, <a href="/en/contact/">' in html
    assert html.count("Told of ") == 3


def test_empty_point_begins_with_what_others_do(ada, alfa, point):
    html = text(ada.get(POINT))
    assert html.index('id="neighbors"') < html.index('id="promise"')
    Commitment.objects.create(city=alfa, point=point, chosen="yes")
    html = text(ada.get(POINT))
    assert html.index('id="promise"') < html.index('id="neighbors"')


def test_invented_city_learns_from_real_ones_and_no_real_city_from_invented_ones(
    alfa, rows, point, country
):
    invented = make_city(country, "invented", fictional=True)
    commitment = Commitment.objects.create(
        city=invented, point=point, fictional=True, published_at=timezone.now()
    )
    Action.objects.create(
        commitment=commitment, title_en="X", fictional=True, published_at=timezone.now()
    )
    assert "invented" not in [one.city.slug for one in who_works_on(point, alfa)]
    assert "alfa" in [one.city.slug for one in who_works_on(point, invented)]


# --- An action ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "http://10.0.0.1/x",
        "ftp://example.org/",
        "https://user:pass@example.org/",
        "x" * 2000,
    ],
)
def test_address_that_nobody_may_open_is_an_error_at_its_field(address, ada, rows):
    page = f"{CITY}actions/{rows['members.action'].pk}/"
    before = Evidence.objects.count()
    response = ada.post(page, {"do": "save", "link-0-url": address, "link-0-note_en": "Typed"})
    assert response.status_code == 200
    assert "id_link-0-url" in [error.field for error in response.context["error_links"]]
    assert fields_of(response)["link-0-note_en"] == ["Typed"]
    assert Evidence.objects.count() == before


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"action-status": "invented"}, "action-status"),
        ({"action-starts": "2026-05", "action-due": "2025"}, "action-due"),
        ({"action-status": "stopped"}, "action-stopped_why_en"),
        ({"action-title_en": ""}, "action-title_en"),
        ({"action-title_en": "x" * 200_000}, "action-title_en"),
        ({"action-unit": "999999"}, "action-unit"),
        ({"action-unit": "9" * 26}, "action-unit"),
    ],
)
def test_bad_input_is_an_error_at_its_field_and_nothing_is_saved(fields, field, ada, rows):
    action = rows["members.action"]
    page = f"{CITY}actions/{action.pk}/"
    typed = {
        "action-title_en": "New",
        "action-status": "planned",
        "action-description_en": "Typed",
        **fields,
    }
    response = ada.post(page, {**typed, "do": "save"})
    assert response.status_code == 200
    assert f"id_{field}" in [error.field for error in response.context["error_links"]]
    assert fields_of(response)["action-description_en"] == ["Typed"]
    version = action.version
    action.refresh_from_db()
    assert action.version == version


def test_same_evidence_twice_is_an_error_and_long_text_is_kept_as_text(ada, rows):
    page = f"{CITY}actions/{rows['members.action'].pk}/"
    note = "<script>alert(1)</script>" + "x" * 900
    fields = {
        "do": "save",
        "link-0-url": "https://example.com/proof",
        "link-0-note_en": note,
    }
    assert ada.post(page, fields).status_code == 302
    response = ada.post(page, fields)
    assert response.status_code == 200
    assert "has this evidence already" in text(response)
    assert "<script>alert" not in text(response)


def test_number_is_followed_on_the_page_of_the_action(ada, rows, client):
    action = rows["members.action"]
    page = f"{CITY}actions/{action.pk}/"
    sent = {"do": "save", "indicator-name_en": "Passengers", "indicator-measure_en": "a year"}
    assert ada.post(page, sent).status_code == 302
    row = action.indicators.get()
    assert (row.commitment_id, row.is_public) == (action.commitment_id, True)
    value = {
        "do": "save",
        f"value-{row.pk}-on": "2025",
        f"value-{row.pk}-value": "1200",
    }
    response = ada.post(page, value)
    assert "Say where this value comes from." in text(response)
    assert fields_of(response)[f"value-{row.pk}-value"] == ["1200"]
    assert ada.post(page, {**value, f"value-{row.pk}-source_title": "Own count"}).status_code == 302
    assert "1,200" in text(client.get("/en/cities/alfa/"))
    again = ada.post(page, {**value, f"value-{row.pk}-source_title": "Own count"})
    assert "There is a value of this date already" in text(again)


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 26, "FOREIGN"])
def test_value_is_given_to_no_number_of_another_action(key, ada, rows, beta_rows):
    page = f"{CITY}actions/{rows['members.action'].pk}/"
    key = key.replace("FOREIGN", str(beta_rows["members.indicator"].pk))
    fields = {f"value-{key}-on": "2025", f"value-{key}-value": "7"}
    before = IndicatorValue.objects.count()
    assert ada.post(page, {"do": "save", **fields}).status_code == 302
    assert IndicatorValue.objects.count() == before


def test_unit_of_another_city_is_no_choice(ada, rows, beta_rows):
    page = f"{CITY}actions/{rows['members.action'].pk}/"
    assert "ZEBRA" not in text(ada.get(page))
    fields = {"action-title_en": "New", "action-unit": beta_rows["members.unit"].pk, "do": "save"}
    assert ada.post(page, fields).status_code == 200


def test_role_withdrawn_while_the_page_was_open_gives_the_text_back(person, alfa, browse, rows):
    user = person("editor", alfa)
    client = browse(user)
    client.get(POINT)
    user.roles.update(role="viewer")
    response = client.post(POINT, {"promise-statement_en": "Typed for an hour", "do": "save"})
    assert response.status_code == 403
    assert "Typed for an hour" in text(response)


def test_translation_stands_beside_its_source_and_is_current_afterwards(ada, rows):
    page = f"{CITY}actions/{rows['members.action'].pk}/?language=pl"
    html = text(ada.get(page))
    assert '<blockquote lang="en">Text ALPACA</blockquote>' in html
    fields = {"do": "save", "languages": "pl", "text-pl-title_pl": "Tytuł"}
    assert ada.post(page, fields).status_code == 302
    assert Action.objects.get(pk=rows["members.action"].pk).title_pl == "Tytuł"


def test_points_are_those_of_the_plan_in_force(ada, rows):
    assert Point.objects.count() == 1
    assert text(ada.get(CITY)).count("/points/") >= 1


# --- An empty promise -----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["publish", "save"])
def test_yes_without_a_word_is_not_published(verb, ada, alfa, point, client):
    if verb == "save":
        Commitment.objects.create(
            city=alfa, point=point, chosen="no", published_at=timezone.now(), origin="cited"
        )
    fields = fields_of(ada.get(POINT))
    response = ada.post(POINT, {**fields, "promise-chosen": "yes", "do": verb})
    assert [error.field for error in response.context["error_links"]] == ["id_promise-statement_en"]
    assert "a “yes” alone promises nothing" in text(response)
    assert not Commitment.objects.filter(city=alfa, chosen="yes").exists()


def test_yes_without_a_word_may_wait_and_is_published_with_an_action(ada, alfa, point, client):
    fields = fields_of(ada.get(POINT))
    assert ada.post(POINT, {**fields, "promise-chosen": "yes", "do": "save"}).status_code == 302
    promise = Commitment.objects.get(city=alfa)
    with pytest.raises(ValidationError, match="promises nothing"):
        entries.publish(record=promise, by=User.objects.get(name="Ada"))
    page = ada.post(POINT, {"do": "begin", "own-title": "A tram"})["Location"]
    assert ada.post(page, {**fields_of(ada.get(page)), "do": "publish"}).status_code == 302
    promise.refresh_from_db()
    assert promise.published_at
    assert "A tram" in text(client.get("/en/cities/alfa/"))


def test_planning_an_action_says_nothing_in_public_before_it_is_public(ada, alfa, point):
    promise = Commitment.objects.create(city=alfa, point=point, published_at=timezone.now())
    page = ada.post(POINT, {"do": "begin", "own-title": "A tram"})["Location"]
    promise.refresh_from_db()
    assert promise.chosen == ""
    assert ada.post(page, {**fields_of(ada.get(page)), "do": "publish"}).status_code == 302
    promise.refresh_from_db()
    assert (promise.chosen, promise.origin) == ("yes", "stated")


# --- Several of a sort in one line ----------------------------------------------------------------


@pytest.fixture
def stale(alfa, rows) -> list[Commitment]:
    """Three promises that nobody confirmed for a year."""
    long_ago = timezone.now() - timedelta(days=400)
    promise = rows["members.commitment"]
    plan = promise.point.plan
    for number in (7, 8):
        point = Point.objects.create(
            plan=plan, number=number, title_en=f"P{number}", short_title_en=f"P{number}"
        )
        Commitment.objects.create(city=alfa, point=point, published_at=long_ago)
    Commitment.objects.update(origin="stated", stated_at=long_ago, chosen="yes")
    return list(Commitment.objects.filter(city=alfa).order_by("pk"))


def test_stale_promises_stand_in_one_line_that_leads_to_their_words(alfa, stale, ada):
    (line,) = [one for one in waiting_for(alfa) if one.sort == "stale"]
    assert (line.about, line.button) == ("3 promises", "Read and confirm")
    assert "7 P7 and 8 P8" in line.when
    assert {part.key for part in line.parts} == {row.pk for row in stale}
    assert line.url == f"{TRUE}#promise-{stale[0].pk}"
    desk = text(ada.get(CITY))
    assert f'href="{line.url}"' in desk
    assert 'value="confirm"' not in desk
    assert 'value="confirm_all"' not in desk
    ada.post(TRUE, {"do": "confirm", "key": stale[0].pk})
    ada.post(TRUE, {"do": "confirm", "key": stale[1].pk})
    (line,) = [one for one in waiting_for(alfa) if one.sort == "stale"]
    assert (line.key, line.parts) == (stale[2].pk, ())


def test_promises_are_confirmed_where_their_words_stand_in_full(alfa, stale, ada):
    words = "We train our staff. " * 100
    Commitment.objects.filter(pk=stale[1].pk).update(statement_en=words.strip())
    page = text(ada.get(TRUE))
    assert page.count("We train our staff.") == 100
    assert "Still true: confirm all 3 answers" in page
    for row, following in ((stale[0], stale[1]), (stale[2], stale[1])):
        answer = ada.post(TRUE, {"do": "confirm", "key": row.pk})
        assert answer["Location"] == f"{TRUE}#promise-{following.pk}"
        assert f'<li id="promise-{following.pk}" tabindex="-1">' in page
    last = ada.post(TRUE, {"do": "confirm", "key": stale[1].pk})
    assert last["Location"] == f"{TRUE}#promise-{stale[1].pk}"


def test_what_a_colleague_changed_meanwhile_is_read_before_it_is_confirmed(alfa, stale, ada):
    page = ada.get(TRUE)
    read = re.findall(r'name="read" value="([^"]+)"', page.text)
    assert len(read) == len(stale) + 1
    stale[1].statement_en = "Something else."
    stale[1].save()
    for fields in (
        {"do": "confirm", "key": stale[1].pk, "read": read[1]},
        {"do": "confirm_all", "read": read[-1]},
    ):
        answer = ada.post(TRUE, fields, follow=True)
        assert "Somebody changed this since the page was made." in answer.text
        assert {row.confirmed_at for row in Commitment.objects.all()} == {None}
    # What nobody changed is confirmed.
    ada.post(TRUE, {"do": "confirm", "key": stale[0].pk, "read": read[0]})
    assert Commitment.objects.get(pk=stale[0].pk).confirmed_at is not None
    read = re.findall(r'name="read" value="([^"]+)"', ada.get(TRUE).text)
    assert "3 points confirmed" in text(
        ada.post(TRUE, {"do": "confirm_all", "read": read[-1]}, follow=True)
    )


def test_after_a_contact_was_checked_the_next_one_is_reached(alfa, rows, ada):
    contact = rows["members.supportcontact"]
    answer = ada.post(CITY, {"do": "checked", "key": contact.pk})
    assert answer["Location"] == f"{CITY}#waits"
    keys = []
    for name in ("b", "c", "d"):
        organisation = Organisation.objects.create(slug=f"help-{name}", name_en=name)
        row = SupportContact.objects.create(
            city=alfa, organisation=organisation, what_it_does_en="x", published_at=timezone.now()
        )
        keys.append(row.pk)
    answer = ada.post(CITY, {"do": "checked", "key": keys[0]})
    assert answer["Location"] == f"{CITY}#part-contact-{keys[1]}"
    assert f'<li id="part-contact-{keys[1]}" tabindex="-1">' in text(ada.get(CITY))
    answer = ada.post(CITY, {"do": "checked", "key": keys[1]})
    assert answer["Location"] == f"{CITY}#contact-{keys[2]}"
    assert f'<li id="contact-{keys[2]}" tabindex="-1">' in text(ada.get(CITY))


def test_line_is_put_off_and_taken_up_as_a_whole(alfa, stale, ada):
    (line,) = [one for one in waiting_for(alfa) if one.sort == "stale"]
    ada.post(CITY, {"do": "later-stale", "key": line.key})
    assert "stale" not in [one.sort for one in waiting_for(alfa)]
    (later,) = desk_of(alfa).later
    assert len(later.parts) == PutOff.objects.count() == len(stale)
    ada.post(CITY, {"do": "now-stale", "key": later.key})
    assert not PutOff.objects.exists()


def test_one_of_a_line_is_put_off_by_an_older_page(alfa, stale, ada):
    ada.post(CITY, {"do": "later-stale", "key": stale[1].pk})
    assert [row.key for row in PutOff.objects.all()] == [stale[1].pk]
