"""Ways in which a person with some rights got at what they have no right to, and drafts to the
public. Each was tried from outside first: the request is the one that worked."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import Value
from django.test import Client
from django.utils import timezone

from members.city_filter import CityFilter
from members.figures import member_counts
from members.models import (
    Action,
    BodyTask,
    City,
    CityRole,
    Draft,
    LegalAct,
    Membership,
    MembershipStep,
    Organisation,
    Plan,
    SuggestedAction,
    SupportContact,
)
from members.standing import StandingKind, standing_of
from portal.models import News
from programs.models import Edition, EditionEvent, Participation, Programme, ProgrammeLink
from tests.conftest import make_city
from tests.forms import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def national(country) -> Organisation:
    """The equality body of the whole country: no city's."""
    return Organisation.objects.create(
        slug="national",
        kind="equality-body",
        original_name="National",
        country=country,
        published_at=timezone.now(),
    )


@pytest.fixture
def joint(national) -> Programme:
    """A programme of no city."""
    return Programme.objects.create(
        slug="joint",
        kind="project",
        original_name="Joint",
        lead_organisation=national,
        published_at=timezone.now(),
    )


@pytest.fixture
def reader_and_writer(person, alfa, beta):
    """Reads for Alfa, writes for Beta."""
    user = person("viewer", alfa)
    CityRole.objects.create(user=user, city=beta, role="editor")
    return user


@pytest.fixture
def hidden(country) -> City:
    """A city that is not public, with public rows that hang on it."""
    return make_city(country, "hidden", name_en="UNSEEN", local_name="UNSEEN", published_at=None)


# --- Writing where somebody only reads ------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "owner", "fields"),
    [
        (Edition, "programme", {"label": "Smuggled"}),
        (EditionEvent, "edition", {"kind": "other", "starts": "2021"}),
        (BodyTask, "organisation", {"order": 7, "text_en": "Smuggled"}),
        (ProgrammeLink, "programme", {"kind": "supports"}),
    ],
)
def test_reader_of_one_city_adds_no_part_to_its_rows(
    model, owner, fields, reader_and_writer, alfa_rows, beta_rows, browse
):
    label = model._meta.label_lower
    target = alfa_rows[model._meta.get_field(owner).related_model._meta.label_lower]
    fields = {
        "source_language": "en",
        "other": beta_rows["programs.programme"].pk,
        **fields,
        owner: target.pk,
    }
    before = model.objects.count()
    response = browse(reader_and_writer).post(f"/admin/{label.replace('.', '/')}/add/", fields)
    assert (response.status_code, model.objects.count()) == (200, before)


def test_reader_of_one_city_moves_no_draft_to_it(reader_and_writer, alfa_rows, beta_rows, browse):
    draft = Edition.objects.create(programme=beta_rows["programs.programme"], label="Draft")
    fields = {
        "source_language": "en",
        "programme": alfa_rows["programs.programme"].pk,
        "label": "Moved",
    }
    assert (
        browse(reader_and_writer)
        .post(f"/admin/programs/edition/{draft.pk}/change/", fields)
        .status_code
        == 200
    )
    draft.refresh_from_db()
    assert draft.programme == beta_rows["programs.programme"]


def test_reader_of_one_city_attaches_none_of_its_documents(
    reader_and_writer, alfa_rows, beta_rows, browse
):
    act = beta_rows["members.legalact"]
    document = alfa_rows["members.document"]
    fields = {
        "source_language": "en",
        "city": act.city_id,
        "kind": act.kind,
        "document": document.pk,
    }
    assert (
        browse(reader_and_writer)
        .post(f"/admin/members/legalact/{act.pk}/change/", fields)
        .status_code
        == 200
    )
    act.refresh_from_db()
    assert act.document is None


@pytest.mark.parametrize(
    ("model", "owner", "fields"),
    [
        (BodyTask, "organisation", {"order": 1, "text_en": "Smuggled"}),
        (Edition, "programme", {"label": "Smuggled"}),
        (Participation, "programme", {"role": "partner"}),
        (ProgrammeLink, "programme", {"kind": "supports"}),
    ],
)
def test_coordinator_adds_no_part_to_what_is_no_citys(
    model, owner, fields, person, alfa, alfa_rows, national, joint, browse
):
    others = {
        "organisation": alfa_rows["members.organisation"].pk,
        "other": alfa_rows["programs.programme"].pk,
    }
    target = national if owner == "organisation" else joint
    label = model._meta.label_lower.replace(".", "/")
    before = model.objects.count()
    fields = {"source_language": "en", **others, **fields, owner: target.pk}
    assert browse(person("lead", alfa)).post(f"/admin/{label}/add/", fields).status_code == 200
    assert model.objects.count() == before


