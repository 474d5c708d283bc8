"""What waits for a city: everything that its coordinator should look at, in the order of worth.

First what somebody waits for, then what help depends on, then what the public reads as not
answered, late or old, and last what only the city misses. Within one sort, by date.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from languages.dates import format_date, format_partial, parse
from languages.names import join_list
from languages.states import State
from languages.text import current_language, named, translated
from members.accession_queue import file_of_candidate
from members.models import (
    Accession,
    Action,
    City,
    Commitment,
    Draft,
    Evidence,
    Point,
    PutOff,
    Record,
    Review,
    SupportContact,
)
from members.models.commitments import CONFIRMED_FOR
from members.strip import has_evidence
from members.text_states import languages_of_texts, states_of

# The place of what has no date: after everything that has one.
NO_DATE = date.max


@dataclass(frozen=True)
class Waiting:
    """One thing to do.

    `sort`: one of `SORTS`; `kind` chooses the mark; `url` leads to where it is done. With `do` and
    `key` it is done by one button; if it `speaks`, only those who speak for the city may press it.
    A claim has three. `more`: how the link beside the button is called. `is_spoken`: nobody else
    than those who speak for the city does it on the page. `when`: the date behind it, in words.
    `parts`: the things of one sort that stand in this line, each with its own button; the line says
    their `short` names.
    """

    sort: str
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
    more: str = ""
    is_spoken: bool = False
    when: str = ""
    short: str = ""
    parts: tuple["Waiting", ...] = ()

    @property
    def place(self) -> str:
        """What its line is called on the page."""
        return f"{self.sort}-{self.key}"

    @property
    def next_place(self) -> str:
        """Where the first button of its line stands."""
        if self.opens_here:
            return f"part-{self.place}"
        return self.place

    @property
    def opens_here(self) -> bool:
        """Whether its parts are done on the desk itself, each by its button."""
        return any(part.do for part in self.parts)


# In the order of worth.
SORTS = (
    "file",
    "review",
    "contact",
    "mailbox",
    "claim",
    "late",
    "stale",
    "proof",
    "draft",
    "unpublished",
    "hidden",
    "points",
    "texts",
)


# Several of these stand in one line.
FOLDED = ("contact", "stale")


@dataclass(frozen=True)
class CityDesk:
    """What waits for a city, what was put off until later, and how far the year is."""

    waiting: list[Waiting]
    later: list[Waiting]
    progress: list["Progress"]


@dataclass(frozen=True)
class Progress:
    """So many of so many, in words."""

    label: str
    count: int
    total: int


@dataclass(frozen=True)
class _CityRows:
    """The rows of a city from which all of it is read."""

    commitments: list[Commitment]
    actions: list[Action]
    contacts: list[SupportContact]


def desk_of(city: City) -> CityDesk:
    """A handful of queries, however many points and actions there are."""
    rows = _rows_of(city)
    off = _put_off(city)
    waiting: list[Waiting] = []
    later: list[Waiting] = []
    for one in _everything(city, rows):
        place = later if (one.sort, one.key) in off else waiting
        place.append(one)
    return CityDesk(_folded(city, waiting), _folded(city, later), _progress(rows))


def waiting_for(city: City) -> list[Waiting]:
    """What waits now, without what was put off."""
    return desk_of(city).waiting


def _folded(city: City, things: list[Waiting]) -> list[Waiting]:
    """One line for several things that are looked at and confirmed for the same reason."""
    groups: dict[tuple[str, str, int], list[Waiting]] = {}
    for number, one in enumerate(things, 1):
        own = 0 if one.sort in FOLDED else number
        groups.setdefault((one.sort, one.what, own), []).append(one)
    return [_line(city, group) for group in groups.values()]


def _line(city: City, parts: list[Waiting]) -> Waiting:
    """One thing, or the line of several. Its key is that of the first."""
    first = parts[0]
    if not parts[1:]:
        return first
    count = len(parts)
    words = ngettext("%(count)d help contact", "%(count)d help contacts", count)
    button = _("Check one after the other")
    if first.sort == "stale":
        words = ngettext("%(count)d promise", "%(count)d promises", count)
        button = _("Read and confirm")
    names = [one.short or one.about for one in parts]
    return replace(
        first,
        about=words % {"count": count},
        url=first.url if first.is_spoken else _desk_at(city, first.place),
        do="",
        button=button,
        more="",
        when=join_list(names, current_language()),
        parts=tuple(parts),
    )


def _desk_at(city: City, place: str) -> str:
    """The desk of the city, at one of its lines."""
    url = reverse("admin:city_work", args=[city.slug])
    return f"{url}#{place}"


def next_contact(city: City) -> str:
    """The desk at the help contact that waits longest to be checked; at its top where none does."""
    place = "waits"
    for one in waiting_for(city):
        if one.sort == "contact":
            place = one.next_place
            break
    return _desk_at(city, place)


def _rows_of(city: City) -> _CityRows:
    commitments = city.commitments.select_related("city", "point").order_by("point__number")
    contacts = city.support_contacts.select_related("organisation")
    return _CityRows(
        commitments=list(commitments),
        actions=_actions(city),
        contacts=list(contacts),
    )


def _put_off(city: City) -> set[tuple[str, int]]:
    rows = PutOff.objects.filter(city=city, until__gt=timezone.localdate())
    return set(rows.values_list("sort", "key"))


def _everything(city: City, rows: _CityRows) -> list[Waiting]:
    actions = rows.actions
    claims = [row for row in actions if row.is_claim and row.published_at]
    late = [row for row in actions if row.is_late]
    stale = [row for row in rows.commitments if row.is_stale]
    unproved = [row for row in actions if _is_unproved(row)]
    unchecked = [row for row in rows.contacts if row.is_due]
    waiting = [
        *_accession(city),
        *_reviews(city),
        *map(_unchecked, unchecked),
        *_contact(city),
        *map(_claim, claims),
        *map(_late, late),
        *map(_stale, stale),
        *map(_unproved, unproved),
        *_drafts(city),
        *_unpublished(city, actions),
        *_hidden(city),
        *_empty_points(city, rows.commitments),
        *_translations(city, [*rows.commitments, *actions]),
    ]
    return sorted(waiting, key=lambda one: (SORTS.index(one.sort), one.since))


def _actions(city: City) -> list[Action]:
    actions = Action.objects.filter(commitment__city=city, denied_at=None)
    actions = actions.select_related("commitment__city", "commitment__point")
    evidence = Evidence.objects.filter(action=OuterRef("pk"))
    rows = actions.annotate(has_evidence=has_evidence(), has_any=Exists(evidence))
    in_order = rows.order_by("commitment__point__number", "pk")
    return list(in_order)


def _accession(city: City) -> list[Waiting]:
    """A file that is with its city: the office returned it, or a candidate has not submitted it."""
    files = city.accessions.filter(status__in=Accession.WITH_CITY)
    return [_file(row) for row in files if _is_urgent(row)]


def _is_urgent(row: Accession) -> bool:
    """A draft of a member is a file of the registers: nobody waits for it."""
    if row.status == Accession.Status.RETURNED:
        return True
    return file_of_candidate(row.city) is not None


def _file(row: Accession) -> Waiting:
    what = _("The office returned the accession file")
    if row.status == Accession.Status.DRAFT:
        what = _("The accession file is not submitted yet")
    return Waiting(
        "file",
        "late",
        what,
        str(row.city),
        row.get_file_url(),
        timezone.localdate(row.status_since),
        button=_("Go on with the file"),
    )


def _reviews(city: City) -> list[Waiting]:
    """Remarks of the office on what the city does: public, and without a reply of the city."""
    rows = Review.objects.public().filter(action__commitment__city=city, replied_at=None)
    open_rows = rows.exclude(confirmed=Review.Confirmed.YES).select_related("action")
    return [_review(row) for row in open_rows.order_by("reviewed_at", "pk")]


def _review(row: Review) -> Waiting:
    return Waiting(
        "review",
        "late",
        _("The network’s office has a remark, and the public reads it without your reply"),
        str(row.action),
        reverse("admin:members_review_reply", args=[row.pk]),
        timezone.localdate(row.reviewed_at),
        key=row.pk,
        button=_("Write a reply"),
        is_spoken=True,
    )


def _contact(city: City) -> list[Waiting]:
    mailboxes = city.units.public().exclude(email="")
    if mailboxes.exists():
        return []
    address = reverse("admin:members_unit_add")
    waiting = Waiting(
        "mailbox",
        "missing",
        _("Nobody can write to you: no public unit has a mailbox"),
        str(city),
        f"{address}?city={city.pk}",
        timezone.localdate(),
        button=_("Add an address"),
    )
    return [waiting]


def _unchecked(row: SupportContact) -> Waiting:
    what = _("Where to get help: never checked")
    if row.found_wrong_at:
        what = _("Where to get help: a visitor says that something is wrong")
    elif row.last_checked_on:
        what = _("Where to get help: not checked for a year")
    return Waiting(
        "contact",
        "stale",
        what,
        str(named(row.organisation)),
        reverse("admin:members_supportcontact_change", args=[row.pk]),
        row.last_checked_on or NO_DATE,
        do="checked",
        key=row.pk,
        button=_("Checked today: right"),
        speaks=False,
        more=_("Correct it"),
    )


def _stale(row: Commitment) -> Waiting:
    """A promise of which a year has passed: confirmed on the page where its words stand in full."""
    when = ""
    still_true = reverse("admin:still_true", args=[row.city.slug])
    short_title = translated(row.point, "short_title")
    if row.confirmed_on:
        date_words = format_date(row.confirmed_on, current_language())
        when = _("last confirmed %(date)s") % {"date": date_words}
    return Waiting(
        "stale",
        "stale",
        _("Not confirmed for a year"),
        str(row.point),
        f"{still_true}#promise-{row.pk}",
        row.confirmed_on + CONFIRMED_FOR if row.confirmed_on else NO_DATE,
        key=row.pk,
        button=_("Read and confirm"),
        is_spoken=True,
        when=when,
        short=f"{row.point.number} {short_title}",
    )


def _late(row: Action) -> Waiting:
    """An overdue action. Most often it is done: that is one press. The rest is on its page."""
    waiting = Waiting(
        "late",
        "late",
        # Translators: an action whose day has passed
        _("Overdue"),
        str(row),
        action_url(row, "status"),
        parse(row.due).last_day(),
        key=row.pk,
        button=_("Look at it"),
        when=_("due %(date)s") % {"date": format_partial(row.due, current_language())},
    )
    if not row.is_stated:
        return waiting
    return replace(
        waiting,
        do="finish",
        button=_("It is done"),
        speaks=False,
        more=_("Another answer"),
    )


def _is_unproved(row: Any) -> bool:
    """Whether nothing shows a done action of the city; `row` comes from `_actions`."""
    is_done = row.status == Action.Status.DONE
    has_proof = row.has_evidence or row.has_any
    return is_done and row.is_stated and not has_proof


def _unproved(row: Action) -> Waiting:
    return Waiting(
        "proof",
        "missing",
        _("Done, and nothing shows it"),
        str(row),
        action_url(row, "evidence"),
        key=row.pk,
        button=_("Add evidence"),
    )


def _claim(row: Action) -> Waiting:
    return Waiting(
        "claim",
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


# --- What is not public yet -----------------------------------------------------------------------


def _drafts(city: City) -> list[Waiting]:
    """Changes of public entries that the public does not read: one line for all."""
    rows = Draft.objects.filter(city=city).order_by("-saved_at").prefetch_related("record")
    drafts = list(rows)
    if not drafts:
        return []
    words = ngettext(
        "%(count)d draft that the public does not read",
        "%(count)d drafts that the public does not read",
        len(drafts),
    )
    waiting = Waiting(
        "draft",
        "draft",
        words % {"count": len(drafts)},
        str(drafts[0].record or city),
        reverse("admin:members_draft_changelist"),
        button=_("Look at them"),
    )
    return [waiting]


def _unpublished(city: City, actions: list[Action]) -> list[Waiting]:
    """Actions and programmes that the public does not see: one line for each kind."""
    waiting = []
    own = [row for row in actions if not row.published_at]
    if own:
        words = ngettext(
            "%(count)d action is not public yet",
            "%(count)d actions are not public yet",
            len(own),
        )
        first = own[0]
        waiting.append(_not_public(words % {"count": len(own)}, str(first), action_url(first), 1))
    programmes: Any = apps.get_model("programs.programme")._default_manager
    hidden = list(programmes.filter(city=city, published_at=None).order_by("pk"))
    if hidden:
        words = ngettext(
            "%(count)d programme is not public yet",
            "%(count)d programmes are not public yet",
            len(hidden),
        )
        url = reverse("admin:programs_programme_change", args=[hidden[0].pk])
        waiting.append(_not_public(words % {"count": len(hidden)}, str(hidden[0]), url, 2))
    return waiting


def _not_public(what: str, about: str, url: str, key: int) -> Waiting:
    return Waiting(
        "unpublished",
        "draft",
        what,
        about,
        url,
        key=key,
        button=_("Look at it"),
    )


def _hidden(city: City) -> list[Waiting]:
    """Files that are to show a public action, and that nobody may open."""
    rows = Evidence.objects.filter(
        action__commitment__city=city,
        action__published_at__isnull=False,
        office_only=False,
        document__isnull=False,
        document__public_since=None,
    )
    related = rows.select_related("action__commitment__city", "document")
    hidden = list(related.order_by("pk"))
    if not hidden:
        return []
    words = ngettext(
        "%(count)d file that shows an action is not public",
        "%(count)d files that show actions are not public",
        len(hidden),
    )
    waiting = Waiting(
        "hidden",
        "draft",
        words % {"count": len(hidden)},
        str(hidden[0].document),
        action_url(hidden[0].action, "evidence"),
        button=_("Look at it"),
    )
    return [waiting]


def _empty_points(city: City, commitments: list[Commitment]) -> list[Waiting]:
    """Points to which the city has said neither yes nor no: one line, the first point opens."""
    answered = [row.point_id for row in commitments if row.chosen and _is_own(row)]
    points = Point.objects.public().filter(plan__in_force=True)
    empty = list(points.exclude(pk__in=answered).order_by("number"))
    if not empty:
        return []
    words = ngettext(
        "%(count)d point without an answer",
        "%(count)d points without an answer",
        len(empty),
    )
    waiting = Waiting(
        "points",
        "missing",
        words % {"count": len(empty)},
        str(empty[0]),
        reverse("admin:point_work", args=[city.slug, empty[0].number]),
        button=_("Begin with this one"),
    )
    return [waiting]


def _is_own(row: Commitment) -> bool:
    return row.origin == Record.Origin.STATED


def _progress(rows: _CityRows) -> list[Progress]:
    """What the city did this year of what it could do; without what it has nothing of."""
    year = timezone.localdate().year
    answers = [row for row in rows.commitments if row.chosen and _is_own(row)]
    confirmed = [row for row in answers if row.confirmed_on and row.confirmed_on.year == year]
    finished = [row for row in rows.actions if row.status == Action.Status.DONE and row.is_stated]
    proved = [row for row in finished if not _is_unproved(row)]
    contacts = [row for row in rows.contacts if row.published_at]
    checked = [row for row in contacts if not row.is_due]
    label = _("Answers confirmed in %(year)s")
    progress = [
        Progress(label % {"year": year}, len(confirmed), len(answers)),
        Progress(_("Done, with evidence"), len(proved), len(finished)),
        Progress(_("Help contacts checked"), len(checked), len(contacts)),
    ]
    return [one for one in progress if one.total]


# --- Translations ---------------------------------------------------------------------------------


def _translations(city: City, records: Iterable[Record]) -> list[Waiting]:
    """One line: how many entries have an outdated or missing translation.

    Missing ones only in the languages in which this city writes.
    """
    rows = list(records)
    languages = {settings.LANGUAGE_CODE, *languages_of_texts(rows)}
    outdated = []
    missing = []
    for record, states in states_of(rows).items():
        for code, state in states.items():
            if state == State.OUTDATED:
                outdated.append((record, code))
            elif state == State.MISSING and code in languages:
                missing.append((record, code))
    if not outdated and not missing:
        return []
    record, code = (outdated or missing)[0]
    state = State.OUTDATED if outdated else State.MISSING
    waiting = Waiting(
        "texts",
        "outdated" if outdated else "missing",
        _translations_sentence(len(outdated), len(missing)),
        _("Translations"),
        _text_url(city, record, code, state),
        button=_("Begin with the first"),
    )
    return [waiting]


def _translations_sentence(outdated: int, missing: int) -> str:
    """How many translations of both states, in words."""
    parts = []
    if outdated:
        words = ngettext(
            "%(count)d older than its text",
            "%(count)d older than their texts",
            outdated,
        )
        parts.append(words % {"count": outdated})
    if missing:
        words = ngettext("%(count)d missing", "%(count)d missing", missing)
        parts.append(words % {"count": missing})
    return " · ".join(parts)


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
