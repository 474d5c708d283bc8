"""What a town-hall employee meets in the administration."""

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import override

from languages.models import Freshness
from members.models import Citation, City, FormerSlug, Source, SupportContact, Unit
from members.models.record import content_type_of
from members.services import entries
from portal.models import News
from portal.staff_site import GROUPS
from tests.conftest import make_city
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

ADD_UNIT = "/admin/members/unit/add/"


def unit_fields(city: City, **more: object) -> dict[str, object]:
    return {"city": city.pk, "source_language": "en", "name_en": "Office for Equality", **more}


def no_parts(*names: str) -> dict[str, int]:
    """What a page sends for parts of which it shows none."""
    return {f"{name}-{part}": 0 for name in names for part in ("TOTAL_FORMS", "INITIAL_FORMS")}


def city_fields(city: City, **more: object) -> dict[str, object]:
    inlines = no_parts("other_names", "former_slugs")
    fields = {
        "source_language": "en",
        "slug": city.slug,
        "kind": city.kind,
        "local_name": city.local_name,
    }
    return {**fields, "country": city.country_id, "name_en": "Alfa", **inlines, **more}


def test_what_a_coordinator_writes_is_the_citys_own_statement(person, alfa, browse):
    browse(person("editor", alfa)).post(ADD_UNIT, unit_fields(alfa, name_pl="Biuro Równości"))
    unit = Unit.objects.get()
    assert (unit.origin, unit.stated_at.date(), unit.published_at) == (
        "stated",
        timezone.now().date(),
        None,
    )
    row = Freshness.objects.get()
    assert (row.field, row.language, row.how) == ("name", "pl", "office")


def test_publishing_needs_a_source_unless_the_city_states_it(person, alfa, browse):
    office = browse(person("secretariat"))
    response = office.post(ADD_UNIT, unit_fields(alfa, _publish="1"), follow=True)
    assert "names no source" in response.content.decode()
    assert not Unit.objects.exists()
    office.post(ADD_UNIT, unit_fields(alfa))
    unit = Unit.objects.get()
    assert unit.published_at is None
    source = Source.objects.create(url="https://example.org/x")
    Citation.objects.create(source=source, content_type=content_type_of(unit), object_id=unit.pk)
    office.post(f"/admin/members/unit/{unit.pk}/change/", unit_fields(alfa, _publish="1"))
    unit.refresh_from_db()
    assert unit.published_at is not None


def test_coordinator_publishes_their_own_text(person, alfa, browse, client):
    browse(person("lead", alfa)).post(ADD_UNIT, unit_fields(alfa, _publish="1"))
    assert "Office for Equality" in client.get("/en/cities/alfa/").content.decode()


def test_missing_source_text_is_an_error_at_its_field_and_nothing_typed_is_lost(
    person, alfa, browse
):
    fields = unit_fields(alfa, name_en="", name_pl="Biuro", email="not-an-address")
    response = browse(person("lead", alfa)).post(ADD_UNIT, fields)
    errors = response.context["adminform"].form.errors
    assert set(errors) == {"name_en", "email"}
    html = response.content.decode()
    assert 'value="Biuro"' in html
    assert 'value="not-an-address"' in html


def test_error_in_a_folded_panel_opens_it(person, alfa, browse):
    response = browse(person("lead", alfa)).post(ADD_UNIT, unit_fields(alfa, name_pl="x" * 300))
    html = response.content.decode()
    panel = html[
        : html.index('lang="pl"', html.index('<details class="language-panel"'))
    ].rpartition("<details")[2]
    assert "open" in panel


def test_broken_constraint_speaks_on_the_form(person, alfa, browse):
    Unit.objects.create(city=alfa, name_en="First", is_focal_point=True)
    response = browse(person("lead", alfa)).post(ADD_UNIT, unit_fields(alfa, is_focal_point="on"))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert errors["is_focal_point"] == [
        "Another office of the city is its focal point. There can be only one."
    ]


def test_half_a_pair_of_coordinates_speaks_on_the_form(person, alfa, browse):
    response = browse(person("lead", alfa)).post(
        f"/admin/members/city/{alfa.pk}/change/", city_fields(alfa, latitude="50.1")
    )
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


@pytest.mark.parametrize(
    "text", ["a\x00b", "\u202e", "😀" * 50, "<script>alert(1)</script>", "x" * 200_000]
)
def test_odd_text_is_kept_or_refused_and_never_an_error_of_the_server(text, person, alfa, browse):
    response = browse(person("lead", alfa)).post(
        f"/admin/members/city/{alfa.pk}/change/", city_fields(alfa, introduction_en=text)
    )
    assert response.status_code in {200, 302}


def test_changed_address_of_a_city_leaves_the_old_one_behind(person, alfa, browse, client):
    response = browse(person("secretariat")).post(
        f"/admin/members/city/{alfa.pk}/change/", city_fields(alfa, slug="alfa-nova")
    )
    assert response.status_code == 302
    assert FormerSlug.objects.get().slug == "alfa"
    assert client.get("/en/cities/alfa/")["Location"] == "/en/cities/alfa-nova/"


