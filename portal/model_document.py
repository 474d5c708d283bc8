"""Writes the tables of `docs/model.md` from the models; the prose between them is by hand.

A section begins with `### Name · built: ...`. Its table stands between two marks; where a section
has no marks yet, the table goes to its end.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import override

from languages.dates import PartialDateField
from languages.text import columns, translated_fields
from members.models import Record

APPS = ("languages", "members", "programs", "portal")
BEGIN = "<!-- manage.py document_model -->"
END = "<!-- end of the table -->"
HEAD = "| field | type | values | meaning |\n|---|---|---|---|"

_SECTION = re.compile(r"^### (?P<name>\w+) · built.*?(?=^##|\Z)", re.DOTALL | re.MULTILINE)
_TABLE = re.compile(rf"{BEGIN}.*?{END}\n*", re.DOTALL)

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field

# The first that fits: a class before the class that it inherits from.
TYPES: list[tuple[type[Field], str]] = [
    (PartialDateField, "partial date"),
    (models.OneToOneField, "→ {target}, one to one"),
    (models.ForeignKey, "→ {target}"),
    (models.ManyToManyField, "→ many {target}"),
    (models.DateTimeField, "moment"),
    (models.DateField, "day"),
    (models.TimeField, "time of day"),
    (models.BooleanField, "yes or no"),
    (models.DecimalField, "number, {decimals} decimals"),
    (models.IntegerField, "number"),
    (models.EmailField, "e-mail address"),
    (models.URLField, "web address"),
    (models.SlugField, "slug"),
    (models.FileField, "file"),
    (models.CharField, "text, at most {length}"),
    (models.TextField, "text"),
    (models.JSONField, "JSON"),
    (models.UUIDField, "UUID"),
]


def own_models() -> list[type[models.Model]]:
    """Every model of the four apps, the ground first."""
    every: list[type[models.Model]] = []
    for label in APPS:
        config = apps.get_app_config(label)
        every += config.get_models()
    return every


def current_document(text: str) -> str:
    """The document with the tables of all models brought up to date."""
    by_name = {model.__name__: model for model in own_models()}

    def section(match: re.Match[str]) -> str:
        text_of_section = match[0]
        model = by_name.get(match["name"])
        if model is None:
            return text_of_section
        return _with_table(text_of_section, model)

    with override("en"):
        return _SECTION.sub(section, text)


def models_without_section(text: str) -> list[type[models.Model]]:
    """The models that the document does not describe yet."""
    sections = _SECTION.finditer(text)
    names = {section["name"] for section in sections}
    without_section = []
    for model in own_models():
        if model.__name__ not in names:
            without_section.append(model)
    return without_section


def _with_table(section: str, model: type[models.Model]) -> str:
    rows = table_of(model)
    table = f"{BEGIN}\n{rows}\n{END}\n\n"
    if _TABLE.search(section):
        return _TABLE.sub(lambda _match: table, section)
    prose = section.rstrip()
    return f"{prose}\n\n{table}"


# --- One table ------------------------------------------------------------------------------------


def table_of(model: type[models.Model]) -> str:
    """The fields of a model, one to a line, and the names of its constraints."""
    translated = translated_fields(model)
    lines = [HEAD]
    for field in own_fields(model):
        is_translated = field.name in translated
        lines.append(_line(field, is_translated=is_translated))
    rules = [f"`{name}`" for name in rules_of(model)]
    if rules:
        lines += ["", f"Rules: {', '.join(rules)}"]
    return "\n".join(lines)


def own_fields(model: type[models.Model]) -> list[Field]:
    """Without the key, the columns per language, and what every record has."""
    left_out = {"id"}
    if issubclass(model, Record):
        left_out.update(field.name for field in Record._meta.fields)
    for name in translated_fields(model):
        left_out.update(columns(name))
    meta = model._meta
    every = [*meta.concrete_fields, *meta.many_to_many]
    return [field for field in every if field.name not in left_out]


def rules_of(model: type[models.Model]) -> list[str]:
    """Names of the constraints, without the one that every record has."""
    meta = model._meta
    shared = f"{meta.model_name}_stated_has_its_date"
    names = [constraint.name for constraint in meta.constraints]
    return [name for name in names if name != shared]


def _line(field: Field, *, is_translated: bool) -> str:
    name = f"`{field.name}`"
    if is_translated:
        name += " [T]"
    texts = [
        name,
        _type(field),
        _values(field),
        _meaning(field),
    ]
    cells = [_cell(text) for text in texts]
    row = " | ".join(cells)
    return f"| {row} |"


def _cell(text: str) -> str:
    words = text.split()
    return " ".join(words).replace("|", "\\|")


def _type(field: Field) -> str:
    pattern = next(words for kind, words in TYPES if isinstance(field, kind))
    words = pattern.format(
        target=_target(field),
        decimals=getattr(field, "decimal_places", ""),
        length=field.max_length,
    )
    if field.unique and not field.one_to_one:
        words += ", unique"
    if field.null:
        words += " ?"
    return words


def _target(field: Field) -> str:
    model = field.related_model
    return model.__name__ if isinstance(model, type) else ""


def _values(field: Field) -> str:
    """What may stand in it: choices, or the least and the greatest number."""
    if field.name == "source_language" or _is_language(field):
        return "a language of the portal"
    if not field.choices:
        return " ".join(_limits(field))
    words = []
    for value, _label in field.flatchoices:
        word = f"`{value}`" if value else "empty"
        words.append(word)
    return ", ".join(words)


def _is_language(field: Field) -> bool:
    codes = dict(settings.SCHEMA_LANGUAGES)
    values = dict(field.flatchoices)
    if not values:
        return False
    return values.keys() <= codes.keys()


def _limits(field: Field) -> Iterator[str]:
    # The field's own, not those that its column in the database brings.
    for validator in field._validators:  # type: ignore[attr-defined]
        if isinstance(validator, MinValueValidator):
            yield f"from {validator.limit_value}"
        if isinstance(validator, MaxValueValidator):
            yield f"to {validator.limit_value}"


def _meaning(field: Field) -> str:
    """The words of the form, where they say more than the name, and the help beside it."""
    label = str(field.verbose_name)
    help_text = str(field.help_text)
    usual_label = field.name.replace("_", " ")
    words = []
    if label != usual_label:
        words.append(label)
    if help_text:
        words.append(help_text)
    return ". ".join(words)
