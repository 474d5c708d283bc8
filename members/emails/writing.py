"""The words of a letter: the secretariat's own wording or the portal's, with its words in curly
brackets filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import override

from members.models import LetterText, NetworkText
from members.models.letters import SUBJECT_LENGTH
from members.wording import KINDS
from members.wording.placeholders import PLACEHOLDERS, clean_text, fill, one_line


@dataclass(frozen=True)
class Composed:
    """Subject and text of a letter, ready to be read."""

    subject: str
    text: str


def compose(kind: str, language: str, context: Mapping[str, object]) -> Composed:
    """A letter of this kind in this language, for a preview or for the outbox.

    `context` gives the values of the kind's words in curly brackets as plain text; what the kind
    does not use is left out. Raises KeyError for a kind that does not exist, ValueError where a
    value is missing.
    """
    missing = set(KINDS[kind].values) - set(context)
    if missing:
        raise ValueError(f"A letter of the kind {kind} needs {', '.join(sorted(missing))}.")
    row = LetterText.objects.filter(kind=kind, language=language).first()
    wording = Composed(row.subject, row.text) if row else portal_wording(kind, language)
    return filled(wording, language, context)


def filled(wording: Composed, language: str, context: Mapping[str, object]) -> Composed:
    """A wording with its values put in."""
    values = {"network": network_name(language), "portal": host(), **context}
    subject = one_line(fill(wording.subject, values))
    return Composed(shortened(subject), clean_text(fill(wording.text, values)).strip())


def sample(wording: Composed, language: str) -> Composed:
    """A wording with examples in the places of its words in curly brackets."""
    with override(language):
        examples = {name: str(placeholder.sample) for name, placeholder in PLACEHOLDERS.items()}
    return filled(
        wording, language, {**examples, "network": network_name(language), "portal": host()}
    )


def portal_wording(kind: str, language: str) -> Composed:
    """The wording that counts as long as nobody wrote another: the catalogue's, not filled in."""
    with override(language):
        return Composed(str(KINDS[kind].subject), KINDS[kind].wording())


def network_name(language: str) -> str:
    """The network's name for a reader of this language; the portal's address where it has none
    yet."""
    with override(language):
        name = NetworkText.wordings(NetworkText.Key.NAME).get(NetworkText.Key.NAME)
    return str(name) if name else host()


def host() -> str:
    """The portal's address without what stands before it."""
    return urlsplit(settings.SITE_URL).netloc


def shortened(subject: str) -> str:
    return subject if len(subject) <= SUBJECT_LENGTH else f"{subject[: SUBJECT_LENGTH - 1]}…"
