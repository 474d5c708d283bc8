"""Words in curly brackets: found, filled in, checked. A text is only ever searched and replaced,
never evaluated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
# What no letter may hold: control characters other than the line break and the tab, and halves of
# characters.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Placeholder:
    """What is filled in, and an example of it."""

    meaning: str
    sample: str


PLACEHOLDERS = {
    "city": Placeholder(gettext_lazy("the city’s name"), "Sampleton"),
    "date": Placeholder(gettext_lazy("a day, written out"), gettext_lazy("12 March 2027")),
    "days": Placeholder(gettext_lazy("a number of days"), "14"),
    "email": Placeholder(gettext_lazy("an e-mail address"), "coordinator@example.org"),
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
    "portal": Placeholder(
        gettext_lazy("the portal’s address without https://"), "cities.example.org"
    ),
    "reason": Placeholder(
        gettext_lazy("the reason that was given"),
        gettext_lazy("The signed act lacks its second page. Send it again in one file."),
    ),
    "role": Placeholder(
        gettext_lazy("what somebody will be for the city"), gettext_lazy("lead coordinator")
    ),
}


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put the values in. What is put in is not looked at again; a word that has no value stays as
    it is."""
    return _PLACEHOLDER.sub(lambda match: clean_text(str(values.get(match[1], match[0]))), text)


def clean_text(text: str) -> str:
    """Without what a mail server or a database would choke on; lines end as everywhere in the
    portal."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """A subject: one line, whatever was put in. A line break here could forge a header."""
    return " ".join(clean_text(text).split())


def used_in(text: str) -> set[str]:
    """The words in curly brackets of a text."""
    return set(_PLACEHOLDER.findall(text))


def faults(text: str, *, names: Iterable[str], needs: Iterable[str] = ()) -> list[str]:
    """Sentences on what is wrong with a wording: unknown words, brackets that stand alone, missing
    words."""
    known = set(names)
    unknown = sorted(used_in(text) - known)
    found = [
        _("{%(word)s} is not filled in for this letter. Use only the words that are listed here.")
        % {"word": word}
        for word in unknown
    ]
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        found.append(
            _(
                "A curly bracket stands alone. Write {city} with both brackets and nothing "
                "else between them."
            )
        )
    missing = [word for word in needs if word not in used_in(text)]
    return found + [
        _("Without {%(word)s} this letter makes no sense. Put it in.") % {"word": word}
        for word in missing
    ]
