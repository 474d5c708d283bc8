"""What everybody may read travels compressed; what only some may read does not."""

import gzip

import pytest

pytestmark = pytest.mark.django_db

TAKES = {"accept-encoding": "gzip"}


@pytest.mark.parametrize("path", ["/en/about/", "/sitemap.xml"])
def test_public_text_is_compressed_where_the_browser_takes_it(path, client, alfa):
    plain = client.get(path)
    assert not plain.has_header("Content-Encoding")
    small = client.get(path, headers=TAKES)
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert int(small["Content-Length"]) == len(small.content)
    assert len(small.content) < len(plain.content)
    assert gzip.decompress(small.content)[:20] == plain.content[:20]


def test_pages_of_people_who_sign_in_are_not_compressed(client, alfa):
    assert not client.get("/accounts/login/", headers=TAKES).has_header("Content-Encoding")


def test_pictures_are_not_compressed_again(client, alfa):
    response = client.get("/en/cities/alfa/card.png", headers=TAKES)
    assert response["Content-Type"] == "image/png"
    assert not response.has_header("Content-Encoding")
