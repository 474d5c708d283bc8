"""Whatever is typed: an answer in a moment, never an error, and the text shown is the text
stored."""

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from languages.models import IndexRow
from languages.search.matching import matching_rows
from languages.search.passages import find_passage, highlight
from languages.search.query import parse_query
from languages.search.results import search, suggest
from tests.conftest import make_city

NASTY = [
    "%", "_", "\\", "'", '"', '""', '"unbalanced', 'un"balanced', "'''", "`",
    "; DROP TABLE languages_indexrow; --",
    "AND", "OR NOT", "NEAR(kraków paris, 3)", "krak*", "^kraków", "title_tokens:kraków",
    "{title_tokens}:a", "a:b",
    "-kraków", "+kraków", "kraków & paris", "kraków | !paris", "<->", "(((", ")", "kraków)",
    "'a':*", "ß", "ßplßszkol",
    "the of and", "i w na", "😀", "🏳️‍🌈", "\x00", "krak\x00ów", "\u202ekraków", "\u200fקרקוב\u200e",
    "\ud800",
    "krak\udfffów",
    "\ufeffkraków", "kra\u00adków", "ｋｒａｋｏｗ", "Ⅳ", "²", "१२", "x" * 10_000, "a " * 5_000,
    '"a" ' * 100, "-" * 300,
    "a-" * 150, "\n\t\r", "İstanbul", "ŀ", "ﬁ", "\u0301\u0301", "é" * 200,
]  # fmt: skip
ANYTHING = st.text(st.characters(codec=None), max_size=60) | st.lists(
    st.sampled_from(
        [
            *"\"“„*^:()-+&|!<>%_\\'",
            "AND",
            "NEAR",
            "krak",
            "równość",
            "ß",
            "\x00",
            "\ud800",
            " ",
            "the",
        ]
    ),
    max_size=12,
).map("".join)
TEXTS = st.text(st.characters(codec=None), max_size=300) | st.sampled_from(
    [
        "Kraków, l’égalité & <b>racisme</b>",
        "Bürger*innen und Bür\u00adger:innen · citoyen·ne·s",
        "п’ять об’єднань",
        "e\u0301galite\u0301 — égalité",
        "\u200fמילים\u200e kraków",
    ]
)

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("alfa")
@pytest.mark.parametrize("query", NASTY)
def test_page_answers_whatever_is_typed(query):
    values = {"q": query.encode("utf-8", "surrogatepass")}
    for address in ("/en/search/", "/pl/search/suggest/"):
        assert Client().get(address, values).status_code == 200
    # The form of the directory takes no NUL, and says so at its field.
    assert Client().get("/en/cities/", values).status_code == (400 if "\x00" in query else 200)


@pytest.fixture
def towns(country):
    make_city(
        country, "krakow", name_pl="Kraków", introduction_pl="Równość i plan", local_name="Kraków"
    )
    make_city(
        country, "koln", name_de="Köln", introduction_de="Straße der Vielfalt", local_name="Köln"
    )
    make_city(
        country, "kherson", name_uk="Херсон", introduction_uk="п’ять міст", local_name="Херсон"
    )


@pytest.mark.usefixtures("towns")
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ANYTHING)
@example("krak* OR")
def test_search_of_anything_answers(query):
    answer = search(query, "en")
    assert len(answer.hits) <= IndexRow.objects.count()
    list(matching_rows(query)[:3])
    suggest(query)


@settings(max_examples=200, deadline=None)
@given(TEXTS, ANYTHING, st.sampled_from(["en", "pl", "de", "uk", "xx", ""]))
def test_marking_changes_no_letter(text, query, language):
    parsed = parse_query(query)
    assert "".join(part.text for part in highlight(text, language, parsed)) == text
    shown = "".join(part.text for part in find_passage(text, language, parsed))
    assert shown.removeprefix("… ").removesuffix(" …").strip() in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("%", "Nothing was found"),
        ("😀", "Nothing was found"),
        ("the of and", "only names were searched"),
        ("x" * 10_000, "Your text is long"),
        ("insulted " * 100, "Your text is long"),
        ("\x00", "Type one or a few words"),
        ("\ud800", "type letters or digits"),
        ("", "Type one or a few words"),
    ],
)
def test_page_says_what_is_wrong(query, words):
    encoded = query.encode("utf-8", "surrogatepass")
    html = Client().get("/en/search/", {"q": encoded}).content.decode()
    assert words in html


@pytest.mark.parametrize(
    "wrong",
    [
        "kind=xx",
        "country=XX",
        "country=%00",
        "city=nowhere",
        "city=%27",
        "point=0",
        "point=²",
        "language=tlh",
        "page=0",
    ],
)
def test_filter_that_makes_no_sense_is_an_error_at_the_field_or_a_404(alfa, wrong):
    response = Client().get(f"/en/search/?q=alfa&{wrong}")
    assert response.status_code == (404 if wrong.startswith("page") else 400)
    if response.status_code == 400:
        assert "There is a problem" in response.content.decode()


def test_what_is_typed_is_shown_as_text(alfa):
    html = Client().get("/en/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_text_with_html_is_quoted_as_text(alfa):
    alfa.introduction_en = "Before <img src=x onerror=alert(1)> and <b>housing</b> after."
    alfa.save()
    html = Client().get("/en/search/", {"q": "housing"}).content.decode()
    assert "<img src=x" not in html
    assert "&lt;b&gt;<mark>housing</mark>&lt;/b&gt;" in html


def test_search_that_takes_too_long_is_stopped_and_says_so(alfa, monkeypatch):
    monkeypatch.setattr("languages.search.results.LONGEST_SECONDS", 0.000001)
    monkeypatch.setattr("languages.search.results.find_candidates", slow)
    if connection.vendor == "postgresql":
        monkeypatch.setattr("languages.search.results.LONGEST_SECONDS", 0.05)
    response = Client().get("/en/search/?q=alfa")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "took too long" in response.content.decode()


def slow(*_args: object, **_options: object) -> None:
    """A query of the kind that holds up everybody; within a savepoint, as the test itself is in a
    transaction."""
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sleep(5)")
        else:
            cursor.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                "100000000)"
                " SELECT count(*) FROM n"
            )
            cursor.fetchall()


def test_after_a_stopped_search_the_database_works_on(alfa, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("languages.search.results.LONGEST_SECONDS", 0.05)
        patch.setattr("languages.search.results.find_candidates", slow)
        Client().get("/en/search/?q=alfa")
    assert "Alfa" in Client().get("/en/search/?q=alfa").content.decode()


def test_many_short_statements_are_stopped_too(alfa, monkeypatch):
    monkeypatch.setattr("languages.search.results.LONGEST_SECONDS", 0)
    monkeypatch.setattr("languages.search.results.LONGEST_SUGGESTING_SECONDS", 0)
    assert Client().get("/en/search/?q=alfa").status_code == 503
    assert Client().get("/en/search/suggest/?q=alfa").json()["suggestions"] == []
    monkeypatch.undo()
    assert "Alfa" in Client().get("/en/search/?q=alfa").content.decode()
