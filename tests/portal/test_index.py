"""The index agrees with the rows, in the same transaction, whatever happens to them."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from languages.models import IndexRow
from languages.search.results import search
from members.models import City, CityName, Organisation, SupportContact
from portal import index
from portal.hits import KINDS
from portal.index import writing
from programs.models import Programme
from tests.conftest import make_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("written_at_once")]


def titles(query: str, language: str = "en") -> list[str]:
    return [hit.row.title for hit in search(query, language).hits]


def test_public_city_has_a_row_in_every_language(alfa):
    rows = IndexRow.objects.filter(object_id=alfa.pk, kind="city")
    assert sorted(rows.values_list("language", flat=True)) == [
        "de",
        "en",
        "es",
        "fr",
        "it",
        "pl",
        "sv",
        "uk",
    ]
    assert set(rows.values_list("path", flat=True)) == {"cities/alfa/"}


def test_each_kind_stands_after_those_that_it_depends_on():
    """So that a row is written once, however much of what it depends on changed."""
    order = list(index.KINDS)
    for model, kind in index.KINDS.items():
        for name in kind.dependents:
            dependent = model._meta.get_field(name).related_model
            assert order.index(dependent) > order.index(model), f"{model.__name__}: {name}"


def test_row_is_written_once_with_what_it_depends_on(alfa, monkeypatch):
    """A city, its office and the office's contact, saved from the end to the beginning."""
    office = Organisation.objects.create(
        slug="office",
        kind="advisory-body",
        original_name="Office",
        city=alfa,
        published_at=timezone.now(),
    )
    contact = SupportContact.objects.create(
        city=alfa, organisation=office, what_it_does_en="Helps", published_at=timezone.now()
    )
    written = []
    write = writing.write
    monkeypatch.setattr(writing, "write", lambda rows: written.extend(rows) or write(rows))
    office.original_name = "Bureau"
    alfa.local_name = alfa.name_en = "Aleph"
    with transaction.atomic(), index.batch_writes():
        for row in (contact, office, alfa):
            row.save()
    assert written == [alfa, office, contact]


def test_draft_is_not_in_the_index(country):
    make_city(country, "draft", published_at=None)
    assert not IndexRow.objects.filter(path="cities/draft/").exists()


def test_withdrawn_city_takes_its_programmes_with_it(alfa):
    Programme.objects.create(
        slug="plan-a",
        kind="policy",
        original_name="Plan Aleph",
        city=alfa,
        published_at=timezone.now(),
    )
    assert titles("aleph") == ["Plan Aleph"]
    alfa.published_at = None
    alfa.save()
    assert titles("aleph") == titles("alfa") == []
    alfa.published_at = timezone.now()
    alfa.save()
    assert titles("aleph") == ["Plan Aleph"]


def test_contact_is_found_by_what_it_does_and_follows_its_organisation(alfa, country):
    body = Organisation.objects.create(
        slug="aid", kind="ngo", original_name="Aleph Aid", published_at=timezone.now()
    )
    contact = SupportContact.objects.create(
        city=alfa,
        organisation=body,
        what_it_does_en="Gives free tenancy advice.",
        url="https://example.org/aid",
        published_at=timezone.now(),
    )
    assert [hit.row.path for hit in search("tenancy", "en").hits] == [
        f"help/alfa/#contact-{contact.pk}"
    ]
    assert [hit.row.kind for hit in search("aleph aid", "en", tuple(KINDS)).hits] == [
        "organisation",
        "contact",
    ]
    body.published_at = None
    body.save()
    assert search("tenancy", "en").hits == []


def test_another_name_is_found_at_once_and_forgotten_at_once(alfa):
    name = CityName.objects.create(city=alfa, name="Alphaville", language="fr")
    assert titles("alphaville") == ["Alfa"]
    name.delete()
    assert titles("alphaville") == []


def test_deleted_city_leaves_no_row(country):
    city = make_city(country, "gamma")
    city.delete()
    assert not IndexRow.objects.filter(path="cities/gamma/").exists()
    assert titles("gamma") == []


def test_index_is_rolled_back_with_the_row(alfa):
    with pytest.raises(RuntimeError), transaction.atomic():
        alfa.name_en = "Omega"
        alfa.save()
        raise RuntimeError
    assert titles("omega") == []
    assert titles("alfa") == ["Alfa"]


def test_rebuilding_changes_nothing_that_was_right(alfa, beta):
    CityName.objects.create(city=alfa, name="Alphaville", language="fr")
    fields = [
        "content_type",
        "object_id",
        "language",
        "title",
        "sort_key",
        "title_tokens",
        "text_tokens",
        "path",
    ]

    def rows() -> list[tuple]:
        return sorted(IndexRow.objects.values_list(*fields))

    before = rows()
    call_command("rebuild_index", stdout=StringIO())
    assert rows() == before


def test_fallback_row_is_shown_but_not_found_twice(country):
    make_city(
        country, "lodz", name_en=None, name_pl="Łódź", local_name="Łódź", source_language="pl"
    )
    row = IndexRow.objects.get(path="cities/lodz/", language="de")
    assert (row.title, row.title_language, row.title_tokens) == ("Łódź", "pl", "")
    assert titles("lodz") == ["Łódź"]


@pytest.mark.parametrize(
    "query", ["lodz", "ŁÓDŹ", "łó", "Łódź", "  lodz  ", "lodz'", 'lodz"', "lodz*", "lodz)("]
)
def test_city_is_found_however_it_is_typed(query, country):
    make_city(
        country, "lodz", name_pl="Łódź", local_name="Łódź", source_language="pl", name_en=None
    )
    assert titles(query) == ["Łódź"]


@pytest.mark.parametrize(
    "query", ["", " ", "%", "_", "\\", "'", '"', "\x00", "😀", "\u202e", "\ud800", "zzzz", "ß"]
)
def test_query_without_words_of_ours_finds_nothing(query, alfa):
    assert search(query).hits == []


def test_exact_name_comes_first(country):
    for slug, name in [("a", "Halle an der Saale"), ("b", "Halle"), ("c", "Neu-Halle")]:
        make_city(country, slug, name_en=name, local_name=name)
    assert titles("halle")[0] == "Halle"


def test_every_word_must_occur(country):
    make_city(country, "aachen", name_en="Aachen city region", local_name="Aachen")
    assert titles("aachen region") == ["Aachen city region"]
    assert not search("aachen region", "en").has_some_words
    assert search("aachen quixotic", "en").has_some_words


def test_sort_order_is_the_languages_own(country):
    for slug, name in [("lublin", "Lublin"), ("lodz", "Łódź"), ("lund", "Lund")]:
        make_city(country, slug, name_pl=name, name_en=name, local_name=name)
    cities = City.objects.public()
    assert [city.local_name for city in cities.by_name("pl")] == ["Lublin", "Lund", "Łódź"]
    assert [city.local_name for city in cities.by_name("en")] == ["Łódź", "Lublin", "Lund"]


def test_saving_a_city_costs_so_many_queries(alfa, django_assert_num_queries):
    alfa = City.objects.get(pk=alfa.pk)
    # With its rows of the index and of the translation desk, the forms of its names, the words of
    # the list, and three for its namesakes.
    with django_assert_num_queries(19):
        alfa.save()


def test_every_kind_has_a_word_for_the_search_page():
    assert set(KINDS) == {kind.name for kind in index.KINDS.values()}
