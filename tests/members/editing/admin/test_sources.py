"""Sources are named on the entry's own page: recorded ones or a new one."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone

from members.models import Citation, City, Meeting, Membership, Record, Source
from members.models.record import content_type_of
from portal.models import News
from tests.forms import fields_of
from tests.members.accession_cast import make_meeting, make_plan

pytestmark = pytest.mark.django_db

NEW = {"cite_address": "https://press.example.org/a", "cite_title": "The town has joined"}


@pytest.fixture
def office(person, browse):
    return browse(person("secretariat"))


def cited(record) -> list[str]:
    rows = Citation.objects.filter(content_type=content_type_of(record), object_id=record.pk)
    return [row.source.title for row in rows.order_by("pk")]


def save(client, address: str, form: str, **answers) -> None:
    fields = {**fields_of(client.get(address), form), **answers, "_publish": "Publish"}
    response = client.post(address, fields)
    assert response.status_code == 302, response.context["adminform"].form.errors


def test_new_city_is_published_with_a_source_that_is_typed(office, country):
    save(
        office,
        "/admin/members/city/add/",
        "city_form",
        slug="gamma",
        local_name="Gamma",
        name_en="Gamma",
        source_language="en",
        country=country.pk,
        **NEW,
    )
    city = City.objects.get(slug="gamma")
    assert city.published_at
    assert cited(city) == ["The town has joined"]
    assert "The town has joined" in office.get(f"/admin/members/city/{city.pk}/change/").text


def test_meeting_is_published_with_a_recorded_source_and_one_on_paper(office):
    recorded = Source.objects.create(url="https://press.example.org/b", title="Minutes")
    meeting = make_meeting()
    save(
        office,
        f"/admin/members/meeting/{meeting.pk}/change/",
        "meeting_form",
        cite_recorded=recorded.pk,
        cite_title="Minutes on paper",
    )
    assert Meeting.objects.get().published_at
    assert cited(meeting) == ["Minutes", "Minutes on paper"]


def test_planned_meeting_is_announced_by_the_office_itself(office, client):
    """The office is its own source for what it plans, and the page says so; no longer once it is
    over."""
    soon = timezone.localdate() + timedelta(days=20)
    address = "/admin/members/meeting/add/"
    fields = fields_of(office.get(address), "meeting_form")
    fields |= {"kind": "general_assembly", "starts": soon.isoformat(), "source_language": "en"}
    answer = office.post(address, {**fields, "_publish": "Publish"})
    assert answer.status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.published_at
    page = client.get(f"/en/meetings/{meeting.pk}/").text
    assert "Announced by the network’s office on" in page
    assert "No source yet says" not in page
    assert "Where it took place" not in page
    past = timezone.localdate() - timedelta(days=1)
    days = {"starts": past.isoformat(), "published_at": timezone.now() - timedelta(days=9)}
    Meeting.objects.update(**days)
    page = client.get(f"/en/meetings/{meeting.pk}/").text
    assert "No source yet says that it was held." in page


def test_meeting_that_is_over_needs_a_source(office):
    meeting = make_meeting()
    Meeting.objects.update(starts="2024-05-01")
    address = f"/admin/members/meeting/{meeting.pk}/change/"
    fields = fields_of(office.get(address), "meeting_form")
    answer = office.post(address, {**fields, "_publish": "Publish"})
    assert list(answer.context["adminform"].form.errors) == ["cite_address"]
    assert Meeting.objects.get().published_at is None


def test_news_names_the_recorded_source_of_its_address_once(office):
    recorded = Source.objects.create(url=NEW["cite_address"], title="Recorded before")
    news = News.objects.create(on="2024-05-01", slug="joined", title_en="In", lead_en="So.")
    for _time in range(2):
        save(office, f"/admin/portal/news/{news.pk}/change/", "news_form", **NEW)
    assert cited(news) == ["Recorded before"]
    assert Source.objects.get() == recorded


NEW_ROWS = {
    "news": ("portal/news", {"on": "01/05/2024", "slug": "in", "title_en": "In", "lead_en": "So."}),
    "city": ("members/city", {"slug": "gamma", "local_name": "Gamma", "name_en": "Gamma"}),
    "meeting": ("members/meeting", {"kind": "general_assembly", "starts": "01/05/2024"}),
}


@pytest.mark.parametrize("kind", NEW_ROWS)
def test_publishing_without_a_source_stays_on_the_form_and_saves_nothing(kind, office, country):
    path, answers = NEW_ROWS[kind]
    address = f"/admin/{path}/add/"
    fields = {**fields_of(office.get(address), f"{kind}_form"), **answers, "source_language": "en"}
    if kind == "city":
        fields["country"] = country.pk
    response = office.post(address, {**fields, "_publish": "Publish"})
    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["cite_address"]
    assert [link.field for link in response.context["error_links"]] == ["id_cite_address"]
    assert "names no source" in response.text
    again = fields_of(response, f"{kind}_form")
    assert {name: again[name][0] for name in answers} == answers
    assert not any(model.objects.exists() for model in (News, Meeting))
    assert not City.objects.filter(slug="gamma").exists()
    saved = office.post(address, {**again, "_save": "Save"})
    assert saved.status_code == 302


def test_promise_without_a_word_stays_on_the_form_with_what_is_lacking(office, alfa):
    address = "/admin/members/commitment/add/"
    fields = fields_of(office.get(address), "commitment_form")
    fields |= {"city": alfa.pk, "point": make_plan().pk, "chosen": "yes", **NEW}
    response = office.post(address, {**fields, "_publish": "Publish"})
    assert list(response.context["adminform"].form.errors) == ["statement_en"]
    assert not alfa.commitments.exists()


def test_address_that_is_none_is_said_at_its_field(office):
    meeting = make_meeting()
    address = f"/admin/members/meeting/{meeting.pk}/change/"
    fields = {**fields_of(office.get(address), "meeting_form"), "cite_address": "no address"}
    response = office.post(address, {**fields, "_publish": "Publish"})
    assert response.context["adminform"].form.errors["cite_address"]
    assert not Source.objects.exists()


def test_every_published_kind_has_the_fields_where_the_office_edits_it(rf, person, alfa_rows):
    request = rf.get("/admin/")
    request.user = person("secretariat")
    without = []
    for model, page in admin.site._registry.items():
        row = alfa_rows.get(model._meta.label_lower)
        if not issubclass(model, Record) or row is None or not page.publishes:
            continue
        if not page.has_change_permission(request, row):
            continue
        panels = [panel["fields"] for _title, panel in page.get_fieldsets(request, row)]
        if not any("cite_address" in fields for fields in panels):
            without.append(model._meta.label_lower)
    assert without == []


def test_coordinator_states_and_is_not_asked_for_sources(person, browse, alfa):
    lead = browse(person("lead", alfa))
    assert "cite_address" not in lead.get(f"/admin/members/city/{alfa.pk}/change/").text


def test_citations_have_no_line_in_the_menu_and_ask_for_no_number(office, alfa):
    assert 'href="/admin/members/citation/"' not in office.get("/admin/").text
    assert office.get("/admin/members/citation/add/").status_code == 403
    source = Source.objects.create(url="https://press.example.org/c", title="Page")
    citation = Citation.objects.create(
        source=source, content_type=content_type_of(alfa), object_id=alfa.pk, field="population"
    )
    page = office.get(f"/admin/members/citation/{citation.pk}/change/").text
    assert 'name="object_id"' not in page
    assert 'name="content_type"' not in page
    assert "population" in page
    assert Membership.objects.count() == 0
