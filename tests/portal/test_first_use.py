"""What a worker loads before its first reader."""

from django.conf import settings

from languages.names import locale_of
from portal.first_use import load_for_first_use


def test_addresses_and_names_are_loaded_without_a_database():
    """A test without the mark for the database fails where one is asked."""
    locale_of.cache_clear()
    load_for_first_use()
    assert locale_of.cache_info().currsize >= len(settings.LANGUAGES)
