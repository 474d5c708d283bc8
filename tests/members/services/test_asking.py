"""Asking cities: who gets the letter, once in a while, and until when it is taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from members.gaps import GAPS, GAPS_BY_KEY
from members.grounds import Grounds
from members.models import City, Letter, ReminderStop, Unit
from members.services import asking, memberships, pointless, reminders, teams
from members.working_hours import next_working_moment
from tests.conftest import make_city
from tests.members.services.test_people import race
from tests.members.test_gaps import join

pytestmark = pytest.mark.django_db
MAILBOX = GAPS_BY_KEY["mailbox"]
PROMISE = GAPS_BY_KEY["promise"]


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def lead(alfa, person):
    join(alfa)
    user = person("lead", alfa, language="pl")
    user.email = "ada@example.org"
    user.save()
    return user


def send(gap, office, *cities, wordings=None):
    keys = [city.pk for city in cities]
    return asking.send(gap=gap, cities=keys, wordings=wordings or {}, by=office)


def waiting() -> list[Letter]:
    return list(Letter.objects.filter(kind="ask_cities", state="drafted"))


def test_letter_is_in_the_persons_language_and_leads_to_the_citys_page(alfa, lead, office):
    assert send(MAILBOX, office, alfa).count == 1
    letter = Letter.objects.get()
    assert (letter.to, letter.language, letter.thing) == ("ada@example.org", "pl", alfa)
    assert "/admin/city/alfa/?language=pl" in letter.text
    assert "{" not in letter.subject + letter.text
    assert "Alfa" in letter.subject


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_question_is_whole_in_every_language(language, alfa):
    for gap in GAPS:
        words = asking.letter_to(alfa, gap, language)
        assert "{" not in words.subject + words.text, gap.key
        assert "Alfa" in words.subject, gap.key
        assert "/alfa/" in words.text, gap.key
        greeting, question, *_rest = words.text.split("\n\n")
        goes_on = language == "de" and not question.startswith("Alfa")
        assert question[0].islower() == goes_on, (greeting, question)


def test_city_is_not_asked_the_same_twice_within_thirty_days(alfa, lead, office):
    send(MAILBOX, office, alfa)
    again = send(MAILBOX, office, alfa)
    assert (again.count, [city for city, _moment in again.lately]) == (0, [alfa])
    assert send(PROMISE, office, alfa).count == 1
    old = timezone.now() - timedelta(days=31)
    Letter.objects.update(written_at=old)
    assert send(MAILBOX, office, alfa).count == 1


def test_city_without_an_address_is_named_and_gets_no_letter(alfa, office):
    join(alfa)
    plan = asking.plan_of(MAILBOX)
    assert (plan.unreachable, plan.count) == ([alfa], 0)
    assert send(MAILBOX, office, alfa).unreachable == [alfa]
    assert not Letter.objects.exists()


def test_mailbox_of_a_unit_stands_in_where_nobody_has_an_account(alfa, office):
    join(alfa)
    now = timezone.now()
    City.objects.update(local_language="de")
    Unit.objects.create(city=alfa, name_en="A", email="any@alfa.example", published_at=now)
    focal = Unit.objects.create(
        city=alfa, name_en="F", email="focal@alfa.example", published_at=now, is_focal_point=True
    )
    Unit.objects.create(city=alfa, name_en="B", email="other@alfa.example", published_at=now)
    send(PROMISE, office, alfa)
    letter = Letter.objects.get()
    assert (letter.to, letter.language) == (focal.email, "de")


def test_who_wants_no_reminders_is_left_alone(alfa, lead, office):
    ReminderStop.objects.create(email="ada@example.org", why="Asked for it.")
    assert asking.plan_of(MAILBOX).unreachable == [alfa]


def test_city_that_does_not_have_the_gap_or_is_no_member_is_not_asked(alfa, beta, person, office):
    person("lead", alfa)
    join(beta)
    assert send(MAILBOX, office, alfa).count == 0
    assert not Letter.objects.exists()


def test_ask_is_taken_back_while_its_letters_wait(alfa, lead, beta, person, office):
    join(beta)
    person("lead", beta)
    send(MAILBOX, office, alfa, beta)
    sent = Letter.objects.get(object_id=beta.pk)
    Letter.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now(), next_try_at=None)
    ask = asking.earlier_asks(MAILBOX)[0]
    assert (ask.cities, ask.waiting) == (2, 1)
    assert asking.take_back(gap=MAILBOX, stamp=ask.stamp, by=office) == 1
    assert waiting() == []
    # What was taken back was not asked: it can be asked again.
    assert send(MAILBOX, office, alfa, beta).count == 1


def test_taking_back_leaves_other_asks_alone(alfa, lead, office):
    send(MAILBOX, office, alfa)
    send(PROMISE, office, alfa)
    ask = asking.earlier_asks(MAILBOX)[0]
    assert asking.take_back(gap=MAILBOX, stamp=ask.stamp, by=office) == 1
    assert [letter.once.split(":")[1] for letter in waiting()] == ["promise"]


def test_letters_that_wait_go_back_when_the_city_leaves(alfa, lead, office):
    send(MAILBOX, office, alfa)
    grounds = Grounds(source_url="https://alfa.example/left")
    memberships.withdraw(
        membership=alfa.memberships.get(), by=office, why="By letter.", on="2026", grounds=grounds
    )
    assert waiting() == []
    why = Letter.objects.get(kind="ask_cities").withdrawn_why
    assert why == "The city is no member any more."


def test_letters_that_wait_go_back_when_it_is_done(alfa, lead, office):
    send(MAILBOX, office, alfa)
    reminders.remind()
    assert len(waiting()) == 1
    Unit.objects.create(
        city=alfa, name_en="Office", email="office@alfa.example", published_at=timezone.now()
    )
    reminders.remind()
    assert waiting() == []


def test_nobody_but_the_office_asks(alfa, lead, person):
    plan = asking.plan_of(MAILBOX)
    for role in ("lead", "editor", "viewer", "committee", "nobody"):
        somebody = person(role, None if role == "nobody" else alfa)
        with pytest.raises(PermissionDenied):
            send(MAILBOX, somebody, alfa)
        with pytest.raises(PermissionDenied):
            asking.take_back(gap=MAILBOX, stamp="x", by=somebody)
        with pytest.raises(PermissionDenied):
            asking.send_samples(plan=plan, wordings={}, by=somebody)
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_write_one_letter(alfa, lead, office, person):
    other = person("secretariat")
    race(lambda: send(MAILBOX, office, alfa), lambda: send(MAILBOX, other, alfa))
    assert Letter.objects.filter(kind="ask_cities").count() == 1


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # In Warsaw it is an hour later, in summer two.
        ("2026-11-30 06:10", "2026-11-30 07:00"),
        ("2026-11-30 09:10", "2026-11-30 09:10"),
        ("2026-11-30 15:59", "2026-11-30 15:59"),
        ("2026-11-30 16:00", "2026-12-01 07:00"),
        ("2026-12-04 20:00", "2026-12-07 07:00"),
        ("2026-12-05 09:00", "2026-12-07 07:00"),
        ("2026-07-05 09:00", "2026-07-06 06:00"),
        ("2026-03-27 20:00", "2026-03-30 06:00"),
    ],
)
def test_letters_leave_when_the_town_hall_works(after, expected):
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    found = next_working_moment(moment, "Europe/Warsaw")
    assert found.astimezone(UTC).strftime("%Y-%m-%d %H:%M") == expected


def test_letter_waits_an_hour_at_least(alfa, lead, office, settings):
    settings.LETTERS_AT_ONCE = True
    send(MAILBOX, office, alfa)
    letter = Letter.objects.get()
    assert letter.next_try_at - letter.written_at >= timedelta(hours=1) - timedelta(seconds=5)
    assert letter.state == "drafted"


def test_plan_costs_as_many_queries_for_one_city_as_for_many(
    alfa, lead, country, django_assert_num_queries
):
    with django_assert_num_queries(5):
        asking.plan_of(MAILBOX)
    for number in range(5):
        join(make_city(country, f"city-{number}"))
    with django_assert_num_queries(5):
        asking.plan_of(MAILBOX)


def test_letter_to_a_lead_who_left_before_it_was_sent_goes_to_nobody(alfa, lead, office):
    send(PROMISE, office, alfa)
    Letter.objects.filter(kind="ask_cities").update(next_try_at=timezone.now())
    teams.end_role(role=lead.roles.get(), by=office)
    assert reminders.remind(now=timezone.now()) == {"stopped": 1}
    assert waiting() == []


def test_letter_is_looked_at_again_at_the_moment_of_sending(alfa, lead, beta, person, office):
    join(beta)
    stays = person("lead", beta)
    send(PROMISE, office, alfa, beta)
    teams.end_role(role=lead.roles.get(), by=office)
    assert pointless.take_back_due() == 0
    Letter.objects.update(next_try_at=timezone.now())
    call_command("send_letters")
    asks = Letter.objects.filter(kind="ask_cities", state="sent")
    assert [letter.to for letter in asks] == [stays.email]
    # The lead who left reads of the end of the role, and of nothing else.
    told = Letter.objects.filter(to=lead.email, state="sent")
    assert [letter.kind for letter in told] == ["role_ended"]


def test_letter_to_a_unit_stays_where_somebody_gets_an_account_meanwhile(alfa, office, person):
    join(alfa)
    Unit.objects.create(
        city=alfa, name_en="A", email="any@alfa.example", published_at=timezone.now()
    )
    send(PROMISE, office, alfa)
    person("lead", alfa)
    assert asking.stop_pointless() == 0
    Unit.objects.update(email="")
    assert asking.stop_pointless() == 1
