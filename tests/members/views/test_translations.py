"""The translation desk: who sees which entries, side by side, "still right", small corrections, two
people at once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from languages import desk
from languages.freshness import State, language_states
from languages.models import DeskRow, Freshness, text_hash
from members.forms.translations import visible_to
from members.models import Accession, Action, City, Unit
from members.permissions import may
from programs.models import Evaluation
from tests.conftest import make_city
from tests.forms import fields_of
from tests.members.services.test_people import race

pytestmark = pytest.mark.django_db
DESK = "/admin/translations/"


def side(record, language: str = "pl", query: str = "") -> str:
    return f"{DESK}{record._meta.model_name}/{record.pk}/{language}/{query}"


def text(response) -> str:
    return response.content.decode()


def send(client: Client, address: str, button: str = "save", **typed: str):
    """What the browser sends of the form as it is opened, with something typed and a button
    pressed."""
    return client.post(address, {**fields_of(client.get(address), "side"), **typed, "do": button})


@pytest.fixture
def unit(alfa) -> Unit:
    return Unit.objects.create(
        city=alfa,
        name_en="Office",
        name_pl="Biuro",
        email="office@example.org",
        published_at=alfa.published_at,
    )


@pytest.fixture
def ada(person, alfa, browse) -> Client:
    return browse(person("lead", alfa, name="Ada"))


@pytest.fixture
def office(person, browse) -> Client:
    return browse(person("secretariat"))


# --- Who may --------------------------------------------------------------------------------------

ROLES = ["secretariat", "lead", "editor", "viewer", "committee", "nobody"]


@pytest.mark.parametrize("role", ROLES)
def test_whole_table_of_rights_holds_at_the_desk(role, person, alfa, browse, alfa_rows, beta_rows):
    """Role × kind of entry × city × verb: what is listed, opened and written is what the table of
    rights says."""
    user = person(role, None if role in {"secretariat", "nobody"} else alfa)
    client = browse(user)
    listed = client.get(DESK)
    if role == "nobody":
        assert listed.status_code == 302
        return
    shown = {(row.content_type_id, row.object_id) for row in visible_to(user)}
    for rows in (alfa_rows, beta_rows):
        for label, record in rows.items():
            if type(record) not in desk.kinds():
                continue
            can_see = (
                may(user, "view", record)
                and type(record).objects.editable_by(user).filter(pk=record.pk).exists()
            )
            row = DeskRow.objects.get(
                content_type__model=record._meta.model_name, object_id=record.pk
            )
            assert ((row.content_type_id, row.object_id) in shown) == (
                can_see and row.length > 0
            ), label
            opened = client.get(side(record))
            assert opened.status_code == (200 if can_see else 404), label
            sent = client.post(side(record), {"do": "save"})
            expected = (302 if may(user, "change", record) else 403) if can_see else 404
            assert sent.status_code == expected, label


def test_nothing_of_another_city_is_on_the_page(ada, alfa_rows, beta_rows):
    html = text(ada.get(DESK))
    assert "ALPACA" in html
    assert "ZEBRA" not in html
    assert "beta" not in html
    assert "Nothing" not in text(ada.get(f"{DESK}?city=alfa"))
    assert text(ada.get(f"{DESK}?city=beta")).count("<option") == html.count("<option")


@pytest.mark.parametrize("button", ["save", "next", "right"])
def test_form_for_another_citys_entry_is_a_404(button, ada, beta_rows):
    record = beta_rows["members.unit"]
    assert ada.post(side(record), {"do": button, "name_pl": "Smuggled"}).status_code == 404
    record.refresh_from_db()
    assert not record.name_pl


def test_form_of_the_desk_carries_its_token_and_its_writer(ada, alfa_rows):
    """Without its token no browser can save; the client of the tests does not ask for it."""
    html = ada.get(side(alfa_rows["members.unit"])).content.decode()
    form = html.partition('id="side"')[2].partition("</form>")[0]
    assert 'name="csrfmiddlewaretoken"' in form
    assert 'name="_writer"' in form


def test_closed_file_is_read_and_not_written(ada, alfa_rows):
    Accession.objects.filter(pk=alfa_rows["members.accession"].pk).update(resources_en="Money")
    record = Accession.objects.get(pk=alfa_rows["members.accession"].pk)
    assert 'name="do"' in text(ada.get(side(record)))


def test_finding_of_others_is_translated_and_not_rewritten_by_the_city(ada, office, alfa_rows):
    record = alfa_rows["programs.evaluation"]
    assert send(ada, side(record), finding_pl="Wynik").status_code == 302
    send(ada, side(record), finding_pl="Lepszy wynik")
    assert Evaluation.objects.get(pk=record.pk).finding_pl == "Wynik"
    assert Evaluation.objects.get(pk=record.pk).origin == "cited"
    send(office, side(record), finding_pl="Ustalenie")
    assert Evaluation.objects.get(pk=record.pk).finding_pl == "Ustalenie"


# --- Bad input ------------------------------------------------------------------------------------


@override_settings(LANGUAGES=[("en", "English"), ("de", "German")])
def test_language_that_is_switched_off_is_told_and_what_was_typed_is_shown(ada, unit):
    assert "switched off" in text(ada.get(side(unit)))
    response = ada.post(side(unit), {"do": "save", "name_pl": "Pracownia"})
    assert response.status_code == 404
    assert "switched off" in text(response)
    assert "Pracownia" in text(response)
    unit.refresh_from_db()
    assert unit.name_pl == "Biuro"


def test_source_language_is_no_translation(ada, unit):
    response = ada.post(side(unit, "en"), {"do": "save", "name_en": "Bureau"})
    assert response.status_code == 404
    assert "written in this language" in text(response)
    assert "Bureau" in text(response)


@pytest.mark.parametrize(
    "path",
    [
        "nothing/1/pl/",
        "user/1/pl/",
        "unit/0/pl/",
        f"unit/{'9' * 26}/pl/",
        "unit/x/pl/",
        "letter/1/pl/",
    ],
)
def test_nonsense_in_an_address_is_a_404(path, office, unit):
    assert office.get(DESK + path).status_code == 404


@pytest.mark.parametrize("fields", [{}, {"do": "delete"}, {"do": "\x00"}, {"do": "x" * 10_000}])
def test_nonsense_for_a_button_is_a_404(fields, ada, unit):
    assert ada.post(side(unit), fields).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "language=xx",
        "kind=user",
        "city=nowhere",
        "state=source",
        "public=maybe",
        "page=x",
        "page=99",
        "city=%00",
        "page=²",
    ],
)
def test_nonsense_in_the_filters_is_harmless(query, ada, unit):
    assert ada.get(f"{DESK}?{query}").status_code == (404 if query.startswith("page") else 200)
    assert ada.get(side(unit, query=f"?{query}")).status_code == 200


@pytest.mark.parametrize(
    "value",
    ["", "x", "name", "name:1", "name:" + "z" * 64, "\x00", "name:" + "0" * 64, "9" * 10_000],
)
def test_nonsense_as_the_source_text_that_was_seen_is_harmless(value, ada, unit):
    assert (
        ada.post(side(unit), {"do": "right", "name_pl": "Urząd", "sources": value}).status_code
        == 302
    )
    unit.refresh_from_db()
    assert unit.name_pl == "Urząd"


# --- The list -------------------------------------------------------------------------------------


def test_list_shows_states_and_filters_them(ada, unit):
    Unit.objects.create(city=unit.city, name_en="Shop", published_at=unit.published_at)
    assert lines(ada, "kind=unit&language=pl") == {"Office": "outdated", "Shop": "missing"}
    send(ada, side(unit), name_pl="Urząd")
    assert lines(ada, "kind=unit&language=pl") == {"Office": "current", "Shop": "missing"}
    assert lines(ada, "kind=unit&language=pl&state=missing") == {"Shop": "missing"}
    assert lines(ada, "kind=unit&language=en") == {}
    unit.refresh_from_db()
    unit.name_en = "Bureau"
    unit.save()
    response = ada.get(f"{DESK}?kind=unit&language=pl&state=outdated")
    assert [line.title.value for line in response.context["lines"]] == ["Bureau"]
    assert "since" in text(response)


def lines(client: Client, query: str) -> dict[str, str]:
    response = client.get(f"{DESK}?{query}")
    return {line.title.value: line.cells[0].state for line in response.context["lines"]}


def test_public_entries_come_first_and_can_be_alone(ada, alfa):
    Unit.objects.create(city=alfa, name_en="Draft")
    Unit.objects.create(city=alfa, name_en="Public", published_at=timezone.now())
    titles = [line.title.value for line in ada.get(f"{DESK}?kind=unit").context["lines"]]
    assert titles == ["Public", "Draft"]
    assert list(lines(ada, "kind=unit&public=yes")) == ["Public"]
    assert list(lines(ada, "kind=unit&public=no")) == ["Draft"]


def test_list_costs_the_same_for_few_and_for_many(office, alfa_rows):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(DESK).status_code == 200
        return len(queries)

    office.get(DESK)
    few = cost()
    for number in range(30):
        Unit.objects.create(
            city=alfa_rows["members.city"], name_en=f"Office {number}", published_at=timezone.now()
        )
    assert (few, cost()) == (LIST_QUERIES, LIST_QUERIES)


LIST_QUERIES = 9


# --- Side by side ---------------------------------------------------------------------------------


def test_side_by_side_costs_so_many_queries(office, unit, django_assert_num_queries):
    send(office, side(unit), name_pl="Urząd")
    with django_assert_num_queries(SIDE_QUERIES):
        office.get(side(unit))
    for number in range(20):
        Unit.objects.create(city=unit.city, name_en=f"Office {number}")
    with django_assert_num_queries(SIDE_QUERIES):
        office.get(side(unit))


# One of them for each text: what was translated that is like it.
SIDE_QUERIES = 11


def test_saved_translation_is_current_and_states_nothing_new(ada, alfa_rows):
    action = alfa_rows["members.action"]
    assert send(ada, side(action), title_pl="Tytuł").status_code == 302
    action.refresh_from_db()
    assert (action.title_pl, action.origin, action.stated_at) == ("Tytuł", "cited", None)
    assert language_states(action)["pl"] == State.CURRENT


def test_difference_since_the_translation_is_shown_word_by_word(ada, unit):
    send(ada, side(unit), name_pl="Urząd")
    unit.refresh_from_db()
    unit.name_en = "Office for all"
    unit.save()
    html = text(ada.get(side(unit)))
    assert '<ins><span class="visually-hidden">added: </span> for all</ins>' in html
    assert "Still right, no change needed" in html
    Freshness.objects.update(source_text="")
    assert "not known any more" in text(ada.get(side(unit)))


def test_still_right_is_one_click_and_keeps_what_was_typed(ada, unit):
    assert language_states(unit)["pl"] == State.OUTDATED
    assert send(ada, side(unit), "right").status_code == 302
    assert language_states(Unit.objects.get())["pl"] == State.CURRENT
    assert Unit.objects.get().version == 1
    Freshness.objects.update(source_hash="0" * 64)
    send(ada, side(unit), "right", name_pl="Urząd")
    assert Unit.objects.get().name_pl == "Urząd"
    assert language_states(Unit.objects.get())["pl"] == State.CURRENT


def test_nobody_confirms_a_source_text_that_they_have_not_seen(ada, unit):
    opened = fields_of(ada.get(side(unit)), "side")
    unit.name_en = "Something else"
    unit.save()
    response = ada.post(side(unit), {**opened, "do": "right"}, follow=True)
    assert "changed while you were writing" in text(response)
    assert language_states(Unit.objects.get())["pl"] == State.OUTDATED
    assert response.request["PATH_INFO"] == side(unit)


def test_changed_source_blocks_no_translation_and_leaves_it_outdated(ada, unit):
    opened = fields_of(ada.get(side(unit)), "side")
    unit.name_en = "Something else"
    unit.save()
    assert ada.post(side(unit), {**opened, "name_pl": "Urząd", "do": "next"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.name_pl, unit.name_en) == ("Urząd", "Something else")
    assert language_states(unit)["pl"] == State.OUTDATED
    assert Freshness.objects.get().source_hash == text_hash("Office")


def test_next_goes_through_the_same_list_to_its_end(ada, alfa):
    units = [
        Unit.objects.create(city=alfa, name_en=f"Office {n}", published_at=timezone.now())
        for n in range(3)
    ]
    query = "?language=pl&state=missing&kind=unit"
    seen, address = [], side(units[0], query=query)
    while "/unit/" in address:
        seen.append(address)
        response = send(ada, address, "next", name_pl=f"Biuro {len(seen)}")
        address = response["Location"]
    assert seen == [side(unit, query=query) for unit in units]
    assert address == DESK + query
    assert Unit.objects.exclude(name_pl="").count() == 3


def test_two_people_in_two_languages_both_keep_their_text(ada, office, unit):
    hers, his = (
        fields_of(ada.get(side(unit, "pl")), "side"),
        fields_of(office.get(side(unit, "de")), "side"),
    )
    assert ada.post(side(unit, "pl"), {**hers, "name_pl": "Urząd", "do": "save"}).status_code == 302
    assert office.post(side(unit, "de"), {**his, "name_de": "Amt", "do": "save"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.name_pl, unit.name_de, unit.email) == (
        "Office",
        "Urząd",
        "Amt",
        "office@example.org",
    )
    assert {row.language for row in Freshness.objects.all()} == {"pl", "de"}


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_both_keep_their_text(person, browse, country):
    city = make_city(country, "alfa")
    unit = Unit.objects.create(city=city, name_en="Office", published_at=timezone.now())
    clients = [browse(person("lead", city)), browse(person("secretariat"))]
    texts = {"pl": "Urząd", "de": "Amt"}

    def step(client, code):
        opened = fields_of(client.get(side(unit, code)), "side")
        return lambda: (
            client.post(
                side(unit, code), {**opened, f"name_{code}": texts[code], "do": "save"}
            ).status_code
        )

    outcomes = race(*[step(client, code) for client, code in zip(clients, texts, strict=True)])
    unit.refresh_from_db()
    assert outcomes == [302, 302]
    assert (unit.name_pl, unit.name_de) == ("Urząd", "Amt")
    assert {code: language_states(unit)[code] for code in texts} == dict.fromkeys(
        texts, State.CURRENT
    )


def test_two_people_in_one_language_are_told_and_lose_nothing(ada, office, unit):
    hers, his = fields_of(ada.get(side(unit)), "side"), fields_of(office.get(side(unit)), "side")
    ada.post(side(unit), {**hers, "name_pl": "Urząd", "do": "save"})
    response = office.post(side(unit), {**his, "name_pl": "Placówka", "do": "next"})
    assert response.status_code == 200
    assert "Changed by Ada" in text(response)
    back = fields_of(response, "side")
    assert back["name_pl"] == ["Placówka"]
    assert (
        office.post(side(unit), {**back, "name_pl-choice": "mine", "do": "save"}).status_code == 302
    )
    unit.refresh_from_db()
    assert unit.name_pl == "Placówka"


def test_form_whose_session_is_over_is_carried_on(ada, unit):
    opened = fields_of(ada.get(side(unit)), "side")
    response = Client().post(side(unit), {**opened, "name_pl": "Urząd miejski", "do": "next"})
    assert response.status_code == 401
    assert "Urząd miejski" in text(response)


def test_emptied_translation_is_missing_again(ada, unit):
    send(ada, side(unit), name_pl="Urząd")
    send(ada, side(unit), name_pl="")
    assert language_states(Unit.objects.get())["pl"] == State.MISSING
    assert not Freshness.objects.exists()


# --- A small correction of the source -------------------------------------------------------------


@pytest.mark.parametrize(
    ("ticked", "state"), [({"small_correction": "yes"}, State.CURRENT), ({}, State.OUTDATED)]
)
def test_small_correction_in_the_ordinary_form(ticked, state, ada, unit):
    send(ada, side(unit), name_pl="Urząd")
    page = f"/admin/members/unit/{unit.pk}/change/"
    assert "A small correction" in text(ada.get(page))
    fields = fields_of(ada.get(page), "unit_form")
    assert (
        ada.post(page, {**fields, "name_en": "Offices", **ticked, "_save": "1"}).status_code == 302
    )
    unit.refresh_from_db()
    assert unit.name_en == "Offices"
    assert language_states(unit)["pl"] == state


@pytest.mark.parametrize(
    ("ticked", "state"), [({"action-small_correction": "yes"}, State.CURRENT), ({}, State.OUTDATED)]
)
def test_small_correction_on_the_coordinators_page(ticked, state, ada, alfa_rows):
    action = alfa_rows["members.action"]
    page = f"/admin/city/alfa/actions/{action.pk}/"
    assert "A small correction" not in text(ada.get(page))
    send(ada, side(action), title_pl="Tytuł")
    assert "A small correction" in text(ada.get(page))
    sent = {
        "do": "save",
        "action-title_en": "Text ALPACAS",
        "action-status": "in_progress",
        **ticked,
    }
    assert ada.post(page, sent).status_code == 302
    assert language_states(Action.objects.get(pk=action.pk))["pl"] == state


# --- Ways in and out ------------------------------------------------------------------------------


def test_panels_of_the_form_and_what_waits_lead_to_the_desk(ada, alfa_rows, unit):
    assert side(unit) in text(ada.get(f"/admin/members/unit/{unit.pk}/change/"))
    action = alfa_rows["members.action"]
    send(ada, side(action), title_pl="Tytuł")
    Action.objects.get(pk=action.pk)
    Freshness.objects.update(source_hash="0" * 64)
    html = text(ada.get("/admin/city/alfa/"))
    assert f"{side(action)}?language=pl&amp;state=outdated&amp;city=alfa" in html
    assert f"{DESK}?city=alfa" in html


def test_public_page_is_one_click_away_once_there_is_one(ada, alfa, alfa_rows):
    action = alfa_rows["members.action"]
    assert action.get_absolute_url() in text(ada.get(side(action)))
    Action.objects.filter(pk=action.pk).update(published_at=None)
    assert "See it as the public does" not in text(ada.get(side(action)))


def test_page_about_the_network_says_how_much_can_be_read(client, alfa):
    City.objects.filter(pk=alfa.pk).update(name_pl="Alfa")
    desk.rebuild()
    html = text(client.get("/en/about/"))
    assert "In which languages" in html
    assert "100 %" in html
