"""How well the search answers what people ask, in words of somebody who had not read its code.

Each row of `asked.csv` and `asked_held_out.csv` says what a person typed, in which language they
read, and the pages that answer, one of which must be among the first `rank`. The answers were fixed
before the first run. Nothing was tuned on the held-out rows: they are run to measure, and by this
test. `make quality` prints the table and every miss.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils.translation import override

from languages.models import IndexRow
from languages.search.results import search
from portal.help_cards import help_cards
from portal.hits import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

FOLDER = Path(__file__).parent
FILES = ("asked.csv", "asked_held_out.csv")
RANKS = (1, 3, 5)
# The share of all rows with an answer within its rank; a little below what was measured.
ENOUGH = 0.8


class Asked(NamedTuple):
    """A row, and at which rank one of its pages stands; 0 if none is found."""

    row: dict[str, str]
    rank: int

    @property
    def is_found(self) -> bool:
        return 0 < self.rank <= int(self.row["rank"])


def rows_of(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(row: dict[str, str]) -> Asked:
    wanted = set(row["wanted"].split())
    shown = pages_shown(row["query"], row["language"])
    ranks = [rank for rank, page in enumerate(shown, 1) if page in wanted]
    return Asked(row, min(ranks, default=0))


def pages_shown(query: str, language: str) -> list[str]:
    """The pages that the results lead to, in the order in which they stand there."""
    with override(language):
        answer = search(query, kinds=tuple(KINDS))
        cards = help_cards(answer) if answer.meaning and answer.meaning.wants_help else []
    addresses = [card.url.removeprefix(f"/{language}/") for card in cards]
    return addresses + [hit.row.path for hit in answer.hits if not hit.row.fictional]


def show(name: str, answers: list[Asked], key: Callable[[dict[str, str]], str]) -> None:
    """A line for each value of `key`: how many have an answer within each of the ranks."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for asked in answers:
        groups[key(asked.row)].append(asked)
    for value, own in sorted(groups.items()):
        counts = [sum(0 < asked.rank <= rank for asked in own) for rank in RANKS]
        shares = " | ".join(f"{count:>3} ({count / len(own):>4.0%})" for count in counts)
        found = sum(asked.is_found for asked in own)
        sys.stdout.write(
            f"| {name:<19} | {value:<22} | {len(own):>3} | {shares} | {found:>3} "
            f"({found / len(own):>4.0%}) |\n"
        )


def show_all(name: str, answers: list[Asked]) -> None:
    for key in (
        lambda row: row["class"],
        lambda row: row["language"],
        lambda _row: "all",
    ):
        show(name, answers, key)


def show_misses(answers: Iterable[Asked]) -> None:
    for row, rank in answers:
        sys.stdout.write(
            f"{row['class']} | {row['language']} | {row['query']} | {row['wanted']} | "
            f"{rank or 'not found'}\n"
        )


def test_people_find_what_they_ask():
    heads = " | ".join(f"rank {rank}" for rank in RANKS)
    sys.stdout.write(f"\n| set | of | queries | {heads} | as asked |\n")
    everything = []
    for name in FILES:
        answers = [ask(row) for row in rows_of(name)]
        show_all(name, answers)
        everything += answers
    misses = [asked for asked in everything if not asked.is_found]
    show_misses(misses)
    assert len(misses) <= len(everything) * (1 - ENOUGH), misses


def test_sets_cover_eight_languages():
    for name in FILES:
        languages = {row["language"] for row in rows_of(name)}
        assert languages == {"en", "pl", "sv", "de", "fr", "it", "es", "uk"}, name


@pytest.mark.parametrize("name", FILES)
def test_wanted_pages_exist(name):
    known = set(IndexRow.objects.values_list("path", flat=True))
    for row in rows_of(name):
        wanted = {page for page in row["wanted"].split() if not page.startswith("help")}
        assert wanted <= known, row
