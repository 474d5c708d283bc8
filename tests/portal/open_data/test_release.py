"""The archive of everything, what changed since, and the descriptions for programs."""

import hashlib
import io
import json
import re
import warnings
import zipfile
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from csvw import TableGroup
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pyshacl import validate
from rdflib import DCTERMS, Graph, URIRef

from members.models import Action, City, Source
from portal.models import DataRelease, News, RowChange
from portal.open_data.fields import Provenance
from portal.open_data.kinds import KINDS
from portal.services import open_data
from portal.services.open_data import note_changes, publish_data
from tests.conftest import make_city

pytestmark = [
    pytest.mark.django_db,
    # rdflib itself and pyshacl still use what rdflib will drop.
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
]

SHAPES = Path(__file__).with_name("dcat_ap.ttl")
LANGUAGES = ["en", "pl"]


@pytest.fixture
def two_languages(settings):
    settings.LANGUAGES = [(code, code) for code in LANGUAGES]


@pytest.fixture
def archive(public_cast, two_languages):
    release = publish_data()
    answer = Client().get(release.url)
    content = b"".join(answer.streaming_content)
    assert (len(content), hashlib.sha256(content).hexdigest()) == (release.size, release.sha256)
    fingerprint = b64encode(hashlib.sha256(content).digest()).decode()
    assert answer["Repr-Digest"] == f"sha-256=:{fingerprint}:"
    return zipfile.ZipFile(io.BytesIO(content))


def test_archive_holds_every_kind_in_every_language_with_its_checksum(archive):
    manifest = json.loads(archive.read("manifest.json"))
    names = {file["name"] for file in manifest["files"]}
    assert {f"{code}/{kind}.csv" for code in LANGUAGES for kind in KINDS} <= names
    assert set(archive.namelist()) == names | {"manifest.json", "SHA256SUMS"}
    sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
    for file in manifest["files"]:
        content = archive.read(file["name"])
        assert hashlib.sha256(content).hexdigest() == file["sha256"] == sums[file["name"]]
        assert len(content) == file["size"]
    cities = next(file for file in manifest["files"] if file["name"] == "en/cities.csv")
    assert cities["rows"] == 1


def test_tables_of_the_archive_are_valid_csv_on_the_web(archive, tmp_path):
    archive.extractall(tmp_path)
    group = TableGroup.from_file(tmp_path / "en" / "csv-metadata.json")
    assert len(group.tables) == len(KINDS)
    for table in group.tables:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            rows = list(table.iterdicts(strict=True))
        assert rows, table.url
    # Every key of another table has its row there.
    assert sum(len(table.tableSchema.foreignKeys) for table in group.tables) > 10
    assert group.check_referential_integrity()
    cities = next(table for table in group.tables if str(table.url) == "cities.csv")
    assert next(iter(cities))["slug"] == "alfa"


def test_only_three_archives_are_kept_and_a_foreign_name_finds_none(archive, settings):
    for day in range(4):
        DataRelease.objects.create(
            made_at=timezone.now(), file=f"open-data/{day}.zip", size=1, sha256="0" * 64, rows=1
        )
    publish_data()
    assert DataRelease.objects.count() == 3
    for name in ("3.zip", "x.zip", "..%2Fx"):
        assert Client().get(f"/data/archive/{name}").status_code == 404


def test_command_says_what_it_wrote(alfa, two_languages, capsys):
    call_command("publish_data")
    assert "ten-points-" in capsys.readouterr().out
    call_command("publish_data", changes=True)
    assert capsys.readouterr().out == "0 rows changed\n"


def test_change_is_what_a_reader_sees(public_cast, two_languages):
    def changed():
        before = timezone.now()
        note_changes()
        rows = RowChange.objects.filter(changed_at__gte=before)
        return {(row.kind, row.gone) for row in rows}

    assert {kind for kind, _gone in changed()} == set(KINDS)
    assert changed() == set()
    Action.objects.update(title_pl="Nowy tytuł")
    # A programme names the actions that it contributes to only where it does.
    assert changed() == {("actions", False)}
    City.objects.update(published_at=None)
    gone = changed()
    assert ("cities", True) in gone
    assert ("actions", True) in gone
    assert ("sources", False) not in gone
    City.objects.update(published_at=timezone.now())
    assert ("cities", False) in changed()
    assert RowChange.objects.filter(kind="cities").count() == 1


