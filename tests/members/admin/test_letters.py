"""The outbox and the wordings in the administration: read, tried again, withdrawn, worded anew;
forged by nobody."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from members import emails
from members.models import Letter, LetterText, ReminderStop
from members.services import letters, people
from members.wording import KINDS

pytestmark = pytest.mark.django_db

OUTBOX = "/admin/members/letter/"
WORDINGS = "/admin/members/lettertext/"
NEW_WORDING = f"{WORDINGS}add/?kind=accession_returned&language=pl"


@pytest.fixture(autouse=True)
def waits(settings):
    settings.LETTERS_AT_ONCE = False


@pytest.fixture
def office(person, browse):
    return browse(person("secretariat", name="Olga Office"))


@pytest.fixture
def letter(alfa):
    new = letters.NewLetter(
        kind="accession_returned",
        to="lead@example.org",
        language="pl",
        context={
            "city": "Alfa",
            "link": "https://cities.example.org/x/",
            "reason": "<i>Page 2</i>",
        },
    )
    return letters.write(letter=new, about=alfa, by=None)


def fail(letter):
    Letter.objects.filter(pk=letter.pk).update(
        state="failed",
        failed_at=timezone.now(),
        failure="550 <b>No</b> such user",
        next_try_at=None,
        tries=1,
    )


def wording(**changed):
    values = {
        "kind": "accession_returned",
        "language": "pl",
        "subject": "Akta {city}",
        "text": "{reason}\n\n{link}",
    }
    return {**values, **changed}


# --- The outbox -----------------------------------------------------------------------------------


def test_outbox_lists_letters_by_state_with_their_counts(letter, alfa, office):
    new = letters.NewLetter(
        kind="membership_restored",
        to="b@example.org",
        language="en",
        context={"city": "x", "link": "y", "reason": "z", "date": "2024"},
    )
    letters.write(letter=new, about=alfa, by=None)
    fail(letter)
    html = office.get(OUTBOX).content.decode()
    assert "failed (1)" in html
    assert "waiting (1)" in html
    assert "Accession: the file comes back (1)" in html
    assert escape("550 <b>No</b> such user") in html
    html = office.get(f"{OUTBOX}?state__exact=failed").content.decode()
    assert "lead@example.org" in html
    assert "b@example.org" not in html
    assert "lead@example.org" in office.get(f"{OUTBOX}?kind=accession_returned").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?state__exact=odd",
        "?kind=x%00",
        "?state__exact=%00",
        "?q=%00",
        "?p=²",
        "?o=9.9",
        "?object_id=1",
    ],
)
def test_outbox_survives_bad_input(query, letter, office):
    assert office.get(OUTBOX + query).status_code in {200, 302, 400}


def test_letter_is_a_page_to_read(letter, alfa, office):
    fail(letter)
    html = office.get(f"{OUTBOX}{letter.pk}/change/").content.decode()
    assert letter.subject in html
    assert escape("<i>Page 2</i>") in html
    assert '<a href="https://cities.example.org/x/">' in html
    assert f'href="/admin/members/city/{alfa.pk}/change/"' in html
    assert escape("550 <b>No</b> such user") in html
    assert "<textarea" not in html


def test_key_in_a_letter_is_shown_to_nobody_but_its_recipient(alfa, person, office):
    inviter = person("secretariat")
    people.invite(email="new@example.org", city=alfa, role="lead", language="en", by=inviter)
    letter = Letter.objects.get()
    assert "/accounts/invitation/" in letter.text
    for page in ("change", "try-again", "withdraw"):
        html = office.get(f"{OUTBOX}{letter.pk}/{page}/").content.decode()
        assert "only the recipient may see" in html
        assert "/accounts/invitation/" not in html
    letters.send_due()
    assert "no longer kept" in office.get(f"{OUTBOX}{letter.pk}/change/").content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {
            "state": "sent",
            "sent_at": "2020-01-01",
            "to": "me@example.org",
            "text": "Forged",
            "_save": "1",
        },
        {"tries": "0", "next_try_at": "", "withdrawn_why": "x"},
    ],
)
def test_nothing_typed_forges_a_letter(typed, letter, office):
    before = Letter.objects.values().get()
    assert office.post(f"{OUTBOX}{letter.pk}/change/", typed).status_code == 302
    assert office.post(f"{OUTBOX}add/", typed).status_code == 403
    assert office.post(f"{OUTBOX}{letter.pk}/delete/", {"post": "yes"}).status_code == 403
    office.post(
        OUTBOX, {"action": "delete_selected", "_selected_action": [letter.pk], "post": "yes"}
    )
    assert Letter.objects.values().get() == before


def test_try_again_asks_and_then_lets_it_go_out(letter, office):
    fail(letter)
    page = f"{OUTBOX}{letter.pk}/try-again/"
    assert "lead@example.org" in office.get(page).content.decode()
    letter.refresh_from_db()
    assert letter.state == "failed"
    response = office.post(page, follow=True)
    assert "The letter goes out now." in response.content.decode()
    assert letters.send_due() == {"sent": 1}


def test_withdraw_asks_why_and_keeps_who_and_why(letter, office):
    page = f"{OUTBOX}{letter.pk}/withdraw/"
    response = office.post(page, {"why": "  "})
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    response = office.post(page, {"why": "The meeting was <moved>."}, follow=True)
    html = response.content.decode()
    assert escape("The meeting was <moved>.") in html
    assert "Olga Office" in html
    assert "try-again" not in html
    assert not letters.send_due()


@pytest.mark.parametrize("verb", ["try-again", "withdraw"])
def test_verb_that_comes_too_late_says_so(verb, letter, office):
    letters.send_due()
    response = office.post(f"{OUTBOX}{letter.pk}/{verb}/", {"why": "x"}, follow=True)
    assert "This letter has been sent already." in response.content.decode()
    letter.refresh_from_db()
    assert letter.state == "sent"


@pytest.mark.parametrize("role", ["lead", "editor", "viewer", "committee"])
def test_outbox_does_not_exist_for_a_city(role, letter, alfa, person, browse):
    client = browse(person(role, alfa))
    fail(letter)
    assert client.get(OUTBOX).status_code == 403
    for page in ("change", "try-again", "withdraw", "history"):
        assert client.get(f"{OUTBOX}{letter.pk}/{page}/").status_code == 404
    for verb in ("try-again", "withdraw"):
        assert client.post(f"{OUTBOX}{letter.pk}/{verb}/", {"why": "x"}).status_code == 404
    assert client.get(WORDINGS).status_code == 403
    assert "could not be sent" not in client.get("/admin/").content.decode()
    letter.refresh_from_db()
    assert letter.state == "failed"


@pytest.mark.parametrize("verb", ["try-again", "withdraw"])
def test_letter_that_is_none_is_a_404(verb, office):
    assert office.get(f"{OUTBOX}999/{verb}/").status_code == 404
    assert office.get(f"{OUTBOX}9{'9' * 40}/{verb}/").status_code == 404


def test_front_page_counts_what_could_not_be_sent(letter, office):
    assert "could not be sent" not in office.get("/admin/").content.decode()
    fail(letter)
    assert "1 letter could not be sent" in office.get("/admin/").content.decode()


def test_front_page_says_that_nothing_sends_letters(letter, office):
    assert "an hour ago" not in office.get("/admin/").content.decode()
    Letter.objects.update(next_try_at=timezone.now() - timedelta(minutes=61))
    assert "1 letter should have gone out an hour ago" in office.get("/admin/").content.decode()


def test_letters_stand_on_the_page_of_what_they_are_about(alfa, person, browse):
    lead = person("lead", alfa)
    invitation = people.invite(
        email="new@example.org", city=alfa, role="editor", language="en", by=lead
    )
    page = f"/admin/members/invitation/{invitation.pk}/change/"
    link = f"{OUTBOX}{Letter.objects.get().pk}/change/"
    assert link in browse(person("secretariat")).get(page).content.decode()
    assert link not in browse(lead).get(page).content.decode()


# --- The wordings ---------------------------------------------------------------------------------


def test_wordings_lists_every_letter_in_every_language(office):
    LetterText.objects.create(
        kind="accession_returned", language="pl", subject="x", text="{reason} {link}"
    )
    html = office.get(WORDINGS).content.decode()
    assert html.count("?kind=") == len(KINDS) * 8 - 1
    assert html.count("your wording") == 1


def test_new_wording_begins_with_the_portals_own(office):
    html = office.get(NEW_WORDING).content.decode()
    own = emails.portal_wording("accession_returned", "pl")
    assert escape(own.subject) in html
    assert escape(own.text) in html
    assert "must stand in the text" in html
    assert "Sampleton" in html


@pytest.mark.parametrize(
    "query", ["", "?kind=none&language=pl", "?kind=accession_opened&language=xx", "?kind=%00"]
)
def test_new_wording_survives_bad_input(query, office):
    assert office.get(f"{WORDINGS}add/{query}").status_code == 200
    assert office.post(f"{WORDINGS}add/{query}", wording(kind="none")).status_code == 200


def test_wording_is_saved_used_and_given_back(office):
    assert office.post(NEW_WORDING, wording()).status_code == 302
    row = LetterText.objects.get()
    context = {"city": "Alfa", "reason": "Why.", "link": "Where."}
    assert emails.compose("accession_returned", "pl", context) == emails.Composed(
        "Akta Alfa", "Why.\n\nWhere."
    )
    page = f"{WORDINGS}{row.pk}/change/"
    html = office.get(page).content.decode()
    assert "Back to the portal’s wording" in html
    office.post(page, wording(kind="accession_opened", language="sv", text="New {reason} {link}"))
    row.refresh_from_db()
    assert (row.kind, row.language, row.text) == ("accession_returned", "pl", "New {reason} {link}")
    assert office.post(f"{WORDINGS}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"text": "{reason} {link} {city.__class__}"}, "text", "A curly bracket stands alone"),
        ({"text": "{reason} {link} {0}"}, "text", "A curly bracket stands alone"),
        ({"text": "{reason} {link} { city }"}, "text", "A curly bracket stands alone"),
        ({"text": "{reason} {link} }"}, "text", "A curly bracket stands alone"),
        ({"text": "{reason} {link} {{city}}"}, "text", "A curly bracket stands alone"),
        (
            {"text": "{reason} {link} {{ settings.SECRET_KEY }}"},
            "text",
            "A curly bracket stands alone",
        ),
        ({"text": "{reason} {link} {meeting}"}, "text", "{meeting} is not filled in"),
        ({"subject": "{secret}"}, "subject", "{secret} is not filled in"),
        ({"text": "{link}"}, "text", "Without {reason} this letter makes no sense"),
        ({"text": ""}, "text", "required"),
        ({"subject": "x" * 201}, "subject", "200 characters fit"),
        ({"text": "{reason} {link}" + "x" * 20_000}, "text", "20000 characters fit"),
        ({"language": "xx"}, "language", "valid choice"),
        ({"kind": "none"}, "kind", "valid choice"),
    ],
)
def test_wording_refused_says_why_at_its_field_and_loses_nothing(changed, field, words, office):
    response = office.post(NEW_WORDING, wording(**changed))
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert words in " ".join(errors[field])
    assert not LetterText.objects.exists()
    assert escape(wording(**changed)["text"]) in response.content.decode()


def test_second_wording_of_one_letter_and_language_speaks_on_the_form(office):
    office.post(NEW_WORDING, wording())
    # Not the same once more: that would lead to the first.
    response = office.post(NEW_WORDING, wording(text="{reason} {link} again"))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert LetterText.objects.count() == 1


def test_preview_shows_what_was_typed_and_saves_nothing(office):
    response = office.post(
        NEW_WORDING, wording(text="<script>x</script> {reason} {link}", _preview="1")
    )
    html = response.content.decode()
    assert not LetterText.objects.exists()
    assert "Akta Sampleton" in html
    assert "<p>&lt;script&gt;x&lt;/script&gt; " in html
    assert "errornote" not in html


def test_subject_of_a_wording_is_one_line(office):
    office.post(NEW_WORDING, wording(subject="Akta {city}\r\nBcc: x@example.org"))
    assert LetterText.objects.get().subject == "Akta {city} Bcc: x@example.org"


def test_person_is_taken_off_from_the_page_of_a_reminder(alfa, office):
    new = letters.NewLetter(
        kind="reminder_returned",
        to="Lead@example.org",
        language="en",
        context={"city": "x", "date": "y", "link": "z"},
    )
    letter = letters.write(letter=new, about=alfa, by=None)
    html = office.get(f"{OUTBOX}{letter.pk}/change/").content.decode()
    assert "/admin/members/reminderstop/add/?email=Lead%40example.org" in html
    office.post(
        "/admin/members/reminderstop/add/", {"email": "Lead@example.org", "why": "Asked for it."}
    )
    assert ReminderStop.objects.get().email == "lead@example.org"
