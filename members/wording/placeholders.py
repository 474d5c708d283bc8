"""The words in curly brackets of a letter. A text is searched and replaced, never evaluated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
# What no letter may hold: control characters other than the line break and the tab, and halves of
# characters.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Placeholder:
    """What is filled in, and an example of it."""

    meaning: str | Promise
    sample: str | Promise


PLACEHOLDERS = {
    "city": Placeholder(gettext_lazy("the city’s name"), "Sampleton"),
    "date": Placeholder(gettext_lazy("a day, written out"), gettext_lazy("12 March 2027")),
    "days": Placeholder(gettext_lazy("a number of days"), "14"),
    "email": Placeholder(gettext_lazy("an e-mail address"), "coordinator@example.org"),
    "file": Placeholder(
        gettext_lazy("an address that opens the accession file"),
        "https://cities.example.org/admin/members/accession/7/",
    ),
    "hours": Placeholder(gettext_lazy("a number of hours"), "24"),
    "link": Placeholder(
        gettext_lazy("an address that opens the right page of the portal"),
        "https://cities.example.org/admin/",
    ),
    "meeting": Placeholder(
        gettext_lazy("the meeting with its date and place"),
        gettext_lazy("Steering Committee, 12 March 2027, Exampleby"),
    ),
    "name": Placeholder(gettext_lazy("the name of the person who writes or acts"), "Alex Example"),
    "network": Placeholder(gettext_lazy("the network’s name"), gettext_lazy("Network of Cities")),
    "portal": Placeholder(gettext_lazy("the portal’s name"), "Ten Points"),
    "question": Placeholder(
        gettext_lazy("what the cities are asked"),
        gettext_lazy("Is what Sampleton promised still true?"),
    ),
    "reason": Placeholder(
        gettext_lazy("the reason that was given"),
        gettext_lazy("The signed act lacks its second page. Send it again in one file."),
    ),
    "role": Placeholder(
        gettext_lazy("what somebody will be for the city"), gettext_lazy("lead coordinator")
    ),
    "stop": Placeholder(
        gettext_lazy("an address that ends these letters"),
        "https://cities.example.org/accounts/summaries/…/",
    ),
    "successor": Placeholder(
        gettext_lazy("the name of the person who takes the lead over"), "Robin Example"
    ),
    "things": Placeholder(
        gettext_lazy("what waits, each with its address"),
        gettext_lazy("1. Overdue: Training for the police"),
    ),
    "what": Placeholder(
        gettext_lazy("what happened to the account"),
        gettext_lazy("A new password was chosen for it."),
    ),
    "subject": Placeholder(
        gettext_lazy("the question in a few words"), gettext_lazy("Is this right about Sampleton?")
    ),
}


_UNKNOWN = gettext_lazy(
    "{%(word)s} is not filled in for this letter. Use only the words that are listed here."
)
_LONE_BRACKET = gettext_lazy(
    "A curly bracket stands alone. Write {city} with both brackets and nothing else between them."
)
_MISSING = gettext_lazy("Without {%(word)s} this letter makes no sense. Put it in.")


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put the values in, which are not searched again; a word without a value stays as it is."""

    def value_of(match: re.Match[str]) -> str:
        word = match[1]
        value = values.get(word, match[0])
        return clean_text(str(value))

    return _PLACEHOLDER.sub(value_of, text)


def clean_text(text: str) -> str:
    """The text without what a mail server or a database refuses; lines end with "\\n"."""
    text = text.replace("\r\n", "\n")
    text = text.replace("\r", "\n")
    return _UNWANTED.sub("", text)


def one_line(text: str) -> str:
    """A subject in one line. A line break could forge a header of the message."""
    words = clean_text(text).split()
    return " ".join(words)


def used_in(text: str) -> set[str]:
    """The words in curly brackets of a text."""
    return set(_PLACEHOLDER.findall(text))


def faults(text: str, *, names: Iterable[str], needs: Iterable[str] = ()) -> list[str]:
    """Sentences on what is wrong with a wording.

    `names`: words that the letter may use; `needs`: words that it must use.
    """
    words = used_in(text)
    sentences = []
    unknown = words - set(names)
    for word in sorted(unknown):
        sentence = _UNKNOWN % {"word": word}
        sentences.append(sentence)
    without_words = _PLACEHOLDER.sub("", text)
    has_opening = "{" in without_words
    has_closing = "}" in without_words
    if has_opening or has_closing:
        sentences.append(str(_LONE_BRACKET))
    for word in needs:
        if word not in words:
            sentence = _MISSING % {"word": word}
            sentences.append(sentence)
    return sentences
