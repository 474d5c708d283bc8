"""The loaders: whole or not at all, again without doubling, and never over somebody's work."""

import hashlib
import io
import re
from dataclasses import replace
from importlib import import_module

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import override

from languages.freshness import State, language_states
from languages.models import Freshness, IndexRow
from languages.text import language_columns
from members import accession_file
from members.models import (
    Accession,
    Citation,
    City,
    CityRole,
    Country,
    Letter,
    Meeting,
    Membership,
    Milestone,
    Plan,
    Point,
    Source,
    User,
)
from members.models.remarks import SourceRemark
from members.services import accessions, membership_evidence
from members.services.sources import cite
from portal.loading.files import Refused
from portal.loading.oversights import unread_sources
from portal.loading.tables import NETWORK, NETWORK_FOLDERS, REFERENCE, load_file
from portal.management.commands import load_network
from portal.models import Event
from programs.models import Programme
from tests import prepared
from tests.members.accession_cast import CONSENT

pytestmark = pytest.mark.django_db

TABLES = dict(NETWORK) | dict(REFERENCE)
URL = "https://example.org/a-source"
CITIES = f"""\
slug,kind,local_name,country,source_language,name_en,name_pl,source_url
lodz,city,Łódź,PL,pl,Lodz,Łódź,{URL}
lublin,city,Lublin,PL,pl,Lublin,Lublin,{URL}
"""


@pytest.fixture(autouse=True)
def english():
    """As a command speaks: an earlier test's visitor may have left another language behind."""
    with override("en"):
        yield


@pytest.fixture
def load(tmp_path, country, source):
    """`load("cities.csv", text)`: write the file and load it."""

    def run(name: str, text: str) -> object:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return load_file(path, TABLES[name])

    return run


@pytest.fixture
def source(db) -> Source:
    return Source.objects.create(url=URL, title="A source")


def everything() -> dict[str, list[tuple]]:
    """Every row of what loading writes: to see that nothing changed."""
    tables = [*{table.model for table in TABLES.values()}, Freshness, IndexRow, LogEntry]
    return {model._meta.label: rows(model) for model in tables}


def rows(model: type[models.Model]) -> list[tuple]:
    # The index is written anew, with new keys, when its object is saved: what it says is compared,
    # not its key.
    names = [field.attname for field in model._meta.concrete_fields if field.name != "id"]
    return sorted(model._base_manager.values_list(*names), key=repr)


# --- Again without doubling -----------------------------------------------------------------------


def test_load_makes_published_rows_with_citations_and_freshness(load):
    counts = load("cities.csv", CITIES)
    city = City.objects.public().get(slug="lodz")
    assert str(counts) == "2 new, 0 changed, 0 as before"
    assert (city.name_en, city.name_pl, city.origin) == ("Lodz", "Łódź", "cited")
    assert Citation.objects.get(object_id=city.pk).source.url == URL
    # Polish is the source: only English is a translation.
    assert list(Freshness.objects.filter(object_id=city.pk).values_list("field", "language")) == [
        ("name", "en")
    ]


def test_load_again_changes_nothing(load):
    load("cities.csv", CITIES)
    before = everything()
    counts = load("cities.csv", CITIES)
    assert str(counts) == "0 new, 0 changed, 2 as before"
    assert everything() == before


def test_load_again_changes_only_what_the_file_changed(load):
    load("cities.csv", CITIES)
    counts = load("cities.csv", CITIES.replace(",Lodz,", ",Łódź (Lodz),"))
    assert str(counts) == "0 new, 1 changed, 1 as before"
    assert City.objects.get(slug="lodz").name_en == "Łódź (Lodz)"
    assert City.objects.get(slug="lodz").version == 2
    assert City.objects.get(slug="lublin").version == 1


def test_reference_data_load_twice_without_a_change(reference_data, capsys):
    before = everything()
    capsys.readouterr()
    call_command("load_reference")
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert [line for line in lines if ": 0 new, 0 changed," not in line] == []
    assert everything() == before


def test_network_data_load_twice_without_a_change(network_data, capsys):
    before = everything()
    capsys.readouterr()
    call_command("load_network")
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if ": 0 new, 0 changed," not in line] == []
    assert everything() == before


# --- Whole or not at all --------------------------------------------------------------------------


