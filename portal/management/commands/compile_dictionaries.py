"""Writes the files that say which words the languages have, from simplemma's dictionaries."""

from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor

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
        languages = []
        for language in dict(settings.SCHEMA_LANGUAGES):
            if options["again"] or not is_compiled(language):
                languages.append(language)
        # Two at a time: the largest needs 450 MB meanwhile, and a machine may have 1 GB.
        with ProcessPoolExecutor(max_workers=2) as processes:
            for language, count in zip(languages, processes.map(compiled, languages), strict=True):
                if count is None:
                    self.report(f"{language}: no dictionary; its words may be corrected")
                else:
                    self.report(f"{language}: {count} words")


def compiled(language: str) -> int | None:
    """Write the file of a language. Returns how many words it has; None without a dictionary."""
    try:
        dictionary = LOW_MEMORY_DICTIONARY_FACTORY.get_dictionary(language)
    except ValueError:
        return None
    return compile_words(language, dictionary)
