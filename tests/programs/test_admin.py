"""What a coordinator meets when they enter a programme: parts on its page, typed names, and clear
words."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.models import City, LegalAct, Organisation, Source, SupportContact
from members.services import contacts
from members.slugs import free_slug
from programs.models import (
    Coverage,
    Edition,
    Evaluation,
    Grant,
    Participation,
    Programme,
    ProgrammeItem,
    ProgrammeLink,
)
from programs.services import evaluations

pytestmark = pytest.mark.django_db

ADD = "/admin/programs/programme/add/"
ADD_EDITION = "/admin/programs/edition/add/"


def parts(**groups: list[dict]) -> dict[str, object]:
    """What a page sends for its parts: `parts(grants=[{"fund": "A fund"}])`."""
    sent: dict[str, object] = {}
    for name, rows in groups.items():
        sent |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
        sent |= {
            f"{name}-{number}-{key}": value
            for number, row in enumerate(rows)
            for key, value in row.items()
        }
    return sent


def programme_fields(city, **more) -> dict[str, object]:
    groups = {
        name: more.pop(name, []) for name in ("participations", "grants", "coverage", "links")
    }
    fields = {
        "source_language": "pl",
        "kind": "policy",
        "original_name": "Otwarta Alfa",
        "city": city.pk,
    }
    return {**fields, **parts(**groups), **more}


def edition_fields(programme, **more) -> dict[str, object]:
    groups = {name: more.pop(name, []) for name in ("events", "items", "spendings", "evaluations")}
    return {
        "source_language": "pl",
        "programme": programme.pk,
        "label": "New",
        **parts(**groups),
        **more,
    }


@pytest.fixture
def lead(person, alfa):
    return person("lead", alfa, language="pl")


@pytest.fixture
def programme(alfa):
    return Programme.objects.create(
        slug="p", kind="policy", original_name="P", city=alfa, source_language="pl"
    )


def errors_of(response) -> str:
    """Every error of the page and of its parts."""
    formsets = [formset.formset for formset in response.context["inline_admin_formsets"]]
    found = [response.context["adminform"].form.errors, *(formset.errors for formset in formsets)]
    return " ".join(map(str, found))


def test_programme_is_entered_with_its_parts_and_what_they_name_for_the_first_time(
    lead, alfa, browse
):
    fields = programme_fields(
        alfa,
        participations=[
            {"organisation": "Nowe Głosy", "role": "author"},
            {"organisation": "Nowe Głosy", "role": "partner", "written_note": "Pisze."},
        ],
        grants=[
            {"fund": "Fundusz Miast", "notice": "Ze środków Funduszu.", "notice_language": "pl"}
        ],
        coverage=[{"kind": "radio", "source_title": "Rozmowa", "source_publisher": "Radio Alfa"}],
        links=[{"kind": "grew_out_of", "other": "Dawny projekt"}],
        _publish="1",
    )
    browse(lead).post(ADD, fields)
    programme = Programme.objects.get(slug="otwarta-alfa")
    organisation = Organisation.objects.get(original_name="Nowe Głosy")
    assert set(Participation.objects.values_list("role", "organisation")) == {
        ("author", organisation.pk),
        ("partner", organisation.pk),
    }
    assert Participation.objects.get(role="partner").note_pl == "Pisze."
    assert (organisation.city, organisation.source_language, organisation.origin) == (
        alfa,
        "pl",
        "stated",
    )
    assert Grant.objects.get().fund.kind == "fund"
    assert Coverage.objects.get().source.publisher == "Radio Alfa"
    assert ProgrammeLink.objects.get().other.slug == "dawny-projekt"
    assert programme.published_at
    assert organisation.is_public


def test_texts_of_parts_stand_in_the_language_that_was_chosen_on_the_page(lead, programme, browse):
    fields = edition_fields(
        programme, source_language="sv", items=[{"kind": "priority", "written_text": "Öppet hus"}]
    )
    browse(lead).post(ADD_EDITION, fields)
    item = ProgrammeItem.objects.get()
    assert (item.text_sv, item.text_pl, item.source_language) == ("Öppet hus", None, "sv")


def test_items_without_an_order_are_counted_on_kind_by_kind(lead, programme, browse):
    rows = [{"kind": kind, "written_text": kind} for kind in ("priority", "activity", "priority")]
    browse(lead).post(ADD_EDITION, edition_fields(programme, items=rows))
    assert set(ProgrammeItem.objects.values_list("kind", "order")) == {
        ("priority", 1),
        ("priority", 2),
        ("activity", 1),
    }


def test_saving_a_programme_leads_to_its_edition(lead, alfa, browse):
    response = browse(lead).post(ADD, programme_fields(alfa, _edition="1"))
    programme = Programme.objects.get()
    assert response["Location"] == f"{ADD_EDITION}?programme={programme.pk}"
    form = browse(lead).get(response["Location"]).context["adminform"].form
    assert form["programme"].value() == str(programme.pk)


def test_publishing_an_edition_publishes_its_programme_with_it(lead, programme, browse):
    Programme.objects.update(origin="stated", stated_at=timezone.now())
    browse(lead).post(ADD_EDITION, edition_fields(programme, _publish="1"))
    programme.refresh_from_db()
    assert programme.published_at
    assert Edition.objects.get().published_at


def test_typed_name_of_another_citys_draft_makes_a_new_row_and_tells_nothing(
    lead, alfa, beta, browse
):
    foreign = Organisation.objects.create(slug="z", kind="other", original_name="ZEBRA", city=beta)
    fields = programme_fields(alfa, participations=[{"organisation": "ZEBRA", "role": "partner"}])
    html = browse(lead).get(ADD).content.decode()
    assert "ZEBRA" not in html
    browse(lead).post(ADD, fields)
    assert Participation.objects.get().organisation != foreign


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        ({"fund": "F", "notice_required": "yes"}, "The fund requires a notice"),
        ({"fund": "F", "year_from": 2024, "year_to": 2020}, "The end lies before the beginning"),
        ({"fund": "F", "amount": 5}, "Write the currency too"),
        ({"fund": "F", "currency": "EUR"}, "Write the amount too"),
        ({"fund": "F", "amount": 5, "currency": "E1"}, "three letters"),
        ({"fund": "F", "year_from": 99999}, "2100"),
        ({"notice": "Without a fund"}, "This field is required"),
    ],
)
def test_grant_that_does_not_fit_is_answered_at_its_field_and_nothing_is_lost(
    grant, words, person, alfa, browse
):
    fields = programme_fields(
        alfa, grants=[{**grant, "notice_language": "pl"}], website="https://example.org/kept"
    )
    response = browse(person("lead", alfa)).post(ADD, fields)
    assert response.status_code == 200
    assert words in errors_of(response)
    assert "https://example.org/kept" in response.content.decode()
    assert not Programme.objects.exists()
    assert not Organisation.objects.exists()


def test_coverage_without_title_and_address_asks_for_one(person, alfa, browse):
    response = browse(person("lead", alfa)).post(
        ADD, programme_fields(alfa, coverage=[{"kind": "press"}])
    )
    assert "Write its title" in errors_of(response)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2024", "2020", "The end lies before the beginning"),
        ("3.2024", "2024", "The end is less exact than the beginning"),
    ],
)
def test_edition_that_ends_before_it_begins_is_refused(
    first, last, words, person, programme, browse
):
    fields = edition_fields(programme, period_from=first, period_to=last)
    response = browse(person("lead", programme.city)).post(ADD_EDITION, fields)
    assert words in errors_of(response)


def test_event_that_ends_before_it_begins_is_refused(person, programme, browse):
    fields = edition_fields(
        programme, events=[{"kind": "adopted", "starts": "2.1.2024", "ends": "1.1.2024"}]
    )
    assert "The end lies before" in errors_of(
        browse(person("lead", programme.city)).post(ADD_EDITION, fields)
    )


@pytest.mark.parametrize(
    ("own", "other", "overlaps"),
    [
        (("2020", "2024"), ("2022", "2026"), True),
        (("2020", "2024"), ("2024", "2028"), False),
        (("2020-01", "2024-06"), ("2024-05", "2028"), True),
        (("2020", "2024"), ("2022", ""), True),
        (("2024", ""), ("2016", "2020"), False),
        (("", ""), ("2016", "2020"), False),
    ],
)
def test_edition_that_overlaps_another_is_kept_once_somebody_says_that_it_is_right(
    own, other, overlaps, person, programme, browse
):
    Edition.objects.create(
        programme=programme, label="Old", period_from=other[0], period_to=other[1]
    )
    client = browse(person("lead", programme.city))
    fields = edition_fields(programme, period_from=own[0], period_to=own[1])
    response = client.post(ADD_EDITION, fields)
    assert (response.status_code == 200) is overlaps
    if overlaps:
        assert "overlaps that of edition Old" in errors_of(response)
        assert 'type="checkbox" name="overlap_is_meant"' in response.content.decode()
        assert client.post(ADD_EDITION, {**fields, "overlap_is_meant": "on"}).status_code == 302
    assert Edition.objects.filter(label="New").exists()


def test_unit_of_another_city_does_not_coordinate(person, alfa, beta_rows, browse):
    unit = beta_rows["members.unit"]
    response = browse(person("secretariat")).post(
        ADD, programme_fields(alfa, coordinating_unit=unit.pk)
    )
    assert "belongs to another city" in errors_of(response)


def test_act_of_one_city_appoints_no_body_of_another(person, alfa, beta, browse):
    act = LegalAct.objects.create(city=alfa, kind="decree", number="1")
    fields = {
        "source_language": "en",
        "kind": "advisory-body",
        "original_name": "Board",
        "appointed_by": act.pk,
    }
    fields |= parts(tasks=[])
    client = browse(person("secretariat"))
    response = client.post("/admin/members/organisation/add/", {**fields, "city": beta.pk})
    assert "This act is one of another city" in errors_of(response)
    assert (
        client.post("/admin/members/organisation/add/", {**fields, "city": alfa.pk}).status_code
        == 302
    )
    response = client.post(
        "/admin/members/organisation/add/", {**fields, "original_name": "Second", "city": beta.pk}
    )
    assert "another city" in errors_of(response)


def test_tasks_of_a_body_are_typed_on_its_page(person, alfa, browse):
    fields = {
        "source_language": "en",
        "kind": "advisory-body",
        "original_name": "Board",
        "city": alfa.pk,
    }
    tasks = [{"written_text": "Listen."}, {"written_text": "Advise."}]
    browse(person("lead", alfa)).post(
        "/admin/members/organisation/add/", {**fields, **parts(tasks=tasks)}
    )
    assert list(Organisation.objects.get().tasks.values_list("order", "text_en")) == [
        (1, "Listen."),
        (2, "Advise."),
    ]


@pytest.fixture
def evaluation(programme):
    edition = Edition.objects.create(programme=programme, label="2020")
    source = Source.objects.create(title="Report")
    return Evaluation.objects.create(edition=edition, source=source, finding_en="Little was done.")


def test_city_replies_and_leaves_the_finding_alone(person, evaluation, browse):
    fields = {"finding_en": "Much was done.", "reply_en": "We disagree.", "source_language": "en"}
    user = person("lead", evaluation.edition.programme.city)
    browse(user).post(f"/admin/programs/evaluation/{evaluation.pk}/change/", fields)
    evaluation.refresh_from_db()
    assert (evaluation.finding_en, evaluation.reply_en, evaluation.origin) == (
        "Little was done.",
        "We disagree.",
        "cited",
    )
    assert (evaluation.replied_by, bool(evaluation.replied_at)) == (user, True)


def test_emptied_reply_takes_its_date_with_it(person, evaluation):
    user = person("lead", evaluation.edition.programme.city)
    evaluation.reply_en = "Soon."
    evaluations.reply(evaluation=evaluation, by=user, changed=["reply_en"])
    evaluation.reply_en = ""
    evaluations.reply(evaluation=evaluation, by=user, changed=["reply_en"])
    assert (evaluation.replied_at, evaluation.replied_by) == (None, None)


def test_outsider_does_not_reply(person, evaluation, beta):
    with pytest.raises(PermissionDenied):
        evaluations.reply(evaluation=evaluation, by=person("lead", beta), changed=["reply_en"])


@pytest.mark.parametrize(("days", "due"), [(None, True), (366, True), (365, False), (0, False)])
def test_contact_is_due_a_year_after_it_was_checked(days, due, alfa_rows):
    contact = alfa_rows["members.supportcontact"]
    contact.last_checked_on = None if days is None else timezone.localdate() - timedelta(days=days)
    contact.save()
    assert contact.is_due is due
    assert SupportContact.objects.due_for_check(timezone.localdate()).exists() is due


def test_contact_is_checked_with_one_press_and_keeps_its_origin(person, alfa, alfa_rows, browse):
    contact = alfa_rows["members.supportcontact"]
    client = browse(person("lead", alfa))
    assert "?check=never" in client.get("/admin/?all=1").content.decode()
    assert "Where to get help: never checked" in client.get("/admin/city/alfa/").content.decode()
    fields = {"action": "checked_today", "_selected_action": [contact.pk]}
    client.post("/admin/members/supportcontact/?check=never", fields)
    contact.refresh_from_db()
    assert (contact.last_checked_on, contact.origin) == (timezone.localdate(), "cited")
    assert "?check=never" not in client.get("/admin/?all=1").content.decode()
    assert (
        "Where to get help: never checked" not in client.get("/admin/city/alfa/").content.decode()
    )


def test_city_in_a_region_is_shown_the_regions_contacts_too(alfa, beta_rows, client):
    City.objects.filter(slug="beta").update(kind="region", region="North")
    SupportContact.objects.filter(city__slug="beta").update(email="help@example.org")
    City.objects.filter(pk=alfa.pk).update(region="North")
    html = client.get("/en/help/alfa/").content.decode()
    assert "Text ZEBRA" in html
    City.objects.filter(pk=alfa.pk).update(region="South")
    assert "ZEBRA" not in client.get("/en/help/alfa/").content.decode()


def test_viewer_checks_nothing(person, alfa, alfa_rows):
    with pytest.raises(PermissionDenied):
        contacts.check(contact=alfa_rows["members.supportcontact"], by=person("viewer", alfa))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Otwarty Kraków", "otwarty-krakow"),
        ("Розмай", "programme"),
        ("P", "p-2"),
        ("x" * 300, "x" * 96),
    ],
)
def test_address_is_made_of_the_name(name, slug, programme):
    assert free_slug(Programme, name) == slug
