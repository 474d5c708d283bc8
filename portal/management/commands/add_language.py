"""Begin a further language: its line in the settings, and a catalogue with everything still to
translate."""

import re
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import CommandError

from languages.names import locale_of
from members.management.base import PortalCommand
from portal.management.commands.compile_catalogues import DOMAINS

_CODE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?", re.ASCII)
_LAST_LINE = re.compile(r'(SCHEMA_LANGUAGES = \[\n(?: {4}\("[\w-]+", _\("[^"]+"\)\),\n)+)')
NEXT_STEPS = """
Now, in this order (docs/adding-a-language.md says more):
  python manage.py makemigrations --name language_{name}
  python manage.py migrate
  python manage.py compile_catalogues
  python manage.py rebuild_index
Then translate locale/{folder}/. Until that is done,
LANGUAGES in the environment can leave the language out.
"""

HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Ten Points\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class Command(PortalCommand):
    help = (
        "Begin a further language: `add_language nl`. Changes portal/settings.py and locale/, "
        "never the database."
    )
    # A developer's machine need not have a database to begin.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="The language as in addresses: nl, pt-br.")

    def handle(self, *args: object, **options: str) -> None:
        code = options["code"]
        locale = locale_of(code) if _CODE.fullmatch(code) else None
        if locale is None:
            raise CommandError(
                f"{code!r} is no language that CLDR knows. Write it as in addresses: nl, pt-br."
            )
        if code in dict(settings.SCHEMA_LANGUAGES):
            raise CommandError(f"{code} is one of the portal's languages already.")
        add_to_settings(Path(settings.BASE_DIR) / "portal" / "settings.py", code, locale)
        folder = Path(settings.LOCALE_PATHS[0]) / str(locale if "-" in code else locale.language)
        for domain in DOMAINS:
            write_skeleton(folder, domain, locale)
        self.report(f"portal/settings.py: {code}; locale/{folder.name}/: nothing translated yet")
        self.report(NEXT_STEPS.format(name=code.replace("-", "_"), folder=folder.name))


def add_to_settings(path: Path, code: str, locale: Locale) -> None:
    """Add the language behind the last of SCHEMA_LANGUAGES: the order is that of fallbacks."""
    line = f'    ("{code}", _("{locale.english_name}")),\n'
    before = path.read_text(encoding="utf-8")
    text, count = _LAST_LINE.subn(lambda lines: lines[1] + line, before, count=1)
    if not count:
        raise CommandError(
            f"{path} has no SCHEMA_LANGUAGES of the expected form. Add the line by hand:\n{line}"
        )
    path.write_text(text, encoding="utf-8")


def write_skeleton(folder: Path, domain: str, locale: Locale) -> None:
    """Write a catalogue with every text that another language has, and no translation; one that is
    there stays."""
    target = folder / "LC_MESSAGES" / f"{domain}.po"
    pattern = sorted(folder.parent.glob(f"*/LC_MESSAGES/{domain}.po"))
    if target.exists() or not pattern:
        return
    catalog = Catalog(locale=locale, domain=domain, project="Ten Points")
    for message in read_po(pattern[0].read_text(encoding="utf-8").splitlines(), domain=domain):
        if message.id:
            comments = message.auto_comments
            catalog.add(
                message.id, context=message.context, flags=message.flags, auto_comments=comments
            )
    messages = BytesIO()
    write_po(messages, catalog, width=0, omit_header=True)
    header = HEADER.format(language=folder.name, plurals=catalog.plural_forms)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(header + messages.getvalue().decode(), encoding="utf-8")
