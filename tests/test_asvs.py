"""docs/asvs.md answers every requirement of levels 1 and 2 once, and its proofs exist, and those of
docs/threats.md and docs/privacy.md."""

import re
from collections import Counter

import pytest
from django.conf import settings

TEXT = (settings.BASE_DIR / "docs/asvs.md").read_text(encoding="utf-8")
# ASVS 5.0.0: of each section the number of the last requirement of level 1 or 2. They have no
# gaps: those of level 3 come after them.
LAST = """
1.1.2 1.2.9 1.3.11 1.4.3 1.5.2  2.1.3 2.2.3 2.3.4 2.4.1  3.2.2 3.3.4 3.4.6 3.5.5 3.7.2
4.1.3 4.2.1 4.3.2 4.4.4  5.1.1 5.2.3 5.3.2 5.4.3  6.1.3 6.2.12 6.3.4 6.4.4 6.5.5 6.6.3 6.8.4
7.1.3 7.2.4 7.3.2 7.4.5 7.5.2 7.6.2  8.1.2 8.2.3 8.3.1 8.4.1  9.1.3 9.2.4
10.1.2 10.2.2 10.3.4 10.4.11 10.5.5 10.6.2 10.7.3  11.1.2 11.2.3 11.3.3 11.4.4 11.5.1 11.6.1
12.1.3 12.2.2 12.3.4  13.1.1 13.2.5 13.3.2 13.4.5  14.1.2 14.2.4 14.3.3  15.1.3 15.2.3 15.3.7
16.1.1 16.2.5 16.3.4 16.4.3 16.5.3  17.1.1 17.2.4 17.3.2
"""


def expected() -> set[str]:
    numbers = set()
    for last in LAST.split():
        section, _dot, count = last.rpartition(".")
        numbers |= {f"{section}.{number}" for number in range(1, int(count) + 1)}
    return numbers


def test_every_requirement_has_one_answer():
    cells = re.findall(r"^\| ((?:\d+\.\d+\.\d+ ?)+)\|", TEXT, re.MULTILINE)
    answers = Counter(number for cell in cells for number in cell.split())
    assert len(expected()) == 253
    assert sorted(expected() ^ set(answers)) == []
    assert [number for number, count in answers.items() if count > 1] == []


def test_keys_of_the_settings_stand_in_their_list():
    """Every setting that is secret, by its name."""
    text = (settings.BASE_DIR / "docs/keys-and-logs.md").read_text(encoding="utf-8")
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
    names = set(
        re.findall(r"^(?:# )?([A-Z0-9_]*(?:KEY|SECRET|TOKEN)[A-Z0-9_]*)=", example, re.MULTILINE)
    )
    assert {name for name in names if name not in text} == set()
    assert len(names) > 4


def paths_in(text: str) -> list[str]:
    """Files and folders that a document names."""
    words = re.findall(r"`([A-Za-z_-]+(?:/[A-Za-z_-]+)*(?:\.(?:py|md|txt|toml))?)`", text)
    return [word for word in words if "/" in word or word.endswith((".md", ".txt", ".toml"))]


@pytest.mark.parametrize(("name", "proofs"), [("asvs", 40), ("threats", 20), ("privacy", 1)])
def test_proofs_exist(name, proofs):
    """A proof that is a file of tests holds tests, and so does a folder."""
    text = (settings.BASE_DIR / f"docs/{name}.md").read_text(encoding="utf-8")
    paths = [settings.BASE_DIR / path for path in paths_in(text)]
    assert [path for path in paths if not path.exists()] == []
    proving = {path for path in paths if path.is_relative_to(settings.BASE_DIR / "tests")}
    assert len(proving) >= proofs
    for path in proving:
        files = [path] if path.is_file() else list(path.rglob("test_*.py"))
        texts = [file.read_text(encoding="utf-8") for file in files]
        assert any("\ndef test_" in each for each in texts), path


def test_documents_name_no_test_that_is_missing():
    documents = [*(settings.BASE_DIR / "docs").rglob("*.md"), *settings.BASE_DIR.glob("*.md")]
    named = {
        (document.name, path)
        for document in documents
        for path in re.findall(r"`(tests/[\w./-]+)`", document.read_text(encoding="utf-8"))
    }
    assert {each for each in named if not (settings.BASE_DIR / each[1]).exists()} == set()
    assert len(named) > 80


def test_each_answer_that_the_portal_gives_has_its_proof():
    _before, _heading, rest = TEXT.partition("## Met by the portal")
    table, _heading, _after = rest.partition("## Met by whoever")
    rows = [line for line in table.splitlines() if re.match(r"\| \d", line)]
    lacking = [row for row in rows if not paths_in(row.rpartition(" | ")[2])]
    assert lacking == []
    assert len(rows) > 35