def test_rows_are_read_before_anybody_is_kept_from_saving(public_cast, two_languages, monkeypatch):
    """On SQLite a transaction that writes keeps everybody else waiting."""
    hashes_of = open_data._hashes_of
    depths = []

    def noted(kind):
        depths.append(len(connection.savepoint_ids))
        return hashes_of(kind)

    monkeypatch.setattr(open_data, "_hashes_of", noted)
    note_changes()
    assert depths == [len(connection.savepoint_ids)] * len(KINDS)


def test_comparison_that_was_overtaken_reads_again(public_cast, two_languages, monkeypatch):
    """The timer of every quarter of an hour, and the night's."""
    note_changes()
    hashes_of = open_data._hashes_of
    overtakers = [note_changes]

    def overtaken(kind):
        hashes = hashes_of(kind)
        if overtakers and kind.name == "actions":
            Action.objects.update(title_pl="Nowy tytuł")
            overtakers.pop()()
        return hashes

    monkeypatch.setattr(open_data, "_hashes_of", overtaken)
    # What the other one noted is not new.
    assert note_changes() == 0
    assert not overtakers
    monkeypatch.undo()
    assert note_changes() == 0


@pytest.mark.parametrize("with_archive", [False, True])
def test_catalogue_is_valid_dcat_ap_in_both_forms(with_archive, alfa, two_languages):
    if with_archive:
        publish_data()
    graphs = []
    for accept, form in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        answer = Client().get("/data/catalogue", headers={"Accept": accept})
        assert answer["Content-Type"].startswith(accept)
        assert answer["Vary"].startswith("Accept")
        graphs.append(Graph().parse(data=answer.content.decode(), format=form))
    turtle, json_ld = graphs
    assert set(turtle) == set(json_ld)
    assert len(turtle) > 500
    valid, _graph, words = validate(turtle, shacl_graph=Graph().parse(SHAPES))
    assert valid, words


@pytest.mark.parametrize("path", ["/data/catalogue", "/en/data/csv-metadata.json"])
def test_description_refuses_a_query_as_the_tables_do(path, alfa):
    assert Client().get(path).status_code == 200
    for query in ("x=1", "&".join(f"a{number}=1" for number in range(10_000))):
        assert Client().get(f"{path}?{query}").status_code == 400


def test_shapes_find_what_is_missing(alfa, two_languages):
    answer = Client().get("/data/catalogue", headers={"Accept": "text/turtle"})
    text = answer.content.decode().replace("dcat:accessURL", "dcat:otherURL")
    valid, _graph, _words = validate(Graph().parse(data=text), shacl_graph=Graph().parse(SHAPES))
    assert not valid


def test_page_of_the_data_names_licence_archive_and_every_table(archive, alfa):
    html = Client().get("/en/data/").content.decode()
    for kind in KINDS:
        assert f'href="/en/data/{kind}/"' in html
        assert f"{KINDS[kind].folder}export.csv" in html
    release = DataRelease.objects.get()
    assert f"{timezone.localdate()}" in release.url
    for words in (release.url, release.sha256, 'rel="license"'):
        assert words in html
    # Whoever else the dictionary names as the origin of a field.
    terms = html.partition('id="terms"')[2].partition("</section>")[0]
    others = {*Provenance} - {Provenance.ROW, Provenance.PORTAL}
    assert [other for other in others if str(other.label) not in terms] == []


def test_archive_of_before_an_upgrade_is_not_offered_as_all_tables(
    public_cast, two_languages, monkeypatch
):
    pages = ("/en/data/", "/en/cite/cities/")
    older = {name: kind for name, kind in KINDS.items() if name != "grounds"}
    monkeypatch.setattr("portal.services.open_data.KINDS", older)
    publish_data()
    monkeypatch.setattr("portal.services.open_data.KINDS", KINDS)
    for page in pages:
        html = Client().get(page).text.partition("<main")[2]
        part = html.partition("made before these tables were there")[2].partition("</p>")[0]
        assert re.findall(r">([^<]+)</a>", part) == [str(KINDS["grounds"].title)]
        assert "All tables in all languages" not in html
    publish_data()
    for page in pages:
        assert "made before these tables" not in Client().get(page).text
    assert "All tables in all languages" in Client().get(pages[0]).text


# --- Since when, and when last --------------------------------------------------------------------