def test_log_says_who_when_and_what_in_which_language(person, alfa, browse):
    user = person("lead", alfa)
    response = browse(user).post(
        f"/admin/members/city/{alfa.pk}/change/", city_fields(alfa, introduction_pl="Tekst")
    )
    entry = LogEntry.objects.get_for_object(City.objects.get(pk=alfa.pk)).filter(actor=user).get()
    assert entry.changes["introduction_pl"] == [None, "Tekst"]
    assert "introduction" not in entry.changes
    assert entry.cid == response["X-Request-ID"]
    assert entry.remote_addr is None


def test_log_speaks_the_persons_language(person, alfa, browse):
    """The library's own list says “system”, “1 change: introduction_pl” and “Correlation ID” in
    every language."""
    changes = city_fields(alfa, introduction_pl="Tekst", kind="district")
    browse(person("secretariat")).post(f"/admin/members/city/{alfa.pk}/change/", changes)
    entry = LogEntry.objects.get_for_object(alfa).get(changes__has_key="introduction_pl")
    office = browse(person("secretariat", language="pl"))
    html = office.get("/admin/auditlog/logentry/").content.decode()
    assert "sam portal" in html
    assert "wprowadzenie (Polski)" in html
    assert f'<a href="/admin/members/city/{alfa.pk}/change/">Miasto: Alfa</a>' in html
    english = ("system", "change: ", "changes: ", "Correlation", "introduction_pl")
    assert [word for word in english if word in html] == []
    html = office.get(f"/admin/auditlog/logentry/{entry.pk}/change/").content.decode()
    assert "Zmieniono: Alfa" in html
    assert "<ins>Tekst</ins>" in html
    assert "<ins>dzielnica miasta</ins>" in html
    assert [word for word in ("Updated", ">From<", ">Field<", "district") if word in html] == []


def test_passwords_and_tokens_never_reach_the_log(person):
    user = person("secretariat")
    user.set_password("another-long-password")
    user.save()
    assert "argon2" not in str([entry.changes for entry in LogEntry.objects.all()])
    assert not any("password" in (entry.changes or {}) for entry in LogEntry.objects.all())


def test_administration_speaks_the_persons_language(person, alfa, browse):
    html = browse(person("lead", alfa, language="uk")).get("/admin/", follow=True).content.decode()
    assert '<html lang="uk"' in html


def test_page_of_an_entry_leads_to_what_the_public_reads(person, alfa, browse):
    unit = Unit.objects.create(city=alfa, name_en="Office", published_at=timezone.now())
    html = (
        browse(person("lead", alfa)).get(f"/admin/members/unit/{unit.pk}/change/").content.decode()
    )
    assert 'href="/en/cities/alfa/" class="see-public"' in html


def test_coordinator_with_one_city_need_not_choose_it(person, alfa, beta, browse):
    form = browse(person("lead", alfa)).get(ADD_UNIT).context["adminform"].form
    assert [city.pk for city in form.fields["city"].queryset] == [alfa.pk]
    assert form.initial["city"] == alfa.pk


def test_search_in_a_list_is_blind_to_diacritics(person, country, browse):
    make_city(
        country, "lodz", name_pl="Łódź", local_name="Łódź", source_language="pl", name_en=None
    )
    html = browse(person("secretariat")).get("/admin/members/city/?q=lodz").content.decode()
    assert "Łódź" in html


def test_lists_cost_the_same_with_one_row_and_with_three(
    person, alfa, browse, django_assert_num_queries
):
    client = browse(person("secretariat"))
    client.get("/admin/members/city/")
    with django_assert_num_queries(8):
        client.get("/admin/members/city/")
    for slug in ("b", "c"):
        make_city(alfa.country, slug)
    with django_assert_num_queries(8):
        client.get("/admin/members/city/")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_box_before_a_row_is_as_django_draws_it(language, alfa):
    """Written without a template, character for character the same."""
    alfa.name_en = alfa.name_uk = alfa.local_name = 'A "<b>" & B'
    shown = admin.site._registry[City]
    with override(language):
        own = admin.ModelAdmin.action_checkbox(shown, alfa)
        assert shown.action_checkbox(alfa) == own
    assert "&lt;b&gt;" in own


def test_contact_of_a_coordinator_must_name_their_city(person, alfa, alfa_rows, browse):
    fields = {
        "source_language": "en",
        "organisation": alfa_rows["members.organisation"].pk,
        "what_it_does_en": "Listens.",
    }
    SupportContact.objects.all().delete()
    response = browse(person("lead", alfa)).post("/admin/members/supportcontact/add/", fields)
    assert "city" in response.context["adminform"].form.errors


def test_contact_that_its_city_enters_or_publishes_was_checked_with_that(
    person, alfa, alfa_rows, browse
):
    SupportContact.objects.all().delete()
    fields = {
        "source_language": "en",
        "city": alfa.pk,
        "organisation": alfa_rows["members.organisation"].pk,
        "kind": "advice",
        "url": "https://example.org/help",
        "what_it_does_en": "Listens.",
        "_save": "",
    }
    for email, expected in (("secretariat", None), ("lead", timezone.localdate())):
        user = person(email, None if email == "secretariat" else alfa)
        answer = browse(user).post("/admin/members/supportcontact/add/", fields)
        assert answer.status_code == 302
        contact = SupportContact.objects.get()
        assert contact.last_checked_on == expected
        SupportContact.objects.update(
            last_checked_on=None, published_at=None, origin="stated", stated_at=timezone.now()
        )
        entries.publish(record=contact, by=user)
        assert SupportContact.objects.get().last_checked_on == expected
        contact.delete()


