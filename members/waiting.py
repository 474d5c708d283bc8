"""What waits for a city: everything that its coordinator should look at, the most urgent first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import parse
from languages.models import Freshness
from languages.names import join_list, language_name
from languages.states import State, state_of
from languages.text import current_language, named, own_text, translated_fields
from members.models import Accession, Action, City, Commitment, Evidence, Record, SupportContact
from members.models.commitments import CONFIRMED_FOR
from members.strip import has_evidence

# The place of what has no date: after everything that has one.
NO_DATE = date.max


@dataclass(frozen=True)
class Waiting:
    """One thing to do.

    `kind` chooses the mark; `url` leads to where it is done. With `do` and `key` it is done by one
    button; if it `speaks`, only those who speak for the city may press it. A claim has three.
    """

    kind: str
    what: str
    about: str
    url: str
    since: date = NO_DATE
    do: str = ""
    key: int = 0
    button: str = ""
    speaks: bool = True
    is_claim: bool = False


def waiting_for(city: City) -> list[Waiting]:
    """A handful of queries, however many points and actions there are."""
    commitments = list(city.commitments.select_related("city", "point").order_by("point__number"))
    actions = _actions(city)
    contacts = city.support_contacts.select_related("organisation")
    contacts_to_check = [row for row in contacts if row.is_due]
    late_actions = [row for row in actions if row.is_late]
    stale_commitments = [row for row in commitments if row.is_stale]
    actions_without_proof = [row for row in actions if _is_unproved(row)]
    claims = [row for row in actions if row.is_claim and row.published_at]
    waiting = [
        *_accession(city),
        *_contact(city),
        *map(_unchecked, contacts_to_check),
        *map(_late, late_actions),
        *map(_stale, stale_commitments),
        *map(_unproved, actions_without_proof),
        *map(_claim, claims),
        *_translations(city, [*commitments, *actions]),
    ]
    return sorted(waiting, key=lambda one: one.since)


def _actions(city: City) -> list[Action]:
    actions = Action.objects.filter(commitment__city=city, denied_at=None)
    actions = actions.select_related("commitment__city", "commitment__point")
    evidence = Evidence.objects.filter(action=OuterRef("pk"))
    rows = actions.annotate(has_evidence=has_evidence(), has_any=Exists(evidence))
    in_order = rows.order_by("commitment__point__number", "pk")
    return list(in_order)


def _accession(city: City) -> list[Waiting]:
    """A file that the office returned waits for the city."""
    return [
        Waiting(
            "late",
            _("The office returned the accession file"),
            str(city),
            reverse("admin:members_accession_change", args=[row.pk]),
            timezone.localdate(row.status_since),
        )
        for row in city.accessions.filter(status=Accession.Status.RETURNED)
    ]


def _contact(city: City) -> list[Waiting]:
    mailboxes = city.units.public().exclude(email="")
    if mailboxes.exists():
        return []
    address = reverse("admin:members_unit_add")
    waiting = Waiting(
        "missing",
        _("Nobody can write to you: no public unit has a mailbox"),
        str(city),
        f"{address}?city={city.pk}",
        timezone.localdate(),
    )
    return [waiting]


def _unchecked(row: SupportContact) -> Waiting:
    what = _("Where to get help: never checked")
    if row.found_wrong_at:
        what = _("Where to get help: a visitor says that something is wrong")
    elif row.last_checked_on:
        what = _("Where to get help: not checked for a year")
    return Waiting(
        "stale",
        what,
        str(named(row.organisation)),
        reverse("admin:members_supportcontact_change", args=[row.pk]),
        row.last_checked_on or NO_DATE,
    )


def _stale(row: Commitment) -> Waiting:
    return Waiting(
        "stale",
        _("Not confirmed for a year"),
        str(row.point),
        point_url(row),
        row.confirmed_on + CONFIRMED_FOR if row.confirmed_on else NO_DATE,
        do="confirm",
        key=row.pk,
        button=_("Still true"),
    )


def _late(row: Action) -> Waiting:
    """An overdue action. Most often it is done: that is one press. The rest is on its page."""
    url = action_url(row, "status")
    since = parse(row.due).last_day()
    if not row.is_stated:
        # Translators: an action whose day has passed
        return Waiting("late", _("Overdue"), str(row), url, since)
    return Waiting(
        "late",
        _("Overdue"),
        str(row),
        url,
        since,
        do="finish",
        key=row.pk,
        button=_("It is done"),
        speaks=False,
    )


def _is_unproved(row: Any) -> bool:
    """Whether nothing shows a done action of the city; `row` comes from `_actions`."""
    is_done = row.status == Action.Status.DONE
    has_proof = row.has_evidence or row.has_any
    return is_done and row.is_stated and not has_proof


def _unproved(row: Action) -> Waiting:
    return Waiting(
        "missing",
        _("Done, and nothing shows it"),
        str(row),
        action_url(row, "evidence"),
    )


def _claim(row: Action) -> Waiting:
    return Waiting(
        "warn",
        _("Found in public sources: is it right?"),
        str(row),
        action_url(row, "status"),
        key=row.pk,
        is_claim=True,
    )


def point_url(row: Commitment) -> str:
    slug = row.city.slug
    return reverse("admin:point_work", args=[slug, row.point.number])


def action_url(row: Action, part: str = "") -> str:
    slug = row.commitment.city.slug
    url = reverse("admin:action_work", args=[slug, row.pk])
    if part:
        return f"{url}#{part}"
    return url


# --- Translations ---------------------------------------------------------------------------------


def _translations(city: City, records: Iterable[Record]) -> list[Waiting]:
    """Outdated translations by entry, and the number of missing ones by language.

    Missing ones only in the languages in which this city writes.
    """
    waiting: list[Waiting] = []
    missing: dict[str, list[Record]] = defaultdict(list)
    for record, states in states_of(records).items():
        outdated = [code for code, state in states.items() if state == State.OUTDATED]
        if outdated:
            waiting.append(_outdated(city, record, outdated))
            continue
        for code, state in states.items():
            if state == State.MISSING:
                missing[code].append(record)
    city_languages = _languages_of_texts(records)
    languages = {settings.LANGUAGE_CODE, *city_languages}
    for code in languages & set(missing):
        entries = missing[code]
        waiting.append(_missing(city, code, entries))
    return waiting


def _outdated(city: City, record: Record, codes: list[str]) -> Waiting:
    reader = current_language()
    names = [language_name(code, reader) for code in codes]
    languages = join_list(names, reader)
    words = _("The translation is older than the text: %(languages)s")
    what = words % {"languages": languages}
    url = _text_url(city, record, codes[0], State.OUTDATED)
    return Waiting("outdated", what, _about(record), url)


def _missing(city: City, code: str, records: list[Record]) -> Waiting:
    count = len(records)
    first = records[0]
    language = language_name(code, current_language())
    words = ngettext(
        "%(count)d not translated yet (%(language)s)",
        "%(count)d not translated yet (%(language)s)",
        count,
    )
    what = words % {"count": count, "language": language}
    url = _text_url(city, first, code, State.MISSING)
    return Waiting("missing", what, _about(first), url)


def _about(record: Record) -> str:
    if isinstance(record, Commitment):
        return str(record.point)
    return str(record)


def _text_url(city: City, record: Record, code: str, state: State) -> str:
    """The entry side by side, in the list of the city's entries in the same state."""
    kind = record._meta.model_name
    url = reverse("admin:side_by_side", args=[kind, record.pk, code])
    filters = {
        "language": code,
        "state": state.value,
        "city": city.slug,
    }
    return f"{url}?{urlencode(filters)}"


