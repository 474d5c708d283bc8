"""The secretariat's queue of cities that think about joining: who sees it, in what order, and what
one button does."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.models import City, CityRole, ExpressionOfInterest, Invitation, Letter, Membership
from members.services import accessions, interests
from members.services.cities import NewCity
from tests.conftest import days_ago, make_city

pytestmark = pytest.mark.django_db

LIST = "/admin/members/expressionofinterest/"


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def interest(country) -> ExpressionOfInterest:
    return written(country, "Nowe Miasto", 3)


def written(country, name: str, days: int, confirmed: bool = True) -> ExpressionOfInterest:
    when = days_ago(days)
    return ExpressionOfInterest.objects.create(
        city_name=name,
        country=country,
        person_name="Ada",
        office="Office",
        email="ada@example.org",
        language="pl",
        message="Tell us more",
        token_hash=name,
        received_at=when,
        confirmed_at=when if confirmed else None,
    )


def fields(**changed: object) -> dict[str, object]:
    values = {"city": "", "name": "Nowe Miasto", "kind": "city", "slug": "nowe-miasto"}
    return {**values, "email": "ada@example.org", "language": "pl", **changed}


def test_queue_has_confirmed_ones_first_and_the_longest_wait_on_top(country, office, browse):
    written(country, "Cnewest", 1)
    written(country, "Dunconfirmed", 9, confirmed=False)
    written(country, "Boldest", 5)
    done = written(country, "Eanswered", 20)
    interests.decline(interest=done, why="No", by=office)
    html = browse(office).get(LIST).content.decode()
    places = [html.index(name) for name in ("Boldest", "Cnewest", "Dunconfirmed", "Eanswered")]
    assert places == sorted(places)
    assert "5 days" in html
    assert "9 days, not confirmed yet" in html
    assert "Dunconfirmed" not in browse(office).get(f"{LIST}?state=waiting").content.decode()
    assert browse(office).get(f"{LIST}?state=nonsense").status_code in {200, 302}


def test_button_makes_a_candidate_with_a_coordinator(interest, office, browse):
    client = browse(office)
    page = client.get(f"{LIST}{interest.pk}/candidate/").content.decode()
    assert 'value="nowe-miasto"' in page
    assert "Tell us more" in page
    assert not City.objects.exists()
    response = client.post(f"{LIST}{interest.pk}/candidate/", fields())
    assert response.status_code == 302
    city = City.objects.get()
    assert (city.slug, city.local_name, city.name_pl, city.source_language) == (
        "nowe-miasto",
        "Nowe Miasto",
        "Nowe Miasto",
        "pl",
    )
    assert city.published_at is None
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.city) == ("ada@example.org", "lead", city)
    interest.refresh_from_db()
    assert (interest.outcome, interest.city, interest.answered_by) == ("candidate", city, office)


def test_button_pressed_twice_does_it_once(interest, office, browse):
    client = browse(office)
    client.post(f"{LIST}{interest.pk}/candidate/", fields())
    again = client.post(f"{LIST}{interest.pk}/candidate/", fields(slug="another"))
    assert again.status_code == 200
    assert "answered already" in again.content.decode()
    assert (City.objects.count(), Invitation.objects.count()) == (1, 1)


def test_existing_city_is_offered_and_taken(interest, country, office, browse):
    city = make_city(country, "nowe-miasto", local_name="Nowe Miasto")
    client = browse(office)
    form = client.get(f"{LIST}{interest.pk}/candidate/").context["form"]
    assert form.initial["city"] == city.pk
    client.post(f"{LIST}{interest.pk}/candidate/", fields(city=city.pk, name="", slug=""))
    assert City.objects.get() == city
    assert Invitation.objects.get().city == city


def test_whoever_leads_the_city_already_gets_no_letter(interest, country, office, person):
    city = make_city(country, "nowe-miasto")
    lead = person("lead", city)
    interests.accept(interest=interest, city=city, email=lead.email, language="pl", by=office)
    assert not Invitation.objects.exists()
    assert CityRole.objects.filter(city=city).count() == 1


def test_candidate_has_a_draft_of_its_file(interest, country, office):
    new = NewCity("Town", country, "en")
    city = interests.accept(
        interest=interest, city=new, email="a@example.org", language="en", by=office
    )
    file = city.accessions.get()
    assert file.status == "draft"
    letter = Letter.objects.get(to="a@example.org")
    assert letter.kind == "invitation_candidate"
    assert f"{file.get_file_url()}?language=en" in letter.text


def test_file_that_is_open_is_not_opened_twice(interest, alfa, office):
    accessions.open_accession(city=alfa, by=office)
    interests.accept(interest=interest, city=alfa, email="a@example.org", language="en", by=office)
    assert alfa.accessions.count() == 1


def test_member_becomes_no_candidate(interest, alfa, office, browse):
    Membership.objects.create(city=alfa, standing="active", joined="2020")
    response = browse(office).post(
        f"{LIST}{interest.pk}/candidate/", fields(city=alfa.pk, name="", slug="")
    )
    assert "city" in response.context["form"].errors
    interest.refresh_from_db()
    assert interest.answered_at is None
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"name": "\x00\x1b"}, "name"),
        ({"slug": "alfa"}, "slug"),
        ({"slug": "not a slug"}, "slug"),
        ({"slug": "", "name": "Київ"}, "slug"),
        ({"email": "nobody"}, "email"),
        ({"email": ""}, "email"),
        ({"language": "xx"}, "language"),
        ({"kind": "empire"}, "kind"),
        ({"city": "9" * 27}, "city"),
        ({"city": "abc"}, "city"),
    ],
)
def test_bad_input_is_an_error_at_its_field_and_nothing_is_done(
    changed, field, interest, alfa, office, browse
):
    response = browse(office).post(f"{LIST}{interest.pk}/candidate/", fields(**changed))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Nothing was done." in response.content.decode()
    interest.refresh_from_db()
    assert interest.answered_at is None
    assert City.objects.count() == 1
    assert not Invitation.objects.exists()


def test_unconfirmed_becomes_no_candidate(country, office, browse):
    unconfirmed = written(country, "Town", 1, confirmed=False)
    assert (
        "Nobody has confirmed this yet"
        in browse(office).get(f"{LIST}{unconfirmed.pk}/candidate/").content.decode()
    )
    new = NewCity("Town", country, "en")
    with pytest.raises(ValidationError, match="Nobody has confirmed"):
        interests.accept(
            interest=unconfirmed, city=new, email="a@example.org", language="en", by=office
        )
    assert not City.objects.exists()


def test_what_fails_at_the_end_leaves_nothing_behind(interest, country, office, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(interests, "_answer", broken)
    new = NewCity("Town", country, "en")
    with pytest.raises(RuntimeError):
        interests.accept(
            interest=interest, city=new, email="a@example.org", language="en", by=office
        )
    assert not City.objects.exists()
    assert not Invitation.objects.exists()


def test_not_now_needs_a_reason_and_is_said_once(interest, office, browse):
    client = browse(office)
    assert (
        "why" in client.post(f"{LIST}{interest.pk}/not-now/", {"why": " "}).context["form"].errors
    )
    assert (
        client.post(f"{LIST}{interest.pk}/not-now/", {"why": "Outside Europe"}).status_code == 302
    )
    interest.refresh_from_db()
    assert (interest.outcome, interest.answer, interest.answered_by) == (
        "not_now",
        "Outside Europe",
        office,
    )
    with pytest.raises(ValidationError, match="answered already"):
        interests.decline(interest=interest, why="Again", by=office)


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee"])
def test_queue_does_not_exist_for_anybody_but_the_office(role, interest, person, alfa, browse):
    user = person(role, alfa)
    client = browse(user)
    assert client.get(LIST).status_code == 403
    for page in ("change", "candidate", "not-now", "history", "delete"):
        assert client.get(f"{LIST}{interest.pk}/{page}/").status_code == 404, page
        assert client.post(f"{LIST}{interest.pk}/{page}/", fields(why="x")).status_code == 404, page
    with pytest.raises(PermissionDenied):
        interests.decline(interest=interest, why="x", by=user)
    with pytest.raises(PermissionDenied):
        interests.accept(
            interest=interest, city=alfa, email="a@example.org", language="en", by=user
        )
    assert "Nowe Miasto" not in client.get("/admin/").content.decode()


def test_change_page_is_read_only(interest, office, browse):
    response = browse(office).post(
        f"{LIST}{interest.pk}/change/", {"city_name": "Changed", "email": "x@example.org"}
    )
    assert response.status_code in {200, 302}
    interest.refresh_from_db()
    assert (interest.city_name, interest.email) == ("Nowe Miasto", "ada@example.org")
