"""Another spelling never takes the place of a word that is right."""

import pytest
from django.utils.translation import override

from languages.search import dictionaries
from languages.search.hits import Results
from languages.search.results import search
from portal.hits import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]


@pytest.fixture
def words(tmp_path, monkeypatch):
    """Dictionaries of a few words, instead of simplemma's."""
    monkeypatch.setattr(dictionaries, "FOLDER", tmp_path)
    dictionaries.compile_words("de", ["Beleidigung", "Straße", "beseitigt"])
    dictionaries.compile_words("pl", ["wyzwiska", "zarządzenie", "tramwaju"])
    dictionaries.compile_words("uk", ["м'ята"])
    yield
    dictionaries._words.cache_clear()


def results(text: str, language: str) -> Results:
    with override(language):
        return search(text, kinds=tuple(KINDS))


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "Beseitigt"), ("pl", "tramwaju"), ("pl", "wyzwiska"), ("en", "IHREC")],
)
def test_a_right_word_is_not_corrected(language, text):
    assert results(text, language).corrections == []


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("language", "text", "correction"),
    [
        ("de", "Diskriminirung", "diskriminierung"),
        ("en", "racizm in Krakow", "racism"),
        ("es", "vivenda", "vivienda"),
    ],
)
def test_a_typing_error_is_corrected_where_nothing_was_found(language, text, correction):
    answer = results(text, language)
    assert [word for _written, word in answer.corrections] == [correction]
    assert answer.total


def test_a_place_is_read_in_the_corrected_text():
    answer = results("Erlagnen, Germany", "en")
    assert answer.hits[0].row.path == "cities/erlangen/"


def test_words_that_find_something_are_kept_as_they_are():
    answer = results("zarządzenie", "pl")
    assert answer.corrections == []
    assert answer.hits


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("word", "language", "known"),
    [
        ("strasse", "de", True),
        ("zarzadzenie", "pl", True),
        ("мята", "uk", True),
        ("strase", "de", False),
        ("wyzwiska", "de", False),
        ("anything", "xx", False),
    ],
)
def test_dictionaries_know_folded_words(word, language, known):
    assert dictionaries.is_known(word, [language]) is known
