"""Lists of the administration search as the public index does: folded, by names of places."""

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.test import RequestFactory

from languages.models import ListText
from languages.search.lists import write_rows
from members.editing.admin.search import ABOUT, relations_of, searched_columns
from members.models import (
    City,
    CityName,
    Country,
    LegalAct,
    Milestone,
    Organisation,
    Source,
    Unit,
    User,
)
from portal.services import list_texts

pytestmark = pytest.mark.django_db

LISTS = sorted(admin.site._registry.values(), key=lambda page: page.opts.label)
# No list of rows to search.
WITHOUT_SEARCH = {"members.LetterText": "its page shows every kind of letter in every language"}
# No column that somebody writes in, and no city.
WITHOUT_TEXT = {
    "members.Country": "two letters; its names are in the index, as another test says",
    "members.FeeBand": "numbers and a currency",
}

# As somebody wrote it, and as others type it.
TEXT = "L’école à Łódź, Θεσσαλονίκη, Ärzte"
WAYS = (
    "l'ecole",
    "L’ÉCOLE",
    "lodz",
    "Λ",
    "ΘΕΣΣΑΛΟΝΙΚΗ",
    "θεσσαλονικη",
    "A\u0308rzte",
    "arzte ecole",
)


def found_in(model: type[models.Model], text: str, user: User) -> set[int]:
    """The keys of the rows that the list shows for a search, without what it shows anyway."""
    model_admin = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = user
    rows = model_admin.get_queryset(request)
    answer, _has_doubles = model_admin.get_search_results(request, rows, text)
    return set(answer.values_list("pk", flat=True))


@pytest.fixture
def office(person) -> User:
    return person("secretariat")


# --- The house ------------------------------------------------------------------------------------


def test_every_list_of_the_administration_can_be_searched():
    without = {page.opts.label for page in LISTS if not page.search_fields}
    assert without == set(WITHOUT_SEARCH)


def test_every_relation_of_a_search_leads_to_words():
    known = set(list_texts.columns_by_model())
    for page in LISTS:
        for path in relations_of(page):
            if path == ABOUT:
                continue
            related = admin.utils.get_fields_from_path(page.model, path)[-1].related_model
            assert related in known, f"{page.opts.label}: {path}"


def test_nothing_secret_is_kept_for_a_search():
    for model, names in list_texts.columns_by_model().items():
        secret = {"password", "token_hash", "person_name", "message"}
        assert not secret & set(names), model


def test_every_list_finds_a_text_however_it_is_typed(alfa, alfa_rows, office):
    """In a column of its own; where a list has none, in the name of the city."""
    alfa.local_name = TEXT
    alfa.save()
    missing = []
    for page in LISTS:
        row = alfa_rows.get(page.opts.label_lower)
        if row is None or page.opts.label in {*WITHOUT_SEARCH, *WITHOUT_TEXT}:
            continue
        give_text(page, row)
        for way in WAYS:
            if row.pk not in found_in(page.model, way, office):
                missing.append((page.opts.label, way))
    assert not missing


def give_text(page: "admin.ModelAdmin[models.Model]", row: models.Model) -> None:
    """Write the text into the first searched column that has room, past the services."""
    for name in searched_columns(page):
        field = page.model._meta.get_field(name)
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        is_text = is_text and not isinstance(field, models.SlugField | models.EmailField)
        if is_text and (field.max_length or 1000) > len(TEXT):
            models.QuerySet(page.model).filter(pk=row.pk).update(**{name: TEXT})
            write_rows(page.model, searched_columns(page))
            return


# --- What a search finds --------------------------------------------------------------------------


def test_words_may_stand_in_the_row_and_in_its_city(alfa, beta, office):
    unit = Unit.objects.create(city=alfa, name_pl="Biuro Równości")
    Unit.objects.create(city=beta, name_pl="Biuro Równości")
    assert found_in(Unit, "rownosci ALFA", office) == {unit.pk}
    assert found_in(Unit, "rownosci gamma", office) == set()


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("02 091 001 01", "0209100101"),
        ("02 091 001 01", "02-091/00101"),
        ("(030) 123-456", "030123456"),
        ("+49 30 123456", "030 123456"),
        ("+49 30 123456", "0049 30 123456"),
        ("0209100101", "02 091 001 01"),
    ],
)
def test_number_is_found_by_its_digits(stored, asked, alfa, office):
    act = LegalAct.objects.create(city=alfa, number=stored, title="Act", kind="other")
    LegalAct.objects.create(city=alfa, number="99 999 999", title="Act", kind="other")
    assert found_in(LegalAct, asked, office) == {act.pk}


