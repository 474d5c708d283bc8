"""Legal acts of cities, meetings of the network and what they decided."""

from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import City, Decision, Document, LegalAct, Meeting
from portal.open_data.fields import (
    Field,
    Provenance,
    Type,
    about_row,
    city_fields,
    code,
    coded,
    day_of,
    key_field,
    label_of,
    many,
    page_field,
    page_of,
    stored,
    translated_column,
    with_site,
)
from portal.open_data.filters import ActFilter, DecisionFilter, MeetingFilter
from portal.open_data.kind import Kind, Rows, real_rows


def act_rows() -> Rows:
    documents = Document.objects.public()
    rows = real_rows(LegalAct).select_related("city__country")
    return rows.prefetch_related(Prefetch("document", documents))


def document_address(act: Any) -> str:
    """Of a public document; others do not exist here."""
    if act.document is None:
        return ""
    path = reverse("document_file", args=[act.document_id])
    return with_site(path)


ACTS = Kind(
    name="acts",
    title=pgettext_lazy("kind of search results", "Legal acts"),
    meaning=_("Resolutions, orders and decrees of cities, and signed acts."),
    fields=(
        key_field(),
        *city_fields(lambda row: row.city),
        *coded(LegalAct, "kind"),
        stored(LegalAct, "number", Type.TEXT, example="LII/964/16"),
        stored(LegalAct, "session", Type.TEXT, example="52"),
        stored(LegalAct, "body", Type.TEXT, example="City Council"),
        stored(LegalAct, "title", Type.TEXT, example="Training for the city’s staff"),
        stored(LegalAct, "language", Type.LANGUAGE),
        stored(LegalAct, "passed", Type.DATE),
        stored(LegalAct, "in_force", Type.DATE),
        *translated_column(LegalAct, "note", example="The city joins the network."),
        stored(LegalAct, "url", Type.ADDRESS),
        Field("document", _("Address of the text in this portal"), Type.ADDRESS, document_address,
              provenance=Provenance.PORTAL),
        page_field(),
        *about_row(lambda row: row.passed),
    ),
    rows=act_rows,
    filters=ActFilter,
    in_order=lambda rows: rows.order_by("city__slug", "passed", "pk"),
    folder="data/acts/",
)  # fmt: skip


def meeting_rows() -> Rows:
    cities = City.objects.public().select_related("country")
    decisions = Decision.objects.public().filter(annulled_at=None)
    rows = real_rows(Meeting)
    return rows.prefetch_related(
        Prefetch("held_in", cities),
        Prefetch(
            "decisions",
            decisions,
            to_attr="public_decisions",
        ),
    )


def meeting_known_on(meeting: Any) -> str:
    """Of one that lies ahead only that it is announced is known to be true."""
    return day_of(meeting.published_at) if meeting.is_announcement else meeting.starts


MEETINGS = Kind(
    name="meetings",
    title=_("Meetings of the network"),
    meaning=_(
        "Sittings that public sources tell of, or that the network’s office announces. The city is "
        "where a meeting is held."
    ),
    fields=(
        key_field(),
        *coded(Meeting, "kind"),
        stored(Meeting, "starts", Type.DATE),
        stored(Meeting, "ends", Type.DATE),
        Field("place", label_of(Meeting, "place"), Type.TEXT, lambda row: row.where,
              example="Bologna"),
        *city_fields(lambda row: row.held_in),
        Field("decisions", _("How many decisions on cities are known, without annulled ones"),
              Type.NUMBER, lambda row: len(row.public_decisions), provenance=Provenance.PORTAL),
        page_field(),
        *about_row(meeting_known_on, has_texts=False),
    ),
    rows=meeting_rows,
    filters=MeetingFilter,
    in_order=lambda rows: rows.order_by("-starts", "-pk"),
    folder="meetings/",
)  # fmt: skip


def decision_rows() -> Rows:
    cities = City.objects.public().order_by("slug")
    rows = real_rows(Decision).filter(meeting__fictional=False)
    fetched = rows.select_related("city__country", "meeting__held_in")
    return fetched.prefetch_related(Prefetch("recused", cities, to_attr="public_recused"))


MEETING_KINDS = tuple(Meeting.Kind.choices)


DECISIONS = Kind(
    name="decisions",
    title=_("Decisions of the network"),
    meaning=_("Votes of the network’s meetings about a city. A wrong entry stays, annulled."),
    fields=(
        key_field(),
        *city_fields(lambda row: row.city),
        *coded(Decision, "outcome"),
        Field("date", _("Day of the vote"), Type.DATE, lambda row: row.date),
        Field("meeting", _("Key of the meeting, as in the table of meetings"), Type.NUMBER,
              lambda row: row.meeting_id, provenance=Provenance.PORTAL),
        *code("meeting_kind", _("Kind of the meeting"), MEETING_KINDS,
              lambda row: str(row.meeting.kind)),
        Field("meeting_place", _("Place of the meeting"), Type.TEXT,
              lambda row: row.meeting.where, example="Bologna"),
        stored(Decision, "unanimous", Type.TRUTH),
        stored(Decision, "present", Type.NUMBER, unit=_("members")),
        stored(Decision, "votes_for", Type.NUMBER, unit=_("votes")),
        stored(Decision, "votes_against", Type.NUMBER, unit=_("votes")),
        stored(Decision, "votes_abstained", Type.NUMBER, unit=_("votes")),
        many("recused", _("Cities that did not vote"),
             lambda row: [city.slug for city in row.public_recused]),
        Field("annulled_on", _("Day on which the decision was annulled"), Type.DAY,
              lambda row: day_of(row.annulled_at), provenance=Provenance.PORTAL),
        Field("page", _("Page of this site on which the row is read"), Type.ADDRESS,
              lambda row: page_of(row.meeting), provenance=Provenance.PORTAL),
        *about_row(lambda row: row.date, has_texts=False),
    ),
    rows=decision_rows,
    filters=DecisionFilter,
    in_order=lambda rows: rows.order_by("-meeting__starts", "city__slug", "pk"),
    folder="data/decisions/",
)  # fmt: skip