def test_saving_a_public_entry_publishes_none_of_its_drafts(person, alfa_rows, browse):
    programme, edition = alfa_rows["programs.programme"], alfa_rows["programs.edition"]
    type(edition).objects.filter(pk=edition.pk).update(published_at=None)
    fields = {
        "source_language": "en",
        "slug": programme.slug,
        "kind": programme.kind,
        "original_name": "New name",
        "city": programme.city_id,
        **no_parts("participations", "grants", "coverage", "links"),
    }
    response = browse(person("lead", programme.city)).post(
        f"/admin/programs/programme/{programme.pk}/change/", fields
    )
    assert response.status_code == 302
    edition.refresh_from_db()
    assert edition.published_at is None


def test_publishing_takes_the_citys_own_parts_along_and_leaves_what_has_no_source(
    person, alfa_rows, browse
):
    programme, edition = alfa_rows["programs.programme"], alfa_rows["programs.edition"]
    item = alfa_rows["programs.programmeitem"]
    for row in (programme, edition, item):
        type(row).objects.filter(pk=row.pk).update(
            published_at=None, origin="stated", stated_at=timezone.now()
        )
    event = alfa_rows["programs.editionevent"]
    type(event).objects.filter(pk=event.pk).update(published_at=None)
    fields = {"action": "publish_selected", "_selected_action": [programme.pk]}
    browse(person("lead", programme.city)).post("/admin/programs/programme/", fields)
    for row in (programme, edition, item, event):
        row.refresh_from_db()
    assert [bool(row.published_at) for row in (programme, edition, item, event)] == [
        True,
        True,
        True,
        False,
    ]


def test_coordinator_deletes_a_cited_row_with_its_citation(person, alfa_rows, browse):
    unit = alfa_rows["members.unit"]
    source = Source.objects.create(url="https://example.org/unit")
    Citation.objects.create(source=source, content_type=content_type_of(unit), object_id=unit.pk)
    response = browse(person("lead", unit.city)).post(
        f"/admin/members/unit/{unit.pk}/delete/", {"post": "yes"}
    )
    assert response.status_code == 302
    assert not Unit.objects.filter(pk=unit.pk).exists()


def test_front_page_names_every_model_of_the_administration_once():
    grouped = [label for _name, labels in GROUPS for label in labels.split()]
    assert sorted(grouped) == sorted(model._meta.label_lower for model in admin.site._registry)


def test_front_page_begins_with_the_city(person, alfa, browse):
    html = browse(person("lead", alfa)).get("/admin/", follow=True).content.decode()
    assert (
        html.index("What waits")
        < html.index("Look after the city and its contacts")
        < html.index('href="/admin/members/unit/"')
        < html.index("Keep programmes")
    )
    assert "/admin/members/plan/" not in html


# --- Sent twice -----------------------------------------------------------------------------------


def test_same_form_sent_twice_adds_one_entry(person, browse):
    """After the browser's "Back": the same content leads to the entry, another adds a second."""
    office = browse(person("secretariat"))
    address = "/admin/portal/news/add/"
    fields = fields_of(office.get(address), "news_form")
    fields |= {"on": "1/5/2024", "title_en": "In", "source_language": "en", "_save": "Save"}
    assert office.post(address, fields).status_code == 302
    (first,) = News.objects.all()
    for button in ("_save", "_addanother"):
        again = office.post(address, {**fields, button: "Save"}, follow=True)
        assert again.redirect_chain[0][0] == f"/admin/portal/news/{first.pk}/change/"
        assert "It was not added a second time" in again.text
    assert News.objects.count() == 1
    assert office.post(address, {**fields, "title_en": "Out"}).status_code == 302
    assert browse(person("secretariat")).post(address, fields).status_code == 302
    first.delete()
    assert office.post(address, fields).status_code == 302
    assert News.objects.count() == 3


# --- Names in order -------------------------------------------------------------------------------


def test_cities_stand_in_the_order_of_the_names_that_the_reader_sees(person, browse, country):
    names = {"one": ("Zurich", "Cirych"), "two": ("Cologne", "Kolonia"), "three": ("Oslo", "Oslo")}
    for slug, (english, polish) in names.items():
        make_city(country, slug, name_en=english, name_pl=polish)
    order = {}
    for language in ("en", "pl"):
        client = browse(person("secretariat", language=language))
        form = client.get("/admin/members/invitation/add/").context["adminform"].form
        order[language] = [row.slug for row in form.fields["city"].queryset]
        rows = client.get("/admin/members/city/").context["cl"].result_list
        assert [row.slug for row in rows] == order[language]
    assert order == {"en": ["two", "three", "one"], "pl": ["one", "two", "three"]}
