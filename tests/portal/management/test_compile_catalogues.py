"""Compiling the interface's catalogues without gettext."""

import gettext
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? 1 : "
"n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%100>=12 && n%100<=14) ? 2 : 3);\\n"

"""
CITIES = """\
#, python-format
msgid "%(count)s city"
msgid_plural "%(count)s cities"
msgstr[0] "jedno miasto"
msgstr[1] "%(count)s miasta"
msgstr[2] "%(count)s miast"
msgstr[3] "%(count)s miasta"
"""


@pytest.fixture
def catalogue(tmp_path):
    """`catalogue(text)`: the Polish catalogue with these messages."""

    def write(text: str, name: str = "django.po") -> Path:
        path = tmp_path / "pl/LC_MESSAGES" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text, encoding="utf-8")
        return path

    return write


def test_compile_catalogues_writes_what_gettext_reads(tmp_path, catalogue):
    catalogue(CITIES)
    catalogue('msgid "Close"\nmsgstr "Zamknij"\n', "djangojs.po")
    call_command("compile_catalogues", locale=tmp_path)
    polish = gettext.translation("django", tmp_path, ["pl"])
    assert polish.ngettext("%(count)s city", "%(count)s cities", 5) == "%(count)s miast"
    assert gettext.translation("djangojs", tmp_path, ["pl"]).gettext("Close") == "Zamknij"


def test_compile_catalogues_leaves_out_what_is_fuzzy_or_empty(tmp_path, catalogue):
    catalogue('#, fuzzy\nmsgid "Help"\nmsgstr "Pomorze"\n\nmsgid "City"\nmsgstr ""\n')
    call_command("compile_catalogues", locale=tmp_path)
    polish = gettext.translation("django", tmp_path, ["pl"])
    assert polish.gettext("Help") == "Help"
    assert polish.gettext("City") == "City"


def test_compile_catalogues_writes_only_when_needed(tmp_path, catalogue, capsys):
    path = catalogue(CITIES)
    call_command("compile_catalogues", locale=tmp_path)
    assert capsys.readouterr().out == "pl/django.po: compiled\n"
    call_command("compile_catalogues", locale=tmp_path)
    assert capsys.readouterr().out == ""
    later = path.with_suffix(".mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    call_command("compile_catalogues", locale=tmp_path)
    assert capsys.readouterr().out == "pl/django.po: compiled\n"


@pytest.mark.parametrize("folder", ["", "missing"])
def test_compile_catalogues_is_content_without_catalogues(tmp_path, folder, capsys):
    call_command("compile_catalogues", locale=tmp_path / folder)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (
            'msgid "%(name)s joined"\nmsgstr "%(nazwa)s dołączyło"\n',
            "%(nazwa)s is not in the original",
        ),
        ('msgid "%(name)s joined"\nmsgstr "Dołączyło"\n', "%(name)s is missing"),
        (
            '#, python-format\nmsgid "%s of %s"\nmsgstr "%s"\n',
            "positional format placeholders are unbalanced",
        ),
        (
            '#, python-format\nmsgid "%(n)d"\nmsgstr "%(n)s"\n',
            "incompatible format for placeholder 'n'",
        ),
        (
            'msgid "a city"\nmsgid_plural "cities"\nmsgstr[0] "miasto"\nmsgstr[1] "miasta"\n',
            "plural form 2 is missing",
        ),
    ],
)
def test_compile_catalogues_refuses_broken_placeholders_with_file_and_line(
    tmp_path, catalogue, message, reason
):
    path = catalogue(CITIES + "\n" + message)
    original = next(line for line in message.splitlines() if line.startswith("msgid"))
    line = path.read_text(encoding="utf-8").splitlines().index(original) + 1
    with pytest.raises(CommandError) as refused:
        call_command("compile_catalogues", locale=tmp_path)
    assert f"pl/django.po:{line}: " in str(refused.value)
    assert reason in str(refused.value)
    assert not path.with_suffix(".mo").exists()


@pytest.mark.parametrize(
    "text", ['msgid "City"\nmsgstr "Miasto\n', 'msgid "City"\nmsgstr Miasto\n', "Miasto\n"]
)
def test_compile_catalogues_refuses_what_is_no_catalogue(tmp_path, catalogue, text):
    path = catalogue(text)
    with pytest.raises(
        CommandError, match=rf"pl/django\.po:{len(path.read_text().splitlines())}: "
    ):
        call_command("compile_catalogues", locale=tmp_path)
