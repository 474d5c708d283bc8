"""Help: one number first, for every place of the network and for any town of Europe."""

import re
import time
from collections import defaultdict
from datetime import UTC, datetime
from html import escape, unescape
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import gettext, override

from languages.tables import rows_of
from members.help import help_for, help_in
from members.models import City, Country, Situation, Source, SupportContact
from members.telephone import is_in_use
from portal.advice import lines, steps_for
from portal.models import Town, TownName
from portal.towns import folded_name

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

SUNDAY = datetime(2026, 11, 29, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 12, tzinfo=UTC)
WAY = re.compile(r'class="call-button"[^>]*?\s+href="(tel:|mailto:|https?:)')


def _page(client: Client, url: str) -> str:
    """What the reader sees: without what stands in the head for search engines."""
    html = _html(client, url)
    return html[html.index("<main") :]


@pytest.fixture
def zakopane():
    town = Town.objects.create(
        geonames_id=3080866,
        name="Zakopane",
        country_code="PL",
        latitude="49.2990",
        longitude="19.9489",
        population=27266,
    )
    for name in ("zakopane", "закопане"):
        TownName.objects.create(town=town, folded=name)
    return town


def test_every_place_has_a_way_to_help_on_its_own_page_or_its_countrys():
    client = Client()
    slugs = list(City.objects.public().real().order_by("pk").values_list("slug", flat=True))
    assert len(slugs) > 150
    without = [slug for slug in slugs if not WAY.search(_html(client, f"/en/help/{slug}/"))]
    assert without == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_first_contact_of_every_place_can_be_told_in_every_language(language):
    """Language and hours change the order; whoever stands first can be called or written to. What
    the page of a place draws first is proved above."""
    cities = City.objects.public().real().select_related("country")
    with override(language):
        without = [city.slug for city in cities if not help_for(city).has_a_way]
        countries = Country.objects.public()
        helpless = [country.code for country in countries if not help_in(country).has_a_way]
    assert without == []
    assert helpless == ["RU"]


@pytest.mark.parametrize("happened", Situation.values)
def test_first_contact_of_every_place_can_be_told_whatever_happened(happened):
    cities = City.objects.public().real().select_related("country")
    without = [city.slug for city in cities if not help_for(city, happened).has_a_way]
    assert without == []


def test_every_number_of_the_network_is_in_use():
    contacts = SupportContact.objects.real().select_related("city__country", "country")
    unknown = [
        (contact.organisation.slug, number)
        for contact in contacts
        for number in (contact.phone, contact.second_phone)
        if number and not is_in_use(number, contact.country_code)
    ]
    assert unknown == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_steps_and_first_number_are_there_in_every_language(language):
    html = _html(Client(), f"/{language}/help/krakow/?happened=online")
    assert WAY.search(html)
    # Each step says who advises it, and where that page is in another language, in which one.
    steps = steps_for("online")
    sources = re.findall(r'class="step-source">(.*?)</span>\s*</span>', html, re.DOTALL)
    assert len(sources) == len(steps)
    for step, source in zip(steps, sources, strict=True):
        assert step.source_publisher in source
        assert f'hreflang="{step.source_language}"' in source
        assert ("(" in source) == (step.source_language != language)


@pytest.mark.parametrize(
    ("moment", "first"),
    # On a Sunday the Defender of Rights is closed, and the line for victims is not.
    [(SUNDAY, "116 006"), (MONDAY, "3928")],
)
def test_who_is_reachable_now_comes_first(monkeypatch, moment, first):
    monkeypatch.setattr("members.help.timezone.now", lambda: moment)
    html = _html(Client(), "/fr/help/fr/")
    button = re.search(r'class="call-button".*?</a>', html, re.DOTALL)
    assert first in button[0]


def test_old_hours_come_before_what_is_closed_and_say_their_year(monkeypatch):
    monkeypatch.setattr("members.help.timezone.now", lambda: SUNDAY)
    html = _page(Client(), "/en/help/krakow/")
    # The Commissioner is closed on a Sunday; a source of 2023 says that the line never is.
    assert html.index("+48 22 230 99 00") < html.index("+48 800 676 676")
    assert "These hours are from 2023 and may have changed." in html
    monkeypatch.setattr("members.help.timezone.now", lambda: MONDAY)
    html = _page(Client(), "/en/help/krakow/")
    assert html.index("+48 800 676 676") < html.index("+48 22 230 99 00")


