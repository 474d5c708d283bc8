"""What was found is marked as it is spelled, and the passage shown is the one with the words."""

import pytest

from languages.search.passages import find_passage, highlight
from languages.search.query import parse_query


def text_of(parts: list) -> str:
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts)


@pytest.mark.parametrize(
    ("query", "language", "text", "shown"),
    [
        ("rownosc", "pl", "Częstochowska Polityka Równości.", "Częstochowska Polityka [Równości]."),
        ("lodz", "pl", "Łódź, ŁÓDŹ!", "[Łódź], [ŁÓDŹ]!"),
        ("bürgerin", "de", "für Bürger*innen da", "für [Bürger*innen] da"),
        ("bürger", "de", "Bür\u00adger und Städte", "[Bür\u00adger] und Städte"),
        ("égalité", "fr", "pour l’égalité des chances", "pour l’[égalité] des chances"),
        ("egalite", "fr", "e\u0301galite\u0301", "[e\u0301galite\u0301]"),
        ("citoyennes", "fr", "des citoyen·ne·s", "des [citoyen·ne·s]"),
        ("пять", "uk", "десь п’ять об’єднань", "десь [п’ять] об’єднань"),
        ("racism", "en", "anti-racism work", "anti-[racism] work"),
        ("krak", "pl", "w Krakowie", "w [Krakowie]"),
        ('"otwarty kraków"', "pl", "Kraków: Otwarty Kraków", "[Kraków]: [Otwarty] [Kraków]"),
        ("nothing", "en", "Kraków", "Kraków"),
        ("wohn", "de", "<b>Wohnen</b>", "<b>[Wohnen]</b>"),
    ],
)
def test_words_are_marked_as_they_are_spelled(query, language, text, shown):
    assert text_of(highlight(text, language, parse_query(query))) == shown


def test_passage_is_cut_between_words_around_the_hits():
    text = (
        "Filler words stand here. " * 20
        + "Then comes housing and racism together. "
        + "More filler. " * 30
    )
    shown = text_of(find_passage(text, "en", parse_query("racism housing")))
    assert "[housing] and [racism]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 300


def test_passage_without_a_hit_is_none():
    assert find_passage("Nothing of that", "en", parse_query("housing")) == []
