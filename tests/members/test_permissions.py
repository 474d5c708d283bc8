"""The whole table: every role, every kind of entry, every verb; then the same through the admin's
own pages."""

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin

from members.models import City, CityRole, Unit
from members.permissions import RIGHTS, VERBS

pytestmark = pytest.mark.django_db

# v = view, a = add, c = change, d = delete; a dash: not at all. Written out here on purpose: a
# second pair of eyes on members/permissions.py. "lead" to "committee" are Alfa's people and the row
# is Alfa's; the neighbor is Beta's lead.
ROLES = ("secretariat", "lead", "editor", "viewer", "committee", "neighbor", "nobody")
TABLE = """
members.city             vacd  v-c-  v-c-  v---  ----  ----  ----
members.cityname         vacd  vacd  vacd  v---  ----  ----  ----
members.unit             vacd  vacd  vacd  v---  ----  ----  ----
members.legalact         vacd  vacd  vacd  v---  ----  ----  ----
members.document         vacd  vac-  vac-  v---  ----  ----  ----
members.supportcontact   vacd  vacd  vacd  v---  ----  ----  ----
members.organisation     vacd  vac-  vac-  v---  ----  ----  ----
members.bodytask         vacd  vacd  vacd  v---  ----  ----  ----
members.draft            v--d  v--d  v--d  ----  ----  ----  ----
members.formerslug       vacd  ----  ----  ----  ----  ----  ----
members.commitment       vacd  vac-  vac-  v---  ----  ----  ----
members.action           vacd  vac-  vac-  v---  ----  ----  ----
members.undertaking      vacd  v---  v---  v---  ----  ----  ----
members.evidence         vacd  vacd  vacd  v---  ----  ----  ----
members.actionupdate     vacd  vacd  vacd  v---  ----  ----  ----
members.indicator        vacd  vacd  vacd  v---  ----  ----  ----
members.indicatorvalue   vacd  vacd  vacd  v---  ----  ----  ----
members.review           vacd  v---  v---  v---  ----  ----  ----
programs.programme       vacd  vac-  vac-  v---  ----  ----  ----
programs.edition         vacd  vacd  vacd  v---  ----  ----  ----
programs.editionevent    vacd  vacd  vacd  v---  ----  ----  ----
programs.programmeitem   vacd  vacd  vacd  v---  ----  ----  ----
programs.participation   vacd  vacd  vacd  v---  ----  ----  ----
programs.programmelink   vacd  vacd  vacd  v---  ----  ----  ----
portal.news              vacd  vacd  vacd  v---  ----  ----  ----
portal.attachment        vacd  vacd  vacd  v---  ----  ----  ----
portal.personaldetail    v---  v---  v---  v---  ----  ----  ----
portal.picture           vacd  vacd  vacd  v---  ----  ----  ----
portal.citypicture       vacd  vacd  vacd  v---  ----  ----  ----
portal.event             vacd  vacd  vacd  v---  ----  ----  ----
portal.example           vacd  ----  ----  ----  ----  ----  ----
members.accession        vac-  vac-  v-c-  v---  ----  ----  ----
members.accessionchoice  vacd  vacd  vacd  v---  ----  ----  ----
members.accessionownaction vacd vacd vacd  v---  ----  ----  ----
members.signatory        vacd  vacd  vacd  v---  ----  ----  ----
members.accessionstep    v---  v---  v---  v---  ----  ----  ----
members.accessionnote    va--  ----  ----  ----  ----  ----  ----
members.membership       v-c-  v---  v---  v---  ----  ----  ----
members.membershipstep   v---  v---  v---  v---  ----  ----  ----
members.committeeseat    vacd  ----  ----  ----  ----  ----  ----
programs.grant           vacd  vacd  vacd  v---  ----  ----  ----
programs.spending        vacd  vacd  vacd  v---  ----  ----  ----
programs.coverage        vacd  vacd  vacd  v---  ----  ----  ----
programs.evaluation      vacd  vac-  vac-  v---  ----  ----  ----
members.milestone        vacd  v---  v---  v---  ----  ----  ----
members.meeting          vacd  ----  ----  ----  ----  ----  ----
members.feeband          vacd  ----  ----  ----  ----  ----  ----
members.expressionofinterest v-cd  ----  ----  ----  ----  ----  ----
members.decision         v-c-  v---  v---  v---  ----  ----  ----
members.user             v-c-  ----  ----  ----  ----  ----  ----
members.cityrole         vac-  v---  ----  ----  ----  ----  ----
members.invitation       va--  va--  ----  ----  ----  ----  ----
members.letter           v-c-  ----  ----  ----  ----  ----  ----
members.lettertext       vacd  ----  ----  ----  ----  ----  ----
members.reminderstop     vacd  ----  ----  ----  ----  ----  ----
members.networktext      vacd  ----  ----  ----  ----  ----  ----
members.plan             vacd  ----  ----  ----  ----  ----  ----
members.point            vacd  ----  ----  ----  ----  ----  ----
members.suggestedaction  vacd  ----  ----  ----  ----  ----  ----
members.ground           vacd  ----  ----  ----  ----  ----  ----
members.targetgroup      vacd  ----  ----  ----  ----  ----  ----
members.country          vacd  ----  ----  ----  ----  ----  ----
members.source           vacd  ----  ----  ----  ----  ----  ----
members.citation         vacd  ----  ----  ----  ----  ----  ----
"""
EXPECTED = {
    line.split()[0]: dict(zip(ROLES, line.split()[1:], strict=True))
    for line in TABLE.split("\n")
    if line
}


