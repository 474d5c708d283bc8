"""The difference of two texts: whatever it shows, both texts can be read out of it again."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.difference import Piece, difference

TEXTS = st.text(alphabet="ab \n", max_size=60)


def read(pieces: list[Piece], without: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != without)


@given(TEXTS, TEXTS)
def test_difference_holds_both_texts_whole(old, new):
    pieces = difference(old, new)
    assert read(pieces, without="new") == old
    assert read(pieces, without="old") == new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("same", "same", [("same", "same")]),
        ("", "new", [("new", "new")]),
        ("Office", "Office for Equality", [("same", "Office"), ("new", " for Equality")]),
        (
            "one two three",
            "one 2 three",
            [("same", "one"), ("old", " two"), ("new", " 2"), ("same", " three")],
        ),
        (
            "Biuro Równości",
            "Urząd Równości",
            [("old", "Biuro"), ("new", "Urząd"), ("same", " Równości")],
        ),
    ],
)
def test_difference_names_the_words(old, new, expected):
    assert [(piece.kind, piece.text) for piece in difference(old, new)] == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 50_000, "b a " * 50_000),
        ("\n".join(map(str, range(40_000))), "\n".join(map(str, range(1, 40_001)))),
        ("x" * 200_000, "y" * 200_000),
    ],
)
def test_difference_of_long_texts_is_quick(old, new):
    begun = time.process_time()
    pieces = difference(old, new)
    assert time.process_time() - begun < 5
    assert read(pieces, without="new") == old