def nodes_of(address):
    """The nodes of schema.org on a page."""
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', Client().get(address).text
    )
    return [node for block in blocks for node in json.loads(block)["@graph"]]


def at(day):
    return datetime(2026, 11, day, 12, tzinfo=UTC)


@pytest.mark.parametrize("with_archive", [False, True])
def test_data_sets_and_last_change_stand_there_before_the_first_archive(
    with_archive, public_cast, two_languages
):
    if with_archive:
        publish_data()
    html = Client().get("/en/data/").text
    assert "last change: " in html
    nodes = nodes_of("/en/data/")
    sets = {node["@id"]: node for node in nodes if node["@type"] == "Dataset"}
    assert len(sets) == len(KINDS) + with_archive
    (catalogue,) = [node for node in nodes if node["@type"] == "DataCatalog"]
    assert {ref["@id"] for ref in catalogue["dataset"]} == set(sets)
    assert catalogue["dateModified"]
    for node in sets.values():
        assert {"name", "description", "license", "dateModified"} <= set(node)
        for file in node["distribution"]:
            path = file["contentUrl"].removeprefix(settings.SITE_URL)
            if not path.endswith(".zip"):
                assert Client().head(path).status_code == 200, path
    (cities,) = [node for node in nodes_of("/en/data/cities/") if node["@type"] == "Dataset"]
    assert cities == sets[f"{settings.SITE_URL}/en/data/cities/"]
    assert len(cities["distribution"]) == 4


def test_last_change_is_the_newest_that_a_reader_saw(public_cast, two_languages):
    def moments():
        graph = Graph().parse(data=Client().get("/data/catalogue").text, format="json-ld")
        address = URIRef(f"{settings.SITE_URL}/data/catalogue")
        words = [graph.value(address, DCTERMS[name]) for name in ("issued", "modified")]
        assert set(graph.objects(None, DCTERMS.modified)) == {words[1]}
        return [datetime.fromisoformat(word) for word in words]

    for model in {type(row) for kind in KINDS.values() for row in kind.rows()} - {Source}:
        model.objects.filter(published_at__isnull=False).update(published_at=at(2))
    Action.objects.update(published_at=at(1))
    City.objects.update(published_at=at(3))
    assert moments() == [at(1), at(3)]
    # A change that everybody sees.
    before = timezone.now().replace(microsecond=0)
    city = City.objects.get()
    city.region = "Samplia"
    city.save()
    first, last = moments()
    assert first == at(1)
    assert before <= last <= timezone.now()
    note_changes()
    RowChange.objects.update(changed_at=at(5))
    assert moments() == [at(1), at(5)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_dictionary(kind, alfa):
    html = Client().get(f"/pl/data/{kind}/").content.decode()
    for field in KINDS[kind].fields:
        assert f'<th scope="row">{field.name}</th>' in html


def test_there_is_no_page_of_an_unknown_kind(db):
    assert Client().get("/en/data/letters/").status_code == 404


def test_page_of_the_data_costs_the_same_with_more_rows(country, django_assert_num_queries):
    make_city(country, "alfa")
    Client().get("/en/data/")
    for slug in ("beta", "gamma"):
        make_city(country, slug)
        # A count for each kind (16), since when its rows are public (15, sources do not say), the
        # last comparison and the last change, the release, the network's name (2).
        with django_assert_num_queries(36):
            Client().get("/en/data/")


def test_archives_go_with_the_name_that_somebody_takes_back(
    public_cast, two_languages, django_capture_on_commit_callbacks
):
    quoted = {"quotation": "We begin", "quotation_language": "en", "speaker": "Jane ZEBRA"}
    news = News.objects.create(
        slug="quoted",
        on="2026-01",
        title_en="News",
        office_en="Mayor",
        published_at=timezone.now(),
        **quoted,
    )
    address = publish_data().url
    news.title_en = "Other words about the same"
    news.save()
    assert b"".join(Client().get(address).streaming_content)
    for name in (*quoted, "office_en"):
        setattr(news, name, "")
    with django_capture_on_commit_callbacks(execute=True):
        news.save()
    assert Client().get(address).status_code == 404
    assert Client().get("/en/data/").status_code == 200
    address = publish_data().url
    content = b"".join(Client().get(address).streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"ZEBRA" not in archive.read("en/news.csv")
    news.published_at = None
    news.save()
    assert not DataRelease.objects.exists()