def test_coordinator_may_name_what_is_no_citys(person, alfa, alfa_rows, national, browse):
    fields = {
        "source_language": "en",
        "programme": alfa_rows["programs.programme"].pk,
        "organisation": "National",
    }
    response = browse(person("lead", alfa)).post(
        "/admin/programs/participation/add/", {**fields, "role": "partner"}
    )
    assert response.status_code == 302
    assert Participation.objects.filter(organisation=national).exists()


def test_publishing_an_entry_publishes_none_of_another_city(
    person, alfa, alfa_rows, beta_rows, browse
):
    programme = alfa_rows["programs.programme"]
    link = ProgrammeLink.objects.create(
        programme=beta_rows["programs.programme"],
        other=programme,
        kind="supports",
        published_at=None,
    )
    fields = {"action": "publish_selected", "_selected_action": [programme.pk]}
    assert (
        browse(person("lead", alfa)).post("/admin/programs/programme/", fields).status_code == 302
    )
    link.refresh_from_db()
    assert link.published_at is None


# --- Reading what is another's --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["invitation", "cityrole"])
def test_lead_of_one_city_sees_no_people_of_another_where_they_only_read(
    kind, person, alfa, beta, alfa_rows, beta_rows, browse
):
    user = person("lead", alfa, name="Ada")
    CityRole.objects.create(user=user, city=beta, role="viewer")
    html = browse(user).get(f"/admin/members/{kind}/").content.decode()
    shown, hidden = (
        ("new-alfa", "new-beta") if kind == "invitation" else ("Someone ALPACA", "Someone ZEBRA")
    )
    assert shown in html
    assert hidden not in html


@pytest.mark.parametrize(
    "kind", ["edition", "editionevent", "programmeitem", "participation", "programmelink"]
)
def test_filters_of_a_list_name_no_other_city(
    kind, person, alfa, alfa_rows, beta_rows, hidden, browse
):
    html = browse(person("lead", alfa)).get(f"/admin/programs/{kind}/").content.decode()
    assert "ZEBRA" not in html
    assert "UNSEEN" not in html


@pytest.mark.parametrize(
    "query",
    [
        "user/?password__startswith=!",
        "invitation/?token_hash__startswith=a",
        "legalact/?appointed_bodies__id__exact=1",
        "city/?id__regex=(",
        "city/?stated_at__year=99999999999999999999999999",
        "city/?country__id__exact=99999999999999999999999999",
    ],
)
def test_lists_answer_only_their_own_filters(query, person, alfa_rows, browse):
    assert browse(person("secretariat")).get(f"/admin/members/{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["country__id__exact={}", "kind__exact=city", "memberships__standing__exact=active"]
)
def test_lists_answer_their_own_filters(query, person, alfa_rows, browse):
    address = "/admin/members/city/?" + query.format(alfa_rows["members.country"].pk)
    assert "Alfa" in browse(person("secretariat")).get(address).content.decode()


@pytest.mark.parametrize("chosen", ["", "abc", "²", "\x00", "-1", "9" * 26])
def test_bulk_actions_refuse_what_is_no_number(chosen, person, alfa_rows, browse):
    fields = {"action": "publish_selected", "_selected_action": [chosen]}
    assert browse(person("secretariat")).post("/admin/members/unit/", fields).status_code == 400


def test_search_in_a_list_survives_thousands_of_words(person, alfa_rows, browse):
    words = "+".join(f"word{number}" for number in range(2000))
    assert browse(person("secretariat")).get(f"/admin/members/city/?q={words}").status_code == 200


def test_number_too_large_for_the_database_is_no_choice(person, alfa, alfa_rows, browse):
    fields = {
        "slug": "new",
        "kind": "other",
        "original_name": "New",
        "city": alfa.pk,
        "source_language": "en",
    }
    response = browse(person("lead", alfa)).post(
        "/admin/members/organisation/add/", {**fields, "grounds": "9" * 26}
    )
    assert response.status_code == 200
    assert not Organisation.objects.filter(slug="new").exists()


@pytest.mark.parametrize("typed", ["abc", "²", "9" * 26])
def test_role_for_what_is_no_person_is_refused_on_the_form(typed, person, alfa, browse):
    fields = {"user": typed, "city": alfa.pk, "role": "editor", "since": "2026-01-01"}
    assert (
        browse(person("secretariat")).post("/admin/members/cityrole/add/", fields).status_code
        == 200
    )
    assert not CityRole.objects.exists()


def test_country_code_that_makes_no_address_is_refused_on_the_form(person, alfa_rows, browse):
    country = alfa_rows["members.country"]
    response = browse(person("secretariat")).post(
        f"/admin/members/country/{country.pk}/change/", {"code": "²"}
    )
    assert response.status_code == 200
    country.refresh_from_db()
    assert country.code == "PL"


# --- Drafts on public pages -----------------------------------------------------------------------