def test_dry_run_changes_nothing(capsys):
    before = everything()
    call_command("load_reference", dry_run=True)
    assert "Dry run: nothing was changed." in capsys.readouterr().out
    assert everything() == before


def test_bad_file_is_refused_whole_with_every_reason(load):
    bad = f"""\
slug,kind,local_name,country,source_language,population,name_pl,source_url
lodz,city,Łódź,PL,pl,672185,Łódź,{URL}
lublin,village,Lublin,PL,pl,,Lublin,{URL}
xanadu,city,Xanadu,XX,pl,,Xanadu,{URL}
krakow,city,Kraków,PL,pl,many,Kraków,{URL}
"""
    with pytest.raises(Refused) as refused:
        load("cities.csv", bad)
    lines = [error.split("/")[-1] for error in refused.value.errors]
    assert [line.rsplit(": ", 1)[0] for line in lines] == [
        "cities.csv:3: kind",
        "cities.csv:4: country",
        "cities.csv:5: population",
    ]
    assert lines[1] == "cities.csv:4: country: there is no 'XX'"
    assert not City.objects.exists()
    assert not IndexRow.objects.filter(kind="city").exists()


def test_row_that_breaks_a_constraint_is_refused_and_the_others_are_read(load):
    bad = f"""\
slug,title_en,first_day,last_day,place,source_url
before,Before,2026-05-02,2026-05-01,Town hall,{URL}
good,Good,2026-05-01,2026-05-02,Town hall,{URL}
again,Again,2026-06-02,2026-06-01,Town hall,{URL}
"""
    with pytest.raises(Refused) as refused:
        load("events.csv", bad)
    lines = [error.split("/")[-1] for error in refused.value.errors]
    assert lines == [
        "events.csv:2: last_day: The event ends before it begins.",
        "events.csv:4: last_day: The event ends before it begins.",
    ]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("slug,kind,mayor\n", "cities.csv:1: mayor: city has no such field"),
        ("kind,local_name\n", "cities.csv:1: slug: this column is missing"),
        ("slug,kind,kind\n", "cities.csv:1: kind: this column stands twice"),
        ("slug,kind\nlodz\n", "cities.csv:2: 1 cells where the header has 2"),
    ],
)
def test_bad_shape_of_a_file_is_refused(load, text, reason):
    with pytest.raises(Refused) as refused:
        load("cities.csv", text)
    assert reason in [error.split("/")[-1] for error in refused.value.errors]


def test_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "cities.csv"
    path.write_bytes("slug,kind\nłódź,city\n".encode("iso-8859-2"))
    with pytest.raises(Refused, match=r"/cities\.csv:2: byte 10 of the file is not UTF-8"):
        load_file(path, TABLES["cities.csv"])


def test_row_that_stands_twice_is_refused(load):
    twice = CITIES + CITIES.splitlines()[1].replace("Lodz", "Litzmannstadt") + "\n"
    with pytest.raises(Refused, match=r"/cities\.csv:4: slug: line 2 has the same"):
        load("cities.csv", twice)
    assert not City.objects.exists()


def test_nul_character_is_refused(load):
    with pytest.raises(Refused, match=r"/cities\.csv:3: a NUL character"):
        load("cities.csv", CITIES.replace("Lublin,PL", "Lub\0lin,PL"))


def test_command_says_why_a_file_was_refused(tmp_path):
    folder = tmp_path / "reference"
    folder.mkdir()
    (folder / "countries.csv").write_text("code,in_eu\nPL,maybe\n", encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"reference/countries\.csv:2: in_eu: 'maybe' is neither yes nor no"
    ):
        call_command("load_reference", data=tmp_path)
    assert not Country.objects.exists()


@pytest.mark.parametrize("dry_run", [False, True])
def test_files_before_a_refused_one_stay_loaded_and_are_found(dry_run, tmp_path):
    folder = tmp_path / "reference"
    folder.mkdir()
    (folder / "countries.csv").write_text("code,in_eu\nPL,yes\n", encoding="utf-8")
    (folder / "plans.csv").write_text("name_en,in_force\nPlan,maybe\n", encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"plans\.csv:2: in_force: 'maybe' is neither yes nor no"
    ):
        call_command("load_reference", data=tmp_path, dry_run=dry_run)
    assert (
        Country.objects.filter(code="PL").count()
        == IndexRow.objects.filter(kind="country", language="en").count()
        == (0 if dry_run else 1)
    )


