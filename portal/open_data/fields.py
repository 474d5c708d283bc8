"""What a field of the open data is: its name, meaning, type, where it comes from, its value."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.names import country_name
from languages.text import Text, current_language, named, translated
from members.models import City
from members.models.cities import city_name

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise
else:
    from django.utils.functional import Promise as StrPromise

Value = str | int | float | bool | None
Codes = tuple[tuple[str, "StrPromise | str"], ...]


class Type(StrEnum):
    """How a value is written. The value of the member is its name in the dictionary."""

    TEXT = "text"
    CODE = "code"
    KEY = "key"
    LANGUAGE = "language"
    ADDRESS = "address"
    NUMBER = "number"
    DECIMAL = "decimal"
    TRUTH = "truth"
    DATE = "date"
    DAY = "day"
    PARTS = "parts"

    @property
    def label(self) -> "StrPromise":
        return TYPE_LABELS[self]


TYPE_LABELS: dict[Type, "StrPromise"] = {
    Type.TEXT: pgettext_lazy("type of a field", "text"),
    Type.CODE: pgettext_lazy("type of a field", "code"),
    Type.KEY: pgettext_lazy("type of a field", "key"),
    Type.LANGUAGE: pgettext_lazy("type of a field", "language code (BCP 47)"),
    Type.ADDRESS: pgettext_lazy("type of a field", "web address"),
    Type.NUMBER: pgettext_lazy("type of a field", "whole number"),
    Type.DECIMAL: pgettext_lazy("type of a field", "decimal number"),
    Type.TRUTH: pgettext_lazy("type of a field", "true or false"),
    Type.DATE: pgettext_lazy("type of a field", "day, month or year (EDTF)"),
    Type.DAY: pgettext_lazy("type of a field", "day (ISO 8601)"),
    Type.PARTS: pgettext_lazy("type of a field", "objects; in CSV and XLSX as a JSON list"),
}
EXAMPLES: dict[Type, str] = {
    Type.LANGUAGE: "pl",
    Type.ADDRESS: "https://example.org/",
    Type.NUMBER: "3",
    Type.TRUTH: "true",
    Type.DATE: "2024-09",
    Type.DAY: "2026-11-29",
    Type.KEY: "12",
}


class Provenance(StrEnum):
    """Who says what stands in a field."""

    ROW = "row"
    PORTAL = "portal"
    GEONAMES = "geonames"
    WIKIDATA = "wikidata"
    CLDR = "cldr"

    @property
    def label(self) -> "StrPromise":
        return PROVENANCE_LABELS[self]


PROVENANCE_LABELS: dict[Provenance, "StrPromise"] = {
    Provenance.ROW: _("the city, or the sources of the row"),
    Provenance.PORTAL: _("this site"),
    Provenance.GEONAMES: "GeoNames",  # type: ignore[dict-item]
    Provenance.WIKIDATA: "Wikidata",  # type: ignore[dict-item]
    Provenance.CLDR: "Unicode CLDR",  # type: ignore[dict-item]
}


@dataclass(frozen=True)
class Field:
    """One column of a table, one key of an object.

    `value` gives plain values of a row: texts, numbers, true or false, None for "not known". With
    `many` it gives a list of texts or numbers; with `parts` a list of objects, whose keys are the
    names of the parts.
    """

    name: str
    meaning: "StrPromise | str"
    type: Type
    value: Callable[[Any], Any]
    unit: "StrPromise | str" = ""
    provenance: Provenance = Provenance.ROW
    example: "StrPromise | str" = ""
    codes: Codes = ()
    many: bool = False
    parts: "tuple[Field, ...]" = ()

    @property
    def any_example(self) -> str:
        """An example of this field, else one of its type."""
        first_code = self.codes[0][0] if self.codes else ""
        return str(self.example) or first_code or EXAMPLES.get(self.type, "")


# --- Fields of a column ---------------------------------------------------------------------------


def _capitalized(text: object) -> str:
    return capfirst(str(text))


capitalized = lazy(_capitalized, str)


def label_of(model: type[models.Model], name: str) -> Any:
    """The label of a model's field, in the reader's language."""
    field: Any = model._meta.get_field(name)
    return capitalized(field.verbose_name)


def stored(model: type[models.Model], column: str, type_: Type, **options: Any) -> Field:
    """A column of the row as it is."""
    name = options.pop("name", column)
    meaning = options.pop("meaning", None) or label_of(model, column)
    reader = READERS.get(type_, _as_it_is)

    def value(row: Any) -> Any:
        return reader(getattr(row, column))

    return Field(name, meaning, type_, value, **options)


def _as_it_is(value: Any) -> Any:
    return value


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def _moment(value: Any) -> str:
    """In UTC, without parts of a second."""
    if value is None:
        return ""
    try:
        moment = value.astimezone(timezone.get_default_timezone())
    except (OverflowError, ValueError):
        return ""
    text: str = moment.isoformat(timespec="seconds")
    return text


def _decimal(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


READERS: dict[Type, Callable[[Any], Any]] = {
    Type.DAY: _iso,
    Type.DECIMAL: _decimal,
}


def day_of(moment: Any) -> str:
    """The day of a moment in the portal's time zone; "" for none."""
    return _moment(moment)[:10]


