"""The first page: headline, the examples of the day, a strip explained, what is new, joining."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from members.models import Action, City, Commitment, Membership, NetworkText
from portal.home_records import (
    examples_of_today,
    keys_in_turn,
    next_days,
    strip_of,
    what_is_new,
)
from portal.models import Example, News

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def on_day(monkeypatch):
    """Sets the day that the portal takes for today."""

    def set_day(day: date) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)

    return set_day


def titles() -> list[str]:
    return [example.action.title_en for example in examples_of_today()]


def members():
    return City.objects.public().real().filter(memberships__in=Membership.objects.public().open())


@pytest.mark.parametrize("code", LANGUAGES)
def test_headline_has_at_most_ten_words(code, client: Client):
    html = client.get(f"/{code}/").text
    headline = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)[1]
    headline = re.sub(r"<[^>]+>", "", headline).strip()
    assert 3 <= len(headline.split()) <= 10
    text = NetworkText.objects.get(key="headline")
    assert headline == getattr(text, f"text_{code}")


def test_examples_are_the_same_all_day_and_others_tomorrow(on_day):
    on_day(date(2026, 11, 29))
    first_day = titles()
    assert first_day == titles()
    assert len(first_day) == 3
    on_day(date(2026, 11, 30))
    assert not set(titles()) & set(first_day)


def test_office_reads_when_each_example_is_told(on_day, person, browse):
    """The day that the list and the page of an example name is the day on which it is told."""
    on_day(date(2026, 11, 29))
    keys = keys_in_turn()
    days = next_days(keys)
    assert list(days.values()).count(date(2026, 11, 29)) == 3
    for key, day in days.items():
        on_day(day)
        assert Example.objects.get(pk=key).action.title_en in titles()
    on_day(date(2026, 11, 29))
    office = browse(person("secretariat"))
    html = office.get("/admin/portal/example/?all=").text
    assert html.count('<td class="field-next_day">today</td>') == 3
    tomorrow = next(key for key, day in days.items() if day == date(2026, 11, 30))
    page = office.get(f"/admin/portal/example/{tomorrow}/change/").text
    assert "Next: 30 November 2026." in page
    assert f"three examples a day, in turn; there are {len(keys)}." in page
    assert "three examples a day" in office.get("/admin/portal/example/add/").text
    Example.objects.filter(pk=tomorrow).update(published_at=None)
    page = office.get(f"/admin/portal/example/{tomorrow}/change/").text
    assert "Not before it is public" in page


def test_every_example_has_its_day(on_day):
    told = set()
    for day in range(1, 1 + Example.objects.count()):
        on_day(date(2026, 11, day))
        told |= set(titles())
    assert told == {row.action.title_en for row in Example.objects.select_related("action")}


def test_example_names_city_year_and_source(client: Client):
    (example, *_others) = examples_of_today()
    html = client.get("/en/").text.split('class="examples"')[1].split("</ul>")[0]
    assert str(example.city) in html
    assert example.year in html
    assert f'href="{example.source.url}"' in html
    assert f'href="{example.action.get_absolute_url()}"' in html


def test_example_goes_with_its_action(on_day):
    on_day(date(2026, 11, 29))
    before = titles()
    Action.objects.filter(title_en=before[0]).update(published_at=None)
    assert before[0] not in titles()
    assert len(titles()) == 3
    Example.objects.exclude(action__title_en=before[1]).delete()
    assert titles() == [before[1]]
    Example.objects.all().delete()
    assert titles() == []


def test_page_has_no_empty_parts(client: Client):
    Example.objects.all().delete()
    News.objects.all().delete()
    Membership.objects.update(joined="2011")
    html = client.get("/en/").text
    for part in ('id="examples"', 'id="new"'):
        assert part not in html
    Commitment.objects.update(published_at=None)
    assert 'id="how-to-read"' not in client.get("/en/").text


def test_strip_of_a_member_is_explained_where_the_office_chose_no_examples(client: Client):
    Example.objects.all().delete()
    explained = strip_of(members())
    html = client.get("/en/").text.split('id="how-to-read"')[1].split("</section>")[0]
    assert f'href="{explained.city.get_absolute_url()}"' in html
    assert not explained.city.fictional


def test_strip_is_that_of_a_real_city_and_reads_each_known_column(client: Client):
    explained = strip_of(example.city for example in examples_of_today())
    known = [column for column in explained.strip.columns if column.is_known]
    html = client.get("/en/").text.split('id="how-to-read"')[1].split("</section>")[0]
    assert f'href="{explained.city.get_absolute_url()}"' in html
    for column in known:
        assert column.words in html
        assert f"<b>{column.number}</b>" in html
    readings = explained.readings
    assert sorted(column.number for columns in readings for column in columns) == [
        column.number for column in known
    ]
    assert all(len({column.words for column in columns}) == 1 for columns in readings)
    assert strip_of([]) is None
    assert strip_of(City.objects.filter(slug="oswiecim")) is None


def test_nothing_old_is_called_new(on_day):
    on_day(date(2026, 11, 29))
    groups = what_is_new(members())
    rows = [row for group in groups for row in group.rows]
    assert rows
    assert {row.year for row in rows} <= {"2024", "2025", "2026"}
    assert [row.on for row in rows] == sorted((row.on for row in rows), reverse=True)
    on_day(date(2029, 1, 1))
    assert what_is_new(members()) == []


def test_news_of_earlier_years_stand_under_their_years(client: Client, on_day):
    """A day on which the newest row is new and the others are not, and one on which none is."""
    on_day(date(2026, 11, 29))
    newest = what_is_new(members())[0].rows[0]
    year, month, *_day = map(int, newest.on.split("-"))
    on_day(date(year, month, 28))
    new, earlier = what_is_new(members())
    assert new.are_new
    assert newest.on in {row.on for row in new.rows}
    assert max(row.on for row in earlier.rows) < f"{year - 1}-{month:02}-28"
    html = " ".join(client.get("/en/").text.split())
    assert html.index("What is new </h2>") < html.index(f"Last known: {earlier.years} </h2>")
    on_day(date(year + 1, month, 28))
    html = " ".join(client.get("/en/").text.split())
    assert "What is new </h2>" not in html
    assert f"Last known: {year - 1}–{year} </h2>" in html


def test_country_says_of_which_years_its_news_are(client: Client, on_day):
    news = News.objects.public().real().filter(city__country__code="PL").newest()
    newest = news[0].on
    on_day(date.fromisoformat(str(newest)))
    html = " ".join(client.get("/en/countries/pl/").text.split())
    assert '<h2 id="news"> News of its cities </h2>' in html
    on_day(date(2028, 1, 1))
    html = " ".join(client.get("/en/countries/pl/").text.split())
    assert re.search(r'<h2 id="news"> News of its cities: (20\d\d–)?20\d\d </h2>', html)


@pytest.mark.parametrize(("page", "name"), [("/en/", "ten-points"), ("/en/plan/", "points")])
def test_counts_of_points_are_those_of_the_directory(page, name, client: Client):
    html = client.get(page).text.split(f'<ol class="{name}"')[1].split("</ol>")[0]
    counts = re.findall(r'\?point=(\d+)">\s*(\d+) cit', html)
    assert len(counts) == 10
    number, cities = counts[3]
    listed = client.get(f"/en/cities/?point={number}").text.split('role="status"')[1]
    assert f"<strong>{cities}</strong>" in listed


def test_bars_of_the_plan_are_as_long_as_their_numbers(client: Client):
    html = client.get("/en/plan/").text.split('<ol class="points"')[1].split("</ol>")[0]
    numbers = [int(number) for number in re.findall(r"(\d+) cit", html)]
    widths = [int(width) for width in re.findall(r'<rect[^>]* width="(\d+)%"', html)]
    assert widths == [round(100 * number / max(numbers)) for number in numbers]


@pytest.mark.parametrize("code", LANGUAGES)
def test_model_resolution_can_be_taken_away(code, client: Client, settings):
    settings.CONTACT_EMAIL = "office@example.org"
    page = client.get(f"/{code}/join/").text
    answer = client.get(f"/{code}/join/resolution.txt")
    assert f'href="/{code}/join/resolution.txt"' in page
    assert 'href="mailto:office@example.org"' in page
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    paragraphs = answer.text.strip().split("\n\n")
    assert len(paragraphs) == 8
    assert "{" not in answer.text
    assert str(NetworkText.wordings("name")["name"])[:10] in answer.text or code != "en"


def test_join_stands_in_the_main_menu(client: Client):
    menu = client.get("/en/").text.split('class="site-nav-list"')[1].split("</ul>")[0]
    assert 'href="/en/join/"' in menu
