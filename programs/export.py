"""The directory of programmes as a table and as data: exactly the list that the filters leave."""

import csv
import io
import json
from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from languages.text import Text, current_language, named, translated
from members.citations import citations_of
from members.models import Action, City, Ground, Organisation, Point, TargetGroup
from members.spreadsheet import plain_cell
from programs.models import Edition, Grant, Participation, Programme


def rows_of(programmes: QuerySet[Programme]) -> list[dict[str, Any]]:
    """One row per programme, in the order of the list: what the public pages show, in the language
    of the page."""
    found = list(programmes.prefetch_related(*_parts()))
    sources: dict[int, list[str]] = defaultdict(list)
    for citation in citations_of(found):
        sources[citation.object_id].append(citation.source.url or citation.source.title)
    return [_row(programme, sources[programme.pk]) for programme in found]


def _parts() -> list[Prefetch]:
    def public(name: str, rows: QuerySet) -> Prefetch:
        return Prefetch(name, rows, to_attr=f"public_{name}")

    return [
        Prefetch("lead_organisation", Organisation.objects.public()),
        public("editions", Edition.objects.public().order_by("period_from", "pk")),
        public("further_cities", City.objects.public()),
        public("points", Point.objects.public().order_by("number")),
        public("grounds", Ground.objects.public().order_by("order")),
        public("target_groups", TargetGroup.objects.public().order_by("order")),
        public(
            "actions", Action.objects.public().order_by("commitment__point__number", "starts", "pk")
        ),
        public(
            "participations",
            Participation.objects.public().select_related("organisation").order_by("pk"),
        ),
        public("grants", Grant.objects.public().select_related("fund").order_by("pk")),
    ]


def _row(programme: Programme, sources: list[str]) -> dict[str, Any]:
    introduction = translated(programme, "introduction")
    return {
        "address": settings.SITE_URL + programme.get_absolute_url(),
        "name": str(named(programme)),
        "original_name": programme.original_name,
        "original_language": programme.original_language,
        "kind": str(programme.get_kind_display()),
        "city": str(translated(programme.city, "name")) if programme.city else "",
        "country": programme.city.country.code if programme.city else "",
        "further_cities": [
            str(translated(city, "name")) for city in programme.public_further_cities
        ],
        "lead_organisation": str(named(programme.lead_organisation))
        if programme.lead_organisation
        else "",
        "editions": [_edition(edition) for edition in programme.public_editions],
        "points": [point.number for point in programme.public_points],
        "grounds": [str(translated(ground, "name")) for ground in programme.public_grounds],
        "target_groups": [
            str(translated(group, "name")) for group in programme.public_target_groups
        ],
        "actions": [str(translated(action, "title")) for action in programme.public_actions],
        "organisations": [_taking_part(row) for row in programme.public_participations],
        "funds": [str(named(grant.fund)) for grant in programme.public_grants],
        "introduction": str(introduction),
        "introduction_language": _language(introduction),
        "website": programme.website,
        "sources": sources,
    }


def _edition(edition: Edition) -> dict[str, str]:
    stage = str(edition.get_stage_display())
    return {
        "label": edition.label,
        "stage": stage,
        "from": edition.period_from,
        "to": edition.period_to,
    }


def _taking_part(row: Participation) -> dict[str, str]:
    return {"name": str(named(row.organisation)), "role": str(row.get_role_display())}


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
        cells = {**row, "editions": map(_edition_in_words, row["editions"])}
        cells["organisations"] = (f"{one['name']} ({one['role']})" for one in row["organisations"])
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
    period = "/".join([edition["from"], edition["to"]]).strip("/")
    return ", ".join(filter(None, [edition["label"], edition["stage"], period]))


def _cell(value: Any) -> str:
    return plain_cell(value if isinstance(value, str) else "; ".join(map(str, value)))


def file_name(ending: str) -> str:
    """`programmes-2026-11-22.csv`"""
    return f"programmes-{timezone.localdate().isoformat()}.{ending}"
