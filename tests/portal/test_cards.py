"""The cards that other sites show beside a link: drawn once, in all our letters."""

import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from members.strip import Strip, StripAction, StripColumn
from portal.cards import Card, font_of, png_of, wrapped

LETTERS = "łąęśżźćńŁ åäöÅ ßüÜ éèêçœ àòù ñ¿¡ їієґЇІЄҐщю –…·"


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("weight", ["", "Medium", "Bold"])
def test_font_has_a_shape_for_every_letter_of_our_languages(weight):
    font = font_of(40, weight)
    missing = bytes(font.getmask("\ue123"))
    for letter in LETTERS.replace(" ", ""):
        assert bytes(font.getmask(letter)) != missing, letter


def test_card_is_a_small_png_of_the_size_that_sites_ask_for():
    columns = (
        StripColumn(1, chosen="yes", actions=(StripAction("done", True, True),)),
        StripColumn(2, chosen="no"),
        StripColumn(3, actions=(StripAction("in_progress", False, False, "2009"),)),
    )
    card = Card("Kraków", "Poland", "Member", strip=Strip(columns), degrees=(50.06, 19.94))
    content = png_of(card)
    image = picture(content)
    assert (image.format, image.size) == ("PNG", (1200, 630))
    assert len(content) < 80_000


def test_long_title_is_made_smaller_and_then_cut():
    words = "Donaudampfschifffahrtsgesellschaft und noch viel mehr davon " * 6
    assert picture(png_of(Card(words))).size == (1200, 630)
    lines = list(wrapped("one two three", font_of(40), 100))
    assert " ".join(lines) == "one two three"
    assert len(lines) > 1


def test_key_follows_all_that_is_drawn():
    card = Card("Alfa", degrees=(50.0, 20.0))
    others = [Card("Beta", degrees=(50.0, 20.0)), Card("Alfa"), Card("Alfa", line="Member")]
    assert len({card.key, *(other.key for other in others)}) == 4
    assert Card("Alfa", degrees=(50.0, 20.0)).key == card.key


def test_city_card_is_drawn_once_and_anew_when_the_city_changes(alfa, monkeypatch):
    drawn = []
    monkeypatch.setattr("portal.views.cards.png_of", lambda card: drawn.append(card) or b"PNG")
    browser = Client()
    address = "/en/cities/alfa/card.png"
    response = browser.get(address)
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert browser.get(address).content == b"PNG"
    assert len(drawn) == 1
    again = browser.get(address, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    alfa.name_en = "Alfa Nova"
    alfa.save()
    browser.get(address)
    assert [card.title for card in drawn] == [str(drawn[0].title), "Alfa Nova"]
    folder = f"cards/city-{alfa.pk}/en"
    assert default_storage.listdir(folder)[1] == [f"{drawn[1].key}.png"]


def test_card_is_shown_where_the_storage_fails(alfa, monkeypatch):
    def fail(*args):
        raise OSError

    monkeypatch.setattr(default_storage, "save", fail)
    monkeypatch.setattr("portal.views.cards.png_of", lambda card: b"PNG")
    assert Client().get("/en/cities/alfa/card.png").content == b"PNG"


def test_only_public_rows_have_a_card(alfa):
    browser = Client()
    assert browser.get("/en/card.png").status_code == 200
    for path in ("cities/none", "programmes/none", "news/none"):
        assert browser.get(f"/en/{path}/card.png").status_code == 404
    alfa.published_at = None
    alfa.save()
    assert browser.get("/en/cities/alfa/card.png").status_code == 404


def test_invented_city_says_so_and_lies_nowhere(alfa, monkeypatch):
    drawn = []
    monkeypatch.setattr("portal.views.cards.png_of", lambda card: drawn.append(card) or b"PNG")
    type(alfa).objects.filter(pk=alfa.pk).update(fictional=True, latitude=50, longitude=20)
    Client().get("/en/cities/alfa/card.png")
    assert drawn[0].kicker.startswith("Invented")
    assert drawn[0].degrees is None