@pytest.fixture
def people(person, alfa, beta):
    city = {"secretariat": None, "nobody": None, "neighbor": beta}
    role = {"neighbor": "lead"}
    return {name: person(role.get(name, name), city.get(name, alfa)) for name in ROLES}


def test_every_kind_of_entry_has_a_line():
    assert set(EXPECTED) == set(RIGHTS) - {"auditlog.logentry", "members.accountevent"}


@pytest.mark.parametrize("role", ROLES)
def test_rights_are_those_of_the_table(role, people, alfa_rows):
    found = {}
    for label in EXPECTED:
        verbs = [verb if people[role].has_perm(verb, alfa_rows[label]) else "" for verb in VERBS]
        found[label] = "".join(verb[0] if verb else "-" for verb in verbs)
    assert found == {label: line[role] for label, line in EXPECTED.items()}


# Verbs beside those of Django: who may use them, for which kinds of entries. `speak` has tests of
# its own.
MORE_VERBS = {
    "export": {"secretariat": {"members.user", "auditlog.logentry"}},
    "erase": {"secretariat": {"members.user"}},
    "ask": {"secretariat": {"members.city"}},
    "end": {"secretariat": {"members.cityrole"}, "lead": {"members.cityrole"}},
}


@pytest.mark.parametrize("verb", sorted(MORE_VERBS))
@pytest.mark.parametrize("role", ROLES)
def test_rights_to_export_and_to_erase_are_those_of_the_table(role, verb, people, alfa_rows):
    rows = alfa_rows | {"auditlog.logentry": LogEntry.objects.first()}
    found = {label for label, row in rows.items() if people[role].has_perm(verb, row)}
    assert found == MORE_VERBS[verb].get(role, set())


@pytest.mark.parametrize("role", ROLES)
def test_django_codenames_say_the_same_as_the_verbs(role, people, alfa_rows):
    for label, row in alfa_rows.items():
        app, model = label.split(".")
        for verb in VERBS:
            assert people[role].has_perm(f"{app}.{verb}_{model}", row) == people[role].has_perm(
                verb, row
            ), label


