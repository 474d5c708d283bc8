"""Tables of the public rows: exactly the list, with keys and codes, safe in a spreadsheet."""

import csv
import gc
import gzip
import io
import json
import re
from collections import defaultdict
from datetime import date, timedelta
from html import unescape

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from languages.dates import parse
from languages.freshness import record_translations
from languages.models import Freshness
from members.help import help_for, help_in
from members.map.projection import locate
from members.map.view import view_around
from members.models import (
    Action,
    City,
    Commitment,
    LegalAct,
    Meeting,
    Membership,
    Organisation,
    Source,
    SupportContact,
)
from members.spreadsheet import plain_cell
from portal.open_data.fields import Type
from portal.open_data.kind import prepared, values_of
from portal.open_data.kinds import KINDS
from programs.models import Edition
from tests.conftest import make_city

pytestmark = pytest.mark.django_db


def body_of(address, client=None):
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content)


def rows_of(kind, query="", language="en"):
    name = KINDS[kind].folder
    return json.loads(body_of(f"/{language}/{name}export.json{query}"))[kind]


def everything(kind):
    rows = KINDS[kind].everything_in_order()
    return [values_of(KINDS[kind], row) for batch in prepared(KINDS[kind], rows) for row in batch]


# --- What stands in them --------------------------------------------------------------------------


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_leaves_in_every_form_with_the_same_rows(kind):
    folder, everything = KINDS[kind].folder, KINDS[kind].everything
    query = f"?{everything}" if everything else ""
    objects = rows_of(kind, query)
    table = body_of(f"/en/{folder}export.csv{query}").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(table)))
    workbook = load_workbook(io.BytesIO(body_of(f"/en/{folder}export.xlsx{query}")))
    sheet, explanation = workbook.worksheets
    names = [field.name for field in KINDS[kind].fields]
    assert len(names) == len(set(names))
    assert len(objects) == len(lines) == sheet.max_row - 1 > 0
    assert list(objects[0]) == list(lines[0]) == [cell.value for cell in sheet[1]] == names
    explained = [row[0].value for row in explanation.iter_rows()]
    assert [name for name in names if name not in explained] == []


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("kind", KINDS)
def test_values_are_what_the_dictionary_says(kind):
    """Dates that can be read, codes of the list, numbers that are numbers."""
    for row in everything(kind):
        for field in KINDS[kind].fields:
            value = row[field.name]
            values = value if field.many else [value]
            for one in values:
                if one in (None, ""):
                    continue
                if field.codes:
                    assert one in dict(field.codes), field.name
                if field.type in (Type.DATE, Type.DAY):
                    assert str(parse(one)) == one, field.name
                if field.type is Type.NUMBER:
                    assert type(one) is int, field.name
                if field.type is Type.TRUTH:
                    assert type(one) is bool, field.name
                if field.type in (Type.TEXT, Type.CODE, Type.LANGUAGE, Type.ADDRESS):
                    assert isinstance(one, str), field.name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_field_has_a_meaning_and_an_example(kind, language):
    with override(language):
        for field in KINDS[kind].fields:
            assert str(field.meaning).strip(), field.name
            assert field.any_example, field.name
            assert re.fullmatch(r"[a-z][a-z_]*", field.name)
            assert all(str(part.meaning).strip() for part in field.parts)


