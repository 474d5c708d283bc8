"""Whether an e-mail address looks like a person's own, and not like the mailbox of an office.

By its form alone: two words such as first name and surname before the @, or a provider of private
mailboxes behind it. An office may have either; then somebody says how they know (decision 0070).
"""

import csv
import re
from functools import cache

from django.conf import settings

from languages.folding import fold

# Of each line: `provider`, a domain of private mailboxes; `office`, how a word begins that stands
# in mailboxes of offices.
FILE = settings.BASE_DIR / "data" / "mailboxes.csv"
# What stands between the words of a mailbox; a hyphen is part of a word: anna-maria.berg.
BETWEEN = re.compile(r"[._]")
NAME = re.compile(r"[a-z]+(-[a-z]+)*")


def looks_personal(email: str, known: str = "") -> bool:
    """`known`: the names of the office and its place, whose words are no person's."""
    mailbox, _at, domain = fold(email).rpartition("@")
    if domain in _lines("provider"):
        return True
    words = BETWEEN.split(mailbox)
    if len(words) < 2 or not all(NAME.fullmatch(word) for word in words):
        return False
    of_office = fold(f"{known} {domain}")
    beginnings = _lines("office")
    return not any(word.startswith(beginnings) or _stands_in(word, of_office) for word in words)


def _stands_in(word: str, text: str) -> bool:
    """A single letter stands in everything, and is an initial here."""
    return len(word) > 2 and word in text


@cache
def _lines(kind: str) -> tuple[str, ...]:
    with FILE.open(encoding="utf-8") as file:
        return tuple(line["text"] for line in csv.DictReader(file) if line["kind"] == kind)
