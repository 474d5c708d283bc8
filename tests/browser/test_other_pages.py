"""All other kinds of public pages, each looked at in every way."""

import pytest

from tests.browser.walk import OTHER_PAGES, Walked

pytestmark = pytest.mark.looks


class TestPages(Walked):
    pages = OTHER_PAGES
