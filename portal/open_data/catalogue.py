"""The catalogue of the data for other catalogues: DCAT-AP 3, as JSON-LD and as Turtle.

Both are written from one list of resources. The vocabulary and what is mandatory: SEMIC's
specification of DCAT-AP 3.0 (https://semiceu.github.io/DCAT-AP/releases/3.0.0/).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from languages.text import network_languages
from portal.models import DataRelease
from portal.open_data.fields import with_site
from portal.open_data.formats import FORMATS, endings_of
from portal.open_data.formats.table import LICENCE
from portal.open_data.kind import Kind
from portal.open_data.kinds import KINDS
from portal.open_data.moments import Moments, moments_by_kind, moments_of_all

PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
# Three letters of the Publications Office for each of our languages; others are not named.
LANGUAGES = {
    "en": "ENG", "pl": "POL", "sv": "SWE", "de": "DEU",
    "fr": "FRA", "it": "ITA", "es": "SPA", "uk": "UKR",
}  # fmt: skip
THEMES = (f"{AUTHORITY}/data-theme/JUST", f"{AUTHORITY}/data-theme/SOCI")
EUROPE = f"{AUTHORITY}/continent/EUROPE"


@dataclass(frozen=True)
class Ref:
    """The address of another resource."""

    address: str


@dataclass(frozen=True)
class Literal:
    """A text, with its language or its type (`xsd:date`)."""

    text: str
    language: str = ""
    type: str = ""


Property = tuple[str, Ref | Literal]


@dataclass(frozen=True)
class Resource:
    """A resource of the catalogue: its address, its class and its properties in order."""

    address: str
    type: str
    properties: tuple[Property, ...]


# --- What the catalogue says ----------------------------------------------------------------------


def page_in(name: str, language: str, *args: str) -> str:
    """The address of a page in a language."""
    with override(language):
        return with_site(reverse(name, args=args))


def resources() -> list[Resource]:
    """The catalogue, its publisher, and for each kind a dataset with its files and its service."""
    release = DataRelease.objects.first()
    moments = moments_by_kind()
    resources = [_catalogue(release, moments_of_all(moments)), _publisher(), _contact(), _service()]
    for kind in KINDS.values():
        resources += _dataset(kind, moments[kind.name])
    if release:
        resources += _archive(release)
    return resources


def catalogue_address() -> str:
    return with_site(reverse("data_catalogue"))


def _in_languages(name: str, kind: Kind, attribute: str) -> Iterator[Property]:
    """A text of a kind in every language of the network."""
    for language in network_languages():
        with override(language):
            yield name, Literal(str(getattr(kind, attribute)), language)


def _catalogue(release: DataRelease | None, moments: Moments) -> Resource:
    address = catalogue_address()
    name = settings.PORTAL_NAME
    properties: list[Property] = [
        ("dct:title", Literal(name, "en")),
        (
            "dct:description",
            Literal(f"Open data of {name}: cities, promises, actions, help.", "en"),
        ),
        ("dct:publisher", Ref(f"{address}#publisher")),
        ("foaf:homepage", Ref(page_in("data", settings.LANGUAGE_CODE))),
        ("dct:license", Ref(LICENCE)),
        ("dct:spatial", Ref(EUROPE)),
        ("dcat:themeTaxonomy", Ref(f"{AUTHORITY}/data-theme")),
        ("dcat:service", Ref(f"{address}#api")),
    ]
    properties += [*_languages(), *_dates(moments)]
    if release:
        properties.append(("dcat:dataset", Ref(f"{address}#everything")))
    for kind in KINDS.values():
        properties.append(("dcat:dataset", Ref(f"{address}#{kind.name}")))
    return Resource(address, "dcat:Catalog", tuple(properties))


def _publisher() -> Resource:
    properties = (
        ("foaf:name", Literal(settings.PORTAL_NAME, "en")),
        ("foaf:homepage", Ref(with_site("/"))),
    )
    return Resource(f"{catalogue_address()}#publisher", "foaf:Agent", properties)


def _contact() -> Resource:
    name: Property = ("vcard:fn", Literal(settings.PORTAL_NAME, "en"))
    page: Property = ("vcard:hasURL", Ref(page_in("contact", settings.LANGUAGE_CODE)))
    return Resource(f"{catalogue_address()}#contact", "vcard:Organization", (name, page))


def _service() -> Resource:
    address = catalogue_address()
    properties: list[Property] = [
        ("dct:title", Literal("API, version 1", "en")),
        ("dcat:endpointURL", Ref(with_site(reverse("api_root")))),
        ("dcat:endpointDescription", Ref(with_site(reverse("api_schema")))),
        ("dct:license", Ref(LICENCE)),
        ("dct:publisher", Ref(f"{address}#publisher")),
    ]
    for kind in KINDS.values():
        properties.append(("dcat:servesDataset", Ref(f"{address}#{kind.name}")))
    return Resource(f"{address}#api", "dcat:DataService", tuple(properties))


def _languages() -> list[Property]:
    properties: list[Property] = []
    for language in network_languages():
        code = LANGUAGES.get(language)
        if code:
            properties.append(("dct:language", Ref(f"{AUTHORITY}/language/{code}")))
    return properties


def _dates(moments: Moments) -> Iterator[Property]:
    """Since when it is published and when it changed last, where that is known."""
    for name, text in moments.texts().items():
        yield f"dct:{name}", Literal(text, type="xsd:dateTime")


def _about_dataset(address: str, moments: Moments) -> list[Property]:
    """What every dataset says alike."""
    properties: list[Property] = [
        ("dct:publisher", Ref(f"{address}#publisher")),
        ("dcat:contactPoint", Ref(f"{address}#contact")),
        ("dct:spatial", Ref(EUROPE)),
        ("dct:accrualPeriodicity", Ref(f"{AUTHORITY}/frequency/CONT")),
        ("dct:accessRights", Ref(f"{AUTHORITY}/access-right/PUBLIC")),
    ]
    properties += [("dcat:theme", Ref(theme)) for theme in THEMES]
    return [*properties, *_languages(), *_dates(moments)]


def _dataset(kind: Kind, moments: Moments) -> list[Resource]:
    address = catalogue_address()
    own = f"{address}#{kind.name}"
    properties: list[Property] = [
        *_in_languages("dct:title", kind, "title"),
        *_in_languages("dct:description", kind, "meaning"),
        *_about_dataset(address, moments),
        ("dct:identifier", Literal(own)),
        ("dcat:landingPage", Ref(page_in("data", settings.LANGUAGE_CODE) + f"#{kind.name}")),
    ]
    files = [_file(kind, ending) for ending in endings_of(kind.has_places)]
    properties += [("dcat:distribution", Ref(file.address)) for file in files]
    return [Resource(own, "dcat:Dataset", tuple(properties)), *files]


def _file(kind: Kind, ending: str) -> Resource:
    """A file of a kind in the network's first language; the others differ in the address."""
    query = f"?{kind.everything}" if kind.everything else ""
    url = page_in(f"{kind.name}_export", settings.LANGUAGE_CODE, ending) + query
    media_type, _parameters, _rest = FORMATS[ending][0].partition(";")
    properties = _about_file(url, ending, media_type)
    return Resource(f"{catalogue_address()}#{kind.name}-{ending}", "dcat:Distribution", properties)