# The state of one entry's texts, by the code of the language.
StatesByLanguage = dict[str, State]


def states_of(records: Iterable[Record]) -> dict[Record, StatesByLanguage]:
    """The worst state of each record's texts by language, without the source language.

    One query for each model.
    """
    by_model: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    states: dict[Record, StatesByLanguage] = {}
    for model, rows in by_model.items():
        freshness = _freshness_of(model, rows)
        for record in rows:
            of_record = freshness[record.pk]
            states[record] = _states(record, of_record)
    return states


# Freshness of the texts of one entry, by field and language.
TextFreshness = dict[tuple[str, str], Freshness]


def _freshness_of(model: type[Record], records: list[Record]) -> dict[int, TextFreshness]:
    """By the key of the record."""
    kind = ContentType.objects.get_for_model(model)
    keys = [record.pk for record in records]
    freshness: dict[int, TextFreshness] = defaultdict(dict)
    rows = Freshness.objects.filter(content_type=kind, object_id__in=keys)
    for row in rows:
        text = (row.field, row.language)
        freshness[row.object_id][text] = row
    return freshness


def _states(record: Record, freshness: TextFreshness) -> StatesByLanguage:
    texts = translated_fields(type(record))
    worst = {}
    for code in _other_languages(record):
        states = set()
        for text in texts:
            row = freshness.get((text, code))
            states.add(state_of(record, text, code, row))
        worst[code] = _worst_of(states)
    return worst


def _worst_of(states: set[State]) -> State:
    for state in (State.OUTDATED, State.MISSING, State.CURRENT):
        if state in states:
            return state
    return State.EMPTY


def _other_languages(record: Record) -> list[str]:
    codes = []
    for code, _name in settings.LANGUAGES:
        if code != record.source_language:
            codes.append(code)
    return codes


def _languages_of_texts(records: Iterable[Record]) -> set[str]:
    """Languages in which there is a translation of any of these entries."""
    languages = set()
    for record in records:
        texts = translated_fields(type(record))
        codes = _other_languages(record)
        for code in codes:
            has_text = any(own_text(record, text, code) for text in texts)
            if has_text:
                languages.add(code)
    return languages
