"""Nobody's edit is lost: two people in one form, drafts, old versions. Each test sends what a
browser would send."""

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from languages.models import Freshness
from members.editing.forms.codes import CodesField
from members.editing.forms.merging import value_in_words
from members.models import City, CityName, Draft, Plan, Point, Unit
from tests.forms import fields_of
from tests.members.services.test_people import race

pytestmark = pytest.mark.django_db


def address(row) -> str:
    return f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/"


def opened(client: Client, row, query: str = "") -> dict:
    """The fields of an entry's form as it is opened."""
    return fields_of(client.get(address(row) + query), f"{row._meta.model_name}_form")


def save(client: Client, row, fields: dict, button: str = "_save", **typed: object):
    return client.post(address(row), {**fields, **typed, button: "1"})


def text(response) -> str:
    return response.content.decode()


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
def bo(person, alfa, browse) -> Client:
    return browse(person("editor", alfa, name="Bo"))


# --- Two people in one form -----------------------------------------------------------------------


def test_form_saved_alone_is_saved(ada, unit):
    assert save(ada, unit, opened(ada, unit), name_en="Bureau").status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.version) == ("Bureau", 2)


def test_two_people_in_different_languages_both_keep_their_text(ada, bo, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    assert save(ada, unit, hers, name_en="Bureau").status_code == 302
    assert save(bo, unit, his, name_pl="Urząd").status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.name_pl, unit.email, unit.version) == (
        "Bureau",
        "Urząd",
        "office@example.org",
        3,
    )
    last = LogEntry.objects.get_for_object(unit).order_by("-pk").first()
    assert set(last.changes) & {"name_en", "name_pl"} == {"name_pl"}
    assert Freshness.objects.get().field == "name"


