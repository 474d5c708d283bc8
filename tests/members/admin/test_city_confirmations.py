"""Merging two entries of one city, and renaming: everything that points to the city moves, and
nothing is lost."""

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from members.models import (
    Citation,
    City,
    CityName,
    FormerSlug,
    Membership,
    Organisation,
    Source,
    Unit,
)
from members.models.record import content_type_of
from members.services import cities
from members.slugs import free_city_slug
from programs.models import Programme
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

# These may exist only once, and the cast has both cities have one.
TWICE = ("members.membership", "members.accession")


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def empty(country) -> City:
    return make_city(country, "gamma")


def pointing(city: City) -> dict[str, int]:
    """How many rows name this city, by the key that does."""
    counts = {}
    for relation in cities.relations_to_cities():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: city})
        counts[f"{relation.related_model.__name__}.{relation.field.name}"] = rows.count()
    return counts


def test_every_key_to_a_city_is_known(alfa_rows):
    named = {f"{r.related_model.__name__}.{r.field.name}" for r in cities.relations_to_cities()}
    expected = {
        "Membership.city",
        "Unit.city",
        "CityRole.city",
        "Programme.city",
        "Programme.further_cities",
    }
    assert (
        expected | {"Decision.recused", "Meeting.host", "City.successor", "LegalAct.city"} <= named
    )


def test_all_that_points_to_the_loser_points_to_the_survivor(alfa, alfa_rows, empty, office):
    before = pointing(alfa)
    assert before["Unit.city"] == 1
    merger = cities.merge(loser=alfa, survivor=empty, by=office)
    after = pointing(empty)
    # The merger itself adds the old address, the old name, and the successor.
    after["FormerSlug.city"] -= 1
    after["CityName.city"] -= 1
    after["City.successor"] -= 1
    assert after == before
    assert sum(pointing(alfa).values()) == 0
    assert merger.moves[Unit] == 1
    alfa.refresh_from_db()
    assert (alfa.successor, alfa.published_at) == (empty, None)


def test_old_address_leads_to_the_survivor_in_every_language(alfa, empty, office, client):
    cities.merge(loser=alfa, survivor=empty, by=office)
    assert client.get("/pl/cities/alfa/")["Location"] == "/pl/cities/gamma/"
    assert client.get("/en/cities/alfa/").status_code == 301


def test_survivor_is_found_by_the_losers_names(alfa, empty, office, client):
    cities.merge(loser=alfa, survivor=empty, by=office)
    assert CityName.objects.filter(city=empty, name="Alfa").exists()
    html = client.get("/en/search/?q=alfa").content.decode()
    assert 'href="/en/cities/gamma/"' in html
    assert 'href="/en/cities/alfa/"' not in html


def test_what_both_have_and_may_exist_once_refuses_the_merger_with_a_sentence(
    alfa_rows, beta_rows, office
):
    alfa, beta = alfa_rows["members.city"], beta_rows["members.city"]
    before = pointing(alfa), pointing(beta)
    with pytest.raises(ValidationError) as refusal:
        cities.merge(loser=beta, survivor=alfa, by=office)
    text = " ".join(refusal.value.messages)
    assert "Both have this, and it may exist only once: membership" in text
    assert (pointing(alfa), pointing(beta)) == before
    assert not FormerSlug.objects.filter(slug="beta").exists()
    beta.refresh_from_db()
    assert (beta.successor, bool(beta.published_at)) == (None, True)


def test_trial_changes_nothing(alfa, alfa_rows, empty, office):
    before = pointing(alfa)
    merger = cities.try_merge(loser=alfa, survivor=empty, by=office)
    assert merger.moves[Membership] == 1
    assert pointing(alfa) == before
    assert not FormerSlug.objects.filter(slug="alfa").exists()


def test_sources_move_and_a_source_that_both_cite_stays_once(alfa, empty, office):
    kind = content_type_of(alfa)
    shared, own = (Source.objects.create(url=f"https://example.org/{n}") for n in range(2))
    for city, source in [(alfa, shared), (empty, shared), (alfa, own)]:
        Citation.objects.create(source=source, content_type=kind, object_id=city.pk)
    cities.merge(loser=alfa, survivor=empty, by=office)
    assert set(empty.citations.values_list("source", flat=True)) == {shared.pk, own.pk}


