"""What the join page and the pages of meetings say, on the real data: counted from rows, the
unknown left unknown."""

import re
from statistics import median

import pytest
from django.test import Client
from django.utils import timezone

from members.fees import fees_today, span_of
from members.figures import accession_times
from members.models import City, Decision, FeeBand, LegalAct, Meeting, Membership, User
from tests.conftest import make_city

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]


def page(url: str) -> str:
    response = Client().get(url)
    assert response.status_code == 200, url
    return re.sub(r"\s+", " ", response.content.decode())


# --- How long it took -----------------------------------------------------------------------------


def test_times_are_those_of_real_cities_with_both_days_known():
    assert [(time.city.slug, time.days) for time in accession_times()] == [
        ("konstanz", 92),
        ("krakow", 203),
        ("dortmund", 1413),
    ]


def test_page_shows_how_many_the_middle_and_both_ends():
    times = [time.days for time in accession_times()]
    html = page("/en/join/")
    assert f"<dd>{median(times)}</dd>" in html
    assert "counted from 3 cities on" in html
    assert "<dd>92</dd>" in html
    assert "<dd>1,413</dd>" in html
    assert 'href="/en/cities/dortmund/"' in html


def test_a_month_or_an_annulled_vote_or_a_draft_counts_nothing():
    krakow = Decision.objects.get(city__slug="krakow", annulled_at=None)
    for broken in ({"on": "2024-09"}, {"published_at": None}):
        before = {name: getattr(krakow, name) for name in broken}
        Decision.objects.filter(pk=krakow.pk).update(**broken)
        assert "krakow" not in [time.city.slug for time in accession_times()]
        Decision.objects.filter(pk=krakow.pk).update(**before)
    office = User.objects.filter(is_secretariat=True).first()
    Decision.objects.filter(pk=krakow.pk).update(
        annulled_at=timezone.now(), annulled_by=office, annulled_why="Wrong"
    )
    assert len(accession_times()) == 2


def test_invented_cities_and_votes_before_the_decision_count_nothing():
    act = LegalAct.objects.get(city__slug="krakow", number="CXXIX/3569/24")
    sampleton = Membership.objects.get(city__slug="sampleton")
    sampleton.legal_basis = act
    sampleton.save()
    act.passed = "2024-12-01"
    act.save()
    assert [time.city.slug for time in accession_times()] == ["konstanz", "dortmund"]


def test_without_any_time_the_page_says_so():
    Membership.objects.update(legal_basis=None)
    assert "For no city are both days known" in page("/en/join/")


# --- What it costs --------------------------------------------------------------------------------


def test_fees_show_what_sources_say_and_where_they_disagree():
    html = page("/en/join/")
    for text in (
        "up to 19,999",
        "free",
        "€500",
        "€1,000",
        "€1,500",
        "disagrees: free up to 100,000 inhabitants",
    ):
        assert text in html
    assert "from which size on is not known" in html
    assert "At which size the fee rises to the highest band is not known" in html


def test_border_that_is_known_is_not_called_unknown():
    FeeBand.objects.filter(population_from=None).update(population_from=500_000)
    assert not any(
        fee.starts_unknown or fee.ends_unknown for fee in fees_today() if fee.band.amount == 1500
    )
    assert "500,000 or more" in page("/en/join/")
    assert "is not known: no source" not in page("/en/join/")


def test_fees_of_another_time_are_not_shown():
    FeeBand.objects.filter(amount=500).update(valid_to="2020")
    FeeBand.objects.filter(amount=1000).update(valid_from="2999")
    amounts = [fee.band.amount for fee in fees_today()]
    assert amounts == [0, 1500]
    year = timezone.localdate().year
    FeeBand.objects.filter(amount=500).update(valid_to=str(year))
    assert len(fees_today()) == 3


def test_unpublished_fees_are_not_shown():
    FeeBand.objects.update(published_at=None)
    assert "What membership costs is not known yet" in page("/en/join/")


# --- In brief -------------------------------------------------------------------------------------


def brief() -> str:
    """What stands above the contents of the page."""
    html = page("/en/join/")
    return html.split('<dl class="summary">')[1].split('class="page-contents"')[0]


def test_head_says_what_it_costs_how_long_it_takes_and_whom_to_ask(settings):
    settings.CONTACT_EMAIL = "office@example.org"
    text = brief()
    assert "at most €1,500 a year; for the smallest cities: free" in text
    assert "92 to 1,413 days" in text
    assert "known of 3 cities" in text
    assert 'href="mailto:office@example.org"' in text
    assert 'href="/en/join/resolution.txt"' in text
    assert 'class="button" href="/en/join/interest/"' in text
    settings.CONTACT_EMAIL = ""
    assert "mailto:" not in brief()


