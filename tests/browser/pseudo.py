"""Pseudo-languages: the interface's English as a language looks that is longer, or written from
right to left.

They stand in for English in a portal of their own, which only tests start: its catalogue of English
says each text with longer words and accents, or in Hebrew letters. A text that is in no catalogue
is seen by being plain English.
"""

import re
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
LONG, RTL = "long", "rtl"
LONGER = 1.4

# What is no text: placeholders of both kinds, tags, entities, addresses, line breaks.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;|https?://\S+|\n")
_ACCENTED = str.maketrans("aceginoszuyACEGINOSZUY", "àćéğîñöšžüýÀĆÉĞÎÑÖŠŽÜÝ")
_HEBREW = str.maketrans(
    {letter: chr(0x5D0 + place) for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
)
# Formats of dates and numbers that stand in Django's catalogues.
_FORMATS = ("DATE", "TIME", "DATETIME", "YEAR_MONTH", "MONTH_DAY")


def pseudo(text: str, kind: str) -> str:
    """The text in a pseudo-language, placeholders and tags as they are."""
    speak = _in_hebrew_letters if kind == RTL else _longer
    pieces, end = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [speak(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*pieces, speak(text[end:])])


def _in_hebrew_letters(text: str) -> str:
    return text.lower().translate(_HEBREW)


def _longer(text: str) -> str:
    """The text with accents and with letters said twice, until it is two fifths longer."""
    letters, due = [], 0.0
    for letter in text:
        due += LONGER - 1
        twice = due >= 1 and letter.isalpha()
        letters.append(letter * 2 if twice else letter)
        due -= twice
    return "".join(letters).translate(_ACCENTED)


def write_catalogues(folder: Path, kind: str) -> None:
    """Write `en/LC_MESSAGES/*.mo` into `folder`: all texts of the portal and of Django."""
    target = folder / "en" / "LC_MESSAGES"
    target.mkdir(parents=True)
    for domain in ("django", "djangojs"):
        catalog = Catalog(locale="en", domain=domain)
        for path in _catalogues(domain):
            with path.open("rb") as file:
                for message in read_po(file, domain=domain):
                    _say(catalog, message, kind)
        with (target / f"{domain}.mo").open("wb") as file:
            write_mo(file, catalog)


def _catalogues(domain: str) -> list[Path]:
    """Django's own English ones, whose texts are the originals, and one of ours, for its
    originals."""
    packages = Path(django.__file__).parent
    own = ROOT / "locale" / "de" / "LC_MESSAGES" / f"{domain}.po"
    return [*sorted(packages.glob(f"**/locale/en/LC_MESSAGES/{domain}.po")), own]


def _say(catalog: Catalog, message: Message, kind: str) -> None:
    originals = message.id if isinstance(message.id, tuple) else (message.id,)
    if (
        not originals[0]
        or originals[0].endswith("_FORMAT")
        or (message.context or "").startswith(_FORMATS)
    ):
        return
    said = tuple(pseudo(text, kind) for text in originals)
    catalog.add(message.id, said if len(said) > 1 else said[0], context=message.context)