def test_moves_stand_in_the_log(alfa, empty, office):
    unit = Unit.objects.create(city=alfa, name_en="Office")
    cities.merge(loser=alfa, survivor=empty, by=office)
    entry = LogEntry.objects.get_for_object(unit).order_by("-pk").first()
    assert entry.changes["city"] == [alfa.pk, empty.pk]
    assert LogEntry.objects.get_for_object(alfa).exists()


def test_several_cities_of_a_programme_name_the_survivor_once(alfa, empty, office):
    both = Programme.objects.create(slug="both", kind="policy", original_name="Both")
    both.further_cities.set([alfa, empty])
    cities.merge(loser=alfa, survivor=empty, by=office)
    assert list(both.further_cities.all()) == [empty]


def test_who_came_before_the_loser_comes_before_the_survivor(alfa, beta, empty, office):
    beta.successor = alfa
    beta.save()
    cities.merge(loser=alfa, survivor=empty, by=office)
    beta.refresh_from_db()
    assert beta.successor == empty


def test_a_city_is_merged_once_and_not_with_itself_or_with_one_that_went(alfa, beta, empty, office):
    with pytest.raises(ValidationError, match="same entry"):
        cities.merge(loser=alfa, survivor=alfa, by=office)
    cities.merge(loser=alfa, survivor=empty, by=office)
    with pytest.raises(ValidationError, match="merged already"):
        cities.merge(loser=alfa, survivor=empty, by=office)
    with pytest.raises(ValidationError, match="one that is left"):
        cities.merge(loser=beta, survivor=alfa, by=office)


def test_invented_and_real_cities_stay_apart(alfa, country, office):
    invented = make_city(country, "inventia", fictional=True)
    with pytest.raises(ValidationError, match="invented"):
        cities.merge(loser=invented, survivor=alfa, by=office)


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee"])
def test_only_the_office_merges_and_renames(role, person, alfa, empty, browse):
    user = person(role, alfa)
    with pytest.raises(PermissionDenied):
        cities.merge(loser=alfa, survivor=empty, by=user)
    with pytest.raises(PermissionDenied):
        cities.rename(city=alfa, local_name="X", names={}, slug="x", by=user)
    client = browse(user)
    expected = {403} if role != "committee" else {403, 404}
    for page in ("merge", "rename"):
        assert client.get(f"/admin/members/city/{alfa.pk}/{page}/").status_code in expected
        assert (
            client.post(f"/admin/members/city/{alfa.pk}/{page}/", {"into": empty.pk}).status_code
            in expected
        )
        assert client.get(f"/admin/members/city/{empty.pk}/{page}/").status_code == 404


# --- The pages ------------------------------------------------------------------------------------


def test_page_shows_what_moves_and_the_button_merges_once(alfa, alfa_rows, empty, office, browse):
    client = browse(office)
    base = f"/admin/members/city/{alfa.pk}/merge/"
    assert "Show what would move" in client.get(base).content.decode()
    html = client.get(f"{base}?into={empty.pk}").content.decode()
    assert "Units: 1" in html
    assert "leads to Gamma" in html
    assert Unit.objects.get(pk=alfa_rows["members.unit"].pk).city == alfa
    response = client.post(base, {"into": empty.pk})
    assert response["Location"] == f"/admin/members/city/{empty.pk}/change/"
    assert Unit.objects.get(pk=alfa_rows["members.unit"].pk).city == empty
    again = client.post(base, {"into": empty.pk})
    assert again.status_code == 200
    assert "merged already" in again.content.decode()


def test_page_has_no_button_where_something_stands_against_it(alfa_rows, beta_rows, office, browse):
    alfa, beta = alfa_rows["members.city"], beta_rows["members.city"]
    html = (
        browse(office).get(f"/admin/members/city/{beta.pk}/merge/?into={alfa.pk}").content.decode()
    )
    assert "may exist only once" in html
    assert 'type="submit" class="default"' not in html


