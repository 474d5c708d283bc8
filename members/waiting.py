"""What waits for a city: everything that its coordinator should look at, the most urgent first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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
from members.models import Accession, Action, City, Commitment, Record, SupportContact
from members.models.commitments import CONFIRMED_FOR
from members.strip import has_evidence

# How soon something without a date of its own waits: after what is overdue, before what is due one
# day.
NO_DATE = date.max


@dataclass(frozen=True)
class Waiting:
    """One thing to do. `kind` chooses the mark; `url` leads to where it is done; `do` and `key`
    make it one button, which only the city itself may press if it `speaks`. A claim has three."""

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
    actions = list(
        Action.objects.filter(commitment__city=city, denied_at=None)
        .select_related("commitment__city", "commitment__point")
        .annotate(has_evidence=has_evidence(), has_any=Exists(_any_evidence()))
        .order_by("commitment__point__number", "pk")
    )
    found = [
        *_accession(city),
        *_contact(city),
        *(
            _unchecked(row)
            for row in city.support_contacts.select_related("organisation")
            if row.is_due
        ),
        *(_late(row) for row in actions if row.is_late),
        *(_stale(row) for row in commitments if row.is_stale),
        *(_unproved(row) for row in actions if _is_unproved(row)),
        *(_claimed(row) for row in actions if row.is_claim and row.published_at),
        *_translations(city, [*commitments, *actions]),
    ]
    return sorted(found, key=lambda one: one.since)


def _any_evidence() -> object:
    return Action.evidence.rel.related_model.objects.filter(action=OuterRef("pk"))


def _accession(city: City) -> list[Waiting]:
    """A file that came back from the office waits for nobody but the city."""
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
    if city.units.public().exclude(email="").exists():
        return []
    url = reverse("admin:members_unit_add") + f"?city={city.pk}"
    what = _("Nobody can write to you: no public unit has a mailbox")
    return [Waiting("missing", what, str(city), url, timezone.localdate())]


def _unchecked(row: SupportContact) -> Waiting:
    return Waiting(
        "stale",
        _("Where to get help: not checked for a year"),
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
        row.confirmed_on + CONFIRMED_FOR,
        do="confirm",
        key=row.pk,
        button=_("Still true"),
    )


def _late(row: Action) -> Waiting:
    """Most often it is done and nobody has said so: that is one press. Any other answer is written
    on its page."""
    url, since = action_url(row, "status"), parse(row.due).last_day()
    if not row.is_stated:
        # Translators: an action whose day has passed
        return Waiting("late", _("Overdue"), str(row), url, since)
    return Waiting(
        "late", _("Overdue"), str(row), url, since, "finish", row.pk, _("It is done"), speaks=False
    )


def _is_unproved(row: Action) -> bool:
    return (
        row.status == Action.Status.DONE
        and row.is_stated
        and not row.has_evidence
        and not row.has_any
    )


def _unproved(row: Action) -> Waiting:
    return Waiting(
        "missing", _("Done, and nothing shows it"), str(row), action_url(row, "evidence")
    )


def _claimed(row: Action) -> Waiting:
    return Waiting(
        "warn",
        _("Found in public sources: is it right?"),
        str(row),
        action_url(row, "status"),
        key=row.pk,
        is_claim=True,
    )


def point_url(row: Commitment) -> str:
    return reverse("admin:point_work", args=[row.city.slug, row.point.number])


def action_url(row: Action, part: str = "") -> str:
    url = reverse("admin:action_work", args=[row.commitment.city.slug, row.pk])
    return f"{url}#{part}" if part else url


# --- Translations ---------------------------------------------------------------------------------


def _translations(city: City, records: Iterable[Record]) -> list[Waiting]:
    """Outdated ones by entry; missing ones of the languages in which this city writes at all,
    counted."""
    found, missing = [], defaultdict(list)
    for record, states in states_of(records).items():
        outdated = [code for code, state in states.items() if state == State.OUTDATED]
        if outdated:
            found.append(_outdated(city, record, outdated))
        for code, state in states.items():
            if state == State.MISSING and not outdated:
                missing[code].append(record)
    wanted = {settings.LANGUAGE_CODE, *_written(records)}
    for code in wanted & set(missing):
        found.append(_missing(city, code, missing[code]))
    return found


def _outdated(city: City, record: Record, codes: list[str]) -> Waiting:
    names = join_list(
        (language_name(code, current_language()) for code in codes), current_language()
    )
    what = _("The translation is older than the text: %(languages)s") % {"languages": names}
    return Waiting(
        "outdated", what, _about(record), _text_url(city, record, codes[0], State.OUTDATED)
    )


def _missing(city: City, code: str, records: list[Record]) -> Waiting:
    what = ngettext(
        "%(count)d not translated yet (%(language)s)",
        "%(count)d not translated yet (%(language)s)",
        len(records),
    )
    words = what % {"count": len(records), "language": language_name(code, current_language())}
    return Waiting(
        "missing", words, _about(records[0]), _text_url(city, records[0], code, State.MISSING)
    )


def _about(record: Record) -> str:
    return str(record.point) if isinstance(record, Commitment) else str(record)


def _text_url(city: City, record: Record, code: str, state: State) -> str:
    """Side by side, with the city's further entries in the same state behind it."""
    url = reverse("admin:side_by_side", args=[record._meta.model_name, record.pk, code])
    return f"{url}?{urlencode({'language': code, 'state': state.value, 'city': city.slug})}"


def states_of(records: Iterable[Record]) -> dict[Record, dict[str, State]]:
    """The worst state of each record's texts per language, without the source language: one query
    per model."""
    known: dict[tuple[int, int], dict[tuple[str, str], Freshness]] = defaultdict(dict)
    by_model: dict[type[Record], list[Record]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    for model, rows in by_model.items():
        kind = ContentType.objects.get_for_model(model)
        for row in Freshness.objects.filter(
            content_type=kind, object_id__in=[record.pk for record in rows]
        ):
            known[kind.pk, row.object_id][row.field, row.language] = row
    return {
        record: _states(record, known[ContentType.objects.get_for_model(model).pk, record.pk])
        for model, rows in by_model.items()
        for record in rows
    }


def _states(record: Record, known: dict[tuple[str, str], Freshness]) -> dict[str, State]:
    found = {}
    for code, _name in settings.LANGUAGES:
        if code == record.source_language:
            continue
        states = {
            state_of(record, field, code, known.get((field, code)))
            for field in translated_fields(type(record))
        }
        order = [State.OUTDATED, State.MISSING, State.CURRENT]
        found[code] = next((state for state in order if state in states), State.EMPTY)
    return found


def _written(records: Iterable[Record]) -> set[str]:
    """Languages other than an entry's own in which somebody has written."""
    return {
        code
        for record in records
        for code, _name in settings.LANGUAGES
        if code != record.source_language
        and any(own_text(record, field, code) for field in translated_fields(type(record)))
    }
