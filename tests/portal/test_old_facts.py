"""On the real data: no action that is old or has no date is told as the present."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from members.age import STATUS_WORDS, Age, Status, age_of, has_recent_status, status_words, year_of
from members.models import Action, City
from members.strip import StripColumn, strips_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

LANGUAGES = [code for code, _name in settings.LANGUAGES]


def public_actions() -> list[Action]:
    actions = Action.objects.public().filter(status__in=Action.OPEN)
    return list(actions.select_related("commitment__city"))


def plain(html: str) -> str:
    """The text of a piece of HTML, with one space between words."""
    text = unescape(re.sub(r"<[^>]+>", " ", html))
    return " ".join(text.split())


def test_database_and_pages_agree_which_actions_are_recent():
    keys = set(Action.objects.filter(has_recent_status()).values_list("pk", flat=True))
    assert keys == {row.pk for row in Action.objects.all() if age_of(row.as_of) is Age.RECENT}
    assert 0 < len(keys) < Action.objects.count()


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_of_every_open_action_say_its_year_or_that_it_has_none(code):
    with override(code):
        for action in public_actions():
            words = status_words(action)
            age = age_of(action.as_of)
            present = str(STATUS_WORDS[Status(action.status)][Age.RECENT])
            beginning = present.split("{", maxsplit=1)[0].rstrip(" ,")
            if age is Age.OLD and not action.is_late:
                assert year_of(action.as_of) in words, action
            if age is Age.UNDATED and not action.is_late:
                # French sets a no-break space before it.
                rest = words.removeprefix(beginning).lstrip("\u00a0")
                assert rest.startswith(";"), (action, words)


def test_page_of_every_city_says_the_age_of_every_open_action():
    """Each city in one language, the languages in turn: the words are the same in all."""
    pages: dict[str, str] = {}
    actions = public_actions()
    slugs = sorted({action.commitment.city.slug for action in actions})
    codes = {slug: LANGUAGES[place % len(LANGUAGES)] for place, slug in enumerate(slugs)}
    for slug, code in codes.items():
        pages[slug] = Client().get(f"/{code}/cities/{slug}/").text
    assert {age_of(action.as_of) for action in actions} == set(Age)
    for action in actions:
        slug = action.commitment.city.slug
        entry = pages[slug].split(f'id="action-{action.pk}">')[1]
        byline = entry.split('<p class="byline">')[1].split("</p>")[0]
        with override(codes[slug]):
            words = plain(status_words(action))
        # The first letter is a capital there.
        assert words[1:] in plain(byline), (slug, action)


def test_page_of_every_point_tells_the_last_three_years_apart():
    """2024 to 2026 in the year 2026; what is older, or has no date, stands below."""
    years = {"News of the last three years": set(), "Older news, nothing later known": set()}
    for number in range(1, 11):
        parts = re.split(r"<h3>(.*?)</h3>", Client().get(f"/en/plan/{number}/").text)
        for heading, part in zip(parts[1::2], parts[2::2], strict=True):
            if heading in years:
                rows = part.split("</ul>")[0]
                years[heading] |= set(re.findall(r'<span class="year">(\d*)</span>', rows))
    recent, older = years.values()
    assert recent
    assert older
    assert {age_of(year) for year in recent} == {Age.RECENT}
    assert Age.RECENT not in {age_of(year) for year in older}


def stands_on_old_news(column: StripColumn) -> bool:
    """Whether public sources alone speak of the point, and all of them are old or undated."""
    if not column.is_only_claimed:
        return False
    dates = [action.as_of for action in column.actions]
    dates += [date for date in (column.plan_as_of, column.assigned_as_of) if date is not None]
    return all(age_of(date) is not Age.RECENT for date in dates)


def test_bars_on_old_news_are_dashed_and_said_to_be_old():
    cities = list(City.objects.public())
    old = []
    for strip in strips_for(cities).values():
        old += [column for column in strip.columns if stands_on_old_news(column)]
    assert len(old) > 100
    for column in old:
        assert column.dashed_path, column
        assert not column.outline_path, column
        assert column.words.endswith("; old or undated"), column
