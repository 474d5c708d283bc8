"""What a text asks for beside its words: points by number, legal acts by number, help."""

import csv
from itertools import product
from pathlib import Path

import pytest

from languages.search.help_words import HARM, asks_for_help
from languages.search.meaning import read_meaning
from languages.search.numbers import act_number
from languages.search.page_words import pages_asked_for
from languages.search.point_numbers import point_numbers
from languages.search.word_lists import split_names
from languages.tables import rows_of

LANGUAGES = ("en", "pl", "sv", "de", "fr", "it", "es", "uk")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("point 7", [7]),
        ("seventh point", [7]),
        ("7th point", [7]),
        ("point VII", [7]),
        ("point seven", [7]),
        ("Punkt 3", [3]),
        ("3. Punkt", [3]),
        ("dritter Punkt", [3]),
        ("point sept", [7]),
        ("le 2e point", [2]),
        ("punto décimo", [10]),
        ("quinto punto", [5]),
        ("punto nueve", [9]),
        ("siódmy punkt", [7]),
        ("o siódmym punkcie", [7]),
        ("pkt 4", [4]),
        ("sjunde punkten", [7]),
        ("punkt sju", [7]),
        ("пункт 9", [9]),
        ("дев’ятий пункт", [9]),
        ("Kraków point 7", [7]),
        ("10-Punkte-Plan Punkt 3", [3]),
        # with a word or a sign for "number"
        ("point no. 4", [4]),
        ("point #4", [4]),
        ("point n°2 du plan", [2]),
        ("point numéro deux", [2]),
        ("Punkt Nr. 4", [4]),
        ("punto n. 4", [4]),
        ("punto n.º 4", [4]),
        ("punto núm. 4", [4]),
        ("punkt numer cztery", [4]),
        ("punkt nr 4", [4]),
        ("пункт №4", [4]),
        ("пункт № 4", [4]),
        ("п. 4 плану", [4]),
        ("p. 4 i tiopunktsprogrammet", [4]),
        ("pto. 4 del plan", [4]),
        # ordinal numbers before and after, also of the plan
        ("pierwszy punkt planu", [1]),
        ("w punkcie szóstym", [6]),
        ("4-ty punkt", [4]),
        ("4:e punkten", [4]),
        ("4.º punto del plan", [4]),
        ("4° punto", [4]),
        ("4-й пункт", [4]),
        ("fjärde punkten i planen", [4]),
        ("сьоме зобов’язання", [7]),
        ("septième engagement", [7]),
        ("letzter Punkt des Plans", [10]),
        # several
        ("Punkte 3 und 4", [3, 4]),
        ("punkty 3 i 4", [3, 4]),
        ("punti 9 e 2", [9, 2]),
        # without a word for a point
        ("n° 5 du plan", [5]),
        ("Nr. 4 des Plans", [4]),
        ("number seven in the ten points", [7]),
        ("il quarto dei dieci punti", [4]),
        # the plan, and no point of it
        ("10 point plan", []),
        ("ten-point action plan", []),
        ("Zehn-Punkte-Plan", []),
        ("in 10 Punkten", []),
        ("the first city with the ten points", []),
        ("n. 4 vie", []),
        ("point de vue", []),
        ("2024", []),
    ],
)
def test_points_are_read_by_number(text, numbers):
    assert point_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CXXIX/3569/24", "cxxix 3569 24"),
        ("uchwała nr LII/964/16 Rady Miasta", "lii 964 16"),
        ("529.2019", "529 2019"),
        ("529/2019", "529 2019"),
        ("Beschluss 20/0372-BV", "20 0372"),
        ("2016", ""),
        ("plan for all", ""),
    ],
)
def test_numbers_of_legal_acts_are_read(text, words):
    assert act_number(text) == words.split()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I was insulted"),
        ("en", "someone spat at me on the bus"),
        ("en", "they refused a flat to us"),
        ("de", "Beleidigung"),
        ("de", "mein Nachbar beschimpft mich"),
        ("pl", "wyzwiska"),
        ("pl", "pobicie"),
        ("pl", "napadnięto mnie"),
        ("pl", "napaść"),
        ("fr", "j'ai été insultée"),
        ("es", "agredido en la calle"),
        ("it", "mi hanno insultato"),
        ("sv", "blev förolämpad"),
        ("uk", "образа"),
        ("uk", "мене побили"),
        # told in the first person, without a word of harm
        ("sv", "chefen säger åt mig att åka hem till mitt land"),
        ("de", "der Busfahrer hat mich stehen lassen"),
        # of the family, with a reason or a word of harm
        ("en", "my nan was told to go back to Pakistan in the shop"),
        ("en", "gym threw out my friend cos she is Roma"),
        ("de", "Sohn wird in der Schule Affe genannt"),
        ("de", "meine Mutter war im Amt und wurde ausgelacht"),
        ("fr", "le médecin ne veut pas soigner ma femme parce qu'elle est rom"),
        ("it", "hanno urlato insulti a mia madre sull'autobus"),
        ("es", "el banco no nos da un préstamo porque somos extranjeros"),
        ("pl", "syna przezywają w szkole"),
        ("pl", "lekarz nie chciał przyjąć żony bo jest Romką"),
        ("sv", "någon skrek åt min mamma på bussen"),
        ("uk", "квартира раптом зайнята коли почули моє прізвище"),
        ("uk", "сина не взяли до садка бо він ром"),
        # a reason weighs more than the word for the town hall
        ("en", "the town hall treats me badly because of my accent"),
        ("pl", "w urzędzie miasta nie obsłużono mnie bo jestem z Białorusi"),
        # where to complain
        ("fr", "où se plaindre d'un policier raciste"),
        ("sv", "var kan man klaga på diskriminering"),
        ("uk", "куди скаржитись на дискримінацію"),
        # in the language of whoever was harmed, whatever the page's language is
        ("en", "Beleidigung"),
        ("de", "wyzwiska"),
        ("sv", "побили"),
    ],
)
def test_words_of_harm_ask_for_help_in_every_form(language, text):
    assert asks_for_help(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_tell_of_harm_leads_to_help(language):
    """What somebody types who was just insulted, attacked or refused, 25 sentences a language."""
    with (Path(__file__).parent / "told_of_harm.csv").open(encoding="utf-8", newline="") as file:
        told = [row["text"] for row in csv.DictReader(file) if row["language"] == language]
    assert len(told) == 25
    assert [text for text in told if not asks_for_help(text, language)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "racism"),
        ("en", "human rights"),
        ("en", "discrimination"),
        ("en", "special offer"),
        ("en", "our town wants to do more"),
        ("en", "plan against hate crime"),
        ("pl", "na wiek i płeć"),
        ("de", "Städte gegen Rassismus"),
        ("de", "Diskriminierung"),
        ("fr", "lutte contre le racisme"),
        ("es", "vivienda"),
        ("it", "pari opportunità"),
        ("pl", "równe szanse"),
        ("pl", "pluralizm"),
        ("sv", "handlingsplan"),
        ("uk", "міста проти расизму"),
        ("uk", "дискримінація"),
        ("en", "because of age"),
        ("en", "our city wants to join because of the plan"),
        ("de", "Diskriminierung wegen des Alters"),
        ("fr", "mère et enfant"),
        ("pl", "dyskryminacja z powodu wieku"),
    ],
)
def test_subjects_do_not_ask_for_help(language, text):
    assert not asks_for_help(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what did do against hate speech"),
        ("de", "was macht gegen Hassrede"),
        ("fr", "que fait contre les discours de haine"),
        ("it", "cosa ha fatto contro gli insulti razzisti"),
        ("es", "qué hizo contra la violencia"),
        ("pl", "co robi przeciw mowie nienawiści"),
        ("sv", "vad gör mot hatbrott"),
        ("uk", "що робить проти мови ворожнечі"),
    ],
)
def test_who_asks_what_a_city_does_needs_no_help(language, text):
    """The text is without the name of the city."""
    assert not asks_for_help(text, language, of_city=True)
    assert asks_for_help(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what to do against insults"),
        ("es", "qué hacer contra la violencia"),
        ("pl", "co robić, pobicie"),
        ("uk", "що робити, образили мене"),
    ],
)
def test_who_asks_what_to_do_in_a_city_needs_help(language, text):
    assert asks_for_help(text, language, of_city=True)


