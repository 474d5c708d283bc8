import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.folding import fold
from languages.search.analysis import (
    MAX_TEXT_TOKENS,
    MAX_TOKEN_CHARACTERS,
    PREFIX_SIGN,
    index_tokens,
    ukrainian_stem,
)
from languages.search.query import MAX_QUERY_WORDS, Query, parse_query

LANGUAGES = ["en", "pl", "sv", "de", "fr", "it", "es", "uk"]


def test_index_tokens_hold_words_and_marked_stems() -> None:
    assert index_tokens("Szkoły", "pl") == ["szkoly", "ßplßszkol"]
    assert index_tokens("10 points, 10 cities", "en") == [
        "10",
        "points",
        "ßenßpoint",
        "cities",
        "ßenßciti",
    ]


def test_words_joined_by_a_hyphen_are_one_word_too() -> None:
    assert "antirasizm" in index_tokens("anti-rasizm", "pl")
    assert {"clermont", "ferrand", "clermontferrand"} <= set(index_tokens("Clermont-Ferrand", "fr"))


@pytest.mark.parametrize(
    ("language", "stored", "query"),
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
def test_query_meets_other_forms_of_a_word(language: str, stored: str, query: str) -> None:
    tokens = set(index_tokens(stored, language))
    assert all(tokens & set(term.tokens) for term in parse_query(query).terms)


def test_stems_of_one_language_meet_no_other() -> None:
    assert not set(index_tokens("Wohnen", "de")) & set(index_tokens("wohn", "en"))


def words_of(query: Query) -> list[str]:
    return [" ".join(term.words) for term in query.terms]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Städte 2024", ["stadte", "2024"]),
        ("Paris paris PARIS", ["paris"]),
        (" -!\0", []),
        ('"otwarty Kraków" program', ["otwarty krakow", "program"]),
        ("„Otwarty Kraków”", ["otwarty krakow"]),
        ("«droits humains» ville", ["droits humains", "ville"]),
        ('"not closed', ["not", "closed"]),
        ('"" racism', ["racism"]),
        ("anti-racism", ["anti racism"]),
        ("the city of Kraków", ["city", "krakow"]),
        ("the of and", ["the", "of", "and"]),
        ("a AND b* NEAR(y) ^s:e", ["b", "near"]),
    ],
)
def test_query_is_read_as_words_and_phrases(query: str, words: list[str]) -> None:
    assert words_of(parse_query(query)) == words


def test_words_that_stand_everywhere_alone_are_looked_for_in_titles() -> None:
    assert parse_query("the of and").titles_only
    assert not parse_query("the city").titles_only


def test_only_the_last_word_is_a_beginning() -> None:
    assert [term.beginnings for term in parse_query("otwar krak").terms] == [(), ("krak",)]
    assert [term.beginnings for term in parse_query("otwar krak", beginnings=True).terms] == [
        ("otwar",),
        ("krak",),
    ]
    assert [term.beginnings for term in parse_query('krak "otwar"').terms] == [(), ()]


def test_query_stops_at_twelve_words_and_200_characters() -> None:
    assert len(parse_query(" ".join(map(str, range(100)))).terms) == MAX_QUERY_WORDS
    assert words_of(parse_query("x" * 199 + " bcd")) == ["x" * MAX_TOKEN_CHARACTERS]


def test_index_tokens_stop_at_their_limit() -> None:
    assert (
        len(index_tokens(" ".join(f"word{number}" for number in range(5000)), "en"))
        == MAX_TEXT_TOKENS
    )


@pytest.mark.parametrize("text", ["ß", "ßszkol", "Straße", "ẞẞ", "zzz"])
def test_no_word_looks_like_a_stem(text: str) -> None:
    assert not any(token.startswith(PREFIX_SIGN) for token in index_tokens(text, "xx"))
    assert index_tokens(text, "xx") == words_of(parse_query(text))


@pytest.mark.parametrize(
    "forms",
    [
        "місто міста місту містом місті міст містам містами містах",
        "людина людини людиною люди людей людям людьми людях",
        "дитина дитини діти дітей дітям дітьми",
        "громада громади громаді громаду громадою громад громадам громадами громадах",
        (
            "організація організації організацію організацією організацій організаціям "
            "організаціями організаціях"
        ),
        "дискримінація дискримінації дискримінацію дискримінацією",
        "громадський громадського громадському громадським громадська громадської громадську "
        "громадською громадські "
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
        "місто міста місту містом місті містам містами містах міст",
        "рік року роком році роки років",
        "день дня днем дні днів днями",
        "ніч ночі ніччю ночей",
        "учень учня учні учнів",
        "церква церкви церкву церков",
    ],
)
def test_ukrainian_stem_is_one_for_all_cases_of_a_word(forms: str) -> None:
    assert len({ukrainian_stem(fold(form)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("місто", "месник"),
        ("рада", "радість"),
        ("раса", "рада"),
        ("мова", "мовчання"),
        ("Полтава", "полк"),
        ("міста", "мосту"),
        ("рік", "ріка"),
    ],
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


def test_fts5_splits_no_token() -> None:
    tokens = [
        *index_tokens("Łódź п’ять її Αθήνα Straße 2024 ґрунт мій", "uk"),
        PREFIX_SIGN + "київ",
    ]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE entry USING fts5(tokens, tokenize='unicode61')")
    database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(entry, 'row')")
    database.execute("INSERT INTO entry VALUES (?)", (" ".join(tokens),))
    assert database.execute("SELECT count(*), sum(cnt) FROM vocabulary").fetchone() == (
        len(tokens),
        len(tokens),
    )
    database.close()


def test_stemming_in_several_threads_gives_the_same_stems() -> None:
    texts = [
        f"{word}{suffix}"
        for word in ("Schülerin", "Stadt", "Gleichstellung")
        for suffix in ("nen", "en", "", "s")
    ]
    one_by_one = [index_tokens(text, "de") for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(index_tokens, texts * 50, ["de"] * 600)) == one_by_one * 50
