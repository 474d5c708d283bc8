"""The catalogues are complete: every string of the code, in every language, none marked as
doubtful."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

TRANSLATIONS = [code for code, _name in settings.SCHEMA_LANGUAGES if code != "en"]


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def key(message: Message) -> tuple:
    return message.context, message.id


def messages(path: Path) -> dict[tuple, Message]:
    return {key(message): message for message in read(path) if message.id}


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_catalogue_is_complete_and_certain(code):
    found = messages(settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po")
    assert len(found) > 900
    empty = [
        ids
        for ids, m in found.items()
        if not (all(m.string) if isinstance(m.string, tuple) else m.string)
    ]
    assert empty == []
    assert [ids for ids, m in found.items() if m.fuzzy] == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_placeholders_are_those_of_the_english(code):
    catalogue = read(settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po")
    assert [(m.id, str(e)) for m in catalogue if m.id for e in m.check(catalogue)] == []


def test_catalogues_have_every_string_of_the_code(tmp_path):
    if not shutil.which("xgettext"):
        assert not os.environ.get("FORBID_SKIPPING_BROWSER"), (
            "xgettext is missing: apt-get install gettext"
        )
        pytest.skip("NO XGETTEXT: whether the catalogues fit the code was NOT looked at")
    for name in ("portal", "programs", "members", "languages", "templates", "locale", "data"):
        shutil.copytree(
            settings.BASE_DIR / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("*.mo", "*.csv"),
        )
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "-l",
        "pl",
        "--no-location",
        "--no-wrap",
        "--no-obsolete",
    ]
    environment = {
        **os.environ,
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}",
    }
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    made = messages(tmp_path / "locale" / "pl" / "LC_MESSAGES" / "django.po")
    assert set(made) == set(
        messages(settings.BASE_DIR / "locale" / "pl" / "LC_MESSAGES" / "django.po")
    )


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_all_catalogues_have_the_same_strings(code):
    english = messages(settings.BASE_DIR / "locale" / "pl" / "LC_MESSAGES" / "django.po")
    assert set(messages(settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po")) == set(
        english
    )


@pytest.mark.parametrize(("code", "letters"), [("pl", "aiouwz"), ("uk", "авзійоу")])
def test_one_letter_words_do_not_end_a_line(code, letters):
    """In Polish and Ukrainian a one-letter word is followed by a no-break space (U+00A0), not by a
    plain one."""
    catalogue = settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po"
    markup = re.compile(r"<[^>]*>|%\(\w+\)[sd]|\{[^}]*\}")
    lone = re.compile(rf"(?<![^\s(„«”•])[{letters}] (?=\S)", re.IGNORECASE)
    forms = [
        (m.string,) if isinstance(m.string, str) else m.string for m in messages(catalogue).values()
    ]
    strings = [text for form in forms for text in form]
    assert [text for text in strings if lone.search(markup.sub("•", text))] == [], (
        "write U+00A0 after the letter"
    )


def texts_of(code: str) -> list[tuple[str, str]]:
    """Each translation with the English that it stands for."""
    catalogue = settings.BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po"
    texts = []
    for message in messages(catalogue).values():
        one, many = message.id, message.string
        english = one if isinstance(one, str) else one[0]
        forms = (many,) if isinstance(many, str) else many
        texts += [(english, form) for form in forms]
    return texts


# What the portal sends is an e-mail; a letter on paper has another word (docs/style/).
PAPER_LETTERS = {
    "de": r"\bBriefe?n?\b",
    "es": r"\bcartas?\b",
    "fr": r"\blettres?\b",
    "it": r"\bletter[ae]\b",
    "pl": r"\blistu?\b|\blistem\b|\bListy nie\b",
    "sv": r"\bbrev(et|en)?\b",
}
# English has one word for both: in these sentences it is on paper, or one of the alphabet.
ON_PAPER = re.compile(
    r"\bby a letter|the letter or the source|minutes nor a letter|^letter$"
    r"|\bletters(,| (of|in|or|\(ISO))|capital letters|small letters"
)


@pytest.mark.parametrize("code", sorted(PAPER_LETTERS))
def test_what_the_portal_sends_is_no_letter_on_paper(code):
    paper = re.compile(PAPER_LETTERS[code])
    wrong = [
        text
        for english, text in texts_of(code)
        if "letter" in english and paper.search(text) and not ON_PAPER.search(english)
    ]
    assert wrong == []


def test_spanish_says_tu():
    """docs/style/es.md: no usted, and imperatives that go with tú."""
    formal = re.compile(r"\b(usted|Elija|Escriba|Indique|Espere|Compruebe|[Ii]nténtelo|Haga)\b")
    assert [text for _english, text in texts_of("es") if formal.search(text)] == []


def test_french_puts_a_space_that_holds_before_a_semicolon():
    """Of entities such as "&nbsp;" and of opening hours as data the semicolon is no punctuation."""
    tight = re.compile(r"(?<!&nbsp)(?<!&amp)(?<![\u00a0\u202f]);(?= )")
    texts = [text for _id, text in texts_of("fr") if "Mo-Fr" not in text]
    assert [text for text in texts if tight.search(text)] == []