# Texts that are kept once, as they were written, and the field that says in which language.
KEPT_ONCE = {
    "local_name": "local_language",
    "original_name": "original_language",
    "original_title": "original_language",
    "original_statement": "original_language",
    "plan_title": "original_language",
    "decided_by": "original_language",
    "quotation": "quotation_language",
    "title": "language",
    "body": "language",
}
# Names of people, offices and places as they call themselves, numbers, and what the portal writes
# itself in the language of the table.
WITHOUT_LANGUAGE = {
    *("other_names", "region", "place", "meeting_place", "address", "publisher", "speaker"),
    *("carried_by", "plan_edition", "editions.label", "number", "session", "standing_line"),
    *("phone", "second_phone", "phone_note", "email", "opening", "starts", "ends", "time_zone"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_language_of_each_text_stands_beside_it(kind):
    """Of each in a list too: a name that nobody has translated is in another language."""
    own = [("", field) for field in KINDS[kind].fields]
    of_parts = [(f"{field.name}.", part) for field in KINDS[kind].fields for part in field.parts]
    for whole, field in own + of_parts:
        siblings = of_parts if whole else own
        languages = {one.name for _whole, one in siblings if one.type is Type.LANGUAGE}
        is_label = field.name.endswith(("_label", "_labels"))
        if field.type is not Type.TEXT or is_label or whole + field.name in WITHOUT_LANGUAGE:
            continue
        single = field.name.removesuffix("s")
        beside = {f"{field.name}_language", f"{single}_languages", KEPT_ONCE.get(field.name)}
        assert beside & languages, (kind, field.name)


@pytest.mark.usefixtures("real_data")
def test_texts_of_a_list_have_a_language_each():
    for kind, name in (("organisations", "ground_names"), ("programmes", "action_titles")):
        languages = f"{name.removesuffix('s')}_languages"
        rows = [row for row in rows_of(kind, language="uk") if row[name]]
        assert rows, kind
        assert all(len(row[name]) == len(row[languages]) for row in rows)
        assert {code for row in rows for code in row[languages]} <= {*dict(settings.LANGUAGES)}


@pytest.mark.usefixtures("real_data")
def test_rows_are_joined_by_keys_and_read_in_the_readers_language():
    polish = {row["slug"]: row for row in rows_of("cities", "?status=all", "pl")}
    german = {row["slug"]: row for row in rows_of("cities", "?status=all", "de")}
    assert sorted(polish) == sorted(german)
    geneva = polish["geneve"], german["geneve"]
    assert [row["name"] for row in geneva] == ["Genewa", "Genf"]
    assert [row["name_language"] for row in geneva] == ["pl", "de"]
    assert geneva[0]["kind"] == geneva[1]["kind"] == "city"
    assert geneva[0]["kind_label"] != geneva[1]["kind_label"]
    keys = set(polish)
    for kind in ("actions", "promises", "undertakings", "acts", "decisions", "memberships"):
        cities = {row["city"] for row in rows_of(kind)}
        assert cities
        assert cities <= keys, kind
    krakow = polish["krakow"]
    assert krakow["country_label"] == "Polska"
    assert german["krakow"]["country_label"] == "Polen"
    assert (krakow["country"], krakow["wikidata_id"]) == ("PL", "Q31487")
    assert krakow["page"].endswith("/pl/cities/krakow/")


@pytest.mark.usefixtures("real_data")
def test_every_code_stands_beside_its_words():
    """A country, a point, a standing: nobody has to know what the code means."""
    for kind in KINDS:
        fields = KINDS[kind].fields_by_name
        codes = [name for name, field in fields.items() if field.codes and not field.many]
        codes += [name for name in ("country", "point") if name in fields]
        for row in rows_of(kind, language="pl"):
            for name in codes:
                assert bool(row[f"{name}_label"]) == bool(row[name]), (kind, name, row)
    standings = {row["standing_label"] for row in rows_of("memberships")}
    assert standings == {"member by a vote", "listed as a member by a public source"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_words_stands_beside_its_code(kind):
    """And every code beside words; in the parts of a field too."""
    for fields in (KINDS[kind].fields, *(field.parts for field in KINDS[kind].fields)):
        names = {field.name for field in fields}
        for field in fields:
            if field.name.endswith(("_label", "_labels")):
                code, _underscore, _label = field.name.rpartition("_")
                assert {code, f"{code}s"} & names, field.name
            if field.codes:
                one = field.name.removesuffix("s") if field.many else field.name
                assert {f"{one}_label", f"{one}_labels"} & names, field.name


def test_age_of_a_row_is_a_code(public_cast):
    this_year = timezone.localdate().year
    for as_of, age in ((f"{this_year}-01", "recent"), ("2014", "old"), ("", "undated")):
        Action.objects.update(status_as_of=as_of, stated_at=None)
        [row] = rows_of("actions")
        assert (row["as_of"], row["age"]) == (as_of, age)
        assert row["age_label"]


# --- One vocabulary, and rows within a row --------------------------------------------------------


def test_standing_has_the_same_codes_in_both_tables(country):
    stored = Membership.Standing.values
    for number, standing in enumerate(stored):
        city = make_city(country, f"city-{number}")
        has_ended = standing in (Membership.Standing.WITHDRAWN, Membership.Standing.EXCLUDED)
        ended = {"ended": "2025"} if has_ended else {}
        Membership.objects.create(
            city=city, standing=standing, joined="2020", published_at=timezone.now(), **ended
        )
    rows = {row["city"]: row["standing"] for row in rows_of("memberships")}
    assert set(rows.values()) == {"listed", "member", "suspended", "left", "excluded", "annulled"}
    for city in rows_of("cities", "?status=all"):
        # What was recorded by mistake says nothing of the city.
        assert city["standing"] in (rows[city["slug"]], "not-listed"), city["slug"]
    for asked in (*stored, *rows.values()):
        [row] = rows_of("memberships", f"?standing={asked}")
        word = stored[int(row["city"].removeprefix("city-"))]
        assert asked in (word, row["standing"])


def test_editions_have_structure_in_json_and_a_documented_form_in_csv(public_cast):
    [row] = rows_of("programmes")
    [edition] = row["editions"]
    assert [*edition] == ["label", "stage", "stage_label", "period_from", "period_to"]
    assert edition["stage"] in Edition.Stage.values
    [line] = csv.DictReader(io.StringIO(body_of("/en/programmes/export.csv").decode()))
    assert json.loads(line["editions"]) == row["editions"]
    assert json.loads(line["organisations"]) == row["organisations"]
    book = load_workbook(io.BytesIO(body_of("/en/programmes/export.xlsx")))
    cells = {head.value: cell.value for head, cell in zip(*book.worksheets[0].rows, strict=True)}
    assert cells["editions"] == line["editions"]
    html = Client().get("/en/data/programmes/").text
    for part in edition:
        assert f'<th scope="row">editions.{part}</th>' in html


def test_sheet_that_explains_says_what_each_line_is(alfa):
    book = load_workbook(io.BytesIO(body_of("/pl/cities/export.xlsx?status=all")))
    lines = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows(max_row=7)]
    labels = {line[0]: line[1] for line in lines[2:]}
    assert labels["Adres"].endswith("/pl/cities/export.xlsx?status=all")
    assert labels["Licencja"].startswith("https://creativecommons.org/")
    assert labels["Stan na"] == timezone.localdate().isoformat()


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("/en/data/memberships/export.csv?standing=ctive", "member, suspended, listed"),
        ("/api/v1/memberships/?standing=ctive", "member, suspended, listed"),
        ("/en/cities/export.csv?status=x", "active, evidenced"),
        ("/api/v1/cities/?country=XX", "PL"),
        ("/api/v1/contacts/?country=XX", "PL"),
        ("/api/v1/contacts/?city=XX", "alfa"),
        ("/en/figures/matrix.csv?status=x", "active, evidenced"),
        ("/en/figures/matrix.csv?point=99", "One of: "),
    ],
)
def test_refusal_names_the_values_that_there_are(address, values, public_cast):
    answer = Client().get(address)
    assert answer.status_code == 400
    assert values in answer.text
    assert "One of: " in answer.text