@pytest.mark.parametrize("value", ["", "abc", "²", "\x00", "9" * 27, "-1"])
def test_nonsense_for_the_other_city_is_refused_on_the_form(value, alfa, office, browse):
    client = browse(office)
    assert client.get(f"/admin/members/city/{alfa.pk}/merge/", {"into": value}).status_code == 200
    assert client.post(f"/admin/members/city/{alfa.pk}/merge/", {"into": value}).status_code == 200


# --- Renaming -------------------------------------------------------------------------------------


def names_of(city: City, **changed: str) -> dict[str, str]:
    return {
        code: changed.get(code, "Alfa" if code == "en" else "")
        for code in ["en", "pl", "sv", "de", "fr", "it", "es", "uk"]
    }


def test_renaming_keeps_the_old_names_and_the_old_address(alfa, office, client):
    cities.rename(
        city=alfa, local_name="Omega", names=names_of(alfa, en="Omega"), slug="omega", by=office
    )
    alfa.refresh_from_db()
    assert (alfa.slug, alfa.local_name, alfa.name_en) == ("omega", "Omega", "Omega")
    assert set(alfa.other_names.values_list("name", "language", "kind")) == {
        ("Alfa", "en", "former")
    }
    assert client.get("/en/cities/alfa/")["Location"] == "/en/cities/omega/"
    assert 'href="/en/cities/omega/"' in client.get("/en/search/?q=alfa").content.decode()


def test_renaming_back_takes_the_old_address_into_use_again(alfa, office, client):
    cities.rename(city=alfa, local_name="Omega", names=names_of(alfa), slug="omega", by=office)
    cities.rename(city=alfa, local_name="Alfa", names=names_of(alfa), slug="alfa", by=office)
    assert client.get("/en/cities/alfa/").status_code == 200
    assert client.get("/en/cities/omega/")["Location"] == "/en/cities/alfa/"


def test_address_of_another_city_is_refused_on_the_form(alfa, beta, office, browse):
    FormerSlug.objects.create(slug="old-beta", city=beta)
    for slug in ("beta", "old-beta", "a b", "", "\x00", "x" * 10_000):
        fields = {"local_name": "Omega", "slug": slug, "name_en": "Omega"}
        response = browse(office).post(f"/admin/members/city/{alfa.pk}/rename/", fields)
        assert response.status_code == 200
        assert "slug" in response.context["form"].errors
        assert 'value="Omega"' in response.content.decode()
    alfa.refresh_from_db()
    assert alfa.slug == "alfa"


def test_page_renames(alfa, office, browse):
    fields = {"local_name": "Omega", "slug": "omega", "name_en": "Omega", "name_pl": "Omega"}
    response = browse(office).post(f"/admin/members/city/{alfa.pk}/rename/", fields)
    assert response.status_code == 302
    alfa.refresh_from_db()
    assert (alfa.name_pl, alfa.slug) == ("Omega", "omega")


# --- Addresses of new cities ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "slug"),
    [
        ("Łódź", "city", "lodz"),
        ("Alfa", "city", "alfa-city"),
        ("Alfa", "county", "alfa-county"),
        ("Saint-Étienne du Bois", "city", "saint-etienne-du-bois"),
        ("Київ", "city", ""),
        ("…", "city", ""),
    ],
)
def test_address_follows_from_the_name(name, kind, slug, alfa):
    assert free_city_slug(name, kind) == slug


def test_address_is_numbered_when_even_the_kind_does_not_tell_cities_apart(alfa, country):
    make_city(country, "alfa-county")
    assert free_city_slug("Alfa", "county") == "alfa-county-2"


def test_organisation_of_the_loser_shows_the_survivor(alfa, empty, office, client):
    body = Organisation.objects.create(
        slug="body", kind="other", original_name="Body", city=alfa, published_at=timezone.now()
    )
    cities.merge(loser=alfa, survivor=empty, by=office)
    assert "/en/cities/gamma/" in client.get(f"/en/organisations/{body.slug}/").content.decode()
