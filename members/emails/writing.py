"""The words of a letter: the secretariat's own wording or the portal's, with its values."""

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
    needs = set(KINDS[kind].values)
    missing = needs - set(context)
    if missing:
        names = ", ".join(sorted(missing))
        message = f"A letter of the kind {kind} needs {names}."
        raise ValueError(message)
    wording = own_wording(kind, language)
    if wording is None:
        wording = portal_wording(kind, language)
    return filled(wording, language, context)


def own_wording(kind: str, language: str) -> Composed | None:
    """The wording that the secretariat wrote, if it wrote one."""
    rows = LetterText.objects.filter(kind=kind, language=language)
    row = rows.first()
    if row is None:
        return None
    return Composed(
        subject=row.subject,
        text=row.text,
    )


def filled(wording: Composed, language: str, context: Mapping[str, object]) -> Composed:
    """A wording with its values put in."""
    values = {
        "network": network_name(language),
        "portal": settings.PORTAL_NAME,
        **context,
    }
    subject = fill(wording.subject, values)
    text = fill(wording.text, values)
    return Composed(
        subject=shortened(one_line(subject)),
        text=clean_text(text).strip(),
    )


def sample(wording: Composed, language: str) -> Composed:
    """A wording with examples in the places of its words in curly brackets."""
    examples = {}
    with override(language):
        for name, placeholder in PLACEHOLDERS.items():
            examples[name] = str(placeholder.sample)
    # These two have values, which must not be examples.
    examples["network"] = network_name(language)
    examples["portal"] = settings.PORTAL_NAME
    return filled(wording, language, examples)


def portal_wording(kind: str, language: str) -> Composed:
    """The wording of the catalogue, without values; it counts as long as nobody wrote another."""
    letter_kind = KINDS[kind]
    with override(language):
        return Composed(
            subject=str(letter_kind.subject),
            text=letter_kind.wording(),
        )


def network_name(language: str) -> str:
    """The network's name for a reader of this language; without one, the portal's."""
    key = NetworkText.Key.NAME
    with override(language):
        wordings = NetworkText.wordings(key)
    name = wordings.get(key)
    if not name:
        return str(settings.PORTAL_NAME)
    return str(name)


def host() -> str:
    """The portal's address without the scheme: `cities.example.org`."""
    netloc: str = urlsplit(settings.SITE_URL).netloc
    return netloc


def shortened(subject: str) -> str:
    """The subject, cut where it is longer than the column."""
    if len(subject) <= SUBJECT_LENGTH:
        return subject
    return f"{subject[: SUBJECT_LENGTH - 1]}…"
