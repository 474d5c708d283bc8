"""Whom to turn to, organisations, and on which grounds people are discriminated against."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from languages.text import Text, named, translated
from members.models import Ground, Organisation, Situation, SupportContact
from portal.open_data.fields import (
    Field,
    Provenance,
    Type,
    about_row,
    city_fields,
    coded,
    key_field,
    label_meaning,
    many,
    many_texts,
    name_of_row,
    page_field,
    slug_field,
    stored,
    text,
    translated_column,
)
from portal.open_data.filters import ContactFilter, NoFilter, OrganisationFilter
from portal.open_data.kind import Kind, Rows, by_key, real_rows


def contact_rows() -> Rows:
    return real_rows(SupportContact).select_related("city__country", "country", "organisation")


def checked_on(contact: Any) -> str:
    day = contact.last_checked_on
    return day.isoformat() if day else ""


def situation_words(contact: Any) -> list[str]:
    labels = dict(Situation.choices)
    return [str(labels[code]) for code in contact.situations.split() if code in labels]


CONTACTS = Kind(
    name="contacts",
    title=_("Contacts for help"),
    meaning=_("Where people who were discriminated against find help, in a city or a country."),
    fields=(
        key_field(),
        *city_fields(lambda row: row.city, lambda row: row.country_code),
        Field("organisation", _("Key of the organisation, as in the table of organisations"),
              Type.KEY, lambda row: row.organisation.slug, provenance=Provenance.PORTAL,
              example="sampleton-office"),
        *text("organisation_name", _("Name of the organisation"),
              lambda row: named(row.organisation), example="Sampleton Equality Office"),
        *coded(SupportContact, "kind"),
        many("situations", _("What happened; empty: for everything"),
             lambda row: row.situations.split(), type=Type.CODE, codes=tuple(Situation.choices)),
        many("situation_labels", label_meaning(_("What happened; empty: for everything")),
             situation_words, type=Type.TEXT, provenance=Provenance.PORTAL,
             example=Situation.choices[0][1]),
        *translated_column(SupportContact, "what_it_does",
                     example="Advises people who were insulted or refused."),
        stored(SupportContact, "phone", Type.TEXT,
               unit=_("E.164, or a short number of the country"), example="+48123456789"),
        stored(SupportContact, "second_phone", Type.TEXT, example="+48123456789"),
        stored(SupportContact, "phone_note", Type.TEXT, example="0048 12 345 67 89"),
        stored(SupportContact, "email", Type.TEXT, example="help@example.org"),
        stored(SupportContact, "online_form", Type.ADDRESS),
        stored(SupportContact, "url", Type.ADDRESS),
        stored(SupportContact, "address", Type.TEXT, example="1 Market Square"),
        many("languages", _("Languages spoken there"), lambda row: row.languages.split(),
             type=Type.LANGUAGE),
        stored(SupportContact, "opening", Type.TEXT,
               unit=_("opening hours as OpenStreetMap writes them"), example="Mo-Fr 09:00-17:00"),
        *translated_column(SupportContact, "hours", example="by appointment"),
        stored(SupportContact, "hours_as_of", Type.DATE),
        *coded(SupportContact, "free"),
        *coded(SupportContact, "anonymous"),
        *translated_column(SupportContact, "remark", example="Interpreters on request."),
        stored(SupportContact, "last_checked_on", Type.DAY),
        page_field(),
        *about_row(checked_on),
    ),
    rows=contact_rows,
    filters=ContactFilter,
    in_order=lambda rows: rows.order_by("country__code", "city__slug", "pk"),
    folder="data/contacts/",
)  # fmt: skip


def organisation_rows() -> Rows:
    grounds = Ground.objects.public().order_by("order")
    rows = real_rows(Organisation).select_related("city__country", "country")
    return rows.prefetch_related(Prefetch("grounds", grounds, to_attr="public_grounds"))


def own_country(row: Any) -> str:
    if row.country:
        return str(row.country.code)
    return str(row.city.country.code) if row.city else ""


def names_of_grounds(organisation: Any) -> list[Text]:
    names = []
    for ground in organisation.public_grounds:
        names.append(translated(ground, "name"))
    return names


GROUNDS = Kind(
    name="grounds",
    title=_("Grounds of discrimination"),
    meaning=_("On which discrimination is forbidden; programmes and organisations name them."),
    fields=(
        slug_field(example="racism"),
        *translated_column(Ground, "name", example="racism"),
        *translated_column(Ground, "legal_source", example="Directive 2000/43/EC"),
        page_field(),
        *about_row(lambda ground: ""),
    ),
    rows=lambda: real_rows(Ground),
    filters=NoFilter,
    in_order=lambda rows: rows.order_by("order", "slug"),
    folder="data/grounds/",
    key="slug",
)

ORGANISATIONS = Kind(
    name="organisations",
    title=_("Organisations"),
    meaning=_("Associations, offices, equality bodies and funds that the other tables name."),
    fields=(
        slug_field(),
        *name_of_row(Organisation),
        *coded(Organisation, "kind"),
        *city_fields(lambda row: row.city, own_country),
        *translated_column(Organisation, "introduction",
                     example="Sampleton advises its residents against discrimination."),
        many("grounds", _("Grounds of discrimination"),
             lambda row: [ground.slug for ground in row.public_grounds], example="racism"),
        *many_texts("ground_names", _("Grounds of discrimination, in words"), names_of_grounds,
                    example="racism"),
        stored(Organisation, "website", Type.ADDRESS),
        stored(Organisation, "term_from", Type.DATE),
        stored(Organisation, "term_to", Type.DATE),
        page_field(),
        *about_row(lambda row: row.term_from),
    ),
    rows=organisation_rows,
    filters=OrganisationFilter,
    in_order=by_key,
    folder="data/organisations/",
    key="slug",
)  # fmt: skip
