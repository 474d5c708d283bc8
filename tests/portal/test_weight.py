"""A first visit to any kind of page stays light: 100 kB over the wire and 8 requests."""

import gzip
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

sys.path.insert(0, str(Path(settings.BASE_DIR) / "bench"))

from weights import Weight, addresses_in, wire_size

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

MOST_BYTES = 100_000
MOST_REQUESTS = 8
PATHS = [
    "",
    "cities/",
    "cities/krakow/",
    "cities/sampleton/",
    "compare/?city=krakow&city=wien&city=sampleton&city=bern",
    "cities/sampleton/cite/",
    "cities/sampleton/version/",
    "cities/sampleton/changes/",
    "countries/de/",
    "plan/",
    "plan/7/",
    "programmes/",
    "programmes/otwarty-krakow/",
    "programmes/otwarty-krakow/cite/",
    "news/",
    "news/sampleton-opens-its-mediation-room/",
    "news/krakow-joins-the-coalition/version/",
    "events/",
    "events/sampleton-open-evening-2027/",
    "help/",
    "help/krakow/",
    "help/de/",
    "organisations/rzecznik-praw-obywatelskich/",
    "grounds/race/",
    "search/?q=krakow",
    "join/",
    "join/interest/",
    "meetings/",
    "meetings/1/",
    "figures/",
    "data/",
    "data/api/",
    "data/contacts/",
    "about/",
    "contact/",
    "accessibility/",
    "privacy/",
]


def weight_of(path: str, language: str) -> Weight:
    content = Client().get(f"/{language}/{path}").content
    weight = Weight(len(gzip.compress(content, 6)))
    for address in addresses_in(content.decode()):
        weight.files[address] = wire_size(address, _content(address))
    return weight


def _content(address: str) -> bytes:
    """Of a static file, or of a picture that somebody uploaded."""
    if not address.startswith(settings.STATIC_URL):
        return b"".join(Client().get(address))
    file = finders.find(address.removeprefix(settings.STATIC_URL))
    assert file, address
    return Path(file).read_bytes()


@pytest.mark.parametrize("path", PATHS)
def test_first_visit_is_light(path):
    # Ukrainian: each of its letters is two bytes.
    weight = weight_of(path, "uk")
    assert weight.bytes <= MOST_BYTES, weight
    assert weight.requests <= MOST_REQUESTS, weight
    assert any(name.endswith(".css") for name in weight.files)
