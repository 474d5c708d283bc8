"""Whatever is edited, in whatever order and by whomever: no page is older than the edit's answer.

Rows of every kind are written past models and signals, as the hardest case. After each write each
page is asked as a visitor asks it, and made anew beside it: both must say the same.
"""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from members.models import City
from portal.views import cities as views
from tests.conftest import make_city

EDITS = 60
# Of the pages so many are read after each edit.
PAGES = 2
READERS = 4
ROUNDS = 3


def pages_of(rows):
    """Pages that show rows of most kinds; some in another language, one with a filter."""
    slug = rows["members.city"].slug
    own = {
        "city_detail": [slug],
        "city_feed": [slug],
        "help_detail": [slug],
        "programme_detail": [rows["programs.programme"].slug],
        "news_detail": [rows["portal.news"].slug],
        "event_calendar": [rows["portal.event"].slug],
        "organisation_detail": [rows["members.organisation"].slug],
        "meeting_detail": [rows["members.meeting"].pk],
        "point_detail": [1],
        "plan_detail": [],
    }
    addresses = [reverse(name, args=values) for name, values in own.items()]
    addresses += [reverse("search_suggest") + "?q=al", reverse("city_list") + "?status=all"]
    with override("uk"):
        addresses += [reverse("city_detail", args=[slug]), reverse("home")]
    return [*addresses, "/sitemap.xml"]


def edit(row, draw, number):
    """Change one field of a row by SQL; False where the database refuses."""
    fields = [field for field in row._meta.concrete_fields if may_be_edited(field)]
    if not fields:
        return False
    field = draw.choice(fields)
    value = f"Edit {number}" if isinstance(field, models.CharField | models.TextField) else number
    if field.name == "published_at":
        value = draw.choice([None, row.published_at])
    rows = type(row)._base_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            return rows.update(**{field.name: value}) == 1
    except (DatabaseError, ValueError, TypeError):
        return False


def may_be_edited(field):
    if field.name == "published_at":
        return True
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    is_kept = field.primary_key or field.unique or field.name in {"slug", "code", "language"}
    return (is_text or isinstance(field, models.IntegerField)) and not is_kept


@pytest.mark.django_db(transaction=True)
def test_no_page_is_older_than_the_last_edit(alfa_rows, client, settings, record_property):
    draw = random.Random(18)
    rows, addresses = list(alfa_rows.values()), pages_of(alfa_rows)
    draw.shuffle(rows)
    before = {}
    counts = {"edits": 0, "reads": 0, "changes": 0}
    for number in range(EDITS):
        if not edit(rows[number % len(rows)], draw, number):
            continue
        counts["edits"] += 1
        for address in draw.sample(addresses, PAGES):
            settings.KEPT_PAGES = True
            kept, again = client.get(address), client.get(address)
            settings.KEPT_PAGES = False
            fresh = client.get(address)
            assert (kept.status_code, kept.content) == (fresh.status_code, fresh.content), address
            assert again.content == fresh.content, address
            assert kept["Content-Type"] == fresh["Content-Type"]
            counts["reads"] += 1
            # An old copy would have been seen.
            counts["changes"] += before.get(address, fresh.content) != fresh.content
            before[address] = fresh.content
    for name, count in counts.items():
        record_property(name, count)
    assert (counts["edits"] > 40, counts["reads"] > 40, counts["changes"] > 3) == (True,) * 3


@pytest.mark.django_db(transaction=True)
def test_many_writers_each_read_their_own_edit(country, record_property):
    """Every writer has a connection of its own and reads its page and a shared list after each
    save; all raise the one version of all pages at the same time."""
    cities = [make_city(country, f"city-{number}") for number in range(READERS)]

    def write_and_read(city):
        visitor = Client(headers={"accept-language": "pl"})
        old = []
        for number in range(ROUNDS):
            name = f"{city.slug} wrote {number}"
            City.objects.filter(pk=city.pk).update(name_en=name)
            old += [
                address
                for address in (f"/en/cities/{city.slug}/", f"/en/cities/{city.slug}/feed/")
                if name not in visitor.get(address).content.decode()
            ]
        connection.close()
        return old

    with ThreadPoolExecutor(READERS) as threads:
        assert list(threads.map(write_and_read, cities)) == [[]] * READERS
    record_property("saves", READERS * ROUNDS)


@pytest.mark.django_db(transaction=True)
def test_one_of_many_readers_makes_the_page(alfa, monkeypatch):
    made = []
    detail = views._records_of
    monkeypatch.setattr(views, "_records_of", lambda city: made.append(city.pk) or detail(city))

    def read(number):
        content = Client().get("/en/cities/alfa/").content
        connection.close()
        return content

    with ThreadPoolExecutor(READERS) as threads:
        contents = set(threads.map(read, range(2 * READERS)))
    assert (len(contents), made) == (1, [alfa.pk])
