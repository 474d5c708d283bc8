"""What stands beside a text that is translated: earlier wording, the glossary's words; and taking
one of them over."""

from dataclasses import dataclass

from django.db import models
from django.http import QueryDict

from languages.glossary import GlossaryTerm, terms_in
from languages.memory import Passage, proposals
from languages.text import column, own_text

# A button's name; its value is the column, whether the text takes the place of what stands there,
# and the text.
TAKE = "take"
INSTEAD, BEHIND = "instead", "behind"
# Names the columns that hold a proposal nobody has confirmed yet.
UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Beside:
    """For one field of one language: `column` is the name of its field in the form."""

    column: str
    source_language: str
    language: str
    passages: list[Passage]
    terms: list[GlossaryTerm]
    # Whether the field holds a proposal that is not confirmed: saving it confirms it.
    is_unconfirmed: bool = False

    @property
    def count(self) -> int:
        return sum(len(passage.proposals) for passage in self.passages)


def beside(
    record: models.Model, field: str, language: str, sent: QueryDict | None = None
) -> Beside:
    """What helps to translate `field` of `record` into `language`. `sent`: the form as it came
    back."""
    source = record.source_language
    text = own_text(record, field, source)
    name = column(field, language)
    return Beside(
        column=name,
        source_language=source,
        language=language,
        passages=proposals(text, source, language, beside=(record, field)),
        terms=terms_in(text, source, language),
        is_unconfirmed=name in (sent.getlist(UNCONFIRMED) if sent else ()),
    )


def with_proposal(sent: QueryDict) -> QueryDict:
    """The form as it was sent, with the proposal whose button was pressed in its field, marked as
    not confirmed.

    Whatever the button's value says is no more than what the person could have typed.
    """
    name, _space, rest = sent.get(TAKE, "").partition(" ")
    place, _space, text = rest.partition(" ")
    if name not in sent or not text:
        return sent
    filled = sent.copy()
    before = sent[name].rstrip()
    filled[name] = f"{before} {text}" if place == BEHIND and before else text
    filled.setlist(UNCONFIRMED, list(dict.fromkeys([*sent.getlist(UNCONFIRMED), name])))
    return filled
