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
from django.core.management.base import CommandError

from members.management.base import PortalCommand

DOMAINS = ("django", "djangojs")
# What a line that holds a text looks like; Babel would cut the last letter off a text without its
# closing quote.
_TEXT = re.compile(r'(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"\s*')


class Command(PortalCommand):
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
                language = path.parent.parent.name
                self.report(f"{language}/{path.name}: compiled")
        if broken:
            lines = "\n".join(broken)
            raise CommandError(f"These catalogues were not compiled.\n{lines}")


def catalogues(folder: Path) -> list[Path]:
    """Every catalogue there is; none in an empty or missing folder."""
    paths = folder.glob("*/LC_MESSAGES/*.po")
    own = [path for path in paths if path.stem in DOMAINS]
    return sorted(own)


def is_compiled(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    if not compiled.exists():
        return False
    changed_at = path.stat().st_mtime_ns
    compiled_at = compiled.stat().st_mtime_ns
    return compiled_at >= changed_at


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
    broken = []
    for number, line in enumerate(lines, 1):
        if _is_open(line.strip()):
            broken.append((number, "a text without its closing quotation mark"))
    return broken


def _is_open(line: str) -> bool:
    holds_text = line.startswith(("msg", '"'))
    is_closed = bool(_TEXT.fullmatch(line))
    return holds_text and not is_closed


def broken_messages(catalog: Catalog) -> list[tuple[int, str]]:
    """Line and reason for every translation whose placeholders or plurals are not those of the
    original."""
    broken = []
    for message in catalog:
        if not message.id or message.fuzzy:
            continue
        line = message.lineno or 0
        original = _original(message)
        for reason in _reasons(catalog, message):
            broken.append((line, f"{reason} ({original!r})"))
    return broken


def _reasons(catalog: Catalog, message: Message) -> list[str]:
    strings = _several(message.string)
    if not any(strings):
        return []
    reasons = [str(error) for error in message.check(catalog)]
    for number, text in enumerate(strings):
        if not text:
            reasons.append(f"plural form {number} is missing")
    originals = _several(message.id)
    known = _names(*originals)
    unknown = _names(*strings) - known
    for name in sorted(unknown):
        reasons.append(f"%({name})s is not in the original")
    # "One city" may leave out the number; a message without plurals leaves out nothing.
    if not message.pluralizable:
        lost = known - _names(strings[0])
        for name in sorted(lost):
            reasons.append(f"%({name})s is missing")
    return reasons


def _names(*texts: str) -> set[str]:
    """Named placeholders of the texts: `%(name)s` gives `name`."""
    names = set()
    for text in texts:
        for match in PYTHON_FORMAT.finditer(text):
            if match[1]:
                names.add(match[1])
    return names


def _several(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The forms of a text: one for each number of a plural, else one."""
    if isinstance(text, tuple | list):
        return tuple(text)
    return (text or "",)


def _original(message: Message) -> str:
    return _several(message.id)[0]
