"""The first page of the Steering Committee: its files, what each lacks, and nothing else."""

import pytest

from members.models import Point, SuggestedAction
from tests.members.accession_cast import file_in, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(person):
    return person("secretariat")


@pytest.fixture
def committee(person, beta, browse):
    return browse(person("committee", beta))


def test_each_file_says_what_it_lacks(alfa, office, committee):
    file_in("on_agenda", alfa, office)
    html = committee.get("/admin/").content.decode()
    assert "Alfa" in html
    assert "What the file lacks:" in html
    assert "The signed act is not attached." in html
    assert "0 of 2 points have an action" in html
    assert "No action under the points 1 and 2." in html
    assert "0 documents to read" in html


def test_file_that_lacks_nothing_is_complete(alfa, office, committee, monkeypatch):
    file_in("on_agenda", alfa, office)
    monkeypatch.setattr("members.views.office.remarks", lambda file: [])
    Point.objects.update(published_at=None)
    html = committee.get("/admin/").content.decode()
    assert "The file is complete." in html
    assert "What the file lacks:" not in html


def test_actions_of_two_files_are_not_mixed(alfa, beta, office, committee):
    point = make_plan()
    own = SuggestedAction.objects.create(point=point, order=1, text_en="Do it")
    row = file_in("draft", alfa, office)
    row.choices.create(suggested_action=own)
    file_in("on_agenda", beta, office)
    html = committee.get("/admin/").content.decode()
    assert "1 of 2 points have an action" not in html
    assert "0 of 2 points have an action" in html


def test_every_link_of_the_page_is_theirs(alfa, office, committee):
    """Nothing to click that answers no."""
    file_in("on_agenda", alfa, office)
    page = committee.get("/admin/")
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    links = {part.partition('"')[0] for part in main.split('href="')[1:]}
    assert len(links) >= 2
    codes = {link: committee.get(link, follow=True).status_code for link in links}
    assert set(codes.values()) == {200}, codes


def test_draft_of_a_city_is_not_shown(alfa, office, committee):
    file_in("draft", alfa, office)
    assert "Alfa" not in committee.get("/admin/").content.decode()


def test_page_costs_the_same_with_two_files(
    alfa, beta, office, committee, django_assert_num_queries
):
    file_in("on_agenda", alfa, office)
    committee.get("/admin/")
    with django_assert_num_queries(9):
        committee.get("/admin/")
    file_in("on_agenda", beta, office)
    with django_assert_num_queries(9):
        committee.get("/admin/")
