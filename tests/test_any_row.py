"""No page is lost to one row: whatever the database can hold, every kind of public page answers.

The rows of the cast are changed past fields, forms and models, by SQL: odd dates, empty and huge
texts, odd Unicode, extreme numbers, any choice, missing relations. The same seed gives the same
rows again.
"""

import random
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.urls import get_resolver, resolve, reverse
from django.utils.translation import override

from languages.dates import PartialDateField
from members.models import Citation
from portal import index
from portal.open_data.kinds import KINDS
from portal.services.open_data import note_changes

pytestmark = pytest.mark.django_db

SEEDS = range(4)
# Of these, the API, the tables and the cards are asked too: they take as long as all else.
MORE_SEEDS = (0, 3)
LANGUAGES = ("en", "uk")
# Nobody waits longer; a page of this small network takes 0.05 s.
SECONDS = 10
HUGE = "Ü" * 200_001

TEXTS = [
    "",
    " ",
    HUGE,
    "word " * 20_000,
    "a\x0bb\x1fc\x7f\ufffe\uffff",
    "\u202eesrever \u2066open",
    "e" + "\u0301" * 500,
    "👩‍👩‍👧 𝔘𝔫𝔦\U000e0001",
    "<script>alert(1)</script> & ]]> {{ x }} {0} {x} %s %(x)s",
    "BEGIN:VCALENDAR\r\nEND:VCALENDAR;,\\n",
    "https://[::1", "javascript:alert(1)", "//\x00",
    "zz", "x-unknown", "../../etc/passwd",
    "[a](b) **c** `d` # e\n\n- f\n" * 50,
]  # fmt: skip
PARTIAL_DATES = ["", "0001", "9999-12-31", "1000-01-01", "2999-12", "soon", "2024-13", "²⁰²⁴"]
DAYS = [date.min, date(9998, 1, 1), date.max, date(1582, 10, 10), date(2024, 2, 29)]
# Moments are written by services alone; the first and the last day of the calendar lie on no clock
# of another time zone.
MOMENTS = [datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)]
NUMBERS = [0, 1, -1, 32_767, 2_147_483_647]
# The keys of addresses, and what makes a row public.
KEPT = {"slug", "code", "id", "published_at", "fictional", "public_since", "storage_key", "file"}


def odd_value(field, draw):
    """A value for a field that the database may hold; None where it is left as it is."""
    if field.name in KEPT or field.primary_key:
        return None
    if field.choices:
        # Only what is a choice: pages decide by it what to say.
        return draw.choice([value for value, _label in field.flatchoices])
    if isinstance(field, PartialDateField):
        return draw.choice(PARTIAL_DATES)
    if isinstance(field, models.CharField | models.TextField):
        return draw.choice([text for text in TEXTS if fits(text, field)])
    if isinstance(field, models.DateTimeField):
        return draw.choice(MOMENTS)
    if isinstance(field, models.DateField):
        return draw.choice(DAYS)
    if isinstance(field, models.DecimalField):
        whole = field.max_digits - field.decimal_places
        return draw.choice([Decimal(0), Decimal(10) ** whole - 1])
    if isinstance(field, models.IntegerField):
        return draw.choice(NUMBERS)
    return None


def fits(text, field):
    """PostgreSQL holds no longer text in a column with a limit, and no NUL."""
    if connection.vendor == "sqlite":
        return True
    longest = field.max_length if isinstance(field, models.CharField) else None
    return "\x00" not in text and (longest is None or len(text) <= longest)


def is_set(model, key, name, value):
    """Write a value by SQL. Whether the database holds it: a constraint may refuse."""
    table, column = model._meta.db_table, model._meta.get_field(name).column
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s', [value, key])  # noqa: S608 - names of the schema
    except (DatabaseError, ValueError, OverflowError):
        return False
    return True


def spoil(rows, draw):
    """Change about a third of the fields of each row; some relations and citations lead nowhere.

    Returns the number of changed values.
    """
    changed = 0
    for row in rows:
        model = type(row)
        for field in model._meta.concrete_fields:
            if draw.random() < 0.65:
                continue
            if field.is_relation:
                may_go = field.null and field.name not in {"content_type"}
                changed += may_go and is_set(model, row.pk, field.name, None)
                continue
            value = odd_value(field, draw)
            changed += value is not None and is_set(model, row.pk, field.name, value)
    Citation.objects.update(object_id=draw.choice([0, 2**62, *[row.pk for row in rows[:9]]]))
    return changed


