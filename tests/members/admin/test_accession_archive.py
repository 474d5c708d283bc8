"""What leaves the portal of a file: the ZIP with everything in it, and the act to be printed and
signed."""

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from members.models import (
    Accession,
    AccessionChoice,
    AccessionOwnAction,
    AccessionStep,
    SuggestedAction,
)
from members.services import accessions
from tests.members.accession_cast import CONSENT, PDF, file_in, make_document, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("secretariat", name="=HYPERLINK(0)")


@pytest.fixture
def row(office, alfa) -> Accession:
    """A returned file with documents, actions and a reason that a spreadsheet would take for a
    formula."""
    row = file_in("draft", alfa, office)
    act = row.signed_act
    act.document = with_digest(make_document(alfa, "The <act>", PDF + b"act"))
    act.save()
    row.attachments.add(with_digest(make_document(alfa, "Letter", PDF + b"letter")))
    point = make_plan()
    suggested = SuggestedAction.objects.create(point=point, order=1, text_en="Listen & learn")
    AccessionChoice.objects.create(accession=row, suggested_action=suggested)
    AccessionOwnAction.objects.create(accession=row, point=point, text_en="Our own")
    row.resources_en = "One person."
    row.save()
    accessions.submit(accession=row, by=office, consent=CONSENT)
    accessions.return_to_city(accession=row, by=office, why="=cmd|' /C calc'!A0\nand, \"quoted\"")
    row.refresh_from_db()
    return row


def with_digest(document):
    with document.file.open("rb") as file:
        document.sha256 = hashlib.sha256(file.read()).hexdigest()
    document.save()
    return document


def unpack(client, row: Accession) -> zipfile.ZipFile:
    answer = client.get(f"{row.get_file_url()}archive/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="accession-alfa.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return archive


def test_archive_holds_everything_and_its_fingerprints_match(row, office, browse):
    archive = unpack(browse(office), row)
    names = set(archive.namelist())
    assert names == {
        "index.html",
        "documents/01.pdf",
        "documents/02.pdf",
        "steps.csv",
        "file.json",
        "SHA256SUMS",
    }
    sums = dict(
        reversed(line.split("  ")) for line in archive.read("SHA256SUMS").decode().splitlines()
    )
    assert set(sums) == names - {"SHA256SUMS"}
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
    index = archive.read("index.html").decode()
    assert "The &lt;act&gt;" in index
    assert "lost" not in index
    assert "no longer matches" not in index
    said = json.loads(archive.read("file.json"))
    assert said["point-1"] == "Listen & learn\nOur own"


def test_steps_are_safe_in_a_spreadsheet(row, office, browse):
    text = unpack(browse(office), row).read("steps.csv").decode()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["verb"] for line in lines] == ["open", "submit", "return"]
    assert lines[2]["why"] == "'=cmd|' /C calc'!A0\nand, \"quoted\""
    assert lines[2]["by"] == "'=HYPERLINK(0)"
    assert not any(
        cell[:1] in tuple("=+-@\t\r") for line in lines for cell in line.values() if cell
    )


def test_every_beginning_of_a_formula_is_made_plain(row, office, browse):
    for sign in "=+-@\t\r":
        AccessionStep.objects.create(
            accession=row, verb="review", to_status="returned", by=office, why=f"{sign}1"
        )
    text = unpack(browse(office), row).read("steps.csv").decode()
    whys = [line["why"] for line in csv.DictReader(io.StringIO(text, newline=""))][-6:]
    assert [why[0] for why in whys] == ["'"] * 6


@pytest.mark.parametrize("name", ["gone", "", "../../outside"])
def test_lost_file_is_listed_and_stops_nothing(name, row, office, browse):
    document = row.signed_act.document
    type(document).objects.filter(pk=document.pk).update(file=name and f"documents/{name}")
    archive = unpack(browse(office), row)
    assert "documents/01.pdf" not in archive.namelist()
    index = archive.read("index.html").decode()
    assert "the file is lost" in index
    assert document.sha256 in index
    assert "documents/01.pdf" not in archive.read("SHA256SUMS").decode()


def test_file_that_was_tampered_with_on_the_disk_is_named(row, office, browse):
    document = row.signed_act.document
    with Path(document.file.path).open("ab") as file:
        file.write(b"tampered")
    assert (
        "no longer matches its fingerprint"
        in unpack(browse(office), row).read("index.html").decode()
    )


def test_empty_draft_can_be_packed(office, browse, alfa):
    row = accessions.open_accession(city=alfa, by=office)
    assert set(unpack(browse(office), row).namelist()) == {
        "index.html",
        "steps.csv",
        "file.json",
        "SHA256SUMS",
    }


# --- The act --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_act_stands_in_two_languages_block_beside_block(language, row, office, browse):
    answer = browse(office).get(f"{row.get_file_url()}act/?language={language}&bilingual=on")
    act = answer.context["act"]
    languages = (language,) if language == "en" else (language, "en")
    assert act.languages == languages
    assert {tuple(code for code, _text in block.texts) for block in act.blocks} == {languages}
    assert len(act.blocks) > 15
    page = answer.content.decode()
    assert page.count("<h1>") == 1
    assert f'<html lang="{language}" dir="ltr">' in page
    assert "Ann Example, Mayor" in page
    assert "Listen &amp; learn" in page
    alone = browse(office).get(f"{row.get_file_url()}act/?language={language}").context["act"]
    assert [block.kind for block in alone.blocks] == [block.kind for block in act.blocks]


def test_act_of_an_empty_draft_leaves_lines_to_fill_in(office, browse, alfa):
    row = accessions.open_accession(city=alfa, by=office)
    make_plan()
    page = browse(office).get(f"{row.get_file_url()}act/").content.decode()
    assert "……………" in page
    assert "None" not in page


def test_act_in_an_unknown_language_stands_in_the_files_own(row, office, browse):
    assert (
        browse(office).get(f"{row.get_file_url()}act/?language=xx").context["act"].language == "en"
    )


def test_fingerprints_say_in_words_what_they_are(row, office, browse):
    """Folded away on the page, under the name of their file; with a label in the archive."""
    digest = row.signed_act.document.sha256
    page = browse(office).get(row.get_file_url()).text
    [folded] = [
        part for part in re.findall(r"<details>.*?</details>", page, re.S) if digest in part
    ]
    assert "Fingerprint of “The &lt;act&gt;”" in folded
    assert "A copy with the same number was not changed." in folded
    index = unpack(browse(office), row).read("index.html").decode()
    assert f"Fingerprint (SHA-256): <code>{digest}</code>" in index
