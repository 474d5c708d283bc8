"""A word that stands in very many rows: exact names first, some of the others, the same on both
databases, and no count that nobody counted."""

import itertools

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from languages.models import IndexRow
from languages.search.analysis import index_tokens
from languages.search.candidates import HasWords
from languages.search.hits import Filters
from languages.search.labels import SAMPLES, labels_of, sample_label
from languages.search.query import parse_query
from languages.search.results import search, suggest
from languages.search.widening import widened
from programs.models import Programme

pytestmark = pytest.mark.django_db

MANY = 400


@pytest.fixture(autouse=True)
def _small_numbers(monkeypatch):
    """As with 1,000 rows, without writing so many."""
    small = {
        "MOST_ROWS": 60,
        "FEW_IN_PROBE": 2,
        "LEAST_OF_A_SAMPLE": 8,
        "MOST_OF_A_SAMPLE": 40,
        "MOST_OF_A_TIER": 20,
    }
    for name, value in small.items():
        monkeypatch.setattr(f"languages.search.candidates.{name}", value)


def written(
    key: int,
    title: str,
    language: str = "en",
    *,
    text: str = "",
    kind: str = "programme",
    **values: object,
):
    row = IndexRow(
        content_type=ContentType.objects.get_for_model(Programme),
        object_id=key,
        language=language,
        kind=kind,
        path=f"programmes/p{key}/",
        title=title,
        title_language=language,
        summary=text,
        summary_language=language,
        sort_key=title.lower(),
        text_tokens=" ".join(index_tokens(text, language)),
        **values,
    )
    row.title_tokens = " ".join(
        [*index_tokens(title, language), *labels_of(row, small_kind=kind == "point")]
    )
    return row


@pytest.fixture
def many():
    rows = [
        written(key, f"Plan {key:03}", country="PL" if key % 100 else "SE")
        for key in range(1, MANY + 1)
    ]
    rows += [written(1000 + key, f"Text {key:03}", text="A plan for all.") for key in range(MANY)]
    rows += [written(2000 + key, f"Arbete {key:03}", "sv", text="En plan.") for key in range(MANY)]
    rows += [
        written(3000, "Plan"),
        written(3001, "Zehn Punkte", "de", text="Ein Plan.", kind="point"),
    ]
    IndexRow.objects.bulk_create(rows)


def paths(query: str, language: str = "en", **filters: object) -> list[str]:
    return [
        hit.row.path
        for hit in search(query, language, ("point", "programme"), Filters(**filters)).hits
    ]


@pytest.mark.usefixtures("many")
def test_exact_name_is_found_among_any_number():
    assert paths("plan")[0] == "programmes/p3000/"
    assert paths("PLAN!", "sv")[0] == "programmes/p3000/"
    assert suggest("plan")[1][0].row.title == "Plan"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("title", [False, True])
@pytest.mark.parametrize("text", ["plan", "zehn pla", "arbete-plan", '"ein plan"', "Punkt xyz"])
@pytest.mark.parametrize("any_term", [False, True])
def test_rows_meet_a_condition_as_the_database_says(title, text, any_term):
    """A sample that was read says who is in a narrower one, instead of the database."""
    terms = widened(parse_query(text), "de").terms
    condition = HasWords(terms, title=title, any_term=any_term, labels=["ßlßde"])
    rows = IndexRow.objects.filter(language__in=["de", "sv"])
    found = {row.pk for row in rows if condition.is_met_by(row)}
    assert found == set(rows.filter(condition).values_list("pk", flat=True))


@pytest.mark.usefixtures("many")
def test_kind_with_few_objects_is_never_left_to_chance():
    assert "programmes/p3001/" in paths("plan")


@pytest.mark.usefixtures("many")
def test_names_and_texts_of_the_readers_language_are_among_what_is_looked_through():
    rows = [hit.row for hit in search("plan", "sv").hits]
    assert sum(row.language == "sv" for row in rows) >= 8
    assert sum(row.title.startswith("Plan") for row in rows) >= 8


@pytest.mark.usefixtures("many")
def test_same_rows_are_looked_through_on_every_database():
    """The same numbers on both: a choice left to the database would differ between them."""
    answer = search("plan", "en", ("point", "programme"))
    assert (answer.is_sample, answer.has_all_counts) == (True, False)
    assert [hit.row.object_id for hit in answer.hits] == EXPECTED


# One in four of those with the word in their name or text, by a number made of kind and key: not by
# chance.
EXPECTED = [
    3000, 18, 30, 51, 66, 79, 93, 101, 129, 136, 148, 157, 160, 195, 205, 232, 253, 264, 291, 314,
    323, 342, 375, 380,
    1009, 1077, 1082, 1151, 1255, 1373, 1386, 3001, 2055, 2173, 2186, 2209, 2277, 2282, 2351,
]  # fmt: skip


@pytest.mark.usefixtures("many")
def test_rare_word_among_many_is_counted():
    answer = search("zehn", "en")
    assert (len(answer.hits), answer.is_sample, answer.has_all_counts) == (1, False, True)


@pytest.mark.usefixtures("many")
def test_filter_that_leaves_few_gives_all_of_them():
    answer = search("plan", "en", (), Filters(country="SE"))
    assert [hit.row.title for hit in answer.hits] == [
        "Plan 100",
        "Plan 200",
        "Plan 300",
        "Plan 400",
    ]
    assert (answer.is_sample, answer.has_all_counts) == (False, False)


@pytest.mark.usefixtures("many")
def test_rows_with_all_words_but_one_come_before_those_with_one():
    IndexRow.objects.bulk_create([written(4000, "Housing and work", text="A text on leisure.")])
    answer = search("plan housing leisure", "en")
    assert answer.has_some_words
    assert answer.hits[0].row.title == "Housing and work"


@pytest.mark.usefixtures("many")
def test_page_counts_only_what_was_counted():
    html = Client().get("/en/search/?q=plan").content.decode()
    assert "At least" in html
    assert "Too many entries have this" in html
    assert 'class="count"' not in html
    html = Client().get("/en/search/?q=zehn").content.decode()
    assert "At least" not in html


def test_samples_are_nested_and_about_a_quarter_of_each_other():
    every = [set(labels_of(written(key, "Plan"), small_kind=False)) for key in range(20_000)]
    samples = [[sample_label(halvings) in there for there in every] for halvings in SAMPLES]
    for larger, smaller in itertools.pairwise(samples):
        assert all(inside or not deeper for inside, deeper in zip(larger, smaller, strict=True))
    assert all(
        0.7 < sum(sample) / (20_000 / 2**halvings) < 1.4
        for sample, halvings in zip(samples, SAMPLES, strict=True)
    )


def test_all_languages_of_an_object_are_in_the_same_samples():
    one, other = (
        labels_of(written(7, "Plan", language), small_kind=False) for language in ("en", "uk")
    )
    assert [mark for mark in one if mark not in other] == ["ßlßen"]
