"""What was typed with the wrong keyboard layout is found, where nothing else is."""

import pytest
from django.utils.translation import override

from languages.search.keyboard import other_layouts
from languages.search.results import search, suggest
from portal.hits import KINDS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Rhfrsd", "Краків"),
        ("hfcbpv", "расизм"),
        ("ljgjvjuf", "допомога"),
        ("Лкфлщц", "Krakow"),
        ("кфсшыь", "racism"),
        ("Ишысрща", "Bischof"),
        ("Yürich", "Zürich"),
        ("Poynan", "Poznan"),
    ],
)
def test_layouts(typed, meant):
    texts = list(other_layouts(typed))
    assert typed not in texts
    assert meant in texts


def test_nothing_else_is_tried_for_a_text_without_letters():
    assert list(other_layouts("529/2019 🙂")) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    ("language", "typed", "path"),
    [
        ("uk", "Rhfrsd", "cities/krakow/"),
        ("uk", "Dhjwkfd", "cities/wroclaw/"),
        ("pl", "лкфлщц", "cities/krakow/"),
        ("en", "Yürich", "cities/zurich/"),
        ("de", "Konstany", "cities/konstanz/"),
    ],
)
def test_a_city_is_found_in_any_layout(language, typed, path):
    kinds = tuple(KINDS)
    with override(language):
        results = search(typed, kinds=kinds)
        assert results.hits[0].row.path == path
        assert results.corrections
        assert suggest(typed, kinds=kinds).hits[0].row.path == path


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
def test_what_is_found_as_typed_is_not_retyped():
    with override("en"):
        results = search("Lyon", kinds=tuple(KINDS))
    assert not results.corrections
    assert results.hits[0].row.path == "cities/lyon/"
