"""Each public address is kept or has its reason; each key of a query string is one that its page
knows."""

import pytest

from members.city_filter import CityFilter
from members.map.view import PARAMETER
from portal.cited_pages import READERS
from portal.figures.matrix import MatrixFilter
from portal.filters import NewsFilter
from portal.forms import CompareForm, FeedForm, HelpForm, SearchForm, SuggestForm
from portal.kept_pages.addresses import KEPT, KNOWN
from portal.open_data.kinds import KINDS
from programs.filters import ProgrammeFilter
from tests.test_any_row import pages, public_routes

pytestmark = pytest.mark.django_db

NOT_KEPT = {
    "set_language": "a form of the staff area",
    "document_file": "a file, perhaps not public",
    "picture_file": "a file",
    "site_card": "a picture, which the cards keep themselves",
    "city_card": "a picture, which the cards keep themselves",
    "programme_card": "a picture, which the cards keep themselves",
    "news_card": "a picture, which the cards keep themselves",
    "city_badge": "a small picture for other sites, with headers of its own",
    "data_catalogue": "differs by what the program accepts",
    "data_archive": "a file",
    "data_csv_metadata": "a file, which refuses every query",
    "figure_file": "an export",
    "compare_export": "an export",
    "page_cite": "says when it was read, and knows the query of another page",
    "healthz": "says how the process is now",
    "metrics": "says how the process is now, to who knows the token",
    "readyz": "says how the database is now",
    "robots": "says the same to everybody without the database",
    "security_txt": "says the same to everybody without the database",
    "favicon": "leads on to a file",
    "interest_form": "a form with a signed moment",
    "interest_thanks": "after a form",
    "interest_confirmed": "after a form",
    "interest_confirm": "a link of one person",
    "change_password": "leads on to the page of an account",
    "help_wrong": "a form",
    "help_not_wrong": "a form",
    "help_wrong_thanks": "after a form",
    "accessibility_report": "a form",
    **{f"{kind}_export": "an export" for kind in KINDS},
}
FORMS = {
    "city_list": CityFilter,
    "programme_list": ProgrammeFilter,
    "news_list": NewsFilter,
    "figures": MatrixFilter,
    "news_feed": FeedForm,
    "search": SearchForm,
    "search_suggest": SuggestForm,
    "help_index": HelpForm,
    "compare": CompareForm,
    "compare_suggest": SuggestForm,
}
# Read by the view itself, not by a form or a filter.
ALONE = {"page", PARAMETER, "at"}


def test_every_public_address_is_kept_or_has_a_reason():
    routes = {name for name in public_routes() if not name.startswith("api_")} | {"api_reference"}
    assert routes - set(KEPT) - set(NOT_KEPT) == set()
    assert set(KEPT) - routes == set()
    assert set(KEPT) & set(NOT_KEPT) == set()


@pytest.mark.parametrize("name", FORMS)
def test_keys_of_a_page_are_those_of_its_forms(name):
    known = set(KEPT[name]) - ALONE
    form = FORMS[name]
    fields = set(getattr(form, "base_filters", None) or form.base_fields)
    more = {"city"} if name.startswith("compare") else set()
    assert known == fields | more


# Addresses with a language that answer with a file or refuse what they do not know.
FILES = ("export", "card.png", "badge.svg", ".csv", "csv-metadata.json")


@pytest.mark.parametrize("is_kept", [True, False])
def test_500_keys_are_repeated_in_no_link(alfa_rows, client, settings, is_kept):
    """Unknown ones, one of them 500 times, and both: each page says what it says without them."""
    settings.KEPT_PAGES = is_kept
    unknown = "&".join(f"mark{number}=repeated" for number in range(500))
    often = "&".join(["page=1"] * 200 + ["country=repeated"] * 200)
    addresses = [one for one in pages(alfa_rows) if not any(part in one for part in FILES)]
    addresses += ["/en/nothing-here/", "/en/help/wrong/1/", "/en/join/interest/thanks/"]
    addresses += ["/accounts/login/", "/accounts/password/reset/", "/accounts/invitation/a/"]
    for address in addresses:
        mark = "&" if "?" in address else "?"
        without = client.get(address).content
        assert b"mark77" not in client.get(f"{address}{mark}{unknown}").content, address
        for query in (often, f"{unknown}&{often}"):
            answer = client.get(f"{address}{mark}{query}")
            assert answer.content.count(b"country=repeated") <= 200, address
            assert len(answer.content) < 1.5 * len(without) + 10_000, address


def test_reference_of_a_page_knows_what_the_pages_know_that_are_cited():
    known = {key for name in READERS for key in KEPT[name]} - ALONE
    assert known <= set(KNOWN["page_cite"])


def test_page_of_a_table_knows_the_filters_of_every_kind():
    names = {name for kind in KINDS.values() for name in kind.filters.base_filters}
    assert set(KEPT["data_table"]) == names
