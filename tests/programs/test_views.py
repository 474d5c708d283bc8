"""A programme's page: every fact of the source texts stands where a reader looks for it."""

import re
from pathlib import Path

import pytest
from django.test import Client

from members.models import Organisation
from programs.models import Evaluation, Grant, Spending

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_data")]

LOCAL = "lokalne-miedzysektorowe-polityki-na-rzecz-integracji-imigrantow"


def text_of(path: str) -> str:
    """The words of a page, without tags, spaces made even."""
    html = Client().get(path).content.decode()
    main = re.search(r"<main.*?</main>", html, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).replace("&quot;", '"').split())


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        (
            "/pl/programmes/otwarty-krakow/",
            [
                "31 sierpnia 2016",
                "13 września 2016",
                "14 września 2016",
                "52. sesji",
                "LII/964/16",
                "Miejski Ośrodek Wspierania Inicjatyw Społecznych",
                "INTERKULTURALNI PL",
                "Przeciwko rasizmowi i ksenofobii",
                "Zapowiedziano 7 pozycji, dotąd znaleziono: 5",
                "Przyjazny urząd",
                "przestrzeni publicznej",
                "BIP Miasta Krakowa",
                "Gazeta Wyborcza",
                "Gazeta Krakowska",
                "Radio Kraków",
                "Adamem Bulandrą i Konradem Myślikiem",
                "1 352 080 zł",
                "Punkt Informacyjny dla Obcokrajowców",
                "Raport wymienia zadania wykonane i niewykonane",
                "ponad 41 000",
                "2024–2028",
                "13 czerwca – 5 lipca 2024",
                "Referat ds. Wielokulturowości",
            ],
        ),
        (
            "/pl/programmes/strategie-wspolpracy-i-wlaczania/",
            [
                "Żydowskie Stowarzyszenie Czulent",
                "Komenda Wojewódzka Policji w Krakowie",
                "AJC Central Europe",
                "Gmina Miejska Kraków",
                "160 krajów",
                "dwa lata",
                "Podręcznik rzecznictwa",
                "Studium krakowskie",
                "niskiemu poziomowi zgłaszania",
                "Program Aktywni Obywatele – Fundusz Krajowy",
                "Fundusze EOG",
            ],
        ),
        (
            "/pl/organisations/zespol-ds-rownego-traktowania-czestochowa/",
            [
                "529.2019",
                "18 września 2019",
                "cechy genetyczne i orientację seksualną",
                "mowie nienawiści",
                "Częstochowska Polityka Równości",
            ],
        ),
        (
            "/pl/programmes/czestochowska-polityka-rownosci/",
            ["Kierunki przeciwdziałania dyskryminacji", "30 października"],
        ),
        ("/sv/cities/pitea/", ["Kommunstrateg", "15 maj 2014", "Ett Piteå för alla"]),
    ],
)
def test_facts_of_the_source_texts_stand_on_the_page(path, facts):
    text = text_of(path).replace("\xa0", " ").replace("\u202f", " ")
    assert [fact for fact in facts if fact not in text] == []


def test_private_name_and_number_of_the_press_release_stand_nowhere():
    assert "Pogulis" not in text_of("/sv/cities/pitea/")


def test_body_has_eight_tasks_and_the_order_lists_fifteen_grounds():
    body = Organisation.objects.get(slug="zespol-ds-rownego-traktowania-czestochowa")
    assert body.tasks.count() == 8
    third = body.tasks.get(order=3).text_pl.partition("ze względu na: ")[2]
    assert len(re.split(r", | i ", third.replace("polityczne i inne", "polityczne lub inne"))) == 15


def test_one_project_was_funded_three_times_and_each_notice_stands_word_for_word():
    notices = list(Grant.objects.filter(programme__slug=LOCAL).values_list("notice", flat=True))
    assert len(notices) == len(set(notices)) == 3
    html = Client().get(f"/en/programmes/{LOCAL}/").content.decode()
    assert html.count('<blockquote lang="pl">') == 3
    for notice in notices:
        assert notice in html


def test_no_notice_stands_under_the_programme_of_the_city():
    assert not Grant.objects.filter(programme__slug="otwarty-krakow").exists()
    assert "<blockquote" not in Client().get("/pl/programmes/otwarty-krakow/").content.decode()


def test_spending_is_drawn_from_two_figures_on_and_always_written():
    one = Client().get("/en/programmes/otwarty-krakow/").content.decode()
    assert 'class="chart"' not in one
    assert "1,352,080" in one
    many = Client().get("/de/programmes/ten-points-for-sampleton/").content.decode()
    assert (
        many.count('<rect class="chart-bar"')
        == Spending.objects.filter(edition__programme__slug="ten-points-for-sampleton").count()
    )
    assert not re.search(r'width="[\d]*,', many)


def test_spending_in_two_currencies_is_not_compared():
    Spending.objects.filter(edition__programme__slug="ten-points-for-sampleton", year=2022).update(
        currency="SEK"
    )
    assert (
        'class="chart"'
        not in Client().get("/en/programmes/ten-points-for-sampleton/").content.decode()
    )


def test_evaluation_without_a_reply_says_so():
    Evaluation.objects.filter(edition__programme__slug="otwarty-krakow").update(
        **{f"reply_{code}": "" for code in ("en", "pl", "sv", "de", "fr", "it", "es", "uk")}
    )
    assert "The city has not replied to it here." in text_of("/en/programmes/otwarty-krakow/")


def test_parts_that_are_drafts_are_not_shown():
    for model in (Grant, Spending, Evaluation):
        model.objects.update(published_at=None)
    assert "<blockquote" not in Client().get(f"/en/programmes/{LOCAL}/").content.decode()
    text = text_of("/en/programmes/otwarty-krakow/")
    assert "1,352,080" not in text
    assert "How it was evaluated" not in text


def test_programmes_know_of_each_other_both_ways():
    assert "Przeciwko rasizmowi" in text_of("/pl/programmes/otwarty-krakow/")
    assert "Otwarty Kraków" in text_of("/pl/programmes/przeciwko-rasizmowi-i-ksenofobii/")
    assert (
        "came after"
        in text_of("/en/programmes/kierunki-przeciwdzialania-dyskryminacji-w-czestochowie/").lower()
    )
    assert "was followed by" in text_of("/en/programmes/czestochowska-polityka-rownosci/").lower()


def test_fund_and_evaluator_show_their_programmes():
    assert "Strategie współpracy" in text_of(
        "/pl/organisations/program-aktywni-obywatele-fundusz-krajowy/"
    )
    assert "Strategie współpracy" in text_of("/pl/organisations/fundusze-eog/")
    assert "Open Kraków" in text_of("/en/organisations/internationaler-bund-polska/")


def test_data_hold_no_path_of_a_machine():
    folder = Path(__file__).parents[2] / "data"
    assert not [
        path.name for path in folder.rglob("*.csv") if "/work/" in path.read_text(encoding="utf-8")
    ]


def test_links_of_the_list_tell_programmes_of_one_name_apart():
    html = Client().get("/en/programmes/").content.decode()
    texts = dict(
        re.findall(r'<(?:a|span)[^>]*\bid="([\w-]+-(?:title|city))"[^>]*>(.*?)<', html, re.DOTALL)
    )
    names = re.findall(r'aria-labelledby="([\w-]+-title [\w-]+-city)"', html)
    spoken = [" ".join(texts[key] for key in name.split()) for name in names]
    titles = [texts[name.split()[0]] for name in names]
    assert len(set(titles)) < len(titles)
    assert len(set(spoken)) == len(spoken)