def test_hours_of_every_source_with_a_year_have_that_year():
    """No words of opening hours keep a year to themselves: it stands in its field."""
    contacts = SupportContact.objects.real().exclude(hours_en="")
    assert [one.hours_en for one in contacts if re.search(r"\b20\d\d\b", one.hours_en)] == []
    old = SupportContact.objects.real().filter(hours_as_of__lt="2024").exclude(hours_as_of="")
    assert old.count() == 12


def test_what_happened_changes_the_order(monkeypatch):
    monkeypatch.setattr("members.help.timezone.now", lambda: MONDAY)
    orders = {}
    for situation in ("insulted", "attacked", "refused", "office"):
        help_here = help_for(City.objects.get(slug="krakow"), situation)
        orders[situation] = [entry.contact.organisation.slug[:5] for entry in help_here.entries]
    assert orders["insulted"] == ["rzecz", "linia", "punkt", "straz"]
    assert orders["attacked"] == ["linia", "rzecz", "punkt", "straz"]
    assert orders["refused"] == orders["office"] == ["rzecz", "punkt", "linia", "straz"]


def test_language_of_a_page_lifts_only_who_speaks_it():
    """Of contacts that do not speak the reader's language, none passes another for that."""
    orders = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            entries = help_for(City.objects.get(slug="koln")).entries
        spoken = [language in entry.contact.languages.split() for entry in entries]
        slugs = [entry.contact.organisation.slug for entry in entries]
        if not any(spoken):
            orders[language] = slugs
    assert len(orders) > 1
    assert len({tuple(order) for order in orders.values()}) == 1


def test_emergency_number_comes_first_where_nobody_else_can_be_called(monkeypatch):
    html = _page(Client(), "/en/help/ru/")
    button = re.search(r'class="call-button" href="tel:(\d+)"', html)
    assert button[1] == "112"
    assert "112 is for danger alone, not for advice" in html
    # Two honest ways on: whoever has a website alone, and the list of countries.
    ways = html[html.index('class="help-ways"') :]
    body = re.search(r'href="#(contact-\d+)">Has a website alone', ways)
    assert f'id="{body[1]}"' in html
    assert 'href="/en/help/#countries">It happened in another country' in ways


@pytest.mark.parametrize("happened", ["", *Situation.values])
def test_number_for_danger_is_never_offered_as_advice(happened, zakopane):
    """102 is the police of Ukraine; whoever was discriminated against calls the Commissioner."""
    Town.objects.update(name="Poltava", country_code="UA")
    suffix = f"happened={happened}"
    for address in ("/en/help/odesa/?", "/en/help/ua/?", f"/en/help/?town={zakopane.pk}&"):
        html = _page(Client(), address + suffix)
        button = re.search(r'class="call-button"\s+href="tel:([+\d]+)"', html)
        assert button[1] == "+380800501720", address
    Town.objects.update(name="Tver", country_code="RU")
    html = _page(Client(), f"/en/help/?town={zakopane.pk}&{suffix}")
    assert "112 is for danger alone, not for advice" in html
    assert "This one is there for the whole country" not in html
    assert 'href="#nearest"' in html


def test_removal_of_graffiti_comes_last_and_police_first_for_an_attack():
    html = _page(Client(), "/en/help/krakow/")
    assert html.index("tel:+48800676676") < html.index("tel:986")
    attacked = _page(Client(), "/en/help/se/?happened=attacked")
    assert attacked.index("11414") < attacked.index("+46 8 120 207 00")


def test_police_of_scotland_help_nobody_in_london():
    for slug in ("london", "belfast", "bradford", "gb"):
        assert "safer.scot" not in _page(Client(), f"/en/help/{slug}/?happened=attacked")
    assert "safer.scot" in _page(Client(), "/en/help/edinburgh/?happened=attacked")


def test_contact_without_a_way_to_reach_it_is_kept_and_not_shown():
    kept = SupportContact.objects.get(organisation__slug="amigra")
    assert not kept.has_channel
    assert "amigra" not in _html(Client(), "/en/help/munchen/").lower()