@pytest.mark.parametrize(
    ("command", "there", "sentence"),
    [
        ("load_network", [], "There is no folder .*network/membership: nothing was loaded"),
        ("load_reference", [], "There is no folder .*/reference: nothing was loaded"),
        ("load_reference", ["reference/notes.csv"], "has no table that this command loads"),
        (
            "load_network",
            ["membership/sources.csv", "help/sources.csv", "local/sources.csv"],
            "There is no folder .*network/actions",
        ),
    ],
)
def test_missing_data_are_said_and_nothing_is_loaded(command, there, sentence, tmp_path):
    for name in there:
        path = tmp_path / ("" if command == "load_reference" else "network") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("url,title\n")
    with pytest.raises(CommandError, match=sentence):
        call_command(command, data=tmp_path)


def test_missing_table_of_cities_is_said_before_anything_is_loaded(tmp_path):
    for folder in NETWORK_FOLDERS:
        path = tmp_path / "network" / folder / "sources.csv"
        path.parent.mkdir(parents=True)
        path.write_text(f"url,title\n{URL},A source\n")
    with pytest.raises(CommandError, match=r"There is no file .*membership/cities\.csv"):
        call_command("load_network", data=tmp_path)
    assert not Source.objects.exists()


def test_command_says_nothing_at_verbosity_0(reference_data, capsys):
    capsys.readouterr()
    call_command("load_reference", verbosity=0)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("end", ["\n", "\n\n", ",,,,,,,\n", "\r\n  \r\n"])
def test_empty_lines_at_the_end_are_no_fault(load, end):
    assert load("cities.csv", CITIES + end).created == 2


def test_line_break_within_a_cell_is_kept(load):
    text = CITIES.replace("Lublin,Lublin,", '"Lu\u2028blin","Lublin",', 1)
    assert load("cities.csv", text.replace("\n", "\r")).created == 2


@pytest.mark.parametrize(("latitude", "longitude"), [("51.7", "500"), ("-91", "19.4")])
def test_impossible_place_is_said_in_words_with_line_and_column(load, latitude, longitude):
    head = "slug,local_name,country,source_language,name_en,latitude,longitude,source_url\n"
    row = f"lodz,Łódź,PL,en,Lodz,{latitude},{longitude},{URL}\n"
    with pytest.raises(Refused) as refused:
        load("cities.csv", head + row)
    (line,) = refused.value.errors
    assert "/cities.csv:2: longitude: Give both coordinates or neither: the latitude from" in line


# --- Honest ---------------------------------------------------------------------------------------


def test_fact_without_a_source_is_refused(load):
    with pytest.raises(Refused) as refused:
        load("cities.csv", CITIES.replace(URL, "", 1))
    assert [error.split("/")[-1] for error in refused.value.errors] == [
        "cities.csv:2: source_url: a fact needs a source"
    ]
    assert not City.objects.exists()


def test_source_that_is_not_listed_is_refused(load):
    with pytest.raises(Refused) as refused:
        load("cities.csv", CITIES.replace(URL, "https://example.org/unknown"))
    assert refused.value.errors[0].endswith(
        "cities.csv:2: source_url: https://example.org/unknown does not stand in sources.csv"
    )


def test_row_that_a_person_edited_is_left_alone(load, person):
    load("cities.csv", CITIES)
    city = City.objects.get(slug="lodz")
    with set_actor(person("secretariat")):
        city.introduction_en = "Written by a person."
        city.save()
    counts = load(
        "cities.csv",
        CITIES.replace("Lodz", "Changed").replace("Lublin,Lublin,", "Lublin in Poland,Lublin,"),
    )
    city.refresh_from_db()
    assert str(counts) == "0 new, 1 changed, 0 as before, 1 left alone because somebody edited them"
    assert (city.name_en, city.introduction_en) == ("Lodz", "Written by a person.")
    (conflict,) = counts.conflicts
    assert conflict.endswith("/cities.csv:2: name_en: here Lodz, in the file Changed")


GONE = """\
slug,kind,local_name,country,working_note
lodz,city,Łódź,PL,the list was of another year
lublin,city,Lublin,PL,the list was of another year
"""


