"""Texts that know their language, and how fresh a translation is."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override

from languages.freshness import State, language_states, record_translations, states
from languages.markdown import render
from languages.models import Freshness
from languages.text import named, reading_order, translated, translated_fields
from members.models import City, Country, Organisation, Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    country = Country.objects.create(code="SE")
    return City.objects.create(
        slug="pitea",
        local_name="Piteå",
        country=country,
        source_language="sv",
        name_sv="Piteå",
        introduction_sv="Ett Piteå för alla.",
        published_at=timezone.now(),
    )


@pytest.mark.parametrize("reader", ["en", "de", "uk", "sv"])
def test_reader_gets_the_source_language_where_their_own_is_missing(reader, city):
    text = translated(city, "introduction", reader)
    assert (text.value, text.language, text.is_fallback) == (
        "Ett Piteå för alla.",
        "sv",
        reader != "sv",
    )


def test_reader_gets_their_own_language_first(city):
    city.introduction_de = "Ein Piteå für alle."
    assert str(translated(city, "introduction", "de")) == "Ein Piteå für alle."


def test_a_text_that_nobody_wrote_is_empty_and_no_fallback(city):
    text = translated(city, "plain_summary", "de")
    assert not text
    assert not text.is_fallback


def test_reading_order_names_each_language_once(settings):
    assert reading_order("pl", "sv") == ["pl", "sv", "en", "de", "fr", "it", "es", "uk"]


def test_named_prefers_the_readers_translation_then_the_original(city):
    body = Organisation(
        original_name="Unia", original_language="nl", name_en="Unia (equality body)"
    )
    assert named(body, "en").value == "Unia (equality body)"
    assert (named(body, "pl").value, named(body, "pl").language, named(body, "pl").is_fallback) == (
        "Unia",
        "nl",
        True,
    )


@pytest.mark.parametrize("active", ["en", "de", "sv"])
def test_a_record_is_saved_alike_whatever_language_is_active(active, city):
    with override(active):
        city.website = "https://example.org"
        city.save()
    city.refresh_from_db()
    assert (city.name_sv, city.name_en) == ("Piteå", None)


def test_translation_becomes_outdated_when_the_source_changes(city):
    city.introduction_en = "A Piteå for all."
    city.save()
    record_translations(city, changed=["introduction_en"], how=Freshness.How.OFFICE)
    assert states(city)["introduction"]["en"] == State.CURRENT
    city.introduction_sv = "Ett Piteå för alla, med ökad mångfald."
    city.save()
    assert states(city)["introduction"] == {
        "sv": State.SOURCE,
        "en": State.OUTDATED,
        **dict.fromkeys(["pl", "de", "fr", "it", "es", "uk"], State.MISSING),
    }
    record_translations(city, changed=["introduction_en"], how=Freshness.How.OFFICE)
    assert states(city)["introduction"]["en"] == State.CURRENT


def test_emptied_translation_is_missing_again(city):
    city.introduction_en = "A Piteå for all."
    record_translations(city, changed=["introduction_en"], how=Freshness.How.OFFICE)
    city.introduction_en = ""
    record_translations(city, changed=["introduction_en"], how=Freshness.How.OFFICE)
    assert not Freshness.objects.exists()
    assert states(city)["introduction"]["en"] == State.MISSING


def test_the_text_that_was_translated_is_kept(city):
    city.introduction_en = "A Piteå for all."
    record_translations(city, changed=["introduction_en"], how=Freshness.How.OFFICE)
    assert Freshness.objects.get().source_text == "Ett Piteå för alla."
    city.introduction_sv = "Ett Piteå för alla, med ökad mångfald."
    assert Freshness.objects.get().source_text == "Ett Piteå för alla."
    record_translations(city, changed=["introduction_en"], how=Freshness.How.OFFICE)
    assert Freshness.objects.get().source_text == "Ett Piteå för alla, med ökad mångfald."


def test_migration_fills_in_what_was_translated_where_it_is_still_there(city):
    migration = import_module("languages.migrations.0007_source_texts_of_current_translations")
    city.name_en, city.introduction_en = "Piteå", "A Piteå for all."
    city.save()
    record_translations(city, changed=["name_en", "introduction_en"], how=Freshness.How.OFFICE)
    Freshness.objects.update(source_text="")
    Freshness.objects.filter(field="introduction").update(source_hash="0" * 64)
    migration.forwards(apps, SimpleNamespace(connection=connection))
    assert dict(Freshness.objects.values_list("field", "source_text")) == {
        "name": "Piteå",
        "introduction": "",
    }


def test_source_text_needs_no_row(city):
    record_translations(city, changed=["introduction_sv", "name_sv"], how=Freshness.How.OFFICE)
    assert not Freshness.objects.exists()


def test_panel_says_the_worst_of_its_texts(city):
    city.name_en, city.introduction_en = "Piteå", "A Piteå for all."
    record_translations(city, changed=["name_en"], how=Freshness.How.PORTAL)
    assert language_states(city)["en"] == State.OUTDATED
    record_translations(city, changed=["introduction_en"], how=Freshness.How.PORTAL)
    assert language_states(city)["en"] == State.CURRENT
    assert language_states(city)["sv"] == State.SOURCE
    assert language_states(city)["pl"] == State.MISSING


def test_states_cost_one_query(city, django_assert_num_queries):
    with django_assert_num_queries(1):
        states(city)


def test_tag_marks_a_fallback_with_language_and_direction(city):
    template = Template('{% load text %}{% translated city "introduction" %}')
    with override("en"):
        html = template.render(Context({"city": city}))
    assert html == '<span lang="sv" dir="ltr">Ett Piteå för alla.</span>'
    with override("sv"):
        assert template.render(Context({"city": city})) == "Ett Piteå för alla."


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![p](https://example.org/p.png)", '<p>!<a href="https://example.org/p.png">p</a></p>'),
        ("[page](https://example.org)", '<p><a href="https://example.org">page</a></p>'),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
    ],
)
def test_markdown_keeps_plain_markup_and_nothing_else(text, html):
    assert render(text).strip() == html


@pytest.mark.parametrize(
    "model", [m for m in Record.__subclasses__() if not m._meta.abstract], ids=lambda m: m.__name__
)
def test_no_translated_field_is_in_an_ordering_or_unique(model):
    fields = set(translated_fields(model))
    assert not fields & {name.lstrip("-") for name in model._meta.ordering}
    assert not any(model._meta.get_field(name).unique for name in fields)
