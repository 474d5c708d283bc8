"""A kept page is answered as the page itself is, to whoever asks and however they ask."""

import gzip
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import City
from portal.encodings import takes_gzip
from portal.kept_pages import middleware, stores
from portal.kept_pages.versions import midnight
from portal.models import News
from portal.views import search
from tests.portal.test_outages import stopped_database

pytestmark = pytest.mark.django_db

GZIP = {"accept-encoding": "gzip"}
CITY = "/en/cities/alfa/"


def files(folder, room="pages"):
    return [path.name for path in (folder / room).glob("*")]


def test_the_second_reader_costs_one_query(client, alfa):
    first = client.get(CITY)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(CITY)
    assert len(queries) == 1
    assert (second.status_code, second.content) == (200, first.content)
    for name in ("Content-Security-Policy", "X-Frame-Options", "Content-Language", "X-Request-ID"):
        assert name in second
    assert second["X-Request-ID"] != first["X-Request-ID"]
    assert second["Content-Type"] == "text/html; charset=utf-8"


def test_an_edit_is_read_at_once(client, alfa):
    client.get(CITY)
    City.objects.filter(pk=alfa.pk).update(name_en="Omega")
    assert "Omega" in client.get(CITY).content.decode()


def test_each_language_format_and_filter_has_its_own_copy(client, alfa_rows):
    addresses = [CITY, "/pl/cities/alfa/", "/en/cities/", "/en/cities/?country=PL"]
    addresses += ["/en/cities/?country=SE", "/en/cities/alfa/feed/", "/en/help/alfa/"]
    first = [client.get(address).content for address in addresses]
    assert [client.get(address).content for address in addresses] == first
    assert len(set(first)) == len(addresses)


def test_a_page_is_made_for_nobody(person, browse, client, alfa, folder):
    """Whoever asks first leaves nothing in the copy."""
    signed_in = browse(person("lead", alfa))
    headers = {"accept-language": "pl", "if-none-match": '"old"', "range": "bytes=0-5"}
    own = signed_in.get(CITY + "?utm_source=letter&city=beta", headers=headers)
    assert own.status_code == 200
    assert not own.cookies
    assert "utm_source" not in own.content.decode()
    assert client.get(CITY).content == own.content
    assert len(files(folder)) == 1


