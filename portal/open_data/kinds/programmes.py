"""Programmes, projects and policies."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from languages.text import Text, current_language, named, translated
from members.models import Action, City, Ground, Organisation, Point, TargetGroup
from portal.open_data.fields import (
    Type,
    about_row,
    city_fields,
    coded,
    many,
    name_of_row,
    page_field,
    slug_field,
    stored,
    text,
    translated_column,
)
from portal.open_data.kind import Kind, Rows, real_rows
from programs.filters import ProgrammeFilter
from programs.models import Edition, Grant, Participation, Programme


def programme_rows() -> Rows:
    rows = real_rows(Programme).select_related("city__country")
    organisations = Organisation.objects.public()
    fetches: list[Any] = [Prefetch("lead_organisation", organisations)]
    for name, parts in _parts().items():
        fetches.append(Prefetch(name, parts, to_attr=f"public_{name}"))
    return rows.prefetch_related(*fetches)


def _parts() -> dict[str, Rows]:
    """Fetched as `public_editions`, `public_points` and so on."""
    participations = Participation.objects.public().select_related("organisation")
    actions = Action.objects.public()
    grants = Grant.objects.public().select_related("fund")
    return {
        "editions": Edition.objects.public().order_by("period_from", "pk"),
        "further_cities": City.objects.public().order_by("slug"),
        "points": Point.objects.public().order_by("number"),
        "grounds": Ground.objects.public().order_by("order"),
        "target_groups": TargetGroup.objects.public().order_by("order"),
        "actions": actions.order_by("commitment__point__number", "starts", "pk"),
        "participations": participations.order_by("pk"),
        "grants": grants.order_by("pk"),
    }


def programmes_in_order(rows: Rows) -> Rows:
    """By name, in the dictionary order of the reader's language."""
    in_order: Rows = rows.by_name(current_language())  # type: ignore[attr-defined]
    return in_order


def lead_name(programme: Any) -> Text:
    lead = programme.lead_organisation
    return named(lead) if lead else Text("", "")


def edition_in_codes(edition: Edition) -> str:
    """`2024–2028, in_force, 2024/2028`: label, stage and period (EDTF)."""
    period = f"{edition.period_from}/{edition.period_to}".strip("/")
    parts = (edition.label, edition.stage, period)
    return ", ".join(filter(None, parts))


def participant(row: Participation) -> str:
    """`sampleton-office (partner)`: key and role."""
    return f"{row.organisation.slug} ({row.role})"


def last_known(programme: Any) -> str:
    """The latest date of its editions."""
    dates = [edition.period_from for edition in programme.public_editions]
    return max(
        dates,
        default="",
    )


def texts_of(name: str, column: str) -> Any:
    """A translated text of each."""

    def texts(programme: Any) -> list[str]:
        return [str(translated(row, column)) for row in getattr(programme, name)]

    return texts


def slugs_of(name: str) -> Any:
    def slugs(programme: Any) -> list[str]:
        return [row.slug for row in getattr(programme, name)]

    return slugs


PROGRAMMES = Kind(
    name="programmes",
    title=_("Programmes"),
    meaning=_("Programmes, projects and policies of cities and organisations."),
    fields=(
        slug_field(),
        *name_of_row(Programme),
        *coded(Programme, "kind"),
        *city_fields(lambda row: row.city),
        many("further_cities", _("Further cities"), slugs_of("public_further_cities")),
        *text("lead_organisation", _("Lead organisation"), lead_name,
                     example="Sampleton Equality Office"),
        many("editions", _("Editions: name, stage and period"),
             lambda row: [edition_in_codes(one) for one in row.public_editions],
             type=Type.TEXT, example="2024–2028, in_force, 2024/2028"),
        many("points", _("Points of the plan"),
             lambda row: [point.number for point in row.public_points], type=Type.NUMBER),
        many("grounds", _("Grounds of discrimination"), slugs_of("public_grounds"),
             example="racism"),
        many("ground_names", _("Grounds of discrimination, in words"),
             texts_of("public_grounds", "name"), type=Type.TEXT, example="racism"),
        many("target_groups", _("For whom"), slugs_of("public_target_groups"), example="youth"),
        many("target_group_names", _("For whom, in words"),
             texts_of("public_target_groups", "name"), type=Type.TEXT, example="young people"),
        many("actions", _("Actions of the city that it contributes to"),
             lambda row: [action.pk for action in row.public_actions], type=Type.NUMBER),
        many("action_titles", _("Actions of the city that it contributes to, in words"),
             texts_of("public_actions", "title"), type=Type.TEXT, example="Training"),
        many("organisations", _("Who takes part"),
             lambda row: [participant(one) for one in row.public_participations],
             type=Type.TEXT, example="sampleton-office (partner)"),
        many("funds", _("Who pays for it"),
             lambda row: [grant.fund.slug for grant in row.public_grants], example="example-fund"),
        *translated_column(Programme, "introduction",
                     example="Sampleton advises its residents against discrimination."),
        stored(Programme, "website", Type.ADDRESS),
        page_field(),
        *about_row(last_known),
    ),
    rows=programme_rows,
    filters=ProgrammeFilter,
    in_order=programmes_in_order,
    folder="programmes/",
    key="slug",
)  # fmt: skip
