"""Contacts for help are checked every year: who hears of it, how often, and when it stops."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.grounds import Grounds
from members.models import Letter, Organisation, SupportContact
from members.services import contacts, letters, memberships, reminders
from tests.members.accession_cast import file_in
from tests.members.test_gaps import join

pytestmark = pytest.mark.django_db

YEAR = 365


@pytest.fixture(autouse=True)
def waits(settings):
    settings.LETTERS_AT_ONCE = False
    settings.CONTACT_EMAIL = "office@example.org"


@pytest.fixture
def lead(person, alfa):
    return person("lead", alfa, language="pl")


def contact_of(place, days: int | None, published: int = 0, **fields) -> SupportContact:
    """A contact that was checked (or never) and published so many days ago; of a city or of a
    country."""
    number = Organisation.objects.count()
    today = timezone.localdate()
    return SupportContact.objects.create(
        **{place._meta.model_name: place},
        organisation=Organisation.objects.create(
            slug=f"help-{number}", kind="helpline", original_name="Help"
        ),
        what_it_does_en="Listens.",
        last_checked_on=None if days is None else today - timedelta(days=days),
        published_at=fields.pop(
            "published_at", timezone.now() - timedelta(days=published, minutes=1)
        ),
        **fields,
    )


@pytest.mark.parametrize(
    ("checked", "published", "written"),
    [
        (0, 900, 0),
        (YEAR, 900, 0),
        (YEAR + 1, 900, 1),
        (900, 900, 1),
        (None, 59, 0),
        (None, 60, 1),
        (None, 900, 1),
    ],
)
def test_reminder_comes_when_the_check_is_a_year_old(checked, published, written, lead, alfa):
    contact_of(alfa, checked, published)
    assert reminders.remind()["written"] == written


def test_letter_opens_the_contacts_that_wait_and_no_others(lead, alfa, browse):
    old, fresh = contact_of(alfa, 400), contact_of(alfa, 3)
    reminders.remind()
    letter = Letter.objects.get()
    assert (letter.kind, letter.to, letter.language, letter.thing) == (
        "reminder_contacts",
        lead.email,
        "pl",
        old,
    )
    address = next(word for word in letter.text.split() if "/admin/" in word)
    page = browse(lead).get(address.partition("8000")[2]).content.decode()
    assert f"/supportcontact/{old.pk}/change/" in page
    assert f"/supportcontact/{fresh.pk}/change/" not in page


def test_one_letter_for_all_contacts_of_a_city(lead, alfa, beta):
    for days in (400, 500, None):
        contact_of(alfa, days, 900)
    contact_of(beta, 400)
    assert reminders.remind() == {"written": 1}
    assert reminders.remind() == {}


def test_office_hears_once_of_the_contacts_of_whole_countries(country, person, browse):
    for days in (400, 500, None):
        contact_of(country, days, 900)
    assert reminders.remind() == {"written": 1}
    letter = Letter.objects.get()
    assert letter.to == "office@example.org"
    address = next(word for word in letter.text.split() if "/admin/" in word)
    page = browse(person("secretariat")).get(address.partition("8000")[2]).content.decode()
    assert page.count("/change/?") == 3


def test_check_takes_back_a_reminder_that_was_not_sent(lead, alfa):
    contact = contact_of(alfa, 400)
    reminders.remind()
    contacts.check(contact=contact, by=lead)
    assert reminders.remind() == {"stopped": 1}
    assert reminders.remind() == {}


def test_whoever_checks_one_after_the_other_is_not_reminded_of_the_rest_each_time(lead, alfa):
    first = contact_of(alfa, 500)
    contact_of(alfa, 400)
    reminders.remind()
    letters.send_due()
    contacts.check(contact=first, by=lead)
    assert reminders.remind() == {}
    assert reminders.remind(now=timezone.now() + timedelta(days=59)) == {}
    assert reminders.remind(now=timezone.now() + timedelta(days=61)) == {"written": 1}


def test_reminder_comes_again_after_two_months(lead, alfa):
    contact_of(alfa, 400)
    for _letter in range(3):
        Letter.objects.update(written_at=timezone.now() - timedelta(days=61))
        assert reminders.remind() == {"written": 1}
        letters.send_due()
    assert Letter.objects.count() == 3


def test_draft_of_a_contact_and_a_city_without_anybody_get_no_letter(alfa, lead, beta):
    contact_of(alfa, 400, published_at=None)
    contact_of(beta, 400)
    assert reminders.remind() == {}


def test_city_that_left_is_reminded_no_more_and_what_waits_is_taken_back(lead, alfa, person):
    join(alfa)
    contact_of(alfa, 400)
    assert reminders.remind() == {"written": 1}
    memberships.withdraw(
        membership=alfa.memberships.get(),
        by=person("secretariat"),
        why="By letter.",
        on="2026",
        grounds=Grounds(source_url="https://alfa.example/left"),
    )
    letter = Letter.objects.get(kind="reminder_contacts")
    assert (letter.state, letter.withdrawn_why) == ("withdrawn", "The city is no member any more.")
    assert reminders.remind(now=timezone.now() + timedelta(days=61)) == {}


def test_city_that_applies_anew_is_reminded(lead, alfa, person):
    contact_of(alfa, 400)
    join(alfa, standing="withdrawn", ended="2025")
    assert reminders.remind() == {}
    file_in("draft", alfa, person("secretariat"))
    reminders.remind()
    assert Letter.objects.filter(kind="reminder_contacts").count() == 1
