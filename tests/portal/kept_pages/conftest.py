"""Pages are kept, in a folder of the test's own."""

import pytest

from portal.kept_pages import memory, stores


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEPT_PAGES = True
    settings.KEPT_PAGES_FOLDER = str(tmp_path / "pages")
    stores.page_store.cache_clear()
    memory.forget()
    yield tmp_path / "pages"
    stores.page_store.cache_clear()