def test_head_compares_no_fees_of_several_currencies():
    assert (span_of(fees_today()).least.amount, span_of(fees_today()).most.amount) == (0, 1500)
    FeeBand.objects.filter(amount=500).update(currency="PLN")
    assert span_of(fees_today()) is None
    assert "a yearly fee by the number of inhabitants" in brief()
    FeeBand.objects.exclude(amount=1000).update(published_at=None)
    assert "€1,000 a year, for all cities" in brief()
    FeeBand.objects.update(published_at=None)
    Membership.objects.update(legal_basis=None)
    assert "not known yet; the secretariat says it" in brief()
    assert "days from" not in brief()


def test_contents_lead_to_each_section_and_long_sources_are_folded():
    html = page("/en/join/")
    contents = html.split('class="page-contents"')[1].split("</nav>")[0]
    keys = re.findall(r'href="#(\w+)"', contents)
    expected = ["why", "fees", "times", "steps", "duties", "resolution", "after", "sources"]
    assert keys == expected
    for key in keys:
        assert f'id="{key}"' in html
    assert re.search(
        r'<details class="more"> <summary>\d+ sources</summary> <ol class="sources">', html
    )


# --- Meetings -------------------------------------------------------------------------------------


@pytest.fixture
def meeting() -> Meeting:
    return Meeting.objects.get(kind="steering_committee", starts="2024-09-25")


def test_meeting_names_the_city_and_the_city_names_the_meeting(meeting):
    assert 'href="/en/cities/krakow/"' in page(f"/en/meetings/{meeting.pk}/")
    assert f'href="/en/meetings/{meeting.pk}/"' in page("/en/cities/krakow/")
    assert f'href="/en/meetings/{meeting.pk}/"' in page("/en/meetings/")
    assert f"/pl/meetings/{meeting.pk}/" in page("/sitemap.xml")
    assert f'href="/de/meetings/{meeting.pk}/"' in page("/de/search/?q=heidelberg")


def test_annulled_decision_stays_and_says_so(meeting):
    office = User.objects.filter(is_secretariat=True).first()
    when = timezone.now()
    Decision.objects.filter(meeting=meeting).update(
        annulled_at=when, annulled_by=office, annulled_why="SECRETWHY"
    )
    html = page(f"/en/meetings/{meeting.pk}/")
    assert "annulled on" in html
    assert "<s>Admitted</s>" in html
    assert "No decision on a city is known of this meeting" in html
    assert "SECRETWHY" not in html


def test_votes_and_those_who_did_not_vote_are_shown_as_far_as_they_are_public(meeting):
    decision = Decision.objects.get(meeting=meeting)
    Decision.objects.filter(pk=decision.pk).update(
        votes_for=9, votes_against=4, votes_abstained=2, unanimous=False
    )
    hidden = make_city(decision.city.country, "hidden", name_en="UNSEEN", published_at=None)
    decision.recused.set([City.objects.get(slug="lund"), hidden])
    html = page(f"/en/meetings/{meeting.pk}/")
    assert "Votes for: 9, against: 4, abstentions: 2." in html
    assert 'Did not vote: <a href="/en/cities/lund/">' in html
    assert "UNSEEN" not in html


def test_drafts_are_not_on_the_page(meeting):
    Decision.objects.filter(meeting=meeting).update(published_at=None)
    assert "/cities/krakow/" not in page(f"/en/meetings/{meeting.pk}/")
    Meeting.objects.filter(pk=meeting.pk).update(published_at=None)
    assert Client().get(f"/en/meetings/{meeting.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 27])
def test_meeting_that_is_none_is_a_404(number):
    assert Client().get(f"/en/meetings/{number}/").status_code == 404


def test_invented_meeting_is_marked_and_in_no_list():
    invented = Meeting.objects.filter(fictional=True).first()
    html = page(f"/en/meetings/{invented.pk}/")
    assert "noindex" in html
    assert 'data-kind="fictional"' in html
    assert f"/meetings/{invented.pk}/" not in page("/en/meetings/")
    assert f"/meetings/{invented.pk}/" not in page("/sitemap.xml")


# --- The timeline of a city -----------------------------------------------------------------------


def test_timeline_tells_the_decision_the_vote_and_what_is_not_evidenced():
    krakow = page("/en/cities/krakow/")
    decided, voted = (
        krakow.index("The city decided to join:"),
        krakow.index("The Steering Committee admitted the city"),
    )
    # The newest first.
    assert voted < decided
    assert "Member of the network since then" not in krakow
    wien = page("/en/cities/wien/")
    assert "The city decided to join: council resolution" in wien
    assert "Listed as a member" in wien
    pitea = page("/en/cities/pitea/").partition('id="timeline"')[2].partition("</section>")[0]
    assert "Decided to apply" in pitea
    assert "ember since" not in pitea
    assert "date not known" not in pitea


def test_timeline_says_that_the_act_was_signed():
    wien = City.objects.get(slug="wien")
    LegalAct.objects.create(
        city=wien, kind="signed_act", passed="2007-05-01", published_at=timezone.now()
    )
    assert "The Act of Accession and Commitment was signed" in page("/en/cities/wien/")