# --- A text and its language ----------------------------------------------------------------------


def text(name: str, meaning: object, read: Callable[[Any], Text], **options: Any) -> list[Field]:
    """A text in the reader's language, and the language that it is in."""

    def language(row: Any) -> str:
        text = read(row)
        return text.language if text else ""

    def value(row: Any) -> str:
        return str(read(row))

    about = language_meaning(meaning)
    return [
        Field(
            name,
            meaning,  # type: ignore[arg-type]
            Type.TEXT,
            value,
            **options,
        ),
        Field(f"{name}_language", about, Type.LANGUAGE, language, provenance=Provenance.PORTAL),
    ]


def _language_meaning(meaning: object) -> str:
    sentence = _("Language of the text: %(field)s")
    return str(sentence) % {"field": meaning}


language_meaning = lazy(_language_meaning, str)


def translated_column(model: type[models.Model], column: str, **options: Any) -> list[Field]:
    """A text that is kept for each language."""

    def read(row: Any) -> Text:
        return translated(row, column)

    meaning = options.pop("meaning", None) or label_of(model, column)
    name = options.pop("name", column)
    return text(name, meaning, read, **options)


def name_of_row(model: type[models.Model]) -> list[Field]:
    """The name of a row that has one in its own language beside translations."""
    fields = text("name", label_of(model, "name"), named, example="Sampleton for All")
    own = stored(model, "original_name", Type.TEXT, example="Sampleton for All")
    own_language = stored(model, "original_language", Type.LANGUAGE)
    return [*fields, own, own_language]


# --- A code and its label -------------------------------------------------------------------------


def coded(model: type[models.Model], column: str, **options: Any) -> list[Field]:
    """A code that never changes, and what it is called in the reader's language."""
    field: Any = model._meta.get_field(column)
    codes = tuple((code, label) for code, label in field.flatchoices if code)
    meaning = options.pop("meaning", None) or label_of(model, column)

    def value(row: Any) -> str:
        return str(getattr(row, column))

    return code(column, meaning, codes, value)


def code(name: str, meaning: object, codes: Codes, value: Callable[[Any], str]) -> list[Field]:
    """A code of a list, and its label in the reader's language."""
    labels = dict(codes)

    def label(row: Any) -> str:
        return str(labels.get(value(row), ""))

    about = label_meaning(meaning)
    portal, (_code, example) = Provenance.PORTAL, codes[0]
    return [
        Field(name, meaning, Type.CODE, value, codes=codes),  # type: ignore[arg-type]
        Field(f"{name}_label", about, Type.TEXT, label, provenance=portal, example=example),
    ]


def _label_meaning(meaning: object) -> str:
    sentence = _("In words, in the language of the table: %(field)s")
    return str(sentence) % {"field": meaning}


