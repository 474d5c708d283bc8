"""Programmes, projects and policies."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from languages.text import Text, current_language, named, translated
from members.models import Action, City, Ground, Organisation, Point, TargetGroup
from portal.open_data.fields import (
    Field,
    Provenance,
    Type,
    about_row,
    city_fields,
    coded,
    in_parts,
    many,
    many_texts,
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


def lead_key(programme: Any) -> str:
    lead = programme.lead_organisation
    return lead.slug if lead else ""


def last_known(programme: Any) -> str:
    """The latest date of its editions."""
    dates = [edition.period_from for edition in programme.public_editions]
    return max(
        dates,
        default="",
    )


def texts_of(name: str, column: str) -> Any:
    """A translated text of each."""

    def texts(programme: Any) -> list[Text]:
        return [translated(row, column) for row in getattr(programme, name)]

    return texts


def slugs_of(name: str) -> Any:
    def slugs(programme: Any) -> list[str]:
        return [row.slug for row in getattr(programme, name)]

    return slugs


EDITION = (
    stored(Edition, "label", Type.TEXT, example="2024–2028"),
    *coded(Edition, "stage"),
    stored(Edition, "period_from", Type.DATE),
    stored(Edition, "period_to", Type.DATE),
)
PARTICIPATION = (
    Field("organisation", _("Key of the organisation, as in the table of organisations"), Type.KEY,
          lambda row: row.organisation.slug, provenance=Provenance.PORTAL,
          example="sampleton-office"),
    *text("name", _("Name of the organisation"), lambda row: named(row.organisation),
          example="Sampleton Equality Office"),
    *coded(Participation, "role"),
)  # fmt: skip


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
        Field("lead_organisation_key", _("Key of the lead organisation, as in the table of "
              "organisations"), Type.KEY, lead_key, provenance=Provenance.PORTAL,
              example="sampleton-office"),
        *text("lead_organisation", _("Lead organisation"), lead_name,
                     example="Sampleton Equality Office"),
        in_parts("editions", _("Editions: name, stage and period"),
                 lambda row: row.public_editions, EDITION),
        many("points", _("Points of the plan"),
             lambda row: [point.number for point in row.public_points], type=Type.NUMBER),
        many("grounds", _("Grounds of discrimination"), slugs_of("public_grounds"),
             example="racism"),
        *many_texts("ground_names", _("Grounds of discrimination, in words"),
                    texts_of("public_grounds", "name"), example="racism"),
        many("target_groups", _("For whom"), slugs_of("public_target_groups"), example="youth"),
        *many_texts("target_group_names", _("For whom, in words"),
                    texts_of("public_target_groups", "name"), example="young people"),
        many("actions", _("Actions of the city that it contributes to"),
             lambda row: [action.pk for action in row.public_actions], type=Type.NUMBER),
        *many_texts("action_titles", _("Actions of the city that it contributes to, in words"),
                    texts_of("public_actions", "title"), example="Training"),
        in_parts("organisations", _("Who takes part"),
                 lambda row: row.public_participations, PARTICIPATION),
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
