"""Two towns of one name: what tells them apart stands beside the name wherever one reads it."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from languages.models import IndexRow
from members.models import City, Country, Meeting, Milestone, Organisation, Unit
from members.models.cities import city_name
from members.services import cities, people
from members.services import namesakes as services
from portal.models import News
from tests.conftest import make_city
from tests.test_house import PAGES, SOURCES, found

pytestmark = pytest.mark.django_db

NAME = "Neuenkirchen"


def named(country: Country, slug: str, region: str = "", **fields: object) -> City:
    return make_city(country, slug, local_name=NAME, name_en=NAME, region=region, **fields)


def labels() -> dict[str, str]:
    return {city.slug: str(city) for city in City.objects.filter(local_name=NAME)}


@pytest.fixture
def germany(db) -> Country:
    return Country.objects.create(code="DE")


@pytest.fixture
def austria(db) -> Country:
    return Country.objects.create(code="AT")


@pytest.fixture
def pair(germany) -> list[City]:
    return [named(germany, "neuenkirchen", "Vorpommern"), named(germany, "second", "Steinfurt")]


# --- What tells them apart ------------------------------------------------------------------------


def test_single_city_has_nothing_beside_its_name(germany):
    assert str(named(germany, "neuenkirchen", "Vorpommern")) == NAME


def test_draft_tells_nothing_of_itself_in_the_name_of_a_public_city(germany):
    public = named(germany, "neuenkirchen", "Steinfurt")
    draft = named(germany, "omega", "Vorpommern", published_at=None)
    assert labels() == {"neuenkirchen": NAME, "omega": f"{NAME} (Vorpommern)"}
    draft.published_at = public.published_at
    draft.save()
    assert labels()["neuenkirchen"] == f"{NAME} (Steinfurt)"


def test_region_tells_them_apart(pair):
    assert labels() == {
        "neuenkirchen": "Neuenkirchen (Vorpommern)",
        "second": "Neuenkirchen (Steinfurt)",
    }


def test_country_stands_where_there_is_no_region(germany, austria):
    named(germany, "neuenkirchen", "Vorpommern")
    named(austria, "second")
    assert labels()["second"] == "Neuenkirchen (Austria)"
    with override("de"):
        assert labels()["second"] == "Neuenkirchen (Österreich)"


def test_region_of_two_countries_tells_nothing(germany, austria):
    named(germany, "neuenkirchen", "Süden")
    named(austria, "second", "Suden")
    assert labels() == {
        "neuenkirchen": "Neuenkirchen (Germany)",
        "second": "Neuenkirchen (Austria)",
    }


def test_address_stands_where_nothing_else_differs(germany):
    named(germany, "neuenkirchen", "Vorpommern")
    named(germany, "second", "Vorpommern")
    assert labels() == {
        "neuenkirchen": "Neuenkirchen (neuenkirchen)",
        "second": "Neuenkirchen (second)",
    }


def test_city_without_region_keeps_its_name_where_the_other_has_one(germany):
    named(germany, "neuenkirchen")
    named(germany, "second", "Steinfurt")
    assert labels() == {"neuenkirchen": NAME, "second": "Neuenkirchen (Steinfurt)"}


def test_kind_stands_where_region_and_country_are_the_same(germany):
    named(germany, "neuenkirchen")
    named(germany, "second", kind="county")
    with override("de"):
        assert labels()["second"] == "Neuenkirchen (Kreis)"


def test_name_in_one_language_is_enough(germany):
    make_city(germany, "halle", region="Saxony", name_fr="Hal")
    make_city(germany, "other", region="Brabant", name_fr="Hal")
    with override("fr"):
        assert {str(city) for city in City.objects.all()} == {"Hal (Saxony)", "Hal (Brabant)"}


def test_names_that_differ_again_lose_what_told_them_apart(pair):
    _first, second = pair
    second.local_name = second.name_en = "Altenkirchen"
    second.save()
    assert str(second) == "Altenkirchen"
    assert labels() == {"neuenkirchen": NAME}


def test_deleting_one_leaves_the_other_its_name(pair):
    pair[1].delete()
    assert labels() == {"neuenkirchen": NAME}


def test_renamed_address_and_region_follow(germany, pair):
    pair[1].region = "Vorpommern"
    pair[1].save()
    pair[1].slug = "neuenkirchen-2"
    pair[1].save()
    assert labels()["neuenkirchen-2"] == "Neuenkirchen (neuenkirchen-2)"
    assert labels()["neuenkirchen"] == "Neuenkirchen (neuenkirchen)"


def test_merged_entry_is_no_namesake_of_the_one_that_stays(pair, person):
    first, second = pair
    cities.merge(loser=second, survivor=first, by=person("secretariat"))
    expected = {"neuenkirchen": NAME, "second": "Neuenkirchen (Steinfurt)"}
    assert labels() == expected
    make_city(first.country, "elsewhere")
    assert labels() == expected


def test_rebuilding_tells_all_apart(pair):
    City.objects.update(distinguished_by="", distinction="")
    call_command("rebuild_index", verbosity=0)
    assert labels()["second"] == "Neuenkirchen (Steinfurt)"
    assert IndexRow.objects.filter(title="Neuenkirchen (Steinfurt)", language="pl").exists()


def test_distinction_is_no_change_by_anybody(pair, django_assert_num_queries):
    first = City.objects.get(slug="neuenkirchen")
    assert (first.version, first.distinction) == (1, "Vorpommern")
    # Itself, those that are told apart, those of its names.
    with django_assert_num_queries(2):
        assert services.tell_apart([first.pk]) == []


# --- Where it stands ------------------------------------------------------------------------------


@pytest.fixture
def pages(pair) -> dict[str, str]:
    """Public pages that name the second of the two, with the address of each."""
    city = pair[1]
    now = timezone.now()
    with_text = {"published_at": now, "city": city}
    organisation = Organisation.objects.create(
        slug="office", original_name="Office", original_language="de", **with_text
    )
    News.objects.create(slug="news", title_en="News", body_en="Text", on="2026-01-01", **with_text)
    Milestone.objects.create(kind="candidate", on="2025-01-01", **with_text)
    return {
        "directory": "/en/cities/?status=all",
        "page": "/en/cities/second/",
        "changes": "/en/cities/second/changes/",
        "feed": "/en/cities/second/feed/",
        "help": "/en/help/second/",
        "search": "/en/search/?q=neuenkirchen",
        "suggestions": "/en/search/suggest/?q=neuenk",
        "places": "/en/help/?q=neuenkirchen",
        "organisation": f"/en/organisations/{organisation.slug}/",
        "news": "/en/news/",
        "news item": "/en/news/news/",
    }


def test_every_public_page_tells_them_apart(pages, client):
    missing = []
    for name, address in pages.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, address)
        if "Neuenkirchen (Steinfurt)" not in answer.content.decode():
            missing.append(name)
    assert not missing


def test_title_and_heading_of_the_city_are_told_apart(pair, client):
    html = client.get("/en/cities/second/").content.decode()
    assert re.search(r"<title>\s*Neuenkirchen \(Steinfurt\)", html)
    heading = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)[1]
    assert heading.split() == ["Neuenkirchen", "(Steinfurt)"]
    assert 'aria-current="page">Neuenkirchen (Steinfurt)<' in html


def test_search_finds_both_by_the_name_alone_and_one_by_its_region(pair, client):
    def suggested(text: str) -> list[str]:
        answer = client.get("/en/search/suggest/", {"q": text, "kind": "city"}).json()
        return [one["title"] for one in answer["suggestions"]]

    assert set(suggested("Neuenkirchen")) == set(labels().values())
    assert suggested("Neuenkirchen Steinfurt") == ["Neuenkirchen (Steinfurt)"]


def test_lists_and_choices_of_the_administration_tell_them_apart(pair, person, browse):
    office = browse(person("secretariat"))
    for city in pair:
        Unit.objects.create(city=city, name_en="Office")
        Milestone.objects.create(city=city, kind="candidate", on="2025-01-01")
    Meeting.objects.create(kind="committee", place="Bonn", starts="2026-01-01", host=pair[0])
    for address in (
        reverse("admin:members_city_changelist"),
        reverse("admin:members_unit_changelist"),
        reverse("admin:members_unit_add"),
        reverse("admin:members_milestone_changelist"),
        reverse("admin:members_milestone_add"),
        reverse("admin:members_city_change", args=[pair[1].pk]),
        reverse("admin:members_city_merge", args=[pair[0].pk]),
        reverse("admin:city_work", args=[pair[1].slug]),
    ):
        assert "Neuenkirchen (Steinfurt)" in office.get(address).content.decode(), address


def test_letter_and_history_tell_them_apart(
    pair, person, browse, django_capture_on_commit_callbacks
):
    office = person("secretariat")
    with django_capture_on_commit_callbacks(execute=True):
        people.invite(
            email="new@example.org", city=pair[1], role="editor", language="de", by=office
        )
    assert "Neuenkirchen (Steinfurt)" in mail.outbox[-1].body
    unit = Unit.objects.create(city=pair[1], name_en="Office")
    history = reverse("admin:members_unit_history", args=[unit.pk])
    assert "Neuenkirchen (Steinfurt)" in browse(office).get(history).content.decode()


def test_list_asks_no_more_for_cities_of_one_name(germany, pair, django_assert_num_queries):
    cities = City.objects.order_by("slug")
    with django_assert_num_queries(1):
        assert {str(city_name(city, "de")) for city in cities} >= {"Neuenkirchen (Steinfurt)"}


# --- The second one -------------------------------------------------------------------------------


@pytest.fixture
def office(person, browse) -> Client:
    return browse(person("secretariat"))


def sent(country: Country, **fields: str) -> dict[str, str]:
    values = {
        "slug": "second",
        "kind": "city",
        "country": str(country.pk),
        "source_language": "en",
        "local_name": NAME,
        "name_en": NAME,
    }
    for prefix in ("other_names", "former_slugs"):
        values |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**values, **fields}


def test_second_city_of_a_name_is_asked_about_beside_the_field(germany, office):
    named(germany, "neuenkirchen", "Vorpommern")
    address = reverse("admin:members_city_add")
    page = office.post(address, sent(germany))
    form = page.context["adminform"].form
    assert form.errors == {
        "local_name": [
            "Germany has a city of this name already: Neuenkirchen (Vorpommern, /neuenkirchen/). "
            "If you mean another one, tick the box “This is another city of the same name”."
        ]
    }
    assert 'name="another_city"' in page.content.decode()
    assert not City.objects.filter(slug="second").exists()
    office.post(address, sent(germany, another_city="on"))
    assert labels() == {
        "neuenkirchen": NAME,
        "second": NAME,
    }


def test_first_city_without_a_region_is_asked_for_it(germany, office):
    named(germany, "neuenkirchen")
    page = office.post(reverse("admin:members_city_add"), sent(germany, region="Steinfurt"))
    errors = page.context["adminform"].form.errors["local_name"]
    assert errors[1].startswith("No region is given yet: Neuenkirchen (/neuenkirchen/).")


def test_city_of_another_country_is_not_asked_about(germany, austria, office):
    named(germany, "neuenkirchen", "Vorpommern")
    office.post(reverse("admin:members_city_add"), sent(austria))
    assert City.objects.filter(slug="second").exists()


def test_question_stands_only_where_there_is_one(germany, pair, office):
    add = office.get(reverse("admin:members_city_add")).content.decode()
    change = reverse("admin:members_city_change", args=[pair[1].pk])
    assert "another_city" not in add + office.get(change).content.decode()


def test_renaming_to_a_name_that_exists_is_asked_about(germany, office):
    named(germany, "neuenkirchen", "Vorpommern")
    other = make_city(germany, "omega", region="Steinfurt")
    address = reverse("admin:members_city_rename", args=[other.pk])
    values = {"local_name": NAME, "name_en": NAME, "slug": "omega"}
    page = office.post(address, values)
    assert "has a city of this name already" in page.content.decode()
    assert "another_city" in page.content.decode()
    office.post(address, {**values, "another_city": "on"})
    assert labels()["omega"] == "Neuenkirchen (Steinfurt)"


# --- Everywhere -----------------------------------------------------------------------------------


def test_nobody_writes_the_name_of_a_city_without_what_tells_it_apart():
    """`{% city_name city %}` and `city_name(city)`, not the bare text of the field."""
    assert not found(r"\{% (?:translated|text_of) (?:\w+\.)*city \"name\"", PAGES)
    known = {
        # The paper that the city signs says its official name.
        "members/admin/act.py",
        # Every name by itself: what people type.
        "portal/index/entries.py",
        "members/models/cities.py",
        "members/namesakes.py",
    }
    places = found(r"translated\((?:\w+\.)*city, \"name\"", SOURCES)
    assert not [place for place in places if place.split(":")[0] not in known]
