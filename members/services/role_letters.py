"""Letters about roles in a city: to the people whose roles somebody else changes, and to whoever
works with them."""

import logging
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from languages.dates import format_date
from members import emails
from members.models import CityRole, User
from members.models.cities import city_name
from members.services import accession_letters, letters

logger = logging.getLogger(__name__)

ENDED = "role_ended"
STAYS = "role_stays"
HANDED_OVER = "lead_handed_over"
# To the other leads and the office.
CHANGED = "lead_changed"
GONE = "lead_gone"


class RoleNews(NamedTuple):
    """What happened to a role: by whom, from or until which day, and the page to look at."""

    kind: str
    role: CityRole
    by: User
    day: date | None
    page: str


def tell_of_end(role: CityRole, by: User) -> None:
    """The person learns that somebody ended their role, and from which day on."""
    if role.until is None:
        return
    _take_back(role)
    _tell_person(_news(ENDED, role, by, role.until))


def tell_of_stay(role: CityRole, by: User) -> None:
    """Whoever read of the end learns that it is taken back; a letter that waits never leaves."""
    _take_back(role, [GONE])
    if not _take_back(role):
        _tell_person(_news(STAYS, role, by, None))


def tell_of_hand_over(role: CityRole, by: User, last_day: date | None) -> None:
    """Whoever has the lead now learns from whom, and until when both lead; the other leads and the
    office learn of both."""
    day = last_day or timezone.localdate()
    news = _news(
        HANDED_OVER,
        role,
        by,
        day,
    )
    _tell_person(news)
    page = _address("team", role)
    for_others = news._replace(
        kind=CHANGED,
        page=page,
    )
    others = _other_leads(role, by)
    _tell(others, for_others)
    office = accession_letters.secretariat()
    _tell(office, for_others)


def _other_leads(role: CityRole, by: User) -> list[tuple[str, str]]:
    """The addresses and languages of the leads of the city today beside these two."""
    leads = CityRole.objects.current().filter(
        city=role.city,
        role=CityRole.Role.LEAD,
        user__is_active=True,
    )
    others = leads.exclude(user__in=[role.user_id, by.pk])
    boxes = others.values_list("user__email", "user__language")
    return list(boxes.order_by("pk"))


def tell_of_leaving(role: CityRole, by: User) -> None:
    """The office learns that nobody leads for the city any more, and from which day on."""
    page = reverse("admin:members_invitation_add")
    news = RoleNews(
        kind=GONE,
        role=role,
        by=by,
        day=role.until,
        page=f"{page}?city={role.city_id}",
    )
    office = accession_letters.secretariat()
    _tell(office, news)


def _take_back(role: CityRole, kinds: list[str] | None = None) -> int:
    return letters.withdraw_unsent(
        about=role,
        kinds=kinds or [ENDED, STAYS],
        why=_("The role was changed anew."),
    )


def _news(kind: str, role: CityRole, by: User, day: date | None) -> RoleNews:
    """With the page of the city."""
    page = _address("city_work", role)
    return RoleNews(
        kind=kind,
        role=role,
        by=by,
        day=day,
        page=page,
    )


def _address(page: str, role: CityRole) -> str:
    slug = role.city.slug
    name = f"admin:{page}"
    return reverse(
        name,
        args=[slug],
    )


def _tell_person(news: RoleNews) -> None:
    """None to oneself."""
    person = news.role.user
    if person == news.by:
        return
    box = (person.email, person.language)
    _tell([box], news)


def _tell(boxes: list[tuple[str, str]], news: RoleNews) -> None:
    """One letter for each address and language; none where the address takes no letters: the role
    changes all the same."""
    for to, code in boxes:
        language = emails.letter_language(code)
        letter = letters.NewLetter(
            kind=news.kind,
            to=to,
            language=language,
            context=_context(news, language),
        )
        try:
            letters.write(
                letter=letter,
                about=news.role,
                by=news.by,
            )
        except ValidationError as error:
            logger.warning("No letter about role %s: %s", news.role.pk, error)


def _context(news: RoleNews, language: str) -> dict[str, str]:
    role = news.role
    with override(language):
        role_name = str(role.get_role_display())
    return {
        "name": str(news.by),
        "successor": str(role.user),
        "role": role_name,
        "city": str(city_name(role.city, language)),
        "date": format_date(news.day, language) if news.day else "",
        "link": emails.link_to(lambda: news.page, language),
    }
