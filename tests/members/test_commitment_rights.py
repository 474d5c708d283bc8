"""Another city's promises, actions and drafts do not exist: in choices, filters, autocomplete,
history, bulk actions, file links and on the coordinator's own pages. Every one of these ways, for
every kind of entry of a commitment."""

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.utils import timezone

from languages.text import column, translated_fields
from members.models import Document, Draft, Evidence, Plan
from tests.forms import fields_of

pytestmark = pytest.mark.django_db

LABELS = [
    "commitment",
    "undertaking",
    "action",
    "evidence",
    "actionupdate",
    "indicator",
    "indicatorvalue",
    "review",
    "draft",
]
# Kinds that a coordinator writes, each with the keys that tie it to a city.
TIES = {
    "commitment": ["city", "unit"],
    "action": ["commitment", "unit"],
    "evidence": ["action", "document"],
    "actionupdate": ["action"],
    "indicator": ["commitment", "action"],
    "indicatorvalue": ["indicator"],
}


@pytest.fixture
def ada(person, alfa, browse, alfa_rows) -> Client:
    Plan.objects.update(published_at=timezone.now())
    return browse(person("lead", alfa, name="Ada"))


def base(label: str) -> str:
    return f"/admin/members/{label}/"


def text(response) -> str:
    return response.content.decode()


def row_of(rows: dict, label: str) -> models.Model:
    return rows[f"members.{label}"]


def state(rows: dict) -> dict[str, dict]:
    """All columns of the rows of a commitment."""
    found = {}
    for label in LABELS:
        row = row_of(rows, label)
        found[label] = type(row).objects.filter(pk=row.pk).values().first()
    return found


# --- Choices of foreign keys ----------------------------------------------------------------------


@pytest.mark.parametrize("label", TIES)
def test_choices_name_nothing_of_another_city(label, ada, alfa_rows, beta_rows):
    for page in (f"{base(label)}add/", f"{base(label)}{row_of(alfa_rows, label).pk}/change/"):
        assert "ZEBRA" not in text(ada.get(page)), page


@pytest.mark.parametrize(
    ("label", "name"), [(label, name) for label, names in TIES.items() for name in names]
)
def test_row_is_tied_to_nothing_of_another_city(label, name, ada, alfa_rows, beta_rows):
    row = row_of(alfa_rows, label)
    page = f"{base(label)}{row.pk}/change/"
    foreign = beta_rows[type(row)._meta.get_field(name).related_model._meta.label_lower]
    before = getattr(row, f"{name}_id")
    response = ada.post(page, {**fields_of(ada.get(page), f"{label}_form"), name: foreign.pk})
    assert response.status_code == 200
    assert name in response.context["adminform"].form.errors
    row.refresh_from_db()
    assert getattr(row, f"{name}_id") == before
    new = {**fields_of(ada.get(f"{base(label)}add/"), f"{label}_form"), name: foreign.pk}
    count = type(row).objects.count()
    assert ada.post(f"{base(label)}add/", new).status_code == 200
    assert type(row).objects.count() == count


# --- Filters beside a list, and autocomplete ------------------------------------------------------


@pytest.mark.parametrize("label", LABELS)
def test_filters_of_a_list_offer_and_find_nothing_of_another_city(label, ada, alfa_rows, beta_rows):
    row = row_of(beta_rows, label)
    assert "ZEBRA" not in text(ada.get(base(label)))
    for item in admin.site._registry[type(row)].list_filter:
        value: object = row
        for step in str(item).split("__"):
            value = getattr(value, step)
        key = value.pk if isinstance(value, models.Model) else value
        lookup = f"{item}__id__exact" if isinstance(value, models.Model) else f"{item}__exact"
        response = ada.get(base(label), {lookup: key})
        assert response.status_code in {200, 302}, lookup
        assert "ZEBRA" not in text(response), lookup
    assert "ZEBRA" not in text(ada.get(base(label), {"q": "zebr"}))