def test_files_of_a_part_of_the_map_hold_the_cities_of_that_part(country):
    for slug, latitude, longitude in (("alfa", 50, 20), ("beta", 50.5, 20.5), ("gamma", 59, 18)):
        make_city(country, slug, latitude=latitude, longitude=longitude)
    make_city(country, "nowhere")
    view = view_around([locate(50, 20), locate(50.5, 20.5)])
    page = Client().get(f"/en/cities/{view.url('status=all')}").text
    files = re.findall(r'href="(/en/cities/export[^"]+)" download', page)
    assert len(files) == 4
    for file in files:
        if ".json" in file:
            rows = json.loads(body_of(unescape(file)))["cities"]
            assert [row["slug"] for row in rows] == ["alfa", "beta"]
    listed = page.partition('id="results"')[2]
    assert "/en/cities/gamma/" not in listed
    (cited,) = re.findall(r'href="(/en/cite/cities/[^"]+)"', page)
    assert "Part of the map" in Client().get(unescape(cited)).text
    for query in ("map=1,2", "map=99999,99999,10", "map=%00"):
        assert Client().get(f"/en/cities/export.csv?{query}").status_code == 400


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("kind", KINDS)
def test_page_of_a_table_has_a_form_of_all_its_filters(kind):
    page = Client().get(f"/en/data/{kind}/").text
    for name in KINDS[kind].filters.base_filters:
        assert f'name="{name}"' in page, name
    assert re.search(r" download>CSV<span[^>]*>: [^<]+</span></a>", page)


