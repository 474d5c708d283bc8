"""Every address that has a slug leads from a former one, and from capitals, to today's."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from members.models import City, FormerSlug, Ground, Organisation
from portal.kept_pages.addresses import KNOWN
from portal.models import Event, News
from portal.moved_addresses import MODELS, SLUGS
from programs.models import Programme
from tests.conftest import make_city

pytestmark = pytest.mark.django_db

PUBLIC = [name for name in MODELS if not name.startswith("admin:")]
OF_A_CITY = [name for name in PUBLIC if MODELS[name] is City]
OF_OTHERS = [
    name for name in PUBLIC if MODELS[name] in (Ground, Organisation, News, Event, Programme)
]


def names_with_slugs(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The names of all addresses with a slug in them."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if SLUGS & set(entry.pattern.converters):
                yield f"{before}{entry.name}"
        else:
            namespace = f"{entry.namespace}:" if entry.namespace else ""
            yield from names_with_slugs(entry, before + namespace)


def moved_to(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 301, address
    return response["Location"]


def test_every_address_with_a_slug_is_in_the_table():
    assert sorted(names_with_slugs(get_resolver())) == sorted(MODELS)


@pytest.mark.parametrize("name", OF_A_CITY)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_former_address_of_a_city_leads_to_todays(client, alfa_rows, name, language):
    with override(language):
        former, present = reverse(name, args=["old-alfa"]), reverse(name, args=["alfa"])
    # A key of the query moves with the address where the page knows it.
    knows_pages = "page" in KNOWN.get(name, ("page",))
    assert moved_to(client, f"{former}?page=2") == present + ("?page=2" if knows_pages else "")
    assert client.get(present).status_code == 200


@pytest.mark.parametrize("name", OF_OTHERS)
def test_former_address_of_another_row_leads_to_todays(client, alfa_rows, name):
    row = alfa_rows[MODELS[name]._meta.label_lower]
    former, row.slug = row.slug, f"{row.slug}-now"
    row.save()
    with override("pl"):
        assert moved_to(client, reverse(name, args=[former])) == reverse(name, args=[row.slug])
    row.published_at = None
    row.save()
    with override("pl"):
        assert client.get(reverse(name, args=[former])).status_code == 404


@pytest.mark.parametrize("name", PUBLIC)
def test_address_with_capitals_leads_to_the_one_without(client, alfa_rows, name):
    row = alfa_rows[MODELS[name]._meta.label_lower]
    slug = getattr(row, "slug", None) or row.code.lower()
    with override("de"):
        shouted, present = reverse(name, args=[slug.upper()]), reverse(name, args=[slug])
    assert moved_to(client, shouted) == present
    assert moved_to(client, present.upper().replace("CALENDAR.ICS", "calendar.ics")) == present


@pytest.mark.parametrize(
    ("address", "present"),
    [
        ("/EN/cities/", "/en/cities/"),
        ("/en/Cities/?Q=A", "/en/cities/?Q=A"),
        ("/en/Plan/1/", "/en/plan/1/"),
        ("/en/help/XX/", "/en/help/xx/"),
        ("/en/cities/Old-Alfa/", "/en/cities/alfa/"),
        ("/en/news/?city=old-alfa&page=2", "/en/news/?city=alfa&page=2"),
        ("/en/news/feed/?city=old-alfa", "/en/news/feed/?city=alfa"),
        ("/en/programmes/export.csv?city=old-alfa", "/en/programmes/export.csv?city=alfa"),
        ("/en/compare/?city=Old-Alfa&city=Alfa", "/en/compare/?city=alfa&city=alfa"),
        ("/en/search/?q=a&city=old-alfa", "/en/search/?q=a&city=alfa"),
    ],
)
def test_languages_lists_feeds_and_exports_lead_there_too(client, alfa_rows, address, present):
    present = present.replace("xx", alfa_rows["members.city"].country.code.lower())
    address = address.replace("XX", alfa_rows["members.city"].country.code)
    assert moved_to(client, address) == present


def test_address_is_where_it_was_that_knows_no_city(client, alfa_rows):
    assert client.get("/en/events/calendar.ics?city=Alfa").status_code == 200


@pytest.mark.parametrize("name", [name for name in MODELS if name.startswith("admin:")])
def test_coordinators_bookmark_leads_to_the_city_of_its_own_alone(
    client, person, browse, alfa_rows, name
):
    lead = browse(person("lead", alfa_rows["members.city"]))
    more = {"admin:point_work": {"number": 1}, "admin:action_work": {"pk": 1}}.get(name, {})
    former = reverse(name, kwargs={"slug": "old-alfa", **more})
    assert moved_to(lead, former) == reverse(name, kwargs={"slug": "alfa", **more})
    stranger = browse(person("lead", make_city(alfa_rows["members.city"].country, "gamma")))
    assert stranger.get(former).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/en/cities/nowhere/",
        "/en/cities/Nowhere/",
        "/en/join/interest/AbCdEf/nothing/",
        "/en/news/feed/?city=nowhere",
        "/en/news/feed/?city=%00",
    ],
)
def test_what_never_was_there_is_not_found(client, alfa_rows, address):
    assert client.get(address).status_code == 404


def test_former_address_of_a_city_that_is_not_public_is_not_found(client, alfa):
    FormerSlug.objects.create(slug="older", city=alfa)
    City.objects.update(published_at=None)
    assert client.get("/en/cities/older/").status_code == 404
    assert client.get("/en/news/feed/?city=older").status_code == 404


def test_page_that_has_not_moved_costs_nothing_more(client, alfa_rows):
    client.get("/en/help/alfa/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/en/help/alfa/")
    assert not [query for query in queries if "formerslug" in query["sql"].lower()]
