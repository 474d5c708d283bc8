"""The log of changes as a table: what the list shows, for the secretariat."""

import csv
import json

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Unit

pytestmark = pytest.mark.django_db

LIST = "/admin/auditlog/logentry/"


@pytest.fixture
def office(person):
    return person("secretariat")


def table(client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{LIST}export/{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_table_has_the_entries_of_the_filters(office, alfa, browse):
    with set_actor(office):
        unit = Unit.objects.create(city=alfa, name_en="=HYPERLINK(1)", source_language="en")
        unit.name_en = "Bureau"
        unit.save()
    client = browse(office)
    assert len(table(client)) == LogEntry.objects.count()
    rows = table(client, f"?action={LogEntry.Action.UPDATE}&q=Bureau")
    assert [(row["action"], row["kind"], row["number"]) for row in rows] == [
        ("update", "members.unit", str(unit.pk))
    ]
    assert rows[0]["by"] == office.email
    assert json.loads(rows[0]["changes"])["name_en"] == ["=HYPERLINK(1)", "Bureau"]
    created = table(client, f"?action={LogEntry.Action.CREATE}&q=Bureau")
    # No spreadsheet takes it for a formula.
    assert created[0]["name"] == "'=HYPERLINK(1)"


def test_list_leads_to_the_table_with_its_filters(office, browse):
    html = browse(office).get(f"{LIST}?action=1").content.decode()
    assert f'href="{LIST}export/?action=1"' in html


def test_list_has_a_filter_by_date_and_reads_no_date_of_all_entries(office, browse):
    client = browse(office)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(LIST).text
    assert 'href="?timestamp__gte=' in html
    assert "trunc" not in str(queries.captured_queries).lower()


def test_unknown_filter_leads_back_to_the_list(office, browse):
    answer = browse(office).get(f"{LIST}export/?actor__password=x")
    assert answer.status_code in {302, 400}


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee"])
def test_nobody_else_has_the_table(role, person, alfa, browse):
    assert browse(person(role, alfa)).get(f"{LIST}export/").status_code == 403
