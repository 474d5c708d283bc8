"""Planning an action under a point: one that the plan suggests, or one of the city's own."""

import textwrap

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from languages.folding import words
from languages.freshness import record_translations
from languages.models import Freshness
from languages.text import column, own_text
from members.models import Action, City, Commitment, Point, SuggestedAction, User
from members.models.commitments import Answer
from members.permissions import may_in_city
from members.services import commitments, entries

TITLE_LENGTH = Action._meta.get_field("title").max_length or 0


@transaction.atomic
def take_up(*, city: City, suggested: SuggestedAction, by: User, says_yes: bool = False) -> Action:
    """Plan what the plan suggests, with its wording in every language; it is not public yet.

    A city that plans something says by this that it works on the point; the public reads that once
    the action is public (`commitments.publish_action`). `says_yes`: the person has answered so on
    the page and not saved it yet. Raises PermissionDenied for those who do not write for the city,
    ValidationError for what the city has taken up already, or where it says that it does not work
    on the point.
    """
    point = suggested.point
    commitment = _commitment(city, point, by, says_yes)
    same = commitment.actions.filter(suggested_action=suggested)
    if same.exists():
        message = _("Your city has taken this up already.")
        raise ValidationError(message, code="taken_up")
    action = Action(
        suggested_action=suggested,
        source_language=suggested.source_language,
    )
    columns = _fill_texts(action, suggested)
    _plan(action, commitment, by)
    how = Freshness.How.OFFICIAL
    record_translations(
        action,
        changed=columns,
        how=how,
    )
    return action


def _fill_texts(action: Action, suggested: SuggestedAction) -> list[str]:
    """Give the action the suggested wording; the columns that were filled.

    A text that is too long for a title stands whole in the description.
    """
    columns = []
    for code, _name in settings.SCHEMA_LANGUAGES:
        text = own_text(suggested, "text", code)
        title = textwrap.shorten(text, TITLE_LENGTH, placeholder="…")
        is_too_long = len(text) > TITLE_LENGTH
        description = text if is_too_long else ""
        texts = {
            column("title", code): title,
            column("description", code): description,
        }
        for name, value in texts.items():
            setattr(action, name, value)
        columns += list(texts)
    return columns


@transaction.atomic
def begin(*, city: City, point: Point, title: str, by: User, says_yes: bool = False) -> Action:
    """Plan an action of the city's own; `title` is in the person's language.

    Raises as `take_up` does, and for a title that stands under the point already: it was sent
    twice, or after the browser's "Back".
    """
    language = by.language
    action = Action(source_language=language)
    name = column("title", language)
    setattr(action, name, title)
    commitment = _commitment(city, point, by, says_yes)
    _refuse_same_title(commitment, name, title)
    _plan(action, commitment, by)
    return action


def _refuse_same_title(commitment: Commitment, name: str, title: str) -> None:
    titles = commitment.actions.values_list(name, flat=True)
    present = [words(other) for other in titles if other]
    if words(title) not in present:
        return
    message = _(
        "“%(title)s” stands among your city’s actions already: it was added a moment ago, or "
        "earlier. Give another action a title that tells the two apart."
    )
    raise ValidationError(message, code="same_title", params={"title": title})


def _plan(action: Action, commitment: Commitment, by: User) -> None:
    action.commitment = commitment
    action.status = Action.Status.PLANNED
    action.fictional = commitment.fictional
    entries.save(record=action, by=by)


def _commitment(city: City, point: Point, by: User, says_yes: bool) -> Commitment:
    if not may_in_city(by, "add", Commitment, city.pk):
        raise PermissionDenied
    entries.lock_city(city)
    locked = Commitment.objects.select_for_update(of=("self",))
    rows = locked.filter(
        city=city,
        point=point,
    )
    row = rows.first()
    if row is None:
        row = Commitment(
            city=city,
            point=point,
            source_language=by.language,
            fictional=city.fictional,
        )
    answer = row.chosen
    if answer == Answer.NO and not says_yes:
        raise ValidationError(commitments.not_chosen(), code="not_chosen")
    if answer == Answer.UNKNOWN and row.published_at is None:
        row.chosen = Answer.YES
        entries.save(record=row, by=by)
    return row
