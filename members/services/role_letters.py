"""Letters about roles in a city, to the people whose roles somebody else changes."""

import logging
from datetime import date

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import format_date
from members import emails
from members.models import CityRole, User
from members.models.cities import city_name
from members.services import letters

logger = logging.getLogger(__name__)

ENDED = "role_ended"
STAYS = "role_stays"
HANDED_OVER = "lead_handed_over"


def tell_of_end(role: CityRole, by: User) -> None:
    """The person learns that somebody ended their role, and from which day on."""
    if role.until is None:
        return
    _take_back(role)
    _write(ENDED, role, by, first_day=role.until)


def tell_of_stay(role: CityRole, by: User) -> None:
    """Whoever read of the end learns that it is taken back; a letter that waits never leaves."""
    if not _take_back(role):
        _write(STAYS, role, by)


def tell_of_hand_over(role: CityRole, by: User, last_day: date | None) -> None:
    """Whoever has the lead now learns from whom, and until when both lead."""
    _write(HANDED_OVER, role, by, first_day=last_day or timezone.localdate())


def _take_back(role: CityRole) -> int:
    return letters.withdraw_unsent(
        about=role,
        kinds=[ENDED, STAYS],
        why=_("The role was changed anew."),
    )


def _write(kind: str, role: CityRole, by: User, first_day: date | None = None) -> None:
    """None to oneself, and none where the address takes no letters: the role changes all the same.

    `first_day`: a day that the letter names.
    """
    person = role.user
    if person == by:
        return
    language = emails.letter_language(person.language)
    with override(language):
        role_name = str(role.get_role_display())
    desk = reverse("admin:city_work", args=[role.city.slug])
    context = {
        "name": str(by),
        "role": role_name,
        "city": str(city_name(role.city, language)),
        "date": format_date(first_day, language) if first_day else "",
        "link": emails.link_to(lambda: desk, language),
    }
    letter = letters.NewLetter(kind=kind, to=person.email, language=language, context=context)
    try:
        letters.write(letter=letter, about=role, by=by)
    except ValidationError as error:
        logger.warning("No letter about role %s: %s", role.pk, error)
