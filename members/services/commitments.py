"""What a city says about its own work, and what the secretariat says about it.

The only writer of "confirmed", of a claim that the city confirms or denies, of reviews and replies,
and of what an accession opens.
"""

import textwrap
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from languages.freshness import record_translations
from languages.models import Freshness
from languages.text import column, own_text, translated_fields
from members.models import (
    Accession,
    AccessionChoice,
    AccessionOwnAction,
    Action,
    City,
    Commitment,
    Point,
    Record,
    Review,
    SuggestedAction,
    User,
)
from members.models.commitments import Answer
from members.permissions import SPEAK, city_of, may_in_city
from members.services import entries


@transaction.atomic
def save(
    *, record: Commitment | Action, changed: Iterable[str], small: bool, publish: bool, by: User
) -> None:
    """Save what a city says about a point or an action, and publish it if `publish`.

    An action becomes public together with the point that it stands under: nobody finds an action
    whose point has no page. `changed` and `small` as in `entries.save`. Raises as `entries.save`
    and `entries.publish` do; nothing is saved then.
    """
    entries.save(record=record, by=by, changed=changed, small=small)
    if publish and isinstance(record, Action):
        entries.publish(record=record.commitment, by=by)
    if publish:
        entries.publish(record=record, by=by)


@transaction.atomic
def add_part(*, part: Record, action: Action, changed: Iterable[str], by: User) -> None:
    """Save a new part of an action: evidence, an update, an indicator or a value.

    It is public if the action is. `changed` as in `entries.save`; raises as `save` does.
    """
    entries.save(record=part, by=by, changed=changed)
    if action.published_at:
        entries.publish(record=part, by=by)


@transaction.atomic
def confirm(*, by: User, commitment: Commitment | None = None, city: City | None = None) -> int:
    """Note that the city says today that one commitment, or all its public ones, are still true.

    Gives the number of them. Raises PermissionDenied for those who do not speak for the city,
    ValidationError for a point of which the city has never said whether it works on it: there is
    nothing to confirm yet.
    """
    row = commitment or city
    if row is None:
        raise TypeError("Say which commitment, or which city.")
    city_key = city_of(row)
    if not may_in_city(by, SPEAK, Commitment, city_key):
        raise PermissionDenied
    rows = Commitment.objects.select_for_update(of=("self",)).filter(city=city_key)
    if commitment:
        rows = rows.filter(pk=commitment.pk)
        if any(row.chosen == Answer.UNKNOWN for row in rows):
            raise ValidationError(
                _("Say first whether your city works on this point."), code="nothing_said"
            )
    else:
        rows = rows.filter(published_at__isnull=False).exclude(chosen=Answer.UNKNOWN)
    now = timezone.now()
    for row in rows:
        row.confirmed_at, row.confirmed_by = now, by
        _state(row, now)
        # Not the version: nothing that somebody may be editing has changed.
        row.save(update_fields=["confirmed_at", "confirmed_by", "origin", "stated_at"])
    return len(rows)


@transaction.atomic
def adopt(*, action: Action, by: User) -> None:
    """Note that a claim found in public sources is right: the city states it now.

    Its sources stay. Raises PermissionDenied for those who do not speak for the city,
    ValidationError for what the city has stated already.
    """
    row = _spoken_of(action, by)
    if row.is_stated:
        raise ValidationError(_("The city has confirmed this already."), code="stated")
    if row.denied_at:
        raise ValidationError(entries.DENIED, code="denied")
    _state(row, timezone.now())
    row.save()


@transaction.atomic
def deny(*, action: Action, by: User) -> None:
    """Declare that a claim found in public sources is wrong: it leaves the public pages.

    The row, its sources and its history stay, and the city can take it back. Raises
    PermissionDenied for those who do not speak for the city, ValidationError for what is no public
    claim.
    """
    row = _spoken_of(action, by)
    if not row.is_claim or row.published_at is None:
        message = _("Only what is public and was found in public sources can be declared wrong.")
        raise ValidationError(message, code="no_claim")
    row.denied_at, row.denied_by = timezone.now(), by
    row.published_at = None
    row.save()


@transaction.atomic
def take_back(*, action: Action, by: User) -> None:
    """Take back that a claim is wrong: it is public again, as found in public sources.

    Raises PermissionDenied for those who do not speak for the city, ValidationError for what was
    not declared wrong.
    """
    row = _spoken_of(action, by)
    if row.denied_at is None:
        raise ValidationError(_("Nobody has declared this wrong."), code="not_denied")
    row.denied_at = row.denied_by = None
    row.save()
    entries.publish(record=row, by=by)


@transaction.atomic
def finish(*, action: Action, by: User) -> None:
    """Note that the city has done what it planned, today.

    Raises PermissionDenied without the right to change the action, ValidationError for one that is
    not open.
    """
    row = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if row.status not in Action.OPEN:
        raise ValidationError(_("This action is not open any more."), code="not_open")
    row.status = Action.Status.DONE
    row.status_as_of = str(timezone.localdate())
    entries.save(record=row, by=by)