def test_row_that_is_said_no_longer_leaves_the_pages_unless_a_person_edited_it(
    tmp_path, load, person
):
    load("cities.csv", CITIES)
    lodz = City.objects.get(slug="lodz")
    with set_actor(person("secretariat")):
        lodz.introduction_en = "Written by a person."
        lodz.save()
    path = tmp_path / "cities.gone.csv"
    path.write_text(GONE, encoding="utf-8")
    table = replace(TABLES["cities.csv"], needs_source=False, only_withdraws=True)
    counts = load_file(path, table)
    assert (counts.created, counts.changed, counts.left_alone) == (0, 1, 1)
    assert counts.conflicts[0].endswith("/cities.gone.csv:2: Lodz stays public")
    assert [city.slug for city in City.objects.public()] == ["lodz"]
    assert City.objects.count() == 2
    # The table itself does not bring it back.
    load("cities.csv", CITIES)
    assert [city.slug for city in City.objects.public()] == ["lodz"]
    assert str(load_file(path, table)).startswith("0 new, 0 changed, 1 as before")


def test_reasons_are_told_in_the_language_of_the_command(load):
    with pytest.raises(Refused) as refused:
        load("cities.csv", CITIES.replace(",PL,pl,Lodz", ",PL,fr," + "x" * 200, 1))
    assert "characters fit here" in " ".join(refused.value.errors)


def test_database_of_an_older_release_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_args: [("a", False)])
    with pytest.raises(CommandError, match=r"run manage\.py migrate first"):
        call_command("load_reference")


# --- Remarks about sources ------------------------------------------------------------------------

REMARKS = f"""\
slug,kind,local_name,country,source_language,name_pl,source_url,basis,citation_remark,\
citation_remark_on,working_note
lodz,city,Łódź,PL,pl,Łódź,{URL},,unesco_list,2016-11,Our own working remark.
"""


def test_remark_is_coded_and_a_working_note_stays_in_the_file(load):
    load("cities.csv", REMARKS)
    citation = Citation.objects.get()
    assert (citation.remark, citation.remark_on, citation.note) == ("unesco_list", "2016-11", "")
    assert str(load("cities.csv", REMARKS)) == "0 new, 0 changed, 1 as before"
    with pytest.raises(Refused, match=r"cities\.csv:2: remark: "):
        load("cities.csv", REMARKS.replace("unesco_list", "a list"))
    with pytest.raises(Refused, match=r"cities\.csv:2: remark_on: "):
        load("cities.csv", REMARKS.replace("2016-11", "November"))
    assert Citation.objects.get().remark == "unesco_list"


def test_citation_that_a_person_edited_is_left_alone(load, person):
    load("cities.csv", REMARKS)
    citation = Citation.objects.get()
    with set_actor(person("secretariat")):
        citation.remark, citation.note = "press", "Written by a person."
        citation.save()
    counts = load("cities.csv", REMARKS)
    citation.refresh_from_db()
    assert (citation.remark, citation.note) == ("press", "Written by a person.")
    (conflict,) = [line for line in counts.conflicts if ": remark:" in line]
    assert conflict.endswith("cities.csv:2: remark: here press, in the file unesco_list")


def test_notes_of_the_loaders_become_remarks_and_those_of_people_stay(load):
    load("cities.csv", REMARKS)
    migration = import_module("members.migrations.0027_remarks_of_citations")
    for note, after in [
        ("Undated; year from the text.", ("date_inferred", "", "")),
        ("Named as a Swedish member in May 2014.", ("named", "2014-05", "")),
        ("Original title not shown.", ("", "", "")),
        ("Ask the mayor’s office.", ("", "", "Ask the mayor’s office.")),
    ]:
        Citation.objects.update(note=note, remark="", remark_on="")
        migration.code_notes(apps, None)
        assert Citation.objects.values_list("remark", "remark_on", "note").get() == after
    known = {code for code, _on in migration.REMARKS.values()} - {""}
    assert known == set(SourceRemark.values)


# --- Sources of single fields ---------------------------------------------------------------------


FACTS = f"""\
slug,website,source_of_website,introduction_en,source_of_introduction
lodz,https://lodz.example,{URL},,
lublin,,,It has an office against racism.,{URL}
"""


