"""Every public page does work in proportion to the texts of its rows, whatever they are made of.

Every row gets 100,000 signs, past the limits of its fields: all shapes of
tests/languages/test_linear_time.py, shared out among its texts; every page answers. Then the work
is counted (tests/counted_work.py) for a quarter and for half of it: where the text doubles the work
doubles, and quadratic work grows four times.
"""

import pytest
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from languages.models import IndexRow
from portal.services.open_data import note_changes
from tests.counted_work import work_of
from tests.languages.test_linear_time import SHAPES
from tests.test_any_row import is_set, once, pages

pytestmark = pytest.mark.django_db

LENGTH = 100_000
MOST_GROWTH = 2.2
OTHER_LANGUAGES = {code for code, _name in settings.SCHEMA_LANGUAGES} - {"en"}
# What a search reads in the database alone.
TOKENS = {"tokens", "names"}
# What a page shows that shows a text; a search for its second word finds it.
MARK = "markedtext text"
KNOWN = b"markedtext"


def addresses_of(rows: dict[str, models.Model], client: Client) -> set[str]:
    """Every kind of public page, but no calendars: their library writes one sign after another,
    which takes longest to count, and their texts are those of the events' pages."""
    addresses = {*pages(rows), *once(rows, client)}
    return {address for address in addresses if "calendar.ics" not in address}


def is_read(field: models.Field) -> bool:
    """Whether the column holds a text of people in English, without a limit of the database."""
    if not isinstance(field, models.TextField) or field.choices:
        return False
    _name, _underscore, end = field.name.rpartition("_")
    return end not in OTHER_LANGUAGES | TOKENS


def texts_of(columns: list[str], length: int, turn: int) -> dict[str, str]:
    """A text for each column: all shapes, shared out; another column begins with each turn."""
    each = length // len(SHAPES)
    texts = dict.fromkeys(columns, f"{MARK} ")
    for number, shape in enumerate(SHAPES.values()):
        column = columns[(number + turn) % len(columns)]
        texts[column] += (shape * each)[: each - 1] + "\n"
    # PostgreSQL holds no NUL.
    return {column: text.replace("\x00", "\x01") for column, text in texts.items()}


def write(rows: list[models.Model], length: int) -> int:
    """Give every row its texts; how many columns they fill."""
    written = 0
    for turn, row in enumerate(rows):
        fields = type(row)._meta.concrete_fields
        columns = [field.name for field in fields if is_read(field)]
        for column, text in texts_of(columns, length, turn).items() if columns else ():
            written += is_set(type(row), row.pk, column, text)
    return written


class Reader:
    """Asks for pages, and knows which of them show a text of the rows."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.showing: set[str] = set()

    def works(self) -> dict[str, int]:
        """How much work each page with a text is."""
        return {address: work_of(self.read, address) for address in sorted(self.showing)}

    def read(self, address: str) -> None:
        response = self.client.get(address)
        assert response.status_code < 500, address
        parts = response.streaming_content if response.streaming else [response.content]
        if any(KNOWN in part for part in parts):
            self.showing.add(address)


def test_work_of_each_page_grows_with_the_length_of_the_texts(alfa_rows, client, monkeypatch):
    monkeypatch.setattr(settings, "KEPT_PAGES", False)
    # One of what a search finds: it does the same work for each.
    found = IndexRow.objects.filter(language="en", kind="news")[:1]
    rows = [*alfa_rows.values(), *found]
    note_changes()
    reader = Reader(client)
    assert write(rows, LENGTH) > 80
    for address in addresses_of(alfa_rows, client):
        # What a process makes once and keeps is made before the count.
        reader.read(address)
    write(rows, LENGTH // 4)
    once_long = reader.works()
    write(rows, LENGTH // 2)
    twice_long = reader.works()
    growth = {address: twice_long[address] / once_long[address] for address in reader.showing}
    assert {address: by for address, by in growth.items() if by > MOST_GROWTH} == {}
    assert len(growth) > 50
    # The texts are read by most of them.
    assert sum(by > 1.2 for by in growth.values()) > 30
    assert f"{reverse('search')}?q=text" in growth


def test_count_finds_quadratic_work():
    def linear(text: str) -> int:
        return sum(text.count(sign) for sign in text[:: len(text) // 100])

    def quadratic(text: str) -> int:
        return sum(text.count(sign) for sign in text[::10])

    text, double = "ab" * 5_000, "ab" * 10_000
    assert work_of(linear, double) / work_of(linear, text) < MOST_GROWTH
    assert work_of(quadratic, double) / work_of(quadratic, text) > 3.5