def test_emergency_number_is_the_countrys():
    assert 'href="tel:999"' in _html(Client(), "/en/help/gb/")
    assert 'href="tel:112"' in _html(Client(), "/en/help/pl/")
    # Its source says that 112 did not work everywhere: the page says so beside the number.
    ukraine = _html(Client(), "/en/help/ua/")
    assert 'class="now-bar-danger" href="tel:102"' in ukraine
    assert "the number 112 did not work everywhere in Ukraine" in ukraine
    assert 'href="tel:112"' not in ukraine


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("Krakau", "/en/help/krakow/"),
        ("Niemcy", "/en/help/de/"),
        ("Zakopane", "/en/help/?town=3080866"),
        ("Закопане", "/en/help/?town=3080866"),
        ("Zakopane, Polska", "/en/help/?town=3080866"),
    ],
)
def test_name_of_a_place_leads_straight_to_its_help(zakopane, query, page):
    response = Client().get("/en/help/", {"q": query})
    assert response.status_code == 302
    assert response["Location"] == page


def test_what_happened_goes_with_the_person():
    response = Client().get("/en/help/", {"q": "Krakow", "happened": "school"})
    assert response["Location"] == "/en/help/krakow/?happened=school"


def test_unknown_place_gets_the_countries_and_112(zakopane):
    for query in ("Xyzzy", "\x00", "²", "x" * 300):
        html = _html(Client(), "/en/help/", q=query)
        assert "/en/help/pl/" in html
        assert 'href="tel:112"' in html


MISTAKEN = [
    # A letter that is missing, too many, wrong; an ending; a street; a street with an error.
    ("en", "Krakw", "/help/krakow/", "Kraków"),
    ("pl", "Zakopanne", "/help/?town=3080866", "Zakopane"),
    ("uk", "Мальмо", "/help/malmo/", "Мальме"),
    ("pl", "zakopanem", "/help/?town=3080866", "Zakopane"),
    ("pl", "w Zakopanem", "/help/?town=3080866", "Zakopane"),
    ("pl", "Rynek Główny 1, Kraków", "/help/krakow/", "Kraków"),
    ("de", "Krupówki 12a, 34-500 Zakopane", "/help/?town=3080866", "Zakopane"),
    ("sv", "Storgatan 3 Malmoo", "/help/malmo/", "Malmö"),
    ("en", "Polnd", "/help/pl/", "Poland"),
]


@pytest.mark.parametrize(("language", "query", "page", "name"), MISTAKEN)
def test_name_with_a_mistake_is_offered_as_it_is_meant(zakopane, language, query, page, name):
    html = _page(Client(), f"/{language}/help/?q={query}")
    with override(language):
        question = gettext("Did you mean:")
    before, offers = html.split(question)
    offered = offers[: offers.index("</ul>")]
    assert f'href="/{language}{page}"' in offered
    assert name in offered
    # Nothing that the reader's language alone brings stands between the question and its answer.
    assert "/help/" not in re.sub(r"<form.*?</form>", "", before, flags=re.DOTALL)
    first_list = re.findall(r'<ul class="help-ways">.*?</ul>', html, re.DOTALL)
    assert len(first_list) == 1


def test_what_means_no_place_leads_to_the_countries_and_to_no_place_of_the_language(zakopane):
    for query in ("Xyzzyqq", "31-042", "\x00"):
        html = _html(Client(), "/en/help/", q=query)
        main = html[html.index("<main") :]
        assert "Did you mean" not in main
        assert 'href="#countries"' in main
        assert "help-ways" not in main
    assert "Write the name of the town alone" in _html(Client(), "/en/help/", q="31-042")


def test_contact_without_a_number_is_not_called_a_wrong_number():
    contact = SupportContact.objects.public().filter(city__slug="krakow", phone="").first()
    page = _page(Client(), "/en/help/krakow/")
    own = page[page.index(f'id="contact-{contact.pk}"') :]
    own = own[: own.index("</article>")]
    assert "Something here is wrong" in own
    assert "This number is wrong" not in own
    assert "This number is wrong" in page
    thanks = _page(Client(), f"/en/help/wrong/{contact.pk}/thanks/")
    assert contact.organisation.name_en in thanks