@pytest.mark.parametrize("language", ["en", "pl", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_form_of_a_table_has_words_for_each_choice_and_labels_with_a_capital(
    kind, language, public_cast
):
    with override(language):
        form = KINDS[kind].filters({}, queryset=KINDS[kind].rows()).form
        for name, field in form.fields.items():
            assert str(field.label)[0].isupper(), (name, field.label)
            for code, label in getattr(field, "choices", ()):
                assert str(label).strip("- "), (name, code)


@pytest.mark.usefixtures("public_cast")
def test_page_of_a_table_gives_the_files_of_its_filters():
    """The files say the same rows as the page counts; what is empty stands in no address."""
    page = Client().get("/en/data/actions/?country=pl&city=&status=done").text
    path = "/en/data/actions/export.csv?country=pl&status=done"
    assert f'href="{path.replace("&", "&amp;")}"' in page
    rows = len(body_of(path).decode().splitlines()) - 1
    whole = KINDS["actions"].rows().count()
    fitting = re.search("Rows that fit the filters: <strong>([0-9]+)</strong> of ([0-9]+)", page)
    assert fitting.groups() == (str(rows), str(whole))
    assert f'href="{reverse("data_table", args=["actions"])}">All rows</a>' in page


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("kind", KINDS)
def test_page_of_a_table_answers_to_each_value_that_its_form_offers(kind):
    """Also where a filter gives a row and not a code: the head of the page leads to its help."""
    page = Client().get(f"/en/data/{kind}/").text
    for name in KINDS[kind].filters.base_filters:
        select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
        for value in re.findall('<option value="([^"]+)"', select[0])[:2] if select else ():
            answer = Client().get(f"/en/data/{kind}/", {name: unescape(value)})
            assert answer.status_code == 200, (name, value)
            if name == "city":
                assert f"/en/help/{value}/" in answer.text


@pytest.mark.usefixtures("public_cast")
def test_page_of_a_table_says_at_the_field_what_it_does_not_know():
    answer = Client().get("/en/data/actions/?country=XX")
    page = answer.text
    assert answer.status_code == 400
    assert 'class="errorlist" id="id_country_error"' in page
    assert 'aria-invalid="true"' in page
    assert "download>CSV" not in page
    assert "Rows that fit" not in page


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("page", ["/en/cities/?country=PL", "/en/countries/pl/"])
def test_list_of_cities_leads_to_the_files_of_their_actions(page, alfa):
    text = Client().get(page).text
    assert 'href="/en/data/actions/?country=PL">Actions of cities as files: Poland</a>' in text


def test_meeting_that_lies_ahead_is_known_since_it_was_announced(public_cast):
    """Nothing that lies in the future has happened."""
    now = timezone.now()
    tomorrow = timezone.localdate() + timedelta(days=1)
    coming = Meeting.objects.create(
        kind="general_assembly", starts=tomorrow.isoformat(), published_at=now
    )
    past = Meeting.objects.create(kind="general_assembly", starts="2019-10", published_at=now)
    rows = {row["id"]: row for row in rows_of("meetings")}
    assert rows[coming.pk]["as_of"] == timezone.localdate().isoformat()
    assert rows[past.pk]["as_of"] == "2019-10"


def test_translation_that_is_older_than_its_source_text_is_named(public_cast):
    action = Action.objects.get(pk=public_cast["members.action"].pk)
    texts = {"source_language": "en", "title_en": "Training", "title_pl": "Szkolenie"}
    for name, value in texts.items():
        setattr(action, name, value)
    action.save()
    record_translations(action, changed=["title_pl"], how=Freshness.How.OFFICE)

    def outdated(language):
        address = f"/api/v1/actions/{action.pk}/?lang={language}"
        row = Client().get(address).json()
        (in_file,) = [
            one for one in rows_of("actions", language=language) if one["id"] == action.pk
        ]
        assert in_file == row
        return row["title"], row["outdated_texts"], row["outdated_since"]

    assert outdated("pl") == ("Szkolenie", [], "")
    action.title_en = "Training for everybody"
    action.save()
    today = timezone.localdate().isoformat()
    assert outdated("pl") == ("Szkolenie", ["title"], today)
    assert outdated("en") == ("Training for everybody", [], "")
    # Nobody has translated it into Swedish: another language is shown, and says so.
    assert outdated("sv") == ("Training for everybody", [], "")
    record_translations(action, changed=["title_pl"], how=Freshness.How.OFFICE)
    assert outdated("pl") == ("Szkolenie", [], "")


@pytest.mark.usefixtures("real_data")
def test_filter_by_year_of_joining_counts_as_the_figure_does():
    """Who is only listed by a source has a date, and no year of joining."""
    figure = Client().get("/en/figures/members.csv").text
    years = {row["year"]: row for row in csv.DictReader(io.StringIO(figure.lstrip("\ufeff")))}
    members = len(rows_of("cities"))
    for year in (2009, 2019, timezone.localdate().year):
        rows = rows_of("cities", f"?joined_before={year}")
        joined = [int(row["joined"]) for key, row in years.items() if key and int(key) <= year]
        assert len(rows) == sum(joined), year
        assert {row["standing"] for row in rows} <= {"member", "suspended"}
    assert len(rows_of("cities", "?joined=unknown")) == members - len(rows) > 0


@pytest.mark.usefixtures("real_data")
def test_promise_says_from_what_it_is_known():
    """Where the city does not speak itself: sources and dates of what stands below."""
    rows = rows_of("promises")
    assert {row["basis"] for row in rows} == {"plan", "assigned", "actions"}
    for row in rows:
        assert row["origin"] == "cited"
        assert row["sources"], row
        assert (row["basis"] == "actions") == (row["undertakings"] == 0)
    below = defaultdict(list)
    for undertaking in rows_of("undertakings"):
        below[undertaking["promise"]].append(undertaking)
    bare = {row["id"] for row in rows if row["basis"] == "actions"}
    for action in rows_of("actions"):
        if action["promise"] in bare:
            below[action["promise"]].append(action)
    assert bare <= below.keys()
    for row in rows:
        dates = {one["as_of"] for one in below[row["id"]]} - {""}
        if below[row["id"]]:
            assert row["as_of"] in (dates or {""})
        assert {source for one in below[row["id"]] for source in one["sources"]} <= {
            *row["sources"]
        }
    assert sum(row["as_of"] != "" for row in rows) > 300


@pytest.mark.usefixtures("real_data")
def test_promises_hold_none_of_their_actions_in_memory(monkeypatch):
    """A promise may have thousands: 100,000 of them took 1.2 GB when the archive was written."""
    read = []
    from_db = Action.from_db.__func__

    def noted(model, *values):
        read.append(model)
        return from_db(model, *values)

    monkeypatch.setattr(Action, "from_db", classmethod(noted))
    assert {row["basis"] for row in rows_of("promises")} >= {"actions"}
    assert not read
    assert rows_of("actions")
    assert read


@pytest.mark.usefixtures("real_data")
def test_terms_name_the_portal_and_not_the_network():
    """The network has published none of this: the portal is not its official site."""
    for address in ("/en/cities/export.json", "/en/data/csv-metadata.json", "/data/catalogue"):
        answer = Client().get(address)
        text = b"".join(answer).decode() if answer.streaming else answer.text
        assert settings.PORTAL_NAME in text, address
        assert "European Coalition" not in text.split('"cities": [')[0], address


# --- Whose rows they are --------------------------------------------------------------------------


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("kind", KINDS)
def test_table_holds_what_is_public_of_real_cities_and_nothing_else(kind, alfa):
    """The model's `public()` is the measure; what is taken off the pages leaves the table."""
    described = KINDS[kind]
    model = described.rows().model
    before = described.rows().count()
    assert before > 0
    expected = described.rows() if model is Source else model.objects.public().real()
    assert set(described.rows()) <= set(expected)
    for fictional in (True, False):
        City.objects.update(fictional=fictional, published_at=timezone.now() if fictional else None)
        left = described.everything_in_order()
        of_city = [row for row in left if getattr(row, "city_id", None) == alfa.pk or row == alfa]
        assert of_city == []


@pytest.mark.usefixtures("public_cast")
def test_drafts_private_documents_and_hidden_offices_are_named_in_no_row(public_cast):
    act = public_cast["members.legalact"]
    LegalAct.objects.filter(pk=act.pk).update(document=public_cast["members.document"])
    unit = public_cast["members.unit"]
    Commitment.objects.update(unit=unit)
    Action.objects.update(unit=unit)
    type(unit).objects.update(published_at=None, name_en="UNSEEN OFFICE")
    Organisation.objects.create(slug="draft-body", kind="fund", original_name="UNSEEN BODY")
    Source.objects.create(url="https://example.org/unseen", title="UNSEEN SOURCE")
    text = json.dumps([everything(kind) for kind in KINDS])
    assert "UNSEEN" not in text
    assert "/documents/" not in text
    assert "unseen" not in text
    for word in ("someone-alfa@", "Unpublished", "letter-alfa@", "Town ALPACA"):
        assert word not in text


def test_news_of_tomorrow_are_in_no_table_today(public_cast):
    news = public_cast["portal.news"]
    type(news).objects.update(published_at=timezone.now() + timedelta(days=1))
    assert everything("news") == []


# --- Forms ----------------------------------------------------------------------------------------


def test_workbook_takes_no_text_for_a_formula(country):
    make_city(country, "alfa", local_name='=HYPERLINK("https://example.org")', region="+1")
    sheet = load_workbook(io.BytesIO(body_of("/en/cities/export.xlsx?status=all"))).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    for text in ('=HYPERLINK("https://example.org")', "+1"):
        assert (cells[text].data_type, cells[text].quotePrefix) == ("s", True)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("+43800206119", "+43800206119"),
        ("+1", "'+1"),
        ("+43 800 206119", "'+43 800 206119"),
        ("+43800206119+1", "'+43800206119+1"),
        ("+43800206119\n", "'+43800206119\n"),
        ("-43800206119", "'-43800206119"),
        ("=43800206119", "'=43800206119"),
    ],
)
def test_only_a_number_to_dial_stays_as_it_is(text, cell):
    assert plain_cell(text) == cell


