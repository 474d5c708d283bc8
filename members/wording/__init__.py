"""What the portal's letters say: every kind of letter, and the words that are filled in."""

from members.wording.accessions import ACCESSION_LETTERS
from members.wording.kind import LetterKind
from members.wording.people import PEOPLE_LETTERS
from members.wording.roles import ROLE_LETTERS
from members.wording.summaries import SUMMARIES

# By name, in the order in which the secretariat reads them. A new kind of letter is an entry in one
# of these.
KINDS: dict[str, LetterKind] = {
    **ACCESSION_LETTERS,
    **PEOPLE_LETTERS,
    **ROLE_LETTERS,
    **SUMMARIES,
}

__all__ = ["KINDS", "LetterKind"]
