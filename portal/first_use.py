"""What a process loads once: before its first reader, not while this one waits, and before its
first save, not while that one keeps all others from writing."""

from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

from languages.names import country_name
from languages.search.analysis import index_tokens
from members.map.shapes import shapes

# Folders of templates that visitors are shown.
FOLDERS = ("components", "members", "portal", "programs")


def load_for_first_use() -> None:
    """The addresses with all their views, the templates of the public pages, land and water of the
    maps, and for each language its catalogue, names and stems.

    Asks no database: the portal starts without it.
    """
    for language, _name in settings.LANGUAGES:
        with override(language):
            reverse("home")
        country_name("DE", language)
        index_tokens("", language)
    for name in _public_templates():
        get_template(name)
    shapes()


def _public_templates() -> list[str]:
    root = settings.BASE_DIR / "templates"
    names = ["base.html"]
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.html")):
            names.append(path.relative_to(root).as_posix())
    return names
