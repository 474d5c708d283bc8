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
from django.db.models import QuerySet
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
from members.services import entries, evidence_files


@transaction.atomic
def save(
    *, record: Commitment, changed: Iterable[str], small: bool, publish: bool, by: User
) -> None:
    """Save what a city says about a point, and publish it if `publish`.

    `changed` and `small` as in `entries.save`. Raises as `entries.save` and `entries.publish` do;
    nothing is saved then.
    """
    entries.save(record=record, by=by, changed=changed, small=small)
    if publish:
        entries.publish(record=record, by=by)


@transaction.atomic
def publish_action(*, action: Action, by: User) -> None:
    """Publish an action together with the point that it stands under.

    Nobody finds an action whose point has no page. The city says by the action that it works on the
    point. Before that, the answer of a public point stays "not known": a "yes" without a text or a
    public action would be an empty promise. Raises as `entries.publish` does, and ValidationError
    where the city says "no" to the point.
    """
    locked = Commitment.objects.select_for_update(of=("self",))
    commitment = locked.get(pk=action.commitment_id)
    if action.is_stated and commitment.chosen == Answer.NO:
        raise ValidationError(not_chosen(), code="not_chosen")
    entries.publish(record=action, by=by)
    is_unanswered = commitment.chosen == Answer.UNKNOWN
    if is_unanswered and action.is_stated and not by.is_secretariat:
        commitment.chosen = Answer.YES
        entries.save(record=commitment, by=by)
    entries.publish(record=commitment, by=by)


def not_chosen() -> str:
    return _("Your city says that it does not work on this point. Change that first.")


@transaction.atomic
def add_part(*, part: Record, action: Action, changed: Iterable[str], by: User) -> None:
    """Save a new part of an action: evidence, an update, an indicator or a value.

    It is public if the action is. `changed` as in `entries.save`; raises as `save` does.
    """
    entries.save(
        record=part,
        by=by,
        changed=changed,
    )
    is_public = action.published_at is not None
    if is_public:
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
    locked = Commitment.objects.select_for_update(of=("self",))
    rows = locked.filter(city=city_key)
    if commitment:
        rows = rows.filter(pk=commitment.pk)
        says_nothing = any(row.chosen == Answer.UNKNOWN for row in rows)
        if says_nothing:
            message = _("Say first whether your city works on this point.")
            raise ValidationError(message, code="nothing_said")
    else:
        public = rows.filter(published_at__isnull=False)
        rows = public.exclude(chosen=Answer.UNKNOWN)
    now = timezone.now()
    for row in rows:
        row.confirmed_at = now
        row.confirmed_by = by
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
    now = timezone.now()
    _state(row, now)
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
    row.denied_at = timezone.now()
    row.denied_by = by
    row.published_at = None
    row.save()
    evidence_files.follow_all(row)


@transaction.atomic
def take_back(*, action: Action, by: User) -> None:
    """Take back that a claim is wrong: it is public again, as found in public sources.

    Raises PermissionDenied for those who do not speak for the city, ValidationError for what was
    not declared wrong.
    """
    row = _spoken_of(action, by)
    if row.denied_at is None:
        message = _("Nobody has declared this wrong.")
        raise ValidationError(message, code="not_denied")
    row.denied_at = None
    row.denied_by = None
    row.save()
    entries.publish(record=row, by=by)


@transaction.atomic
def finish(*, action: Action, by: User) -> None:
    """Note that the city has done what it planned, today.

    Raises PermissionDenied without the right to change the action, ValidationError for one that is
    not open.
    """
    locked = Action.objects.select_for_update(of=("self",))
    row = locked.get(pk=action.pk)
    is_open = row.status in Action.OPEN
    if not is_open:
        message = _("This action is not open any more.")
        raise ValidationError(message, code="not_open")
    today = timezone.localdate()
    row.status = Action.Status.DONE
    row.status_as_of = str(today)
    entries.save(record=row, by=by)


@transaction.atomic
def review(*, record: Review, by: User, changed: Iterable[str] = ()) -> None:
    """Save what the secretariat found about an action; it is public at once, as is the reply.

    Raises PermissionDenied without the right to review, ValidationError where the city has replied
    to it: what was replied to is not rewritten.
    """
    is_new = record._state.adding
    right = "add" if is_new else "change"
    if not by.has_perm(right, record):
        raise PermissionDenied
    if not is_new:
        locked = Review.objects.select_for_update(of=("self",))
        before = locked.get(pk=record.pk)
        if before.replied_at is not None:
            message = _("The city has replied to this review. Write a new one.")
            raise ValidationError(message, code="replied")
    now = timezone.now()
    record.reviewed_at = now
    record.reviewed_by = by
    record.published_at = record.published_at or now
    record.fictional = record.action.fictional
    record.save()
    record_translations(record, changed=changed, how=Freshness.How.OFFICE, by=by)