def pages(rows):
    """Every kind of public page, with the addresses of the cast."""
    names = [
        "home", "city_list", "join", "interest_form", "meeting_list", "programme_list", "data",
        "plan_detail", "help_index", "news_list",
        "news_feed", "network_feed", "event_list", "events_calendar", "about", "contact",
        "accessibility", "privacy", "figures",
    ]  # fmt: skip
    addresses = [reverse(name) for name in names]
    addresses += [reverse(f"{kind}_export", args=["json"]) for kind in KINDS]
    addresses += [reverse("cities_export", args=[ending]) for ending in ("csv", "geojson", "xlsx")]
    city = rows["members.city"].slug
    for name in ("city_detail", "city_changes", "city_feed", "help_detail"):
        addresses.append(reverse(name, args=[city]))
    addresses += [
        reverse("country_detail", args=[rows["members.country"].code.lower()]),
        reverse("city_badge", args=[city]),
        reverse("city_cite", args=[city]),
        reverse("city_version", args=[city]),
        reverse("action_cite", args=[rows["members.action"].pk]),
        reverse("action_version", args=[rows["members.action"].pk]),
        reverse("undertaking_cite", args=[rows["members.undertaking"].pk]),
        reverse("undertaking_version", args=[rows["members.undertaking"].pk]),
        reverse("point_cite", args=[1]),
        reverse("point_version", args=[1]),
        reverse("news_cite", args=[rows["portal.news"].slug]),
        reverse("news_version", args=[rows["portal.news"].slug]),
        reverse("programme_cite", args=[rows["programs.programme"].slug]),
        reverse("programme_version", args=[rows["programs.programme"].slug]),
        reverse("event_cite", args=[rows["portal.event"].slug]),
        reverse("event_version", args=[rows["portal.event"].slug]),
        reverse("meeting_cite", args=[rows["members.meeting"].pk]),
        reverse("meeting_version", args=[rows["members.meeting"].pk]),
        reverse("organisation_cite", args=[rows["members.organisation"].slug]),
        reverse("organisation_version", args=[rows["members.organisation"].slug]),
        reverse("page_cite", args=["cities/"]),
        reverse("page_cite", args=["compare/"]) + f"?city={city}",
        reverse("country_feed", args=[rows["members.country"].code.lower()]),
        reverse("point_detail", args=[1]),
        reverse("point_feed", args=[1]),
        reverse("meeting_detail", args=[rows["members.meeting"].pk]),
    ]
    for label, name in {
        "programs.programme": "programme_detail",
        "members.organisation": "organisation_detail",
        "members.ground": "ground_detail",
        "portal.news": "news_detail",
        "portal.event": "event_detail",
    }.items():
        addresses.append(reverse(name, args=[rows[label].slug]))
    addresses.append(reverse("event_calendar", args=[rows["portal.event"].slug]))
    search = reverse("search")
    suggest = reverse("search_suggest")
    addresses += [f"{search}?q=text", f"{suggest}?q=te", f"{reverse('city_list')}?q=alfa&sort=name"]
    addresses += [
        f"{reverse('events_calendar')}?city={city}",
        f"{reverse('news_feed')}?city={city}",
        f"{reverse('compare')}?city={city}",
        f"{reverse('compare_export')}?city={city}",
    ]
    return addresses


SITE = ["/sitemap.xml", "/robots.txt", "/readyz"]
# Routes whose answers no row changes, or that a test of their own asks.
WITHOUT_ROWS = {
    "accessibility_report", "api_missing", "api_reference", "api_root", "api_schema",
    "change_password", "data_archive", "data_catalogue", "data_csv_metadata", "document_file",
    "favicon", "healthz", "help_wrong_thanks", "interest_confirm", "interest_confirmed",
    "interest_thanks", "metrics", "picture_file", "resolution_text", "security_txt",
    "set_language", "site_card",
}  # fmt: skip


def once(rows, client):
    """What is asked in one language: the cards, the tables, and the API with a row of each kind."""
    addresses = [*SITE, reverse("api_changes"), reverse("help_suggest") + "?place=al"]
    contact = rows["members.supportcontact"].pk
    addresses += [reverse(name, args=[contact]) for name in ("help_wrong", "help_not_wrong")]
    addresses.append(reverse("compare_suggest") + "?q=al")
    addresses += [reverse("figure_file", args=[name]) for name in ("members", "matrix", "age")]
    for name, label in {
        "city_card": "members.city",
        "programme_card": "programs.programme",
        "news_card": "portal.news",
    }.items():
        addresses.append(reverse(name, args=[rows[label].slug]))
    for name, kind in KINDS.items():
        address = reverse(f"api_{name}")
        addresses += [address, reverse("data_table", args=[name])]
        addresses.append(reverse(f"{name}_export", args=["csv"]))
        answer = client.get(f"{address}?{kind.everything}")
        rows_of_kind = answer.json()["results"] if answer.status_code == 200 else []
        # Without a public row: an address that is one of nothing.
        keys = [row[kind.key] for row in rows_of_kind[:2]] or ["1"]
        addresses += [f"{address}{key}/" for key in keys]
    return addresses


def public_routes(patterns=None):
    """The names of all public routes."""
    patterns = get_resolver().url_patterns if patterns is None else patterns
    for pattern in patterns:
        if str(pattern.pattern) in {"admin/", "accounts/"}:
            continue
        if hasattr(pattern, "url_patterns"):
            yield from public_routes(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


@pytest.mark.parametrize("seed", SEEDS)
def test_every_public_page_answers_whatever_a_row_says(
    seed, alfa_rows, beta_rows, client, record_property
):
    draw = random.Random(seed)
    rows = [*alfa_rows.values(), *beta_rows.values()]
    changed = spoil(rows, draw)
    # Upkeep of what is built from the rows must live with them too.
    with transaction.atomic():
        index.rebuild()
    # Where nobody ever compared them, the API says so with 503.
    note_changes()
    failures, slow, asked = [], [], 0
    asked_routes: set[str] = set()
    client.raise_request_exception = False
    for code in LANGUAGES:
        with override(code):
            addresses = pages(alfa_rows)
            if code == "en":
                addresses += once(alfa_rows, client) if seed in MORE_SEEDS else SITE
            asked_routes |= {resolve(urlsplit(one).path).url_name for one in addresses}
        for address in addresses:
            begun = time.perf_counter()
            response = client.get(address)
            if response.streaming:
                b"".join(response.streaming_content)
            seconds = time.perf_counter() - begun
            asked += 1
            if response.status_code >= 500:
                failures.append(f"{address}: {response.status_code}")
            if seconds > SECONDS:
                slow.append(f"{address}: {seconds:.1f} s")
    record_property("rows", len(rows))
    record_property("values", changed)
    record_property("pages", asked)
    assert (len(rows) > 100, changed > 200, asked > 70) == (True, True, True)
    assert (failures, slow) == ([], [])
    if seed in MORE_SEEDS:
        # A new kind of page is asked here too.
        assert set(public_routes()) - asked_routes <= WITHOUT_ROWS
