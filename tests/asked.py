"""What people ask of the search, at which rank an answer stands, and the tables of that.

The sets of queries stand beside the tests of the search. Each row of a set that was written by
somebody else says what a person typed, in which language they read, and the pages that answer, one
of which must be among the first `rank`.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import override

from languages.folding import fold
from languages.search.results import search
from members.models import Meeting
from portal.help_cards import help_cards, hits_before_cards
from portal.hits import KINDS
from portal.page_cards import page_cards

FOLDER = Path(__file__).parent / "languages" / "search"
RANKS = (1, 3, 5)

Row = dict[str, str]


class Asked(NamedTuple):
    """A row, and at which rank one of its pages stands; 0 if none is found."""

    row: Row
    rank: int

    @property
    def is_found(self) -> bool:
        return 0 < self.rank <= int(self.row["rank"])


def rows_of(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def meetings() -> dict[str, str]:
    """The address of each meeting by what its rows call it: their numbers change with a reload."""
    return {
        f"meetings/{meeting.kind}/{fold(meeting.place)}/{meeting.starts}/": (
            f"meetings/{meeting.pk}/"
        )
        for meeting in Meeting.objects.all()
    }


def wanted_by(row: Row, known: dict[str, str]) -> set[str]:
    return {known.get(page, page) for page in row["wanted"].split()}


def ask(row: Row, known: dict[str, str]) -> Asked:
    wanted = wanted_by(row, known)
    shown = pages_shown(row["query"], row["language"])
    ranks = [rank for rank, page in enumerate(shown, 1) if page in wanted]
    return Asked(row, min(ranks, default=0))


def pages_shown(query: str, language: str) -> list[str]:
    """The pages that the results lead to, in the order in which they stand there."""
    with override(language):
        answer = search(query, kinds=tuple(KINDS))
        pages = [card.url for card in page_cards(answer)]
        cards = [card.url for card in help_cards(answer)]
        place = hits_before_cards(answer)
    real = [hit.row for hit in answer.hits if not hit.row.fictional]
    rows = real or [hit.row for hit in answer.hits]
    hits = [f"/{language}/{row.path}" for row in rows]
    shown = pages + hits[:place] + cards + hits[place:]
    return [address.partition("#")[0].removeprefix(f"/{language}/") for address in shown]


def show(name: str, answers: list[Asked], key: Callable[[Row], str]) -> None:
    """A line for each value of `key`: how many have an answer within each of the ranks."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for asked in answers:
        groups[key(asked.row)].append(asked)
    for value, own in sorted(groups.items()):
        counts = [sum(0 < asked.rank <= rank for asked in own) for rank in RANKS]
        shares = [f"{count:>3} ({count / len(own):>4.0%})" for count in counts]
        found = sum(asked.is_found for asked in own)
        columns = " | ".join([*shares, f"{found:>3} ({found / len(own):>4.0%})"])
        sys.stdout.write(f"| {name:<20} | {value:<12} | {len(own):>3} | {columns} |\n")


def show_all(name: str, answers: list[Asked]) -> None:
    heads = " | ".join(f"rank {rank}    " for rank in RANKS)
    sys.stdout.write(f"\n| set | of | queries | {heads} | as asked |\n")
    for key in (lambda row: row["class"], lambda row: row["language"], lambda _row: "all"):
        show(name, answers, key)


def show_misses(misses: Iterable[Asked]) -> None:
    for row, rank in misses:
        wanted = row["wanted"].split()
        pages = " ".join(wanted[:3]) + (" …" if len(wanted) > 3 else "")
        sys.stdout.write(
            f"{row['class']:<12} {row['language']} {row['query']}: {pages} within {row['rank']}, "
            f"is {rank or 'not found'}\n"
        )