def test_town_outside_the_network_gets_its_countrys_help_and_neighbours(zakopane):
    html = _html(Client(), "/pl/help/?town=3080866")
    assert "noindex" in html
    assert WAY.search(html)
    nearest = html[html.index('id="nearest"') :]
    assert nearest.index("Kraków") < nearest.index("Wrocław")


def test_bad_address_says_what_is_wrong_and_leads_on(zakopane):
    for key in ("1", "0", "-1", "²", str(10**30), "abc", "\x00"):
        response = Client().get("/en/help/", {"town": key})
        html = response.content.decode()
        assert (response.status_code, "This address names no town." in html) == (404, True), key
        assert 'name="q"' in html
        assert "/en/help/pl/" in html
        assert 'href="tel:112"' in html
    for query in ("x" * 300, "\x00"):
        html = _html(Client(), "/en/help/", q=query)
        assert "That cannot be the name of a place." in html
    assert "cannot be the name" not in _html(Client(), "/en/help/")


def test_city_without_contacts_of_its_own_names_its_neighbours():
    # Oświęcim has none; Kraków has.
    html = _html(Client(), "/en/help/oswiecim/")
    nearest = html[html.index('id="nearest"') :]
    assert nearest.index("Kraków") < nearest.index("Wrocław")
    assert 'id="nearest"' not in _html(Client(), "/en/help/krakow/")


@pytest.mark.parametrize(
    ("language", "name"), [("pl", "Warszawa"), ("uk", "Варшава"), ("en", "Warsaw")]
)
def test_town_has_its_name_in_the_readers_language(language, name):
    town = Town.objects.create(
        geonames_id=756135,
        name="Warsaw",
        country_code="PL",
        latitude="52.2298",
        longitude="21.0118",
        population=1702139,
    )
    TownName.objects.create(town=town, folded="warszawa")
    html = _html(Client(), f"/{language}/help/?town=756135")
    assert re.search(r"<title>\s*[^<]*" + name, html)
    assert re.search(r"<h1>[^<]*: " + name, html)
    # Typed in any language, suggested in the reader's.
    suggested = Client().get(f"/{language}/help/suggest/?q=warszawa").json()["suggestions"]
    assert [one["title"] for one in suggested] == [name]


def test_names_of_towns_are_names_that_geonames_has():
    """The language of each name is ours; that the town is called so is the word of GeoNames."""
    towns = {row["geonames_id"]: row for row in rows_of("towns/towns")}
    foreign = []
    for row in rows_of("towns/names"):
        town = towns[row["geonames_id"]]
        known = {folded_name(name) for name in [town["name"], *town["names"].split("|")]}
        names = [name for column, name in row.items() if column != "geonames_id" and name]
        foreign += [name for name in names if folded_name(name) not in known]
    assert foreign == []


def test_town_of_a_country_outside_the_network_still_gets_112(zakopane):
    Town.objects.update(country_code="XK")
    assert 'href="tel:112"' in _html(Client(), "/en/help/?town=3080866")


def test_city_of_the_network_does_not_hide_another_town_of_its_name(zakopane):
    """Kraków in Poland, and an invented one elsewhere; the town of the gazetteer that is Kraków
    itself is none."""
    places = (
        (1, "Kraków", "PL", "50.0614", "19.9366"),
        (2, "Kraków", "DE", "47.9990", "7.8421"),
        (3, "Krakau", "DE", "47.9000", "7.8000"),
    )
    for key, name, country, latitude, longitude in places:
        town = Town.objects.create(
            geonames_id=key,
            name=name,
            country_code=country,
            latitude=latitude,
            longitude=longitude,
            population=200_000,
        )
        TownName.objects.create(town=town, folded="krakow")
    html = _html(Client(), "/en/help/?q=Kraków&happened=insulted")
    assert "/en/help/krakow/?happened=insulted" in html
    assert "/en/help/?town=2&amp;happened=insulted" in html
    assert "town=1" not in html
    assert "town=3" not in html


