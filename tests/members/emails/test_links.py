"""Every link of every letter opens, in the language of whom it was written to."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from members import emails
from members.gaps import GAPS_BY_KEY
from members.models import City, CityRole, Letter, Organisation, SupportContact, User
from members.services import (
    accession_letters,
    accounts,
    addresses,
    asking,
    interests,
    office_right,
    office_summaries,
    people,
    reminders,
    summaries,
    teams,
)
from members.services.accession_letters import AccessionNews
from members.wording import KINDS
from tests.conftest import make_city
from tests.members.accession_cast import file_in, make_meeting

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in settings.LANGUAGES]
FIRST_OF_A_MONTH = datetime(2026, 12, 1, 11, tzinfo=UTC)
ADDRESS = re.compile(r"https?://\S+")
TO_OFFICE = ("accession_arrived", "accession_withdrawn")


def letters_about_a_file(city: City, office: User) -> dict[str, str]:
    """The texts of all letters about a file or a membership, by kind."""
    file = file_in("submitted", city, office)
    news = AccessionNews(file, "Because.", make_meeting(), "2024-05-01")
    planned = []
    for kind in KINDS:
        if kind in TO_OFFICE:
            planned += accession_letters.to_secretariat(kind, news)
        elif kind.startswith("membership_"):
            planned += accession_letters.about_membership(kind, city, why="No.", on="2024-05-01")
        elif kind.startswith(("accession_", "decision_")):
            planned += accession_letters.to_city(kind, news)
    found = {letter.kind: letter.composed().text for letter in planned}
    for kind, notices in {
        "reminder_returned": reminders.to_the_city(file),
        "reminder_stalled": reminders.to_the_office(file),
    }.items():
        found[kind] = emails.compose(kind, notices[0].language, notices[0].context).text
    return found


def letters_to_people(city: City, office: User, lead: User) -> dict[str, str]:
    """The texts of the letters about accounts and contacts, by kind."""
    language = lead.language
    email = "new@example.org"
    invitation = people.invite(email=email, language=language, by=office, to_office=True)
    people.invite(email=email, language=language, by=lead, city=city, role="editor")
    without_file = make_city(city.country, "delta")
    third = "third@example.org"
    people.invite(email=third, language=language, by=office, city=without_file, role="editor")
    organisation = Organisation.objects.create(slug="advice", name_en="Advice")
    contact = SupportContact.objects.create(city=city, organisation=organisation)
    colleague = person_of_the_city(city, language)
    teams.hand_over(city=city, to=colleague, by=lead)
    found = {}
    for kind, notices in {
        "reminder_invitation": reminders.to_the_inviter(invitation),
        "reminder_contacts": reminders.to_the_checker(contact),
    }.items():
        found[kind] = emails.compose(kind, notices[0].language, notices[0].context).text
    gap = GAPS_BY_KEY["promise"]
    found["ask_cities"] = asking.letter_to(city, gap, language).text
    addresses.ask(person=lead, email="other@example.org", sender="somebody")
    addresses.note_changed(person=lead, old_email="old@example.org", sender="somebody", by=office)
    accounts.remove_factors(person=lead, by=office)
    office_right.note_change(person=lead, by=office)
    emails.send_password_reset(user=lead)
    found["password_reset"] = mail.outbox[-1].body
    emails.send_erased(to=lead.email, language=language)
    found["account_erased"] = mail.outbox[-1].body
    accounts.note_change("account/email/password_changed", person=lead, sender="")
    return found


def person_of_the_city(city: City, language: str) -> User:
    """A colleague of the lead."""
    user = User.objects.create_user("colleague@example.org", "x", name="C", language=language)
    CityRole.objects.create(user=user, city=city, role="editor")
    return user


def letters_about_an_interest(city: City, language: str) -> None:
    """Write both: to the city, and to the office."""
    values = {"email": "town@example.org", "city_name": "Gamma", "language": language}
    values |= {"country": city.country.code, "person_name": "", "office": "", "message": ""}
    interest = interests.receive(values=values, sender="somebody")
    interests.confirm(interest=interest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_every_letter_opens_in_the_readers_language(
    person, browse, alfa, settings, language
):
    settings.SITE_URL = "https://cities.example.org"
    office = person("secretariat", language=language)
    lead = person("lead", alfa, language=language)
    found = letters_about_a_file(alfa, office) | letters_to_people(alfa, office, lead)
    letters_about_an_interest(alfa, language)
    summaries.write_due(now=FIRST_OF_A_MONTH)
    office_summaries.write_due(now=FIRST_OF_A_MONTH)
    last_lead = alfa.roles.latest("pk")
    teams.end_role(role=last_lead, by=last_lead.user)
    for letter in Letter.objects.exclude(text="").filter(language=language):
        found.setdefault(letter.kind, letter.text)
    assert sorted(found) == sorted(kind for kind, row in KINDS.items() if "link" in row.values)

    links = {address for text in found.values() for address in ADDRESS.findall(text)}
    links.discard(settings.SITE_URL)
    for link in links:
        assert link.startswith(settings.SITE_URL), link
        page = link.removeprefix(settings.SITE_URL)
        is_for_staff = page.startswith("/admin/")
        stranger = Client()
        stranger.get(page, follow=True)
        assert SESSION_KEY not in stranger.session, link
        reader = browse(office) if is_for_staff else Client()
        answer = reader.get(page, follow=True)
        assert answer.status_code == 200, link
        assert f'lang="{language}"' in answer.text[:200], link
        if is_for_staff:
            assert f'lang="{language}"' in Client().get(page, follow=True).text[:200], link


@pytest.mark.parametrize(
    ("setting", "sender"),
    [
        ("office@example.org", "Ten Points <office@example.org>"),
        ("Our office <office@example.org>", "Our office <office@example.org>"),
    ],
)
def test_letter_comes_from_somebody_with_a_name(settings, setting, sender):
    settings.DEFAULT_FROM_EMAIL = setting
    message = emails.build(
        to="a@example.org", language="en", subject="S", text="T", message_id="<1>"
    )
    assert message.from_email == sender


def test_admission_is_dated_by_its_vote(person, alfa):
    person("lead", alfa, language="pl")
    news = AccessionNews(file_in("submitted", alfa, person("secretariat")), on="2026-10-12")
    (planned,) = accession_letters.to_city("accession_admitted", news)
    assert "12 października 2026" in planned.composed().text


FILTERED = "/admin/translations/?language=pl&state=missing&city=alfa"


def test_language_of_a_page_is_not_the_language_that_its_list_is_filtered_by(person, browse, alfa):
    """A Swedish reader gets a link to the Polish translations: first the page of signing in."""
    link = emails.link_to(lambda: f"{FILTERED}#list", "sv")
    assert link == f"{settings.SITE_URL}{FILTERED}&page_language=sv&page_part=list"
    page = link.removeprefix(settings.SITE_URL)
    sign_in = Client().get(page, follow=True)
    assert 'lang="sv"' in sign_in.text[:200]
    next_page = sign_in.context["next"]
    assert next_page == page
    reader = browse(person("secretariat", language="sv"))
    part = reader.get(next_page)
    assert part["Location"] == f"{FILTERED}&page_language=sv#list"
    answer = reader.get(part["Location"])
    assert 'lang="sv"' in answer.text[:200]
    assert answer.context["form"].active["language"] == "pl"


def test_list_of_the_administration_takes_the_language_of_its_page(person, browse):
    page = "/admin/members/supportcontact/?check=due&city__isnull=True"
    link = emails.link_to(lambda: page, "uk").removeprefix(settings.SITE_URL)
    assert 'lang="uk"' in Client().get(link, follow=True).text[:200]
    answer = browse(person("secretariat")).get(link)
    assert answer.status_code == 200
    assert answer.context["cl"].params == {"check": "due", "city__isnull": "True"}
