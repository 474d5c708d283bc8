"""Writes the files that say which words the languages have, from simplemma's dictionaries."""

from argparse import ArgumentParser

from django.conf import settings
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY

from languages.search.dictionaries import compile_words, is_compiled
from members.management.base import PortalCommand


class Command(PortalCommand):
    help = (
        "Write the words of the languages into var/dictionaries, so that the search corrects no "
        "word that is right. Needed once, and after an update of simplemma (--again)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--again", action="store_true", help="Write the files that are there already, too."
        )

    def handle(self, *args: object, **options: object) -> None:
        for language in dict(settings.SCHEMA_LANGUAGES):
            if is_compiled(language) and not options["again"]:
                continue
            try:
                dictionary = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language)
            except ValueError:
                self.report(f"{language}: no dictionary; its words may be corrected")
                continue
            count = compile_words(language, dictionary)
            self.report(f"{language}: {count} words")
