"""A value that many pages show is made once for a version of the pages, and for nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from languages import shared_values
from languages.shared_values import shared_by_pages, shared_in
from languages.validity import collected_ends, holds_until


@pytest.fixture
def made():
    return []


@pytest.fixture
def value(made):
    @shared_by_pages
    def make(name):
        made.append(name)
        return [name]

    return make


def test_value_is_made_anew_where_no_page_of_a_version_is_made(value, made):
    assert value("a") is not value("a")
    assert made == ["a", "a"]


def test_value_is_made_once_for_a_version_its_arguments_and_the_language(value, made):
    version, later_version = {}, {}
    with shared_in(version):
        first = value("a")
        assert value("b") == ["b"]
        with override("pl"):
            value("a")
    with shared_in(version):
        assert value("a") is first
    with shared_in(later_version):
        assert value("a") is not first
    assert made == ["a", "b", "a", "a"]


def test_page_that_takes_a_value_ends_with_it(made):
    moment = timezone.now() + timedelta(hours=1)

    @shared_by_pages
    def make():
        made.append(moment)
        holds_until(moment)

    version = {}
    for _page in range(2):
        with shared_in(version), collected_ends() as ends:
            make()
        assert ends == [moment]
    assert made == [moment]


def test_value_whose_time_is_over_is_made_anew(made, monkeypatch):
    moment = timezone.now() + timedelta(hours=1)

    @shared_by_pages
    def make():
        made.append(1)
        holds_until(moment)

    with shared_in({}):
        make()
        make()
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        make()
    assert made == [1, 1]


def test_a_value_that_cannot_be_made_is_asked_for_again(made):
    @shared_by_pages
    def make():
        made.append(1)
        raise ValueError(made)

    with shared_in({}):
        for _page in range(2):
            with pytest.raises(ValueError, match="1"):
                make()
    assert made == [1, 1]


def test_no_more_values_are_kept_than_the_bound(value, monkeypatch):
    monkeypatch.setattr(shared_values, "MOST_VALUES", 3)
    version = {}
    with shared_in(version):
        for number in range(10):
            assert value(number) == [number]
    assert len(version) == 3
