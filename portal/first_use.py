"""What a process loads once: before its first reader, not while this one waits, and before its
first save, not while that one keeps all others from writing."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from languages.names import country_name
from languages.search.analysis import index_tokens


def load_for_first_use() -> None:
    """The addresses with all their views, and for each language its catalogue, names and stems.
    Asks no database: the portal starts without it."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            reverse("home")
        country_name("DE", language)
        index_tokens("", language)