def test_who_is_slower_is_told_and_keeps_what_was_typed(ada, bo, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    save(ada, unit, hers, name_en="Bureau of Ada", email="ada@example.org")
    response = save(bo, unit, his, name_en="Bureau of Bo", name_pl="Urząd")
    html = text(response)
    assert response.status_code == 200
    assert "Bureau of Ada" in html
    assert "Changed by Ada" in html
    # The sentence stands in the list above the choice, and at the field below it.
    assert html.count("Choose which version to keep.") >= 2
    assert "Choose above" not in html
    back = fields_of(response, "unit_form")
    # His text stays, what she changed elsewhere is taken over, and only the field that both changed
    # is asked about.
    assert (back["name_en"], back["name_pl"]) == (["Bureau of Bo"], ["Urząd"])
    assert back["email"] == ["ada@example.org"]
    assert [clash.label for clash in response.context["clashes"]] == ["Name"]
    unit.refresh_from_db()
    assert (unit.name_en, unit.name_pl) == ("Bureau of Ada", "Biuro")


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("mine", "Bureau of Bo"), ("theirs", "Bureau of Ada"), ("", None), ("x", None)],
)
def test_choice_between_both_texts_is_kept(choice, kept, ada, bo, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    save(ada, unit, hers, name_en="Bureau of Ada")
    back = fields_of(save(bo, unit, his, name_en="Bureau of Bo", name_pl="Urząd"), "unit_form")
    response = save(bo, unit, back, **{"name_en-choice": choice})
    assert response.status_code == (302 if kept else 200)
    unit.refresh_from_db()
    assert (unit.name_en, unit.name_pl) == ((kept, "Urząd") if kept else ("Bureau of Ada", "Biuro"))


def test_a_third_person_who_is_faster_still_is_told_of_too(ada, bo, person, alfa, browse, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    save(ada, unit, hers, name_en="Bureau of Ada")
    back = fields_of(save(bo, unit, his, name_en="Bureau of Bo"), "unit_form")
    office = browse(person("secretariat"))
    save(office, unit, opened(office, unit), name_en="Bureau of the office")
    response = save(bo, unit, back, **{"name_en-choice": "mine"})
    assert "Bureau of the office" in text(response)
    unit.refresh_from_db()
    assert unit.name_en == "Bureau of the office"


def test_same_text_typed_twice_is_no_clash(ada, bo, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    assert save(ada, unit, hers, name_en="Bureau").status_code == 302
    assert save(bo, unit, his, name_en="Bureau").status_code == 302


def test_another_error_does_not_lose_the_clash(ada, bo, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    save(ada, unit, hers, name_en="Bureau of Ada")
    response = save(bo, unit, his, name_en="Bureau of Bo", email="no address")
    assert {error.label for error in response.context["error_links"]} == {
        "Name (English)",
        "E-mail address",
    }
    back = fields_of(response, "unit_form")
    assert back["email"] == ["no address"]
    response = save(bo, unit, back, **{"name_en-choice": "mine"})
    assert fields_of(response, "unit_form")["name_en-choice"] == ["mine"]
    back = fields_of(response, "unit_form")
    assert save(bo, unit, back, email="bo@example.org").status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.email) == ("Bureau of Bo", "bo@example.org")


@pytest.mark.parametrize(
    "nonsense",
    ["x", "[]", "{}", "[1,2,3,4]", '[1,{"name_en":1},[],""]', "[" * 5000, "[1e999,{},[],0]"],
)
def test_nonsense_for_what_was_seen_asks_about_every_difference(nonsense, ada, unit):
    response = save(ada, unit, opened(ada, unit), name_en="Bureau", seen=nonsense)
    assert response.status_code == 200
    assert [clash.label for clash in response.context["clashes"]] == ["Name"]


def test_form_without_what_was_seen_overwrites_nothing_in_silence(ada, bo, unit):
    """As a program or an old copy of the page sends it: every difference is asked about."""
    hers, his = opened(ada, unit), opened(bo, unit)
    assert save(ada, unit, hers, name_en="Bureau of Ada").status_code == 302
    del his["seen"]
    response = save(bo, unit, his, name_en="Bureau of Bo")
    assert response.status_code == 200
    assert [clash.label for clash in response.context["clashes"]] == ["Name"]
    unit.refresh_from_db()
    assert unit.name_en == "Bureau of Ada"


def test_rows_within_an_entry_come_together_and_clash_like_the_entry(ada, bo, alfa):
    first, second = (CityName.objects.create(city=alfa, name=name) for name in ("First", "Second"))
    hers, his = opened(ada, alfa), opened(bo, alfa)
    save(ada, alfa, hers, **{"other_names-0-name": "Hers"})
    assert save(bo, alfa, his, **{"other_names-1-name": "His"}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, second.name) == ("Hers", "His")
    response = save(bo, alfa, his, **{"other_names-0-name": "His too"})
    assert response.status_code == 200
    assert "Hers" in text(response)
    back = fields_of(response, "city_form")
    assert save(bo, alfa, back, **{"other_names-0-name-choice": "mine"}).status_code == 302
    first.refresh_from_db()
    assert first.name == "His too"


def test_entry_deleted_meanwhile_is_no_error_of_the_server(ada, bo, alfa):
    row = CityName.objects.create(city=alfa, name="First")
    his = opened(bo, alfa)
    row.delete()
    response = save(bo, alfa, his, **{"other_names-0-name": "His"}, introduction_en="Typed")
    assert response.status_code == 200
    assert fields_of(response, "city_form")["introduction_en"] == ["Typed"]
    assert response.context["error_links"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", range(5))
def test_of_two_posts_at_once_exactly_one_is_told(time, person, alfa, browse):
    unit = Unit.objects.create(city=alfa, name_en="Office", published_at=alfa.published_at)
    clients = [browse(person("editor", alfa)) for _number in range(2)]
    forms = [opened(client, unit) for client in clients]
    outcomes = race(
        *[
            lambda client=client, fields=fields, number=number: save(
                client, unit, fields, name_en=f"Office {number}"
            )
            for number, (client, fields) in enumerate(zip(clients, forms, strict=True))
        ]
    )
    assert sorted(response.status_code for response in outcomes) == [200, 302]
    winner = next(number for number, response in enumerate(outcomes) if response.status_code == 302)
    unit.refresh_from_db()
    assert (unit.name_en, unit.version) == (f"Office {winner}", 2)
    assert f"Office {winner}" in text(outcomes[1 - winner])


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_once_in_different_languages_are_both_kept(person, alfa, browse):
    unit = Unit.objects.create(city=alfa, name_en="Office", published_at=alfa.published_at)
    clients = [browse(person("editor", alfa)) for _number in range(4)]
    forms = [opened(client, unit) for client in clients]
    codes = ("pl", "de", "sv", "uk")
    outcomes = race(
        *[
            lambda client=client, fields=fields, code=code: save(
                client, unit, fields, **{f"name_{code}": code}
            )
            for client, fields, code in zip(clients, forms, codes, strict=True)
        ]
    )
    assert [response.status_code for response in outcomes] == [302] * 4
    unit.refresh_from_db()
    assert [getattr(unit, f"name_{code}") for code in codes] == list(codes)
    assert unit.version == 5


# --- Drafts ---------------------------------------------------------------------------------------


def test_draft_keeps_changes_and_shows_none(ada, bo, unit, client):
    assert save(ada, unit, opened(ada, unit), "_draft", name_en="Bureau").status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.version) == ("Office", 1)
    assert "Bureau" not in text(client.get("/en/cities/alfa/"))
    assert "Bureau" not in text(client.get("/en/search/?q=bureau"))
    page = bo.get(address(unit))
    assert fields_of(page, "unit_form")["name_en"] == ["Bureau"]
    assert "Saved by Ada" in text(page)
    assert fields_of(bo.get(address(unit) + "?public=1"), "unit_form")["name_en"] == ["Office"]


def test_draft_that_is_published_is_done(ada, unit):
    save(ada, unit, opened(ada, unit), "_draft", name_en="Bureau")
    assert "Publish these changes" in text(ada.get(address(unit)))
    assert save(ada, unit, opened(ada, unit)).status_code == 302
    unit.refresh_from_db()
    assert unit.name_en == "Bureau"
    assert not Draft.objects.exists()


def test_draft_may_be_incomplete(ada, unit):
    assert (
        save(ada, unit, opened(ada, unit), "_draft", name_en="", email="not yet\x00").status_code
        == 302
    )
    assert opened(ada, unit)["email"] == ["not yet"]
    response = save(ada, unit, opened(ada, unit))
    assert {error.label for error in response.context["error_links"]} == {
        "Name (English)",
        "E-mail address",
    }


def test_draft_of_an_outdated_text_clashes_when_it_is_published(ada, bo, unit):
    save(ada, unit, opened(ada, unit), "_draft", name_en="Bureau of the draft")
    save(bo, unit, opened(bo, unit, "?public=1"), name_en="Bureau of Bo", name_pl="Urząd")
    assert Draft.objects.exists()
    response = save(ada, unit, opened(ada, unit))
    assert response.status_code == 200
    assert "Bureau of Bo" in text(response)
    back = fields_of(response, "unit_form")
    assert save(ada, unit, back, **{"name_en-choice": "mine"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.name_pl) == ("Bureau of the draft", "Urząd")
    assert not Draft.objects.exists()


def test_two_drafts_at_once_are_shown_beside_each_other(ada, bo, unit):
    hers, his = opened(ada, unit), opened(bo, unit)
    save(ada, unit, hers, "_draft", name_en="Draft of Ada", name_de="Amt")
    response = save(bo, unit, his, "_draft", name_en="Draft of Bo")
    assert response.status_code == 200
    assert "Draft of Ada" in text(response)
    back = fields_of(response, "unit_form")
    assert (back["name_en"], back["name_de"]) == (["Draft of Bo"], ["Amt"])
    assert save(bo, unit, back, "_draft").status_code == 302
    typed = Draft.objects.get().values
    assert (typed["name_en"], typed["name_de"]) == ("Draft of Bo", "Amt")


def test_draft_is_thrown_away_after_a_question(ada, unit):
    save(ada, unit, opened(ada, unit), "_draft", name_en="Bureau")
    discard = address(unit).replace("change/", "draft/discard/")
    assert "Throw the draft away?" in text(ada.get(discard))
    assert Draft.objects.exists()
    assert ada.post(discard).status_code == 302
    assert not Draft.objects.exists()
    assert ada.get(discard).status_code == 404


def test_draft_is_for_public_entries(ada, unit):
    Unit.objects.filter(pk=unit.pk).update(published_at=None)
    response = save(ada, unit, opened(ada, unit), "_draft", name_en="Bureau")
    assert "not public yet" in text(response)
    assert fields_of(response, "unit_form")["name_en"] == ["Bureau"]
    assert not Draft.objects.exists()


def test_draft_keeps_no_files_and_says_so(ada, alfa_rows):
    news = alfa_rows["portal.news"]
    upload = SimpleUploadedFile("picture.jpg", b"x")
    response = save(ada, news, opened(ada, news), "_draft", picture_file=upload)
    assert "A draft keeps no files" in text(response)
    assert not Draft.objects.filter(city=news.city, content_type__model="news").exists()


# --- Drafts with the rows below an entry ----------------------------------------------------------


@pytest.fixture
def action(alfa_rows):
    Draft.objects.all().delete()
    return alfa_rows["members.action"]


NEW_ROWS = {
    "updates-TOTAL_FORMS": "2",
    "updates-1-on": "6.2025",
    "updates-1-text_en": "GIRAFFE opened.",
    "updates-0-text_en": "GIRAFFE instead.",
    "evidence-0-DELETE": "on",
}


def test_draft_keeps_the_rows_below_the_entry_and_shows_none(ada, bo, action, client):
    Plan.objects.update(published_at=action.published_at)
    assert (
        save(ada, action, opened(ada, action), "_draft", title_en="Changed", **NEW_ROWS).status_code
        == 302
    )
    assert (action.updates.count(), action.evidence.count()) == (1, 1)
    urls = ["/en/cities/alfa/", "/en/cities/alfa/changes/", "/en/search/?q=giraffe"]
    assert [
        url for url in urls if "GIRAFFE" in text(client.get(url)).replace('value="giraffe"', "")
    ] == []
    fields = opened(bo, action)
    assert fields["updates-0-text_en"] == ["GIRAFFE instead."]
    assert (fields["updates-1-on"], fields["updates-1-text_en"]) == (
        ["6.2025"],
        ["GIRAFFE opened."],
    )
    assert fields["evidence-0-DELETE"] == ["on"]
    assert opened(bo, action, "?public=1")["updates-0-text_en"] == ["Text ALPACA"]
    assert save(bo, action, fields).status_code == 302
    texts = {row.text_en: row.is_public for row in action.updates.all()}
    assert texts == {"GIRAFFE instead.": True, "GIRAFFE opened.": True}
    assert not action.evidence.exists()
    assert not Draft.objects.exists()
    assert "GIRAFFE opened." in text(client.get("/en/cities/alfa/"))


def test_draft_that_is_saved_again_keeps_its_rows(ada, action):
    save(ada, action, opened(ada, action), "_draft", **NEW_ROWS)
    fields = opened(ada, action)
    assert (
        save(ada, action, fields, "_draft", **{"updates-1-text_en": "GIRAFFE again."}).status_code
        == 302
    )
    assert [row["values"]["text_en"] for row in Draft.objects.get().rows["updates"]] == [
        "GIRAFFE instead.",
        "GIRAFFE again.",
    ]


def test_row_that_somebody_else_changed_meanwhile_clashes_when_the_draft_is_published(
    ada, bo, action
):
    save(ada, action, opened(ada, action), "_draft", **NEW_ROWS)
    public = opened(bo, action, "?public=1")
    assert save(bo, action, public, **{"updates-0-text_en": "By Bo."}).status_code == 302
    response = save(ada, action, opened(ada, action))
    assert response.status_code == 200
    assert "By Bo." in text(response)
    back = fields_of(response, "action_form")
    assert save(ada, action, back, **{"updates-0-text_en-choice": "mine"}).status_code == 302
    assert {row.text_en for row in action.updates.all()} == {"GIRAFFE instead.", "GIRAFFE opened."}


def test_row_that_somebody_deleted_meanwhile_stands_in_the_draft_as_a_new_one(ada, action):
    save(ada, action, opened(ada, action), "_draft", **{"updates-0-text_en": "GIRAFFE instead."})
    action.updates.all().delete()
    assert opened(ada, action)["updates-0-text_en"] == ["GIRAFFE instead."]
    assert save(ada, action, opened(ada, action)).status_code == 302
    assert [row.text_en for row in action.updates.all()] == ["GIRAFFE instead."]


def test_two_drafts_at_once_lose_no_row_of_either(ada, bo, action):
    hers, his = opened(ada, action), opened(bo, action)
    save(ada, action, hers, "_draft", **NEW_ROWS)
    new = {"indicators-TOTAL_FORMS": "1", "indicators-0-name_en": "By Bo"}
    response = save(bo, action, his, "_draft", **{"updates-0-text_en": "By Bo."}, **new)
    assert response.status_code == 200
    back = fields_of(response, "action_form")
    assert (back["updates-0-text_en"], back["updates-1-text_en"]) == (
        ["By Bo."],
        ["GIRAFFE opened."],
    )
    assert "GIRAFFE instead." in text(response)
    assert save(bo, action, back, "_draft").status_code == 302
    rows = Draft.objects.get().rows
    assert [row["values"]["text_en"] for row in rows["updates"]] == ["By Bo.", "GIRAFFE opened."]
    assert [row["values"]["name_en"] for row in rows["indicators"]] == ["By Bo"]


def test_row_that_is_added_below_a_public_entry_is_public_with_it(ada, action):
    fields = {
        **opened(ada, action),
        "updates-TOTAL_FORMS": "2",
        "updates-1-on": "2025",
        "updates-1-text_en": "News",
    }
    assert save(ada, action, fields).status_code == 302
    assert action.updates.get(text_en="News").is_public


def test_ticks_of_a_vocabulary_are_shown_in_words():
    formfield = CodesField([("insulted", "Insulted"), ("online", "Online"), ("school", "School")])
    assert value_in_words(formfield, "online insulted") == "Insulted and Online"
    assert value_in_words(formfield, "") == ""


# --- Lists to tick --------------------------------------------------------------------------------


def test_ticks_of_two_people_come_together(ada, bo, action, alfa_rows):
    points = [
        Point.objects.create(
            plan=alfa_rows["members.plan"],
            number=number,
            title_en=f"Point {number}",
            short_title_en=f"P{number}",
        )
        for number in (2, 3, 4, 5)
    ]
    for model in (Plan, Point):
        model.objects.update(published_at=action.published_at)
    action.further_points.set(points[:2])
    hers, his = opened(ada, action), opened(bo, action)
    keys = [str(point.pk) for point in points]
    # She adds the third and takes the first away; he adds the fourth.
    assert save(ada, action, hers, further_points=[keys[1], keys[2]]).status_code == 302
    assert save(bo, action, his, further_points=[keys[0], keys[1], keys[3]]).status_code == 302
    assert {str(point.pk) for point in action.further_points.all()} == {keys[1], keys[2], keys[3]}


@pytest.mark.parametrize(
    ("role", "code"), [("viewer", 403), ("neighbor", 404), ("secretariat", 200)]
)
def test_draft_is_the_writers_and_the_offices(role, code, person, alfa, beta, browse, ada, unit):
    save(ada, unit, opened(ada, unit), "_draft", name_en="SECRET-DRAFT")
    who = {"neighbor": ("lead", beta), "secretariat": ("secretariat", None)}.get(role, (role, alfa))
    other = browse(person(*who))
    for page in (
        address(unit),
        address(unit) + "?public=1",
        address(unit).replace("change", "history"),
        "/admin/",
    ):
        assert ("SECRET-DRAFT" in text(other.get(page, follow=True))) == (
            role == "secretariat" and page == address(unit)
        )
    assert other.get(address(unit).replace("change/", "draft/discard/")).status_code == code
    fields = opened(other, unit) if code == 200 else {}
    assert save(other, unit, fields, "_draft", name_en="x").status_code == (
        302 if code == 200 else code
    )


def test_draft_goes_with_its_entry(ada, unit):
    save(ada, unit, opened(ada, unit), "_draft", name_en="Bureau")
    assert ada.post(address(unit).replace("change", "delete"), {"post": "yes"}).status_code == 302
    assert not Draft.objects.exists()


# --- History --------------------------------------------------------------------------------------


def test_history_says_who_when_in_which_language_and_which_words(ada, unit):
    save(ada, unit, opened(ada, unit), name_pl="Biuro Równości")
    html = text(ada.get(address(unit).replace("change", "history")))
    assert "by Ada" in html
    assert "Polski" in html
    assert "Biuro<ins> Równości</ins>" in html


def test_old_version_opens_in_the_form_and_is_saved_through_the_ordinary_door(ada, unit):
    save(ada, unit, opened(ada, unit), name_en="Second", name_pl="Drugie")
    save(ada, unit, opened(ada, unit), name_en="Third")
    entry = LogEntry.objects.get_for_object(unit).order_by("pk")[1]
    page = ada.get(address(unit) + f"?version={entry.pk}")
    assert "This is an old version" in text(page)
    fields = fields_of(page, "unit_form")
    assert (fields["name_en"], fields["name_pl"]) == (["Second"], ["Drugie"])
    assert save(ada, unit, fields).status_code == 302
    unit.refresh_from_db()
    assert (unit.name_en, unit.version) == ("Second", 4)


def test_old_version_brings_back_no_status(person, browse, alfa_rows):
    office = browse(person("secretariat"))
    action = alfa_rows["members.action"]
    save(office, action, opened(office, action), status="done", title_en="Another title")
    first = LogEntry.objects.get_for_object(action).order_by("pk").first()
    fields = opened(office, action, f"?version={first.pk}")
    assert (fields["status"], fields["title_en"]) == (["done"], ["Text ALPACA"])


@pytest.mark.parametrize("version", ["0", "-1", "x", "²", "9" * 26, "1\x00"])
def test_nonsense_for_a_version_is_a_404(version, ada, unit):
    assert ada.get(address(unit), {"version": version}).status_code == 404


def test_version_of_another_entry_does_not_exist(ada, unit, beta):
    foreign = Unit.objects.create(city=beta, name_en="ZEBRA")
    entry = LogEntry.objects.get_for_object(foreign).get()
    assert ada.get(address(unit), {"version": entry.pk}).status_code == 404


def test_history_costs_the_same_with_one_step_and_with_five(ada, unit, django_assert_num_queries):
    url = address(unit).replace("change", "history")
    ada.get(url)
    # One of them asks whether the city is a candidate, for the words of navigation.
    with django_assert_num_queries(9):
        ada.get(url)
    for number in range(4):
        save(ada, unit, opened(ada, unit), name_en=f"Office {number}")
    with django_assert_num_queries(9):
        ada.get(url)


# --- Bad input ------------------------------------------------------------------------------------


def test_role_withdrawn_while_the_form_was_open_saves_nothing_and_gives_the_text_back(
    person, alfa, unit, browse
):
    user = person("editor", alfa)
    client = browse(user)
    fields = opened(client, unit)
    user.roles.update(role="viewer")
    response = save(client, unit, fields, name_en="A long text typed for an hour")
    assert response.status_code == 403
    assert "A long text typed for an hour" in text(response)
    unit.refresh_from_db()
    assert unit.name_en == "Office"


def test_entry_deleted_while_the_form_was_open_gives_the_text_back(ada, unit):
    fields = opened(ada, unit)
    pk = unit.pk
    unit.delete()
    unit.pk = pk
    response = save(ada, unit, fields, name_en="A long text typed for an hour")
    assert response.status_code == 404
    assert "A long text typed for an hour" in text(response)


def test_parent_deleted_while_the_form_was_open_is_an_error_at_its_field(
    person, alfa, alfa_rows, browse
):
    client = browse(person("lead", alfa))
    page = client.get("/admin/programs/edition/add/")
    fields = {
        **fields_of(page, "edition_form"),
        "programme": "999999",
        "label": "2030",
        "summary_en": "Typed",
    }
    response = client.post("/admin/programs/edition/add/", fields)
    assert [error.field for error in response.context["error_links"]] == ["id_programme"]
    assert fields_of(response, "edition_form")["summary_en"] == ["Typed"]


@pytest.mark.parametrize(
    "long", ["x" * 4900, "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']
)
def test_long_and_hostile_text_is_kept_as_text(long, ada, bo, alfa):
    hers, his = opened(ada, alfa), opened(bo, alfa)
    assert save(ada, alfa, hers, introduction_en=long).status_code == 302
    response = save(bo, alfa, his, introduction_en=f"{long} and mine")
    assert response.status_code == 200
    assert "<script>alert" not in text(response)
    assert "<img src=x" not in text(response)
    assert fields_of(response, "city_form")["introduction_en"] == [f"{long} and mine"]
    history = text(ada.get(address(alfa).replace("change", "history")))
    assert "<script>alert" not in history
    assert City.objects.get(pk=alfa.pk).introduction_en == long
