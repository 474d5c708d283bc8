"""The page of results: kinds, filters with counts, pages, languages; suggestions; and nothing that
is not public."""

import re
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from members.models import (
    BodyTask,
    City,
    CityName,
    Document,
    LegalAct,
    Membership,
    Organisation,
    SuggestedAction,
)
from portal import index
from programs.models import Edition, Programme, ProgrammeItem
from tests import prepared
from tests.conftest import make_city
from tests.members.accession_cast import file_in

pytestmark = pytest.mark.django_db


def page(query: str, language: str = "en", **filters: object) -> str:
    return Client().get(f"/{language}/search/", {"q": query, **filters}).content.decode()


def results(html: str) -> list[str]:
    """Addresses of the hits, in order."""
    return re.findall(r'<h[23]><a href="/\w\w/([^"]+)"', html)


def suggestions(query: str, language: str = "en", **filters: object) -> list[str]:
    answer = Client().get(f"/{language}/search/suggest/", {"q": query, **filters}).json()
    return [suggestion["url"] for suggestion in answer["suggestions"]]


@prepared.fixture
def zoo(alfa, beta, country):
    """Thirty programmes on zoology in Alfa, one in Beta, a body, and a city of that name."""
    now = timezone.now()
    for number in range(30):
        Programme.objects.create(
            slug=f"zoo-{number}",
            kind="policy",
            original_name=f"Zoology plan {number:02}",
            city=alfa,
            published_at=now,
        )
    Programme.objects.create(
        slug="zoo-beta",
        kind="policy",
        original_name="Zoology for Beta",
        city=beta,
        published_at=now,
    )
    Organisation.objects.create(
        slug="zoo-body", kind="other", original_name="Zoology society", published_at=now
    )
    return make_city(country, "zoology")


# --- Kinds, filters, pages ------------------------------------------------------------------------


def test_results_stand_by_kind_the_best_first_with_a_way_to_all(zoo):
    html = page("zoology")
    groups = ["best", "kind-programme", "kind-organisation"]
    assert re.findall(r'<h2 id="(best|kind-\w+)">', html) == groups
    assert results(html)[0] == "cities/zoology/"
    # The best five, whatever their kinds are, and the next best of every kind.
    assert len(results(html)) == 5 + 5 + 1
    assert "Programmes: show all 31" in html
    assert 'href="?q=zoology&amp;kind=programme"' in html


def test_one_kind_is_shown_in_pages(zoo):
    first, second = page("zoology", kind="programme"), page("zoology", kind="programme", page=2)
    assert (len(results(first)), len(results(second))) == (20, 11)
    assert not set(results(first)) & set(results(second))
    assert "kind=programme&amp;page=2" in first
    assert Client().get("/en/search/?q=zoology&kind=programme&page=3").status_code == 404


def test_filters_narrow_down_and_count_what_is_left(zoo, beta):
    html = page("zoology", city="beta")
    assert results(html) == ["programmes/zoo-beta/"]
    assert re.search(r'<option value="alfa">Alfa \(30\)', html)
    assert "City: Beta ZEBRA" in html
    assert results(page("zoology", country="PL", kind="city")) == ["cities/zoology/"]


def test_counts_of_one_filter_follow_the_others(zoo):
    html = page("zoology", kind="organisation")
    assert re.search(r'Programmes <span class="count">31</span>', html)
    assert '<option value="alfa">' not in html


def test_point_filters_what_works_on_it(zoo, alfa_rows):
    point = alfa_rows["members.point"]
    programme = Programme.objects.get(slug="zoo-3")
    programme.points.add(point)
    assert results(page("zoology", point=1)) == ["programmes/zoo-3/"]
    programme.points.remove(point)
    assert results(page("zoology", point=1)) == []


def test_filter_that_leaves_nothing_says_what_to_loosen(zoo):
    html = page("zoology", city="alfa", kind="organisation")
    assert "Nothing was found" in html
    assert "Without “City: Alfa”" in html


def test_object_found_in_several_languages_is_one_hit(alfa):
    for code in ("de", "fr", "pl"):
        CityName.objects.create(city=alfa, name="Alphapolis", language=code)
    html = page("alphapolis")
    assert results(html) == ["cities/alfa/"]
    assert "<strong>1</strong> result" in html


def test_hit_in_another_language_says_so_and_is_marked_with_it(alfa):
    alfa.introduction_pl = "Miasto z ogrodem botanicznym."
    alfa.save()
    html = page("botaniczny", "en")
    assert "Found in Polish" in html
    assert re.search(r'<p lang="pl">Miasto z ogrodem <mark>botanicznym</mark>\.</p>', html)


