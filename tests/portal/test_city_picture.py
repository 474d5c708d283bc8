"""A city's own picture: written by its people, shown in the head of its page, public with it."""

import pytest
from django.utils import timezone

from portal.models import CityPicture, Picture
from portal.services import pictures
from tests.portal.test_pictures import picture_file, upload

pytestmark = pytest.mark.django_db

ADD = "/admin/portal/citypicture/add/"
PAGE = "/en/cities/alfa/"


def fields(city, **more: object) -> dict[str, object]:
    typed = {"source_language": "en", "city": city.pk, "credit": "Ada, CC0", "focus": "left"}
    return {**typed, "picture_text_en": "The square", "caption_en": "In May", **more}


def errors_of(response) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def test_coordinator_gives_the_city_a_picture(person, alfa, browse, client):
    browser = browse(person("lead", alfa))
    answer = browser.post(ADD, fields(alfa, picture_file=upload(picture_file())))
    assert answer.status_code == 302, errors_of(answer)
    row = CityPicture.objects.get()
    assert (row.city, row.picture.city, row.focus) == (alfa, alfa, "left")
    # A draft: its file and the page of the city tell nothing.
    address = row.picture.url(480)
    assert client.get(address).status_code == 404
    assert "city-picture" not in client.get(PAGE).content.decode()
    CityPicture.objects.update(published_at=timezone.now())
    html = client.get(PAGE).content.decode()
    picture = client.get(address)
    assert picture.status_code == 200
    picture.close()
    assert 'class="city-picture" data-focus="left"' in html
    assert 'alt="The square"' in html
    assert "In May" in html
    assert "Picture: Ada, CC0" in html


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({}, "picture_file"),
        ({"picture_file": b"no picture"}, "picture_file"),
        ({"picture_file": picture_file(), "picture_text_en": ""}, "picture_text_en"),
        ({"picture_file": picture_file(), "credit": ""}, "credit"),
        ({"picture_file": picture_file(), "focus": "nowhere"}, "focus"),
    ],
)
def test_what_lacks_is_said_at_its_field(typed, named, person, alfa, browse):
    sent = fields(alfa, **typed)
    if "picture_file" in typed:
        sent["picture_file"] = upload(typed["picture_file"])
    answer = browse(person("lead", alfa)).post(ADD, sent)
    assert answer.status_code == 200
    assert list(errors_of(answer)) == [named]
    assert not CityPicture.objects.exists()


def test_another_city_gets_no_picture_from_its_neighbour(person, alfa, beta, browse):
    answer = browse(person("lead", alfa)).post(
        ADD, fields(beta, picture_file=upload(picture_file()))
    )
    assert answer.status_code in {200, 302}
    assert not CityPicture.objects.filter(city=beta).exists()


def test_picture_of_a_city_that_is_withdrawn_is_withdrawn_with_it(alfa_rows, client):
    picture = alfa_rows["portal.citypicture"].picture
    public = Picture.objects.public()
    assert picture in public
    alfa = alfa_rows["portal.citypicture"].city
    type(alfa).objects.filter(pk=alfa.pk).update(published_at=None)
    assert picture not in public.all()


def test_picture_of_a_city_is_not_forgotten(alfa_rows, alfa):
    Picture.objects.update(uploaded_at=timezone.now() - 2 * pictures.WAITS)
    kept = alfa_rows["portal.citypicture"].picture
    pictures.forget_unused()
    assert Picture.objects.filter(pk=kept.pk).exists()