def test_fact_of_a_city_has_a_source_of_its_own(load):
    load("cities.csv", CITIES)
    counts = load("city_facts.csv", FACTS)
    assert str(counts) == "0 new, 2 changed, 0 as before"
    lodz = City.objects.get(slug="lodz")
    assert lodz.website == "https://lodz.example"
    assert set(lodz.citations.values_list("field", flat=True)) == {"", "website"}
    assert str(load("city_facts.csv", FACTS)) == "0 new, 0 changed, 2 as before"


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (f",{URL},,", ",,,", "city_facts.csv:2: source_of_website: a fact needs a source"),
        (
            f"{URL},,",
            f"{URL},,{URL}",
            "city_facts.csv:2: source_of_introduction: a source of nothing",
        ),
        ("source_of_website", "source_of_mayor", "city_facts.csv:1: source_of_mayor: city has no"),
        ("https://lodz.example", "lodz", "city_facts.csv:2: website: "),
    ],
)
def test_facts_without_their_sources_are_refused_whole(load, before, after, reason):
    load("cities.csv", CITIES)
    stored = everything()
    with pytest.raises(Refused) as refused:
        load("city_facts.csv", FACTS.replace(before, after))
    assert any(reason in error for error in refused.value.errors)
    assert everything() == stored


# --- Places that we call no member ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.org/lodz-joins-the-cities-against-racism", "no entry of this place"),
        ("https://example.org/news/lodz-opens-a-swimming-pool", ""),
        ("https://example.org/all-cities-against-racism", ""),
    ],
)
def test_unread_source_that_names_a_place_is_listed(load, url, reason):
    load("cities.csv", CITIES)
    Source.objects.create(url=url)
    lines = unread_sources()
    assert [line.partition(" cites ")[0] for line in lines] == (
        [f"lodz: {reason}"] if reason else []
    )


def test_cited_source_that_calls_a_place_a_member_is_listed(load):
    load("cities.csv", CITIES)
    city = City.objects.get(slug="lodz")
    source = Source.objects.create(url="https://example.org/lodz", title="Łódź member of ECCAR")
    cite(source, city)
    assert unread_sources() == ["lodz: https://example.org/lodz may call it a member"]
    Membership.objects.create(city=city, standing="evidenced")
    assert unread_sources() == []


def test_network_data_overlooks_no_source_and_no_vote(network_data):
    assert unread_sources() == []
    assert not membership_evidence.recorded_votes().exists()


# --- The demonstration ----------------------------------------------------------------------------


@pytest.fixture
def network(reference_data, country, monkeypatch):
    """What the demonstration stands on: the reference data and Kraków."""
    City.objects.create(slug="krakow", name_en="Krakow", local_name="Kraków", country=country)
    monkeypatch.setenv("DEMO", "1")


@prepared.fixture
def demonstration(country):
    """The same and the demonstration."""
    City.objects.create(slug="krakow", name_en="Krakow", local_name="Kraków", country=country)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO", "1")
        call_command("load_demo", stdout=io.StringIO())


def test_demo_is_refused_where_the_environment_does_not_ask_for_it(network, monkeypatch):
    monkeypatch.delenv("DEMO")
    with pytest.raises(
        CommandError, match="DEMO=1 is not set, so this may be a real network's portal"
    ):
        call_command("load_demo")
    assert not User.objects.exists()
    assert not City.objects.filter(fictional=True).exists()


def test_demo_marks_every_row_as_fictional(reference_data, demonstration):
    assert set(City.objects.filter(fictional=True).values_list("slug", flat=True)) == {
        "sampleton",
        "exampleby",
    }
    assert not Membership.objects.real().exists()
    assert not Milestone.objects.real().exists()
    assert not Programme.objects.real().exists()
    assert not IndexRow.objects.filter(kind="programme", fictional=False).exists()


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "data/demo").glob("*.csv")), ids=lambda path: path.name
)
def test_demo_names_nobody_outside_of_example_org(path):
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://([^/,\s\"]*)", text)) <= {"example.org"}
    assert set(re.findall(r"@([\w.-]+)", text)) <= {"example.org"}
    # Telephone numbers that the Irish and the Swedish regulator keep for fiction.
    assert not re.findall(r"\+(?!3532091|463139006)[0-9 ]+", text)


def test_demo_is_complete_in_every_language(reference_data, demonstration):
    for city in City.objects.filter(fictional=True):
        assert [column for column in language_columns(City) if not getattr(city, column)] == []


