"""Which long tests PostgreSQL need not run."""

import json

import pytest
from django.db import connection

from members.models import City
from members.slugs import free_slug
from tests.browser.recording import noting_in
from tests.statements import LONG, Notes, Recorder, key_of, recorded, superfluous

SHORT = LONG / 2


def left_out(needed=(), **tests: tuple[float, str]) -> set[str]:
    """`left_out(a=(seconds, "x y"))`: of tests that send these statements."""
    notes = {name: Notes(seconds, set(sent.split())) for name, (seconds, sent) in tests.items()}
    return superfluous(tests, notes, set(needed))


def test_long_test_is_left_out_where_short_tests_send_all_its_statements():
    assert left_out(a=(SHORT, "x"), b=(SHORT, "y"), long=(9, "x y")) == {"long"}


def test_long_test_with_a_statement_of_its_own_runs():
    assert left_out(a=(SHORT, "x"), long=(9, "x y")) == set()


def test_of_long_tests_that_send_the_same_the_shortest_runs():
    assert left_out(a=(8, "x y"), b=(7, "x y"), c=(9, "x")) == {"a", "c"}


def test_long_test_is_left_out_where_several_shorter_ones_that_run_send_the_same():
    assert left_out(a=(9, "x y"), b=(8, "x z"), c=(7, "y w")) == {"a"}


def test_test_of_other_connections_runs_in_any_case():
    assert left_out(needed=["race"], a=(SHORT, "x"), race=(9, "x")) == set()


def test_test_without_notes_runs():
    assert superfluous(["new"], {}, set()) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a IN (%s)", "a IN (%s, %s, %s)"),
        ("VALUES (%s, NULL)", "VALUES (%s, %s), (%s, NULL), (%s, %s)"),
        ('SELECT a."name_de"', 'SELECT a."name_pl"'),
        ("LIMIT 21", "LIMIT 1"),
        ("LIMIT 20 OFFSET 20", "LIMIT 20 OFFSET 400"),
    ],
)
def test_number_of_values_language_and_page_make_no_other_statement(one, other):
    assert key_of(one, "") == key_of(other, "")


def test_table_condition_and_place_make_another_statement():
    keys = {
        key_of("SELECT a FROM b", "one"),
        key_of("SELECT a FROM c", "one"),
        key_of("SELECT a FROM b WHERE c IN (%s)", "one"),
        key_of("SELECT a FROM b", "other"),
    }
    assert len(keys) == 4


@pytest.mark.django_db
def test_server_of_a_browser_notes_the_same_keys_a_line_each(alfa, tmp_path):
    recorder = Recorder()
    file = tmp_path / "sent"
    with (
        connection.execute_wrapper(recorder.note),
        connection.execute_wrapper(noting_in(file)),
    ):
        free_slug(City, "Alfa")
        free_slug(City, "Alfa")
    lines = file.read_text(encoding="utf-8").split()
    assert set(lines) == recorder.sent != set()
    assert len(lines) == 2 * len(recorder.sent)


@pytest.mark.django_db
def test_recorder_tells_the_functions_of_ours_that_ask(alfa, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.statements.FOLDER", tmp_path)
    recorder = Recorder()
    with connection.execute_wrapper(recorder.note):
        list(City.objects.filter(slug="alfa"))
        of_the_test = set(recorder.sent)
        list(City.objects.filter(slug="beta"))
        assert recorder.sent == of_the_test
        free_slug(City, "Alfa")
    of_ours = recorder.sent - of_the_test
    assert of_ours
    recorder.tests["name"] = (SHORT, sorted(recorder.sent))
    recorder.pytest_sessionfinish()
    assert recorded(tmp_path) == {"name": Notes(SHORT, recorder.sent)}
    assert json.loads(next(tmp_path.iterdir()).read_text(encoding="utf-8")).keys() == {"name"}