def _about_file(url: str, ending: str, media_type: str) -> tuple[Property, ...]:
    address = Ref(url)
    format_name = ending.upper()
    return (
        ("dcat:accessURL", address),
        ("dcat:downloadURL", address),
        ("dct:format", Ref(f"{AUTHORITY}/file-type/{format_name}")),
        ("dcat:mediaType", Ref(f"{MEDIA_TYPES}/{media_type}")),
        ("dct:license", Ref(LICENCE)),
        ("dcatap:availability", Ref("http://data.europa.eu/r5r/availability/stable")),
    )


def _archive(release: DataRelease) -> list[Resource]:
    address = catalogue_address()
    own = f"{address}#everything"
    url = with_site(release.url)
    size: Property = (
        "dcat:byteSize",
        Literal(str(release.size), type="xsd:nonNegativeInteger"),
    )
    checksum: Property = ("spdx:checksum", Ref(f"{own}-checksum"))
    file = (*_about_file(url, "zip", "application/zip"), size, checksum)
    dataset: list[Property] = [
        ("dct:title", Literal("Everything, in one archive", "en")),
        (
            "dct:description",
            Literal("Tables in all languages, with their description.", "en"),
        ),
        *_about_dataset(address, Moments(release.made_at, release.made_at)),
        ("dcat:distribution", Ref(f"{own}-zip")),
    ]
    sha256: tuple[Property, ...] = (
        ("spdx:algorithm", Ref("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")),
        ("spdx:checksumValue", Literal(release.sha256, type="xsd:hexBinary")),
    )
    return [
        Resource(own, "dcat:Dataset", tuple(dataset)),
        Resource(f"{own}-zip", "dcat:Distribution", file),
        Resource(f"{own}-checksum", "spdx:Checksum", sha256),
    ]


# --- As JSON-LD and as Turtle ---------------------------------------------------------------------


def as_json_ld(resources: list[Resource]) -> str:
    graph = [_node(resource) for resource in resources]
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False, indent=1)


def _node(resource: Resource) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": resource.address, "@type": resource.type}
    for name, value in resource.properties:
        node.setdefault(name, []).append(_json_value(value))
    return node


def _json_value(value: Ref | Literal) -> dict[str, str]:
    if isinstance(value, Ref):
        return {"@id": value.address}
    if value.language:
        return {"@value": value.text, "@language": value.language}
    if value.type:
        return {"@value": value.text, "@type": value.type}
    return {"@value": value.text}


def as_turtle(resources: list[Resource]) -> str:
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for resource in resources:
        lines.append(f"\n<{resource.address}> a {resource.type}")
        lines += [f"  ; {name} {_turtle_value(value)}" for name, value in resource.properties]
        lines.append("  .")
    return "\n".join(lines) + "\n"


def _turtle_value(value: Ref | Literal) -> str:
    if isinstance(value, Ref):
        return f"<{value.address}>"
    # A text of Turtle is quoted and escaped as one of JSON is.
    text = json.dumps(value.text, ensure_ascii=False)
    if value.language:
        return f"{text}@{value.language}"
    return f"{text}^^{value.type}" if value.type else text
