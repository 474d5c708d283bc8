"""A city's timeline joins everything of the city that has a date."""

from datetime import date

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client

from languages.dates import PartialDateField
from members.models import Decision, MembershipStep, User
from portal.timeline import TimelineEntry
from programs.models import EditionEvent, Programme

pytestmark = pytest.mark.django_db

# Dated by these fields, and on the timeline.
SHOWN = [
    ("members.membership", "joined"),
    ("members.membership", "ended"),
    ("members.decision", "on"),
    ("members.milestone", "on"),
    ("members.legalact", "passed"),
    ("members.organisation", "term_from"),
    ("members.organisation", "term_to"),
    ("programs.edition", "period_from"),
    ("programs.edition", "period_to"),
    ("programs.editionevent", "starts"),
    ("programs.editionevent", "ends"),
    ("portal.news", "on"),
    ("portal.event", "first_day"),
    ("portal.event", "last_day"),
]
# Dated too, and why they stand elsewhere.
ELSEWHERE = {
    "members.membershipstep": (
        "a vote or an end stands there by itself; rests without a vote: test_timeline.py"
    ),
    "members.citation": "the date of a remark stands beside its source",
    "members.source": "says when something was written, not when it happened",
    "members.meeting": "the city's decision there is on the timeline",
    "members.committeeseat": "who sits in the committee is not public",
    "members.cityrole": "people's roles are not public",
    "members.putoff": "until when a coordinator puts something off is not public",
    "members.feeband": "the network's",
    "members.supportcontact": "when somebody last checked it stands beside the contact",
    "members.action": "stands with its dates under its point",
    "members.actionupdate": "stands with its date under its action",
    "members.undertaking": "stands with its date under its point",
    "portal.personaldetail": "when a person agreed is not public",
    "members.indicatorvalue": "stands with its date beside its indicator",
}


def timeline_of(path: str = "/en/cities/alfa/") -> list[TimelineEntry]:
    return Client().get(path).context["timeline"]


def is_dated(field: models.Field) -> bool:
    """Whether a field holds a day or a partial date; a moment says when somebody did something
    here."""
    return isinstance(field, PartialDateField | models.DateField) and not isinstance(
        field, models.DateTimeField
    )


def test_every_dated_kind_is_on_the_timeline_or_known_to_stand_elsewhere():
    dated = {
        model._meta.label_lower
        for label in ("members", "programs", "portal")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.concrete_fields
        if is_dated(field)
    }
    shown = {label for label, _field in SHOWN}
    assert dated == shown | set(ELSEWHERE)
    assert not shown & set(ELSEWHERE)


@pytest.mark.parametrize(("label", "field"), SHOWN)
def test_dated_record_is_on_the_timeline(label, field, alfa_rows):
    row = alfa_rows[label]
    if label == "programs.edition":
        EditionEvent.objects.all().delete()
    elif label == "members.membership":
        Decision.objects.all().delete()
    # Nothing else in the cast happened so long ago, or is still to come.
    far = (
        "1987-03-04"
        if field in {"joined", "on", "passed", "term_from", "period_from", "starts"}
        else "2087-03-04"
    )
    if isinstance(row._meta.get_field(field), PartialDateField):
        values = {field: far}
    else:
        values = (
            {"first_day": date.fromisoformat(far)}
            if field == "first_day"
            else {field: date.fromisoformat(far)}
        )
    if field == "ended":
        values["standing"] = "withdrawn"
        by = User.objects.first()
        MembershipStep.objects.create(
            membership=row,
            verb="withdraw",
            from_standing="active",
            to_standing="withdrawn",
            on=far,
            recorded_by=by,
        )
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    assert [line for line in timeline_of() if far in (line.on, line.ends)]


def test_edition_without_steps_stands_with_its_period(alfa_rows):
    edition = alfa_rows["programs.edition"]
    type(edition).objects.update(period_from="2010", period_to="2012-06")
    assert not [line for line in timeline_of() if line.record == edition]
    EditionEvent.objects.update(published_at=None)
    [line] = [line for line in timeline_of() if line.record == edition]
    assert (line.on, line.ends, line.kind, line.url) == (
        "2010",
        "2012-06",
        "programme",
        "/en/programmes/programme-alfa/",
    )
    assert "2010 – June 2012" in Client().get("/en/cities/alfa/").content.decode()
    Programme.objects.update(published_at=None)
    assert not [line for line in timeline_of() if line.kind == "programme"]


def test_programme_stands_on_the_page_of_a_city_that_joins_in(alfa_rows, beta):
    programme = alfa_rows["programs.programme"]
    programme.further_cities.add(beta)
    page = Client().get("/en/cities/beta/")
    assert [line.url for line in page.context["timeline"] if line.kind == "programme"] == [
        programme.get_absolute_url()
    ]
    assert {row.programme for row in page.context["programme_rows"]} == {programme}


def test_news_lead_to_the_meeting_that_decided(alfa_rows):
    news, decision = alfa_rows["portal.news"], alfa_rows["members.decision"]
    type(news).objects.update(decision=decision)
    assert (
        f'href="{decision.meeting.get_absolute_url()}"'
        in Client().get(news.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (("1800-01-01", None), "first_day"),
        (("2026-05-01", "2090-05-01"), "last_day"),
        (("2026-05-01", "2027-05-01"), ""),
    ],
)
def test_event_lies_in_the_life_of_the_network_and_lasts_a_year_at_most(alfa_rows, days, field):
    event = alfa_rows["portal.event"]
    first, last = days
    event.first_day = date.fromisoformat(first)
    event.last_day = date.fromisoformat(last) if last else None
    event.starts = event.ends = None
    found = {}
    try:
        event.clean()
    except ValidationError as error:
        found = error.message_dict
    assert "".join(found) == field