def test_example_of_a_country_is_in_the_language_of_the_dictionary():
    field = KINDS["cities"].fields_by_name["country_label"]
    examples = {}
    for language in ("en", "pl", "uk"):
        with override(language):
            examples[language] = field.any_example
    assert examples == {"en": "Poland", "pl": "Polska", "uk": "Польща"}


def test_map_is_geojson_with_longitude_first(country):
    make_city(country, "alfa", latitude="50.06143", longitude="-19.93658")
    make_city(country, "beta")
    collection = json.loads(body_of("/en/cities/export.geojson?status=all"))
    assert collection["type"] == "FeatureCollection"
    alfa, beta = collection["features"]
    assert alfa["geometry"] == {"type": "Point", "coordinates": [-19.93658, 50.06143]}
    assert beta["geometry"] is None
    assert (alfa["id"], alfa["properties"]["slug"]) == ("alfa", "alfa")
    table = body_of("/en/cities/export.csv?status=all").decode()
    assert ",-19.93658," in table


def test_only_cities_have_a_map():
    assert Client().get("/en/programmes/export.geojson").status_code == 404
    assert Client().get("/en/cities/export.exe").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?colour=red", "colour"),
        ("?country=XX", "Country"),
        ("?country=PL&country=DE", "country"),
        ("?status=\x00", "status"),
        ("?point=" + "9" * 26, "point"),
        ("?" + "&".join(f"a{n}=1" for n in range(900)), "a0"),
    ],
)
def test_query_that_the_table_does_not_know_is_refused_and_named(query, names, alfa):
    answer = Client().get(f"/en/cities/export.csv{query}")
    assert answer.status_code == 400
    assert names.lower() in answer.content.decode().lower()