def admin_codes(role: str, label: str) -> dict[str, set[int]]:
    """What the admin answers for Alfa's row: it does not exist for outsiders (404); insiders
    without the right: 403."""
    own = EXPECTED[label][role]
    anywhere = EXPECTED[label]["lead"] if role == "neighbor" else own
    inside = role == "secretariat" or (
        role in ("lead", "editor", "viewer")
        and (label == "members.user" or apps.get_model(label).CITY_PATH is not None)
    )

    def page(verb: str) -> set[int]:
        return {404} if not inside else {200} if verb in own else {403}

    def post(verb: str) -> set[int]:
        return {404} if not inside else {200, 302} if verb in own else {403}

    # Whoever only reads a file reads it on its own page; a meeting on which something rests says
    # why it stays.
    reading = (
        {302}
        if label == "members.accession" and "c" not in own and inside and "v" in own
        else page("v")
    )
    deleting = {302} if label == "members.meeting" and "d" in own else page("d")
    return {
        "list": {200} if "v" in anywhere else {403},
        # A citation is added on the page of its entry.
        "add": {200} if "a" in anywhere and label != "members.citation" else {403},
        "change": reading,
        "history": page("v"),
        "delete": deleting,
        "post change": post("c"),
    }


@pytest.mark.parametrize("label", sorted(EXPECTED))
def test_admin_answers_each_role_as_the_table_says(label, people, alfa_rows, browse):
    row = alfa_rows[label]
    base = f"/admin/{label.replace('.', '/')}/"
    one = f"{base}{row.pk}/"
    for role in ROLES[:-1]:
        if not admin.site.is_registered(type(row)):
            continue
        client = browse(people[role])
        found = {
            "list": client.get(base).status_code,
            "add": client.get(f"{base}add/").status_code,
            "change": client.get(f"{one}change/").status_code,
            "history": client.get(f"{one}history/").status_code,
            "delete": client.get(f"{one}delete/").status_code,
            "post change": client.post(f"{one}change/", {}).status_code,
        }
        expected = admin_codes(role, label)
        assert {name: code for name, code in found.items() if code not in expected[name]} == {}, (
            role,
            label,
        )


def test_admin_sends_somebody_without_a_role_to_the_sign_in_page(people, alfa_rows, browse):
    client = browse(people["nobody"])
    for label in ("members.city", "members.unit", "programs.programme"):
        response = client.get(f"/admin/{label.replace('.', '/')}/")
        assert response.status_code == 302
        assert "/login/" in response["Location"]


def pages_of(client, rows: dict, own: dict) -> list[str]:
    """Every admin page that a coordinator can reach: lists, searches, filters, forms, histories,
    their own rows."""
    urls = ["/admin/"]
    for label in rows:
        base = f"/admin/{label.replace('.', '/')}/"
        pk = own[label].pk
        urls += [base, f"{base}?q=zebr", f"{base}?q=Beta", f"{base}add/", f"{base}{pk}/change/"]
        urls += [f"{base}{pk}/history/", f"{base}{pk}/delete/", f"{base}?e=1&all="]
    return urls


def test_no_page_of_the_admin_tells_a_coordinator_of_another_city(
    people, alfa_rows, beta_rows, browse
):
    client = browse(people["lead"])
    for url in pages_of(client, beta_rows, alfa_rows):
        response = client.get(url, follow=True)
        html = response.content.decode()
        assert "ZEBRA" not in html, url
        assert "someone-beta" not in html, url


def test_the_leak_test_would_see_a_leak(people, beta_rows, browse):
    client = browse(people["secretariat"])
    assert "ZEBRA" in client.get("/admin/members/unit/").content.decode()


@pytest.mark.parametrize(
    "path", ["autocomplete/?app_label=members&model_name=cityrole&field_name=user&term=beta"]
)
def test_autocomplete_offers_nothing_of_other_cities(path, people, beta_rows, browse):
    response = browse(people["lead"]).get(f"/admin/{path}")
    assert response.status_code == 403 or "beta" not in response.content.decode()


def test_admin_has_no_redirect_by_number(people, beta_rows, browse):
    assert browse(people["lead"]).get("/admin/r/1/1/").status_code == 404


