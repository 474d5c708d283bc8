"""Write the tables of docs/model.md from the models."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from members.management.base import PortalCommand
from portal.model_document import current_document, models_without_section

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "model.md"


class Command(PortalCommand):
    help = (
        "Write the tables of docs/model.md from the models; the prose between them stays as it is. "
        "A new model needs a section of its own first: `### Name · built: ...`."
    )
    # Reads the models, not the database.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail if the tables are outdated."
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        text = DOCUMENT.read_text(encoding="utf-8")
        if missing := [model.__name__ for model in models_without_section(text)]:
            raise CommandError(f"docs/model.md has no section on {', '.join(missing)}.")
        current = current_document(text)
        if check and text != current:
            raise CommandError("docs/model.md is outdated: run manage.py document_model.")
        DOCUMENT.write_text(current, encoding="utf-8")
