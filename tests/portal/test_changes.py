"""The public changes of a city: what the public could read before and after, and nothing else."""

import xml.etree.ElementTree as ET

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.utils import timezone

from members.editing.history import records_of_cities
from members.grounds import Grounds
from members.models import Citation, Plan, Source, Unit
from members.models.record import content_type_of
from members.services import drafts, entries, memberships
from portal.public_kinds import FACTS
from tests.members.accession_cast import file_in, make_document

pytestmark = pytest.mark.django_db

PAGE = "/en/cities/alfa/changes/"
FEED = "/en/cities/alfa/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ada(person, alfa):
    return person("lead", alfa, name="Ada Private")


@pytest.fixture
def write(ada):
    """Save fields of a row as somebody (Ada)."""

    def make(row, by=ada, **fields):
        for name, value in fields.items():
            setattr(row, name, value)
        with set_actor(by):
            entries.save(record=row, by=by)
        return row

    return make


@pytest.fixture
def unit(alfa, write, ada) -> Unit:
    """Written, rewritten, published."""
    unit = write(Unit(city=alfa, name_en="BEFORE-ONE", email="first@example.org"))
    write(unit, name_en="Office")
    with set_actor(ada):
        entries.publish(record=unit, by=ada)
    return unit


def everything(client) -> str:
    return client.get(PAGE).content.decode() + client.get(FEED).content.decode()


# Decisions are the committee's and stand in the city's history; files are no public pages; a link
# names both ends. News and events have pages and feeds of their own; a picture is no fact.
NOT_TOLD = {
    *(
        "members.decision",
        "members.accession",
        "members.accessionownaction",
        "programs.programmelink",
    ),
    *("portal.news", "portal.event", "portal.citypicture"),
}


def test_every_kind_of_entry_of_a_city_is_told_of_or_named_here():
    kinds = {model._meta.label_lower for model in records_of_cities()}
    assert kinds - {model._meta.label_lower for model in FACTS} == NOT_TOLD


def test_change_of_a_public_text_is_told_with_its_words_and_without_a_person(unit, write, client):
    write(unit, name_en="Office for Equality", name_pl="Biuro")
    html = client.get(PAGE).content.decode()
    assert "Office<ins> for Equality</ins>" in html
    assert 'lang="pl"><ins>Biuro</ins>' in html
    assert "the city" in html
    assert "Ada" not in html
    assert "@" not in html.partition("<main")[2].partition("</main>")[0]


def test_change_by_the_office_says_so(unit, write, person, client):
    write(unit, by=person("secretariat", name="Olga Private"), name_en="Bureau")
    html = client.get(PAGE).content.decode()
    assert "the network’s office" in html
    assert "Olga" not in html


def test_the_leak_test_would_see_a_leak(unit, write):
    write(unit, name_en="AFTER")
    log = str([entry.changes for entry in LogEntry.objects.get_for_object(unit)])
    assert "BEFORE-ONE" in log
    assert "first@example.org" in log


def test_nothing_unpublished_and_nothing_internal_is_told(
    unit, write, ada, alfa, alfa_rows, beta_rows, client
):
    write(unit, name_en="PUBLIC", email="second@example.org")
    with set_actor(ada):
        drafts.save_draft(record=unit, values={"name_en": "DRAFT-TEXT"}, marks={}, by=ada)
    hidden = write(Unit(city=alfa, name_en="NEVER-PUBLISHED"))
    write(hidden, name_en="NEVER-PUBLISHED-TWO")
    decision, programme, foreign = (
        alfa_rows["members.decision"],
        alfa_rows["programs.programme"],
        beta_rows["members.unit"],
    )
    decision.note = "INTERNAL-NOTE"
    decision.save()
    foreign.name_en = "OTHER-CITY"
    foreign.save()
    edition = alfa_rows["programs.edition"]
    edition.summary_en = "PARENT-WITHDRAWN"
    edition.save()
    programme.original_name = "WITHDRAWN"
    programme.save()
    assert "WITHDRAWN" in everything(client)
    programme.published_at = None
    programme.save()
    found = everything(client)
    assert "PUBLIC" in found
    for leak in (
        "BEFORE-ONE",
        "DRAFT-TEXT",
        "NEVER-PUBLISHED",
        "INTERNAL-NOTE",
        "OTHER-CITY",
        "ZEBRA",
        "WITHDRAWN",
        "first@example.org",
        "second@example.org",
        "Ada Private",
    ):
        assert leak not in found, leak


def test_text_from_while_it_was_off_the_pages_is_never_told(unit, write, ada, client):
    write(unit, name_en="ONCE-PUBLIC")
    entries.withdraw(record=unit, by=ada)
    unit.refresh_from_db()
    write(unit, name_en="WHILE-AWAY")
    write(unit, name_en="Back again")
    entries.publish(record=unit, by=ada)
    unit.refresh_from_db()
    write(unit, name_en="Back and better")
    found = everything(client)
    assert "Back<ins> and better</ins>" in found or "better" in found
    assert "WHILE-AWAY" not in found
    assert "ONCE-PUBLIC" not in found


