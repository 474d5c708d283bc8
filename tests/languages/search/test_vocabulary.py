"""Nearest spellings and compounds come from the words of the index itself, and only from what is
public today."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.models import IndexWord
from languages.search.compounds import find_compounds, split_compounds
from languages.search.results import search
from languages.search.typing_errors import distance, error_parts, nearest_words
from portal import index
from tests.conftest import make_city

LETTERS = "abcdeż"


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("krakow", "krakow", 0),
        ("krakwo", "krakow", 1),
        ("krkow", "krakow", 1),
        ("kraakow", "krakow", 1),
        ("krakof", "krakow", 1),
        ("diskrminerng", "diskriminering", 2),
        ("abc", "xyz", 3),
        ("a", "abcdef", 3),
    ],
)
def test_errors_are_counted(one, other, errors):
    assert distance(one, other, 2) == errors


def with_an_error(word: str, kind: int, place: int, letter: str) -> str:
    place %= len(word)
    return [
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
    ][kind]


@given(
    st.text(LETTERS, min_size=8, max_size=20),
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 30), st.sampled_from(LETTERS)),
        min_size=1,
        max_size=1,
    ),
)
def test_word_with_an_error_shares_a_part_with_the_word(word, errors):
    wrong = word
    for error in errors:
        wrong = with_an_error(wrong, *error)
    both = {f"-{part[1:]}" for part in error_parts(word)} & {
        f"-{part[1:]}" for part in error_parts(wrong)
    }
    assert both or len(wrong) <= 7


@pytest.fixture
def towns(country):
    for slug, name in [
        ("krakow", "Kraków"),
        ("kielce", "Kielce"),
        ("lodz", "Łódź"),
        ("heidelberg", "Heidelberg"),
    ]:
        make_city(country, slug, name_en=name, name_pl=name, name_de=name, local_name=name)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("krakwo", "Kraków"),
        ("Krkaów", "Kraków"),
        ("Keilce", "Kielce"),
        ("Hiedelburg", "Heidelberg"),
    ],
)
def test_nearest_word_of_the_index_is_searched_for_instead(towns, typed, meant):
    answer = search(typed, "en")
    assert [hit.row.title for hit in answer.hits] == [meant]
    assert answer.corrections[0][1] == meant.lower()


def test_word_that_is_there_is_not_corrected(towns):
    assert search("Kraków", "en").corrections == []


@pytest.mark.usefixtures("written_at_once")
def test_words_withdrawn_are_not_offered(towns):
    from members.models import City  # noqa: PLC0415

    city = City.objects.get(slug="krakow")
    city.published_at = None
    city.save()
    answer = search("krakwo", "en")
    assert (answer.hits, answer.corrections, answer.other_spelling) == ([], [], "")
    assert IndexWord.objects.filter(word="krakow").exists()
    index.rebuild()
    assert not IndexWord.objects.filter(word="krakow").exists()


def test_compound_counts_only_if_what_is_left_is_a_word(country):
    make_city(
        country, "a", name_de="Wohnungsmarkt", introduction_de="Eine Wohnung.", local_name="A"
    )
    make_city(country, "b", name_de="Darmstadt", introduction_de="Eine Stadt.", local_name="B")
    assert list(find_compounds(["markt"], "de")["markt"].tokens) == ["wohnungsmarkt"]
    assert list(find_compounds(["stadt"], "de")["stadt"].tokens) == []


GERMAN = """Antidiskriminierungsstelle Diskriminierung Stelle Gleichbehandlungsanwaltschaft
Gleichbehandlung gleich
Gleichstellungspolitik Gleichstellung Politik Menschenrechtsbüro Menschen Büro Ausländerbeirat
Beirat Nachtlokal"""
SWEDISH = """Antidiskrimineringsbyrån byrån diskriminering Tiopunktsprogram tio punkt program
hatbrott hat"""


@pytest.fixture
def compounding(country):
    make_city(country, "a", name_de="A", introduction_de=GERMAN, local_name="A")
    make_city(country, "b", name_sv="B", introduction_sv=SWEDISH, local_name="B")


@pytest.mark.parametrize(
    ("language", "word", "found_in"),
    [
        ("de", "diskriminierung", ["antidiskriminierungsstelle"]),
        ("de", "behandlung", ["gleichbehandlung", "gleichbehandlungsanwaltschaft"]),
        ("de", "recht", ["menschenrechtsburo"]),
        ("de", "stellung", ["gleichstellung", "gleichstellungspolitik"]),
        ("sv", "diskriminering", ["antidiskrimineringsbyran"]),
        ("sv", "punkt", ["tiopunktsprogram"]),
        ("sv", "brott", ["hatbrott"]),
        ("sv", "byra", ["antidiskrimineringsbyran"]),
    ],
)
@pytest.mark.usefixtures("compounding")
def test_part_in_the_middle_or_at_the_end_of_a_compound_is_found(language, word, found_in):
    assert list(find_compounds([word], language)[word].tokens) == found_in


@pytest.mark.parametrize(
    ("language", "word", "never"),
    [
        ("de", "stelle", "gleichstellung"),
        ("de", "stelle", "gleichstellungspolitik"),
        ("de", "lander", "auslanderbeirat"),
        ("de", "kriminierung", "antidiskriminierungsstelle"),
        ("de", "anwalt", "gleichbehandlungsanwaltschaft"),
        ("de", "lokal", "nachtlokal"),
    ],
)
@pytest.mark.usefixtures("compounding")
def test_letters_that_are_no_part_of_a_compound_find_nothing(language, word, never):
    assert never not in find_compounds([word], language)[word].tokens


def test_compound_of_another_language_is_left_alone(country):
    make_city(
        country, "a", name_de="Wohnungsmarkt", introduction_de="Eine Wohnung.", local_name="A"
    )
    assert find_compounds(["markt"], "pl")["markt"].tokens == {}


def test_order_of_writing_does_not_matter(country):
    make_city(country, "a", name_de="Wohnungsmarkt", local_name="A")
    assert list(find_compounds(["markt"], "de")["markt"].tokens) == []
    make_city(country, "b", name_de="Wohnung", local_name="B")
    assert list(find_compounds(["markt"], "de")["markt"].tokens) == ["wohnungsmarkt"]


def test_words_of_the_readers_language_are_nearer(country):
    make_city(country, "a", name_pl="Rasizm", local_name="A", name_en="A")
    make_city(country, "b", name_en="Racism", local_name="B")
    assert [word.spelled for word in nearest_words("racizm", "pl")] == ["rasizm", "racism"]
    assert [word.spelled for word in nearest_words("racizm", "en")] == ["racism", "rasizm"]


def test_word_that_only_looks_like_a_form_of_a_foreign_one_is_corrected(country):
    """Italian "vivere" has the stem of what a Spaniard mistyped for "vivienda"."""
    for slug in "abcd":
        make_city(
            country,
            slug,
            name_it=f"Vivere {slug}",
            name_es=f"Ciudad {slug}",
            local_name=slug.upper(),
        )
    make_city(country, "e", name_es="Vivienda para todos", local_name="E")
    answer = search("vivenda", "es")
    assert answer.corrections == [("vivenda", "vivienda")]
    assert search("vivere", "es").corrections == []


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    ("language", "word", "parts"),
    [
        ("de", "wohnungsdiskriminierung", ["wohnung", "diskriminierung"]),
        ("sv", "bostadsdiskriminering", ["bostad", "diskriminering"]),
        # The index has it.
        ("de", "diskriminierung", None),
        ("de", "xylophonrassismus", None),
        # These languages do not write compounds as one word.
        ("fr", "wohnungsdiskriminierung", None),
    ],
)
def test_compounds_that_the_index_lacks_are_divided(language, word, parts):
    assert split_compounds([word], language).get(word) == parts