def test_demo_makes_five_accounts_once(network, capsys):
    call_command("load_demo")
    assert (
        "Accounts of the demonstration, all with the password ten-points-demo:"
        in capsys.readouterr().out
    )
    lead = User.objects.get(email="sampleton@example.org")
    lead.set_password("their-own-password")
    lead.save()
    before = everything()
    call_command("load_demo")
    roles = CityRole.objects.values_list("user__email", "city__slug", "role")
    assert set(roles) == {
        ("krakow@example.org", "krakow", "lead"),
        ("sampleton@example.org", "sampleton", "lead"),
        ("exampleby@example.org", "exampleby", "lead"),
        ("committee@example.org", "sampleton", "committee"),
    }
    assert User.objects.count() == 5
    assert User.objects.get(is_secretariat=True).email == "secretariat@example.org"
    lead.refresh_from_db()
    assert lead.check_password("their-own-password")
    assert everything() == before


def test_demo_brings_a_filled_file_under_review_once(
    network, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo")
        call_command("load_demo")
    file = accession_file.read(Accession.objects.get())
    assert file.accession.status == "under_review"
    assert [(step.verb, step.by.email) for step in file.accession.steps.all()] == [
        ("open", "exampleby@example.org"),
        ("submit", "exampleby@example.org"),
        ("review", "secretariat@example.org"),
    ]
    assert file.answered == 9
    assert [remark.code for remark in accession_file.remarks(file)] == ["points_without_action"]
    for record in (file.accession, file.accession.signed_act, *file.accession.own_actions.all()):
        assert record.fictional
        assert set(language_states(record).values()) <= {State.SOURCE, State.CURRENT, State.EMPTY}
    (paper,) = file.documents
    assert hashlib.sha256(paper.file.read()).hexdigest() == paper.sha256
    paper.file.close()
    assert set(Letter.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert {
        address.partition("@")[2] for address in Letter.objects.values_list("to", flat=True)
    } == {"example.org"}
    assert mailoutbox == []


def test_demo_leaves_the_file_alone_once_somebody_worked_on_it(
    reference_data, demonstration, monkeypatch
):
    monkeypatch.setenv("DEMO", "1")
    office = User.objects.get(is_secretariat=True)
    accessions.return_to_city(accession=Accession.objects.get(), by=office, why="To try it out.")
    call_command("load_demo")
    assert Accession.objects.get().status == "returned"
    assert "@" not in (settings.BASE_DIR / "data/demo/accession.toml").read_text().replace(
        "@example.org", ""
    )


def test_demo_plans_a_meeting_for_its_file(reference_data, demonstration, monkeypatch):
    monkeypatch.setenv("DEMO", "1")
    call_command("load_demo")
    ahead = timezone.localdate().isoformat()
    (meeting,) = Meeting.objects.filter(starts__gt=ahead)
    assert meeting.fictional
    assert meeting.published_at
    office = User.objects.get(is_secretariat=True)
    file = Accession.objects.get()
    row = accessions.put_on_agenda(accession=file, by=office, meeting=meeting, consent=CONSENT)
    assert row.meeting == meeting


def test_demo_asks_for_the_network_first(reference_data, country, monkeypatch):
    monkeypatch.setenv("DEMO", "1")
    with pytest.raises(CommandError, match="There is no city 'krakow' yet"):
        call_command("load_demo")


def test_reference_plan_has_its_points_in_order(reference_data):
    plan = Plan.objects.get(in_force=True)
    numbers = list(Point.objects.filter(plan=plan).values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


# --- Translations in files of their own -----------------------------------------------------------


def test_file_of_a_language_adds_texts_and_makes_no_row(tmp_path, load, source, monkeypatch):
    monkeypatch.setattr(load_network.Command, "folders", ["network/cities"])
    monkeypatch.setattr(load_network.Command, "needed", ())
    folder = tmp_path / "network" / "cities"
    folder.mkdir(parents=True)
    load("cities.csv", CITIES)
    german = folder / "city_facts.de.csv"
    german.write_text("slug,name_de\nlodz,Lodsch\n", encoding="utf-8")
    call_command("load_network", data=tmp_path)
    city = City.objects.get(slug="lodz")
    assert (city.name_de, city.name_pl, language_states(city)["de"]) == (
        "Lodsch",
        "Łódź",
        "current",
    )
    german.write_text("slug,name_de\nxanadu,Xanadu\n", encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"city_facts\.de\.csv:2: there is no such row to transl"
    ):
        call_command("load_network", data=tmp_path)
    assert City.objects.count() == 2