@pytest.mark.django_db(transaction=True)
def test_browser_and_proxy_ask_again(client, alfa):
    answer = client.get(CITY, headers=GZIP)
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer["Vary"] == "Accept-Encoding"
    again = client.get(CITY, headers={**GZIP, "if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    # The tag says what the page says: an edit elsewhere leaves it.
    City.objects.create(slug="far", country=alfa.country, name_en="Far", local_name="Far")
    assert client.get(CITY, headers={"if-none-match": answer["ETag"]}).status_code == 304
    City.objects.filter(pk=alfa.pk).update(name_en="Omega")
    assert client.get(CITY, headers={"if-none-match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"other", "one more"'}, 200),
        ({"if-match": '"other"'}, 412),
        ({"if-match": "*"}, 200),
        ({"range": "bytes=0-99"}, 200),
        ({"range": "bytes=0-99", "if-range": '"other"'}, 200),
        ({"if-modified-since": "Mon, 30 Nov 2026 00:00:00 GMT"}, 200),
        ({"if-none-match": "nonsense"}, 200),
    ],
)
@pytest.mark.parametrize("is_warm", [False, True])
def test_conditions_are_answered_alike_by_page_and_copy(is_warm, headers, status, client, alfa):
    if is_warm:
        client.get(CITY)
    answer = client.get(CITY, headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert answer.content.endswith(b"</html>\n")


def test_head_has_the_length_of_the_page_and_no_body(client, alfa):
    cold = client.head(CITY)
    warm = client.head(CITY)
    whole = client.get(CITY)
    for answer in (cold, warm):
        assert answer.status_code == 200
        assert answer.content == b""
        assert answer["Content-Length"] == str(len(whole.content))
        assert answer["ETag"] == whole["ETag"]


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [
        ("gzip", True),
        ("GZIP, deflate, br", True),
        ("br;q=1.0, gzip;q=0.2", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("", False),
        ("gzipped", False),
        ("gzip;q=often", False),
        ("deflate, br, zstd", False),
    ],
)
def test_conflicting_encodings_are_read_as_the_standard_says(header, is_taken, client, alfa):
    assert takes_gzip(header) is is_taken
    plain = client.get(CITY).content
    for path in (CITY, "/en/join/interest/"):
        answer = client.get(path, headers={"accept-encoding": header})
        assert (answer.get("Content-Encoding") == "gzip") is is_taken
        assert answer["Vary"].lower().count("accept-encoding") == 1
    answer = client.get(CITY, headers={"accept-encoding": header})
    content = gzip.decompress(answer.content) if is_taken else answer.content
    assert content == plain
    assert answer["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize(
    "path",
    ["/en/join/interest/", "/en/cities/export.csv", "/en/nothing/", "/en", "/robots.txt",
     "/en/cities/?page=99", "/admin/", "/accounts/login/", "/en/Cities/",
     "/en/cities/alfa/card.png"],
)  # fmt: skip
def test_forms_files_and_errors_are_not_kept(path, client, alfa, folder):
    client.get(path)
    assert files(folder) + files(folder, "queries") == []


def test_nothing_is_kept_of_a_form_that_is_sent(client, alfa_rows, folder):
    pk = alfa_rows["members.supportcontact"].pk
    client.post(f"/en/help/wrong/{pk}/")
    client.post(CITY)
    client.put(CITY)
    assert files(folder) == []


def test_an_unknown_host_is_refused_though_a_copy_is_there(client, alfa):
    client.get(CITY)
    assert client.get(CITY, headers={"host": "evil.example"}).status_code == 400


def test_thousands_of_queries_do_not_fill_the_store(client, alfa, folder, monkeypatch):
    monkeypatch.setitem(stores.ROOMS, "queries", (20, 0.25))
    monkeypatch.setattr(stores, "WRITES_BETWEEN", 5)
    store = stores.page_store()
    client.get(CITY)
    # Unknown keys are one and the same page.
    for number in range(20):
        assert client.get(f"/en/contact/?{number}=x").status_code == 200
    for number in range(2_000):
        store.put(f"/en/search/?q={number}", b"x" * 100)
    assert len(files(folder)) == 2
    assert len(files(folder, "queries")) <= 25
    # The newest are left.
    assert store.get("/en/search/?q=1999")
    assert not store.get("/en/search/?q=1900")


def test_the_store_is_bounded_in_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(stores, "WRITES_BETWEEN", 1)
    store = stores.FolderStore(tmp_path, 10_000)
    for number in range(50):
        store.put(f"/en/{number}/", b"x" * 1000)
    assert sum(path.stat().st_size for path in (tmp_path / "pages").iterdir()) <= 7_500


def test_a_long_query_is_answered_and_not_kept(client, alfa, folder):
    assert client.get("/en/cities/?q=" + "x" * 600).status_code == 200
    assert client.get("/en/cities/?region=" + "x" * 600).status_code == 400
    assert client.get("/en/search/?" + "&".join(f"a{n}=1" for n in range(2000))).status_code == 400
    assert files(folder, "queries") == []


def test_a_store_that_cannot_be_written_costs_time_and_no_page(settings, client, alfa, caplog):
    settings.KEPT_PAGES_FOLDER = "/dev/null/pages"
    stores.page_store.cache_clear()
    assert client.get(CITY).status_code == 200
    assert client.get(CITY).status_code == 200
    assert "cannot be kept" in caplog.text


def test_a_broken_file_is_no_page(client, alfa, folder):
    whole = client.get(CITY).content
    (file,) = (folder / "pages").iterdir()
    for content in (b"", b"{}\n", b"\x00\xff", file.read_bytes()[:40]):
        file.write_bytes(content)
        assert client.get(CITY).content == whole


def test_a_copy_of_another_address_is_never_given(client, alfa, beta, folder):
    client.get(CITY)
    (file,) = (folder / "pages").iterdir()
    client.get("/en/cities/beta/")
    other = stores.name_of("/en/cities/beta/")
    (folder / "pages" / other).write_bytes(file.read_bytes())
    assert "ZEBRA" in client.get("/en/cities/beta/").content.decode()


def test_without_a_database_visitors_get_the_last_copy(alfa):
    visitor = Client(raise_request_exception=False)
    whole = visitor.get(CITY)
    with stopped_database():
        assert visitor.get(CITY).content == whole.content
        assert visitor.get("/en/cities/").status_code == 503


def test_pages_can_be_made_anew_each_time(settings, client, alfa, folder):
    settings.KEPT_PAGES = False
    assert "ETag" not in client.get(CITY)
    assert files(folder) == []


# --- The clock ------------------------------------------------------------------------------------


def test_a_page_ends_at_midnight(client, alfa, monkeypatch):
    client.get(CITY)
    asked = pages_made(monkeypatch)
    client.get(CITY)
    assert asked == []
    monkeypatch.setattr(middleware.time, "time", lambda: midnight().timestamp())
    client.get(CITY)
    assert asked == [1]


def pages_made(monkeypatch) -> list[int]:
    """Grows by one with each page that is made anew from now on."""
    asked = []
    make = middleware._new
    monkeypatch.setattr(middleware, "_new", lambda *more: asked.append(1) or make(*more))
    return asked


@pytest.mark.usefixtures("written_at_once")
def test_a_page_ends_when_news_appear_that_were_published_ahead(client, alfa, monkeypatch):
    soon = timezone.now() + timedelta(seconds=60)
    News.objects.create(slug="soon", on="2026-11-30", title_en="Soon", published_at=soon)
    client.get("/en/news/")
    asked = pages_made(monkeypatch)
    for seconds, made in ((-1, []), (1, [1])):
        moment = soon.timestamp() + seconds
        monkeypatch.setattr(middleware.time, "time", lambda moment=moment: moment)
        client.get("/en/news/")
        assert asked == made


def test_page_is_answered_where_nobody_can_say_until_when_it_holds(
    client, alfa, folder, monkeypatch
):
    """A locked table of news holds up neither the cities nor each page anew."""
    asked = []

    def wait_for_lock(since):
        asked.append(since)
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setitem(middleware._pause, "ends", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(middleware, "next_change", wait_for_lock)
        assert [client.get(CITY).status_code for _time in range(2)] == [200, 200]
    assert (len(asked), files(folder)) == (1, [])
    monkeypatch.setitem(middleware._pause, "ends", 0.0)
    client.get(CITY)
    assert len(files(folder)) == 1


def test_a_page_ends_when_somebody_stops_answering(client, alfa_rows, folder):
    contact = alfa_rows["members.supportcontact"]
    now = timezone.localtime()
    closes = now + timedelta(minutes=30)
    if closes.date() != now.date():
        pytest.skip("half an hour before midnight every page ends at midnight")
    alfa_rows["members.country"].time_zone = "Europe/Warsaw"
    alfa_rows["members.country"].save()
    contact.phone, contact.opening = "+48123456789", f"Mo-Su 00:00-{closes:%H:%M}"
    contact.save()
    client.get("/en/help/alfa/")
    (file,) = (folder / "pages").iterdir()
    copy = middleware.Copy.from_bytes(file.read_bytes())
    assert now.timestamp() < copy.ends <= closes.timestamp()


def test_suggestions_that_took_too_long_are_not_kept(client, alfa, monkeypatch):
    def too_long(*arguments, **options):
        raise search.SearchTimeout

    with monkeypatch.context() as patch:
        patch.setattr(search, "suggest", too_long)
        assert client.get("/en/search/suggest/?q=al").json()["suggestions"] == []
    assert client.get("/en/search/suggest/?q=al").json()["suggestions"] != []