PAGES = ("cities/", "compare/", "figures/", "data/", "data/cities/", "programmes/", "news/")
FILES = (
    *("/en/cities/export.csv", "/en/data/actions/export.json", "/en/figures/members.csv"),
    *("/en/figures/matrix.csv", "/en/compare/export.csv?city=alfa", "/data/catalogue"),
    *("/en/data/csv-metadata.json", "/api/v1/", "/api/v1/cities/", "/api/v1/cities/alfa/"),
    *("/api/v1/schema/", "/api/v1/changes/"),
)


def test_files_refuse_a_key_that_pages_pass_over(public_cast):
    """Decision 0060."""
    for page in PAGES:
        assert Client().get(f"/en/{page}?utm_source=letter").status_code == 200, page
    for file in FILES:
        separator = "&" if "?" in file else "?"
        answer = Client().get(f"{file}{separator}utm_source=letter")
        assert answer.status_code == 400, file
        assert "utm_source" in answer.text


def test_ten_thousand_parameters_are_refused(alfa):
    query = "&".join(f"a{n}=1" for n in range(10_000))
    assert Client().get(f"/en/cities/export.csv?{query}").status_code == 400


def test_link_beside_the_heading_leads_to_exactly_the_filtered_list(public_cast):
    html = Client().get("/en/cities/?country=&q=alfa&utm_source=x").content.decode()
    assert 'href="/en/cities/export.csv?q=alfa" download' in html
    assert html.index("export.csv") < html.index('id="results"')


# A page with a list, its kind, and the address of a row of it.
LISTS = [
    ("cities/?country=PL", "cities", "cities/{slug}/"),
    ("cities/?country=DE&status=all&sort=joined", "cities", "cities/{slug}/"),
    ("programmes/?country=PL", "programmes", "programmes/{slug}/"),
    ("news/", "news", "news/{slug}/"),
    ("news/?city=krakow", "news", "news/{slug}/"),
    ("events/", "events", "events/{slug}/"),
    ("meetings/", "meetings", "meetings/{id}/"),
]


@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(("page", "kind", "row_address"), LISTS)
def test_each_list_has_its_files_beside_its_heading(page, kind, row_address):
    """Every row that the page shows stands in them, in its order; and as many as it counts."""
    html = Client().get(f"/en/{page}").text
    beside = html.partition("<h1")[2].partition("<h2")[0]
    folder = KINDS[kind].folder
    files = re.findall(rf'href="(/en/{folder}export[^"]+)" download', beside)
    endings = ["csv", "json", "xlsx", *(["geojson"] if kind == "cities" else [])]
    assert [re.search(r"export\.(\w+)", file)[1] for file in files] == endings
    rows = json.loads(body_of(unescape(files[1])))[kind]
    addresses = [f"/en/{row_address.format(**row)}" for row in rows]
    listed = html.partition("<main")[2]
    shown = [address for address in addresses if f'href="{address}"' in listed]
    assert shown == addresses[: len(shown)]
    assert shown or not rows
    of_kind = re.escape(f"/en/{row_address}").replace(r"\{slug\}", "[a-z0-9-]+")
    on_page = re.findall(rf'<h[23][^>]*>\s*<a href="({of_kind})"', listed)
    assert set(on_page) <= set(addresses)