def test_what_the_list_shows_comes_before_what_another_language_has(alfa, office):
    hidden = Unit.objects.create(city=alfa, name_en="Advice", name_pl="Biuro równości")
    shown = Unit.objects.create(city=alfa, name_en="Biuro Rownosci", name_pl="Inne")
    page = admin.site._registry[Unit]
    request = RequestFactory().get("/")
    request.user = office
    for order in ("pk", "-pk"):
        rows = page.get_queryset(request).order_by(order)
        found, _has_doubles = page.get_search_results(request, rows, "równości")
        assert list(found) == [shown, hidden]
    request = RequestFactory().get("/", {"o": "1"})
    request.user = office
    rows = page.get_queryset(request).order_by("pk")
    assert list(page.get_search_results(request, rows, "równości")[0]) == [hidden, shown]


def test_city_is_found_by_each_of_its_names_before_it_is_public(alfa, office):
    alfa.published_at = None
    alfa.name_uk = "Альфа"
    alfa.save()
    CityName.objects.create(city=alfa, name="Ἄλφα", language="el")
    assert found_in(City, "альфа", office) == {alfa.pk}
    assert found_in(City, "αλφα", office) == {alfa.pk}


def test_place_in_an_inflected_form_finds_what_belongs_to_it(country, office):
    city = City.objects.create(
        slug="krakow",
        country=country,
        local_name="Kraków",
        local_language="pl",
        name_pl="Kraków",
        published_at="2026-01-01T00:00Z",
    )
    milestone = Milestone.objects.create(city=city, kind="candidate", on="2025-01-01")
    assert found_in(Milestone, "w Krakowie", office) == {milestone.pk}


def test_country_is_found_by_its_name_in_any_language(office):
    germany = Country.objects.create(code="DE")
    assert found_in(Country, "niemcy", office) == {germany.pk}
    assert found_in(Country, "Німеччина", office) == {germany.pk}


def test_addresses_are_found_by_a_piece_of_them(office):
    source = Source.objects.create(url="https://www.example.org/Akt-12.pdf")
    assert found_in(Source, "example.org/akt", office) == {source.pk}
    assert found_in(User, office.email.upper(), office) == {office.pk}


def test_blank_search_shows_all_and_signs_alone_show_nothing(alfa, office):
    assert found_in(City, "  ", office) == {alfa.pk}
    assert found_in(City, "’", office) == set()


def test_log_finds_an_entry_by_its_present_and_by_its_former_name(alfa, office):
    unit = Unit.objects.create(city=alfa, name_en="Old office")
    unit.name_en = "Büro"
    unit.save()
    created, changed = LogEntry.objects.get_for_object(unit).order_by("pk")
    assert found_in(LogEntry, "buro", office) == {created.pk, changed.pk}
    assert found_in(LogEntry, "Old office", office) == {created.pk}


# --- What is kept ---------------------------------------------------------------------------------


def test_words_follow_the_row_and_go_with_it(alfa):
    unit = Unit.objects.create(city=alfa, name_en="Old office")
    unit.name_en = "New Öffice"
    unit.save()
    text = ListText.objects.get(object_id=unit.pk, content_type__model="unit")
    assert text.text == "new office"
    unit.delete()
    assert not ListText.objects.filter(pk=text.pk).exists()


def test_rebuilding_writes_the_words_of_all_rows(alfa, office):
    ListText.objects.all().delete()
    ListText.objects.create(
        content_type=list_texts.lists._kind_of(City), object_id=999_999, text="gone"
    )
    call_command("rebuild_index", verbosity=0)
    assert found_in(City, "alfa", office) == {alfa.pk}
    assert not ListText.objects.filter(object_id=999_999).exists()


def test_search_asks_the_same_number_of_questions_for_any_number_of_rows(
    alfa, office, django_assert_num_queries
):
    Organisation.objects.create(slug="one", original_name="Órgano", original_language="es")
    # The person's roles are read once.
    found_in(Organisation, "organo", office)
    with django_assert_num_queries(QUERIES):
        found_in(Organisation, "organo", office)
    for number in range(3):
        Organisation.objects.create(
            slug=f"org-{number}", original_name="Órgano", original_language="es"
        )
    with django_assert_num_queries(QUERIES):
        assert len(found_in(Organisation, "organo", office)) == 4


# The places in the text, the rows of the index about them, which rows show the words, and the list.
QUERIES = 4
