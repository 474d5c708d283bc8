"""No page of another language has English words that are not marked as English."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

# Small words of English that no other of our languages has.
SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the of and are was were from this that these those which not has have had their "
        "who whom where when what all only than before after with",
    )
)
# A sentence has at least so many of them, and each seventh word is one.
FEWEST, SHARE = 2, 1 / 7
WORD = re.compile(r"[^\W\d_]+")
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNREAD = {"script", "style"}
PATHS = [
    "",
    "cities/?country=PL",
    "cities/krakow/",
    "cities/bulle/",
    "compare/?city=wien&city=krakow",
    "help/krakow/?happened=insulted",
    "help/ru/",
    "join/",
    "meetings/18/",
    "plan/7/",
    "programmes/otwarty-krakow/",
    "news/",
]


class TextReader(HTMLParser):
    """Collects the texts of a page with the language of the element round them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        outer = self.open[-1][1] if self.open else ""
        language = dict(attrs).get("lang") or outer
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed, _language = self.open.pop()
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] not in UNREAD:
            _tag, language = self.open[-1]
            self.texts.append((language, data.strip()))


def is_english(text: str) -> bool:
    words = WORD.findall(text.lower())
    small = sum(word in SMALL_WORDS for word in words)
    return small >= FEWEST and small >= SHARE * len(words)


def english_in(html: str, language: str) -> list[str]:
    """The English texts that the page passes off as its own language."""
    reader = TextReader()
    reader.feed(html)
    return [text for own, text in reader.texts if own == language and is_english(text)]


def test_reader_sees_english_that_is_not_marked():
    sentence = "The day of the vote is not stated."
    marked = f'<html lang="pl"><p><span lang="en">{sentence}</span> Dnia nie podano.</p></html>'
    unmarked = f'<html lang="pl"><p>Głosowanie<br>{sentence}</p></html>'
    assert english_in(marked, "pl") == []
    assert english_in(unmarked, "pl") == [sentence]


@pytest.mark.parametrize("language", ["pl", "uk"])
def test_pages_of_another_language_mark_what_is_english(language):
    found = {}
    for path in PATHS:
        html = Client().get(f"/{language}/{path}").content.decode()
        assert f'<html lang="{language}"' in html, path
        texts = english_in(html, language)
        if texts:
            found[path] = texts
    assert found == {}