def test_pages_of_help_and_countries_lead_to_exactly_their_lists(public_cast, alfa):
    def rows_behind(page, kind):
        pattern = rf'href="([^"]*/{kind}/export\.json[^"]*)"'
        (address,) = re.findall(pattern, Client().get(page).text)
        return json.loads(body_of(unescape(address)))[kind]

    elsewhere = make_city(alfa.country, "elsewhere")
    body = Organisation.objects.create(
        slug="body", original_name="Body", original_language="en", published_at=timezone.now()
    )
    for place in ({"city": alfa}, {"city": elsewhere}, {"country": alfa.country}):
        SupportContact.objects.create(
            organisation=body, phone="+48123456789", published_at=timezone.now(), **place
        )
    in_city = {row["id"] for row in rows_behind("/en/help/alfa/", "contacts")}
    assert in_city == {contact.pk for contact in help_for(alfa).contacts}
    in_country = {row["id"] for row in rows_behind("/en/help/pl/", "contacts")}
    assert in_country == {contact.pk for contact in help_in(alfa.country).contacts}
    assert in_country < in_city
    cities = {row["slug"] for row in rows_behind("/en/countries/pl/", "cities")}
    assert cities == {"alfa", "elsewhere"}
    assert len(rows_behind("/en/countries/pl/", "programmes")) == 1


def test_table_is_streamed_and_costs_the_same_with_one_row_and_three(
    country, django_assert_num_queries
):
    for number, slugs in ((1, ["alfa"]), (3, ["beta", "gamma"])):
        for slug in slugs:
            make_city(country, slug)
        # Their version (3). The cities, their names, memberships, sources; the standing of those
        # that are no members (2); no successors; which texts are outdated.
        with django_assert_num_queries(10):
            assert len(json.loads(body_of("/en/cities/export.json?status=all"))["cities"]) == number


def rows_in_memory() -> int:
    """What nothing but a circle holds is gone with the next collection."""
    gc.collect()
    return sum(type(one) is Organisation for one in gc.get_objects())


@pytest.mark.parametrize(
    ("ending", "encoding"),
    [("csv", "identity"), ("csv", "gzip"), ("json", "identity"), ("xlsx", "identity")],
)
def test_table_holds_few_of_its_rows_in_memory(ending, encoding, db, monkeypatch):
    """`bench/exports.py` measures what 100,000 rows cost; this finds whoever gathers them."""
    for module in ("languages.upkeep", "portal.open_data.kind"):
        monkeypatch.setattr(f"{module}.BATCH", 20)
    now = timezone.now()
    Organisation.objects.bulk_create(
        Organisation(slug=f"body-{number}", original_name="Body", published_at=now)
        for number in range(200)
    )
    most = []

    def noted(kind, row):
        if row.pk % 50 == 0:
            most.append(rows_in_memory())
        return values_of(kind, row)

    monkeypatch.setattr("portal.open_data.formats.table.values_of", noted)
    address = f"/en/data/organisations/export.{ending}"
    answer = Client().get(address, headers={"accept-encoding": encoding})
    assert len(b"".join(answer.streaming_content)) > 1000
    assert len(most) >= 3
    assert max(most) <= 60


TABLES = [
    "/en/cities/export.csv",
    "/en/cities/export.geojson?status=all",
    "/pl/data/actions/export.xlsx",
    "/en/compare/export.csv?city=alfa",
    "/en/figures/members.csv",
    "/en/figures/matrix.csv",
    "/data/catalogue",
]


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("address", TABLES)
def test_table_that_somebody_has_already_is_not_made_again(
    address, django_assert_max_num_queries, monkeypatch
):
    first = Client().get(address)
    tag = first["ETag"]
    # The version (3), what the filters choose from; no row.
    with django_assert_max_num_queries(8):
        again = Client().get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Access-Control-Allow-Origin"] == "*"
    assert Client().get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    # An edit raises the version, once in a transaction, and this test is one
    # (tests/portal/kept_pages/test_triggers.py).
    monkeypatch.setattr("portal.kept_pages.tags.page_version", lambda: "after an edit")
    changed = Client().get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] != tag


def test_table_ends_with_the_day_and_with_an_entry_that_appears(public_cast, monkeypatch):
    address = "/en/news/export.csv"
    tag = Client().get(address)["ETag"]
    assert Client().get(address)["ETag"] == tag
    later = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("portal.kept_pages.tags.next_change", lambda: later)
    assert Client().get(address)["ETag"] != tag


