"""Compile the catalogues of the interface's languages, without gettext."""

import re
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import PYTHON_FORMAT, Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

DOMAINS = ("django", "djangojs")
# What a line that holds a text looks like; Babel would cut the last letter off a text without its
# closing quote.
_TEXT = re.compile(r'(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*')


class Command(BaseCommand):
    help = (
        "Write locale/<language>/LC_MESSAGES/*.mo from the .po beside it, where the .po is newer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        folder = settings.LOCALE_PATHS[0]
        parser.add_argument(
            "--locale", type=Path, default=folder, help="The folder with the languages."
        )

    def handle(self, *args: Any, locale: Path, **options: Any) -> None:
        broken = []
        for path in catalogues(locale):
            if is_compiled(path):
                continue
            errors = compile_catalogue(path)
            broken += errors
            if not errors:
                self.stdout.write(f"{path.parent.parent.name}/{path.name}: compiled")
        if broken:
            raise CommandError("These catalogues were not compiled.\n" + "\n".join(broken))


def catalogues(folder: Path) -> list[Path]:
    """Every catalogue there is; none in an empty or missing folder."""
    return sorted(path for path in folder.glob("*/LC_MESSAGES/*.po") if path.stem in DOMAINS)


def is_compiled(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return False
    return compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns


def compile_catalogue(path: Path) -> list[str]:
    """Write the .mo beside `path`; what is broken comes back as `path:line: reason`, and then
    nothing is written."""
    language = path.parent.parent.name
    name = f"{language}/{path.name}"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        catalog = read_po(lines, locale=language, domain=path.stem, abort_invalid=True)
    except PoFileError as error:
        return [f"{name}:{error.lineno + 1}: {error}"]
    except ValueError as error:
        return [f"{name}: {error}"]
    faults = [*broken_lines(lines), *broken_messages(catalog)]
    errors = [f"{name}:{line}: {reason}" for line, reason in faults]
    if not errors:
        # All or nothing: a reader of the .mo never meets half a file.
        compiled = BytesIO()
        write_mo(compiled, catalog)
        path.with_suffix(".mo").write_bytes(compiled.getvalue())
    return errors


def broken_lines(lines: list[str]) -> list[tuple[int, str]]:
    """Number and reason for every line whose text is not closed."""
    return [
        (number, "a text without its closing quotation mark")
        for number, line in enumerate(lines, 1)
        if _is_open(line.strip())
    ]


def _is_open(line: str) -> bool:
    holds_text = line.startswith(("msg", '"'))
    return holds_text and not _TEXT.fullmatch(line)


def broken_messages(catalog: Catalog) -> list[tuple[int, str]]:
    """Line and reason for every translation whose placeholders or plurals are not those of the
    original."""
    return [
        (message.lineno or 0, f"{reason} ({_original(message)!r})")
        for message in catalog
        if message.id and not message.fuzzy
        for reason in _reasons(catalog, message)
    ]


def _reasons(catalog: Catalog, message: Message) -> list[str]:
    strings = _several(message.string)
    if not any(strings):
        return []
    known = _names(*_several(message.id))
    unknown = _names(*strings) - known
    forms = [number for number, text in enumerate(strings) if not text]
    # "One city" may leave out the number; a message without plurals leaves out nothing.
    lost = set() if message.pluralizable else known - _names(strings[0])
    return [
        *(str(error) for error in message.check(catalog)),
        *(f"plural form {number} is missing" for number in forms),
        *(f"%({name})s is not in the original" for name in sorted(unknown)),
        *(f"%({name})s is missing" for name in sorted(lost)),
    ]


def _names(*texts: str) -> set[str]:
    """Named placeholders of the texts: `%(name)s` gives `name`."""
    matches = [match for text in texts for match in PYTHON_FORMAT.finditer(text)]
    return {match[1] for match in matches if match[1]}


def _several(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The forms of a text: one for each number of a plural, else one."""
    if isinstance(text, tuple | list):
        return tuple(text)
    return (text or "",)


def _original(message: Message) -> str:
    return _several(message.id)[0]