def test_every_language_has_words_of_harm_points_and_numbers():
    terms = {code: [] for code in LANGUAGES}
    for row in rows_of("search/help_words"):
        # What was done to somebody; not the words for help, for complaints and for persons.
        if row["about"] in HARM:
            terms[row["language"]] += split_names(row["terms"])
    assert min(len(set(own)) for own in terms.values()) >= 60
    assert {row["language"] for row in rows_of("search/point_words")} == set(LANGUAGES)
    numbers = {(row["language"], row["number"]) for row in rows_of("search/numerals")}
    assert {(code, "10") for code in LANGUAGES} <= numbers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nie wpuścili mnie", "pl"),
        ("не пустили в клуб", "uk"),
        ("vart vänder jag mig", "sv"),
        ("das Kopftuch wurde heruntergerissen", "de"),
    ],
)
def test_phrases_of_harm_may_have_beginnings(text, language):
    assert asks_for_help(text, language)


@pytest.mark.parametrize(
    ("text", "language", "pages"),
    [
        ("how can our town become a member", "en", ["join"]),
        ("Mitglied werden", "de", ["join"]),
        ("адреса секретаріату", "uk", ["contact"]),
        ("dati aperti", "it", ["data"]),
        ("як вам написати", "uk", ["contact"]),
        ("jak do państwa napisać", "pl", ["contact"]),
        ("wie kann ich euch erreichen", "de", ["contact"]),
        ("come posso scrivervi", "it", ["contact"]),
        ("cómo contactarles", "es", ["contact"]),
        ("hur når jag er", "sv", ["contact"]),
        ("signaler une erreur", "fr", ["contact"]),
        ("wrong information about my city", "en", ["contact"]),
        ("members of a national minority", "en", []),
        ("kontakt", "pl", ["contact"]),
        ("Kontakt zur Polizei", "de", []),
        ("наступна зустріч", "uk", ["meetings", "meetings at a place"]),
        ("is my city a member", "en", ["cities"]),
        ("about the network", "en", ["about"]),
        ("om nätverket", "sv", ["about"]),
        ("про мережу", "uk", ["about"]),
        ("Statistik", "de", ["figures"]),
        ("statystyki", "pl", ["figures"]),
        ("comparer des villes", "fr", ["compare"]),
        ("contatti per la stampa", "it", ["contact"]),
        ("which point is about housing", "en", ["point"]),
        ("qué dice el plan de la vivienda", "es", ["point"]),
        ("education plan Uppsala", "en", []),
        ("qué ciudades forman parte de la red", "es", ["cities"]),
        ("cómo formar parte de la red", "es", ["join"]),
        ("villes du réseau", "fr", ["cities"]),
        ("how to leave the network", "en", ["join"]),
        ("вийти з мережі", "uk", ["join"]),
        ("Satzung", "de", ["about"]),
        # "Mot" (against) is no meeting.
        ("vad gör ni mot rasism i Uppsala", "sv", []),
    ],
)
def test_pages_of_the_portal_are_asked_for(text, language, pages):
    assert pages_asked_for(text, language) == pages


def test_every_page_has_words_in_every_language():
    rows = rows_of("search/page_words")
    pages = {row["page"] for row in rows}
    assert {(row["page"], row["language"]) for row in rows} == set(product(pages, LANGUAGES))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I was insulted, how can I write to you"),
        ("de", "wurde beschimpft, wie kann ich euch erreichen"),
        ("pl", "pobito mnie, jak do was napisać"),
    ],
)
def test_harm_comes_before_the_address_of_the_secretariat(language, text):
    meaning = read_meaning(text, language)
    assert meaning.wants_help
    assert not meaning.pages


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "make a report"),
        ("de", "rassistischer Vorfall"),
        ("fr", "déposer plainte"),
        ("it", "fare una segnalazione"),
        ("es", "notificar un incidente"),
        ("pl", "gdzie zgłosić"),
        ("sv", "göra en anmälan"),
        ("uk", "повідомити про випадок"),
    ],
)
def test_whoever_wants_to_report_needs_help(language, text):
    assert asks_for_help(text, language)


def test_numbers_tell_nothing_of_a_person():
    """A programme's name has a number, and the German word for "we"."""
    assert not asks_for_help("wir 2.0", "de")
    assert asks_for_help("wir dürfen nicht hinein", "de")
