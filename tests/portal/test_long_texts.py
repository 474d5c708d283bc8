"""Every public page does work in proportion to the texts of its rows, whatever they are made of.

The shapes are those of tests/languages/test_linear_time.py, one after another in one text, so that
a page meets them all. Where the text doubles the work doubles; quadratic work grows four times.
"""

import pytest
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from languages.models import IndexRow
from tests.counted_work import work_of
from tests.languages.test_linear_time import SHAPES
from tests.test_any_row import is_set, pages

pytestmark = pytest.mark.django_db

# More than a form takes.
LONGEST = 100_000
MOST_GROWTH = 2.2
OTHER_LANGUAGES = {code for code, _name in settings.SCHEMA_LANGUAGES} - {"en"}


def text_of_all_shapes(length: int) -> str:
    each = length // len(SHAPES)
    pieces = [(shape * each)[: each - 1] + "\n" for shape in SHAPES.values()]
    # PostgreSQL holds no NUL.
    return "".join(pieces).replace("\x00", "\x01")


def write(rows: list[models.Model], text: str) -> int:
    """Give the text to all columns that the pages read, also of the index; how many they are."""
    written = 0
    for row in [*rows, *IndexRow.objects.filter(language="en")]:
        model = type(row)
        for field in model._meta.concrete_fields:
            if is_read(field):
                written += is_set(model, row.pk, field.name, text)
    return written


def is_read(field: models.Field) -> bool:
    """Whether the column holds a text of people in English, without a limit of the database. A
    search reads tokens in the database, and shows summaries and bodies."""
    if not isinstance(field, models.TextField) or field.choices:
        return False
    _name, _underscore, end = field.name.rpartition("_")
    return end not in OTHER_LANGUAGES and end not in {"tokens", "names"}


def read(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, address
    if response.streaming:
        b"".join(response.streaming_content)


def test_work_of_each_page_grows_with_the_length_of_the_texts(alfa_rows, client, monkeypatch):
    monkeypatch.setattr(settings, "KEPT_PAGES", False)
    rows = list(alfa_rows.values())
    addresses = pages(alfa_rows)
    works: list[dict[str, int]] = []
    for length in (LONGEST // 2, LONGEST):
        assert write(rows, text_of_all_shapes(length)) > 100
        for address in addresses:
            # What a process makes once and keeps is made before the count.
            read(client, address)
        works.append({address: work_of(read, client, address) for address in addresses})
    half, whole = works
    growing = {a: whole[a] / half[a] for a in addresses if whole[a] > half[a] * MOST_GROWTH}
    assert growing == {}
    assert len(addresses) > 60
    # The texts are read by most pages.
    assert sum(whole[a] > LONGEST for a in addresses) > 40
    assert reverse("home") in addresses


def test_count_finds_quadratic_work():
    def count(text: str) -> int:
        return sum(text.count(sign) for sign in text[:: len(text) // 100])

    def quadratic(text: str) -> int:
        return sum(text.count(sign) for sign in text[::10])

    once, twice = "ab" * 5_000, "ab" * 10_000
    assert work_of(count, twice) / work_of(count, once) < MOST_GROWTH
    assert work_of(quadratic, twice) / work_of(quadratic, once) > 3.5