def test_town_that_is_a_city_of_the_portal_leads_to_its_own_help(zakopane):
    """Also by a name that only the gazetteer knows: its page would say that the city has none."""
    krakow = City.objects.get(slug="krakow")
    town = Town.objects.create(
        geonames_id=krakow.geonames_id,
        name="Kraków",
        country_code="PL",
        latitude="50.0614",
        longitude="19.9366",
        population=800_000,
    )
    TownName.objects.create(town=town, folded="krakoviensis")
    page = "/en/help/krakow/?happened=insulted"
    by_key = Client().get(f"/en/help/?town={town.pk}&happened=insulted")
    assert (by_key.status_code, by_key["Location"]) == (302, page)
    by_name = Client().get("/en/help/?q=Krakoviensis&happened=insulted")
    assert (by_name.status_code, by_name["Location"]) == (302, page)
    answer = Client().get("/en/help/suggest/?q=krakovi&happened=insulted").json()
    assert [row["url"] for row in answer["suggestions"]] == [page]


def test_suggestion_keeps_what_happened(zakopane):
    answer = Client().get("/en/help/suggest/?q=krak&happened=insulted").json()
    assert answer["suggestions"][0]["url"] == "/en/help/krakow/?happened=insulted"
    answer = Client().get("/en/help/suggest/?q=zakop&happened=refused").json()
    assert answer["suggestions"][0]["url"].endswith("&happened=refused")
    html = _html(Client(), "/en/help/?happened=insulted")
    assert 'data-suggest="/en/help/suggest/?happened=insulted"' in html


def test_towns_of_one_name_say_what_lies_near(zakopane):
    places = (
        (1, "Góra", "49.3500", "20.0000", 20_000),
        (2, "Góra", "53.1000", "17.9000", 16_000),
        (3, "Bydgoszcz", "53.1235", "18.0076", 346_739),
    )
    for key, name, latitude, longitude, population in places:
        town = Town.objects.create(
            geonames_id=key,
            name=name,
            country_code="PL",
            latitude=latitude,
            longitude=longitude,
            population=population,
        )
        TownName.objects.create(town=town, folded=name.lower().replace("ó", "o"))
    html = " ".join(_html(Client(), "/en/help/?q=Góra").split())
    assert "Góra, Poland, near Zakopane<" in html
    assert "Góra, Poland, near Bydgoszcz<" in html
    answer = Client().get("/en/help/suggest/?q=gora").json()
    notes = [one["note"] for one in answer["suggestions"] if one["title"] == "Góra"]
    assert notes == ["Poland, near Zakopane", "Poland, near Bydgoszcz"]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_town_that_reads_like_a_city_says_what_lies_near(language):
    """Halle (Westfalen) has no addition in the gazetteer, and Halle (Saale) is in the network."""
    rows = [
        (2911522, "Halle (Saale)", "51.4816", "11.9795", 237865),
        (2911520, "Halle", "52.0601", "8.3608", 21393),
        (2949186, "Bielefeld", "52.0333", "8.5333", 331906),
    ]
    for key, name, north, east, population in rows:
        town = Town.objects.create(
            geonames_id=key,
            name=name,
            country_code="DE",
            latitude=north,
            longitude=east,
            population=population,
        )
        plain = name.partition(" (")[0]
        TownName.objects.create(town=town, folded=folded_name(plain))
    with override(language):
        near = str(Town.objects.get(pk=2949186))
    html = _page(Client(), f"/{language}/help/?q=Halle")
    choices = re.findall(r'<a href="/\w\w/help/(halle/|\?town=2911520)">(.*?)</a>', html)
    assert len({words for _address, words in choices}) == len(choices) == 2
    words = dict(choices)
    assert near in words["?town=2911520"]
    assert near not in words["halle/"]
    found = Client().get(f"/{language}/help/suggest/?q=Halle").json()["suggestions"]
    notes = {suggestion["url"]: suggestion["note"] for suggestion in found}
    assert near in notes[f"/{language}/help/?town=2911520"]


def test_suggestions_lead_straight_to_help(zakopane):
    def urls(query):
        answer = Client().get("/pl/help/suggest/", {"q": query}).json()
        return [suggestion["url"] for suggestion in answer["suggestions"]]

    assert urls("zako") == ["/pl/help/?town=3080866"]
    assert urls("krak")[0] == "/pl/help/krakow/"
    assert urls("niem")[0] == "/pl/help/de/"
    assert urls("\x00") == []


