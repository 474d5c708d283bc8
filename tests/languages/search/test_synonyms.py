"""Words that mean the same find each other: "flat" and "housing", "NGO" and "association"."""

from collections import defaultdict

import pytest
from django.utils.translation import override

from languages.search.query import parse_query
from languages.search.results import search
from languages.search.synonyms import with_synonyms
from languages.search.word_lists import split_names
from languages.tables import rows_of
from portal.hits import KINDS

LANGUAGES = {"en", "pl", "sv", "de", "fr", "it", "es", "uk"}


def synonyms(text, language):
    query = with_synonyms(parse_query(text), language)
    return {synonym.spelled for term in query.terms for synonym in term.synonyms}


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("en", "flats", "housing"),
        ("en", "slave trade", "slavery"),
        ("en", "disabled people", "disability"),
        ("en", "NGO", "association"),
        ("en", "people with disabilities", "wheelchair"),
        ("pl", "mieszkaniami", "najem"),
        ("pl", "handel niewolnikami", "niewolnictwo"),
        ("sv", "bostäder", "lägenhet"),
        ("sv", "hbtq", "homosexuell"),
        ("de", "Schulen", "Bildung"),
        ("de", "Sklavenhandel", "Sklaverei"),
        ("fr", "logements", "appartement"),
        ("fr", "traite négrière", "esclavage"),
        ("it", "alloggi", "casa"),
        ("es", "viviendas", "piso"),
        ("uk", "квартири", "житло"),
        # abbreviations and long words of other languages than the reader's
        ("pl", "LGBT", "lesbian"),
        ("en", "Wohnungsmarkt", "Wohnung"),
    ],
)
def test_a_term_takes_its_synonyms(language, text, meant):
    assert meant.casefold() in synonyms(text, language)


def test_several_words_are_one_term():
    query = with_synonyms(parse_query("memory of the slave trade"), "en")
    assert [term.spelled for term in query.terms] == ["memory", "slave trade"]


@pytest.mark.parametrize("text", ["Kraków", '"slave trade"', "of the", ""])
def test_names_phrases_and_stop_words_have_none(text):
    assert synonyms(text, "en") == set()


def test_a_short_word_of_another_language_has_none():
    """Swedish "barn" are children, an English barn is none."""
    assert synonyms("barn", "sv")
    assert not synonyms("barn", "en")


def test_the_table_is_whole():
    subjects = defaultdict(set)
    for row in rows_of("search/synonyms"):
        subjects[row["language"]].add(row["about"])
        terms = list(split_names(row["terms"]))
        assert len(terms) > 1, row
        assert len(terms) == len({term.casefold() for term in terms}), row
    assert set(subjects) == LANGUAGES
    assert len(set(map(frozenset, subjects.values()))) == 1
    assert len(subjects["en"]) >= 45


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_the_word_itself_comes_before_its_synonyms():
    with override("en"):
        hits = search("slavery", kinds=tuple(KINDS)).hits
    has_word = ["slavery" in hit.row.title_tokens + hit.row.text_tokens for hit in hits]
    assert has_word[0]
    assert not all(has_word)