def test_text_of_a_row_while_its_city_was_no_public_page_is_never_told(unit, write, alfa, client):
    alfa.published_at = None
    alfa.save()
    write(unit, name_en="CITY-AWAY")
    write(unit, name_en="Shown")
    alfa.published_at = timezone.now()
    alfa.save()
    found = everything(client)
    assert "CITY-AWAY" not in found


def test_text_replaced_in_the_moment_of_publishing_is_never_told(alfa, client):
    unit = Unit.objects.create(city=alfa, name_en="NEVER-READ")
    unit.name_en, unit.published_at = "Read", timezone.now()
    unit.save()
    assert "NEVER-READ" not in everything(client)


def test_change_of_a_membership_is_told_in_the_words_of_visitors(alfa, person, client):
    office = person("secretariat")
    member = file_in("admitted", alfa, office).membership
    letter = Grounds(letter=make_document(alfa))
    with set_actor(office):
        memberships.suspend(
            membership=member, by=office, why="SECRETWHY", on="2025-02-01", grounds=letter
        )
    told = everything(client)
    assert "Suspended" in told
    assert "standing" not in told.lower()


def test_feed_is_atom_with_a_stable_id_for_each_change(unit, write, client):
    unit.city.memberships.create(standing="active", joined="2024", published_at=timezone.now())
    write(unit, name_en="Bureau\x0b & <script>")
    response = client.get(FEED)
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)  # noqa: S314 - the portal's own
    assert feed.find(f"{ATOM}subtitle").text == "Member since 2024"
    entry = feed.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text.startswith("http")
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "the city"
    assert "Bureau" in entry.find(f"{ATOM}summary").text
    assert not response.cookies


@pytest.mark.parametrize(
    "path", ["/en/cities/no/changes/", "/en/cities/no/feed/", f"{PAGE}?page=99", f"{PAGE}?page=x"]
)
def test_unknown_city_or_page_is_a_404(path, alfa, client):
    assert client.get(path).status_code == 404


def test_page_costs_the_same_with_one_change_and_with_twenty(
    unit, write, client, django_assert_num_queries
):
    write(unit, name_en="Office 0")
    client.get(PAGE)
    with django_assert_num_queries(6):
        client.get(PAGE)
    for number in range(25):
        write(unit, name_en=f"Office {number + 1}")
    with django_assert_num_queries(6):
        client.get(PAGE)
    with django_assert_num_queries(6):
        client.get(f"{PAGE}?page=2")


def test_citations_of_internal_use_do_not_show(unit, write, client):
    source = Source.objects.create(url="https://example.org/internal", title="SOURCE-NOTE")
    citation = Citation.objects.create(
        source=source, content_type=content_type_of(unit), object_id=unit.pk
    )
    citation.note = "CITATION-NOTE"
    citation.save()
    assert "CITATION-NOTE" not in everything(client)


# --- Evidence for the office only -----------------------------------------------------------------


@pytest.fixture
def secret(alfa_rows, write):
    """A link that was public, and then a text from the time when it was for the office only."""
    Plan.objects.update(published_at=timezone.now(), in_force=True)
    evidence = alfa_rows["members.evidence"]
    source = Source.objects.create(url="https://secret.example/link", title="SECRET-LINK")
    write(evidence, source=source, note_en="SECRET-NOTE")
    write(evidence, note_en="SECRET-NOTE-TWO")
    return evidence


def outlets(action) -> list[str]:
    """Every public address that tells of evidence."""
    point = action.commitment.point.number
    pages = ["cities/alfa/", "cities/alfa/changes/", f"plan/{point}/", f"actions/{action.pk}/cite/"]
    compare = ["compare/?city=alfa&city=beta", "compare/export.csv?city=alfa&city=beta"]
    feeds = ["cities/alfa/feed/", "feed/", "countries/pl/feed/", f"plan/{point}/feed/"]
    figures = ["figures/", "figures/matrix.csv", "figures/points.csv"]
    local = [f"/en/{path}" for path in (*pages, *compare, *feeds, *figures)]
    return [*local, "/api/v1/actions/", "/api/v1/sources/"]


def words_of(client, address) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response).decode()


def test_link_for_the_office_only_and_its_note_stand_nowhere_in_public(secret, write, beta, client):
    action = secret.action
    addresses = outlets(action)
    words = ("SECRET-LINK", "SECRET-NOTE", "secret.example")
    shown = [one for one in addresses if any(word in words_of(client, one) for word in words)]
    assert len(shown) >= 8
    write(secret, office_only=True)
    for address in addresses:
        found = words_of(client, address)
        assert not [word for word in words if word in found], address


def test_text_from_the_time_of_the_tick_is_not_told_after_it(secret, write, client):
    write(secret, office_only=True, note_en="HIDDEN")
    write(secret, note_en="HIDDEN-TWO")
    write(secret, office_only=False, note_en="SHOWN")
    write(secret, note_en="SHOWN-TWO")
    found = everything(client)
    assert "HIDDEN" not in found
    assert "SHOWN" in found
