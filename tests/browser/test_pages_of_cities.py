"""The pages of cities and countries, each looked at in every way."""

import pytest

from tests.browser.walk import PAGES_OF_CITIES, Walked

pytestmark = pytest.mark.looks


class TestPages(Walked):
    pages = PAGES_OF_CITIES
