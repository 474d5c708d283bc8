import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.analysis import (
    MAX_QUERY_WORDS,
    MAX_TEXT_TOKENS,
    MAX_TOKEN_CHARACTERS,
    STEM_MARK,
    index_tokens,
    is_stem,
    query_tokens,
    ukrainian_stem,
)
from languages.folding import fold

LANGUAGES = ["en", "pl", "sv", "de", "fr", "it", "es", "uk"]


def test_index_tokens_hold_words_and_marked_stems() -> None:
    assert index_tokens("Szkoły", "pl") == ["szkoly", "ßszkol"]
    assert index_tokens("10 points, 10 cities", "en") == ["10", "points", "ßpoint", "cities", "ßciti"]


@pytest.mark.parametrize(
    ("language", "stored", "typed"),
    [
        ("en", "discriminated cities", "discrimination city"),
        ("pl", "szkołami", "szkoła"),
        ("pl", "cudzoziemców", "cudzoziemcow"),
        ("sv", "jämlikheten", "jämlikhet"),
        ("de", "Schülerinnen", "Schüler"),
        ("de", "Bürger*innen", "Bürgerin"),
        ("fr", "égalités", "egalite"),
        ("it", "discriminazioni", "discriminazione"),
        ("es", "ciudades", "ciudad"),
        ("uk", "організацій", "організація"),
        ("uk", "у Львові", "Львів"),
        ("uk", "Київ", "Киiва"),
        ("xx", "Wrocław", "wroclaw"),
    ],
)
def test_query_meets_other_forms_of_a_word(language: str, stored: str, typed: str) -> None:
    tokens = set(index_tokens(stored, language))
    assert all(tokens & set(alternatives) for alternatives in query_tokens(typed, LANGUAGES))


def test_query_tokens_give_the_word_first_then_its_stems() -> None:
    assert query_tokens("Städte 2024", ["de", "xx"]) == [["stadte", "ßstadt"], ["2024"]]
    assert query_tokens("Städte", []) == [["stadte"]]
    assert query_tokens(" -!\0", LANGUAGES) == []


def test_query_tokens_take_a_repeated_word_once() -> None:
    assert query_tokens("Paris paris PARIS", []) == [["paris"]]


def test_query_tokens_stop_at_twelve_words_and_200_characters() -> None:
    assert len(query_tokens(" ".join(map(str, range(100))), LANGUAGES)) == MAX_QUERY_WORDS
    assert query_tokens("a" * 199 + " bcd", []) == [["a" * MAX_TOKEN_CHARACTERS]]


def test_index_tokens_stop_at_their_limit() -> None:
    assert len(index_tokens(" ".join(f"word{number}" for number in range(5000)), "en")) == MAX_TEXT_TOKENS


@pytest.mark.parametrize("text", ["ß", "ßszkol", "Straße", "ẞẞ", "zzz"])
def test_no_word_looks_like_a_stem(text: str) -> None:
    assert not any(is_stem(token) for token in index_tokens(text, "xx"))
    assert index_tokens(text, "xx") == [alternatives[0] for alternatives in query_tokens(text, ["xx"])]


@pytest.mark.parametrize(
    "forms",
    [
        "місто міста місту містом місті міст містам містами містах",
        "громада громади громаді громаду громадою громад громадам громадами громадах",
        "організація організації організацію організацією організацій організаціям організаціями організаціях",
        "дискримінація дискримінації дискримінацію дискримінацією",
        "громадський громадського громадському громадським громадська громадської громадську громадською громадські "
        "громадських громадськими",
        "синій синього синьому синя синьої синю сині синіх синіми",
        "рівність рівності рівністю",
        "навчання навчанням навчань навчанню",
        "програма програми програмі програму програмою програм програмам",
        "проблема проблеми проблем проблемами",
        "українець українця українцю українцем українці українців",
        "мешканець мешканця мешканці мешканців мешканцями",
        "будинок будинку будинком будинки будинків",
        "потік потоку потоки потоків",
        "школа школи школі школу школою шкіл школам",
        "слово слова слову словом слів словами",
        "жінка жінки жінці жінку жінок жінкам",
        "бібліотека бібліотеці бібліотеку бібліотек",
        "основа основи основу основою основ",
        "життя життю життям",
        "директор директора директори директорів",
        "Львів Львова Львову Львовом Львові",
        "Харків Харкова Харкову Харковом Харкові",
        "Київ Києва Києву Києвом Києві",
        "Одеса Одеси Одесі Одесу Одесою",
        "Прага Праги Празі Прагу Прагою",
    ],
)
def test_ukrainian_stem_is_one_for_all_cases_of_a_word(forms: str) -> None:
    assert len({ukrainian_stem(fold(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("місто", "месник"), ("рада", "радість"), ("раса", "рада"), ("мова", "мовчання"), ("Полтава", "полк")],
)
def test_ukrainian_stem_keeps_different_words_apart(one: str, other: str) -> None:
    assert ukrainian_stem(fold(one)) != ukrainian_stem(fold(other))


@pytest.mark.parametrize("word", ["", "я", "ь", "на", "київ2", "abc"])
def test_ukrainian_stem_never_empties_a_short_word(word: str) -> None:
    assert bool(ukrainian_stem(word)) == bool(word.strip("ь"))


@given(st.text(st.characters(codec=None)), st.sampled_from([*LANGUAGES, "xx", ""]))
def test_tokens_are_short_letters_and_digits_whatever_the_text(text: str, language: str) -> None:
    tokens = index_tokens(text, language)
    assert len(tokens) == len(set(tokens))
    assert all(token.isalnum() and len(token) <= MAX_TOKEN_CHARACTERS for token in tokens)
    typed = query_tokens(text, [language])
    assert all(token in tokens for alternatives in typed[:-1] for token in alternatives)


def test_fts5_splits_no_token() -> None:
    tokens = [*index_tokens("Łódź п’ять її Αθήνα Straße 2024 ґрунт мій", "uk"), STEM_MARK + "київ"]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(tokens, tokenize='unicode61')")
    database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(entry, 'row')")
    database.execute("INSERT INTO entry VALUES (?)", (" ".join(tokens),))
    assert database.execute("SELECT count(*), sum(cnt) FROM vocabulary").fetchone() == (len(tokens), len(tokens))
    database.close()


def test_stemming_in_several_threads_gives_the_same_stems() -> None:
    texts = [
        f"{word}{suffix}" for word in ("Schülerin", "Stadt", "Gleichstellung") for suffix in ("nen", "en", "", "s")
    ]
    one_by_one = [index_tokens(text, "de") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(index_tokens, texts * 50, ["de"] * 600)) == one_by_one * 50