def test_readers_language_comes_before_others(country):
    make_city(country, "a", name_en="A", local_name="A", introduction_de="Garten")
    make_city(country, "b", name_en="B", local_name="B", introduction_en="Garten")
    assert results(page("garten", "en")) == ["cities/b/", "cities/a/"]
    assert results(page("garten", "de")) == ["cities/a/", "cities/b/"]


def test_invented_are_shown_apart_and_not_counted(country):
    make_city(country, "real", name_en="Gardenia", local_name="Gardenia")
    make_city(country, "fake", name_en="Gardenia", local_name="Gardenia", fictional=True)
    html = page("gardenia")
    assert "<strong>1</strong> result" in html
    assert results(html.split("Invented examples")[1]) == ["cities/fake/"]


def test_nothing_has_all_words_so_some_are_shown(zoo):
    html = page("zoology astronomy")
    assert "Nothing has all of these words" in html
    assert "cities/zoology/" in results(html)


def programme_in(city: City, name: str) -> Programme:
    return Programme.objects.create(
        slug=name.lower().replace(" ", "-"),
        kind="policy",
        original_name=name,
        city=city,
        published_at=timezone.now(),
    )


def test_rarer_word_counts_more_where_nothing_has_all(zoo, alfa):
    programme_in(alfa, "Zyzzyva report")
    assert results(page("plan zyzzyva aardvark"))[0] == "programmes/zyzzyva-report/"


def test_whole_name_among_other_words_comes_first(zoo, alfa):
    programme_in(alfa, "Hotline and number of animals")
    programme_in(alfa, "ZZ")
    assert results(page("zz hotline number"))[0] == "programmes/zz/"
    assert results(page("hotline number"))[0] == "programmes/hotline-and-number-of-animals/"


def test_page_of_the_portal_is_led_to(zoo, alfa):
    assert results(page("become a member"))[0] == "join/"
    assert results(page("Mitglied werden", "de"))[0] == "join/"
    assert "join/" not in results(page("Alfa, become a member"))


def test_corrected_spelling_is_said(zoo):
    html = page("zoolgoy")
    assert "Nothing was found for “zoolgoy”" in html
    assert "Showing results for <strong>zoology</strong>" in html
    assert "cities/zoology/" in results(html)


def test_nothing_found_helps(alfa):
    html = page("qqqqqqqq")
    assert "Nothing was found" in html
    for address in ("/en/help/", "/en/contact/", "/en/cities/"):
        assert f'href="{address}"' in html


def test_commonest_word_is_cut_and_the_exact_name_still_first(zoo, monkeypatch):
    monkeypatch.setattr("languages.search.candidates.MOST_ROWS", 5)
    html = page("zoology")
    assert "Too many entries have this" in html
    assert results(html)[0] == "cities/zoology/"


@pytest.mark.parametrize("language", ["en", "pl", "uk"])
def test_queries_of_the_page_do_not_grow_with_the_results(
    zoo, language, django_assert_num_queries, django_assert_max_num_queries
):
    make_city(zoo.country, "gamma")
    Client().get(f"/{language}/search/?q=zoology")
    # The places in the text, compounds (2), the words, what belongs to the city, the rows that are
    # shown, the cities to choose from (2), how the city stands (3), whether the text is a town
    # outside the portal.
    with django_assert_num_queries(12):
        Client().get(f"/{language}/search/?q=zoology")
    # A word that finds little is also looked for in other spellings.
    with django_assert_max_num_queries(14):
        Client().get(f"/{language}/search/?q=gamma")


def test_city_among_the_results_says_how_it_stands(country, person):
    office = person("secretariat")
    for name, state in (("rejected", "rejected"), ("member", ""), ("interested", "")):
        city = make_city(country, name, name_en=f"Zebratown {name}")
        if state:
            file_in(state, city, office)
    member = City.objects.get(slug="member")
    Membership.objects.create(
        city=member, standing="active", joined="2020", published_at=timezone.now()
    )
    html = " ".join(page("zebratown").split())
    hits = dict(re.findall(r'<p class="kicker">(.*?)</p> <h\d><a href="/en/cities/(\w+)/"', html))
    lines = {slug: kicker for kicker, slug in hits.items()}
    assert "Member since 2020" in lines["member"]
    assert "Application rejected" in lines["rejected"]
    assert "Not listed as a member" in lines["interested"]