@pytest.mark.parametrize("label", LABELS)
def test_autocomplete_offers_nothing_of_another_city(label, ada, alfa_rows, beta_rows):
    model = apps.get_model(f"members.{label}")
    for field in model._meta.concrete_fields:
        if field.is_relation:
            asked = {
                "app_label": "members",
                "model_name": label,
                "field_name": field.name,
                "term": "ZEBRA",
            }
            response = ada.get("/admin/autocomplete/", asked)
            assert response.status_code == 403 or "ZEBRA" not in text(response), field.name


# --- History, old versions, and what is done with many rows at once -------------------------------


@pytest.mark.parametrize("label", [label for label in LABELS if label != "draft"])
def test_history_and_old_versions_of_another_city_do_not_exist(label, ada, alfa_rows, beta_rows):
    own, foreign = row_of(alfa_rows, label), row_of(beta_rows, label)
    entry = LogEntry.objects.get_for_object(foreign).first()
    assert ada.get(f"{base(label)}{foreign.pk}/history/").status_code == 404
    assert "ZEBRA" not in text(ada.get(f"{base(label)}{own.pk}/history/"))
    response = ada.get(f"{base(label)}{own.pk}/change/", {"version": entry.pk})
    assert response.status_code == (200 if label in {"review", "undertaking"} else 404)
    assert "ZEBRA" not in text(response)


@pytest.mark.parametrize("label", LABELS)
def test_bulk_actions_and_single_buttons_leave_another_city_alone(label, ada, alfa_rows, beta_rows):
    row, before = row_of(beta_rows, label), state(beta_rows)
    for action in ("delete_selected", "publish_selected", "withdraw_selected", "confirm_selected"):
        sent = {"action": action, "_selected_action": [row.pk], "post": "yes", "select_across": "1"}
        response = ada.post(base(label), {**sent, "select_across": "0"}, follow=True)
        assert "ZEBRA" not in text(response), action
    for page in ("change/", "delete/", "draft/discard/", "confirm/", "adopt/", "reply/"):
        response = ada.post(
            f"{base(label)}{row.pk}/{page}", {"post": "yes", "_draft": "1"}, follow=True
        )
        assert response.status_code == 404, page
    assert state(beta_rows) == before


# --- Files ----------------------------------------------------------------------------------------


def test_file_that_is_evidence_of_another_city_opens_for_nobody_before_it_is_public(
    ada, alfa_rows, beta_rows, person, beta, browse
):
    document = beta_rows["members.document"]
    action = beta_rows["members.action"]
    Evidence.objects.create(
        action=action, document=document, published_at=timezone.now(), note_en="GIRAFFE"
    )

    def code(client: Client) -> int:
        response = client.get(f"/documents/{document.pk}/")
        # Read to its end, as a browser does.
        if response.streaming:
            assert b"".join(response.streaming_content)
        return response.status_code

    assert code(browse(person("viewer", beta))) == 200
    assert code(ada) == code(Client()) == 404
    assert "GIRAFFE" not in text(Client().get("/en/cities/beta/"))
    assert "GIRAFFE" not in text(ada.get("/admin/city/alfa/points/1/"))
    Document.objects.filter(pk=document.pk).update(public_since=timezone.now())
    assert code(Client()) == 200
    assert "GIRAFFE" in text(Client().get("/en/cities/beta/"))


# --- The coordinator's own pages ------------------------------------------------------------------

TELLING = ("confirm_all", "confirm", "adopt", "deny", "take_back", "finish")
WRITING = ("save", "publish", "draft", "take_up", "begin", "translate", "evidence", "update")


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee"])
def test_pages_of_another_city_do_not_exist_for_anybody_of_this_one(
    role, person, alfa, alfa_rows, beta_rows, browse
):
    client, before = browse(person(role, alfa)), state(beta_rows)
    action = beta_rows["members.action"]
    for page in (
        "/admin/city/beta/",
        "/admin/city/beta/points/1/",
        f"/admin/city/beta/actions/{action.pk}/",
    ):
        assert client.get(page).status_code == 404, page
        for verb in (*TELLING, *WRITING):
            sent = {
                "do": verb,
                "key": action.pk,
                "own-title": "x",
                "promise-chosen": "no",
                "action-title_en": "x",
            }
            assert client.post(page, sent).status_code == 404, (page, verb)
    assert state(beta_rows) == before


