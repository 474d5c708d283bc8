"""What the drop-downs of the administration offer, and in which order."""

import re

import pytest
from django.utils import timezone

from members.models import City, Commitment, ExpressionOfInterest, Plan, Point
from programs.models import Programme
from tests.conftest import make_city

pytestmark = pytest.mark.django_db
# Their addresses have another order than their names; one has no public page.
SHOWN = ["Ålesund", "Aarau", "Łomża", "Österby", "Zadar"]


@pytest.fixture
def cities(country) -> list[City]:
    rows = []
    for number, name in enumerate(reversed(SHOWN)):
        row = make_city(country, f"town-{number}", name_en=name, local_name=name)
        rows.append(row)
    City.objects.filter(slug="town-1").update(published_at=None)
    return rows


def labels(client, page, name) -> list[str]:
    """What the reader's page offers in a drop-down, without the empty choice."""
    html = client.get(page).text
    drop_down = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    options = re.findall(r'<option value="\d+"[^>]*>([^<]*)</option>', drop_down.group())
    return [re.split(r" [·(]", label)[0] for label in options]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Aarau", "Ålesund", "Łomża", "Österby", "Zadar"]),
        ("sv", ["Aarau", "Łomża", "Zadar", "Ålesund", "Österby"]),
    ],
)
def test_cities_stand_in_the_order_of_the_names_shown(
    language, expected, cities, country, person, browse
):
    client = browse(person("secretariat", language=language))
    interest = ExpressionOfInterest.objects.create(
        country=country,
        city_name="Gamma",
        email="town@example.org",
        language="en",
        confirmed_at=timezone.now(),
    )
    candidate = f"/admin/members/expressionofinterest/{interest.pk}/candidate/"
    for page in (candidate, "/admin/members/accession/add/", "/admin/members/unit/add/"):
        assert labels(client, page, "city") == expected, page


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Aarau", "Ålesund", "Łomża", "Österby", "Zadar"]),
        ("sv", ["Aarau", "Łomża", "Zadar", "Ålesund", "Österby"]),
    ],
)
def test_filters_beside_a_list_stand_in_the_order_of_the_names_shown(
    language, expected, cities, person, browse
):
    for city in cities:
        person("viewer", city)
    page = browse(person("secretariat", language=language)).get("/admin/members/cityrole/")
    (spec,) = [one for one in page.context["cl"].filter_specs if one.field_path == "city"]
    names = [re.split(r" [·(]", str(name))[0] for _key, name in spec.lookup_choices]
    assert names == expected


def test_filter_of_points_keeps_the_order_of_their_numbers(alfa, person, browse):
    plan = Plan.objects.create(name_en="Plan", in_force=True)
    for number in (10, 2, 1):
        point = Point.objects.create(plan=plan, number=number, title_en="Point")
        Commitment.objects.create(city=alfa, point=point)
    page = browse(person("secretariat")).get("/admin/members/commitment/")
    (spec,) = [one for one in page.context["cl"].filter_specs if one.field_path == "point"]
    keys = [key for key, _name in spec.lookup_choices]
    assert keys == list(Point.objects.order_by("number").values_list("pk", flat=True))


def test_programmes_stand_in_the_order_of_the_names_shown(alfa, person, browse):
    for number, name in enumerate(("Zebra", "Émile", "Dawn", "Fair")):
        Programme.objects.create(
            city=alfa, slug=f"p-{number}", kind="project", original_name=name, name_en=name
        )
    client = browse(person("secretariat"))
    offered = labels(client, "/admin/programs/participation/add/", "programme")
    assert offered == ["Dawn", "Émile", "Fair", "Zebra"]