@transaction.atomic
def review(*, record: Review, by: User, changed: Iterable[str] = ()) -> None:
    """Save what the secretariat found about an action; it is public at once, as is the reply.

    Raises PermissionDenied without the right to review, ValidationError where the city has replied
    to it: what was replied to is not rewritten.
    """
    if not by.has_perm("add" if record._state.adding else "change", record):
        raise PermissionDenied
    if not record._state.adding:
        before = Review.objects.select_for_update(of=("self",)).get(pk=record.pk)
        if before.replied_at is not None:
            raise ValidationError(
                _("The city has replied to this review. Write a new one."), code="replied"
            )
    record.reviewed_at, record.reviewed_by = timezone.now(), by
    record.published_at = record.published_at or record.reviewed_at
    record.fictional = record.action.fictional
    record.save()
    record_translations(record, changed=changed, how=Freshness.How.OFFICE, by=by)


@transaction.atomic
def reply(*, review: Review, by: User, texts: Mapping[str, str]) -> None:
    """Save the city's reply to a review, by column (`reply_pl`); a later one replaces it.

    Raises PermissionDenied for those who do not speak for the city, ValidationError for an empty
    reply.
    """
    row = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if not by.has_perm(SPEAK, row):
        raise PermissionDenied
    if not any(text.strip() for text in texts.values()):
        raise ValidationError(_("Write the reply in one language at least."), code="required")
    for code, _name in settings.SCHEMA_LANGUAGES:
        name = column("reply", code)
        text = texts.get(name, "")
        setattr(row, name, text.strip())
    row.replied_at, row.replied_by = timezone.now(), by
    row.save()
    record_translations(row, changed=texts, how=Freshness.How.OFFICE, by=by)


@transaction.atomic
def open_from_accession(*, accession: Accession, by: User) -> list[Commitment]:
    """Write what an admitted city chose in its file as commitments and planned actions.

    Gives the commitments of all points that it chose. What is there already stays: a second call
    adds nothing. Raises PermissionDenied without the right to add them.
    """
    if not may_in_city(by, "add", Commitment, accession.city_id):
        raise PermissionDenied
    opened: dict[int, Commitment] = {}

    def under(point: Point) -> Commitment:
        if point.pk not in opened:
            opened[point.pk] = _chosen(accession, point)
        return opened[point.pk]

    for choice in accession.choices.select_related("suggested_action__point").order_by("pk"):
        _open_suggested(under(choice.suggested_action.point), choice)
    for own in accession.own_actions.select_related("point").order_by("point__number", "order"):
        _open_own(under(own.point), own)
    return list(opened.values())


def _spoken_of(action: Action, by: User) -> Action:
    """The locked row of what somebody says something about in the city's name."""
    row = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if not by.has_perm(SPEAK, row):
        raise PermissionDenied
    return row


def _state(record: Record, now: datetime) -> None:
    record.origin = Record.Origin.STATED
    record.stated_at = record.stated_at or now


def _chosen(accession: Accession, point: Point) -> Commitment:
    """The city's commitment under a point, chosen by its own word in the file."""
    locked = Commitment.objects.select_for_update(of=("self",))
    row = locked.filter(city=accession.city_id, point=point).first()
    if row is None:
        language = accession.source_language
        row = Commitment(city=accession.city, point=point, source_language=language)
    if row.chosen != Answer.YES or row.published_at is None:
        row.chosen = Answer.YES
        _publish_stated(row, accession)
        row.save()
    return row


def _open_suggested(commitment: Commitment, choice: AccessionChoice) -> None:
    suggested = choice.suggested_action
    if commitment.actions.filter(suggested_action=suggested).exists():
        return
    fields = {"source_language": suggested.source_language, "suggested_action": suggested}
    _open(commitment, choice.accession, _texts_of(suggested), **fields)


def _texts_of(row: SuggestedAction | AccessionOwnAction) -> dict[str, str]:
    """What should be done, by language."""
    texts = {}
    for code, _name in settings.SCHEMA_LANGUAGES:
        texts[code] = own_text(row, "text", code).strip()
    return texts


def _open_own(commitment: Commitment, own: AccessionOwnAction) -> None:
    texts = _texts_of(own)
    title = _title(texts[own.source_language])
    same = {column("title", own.source_language): title}
    if not commitment.actions.filter(**same).exists():
        _open(commitment, own.accession, texts, source_language=own.source_language)


def _open(
    commitment: Commitment, accession: Accession, texts: dict[str, str], **fields: object
) -> None:
    """Write down a planned action; a text too long for a title stands whole in the description."""
    long = any(_title(text) != text for text in texts.values())
    row = Action(commitment=commitment, status=Action.Status.PLANNED, **fields)
    row.existed_before = Answer.NO
    for code, text in texts.items():
        setattr(row, column("title", code), _title(text))
        setattr(row, column("description", code), text if long else "")
    _publish_stated(row, accession)
    row.save()
    columns = [column(name, code) for name in translated_fields(Action) for code in texts]
    record_translations(row, changed=columns, how=Freshness.How.OFFICE)


def _title(text: str) -> str:
    longest = Action._meta.get_field("title").max_length or 0
    return textwrap.shorten(text, longest, placeholder="…")


def _publish_stated(record: Record, accession: Accession) -> None:
    now = timezone.now()
    _state(record, now)
    record.published_at = record.published_at or now
    record.fictional = accession.city.fictional
