"""What a page that asks before deleting names: entries, and not what is built from them."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst

# The app whose rows the portal itself writes: of the index, of the translation desk.
BUILT = "languages"


def without_built_rows(lines: list[Any]) -> list[Any]:
    """Stock admin's nested list of lines such as "Unit: Office", without those of built rows."""
    models = apps.get_app_config(BUILT).get_models()
    beginnings = tuple(f"{capfirst(str(model._meta.verbose_name))}: " for model in models)
    return _named(lines, beginnings)


def _named(lines: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    named: list[Any] = []
    for line in lines:
        if isinstance(line, list):
            inner = _named(line, beginnings)
            if inner:
                named.append(inner)
        elif not str(line).startswith(beginnings):
            named.append(line)
    return named
