"""The directory of programmes as a table and as data: exactly the list that the filters leave."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.text import Text, current_language, named, translated
from members.citations import citations_of
from members.models import Action, City, Ground, Organisation, Point, Record, TargetGroup
from members.models.cities import city_name
from members.spreadsheet import plain_cell
from programs.models import Edition, Grant, Participation, Programme


def rows_of(programmes: QuerySet[Programme]) -> list[dict[str, Any]]:
    """One row per programme, in the order of the list: what the public pages show, in the language
    of the page."""
    parts = _parts()
    records = list(programmes.prefetch_related(*parts))
    sources: dict[int, list[str]] = defaultdict(list)
    for citation in citations_of(records):
        source = citation.source
        words = source.url or source.title
        sources[citation.object_id].append(words)
    rows = []
    for programme in records:
        own_sources = sources[programme.pk]
        row = _row(programme, own_sources)
        rows.append(row)
    return rows


def _parts() -> list[Any]:
    """Fetched as `public_editions`, `public_points` and so on."""
    actions = Action.objects.public()
    participations = Participation.objects.public().select_related("organisation")
    grants = Grant.objects.public().select_related("fund")
    parts: dict[str, QuerySet[Any]] = {
        "editions": Edition.objects.public().order_by("period_from", "pk"),
        "further_cities": City.objects.public(),
        "points": Point.objects.public().order_by("number"),
        "grounds": Ground.objects.public().order_by("order"),
        "target_groups": TargetGroup.objects.public().order_by("order"),
        "actions": actions.order_by("commitment__point__number", "starts", "pk"),
        "participations": participations.order_by("pk"),
        "grants": grants.order_by("pk"),
    }
    organisations = Organisation.objects.public()
    fetches: list[Any] = [Prefetch("lead_organisation", organisations)]
    for name, rows in parts.items():
        attribute = f"public_{name}"
        fetches.append(Prefetch(name, rows, to_attr=attribute))
    return fetches


def _row(programme: Any, sources: list[str]) -> dict[str, Any]:
    introduction = translated(programme, "introduction")
    city, lead = programme.city, programme.lead_organisation
    return {
        "address": settings.SITE_URL + programme.get_absolute_url(),
        "name": str(named(programme)),
        "original_name": programme.original_name,
        "original_language": programme.original_language,
        "kind": str(programme.get_kind_display()),
        "city": str(city_name(city)) if city else "",
        "country": city.country.code if city else "",
        "further_cities": [str(city_name(one)) for one in programme.public_further_cities],
        "lead_organisation": str(named(lead)) if lead else "",
        "editions": [_edition(edition) for edition in programme.public_editions],
        "points": [point.number for point in programme.public_points],
        "grounds": _texts(programme.public_grounds, "name"),
        "target_groups": _texts(programme.public_target_groups, "name"),
        "actions": _texts(programme.public_actions, "title"),
        "organisations": [_taking_part(row) for row in programme.public_participations],
        "funds": [str(named(grant.fund)) for grant in programme.public_grants],
        "introduction": str(introduction),
        "introduction_language": _language(introduction),
        "website": programme.website,
        "sources": sources,
    }


def _texts(records: Iterable[Record], field: str) -> list[str]:
    """A translated field of each, in the language of the page."""
    texts = [translated(record, field) for record in records]
    return [str(text) for text in texts]


def _edition(edition: Edition) -> dict[str, str]:
    return {
        "label": edition.label,
        "stage": str(edition.get_stage_display()),
        "from": edition.period_from,
        "to": edition.period_to,
    }


def _taking_part(row: Participation) -> dict[str, str]:
    name = named(row.organisation)
    role = row.get_role_display()
    return {"name": str(name), "role": str(role)}


def _language(text: Text) -> str:
    return text.language if text else ""


def as_json(rows: list[dict[str, Any]]) -> str:
    """The rows with what somebody needs to quote them: when and in which language they were taken,
    and their terms."""
    about = {
        "title": _("Programmes"),
        "date": timezone.localdate().isoformat(),
        "language": current_language(),
        "licence": _(
            "Facts from the sources named with each row; the texts of the sources belong to "
            "their authors."
        ),
        "count": len(rows),
        "programmes": rows,
    }
    return json.dumps(about, ensure_ascii=False, indent=1)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """A table for spreadsheets: headings in the language of the page, several values with a
    semicolon between."""
    headings = columns()
    table = io.StringIO()
    # Spreadsheets know by the byte order mark that it is UTF-8.
    table.write("\ufeff")
    writer = csv.writer(table)
    writer.writerow(headings.values())
    for row in rows:
        cells = dict(row)
        cells["editions"] = [_edition_in_words(one) for one in row["editions"]]
        cells["organisations"] = [_role_in_words(one) for one in row["organisations"]]
        writer.writerow([_cell(cells[name]) for name in headings])
    return table.getvalue()


def columns() -> dict[str, str]:
    """The columns of the table, each with its heading."""
    return {
        "name": pgettext("column", "Name"),
        "original_name": _("Name in its own language"),
        "original_language": _("Language of that name"),
        "kind": pgettext("column", "Kind"),
        "city": pgettext("column", "City"),
        "country": pgettext("column", "Country"),
        "further_cities": _("Further cities"),
        "lead_organisation": _("Lead organisation"),
        "editions": _("Editions with stage and period"),
        "points": _("Points of the plan"),
        "grounds": _("Grounds of discrimination"),
        "target_groups": _("For whom"),
        "actions": _("Actions of the city that it contributes to"),
        "organisations": _("Who takes part"),
        "funds": _("Who pays for it"),
        "introduction": _("What it is"),
        "introduction_language": _("Language of that text"),
        "website": _("Website"),
        "address": _("Page in this portal"),
        "sources": _("Sources"),
    }


def _edition_in_words(edition: dict[str, str]) -> str:
    first = edition["from"]
    last = edition["to"]
    period = f"{first}/{last}".strip("/")
    parts = [
        edition["label"],
        edition["stage"],
        period,
    ]
    return ", ".join(filter(None, parts))


def _role_in_words(organisation: dict[str, str]) -> str:
    """`Urząd Miasta (partner)`"""
    name = organisation["name"]
    role = organisation["role"]
    return f"{name} ({role})"


def _cell(value: Any) -> str:
    """A text as it is; of a list, its values with a semicolon between."""
    if isinstance(value, str):
        return plain_cell(value)
    texts = [str(one) for one in value]
    return plain_cell("; ".join(texts))


def file_name(ending: str) -> str:
    """`programmes-2026-11-22.csv`"""
    today = timezone.localdate()
    return f"programmes-{today.isoformat()}.{ending}"