def test_coordinator_cannot_move_a_row_to_another_city(people, alfa_rows, beta, browse):
    unit = alfa_rows["members.unit"]
    fields = {"city": beta.pk, "source_language": "en", "name_en": "Moved"}
    response = browse(people["lead"]).post(f"/admin/members/unit/{unit.pk}/change/", fields)
    assert response.status_code == 200
    unit.refresh_from_db()
    assert unit.city_id == alfa_rows["members.city"].pk


def test_coordinator_cannot_add_a_row_to_another_city(people, beta, browse):
    fields = {"city": beta.pk, "source_language": "en", "name_en": "Foreign"}
    assert browse(people["lead"]).post("/admin/members/unit/add/", fields).status_code == 200
    assert not Unit.objects.filter(name_en="Foreign").exists()


def test_coordinator_cannot_attach_another_citys_row(people, alfa_rows, beta_rows, browse):
    act = alfa_rows["members.legalact"]
    fields = {
        "city": act.city_id,
        "source_language": "en",
        "kind": "decree",
        "document": beta_rows["members.document"].pk,
    }
    assert (
        browse(people["lead"]).post(f"/admin/members/legalact/{act.pk}/change/", fields).status_code
        == 200
    )
    act.refresh_from_db()
    assert act.document_id is None


def test_coordinator_cannot_change_what_the_office_decides(people, alfa, browse):
    fields = {
        "source_language": "en",
        "name_en": "Alfa",
        "local_name": "Alfa",
        "slug": "capital",
        "kind": "region",
        "other_names-TOTAL_FORMS": 0,
        "other_names-INITIAL_FORMS": 0,
    }
    assert (
        browse(people["editor"]).post(f"/admin/members/city/{alfa.pk}/change/", fields).status_code
        == 302
    )
    alfa.refresh_from_db()
    assert (alfa.slug, alfa.kind) == ("alfa", "city")


@pytest.mark.parametrize("action", ["delete_selected", "publish_selected", "withdraw_selected"])
def test_bulk_actions_leave_other_cities_alone(action, people, beta_rows, browse):
    unit = beta_rows["members.unit"]
    fields = {"action": action, "_selected_action": [unit.pk], "post": "yes"}
    browse(people["lead"]).post("/admin/members/unit/", fields)
    unit.refresh_from_db()
    assert unit.published_at is not None


def test_viewer_of_one_city_and_editor_of_another_keeps_them_apart(
    person, alfa_rows, beta_rows, alfa, beta, browse
):
    user = person("viewer", alfa)
    CityRole.objects.create(user=user, city=beta, role="editor")
    client = browse(user)
    assert (
        client.get(f"/admin/members/unit/{alfa_rows['members.unit'].pk}/change/").status_code == 200
    )
    assert (
        client.post(f"/admin/members/unit/{alfa_rows['members.unit'].pk}/change/", {}).status_code
        == 403
    )
    fields = {"city": alfa.pk, "source_language": "en", "name_en": "Smuggled"}
    assert client.post("/admin/members/unit/add/", fields).status_code == 200
    assert not Unit.objects.filter(name_en="Smuggled").exists()


def test_a_role_that_ended_opens_nothing(person, alfa, browse):
    user = person("lead", alfa)
    CityRole.objects.filter(user=user).update(since="2020-01-01", until="2020-06-01")
    assert browse(user).get("/admin/members/city/").status_code == 302


def test_an_inactive_person_may_nothing(person, alfa_rows):
    user = person("secretariat")
    user.is_active = False
    assert not any(user.has_perm(verb, row) for row in alfa_rows.values() for verb in VERBS)


def test_signed_in_people_read_public_pages_like_anybody(people, alfa, browse, client):
    City.objects.create(slug="draft", country=alfa.country, local_name="Draft", name_en="Draft")
    assert browse(people["secretariat"]).get("/en/cities/draft/").status_code == 404
    assert client.get("/en/cities/alfa/").status_code == 200
