"""Aids for a translator beside a text: earlier wording and words of the glossary.

Each earlier wording has a button that writes it into the field.
"""

from dataclasses import dataclass

from django.http import QueryDict

from languages.glossary import GlossaryTerm, terms_in
from languages.memory import Segment, find_proposals
from languages.models import TranslatedModel
from languages.text import column, source_text

# The name of the button. Its value is the column, where the proposal goes, and the proposal.
TAKE = "take"
# It takes the place of the text in the field, or comes after it.
INSTEAD, BEHIND = "instead", "behind"
# The name under which the form lists columns with a proposal that nobody has confirmed yet.
UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class TranslationAids:
    """The aids for one field in one language. `column` is the name of the field in the form."""

    column: str
    source_language: str
    language: str
    segments: list[Segment]
    terms: list[GlossaryTerm]
    # The field has a proposal that is not confirmed. To save the field confirms it.
    is_unconfirmed: bool = False

    @property
    def count(self) -> int:
        """The number of proposals."""
        count = 0
        for segment in self.segments:
            count += len(segment.proposals)
        return count


def translation_aids(
    record: TranslatedModel, field: str, language: str, submitted: QueryDict | None = None
) -> TranslationAids:
    """The aids to translate `field` of `record` into `language`.

    `submitted` is the form as a person sent it, if they did.
    """
    source_language = record.source_language
    text = source_text(record, field)
    name = column(field, language)
    return TranslationAids(
        column=name,
        source_language=source_language,
        language=language,
        segments=find_proposals(text, source_language, language, translating=(record, field)),
        terms=terms_in(text, source_language, language),
        is_unconfirmed=name in _unconfirmed(submitted),
    )


def _unconfirmed(submitted: QueryDict | None) -> list[str]:
    """The columns with an unconfirmed proposal."""
    return submitted.getlist(UNCONFIRMED) if submitted else []


def with_proposal(submitted: QueryDict) -> QueryDict:
    """The submitted form with the proposal in its field, if a person pressed the button of one.

    The field counts as unconfirmed. A false value of the button does no more than a person could do
    by writing in the field.
    """
    name, _space, rest = submitted.get(TAKE, "").partition(" ")
    place, _space, proposal = rest.partition(" ")
    if name not in submitted or not proposal:
        return submitted
    text = submitted.get(name, "").rstrip()
    if place == BEHIND and text:
        proposal = f"{text} {proposal}"
    unconfirmed = dict.fromkeys(_unconfirmed(submitted))
    unconfirmed[name] = None
    filled = submitted.copy()
    filled[name] = proposal
    filled.setlist(UNCONFIRMED, list(unconfirmed))
    return filled