def page(url: str) -> str:
    response = Client().get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_membership_that_is_a_draft_makes_no_member(country):
    city = make_city(country, "delta")
    draft = Membership.objects.create(city=city, standing="active", joined="2024-05-05")
    urls = ["/en/", "/en/cities/", "/en/cities/?status=active", "/en/cities/?sort=joined"]
    assert [url for url in urls if "Delta" in page(url)] == []
    assert "Delta" in page("/en/cities/?status=not-member")
    draft.published_at = timezone.now()
    draft.save()
    assert [url for url in urls if "Delta" not in page(url)] == []


def test_membership_that_ended_in_a_draft_makes_no_former_member(country):
    city = make_city(country, "delta")
    Membership.objects.create(city=city, standing="excluded", joined="2004", ended="2010")
    assert "Delta" not in page("/en/cities/?status=former")


def test_members_by_vote_are_those_whose_pages_say_so(alfa_rows):
    """The first page's number, the directory's filter and the line of a city say the same."""

    def counted() -> tuple[int, int, bool]:
        line = standing_of(alfa_rows["members.city"])
        filters = CityFilter({"status": "active"}, queryset=City.objects.public())
        return member_counts()["voted"], filters.qs.count(), line.kind == StandingKind.MEMBER

    membership = alfa_rows["members.membership"]
    assert counted() == (1, 1, True)
    MembershipStep.objects.create(
        membership=membership,
        verb="annul",
        from_standing="active",
        to_standing="evidenced",
        recorded_by=alfa_rows["members.user"],
    )
    membership.move("evidenced")
    membership.save()
    assert counted() == (0, 0, False)


def test_draft_is_not_named_on_the_page_of_a_public_row(alfa, alfa_rows, hidden):
    organisation, programme = alfa_rows["members.organisation"], alfa_rows["programs.programme"]
    organisation.appointed_by = LegalAct.objects.create(
        city=alfa, kind="decree", number="UNSEEN", title="UNSEEN"
    )
    organisation.save()
    programme.lead_organisation = Organisation.objects.create(
        slug="d", kind="other", original_name="UNSEEN"
    )
    programme.save()
    alfa.successor = hidden
    alfa.save()
    urls = ["/en/cities/alfa/", "/en/organisations/body-alfa/", "/en/programmes/programme-alfa/"]
    assert [url for url in urls if "UNSEEN" in page(url)] == []


def test_rows_of_a_city_that_is_not_public_are_not_public(alfa_rows, hidden, client):
    now = timezone.now()
    body = Organisation.objects.create(
        slug="unseen", kind="other", original_name="UNSEEN", city=hidden, published_at=now
    )
    body.grounds.add(alfa_rows["members.ground"])
    theirs = Programme.objects.create(
        slug="theirs", kind="policy", original_name="UNSEEN", city=hidden, published_at=now
    )
    ours, our_body = alfa_rows["programs.programme"], alfa_rows["members.organisation"]
    Participation.objects.create(
        programme=theirs, organisation=our_body, role="author", published_at=now
    )
    Participation.objects.create(programme=ours, organisation=body, role="author", published_at=now)
    ProgrammeLink.objects.create(programme=ours, other=theirs, kind="supports", published_at=now)
    ProgrammeLink.objects.create(programme=theirs, other=ours, kind="continues", published_at=now)
    SupportContact.objects.create(
        city=alfa_rows["members.city"], organisation=body, published_at=now
    )
    assert client.get("/en/organisations/unseen/").status_code == 404
    urls = [
        "/en/cities/alfa/",
        "/en/organisations/body-alfa/",
        "/en/programmes/programme-alfa/",
        "/en/grounds/age/",
    ]
    urls += ["/en/help/alfa/", "/en/search/?q=unse", "/sitemap.xml"]
    assert [
        url for url in urls if "UNSEEN" in page(url) or "organisations/unseen" in page(url)
    ] == []


def test_scheduled_news_of_another_city_are_nowhere_yet(alfa, beta_rows, person, browse):
    for kind in ("portal.news", "portal.event"):
        row = beta_rows[kind]
        row.title_en, row.published_at = "GIRAFFE soon", timezone.now() + timedelta(days=3)
        row.save()
    urls = [
        "/en/",
        "/en/news/",
        "/en/news/feed/?city=beta",
        "/en/events/",
        "/en/events/calendar.ics",
        "/en/cities/beta/",
    ]
    urls += ["/en/search/suggest/?q=giraffe", "/en/plan/1/", "/en/countries/pl/"]
    for client in (Client(), browse(person("lead", alfa)), browse(person("committee", alfa))):
        assert [url for url in urls if "GIRAFFE" in client.get(url).content.decode()] == []
        assert "GIRAFFE soon" not in client.get("/en/search/?q=giraffe").content.decode()