def test_damaged_table_of_towns_is_refused_whole(tmp_path, zakopane):
    table = tmp_path / "towns.csv"
    head = "geonames_id,name,country,latitude,longitude,population,names\n"
    table.write_text(head + "1,A,PL,50.0,20.0,20000,B|C\n2,D,PL,fifty,20.0,1,\n")
    with pytest.raises(CommandError, match=r"towns\.csv:3"):
        call_command("load_towns", file=table)
    assert Town.objects.get() == zakopane
    table.write_text(head + "1,A,PL,50.0,500.0,20000,B\n")
    with pytest.raises(CommandError, match=r"towns\.csv:2: longitude: 500\.0 does not lie between"):
        call_command("load_towns", file=table)
    with pytest.raises(CommandError, match=r"none\.csv cannot be read: No such file"):
        call_command("load_towns", file=tmp_path / "none.csv")
    table.write_text("\ufeff" + head + "1,Åbo,FI,60.4,22.2,190000,Turku|Åbo\n")
    call_command("load_towns", file=table, dry_run=True)
    assert Town.objects.get() == zakopane
    call_command("load_towns", file=table)
    names = TownName.objects.values_list("folded", flat=True)
    assert sorted(names) == ["abo", "turku"]


@pytest.mark.parametrize(
    ("page", "help_page"),
    [
        ("/en/cities/krakow/", "/en/help/krakow/"),
        ("/en/countries/pl/", "/en/help/pl/"),
        ("/en/programmes/otwarty-krakow/", "/en/help/krakow/"),
        ("/en/organisations/gleichbehandlungsanwaltschaft/", "/en/help/at/"),
        ("/en/plan/", "/en/help/"),
        ("/en/cities/?country=PL", "/en/help/pl/"),
        ("/en/cities/?country=pl&point=7", "/en/help/pl/"),
        ("/en/cities/?country=XX", "/en/help/"),
        ("/en/programmes/?country=PL", "/en/help/pl/"),
        ("/en/programmes/?country=PL&city=krakow", "/en/help/krakow/"),
        ("/en/news/?city=krakow", "/en/help/krakow/"),
        ("/en/figures/?country=PL", "/en/help/pl/"),
        ("/en/compare/?city=wien&city=bern", "/en/help/wien/"),
        ("/en/compare/", "/en/help/"),
        ("/en/search/?q=racism&country=PL", "/en/help/pl/"),
        ("/en/search/?q=racism&city=krakow", "/en/help/krakow/"),
        ("/en/search/?q=Krakau", "/en/help/krakow/"),
        ("/en/search/?q=racism", "/en/help/"),
    ],
)
def test_header_keeps_the_place(page, help_page):
    link = re.search(r'class="help-link"\s+href="([^"]+)"', Client().get(page).text)
    assert link[1] == help_page


def test_wrong_number_is_said_in_one_tap_and_taken_back_by_a_check():
    contact = SupportContact.objects.get(organisation__slug="gggfon")
    client = Client()
    assert f'action="/en/help/wrong/{contact.pk}/"' in _html(client, "/en/help/bern/")
    assert client.get(f"/en/help/wrong/{contact.pk}/").status_code == 405
    response = client.post(f"/en/help/wrong/{contact.pk}/")
    assert client.get(response["Location"]).status_code == 200
    version = contact.version
    contact.refresh_from_db()
    assert contact.found_wrong_at
    assert contact.is_due
    assert contact.version == version


def _take_back(client, contact, token):
    address = f"/en/help/wrong/{contact.pk}/back/"
    answer = client.post(address, {"token": token, "page": "/en/help/bern/"}, follow=True)
    contact.refresh_from_db()
    return answer.content.decode()