# --- Suggestions ----------------------------------------------------------------------------------


def test_suggestions_are_titles_best_first_and_few(zoo):
    assert suggestions("zoolo")[0] == "/en/cities/zoology/"
    assert len(suggestions("zoolo")) == 8
    assert suggestions("zoolo", kind="city") == ["/en/cities/zoology/"]
    assert suggestions("zoolgoy")[0] == "/en/cities/zoology/"


@pytest.mark.parametrize("query", ["", "z", "%", "\x00", "x" * 500, "😀", '"'])
def test_suggestions_for_nothing_are_none(zoo, query):
    assert suggestions(query) == []


def test_suggestions_are_kept_by_browsers_and_name_nobody(zoo):
    response = Client().get("/pl/search/suggest/?q=zoolo")
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert set(response.json()["suggestions"][0]) == {"url", "title", "language", "name", "note"}


def test_suggestions_cost_so_many_queries(zoo, django_assert_num_queries):
    # The places in the text, the titles, the rows that are shown.
    with django_assert_num_queries(4):
        suggestions("zoolo")


# --- What is in the index follows what is public --------------------------------------------------


@pytest.fixture
def parts(alfa_rows):
    """What stands in the entry of another row, each with a text of its own."""
    plan = alfa_rows["members.plan"]
    plan.published_at = timezone.now()
    plan.save()
    programme, body = alfa_rows["programs.programme"], alfa_rows["members.organisation"]
    edition = Edition.objects.create(
        programme=programme, label="2030", summary_en="Okapi", published_at=timezone.now()
    )
    return {
        "okapi": edition,
        "pangolin": ProgrammeItem.objects.create(
            edition=edition,
            kind="priority",
            order=9,
            text_en="Pangolin",
            published_at=timezone.now(),
        ),
        "quokka": BodyTask.objects.create(
            organisation=body, order=9, text_en="Quokka", published_at=timezone.now()
        ),
        "tapir": SuggestedAction.objects.create(
            point=alfa_rows["members.point"], order=9, text_en="Tapir", published_at=timezone.now()
        ),
    }


@pytest.mark.parametrize("word", ["okapi", "pangolin", "quokka", "tapir"])
def test_text_of_a_part_is_found_with_the_whole_while_it_is_public(parts, word):
    assert len(results(page(word))) == 1
    part = parts[word]
    part.published_at = None
    part.save()
    assert results(page(word)) == []
    part.published_at = timezone.now()
    part.save()
    part.delete()
    assert results(page(word)) == []


def test_item_of_an_edition_withdrawn_is_not_found(parts):
    parts["okapi"].published_at = None
    parts["okapi"].save()
    assert results(page("pangolin")) == []


def test_nothing_unpublished_is_found_suggested_or_counted(country, alfa, alfa_rows):
    """Whatever a row says, under every name it has."""
    secret = make_city(
        country, "secret", name_en="SECRETUM", local_name="SECRETUM", published_at=None
    )
    CityName.objects.create(city=secret, name="Secretopolis", language="de")
    Programme.objects.create(
        slug="hidden",
        kind="policy",
        original_name="Secretum plan",
        city=secret,
        published_at=timezone.now(),
    )
    Programme.objects.create(slug="draft", kind="policy", original_name="Secretum draft", city=alfa)
    Organisation.objects.create(
        slug="draft", kind="other", original_name="Secretum body", city=alfa
    )
    LegalAct.objects.create(
        city=alfa, kind="council_resolution", number="SECRETUM", title="Secretum"
    )
    Document.objects.create(
        file=ContentFile(b"%PDF-1.7 secretum", name="secretum.pdf"),
        title="Secretum",
        sha256="1" * 64,
        size=9,
        content_type="application/pdf",
        city=alfa,
        storage_key="00000000-0000-0000-0000-000000000001",
    )
    for query in ("secretum", "secretopolis", "secretmu", "secretum plan", "secret"):
        for rebuilt in (False, True):
            if rebuilt:
                index.rebuild()
            html = page(query)
            assert results(html) == [], query
            shown = html.replace(query, "").replace(quote_plus(query), "")
            assert "secretum" not in shown.lower(), query
            assert suggestions(query) == []


def test_publication_in_the_future_changes_nothing_by_itself(alfa):
    """`published_at` says since when, and whether: a row is public from the moment it has one."""
    alfa.published_at = timezone.now() + timedelta(days=1)
    alfa.save()
    assert results(page("alfa")) == ["cities/alfa/"]
