"""The words of the glossary, found in a text in any form."""

import csv
import re

import pytest
from django.conf import settings

from languages.glossary import terms_in
from languages.tables import FOLDER

DOCUMENT = settings.BASE_DIR / "docs" / "glossary.md"
CODES = ["en", "pl", "sv", "de", "fr", "it", "es", "uk"]


@pytest.mark.parametrize(
    ("text", "source", "target", "terms"),
    [
        (
            "The Steering Committee of member cities",
            "en",
            "pl",
            ["Komitet Sterujący", "miasto członkowskie"],
        ),
        ("Zgłoś to organowi ds. równości.", "pl", "en", ["equality body"]),
        (
            "Przestępstwa z nienawiści i mowa nienawiści",
            "pl",
            "de",
            ["Hasskriminalität", "Hassrede"],
        ),
        ("Maßnahmen der Mitgliedsstädte", "de", "sv", ["åtgärd", "medlemsstad"]),
        ("Beslut i kommunfullmäktige", "sv", "en", ["council resolution"]),
        ("Les villes membres", "fr", "it", ["città aderente"]),
        ("міською радою засуджено мову ворожнечі", "uk", "en", ["hate speech"]),
        # The longer term stands for the shorter that is in it.
        ("a general assembly", "en", "de", ["Mitgliederversammlung"]),
        ("prezydent miasta i burmistrz", "pl", "en", ["mayor"]),
        ("Der Bürgermeister kommt", "de", "en", ["mayor"]),
        ("Nothing of it is in here", "en", "pl", []),
        ("", "en", "pl", []),
        ("member city", "en", "nl", []),
        ("member city", "nl", "en", []),
        ("\x00 %_\\ 🙂 ' OR 1=1", "en", "pl", []),
    ],
)
def test_terms_are_found_in_any_form(text, source, target, terms):
    assert [term.translation for term in terms_in(text, source, target)] == terms


def test_term_says_whether_it_is_our_own_translation():
    committee = terms_in("The steering committee met", "en", "es")[0]
    assert (committee.translation, committee.is_own) == ("comité directivo", True)
    assert not terms_in("The steering committee met", "en", "pl")[0].is_own


def test_data_say_what_the_document_says():
    """People read and discuss `docs/glossary.md`; the portal reads the table."""
    rows = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| ---", "| English")):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            term = re.sub(r"^\*\*(.+?)\*\*.*", r"\1", cells[0])
            rows.append([term, *(re.sub(r"\s*\\?\*$", "", cell) for cell in cells[1:8])])
    with (FOLDER / "reference" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        assert [[row[code] for code in CODES] for row in csv.DictReader(file)] == rows