def test_tap_by_mistake_is_taken_back_once_and_within_an_hour(client, monkeypatch):
    contact = SupportContact.objects.get(organisation__slug="gggfon")
    other = SupportContact.objects.public().exclude(pk=contact.pk).first()
    address = f"/en/help/wrong/{contact.pk}/"
    assert client.get(f"{address}back/").status_code == 405
    thanks = client.post(address, {"page": "/en/help/bern/"}, follow=True).content.decode()
    token = re.search(r'name="token"\s+value="([^"]+)"', thanks)[1]
    # Somebody else says the same: theirs is nothing that could be taken back.
    assert 'name="token"' not in client.post(address, follow=True).content.decode()
    found_wrong_at = SupportContact.objects.get(pk=contact.pk).found_wrong_at
    for nonsense in ("", "x", "\x00", token[:-1], "a:b:c", "x" * 300):
        assert "Nothing was changed" in _take_back(client, contact, nonsense)
    assert "Nothing was changed" in _take_back(client, other, token)
    with monkeypatch.context() as later:
        clock = SimpleNamespace(time=lambda: time.time() + 3660)
        later.setattr("django.core.signing.time", clock)
        assert "Nothing was changed" in _take_back(client, contact, token)
    assert contact.found_wrong_at == found_wrong_at
    taken_back = _take_back(client, contact, token)
    assert "Taken back" in taken_back
    assert contact.organisation.name_en in taken_back
    assert f'href="/en/help/bern/#contact-{contact.pk}"' in taken_back
    assert contact.found_wrong_at is None
    client.post(address)
    assert "Nothing was changed" in _take_back(client, contact, token)
    assert contact.found_wrong_at
    assert not client.cookies


def test_thanks_lead_back_to_the_page_one_came_from(zakopane):
    contact = SupportContact.objects.get(organisation__slug="rzecznik-praw-obywatelskich")
    client = Client()
    town = f"/pl/help/?town={zakopane.pk}"
    pages = ("/pl/help/krakow/", "/pl/help/krakow/?happened=school", "/pl/help/pl/", town)
    for page in (*pages, f"{town}&happened=online"):
        page_in_form = re.search(r'name="page" value="([^"]+)"', _html(client, page))
        assert unescape(page_in_form[1]) == page
        answer = client.post(f"/pl/help/wrong/{contact.pk}/", {"page": page}, follow=True)
        assert f'href="{escape(page)}#contact-{contact.pk}"' in answer.content.decode()
    for page in ("https://example.org/", "//example.org/pl/help/", "/pl/", "x" * 300, ""):
        answer = client.post(f"/pl/help/wrong/{contact.pk}/", {"page": page}, follow=True)
        assert 'href="/pl/help/pl/#' in answer.content.decode()


def test_other_site_cannot_say_that_a_number_is_wrong():
    contact = SupportContact.objects.get(organisation__slug="gggfon")
    headers = {"Sec-Fetch-Site": "cross-site"}
    Client().post(f"/en/help/wrong/{contact.pk}/", headers=headers)
    contact.refresh_from_db()
    assert contact.found_wrong_at is None


def test_steps_have_a_source_and_a_text_in_every_language():
    for situation in ("", "insulted", "attacked", "refused", "school", "office", "online"):
        steps = steps_for(situation)
        assert len(steps) == 3
        assert all(step.text and step.source_url.startswith("https://") for step in steps)
        assert all(step.source_publisher and step.source_title for step in steps)


LINES = ("line", "Linie", "línea", "ligne", "linea", "linii", "linjen", "лінії")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_insult_is_noted_with_the_line_of_the_bus_and_kept(language):
    with override(language):
        note, keep, _tell = steps_for("insulted")
    assert any(word in note.text for word in LINES)
    assert note.source_publisher == "Transport for London"
    # Witnesses, then what one has: two sentences of one page.
    assert keep.text.count(".") == 2


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_contact_with_a_website_alone_says_so_and_leads_to_the_next(language):
    html = _page(Client(), f"/{language}/help/krakow/")
    said = re.findall(r'<p class="no-channel">(.*?)</p>', html, re.DOTALL)
    contacts = [entry.contact for entry in help_for(City.objects.get(slug="krakow")).entries]
    assert len(said) == sum(not contact.can_be_told for contact in contacts) == 1
    next_key = re.search(r'href="#contact-(\d+)"', said[0])
    assert next_key
    numbers = {str(contact.pk): contact.phone for contact in contacts}
    assert numbers[next_key[1]]