label_meaning = lazy(_label_meaning, str)


# --- What many kinds share ------------------------------------------------------------------------


def key_field() -> Field:
    return Field(
        "id",
        _("Key of the row: a number that never changes"),
        Type.NUMBER,
        lambda row: row.pk,
        provenance=Provenance.PORTAL,
        example="12",
    )


def slug_field(example: str = "sampleton") -> Field:
    return Field(
        "slug",
        _("Key of the row: the last part of its web address, the same in every language"),
        Type.KEY,
        lambda row: row.slug,
        provenance=Provenance.PORTAL,
        example=example,
    )


def page_field() -> Field:
    return Field(
        "page",
        _("Page of this site on which the row is read"),
        Type.ADDRESS,
        page_of,
        provenance=Provenance.PORTAL,
        example="https://example.org/en/cities/sampleton/",
    )


def page_of(row: Any) -> str:
    """With the site; the page is in the reader's language."""
    return with_site(row.get_absolute_url())


def with_site(path: str) -> str:
    """The whole address of a path of this portal."""
    return f"{settings.SITE_URL}{path}"


def city_fields(
    city: Callable[[Any], City | None], country: Callable[[Any], str] | None = None
) -> list[Field]:
    """The city of a row, with the keys by which its table is joined with others; `country`: the
    code of the row's country, where that may be known without a city."""

    def of(read: Callable[[City], str]) -> Callable[[Any], str]:
        def value(row: Any) -> str:
            own = city(row)
            return read(own) if own else ""

        return value

    portal = Provenance.PORTAL
    slug = Field(
        "city",
        _("Key of the city, as in the table of cities"),
        Type.KEY,
        of(lambda city: city.slug),
        provenance=portal,
        example="sampleton",
    )
    wikidata = Field(
        "city_wikidata_id",
        _("Wikidata id of the city, where it is known"),
        Type.KEY,
        of(lambda city: city.wikidata_id),
        provenance=Provenance.WIKIDATA,
        example="Q31487",
    )
    own_country = country or of(lambda city: city.country.code)
    name = text(
        "city_name",
        _("Name of the city"),
        lambda row: city_name(own) if (own := city(row)) else Text("", ""),
        example="Sampleton",
    )
    return [slug, *name, *country_fields(own_country), wikidata]


def country_fields(value: Callable[[Any], str]) -> list[Field]:
    """The code of a country, and its name in the reader's language."""
    meaning = _("Country, by the two letters of ISO 3166-1")

    def label(row: Any) -> str:
        country = value(row)
        return country_name(country, current_language()) if country else ""

    about, cldr = label_meaning(meaning), Provenance.CLDR
    return [
        Field("country", meaning, Type.CODE, value, provenance=cldr, example="PL"),
        Field("country_label", about, Type.TEXT, label, provenance=cldr, example=poland()),
    ]


def _poland() -> str:
    return country_name("PL", current_language())


poland = lazy(_poland, str)


def point_fields(point: Callable[[Any], Any]) -> list[Field]:
    """The number of a row's point, and its short title with the language that it is in."""
    meaning = _("Number of the point of the plan")

    def number(row: Any) -> int:
        return int(point(row).number)

    def title(row: Any) -> Text:
        return translated(point(row), "short_title")

    label = text("point_label", label_meaning(meaning), title, example="Training")
    return [Field("point", meaning, Type.NUMBER, number, example="3"), *label]


def source_addresses(row: Any) -> list[str]:
    """Of rows whose citations were fetched with them."""
    sources = [citation.source for citation in row.citations.all()]
    addresses = [source.url or source.title for source in sources]
    return list(dict.fromkeys(addresses))


