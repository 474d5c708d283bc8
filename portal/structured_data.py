"""What search engines read of a page: its facts in the words of schema.org, as JSON-LD.

Only what the page itself says; nothing of an invented city.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags

from languages.text import current_language, named, translated
from members.help import Help, HelpEntry
from members.models import City, Membership, Organisation
from portal.models import Event, News

Node = dict[str, Any]

CONTEXT = "https://schema.org"
WIKIDATA = "https://www.wikidata.org/wiki/"
# A text may not end the element in which it stands, nor open another one.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}

OrganisationKind = Organisation.Kind
PUBLIC_BODIES = (
    OrganisationKind.CITY_OFFICE,
    OrganisationKind.EQUALITY_BODY,
    OrganisationKind.OMBUDSPERSON,
    OrganisationKind.POLICE,
)


def json_of(nodes: list[Node]) -> str:
    """The text of a data block; what is empty is left out."""
    content = {"@context": CONTEXT, "@graph": [without_empty(node) for node in nodes]}
    return json.dumps(content, ensure_ascii=False).translate(ESCAPES)


def without_empty(node: Node) -> Node:
    """The node without what says nothing, at every depth."""
    full = {}
    for name, value in node.items():
        content = without_empty(value) if isinstance(value, dict) else value
        if content not in ("", [], {}):
            full[name] = content
    return full


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def city_nodes(city: City, membership: Membership | None, network: str) -> list[Node]:
    """The city as a place, and its administration."""
    url = address(city.get_absolute_url())
    key = f"{url}#city"
    name = str(city)
    is_member = membership is not None and membership.standing == Membership.Standing.ACTIVE
    place = {
        "@type": "City" if city.kind == City.Kind.CITY else "AdministrativeArea",
        "@id": key,
        "name": name,
        "alternateName": sorted(city.own_names - {name}),
        "url": url,
        "geo": _geo(city),
        "containedInPlace": {"@type": "Country", "name": str(city.country)},
        "sameAs": f"{WIKIDATA}{city.wikidata_id}" if city.wikidata_id else "",
    }
    office = {
        "@type": "GovernmentOrganization",
        "@id": f"{url}#administration",
        "name": city.local_name,
        "url": city.website,
        "areaServed": {"@id": key},
        "memberOf": {"@type": "Organization", "name": network} if is_member and network else {},
    }
    return [place, office]


def _geo(city: City) -> Node:
    if city.latitude is None or city.longitude is None:
        return {}
    return {
        "@type": "GeoCoordinates",
        "latitude": float(city.latitude),
        "longitude": float(city.longitude),
    }


def help_nodes(help_here: Help) -> list[Node]:
    """A service for each contact that can be reached."""
    return [_service(entry) for entry in help_here.entries]


def _service(entry: HelpEntry) -> Node:
    contact = entry.contact
    organisation = contact.organisation
    is_public = organisation.kind in PUBLIC_BODIES
    channel = {
        "@type": "ServiceChannel",
        "servicePhone": _phone(contact.phone),
        "serviceUrl": contact.online_form or contact.url,
        "availableLanguage": contact.languages.split(),
    }
    area = contact.city or contact.country
    return {
        "@type": "GovernmentService" if is_public else "Service",
        "name": str(named(organisation)),
        "description": strip_tags(str(translated(contact, "what_it_does"))),
        "areaServed": {"@type": "AdministrativeArea", "name": str(area)} if area else {},
        "provider": {
            "@type": "GovernmentOrganization" if is_public else "Organization",
            "name": organisation.original_name or str(named(organisation)),
            "email": contact.email,
        },
        "availableChannel": channel,
    }


def _phone(number: str) -> Node:
    return {"@type": "ContactPoint", "telephone": number} if number else {}


def event_nodes(event: Event) -> list[Node]:
    """An event with its days; with its times where they are known."""
    status = "EventCancelled" if event.cancelled else "EventScheduled"
    begins, ends = event.first_day.isoformat(), event.end_day.isoformat()
    finishes = event.finishes
    organiser = str(event.city) if event.city else ""
    return [
        {
            "@type": "Event",
            "name": str(translated(event, "title")),
            "url": address(event.get_absolute_url()),
            "startDate": begins if event.all_day else event.begins.isoformat(),
            "endDate": finishes.isoformat() if finishes else ends,
            "eventStatus": f"{CONTEXT}/{status}",
            "location": {"@type": "Place", "name": event.place} if event.place else {},
            "organizer": {"@type": "Organization", "name": organiser} if organiser else {},
            "sameAs": event.url,
        }
    ]


def news_nodes(news: News, network: str) -> list[Node]:
    """A news item: its headline, its day, who publishes it."""
    title = translated(news, "title")
    publisher = str(news.city) if news.city else network
    pictures = [address(reverse("news_card", args=[news.slug]))]
    if news.picture:
        pictures.insert(0, address(news.picture.get_absolute_url()))
    return [
        {
            "@type": "NewsArticle",
            "headline": str(title),
            "inLanguage": title.language,
            "description": str(translated(news, "lead")),
            "datePublished": str(news.on),
            "url": address(news.get_absolute_url()),
            "image": pictures,
            "publisher": {"@type": "Organization", "name": publisher} if publisher else {},
        }
    ]


@dataclass(frozen=True)
class DataFile:
    """A file to take away: its media type, and its path."""

    media_type: str
    path: str


@dataclass(frozen=True)
class DataSet:
    """Numbers or rows with what they show and their files. `path`: the page on which they are
    described; `issued` and `modified`: ISO 8601, "" where not known."""

    name: str
    description: str
    files: list[DataFile]
    path: str = ""
    issued: str = ""
    modified: str = ""


def dataset_nodes(sets: list[DataSet], terms: Node) -> list[Node]:
    """What can be taken away; `terms` holds for all."""
    return [_dataset_node(one, terms) for one in sets]


def _dataset_node(dataset: DataSet, terms: Node) -> Node:
    url = address(dataset.path) if dataset.path else ""
    return {
        "@type": "Dataset",
        "@id": url,
        "name": dataset.name,
        "description": dataset.description,
        "url": url,
        "inLanguage": current_language(),
        "isAccessibleForFree": True,
        "datePublished": dataset.issued,
        "dateModified": dataset.modified,
        "distribution": [_download_node(file) for file in dataset.files],
        **terms,
    }


def _download_node(file: DataFile) -> Node:
    return {
        "@type": "DataDownload",
        "encodingFormat": file.media_type,
        "contentUrl": address(file.path),
    }


def catalogue_nodes(name: str, path: str, sets: list[DataSet], terms: Node) -> list[Node]:
    """A page that offers data sets, and each of them."""
    moments = [dataset.modified for dataset in sets]
    catalogue = {
        "@type": "DataCatalog",
        "@id": address(path),
        "name": name,
        "url": address(path),
        "dateModified": max(moments, default=""),
        "dataset": [{"@id": address(dataset.path)} for dataset in sets],
        **terms,
    }
    return [catalogue, *dataset_nodes(sets, terms)]


def breadcrumb_nodes(steps: list[tuple[str, str]]) -> list[Node]:
    """The way to a page: names and paths; the last, the page itself, has no path."""
    elements = []
    for position, (name, path) in enumerate(steps, start=1):
        element = {
            "@type": "ListItem",
            "position": position,
            "name": name,
            "item": address(path) if path else "",
        }
        elements.append(without_empty(element))
    list_of_steps = {
        "@type": "BreadcrumbList",
        "inLanguage": current_language(),
        "itemListElement": elements,
    }
    return [list_of_steps]