@transaction.atomic
def reply(*, review: Review, by: User, texts: Mapping[str, str]) -> None:
    """Save the city's reply to a review, by column (`reply_pl`); a later one replaces it.

    Raises PermissionDenied for those who do not speak for the city, ValidationError for an empty
    reply.
    """
    locked = Review.objects.select_for_update(of=("self",))
    row = locked.get(pk=review.pk)
    if not by.has_perm(SPEAK, row):
        raise PermissionDenied
    has_text = any(text.strip() for text in texts.values())
    if not has_text:
        message = _("Write the reply in one language at least.")
        raise ValidationError(message, code="required")
    for code, _name in settings.SCHEMA_LANGUAGES:
        name = column("reply", code)
        text = texts.get(name, "").strip()
        setattr(row, name, text)
    row.replied_at = timezone.now()
    row.replied_by = by
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
        key = point.pk
        if key not in opened:
            opened[key] = _chosen(accession, point)
        return opened[key]

    choices = accession.choices.select_related("suggested_action__point")
    for choice in choices.order_by("pk"):
        commitment = under(choice.suggested_action.point)
        _open_suggested(commitment, choice)
    own_actions = accession.own_actions.select_related("point")
    for own in own_actions.order_by("point__number", "order"):
        commitment = under(own.point)
        _open_own(commitment, own)
    return list(opened.values())


def _spoken_of(action: Action, by: User) -> Action:
    """The locked row of what somebody says something about in the city's name."""
    locked = Action.objects.select_for_update(of=("self",))
    row = locked.get(pk=action.pk)
    if not by.has_perm(SPEAK, row):
        raise PermissionDenied
    return row


def _state(record: Record, now: datetime) -> None:
    record.origin = Record.Origin.STATED
    if record.stated_at is None:
        record.stated_at = now


def _chosen(accession: Accession, point: Point) -> Commitment:
    """The city's commitment under a point, chosen by its own word in the file."""
    locked = Commitment.objects.select_for_update(of=("self",))
    row = locked.filter(
        city=accession.city_id,
        point=point,
    ).first()
    if row is None:
        row = Commitment(
            city=accession.city,
            point=point,
            source_language=accession.source_language,
        )
    is_public = row.published_at is not None
    if row.chosen != Answer.YES or not is_public:
        row.chosen = Answer.YES
        _publish_stated(row, accession)
        row.save()
    return row


def _open_suggested(commitment: Commitment, choice: AccessionChoice) -> None:
    suggested = choice.suggested_action
    same = commitment.actions.filter(suggested_action=suggested)
    if same.exists():
        _show_again(same, choice.accession)
        return
    texts = _texts_of(suggested)
    fields = {
        "source_language": suggested.source_language,
        "suggested_action": suggested,
    }
    _open(commitment, choice.accession, texts, **fields)


def _texts_of(row: SuggestedAction | AccessionOwnAction) -> dict[str, str]:
    """What should be done, by language."""
    texts = {}
    for code, _name in settings.SCHEMA_LANGUAGES:
        text = own_text(row, "text", code)
        texts[code] = text.strip()
    return texts


def _open_own(commitment: Commitment, own: AccessionOwnAction) -> None:
    language = own.source_language
    texts = _texts_of(own)
    title = _title(texts[language])
    title_column = column("title", language)
    same = commitment.actions.filter(**{title_column: title})
    if same.exists():
        _show_again(same, own.accession)
        return
    _open(commitment, own.accession, texts, source_language=language)


def _show_again(actions: QuerySet[Action], accession: Accession) -> None:
    """Publish what the file says and an annulment took off the public pages."""
    for row in actions.filter(origin=Record.Origin.STATED, published_at=None):
        _publish_stated(row, accession)
        row.save()


def _open(
    commitment: Commitment, accession: Accession, texts: dict[str, str], **fields: object
) -> None:
    """Write down a planned action; a text too long for a title stands whole in the description."""
    is_too_long = any(_title(text) != text for text in texts.values())
    row = Action(
        commitment=commitment,
        status=Action.Status.PLANNED,
        existed_before=Answer.NO,
        **fields,
    )
    for code, text in texts.items():
        title = _title(text)
        description = text if is_too_long else ""
        setattr(row, column("title", code), title)
        setattr(row, column("description", code), description)
    _publish_stated(row, accession)
    row.save()
    columns: list[str] = []
    for name in translated_fields(Action):
        columns += [column(name, code) for code in texts]
    record_translations(
        row,
        changed=columns,
        how=Freshness.How.OFFICE,
    )


def _title(text: str) -> str:
    longest = Action._meta.get_field("title").max_length or 0
    return textwrap.shorten(text, longest, placeholder="…")


def _publish_stated(record: Record, accession: Accession) -> None:
    now = timezone.now()
    _state(record, now)
    if record.published_at is None:
        record.published_at = now
    city = accession.city
    record.fictional = city.fictional