def about_row(
    as_of: Callable[[Any], str],
    sources: Callable[[Any], list[str]] = source_addresses,
    has_texts: bool = True,
) -> list[Field]:
    """What closes every row: which of its texts are outdated, whose word it is, its sources, of
    which day it is true."""
    return [
        Field(
            "source_language",
            _("Language in which the row was written; other languages are translations"),
            Type.LANGUAGE,
            lambda row: row.source_language,
            provenance=Provenance.PORTAL,
        ),
        *(outdated_fields() if has_texts else ()),
        *code("origin", _("Whose word it is"), ORIGINS, lambda row: str(row.origin)),
        as_of_field(as_of),
        sources_field(sources),
    ]


# Where the names of the fields stand whose text is outdated.
OUTDATED = "outdated_texts"


def outdated_fields() -> list[Field]:
    """Which of the texts, as they stand in the language of the table, are older than what they
    translate. Rows know it once their kind has made them ready."""
    names = many(
        OUTDATED,
        _("Fields whose text here is a translation older than its source text"),
        _outdated_here,
        provenance=Provenance.PORTAL,
        example="title",
    )
    since = Field(
        "outdated_since",
        _("Day since which texts of the row are outdated; empty: none is, or the day is not known"),
        Type.DAY,
        _outdated_since,
        provenance=Provenance.PORTAL,
    )
    return [names, since]


def _outdated_here(row: Any) -> list[str]:
    language = current_language()
    texts = row.outdated_texts.get(language)
    if texts is None:
        return []
    fields: list[str] = texts.fields
    return fields


def _outdated_since(row: Any) -> str:
    texts = row.outdated_texts.get(current_language())
    return day_of(texts.since) if texts else ""


ORIGINS: Codes = (
    ("cited", pgettext_lazy("origin", "from a cited source")),
    ("stated", pgettext_lazy("origin", "stated by the city")),
)


def as_of_field(value: Callable[[Any], str]) -> Field:
    return Field(
        "as_of",
        _("Last date for which the row is known to be true; empty: the date is not known"),
        Type.DATE,
        value,
    )


def sources_field(addresses: Callable[[Any], list[str]] = source_addresses) -> Field:
    return Field(
        "sources",
        _("Sources behind the row: addresses, or titles of what is not on the web"),
        Type.ADDRESS,
        addresses,
        provenance=Provenance.PORTAL,
        many=True,
    )


def many(
    name: str, meaning: object, values: Callable[[Any], Iterable[Any]], **options: Any
) -> Field:
    """Several keys or codes."""
    options.setdefault("type", Type.KEY)

    def value(row: Any) -> list[Any]:
        return list(values(row))

    return replace(
        Field(name, meaning, options.pop("type"), value, **options),  # type: ignore[arg-type]
        many=True,
    )


def many_texts(
    name: str, meaning: object, read: Callable[[Any], list[Text]], **options: Any
) -> list[Field]:
    """Several texts in the reader's language, and beside them the language of each, in their
    order: `ground_names`, `ground_name_languages`."""

    def values(row: Any) -> list[str]:
        return [str(text) for text in read(row)]

    def languages(row: Any) -> list[str]:
        return [text.language for text in read(row)]

    texts = many(name, meaning, values, type=Type.TEXT, **options)
    own, about = name.removesuffix("s"), language_meaning(meaning)
    portal = Provenance.PORTAL
    return [
        texts,
        many(f"{own}_languages", about, languages, type=Type.LANGUAGE, provenance=portal),
    ]


def in_parts(
    name: str, meaning: object, rows: Callable[[Any], Iterable[Any]], parts: Iterable[Field]
) -> Field:
    """Rows that belong to this one, each as an object."""
    fields = tuple(parts)

    def value(row: Any) -> list[dict[str, Any]]:
        return [{part.name: part.value(own) for part in fields} for own in rows(row)]

    return Field(
        name,
        meaning,  # type: ignore[arg-type]
        Type.PARTS,
        value,
        example=example_in_parts(fields),
        many=True,
        parts=fields,
    )


def _example_in_parts(fields: tuple[Field, ...]) -> str:
    return json.dumps([{part.name: part.any_example for part in fields}], ensure_ascii=False)


example_in_parts = lazy(_example_in_parts, str)