def test_head_of_a_table_reads_no_row(public_cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        answer = Client().head("/en/data/sources/export.xlsx")
    assert answer["ETag"] == Client().get("/en/data/sources/export.xlsx")["ETag"]
    assert b"".join(answer.streaming_content) == b""


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("address", TABLES)
def test_table_leaves_compressed_piece_by_piece_where_somebody_takes_it(address):
    packed = Client().get(address, headers={"accept-encoding": "gzip"})
    assert "Accept" in packed["Vary"]
    if "xlsx" in address:
        # A workbook is packed already.
        assert not packed.has_header("Content-Encoding")
        return
    if packed.streaming or packed.has_header("Content-Encoding"):
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.getvalue()) == Client().get(address).getvalue()
    empty = Client().head(address, headers={"accept-encoding": "gzip"})
    assert empty.getvalue() == b""
    again = Client().get(
        address, headers={"accept-encoding": "gzip", "if-none-match": packed["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("public_cast")
@pytest.mark.parametrize("address", [*TABLES, "/en/data/csv-metadata.json"])
def test_other_sites_may_ask_before_they_read(address):
    """A browser asks before a program sends `If-None-Match` to another site, and hides the `ETag`
    from the program unless the answer names it."""
    allowed = Client().options(address)
    assert (allowed.status_code, allowed.content) == (204, b"")
    assert "If-None-Match" in allowed["Access-Control-Allow-Headers"]
    assert allowed["Access-Control-Allow-Methods"] == allowed["Allow"] == "GET, HEAD, OPTIONS"
    if "metadata" not in address:
        assert "ETag" in Client().get(address)["Access-Control-Expose-Headers"]
    assert Client().post(address).status_code == 405


FROM_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "is_marked"),
    [(FROM_BROWSER, True), ("", False), ("*/*", False), ("text/csv", False), ("nonsense", False)],
)
@pytest.mark.parametrize("address", [one for one in TABLES if ".csv" in one])
def test_mark_of_a_spreadsheet_is_in_no_column_that_a_program_reads(
    address, accept, is_marked, public_cast
):
    """A browser saves the file, and a spreadsheet opens it later without the head of the answer."""
    answer = Client().get(address, headers={"accept": accept} if accept else {})
    content = b"".join(answer) if answer.streaming else answer.content
    assert content.startswith(b"\xef\xbb\xbf") == is_marked
    assert "Accept" in answer["Vary"]
    assert "charset=utf-8" in answer["Content-Type"]


def test_file_is_named_by_kind_language_and_day(alfa):
    answer = Client().get("/pl/cities/export.csv")
    today = timezone.localdate()
    assert answer["Content-Disposition"] == f'attachment; filename="cities-pl-{today}.csv"'
    assert (answer["Content-Language"], answer.streaming) == ("pl", True)
    assert 'rel="license"' in answer["Link"]
    assert isinstance(today, date)


def test_whole_table_names_the_file_that_describes_it(alfa):
    """CSV on the Web finds it so; a part of a table is another file."""
    described = {
        table["url"] for table in Client().get("/pl/data/csv-metadata.json").json()["tables"]
    }
    for path in ("/pl/cities/export.csv?status=all", "/pl/data/points/export.csv"):
        link = Client().get(path)["Link"]
        assert f'<{settings.SITE_URL}/pl/data/csv-metadata.json>; rel="describedby"' in link
        assert settings.SITE_URL + path in described
    for path in ("/pl/cities/export.csv", "/pl/data/points/export.json"):
        assert "describedby" not in Client().get(path)["Link"]
        assert settings.SITE_URL + path not in described


def test_every_record_with_a_city_belongs_to_a_kind_or_is_named_here():
    """A new public model is a decision: a kind of its own, part of one, or none."""
    own = {kind.rows().model for kind in KINDS.values()}
    parts = {
        "members.unit", "members.milestone", "members.evidence", "members.actionupdate",
        "members.indicator", "members.indicatorvalue", "members.review", "members.bodytask",
        "members.plan", "members.suggestedaction",
        "members.targetgroup", "members.networktext", "members.feeband", "programs.edition",
        "programs.editionevent", "programs.programmeitem", "programs.participation",
        "programs.programmelink", "programs.grant", "programs.spending", "programs.coverage",
        "programs.evaluation", "members.accession", "members.accessionchoice",
        "members.accessionownaction", "portal.citypicture", "portal.example",
    }  # fmt: skip
    records = {
        model._meta.label_lower
        for model in apps.get_models()
        if hasattr(model, "published_at") and model not in own
    }
    assert records - parts == set()