def test_rows_of_another_city_are_reached_through_no_page_of_ones_own(ada, alfa_rows, beta_rows):
    before = state(beta_rows)
    action, commitment = beta_rows["members.action"], beta_rows["members.commitment"]
    own = alfa_rows["members.action"]
    pages = [
        "/admin/city/alfa/",
        "/admin/city/alfa/points/1/",
        f"/admin/city/alfa/actions/{own.pk}/",
    ]
    for page in pages:
        for verb in TELLING[1:]:
            for key in {action.pk, commitment.pk} - {own.pk, alfa_rows["members.commitment"].pk}:
                assert ada.post(page, {"do": verb, "key": key}).status_code == 404, (page, verb)
    document = {"do": "save", "proof-documents": beta_rows["members.document"].pk}
    assert ada.post(pages[2], document).status_code == 200
    assert ada.get(f"/admin/city/alfa/actions/{action.pk}/").status_code == 404
    assert state(beta_rows) == before


# --- What is not public ---------------------------------------------------------------------------

PUBLIC = [
    "/en/",
    "/en/cities/",
    "/en/cities/?point=1",
    "/en/cities/?work=evidence",
    "/en/cities/beta/",
    "/pl/cities/beta/",
    "/en/cities/beta/changes/",
    "/en/cities/beta/feed/",
    "/en/plan/",
    "/en/plan/1/",
    "/en/countries/pl/",
    "/en/search/?q=giraffe",
    "/en/search/suggest/?q=giraffe",
    "/sitemap.xml",
]


def seed(rows: dict, labels: list[str]) -> None:
    """Write the marker into every text of these rows, and take them off the public pages."""
    for label in labels:
        row = row_of(rows, label)
        row.published_at = None
        for name in translated_fields(type(row)):
            for code in ("en", "pl"):
                if hasattr(row, column(name, code)) and not name.startswith("reply"):
                    setattr(row, column(name, code), "GIRAFFE")
        row.save()
    Draft.objects.filter(city__slug="beta").update(
        values={"name_en": "GIRAFFE"}, rows={"x": ["GIRAFFE"]}
    )


@pytest.mark.parametrize("label", [label for label in LABELS if label != "draft"])
def test_what_was_never_published_is_read_by_nobody_outside_the_city(label, ada, beta_rows):
    seed(beta_rows, [label])
    for client in (Client(), ada):
        shown = [url for url in PUBLIC if "GIRAFFE" in text(client.get(url))]
        assert shown == []
    pages = [base(one) for one in LABELS] + [
        "/admin/",
        "/admin/city/alfa/",
        "/admin/city/alfa/points/1/",
    ]
    assert [url for url in pages if "GIRAFFE" in text(ada.get(url, follow=True))] == []
    # The marker would be seen where it may be.
    row = row_of(beta_rows, label)
    row.published_at = timezone.now()
    row.save()
    assert "GIRAFFE" in text(Client().get("/en/cities/beta/")) or not translated_fields(type(row))


FILES = ("commitments", "undertakings", "actions", "indicators")
MODULES = {f"members.models.{name}" for name in FILES}


def test_every_kind_of_entry_of_a_commitment_is_looked_at():
    kinds = {model._meta.model_name for model in apps.get_app_config("members").get_models()}
    of_commitments = {
        model._meta.model_name
        for model in apps.get_app_config("members").get_models()
        if model.__module__ in MODULES
    }
    assert set(LABELS) == of_commitments | {"draft"}
    assert set(LABELS) <= kinds


def test_the_test_of_leaks_would_see_one(person, browse, alfa, beta, beta_rows, alfa_rows):
    user = person("lead", alfa)
    user.roles.create(city=beta, role="viewer")
    client = browse(user)
    assert "ZEBRA" in text(client.get(f"{base('action')}"))