# --- What one person types and everybody stumbles over --------------------------------------------


@pytest.mark.parametrize(
    "carried", [r'[["name_en","\ud800 text"]]', r'[["\ud800","a text"]]', r'[["_writer","\ud800"]]']
)
def test_half_a_character_in_carried_fields_is_shown_as_unreadable(carried, client):
    response = client.post(
        "/accounts/unsent/", {"to": "/admin/members/unit/add/", "carried": carried}
    )
    assert response.status_code == 401


@pytest.mark.parametrize("sign", ["\x0b", "\x1b", "\ufffe"])
def test_control_character_in_one_title_stops_no_feed(sign, alfa_rows, person, client):
    news = alfa_rows["portal.news"]
    text = Value(f"Council{sign}votes")
    News.objects.filter(pk=news.pk).update(title_en=text, lead_en=text)
    assert "Councilvotes" in client.get("/en/news/feed/?city=alfa").content.decode()


def test_coordinator_takes_up_no_suggestion_that_is_a_draft(alfa, alfa_rows, person, browse):
    Plan.objects.update(published_at=timezone.now())
    suggested = SuggestedAction.objects.create(
        point=alfa_rows["members.point"], order=9, text_en="GIRAFFE"
    )
    client, fields = browse(person("lead", alfa)), {"do": "take_up", "key": suggested.pk}
    assert client.post("/admin/city/alfa/points/1/", fields).status_code == 404
    suggested.published_at = timezone.now()
    suggested.save()
    assert client.post("/admin/city/alfa/points/1/", fields).status_code == 302


def test_marks_that_no_database_keeps_are_left_out_of_a_draft(alfa, alfa_rows, person, browse):
    unit = alfa_rows["members.unit"]
    alfa_rows["members.draft"].delete()
    seen = r'[1, {"a\u0000": "0", "name_en": "\ud800", "url": "", "email": "0f"}, [], ""]'
    fields = {
        "source_language": "en",
        "city": alfa.pk,
        "name_en": "New",
        "seen": seen,
        "_draft": "1",
    }
    assert (
        browse(person("lead", alfa))
        .post(f"/admin/members/unit/{unit.pk}/change/", fields)
        .status_code
        == 302
    )
    assert Draft.objects.get(object_id=unit.pk).marks == {"url": "", "email": "0f"}


# --- Addresses ------------------------------------------------------------------------------------

ADDRESSED = {
    "members.organisation": {
        "kind": "association",
        "original_name": "Ours",
        "original_language": "en",
    },
    "programs.programme": {"kind": "policy", "original_name": "Ours", "original_language": "en"},
    "portal.news": {"title_en": "Ours", "on": "2026", "_save": "1"},
    "portal.event": {"title_en": "Ours", "first_day": "2026-05-01", "place": "Here"},
}


def add_with_slug(client, label: str, city, slug: str):
    """Add an entry to a city with this address; the answer, and what there is of it then."""
    url = f"/admin/{label.replace('.', '/')}/add/"
    typed = {"source_language": "en", "city": city.pk, "slug": slug, **ADDRESSED[label]}
    own = apps.get_model(label).objects.filter(city=city, slug__startswith=slug)
    return client.post(url, fields_of(client.get(url)) | typed), own


@pytest.mark.parametrize("label", ADDRESSED)
def test_typed_address_tells_nothing_of_what_another_city_hides(
    label, person, alfa, beta_rows, browse
):
    hidden = beta_rows[label]
    type(hidden).objects.filter(pk=hidden.pk).update(published_at=None)
    answer, own = add_with_slug(browse(person("lead", alfa)), label, alfa, hidden.slug)
    assert answer.status_code == 302, dict(answer.context["adminform"].form.errors)
    assert own.get().slug == f"{hidden.slug}-2"


@pytest.mark.parametrize("label", ADDRESSED)
def test_typed_address_of_what_everybody_reads_is_refused_at_its_field(
    label, person, alfa, beta_rows, browse
):
    answer, own = add_with_slug(browse(person("lead", alfa)), label, alfa, beta_rows[label].slug)
    assert list(answer.context["adminform"].form.errors) == ["slug"]
    assert not own.exists()


def test_only_a_parent_that_may_be_missing_is_looked_for_in_vain():
    always_there = str(Action.objects.public().query)
    assert "LEFT OUTER JOIN" not in always_there
    for parent in Action.PUBLIC_WITH:
        model = Action
        for name in parent.split("__"):
            model = model._meta.get_field(name).related_model
        assert f'"{model._meta.db_table}"."published_at" IS NOT NULL' in always_there
    may_be_missing = str(SupportContact.objects.public().query)
    # The organisation, and its city; the contact's own city is always there.
    assert may_be_missing.count("LEFT OUTER JOIN") == 2