def test_sources_of_contacts_name_their_language():
    html = _page(Client(), "/pl/help/malmo/")
    start = html.index('class="sources"')
    sources = html[start : html.index("</ol>", start)]
    assert sources.count("język: szwedzki") == sources.count('hreflang="sv"') > 0


def test_contact_that_can_be_reached_leads_to_no_other():
    for slug in ("koln", "malmo", "munchen", "heidelberg"):
        entries = help_for(City.objects.get(slug=slug)).entries
        anybody = [entry for entry in entries if entry.contact.can_be_told]
        for entry in entries:
            if entry.contact.can_be_told:
                assert entry.next is None
            else:
                for_people = [other for other in anybody if not other.is_for_walls]
                assert bool(entry.next) == bool(for_people)
                if any(other.contact.phone for other in for_people):
                    assert entry.next.contact.phone


def test_page_of_a_country_links_to_its_cities_with_what_happened():
    html = _page(Client(), "/en/help/pl/?happened=insulted")
    slugs = City.objects.public().real().filter(country__code="PL").values_list("slug", flat=True)
    for slug in slugs:
        assert f'href="/en/help/{slug}/?happened=insulted"' in html


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_title_says_what_the_page_is_for(language):
    html = _html(Client(), f"/{language}/help/")
    with override(language):
        assert f"<title>{gettext('Get help')} " in html


def test_law_of_a_country_takes_the_place_of_the_general_step():
    general, german = steps_for("refused"), steps_for("refused", "DE")
    assert [len(general), len(german)] == [3, 3]
    assert general[:2] == german[:2]
    assert "two months" in german[2].text
    assert "two months" in _html(Client(), "/en/help/koln/?happened=refused")
    assert "two months" not in _html(Client(), "/en/help/krakow/?happened=refused")
    assert steps_for("attacked", "PL") == steps_for("attacked")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_steps_of_a_country_are_in_every_language_and_cite_their_source(language):
    column = f"text_{language}"
    rows = [row for row in rows_of("help/steps") if row["country"]]
    assert len({row["country"] for row in rows}) == 15
    assert [row["country"] for row in rows if not row[column].strip()] == []
    cited = set(Source.objects.values_list("url", flat=True))
    assert {row["source_url"] for row in rows if row["country"] != "DE"} <= cited


def test_lines_in_further_languages_carry_the_number():
    html = _html(Client(), "/en/help/koln/")
    for line in lines():
        assert "{number}" in line.call
        assert "{number}" in line.danger
        assert f'<li lang="{line.language}"' in html


def test_countries_have_a_time_zone():
    assert not Country.objects.filter(time_zone="").exists()


def _html(client, address, **query):
    response = client.get(address, query or None)
    assert response.status_code == 200, address
    return response.content.decode()


def test_what_happened_keeps_the_town(zakopane):
    page = f"/en/help/?town={zakopane.pk}"
    html = Client().get(page).content.decode()
    ways = re.findall(r'href="(\?[^"]*happened=[a-z-]+)"', html)
    assert len(ways) == len(Situation)
    for way in ways:
        answer = Client().get("/en/help/" + unescape(way)).content.decode()
        assert "Zakopane" in re.search(r"<h1[^>]*>(.*?)</h1>", answer, re.DOTALL)[1]
        assert f'href="{page}"' in answer


def test_lines_in_further_languages_stand_where_a_place_is_chosen_too():
    html = Client().get("/en/help/").content.decode()
    found = re.findall(r'<li lang="[a-z]+" dir="(?:ltr|rtl)">(.*?)</li>', html, re.DOTALL)
    assert found
    assert all("112" in line for line in found)


def test_address_of_every_contact_in_the_tables_is_a_place_of_its_page():
    """The number for danger stands in the bar; who has no way to be reached, on no page."""
    addresses = {contact.get_absolute_url() for contact in SupportContact.objects.public().real()}
    pages = defaultdict(set)
    for address in addresses:
        page, _sign, place = address.partition("#")
        pages[page].update(filter(None, [place]))
    assert len(pages) > 50
    client = Client()
    missing = []
    for page, places in pages.items():
        html = _html(client, page)
        missing += [f"{page}#{place}" for place in places if f'id="{place}"' not in html]
    assert missing == []
