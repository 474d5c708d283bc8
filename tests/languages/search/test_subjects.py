"""A text whose only subject is a point of the plan or a ground of discrimination leads there."""

from itertools import product

import pytest
from django.utils.translation import override

from languages.search.results import search
from languages.search.subjects import ANY, pages_about, points_about
from languages.search.word_lists import asking_words
from languages.tables import rows_of
from portal.hits import KINDS

LANGUAGES = {"en", "pl", "sv", "de", "fr", "it", "es", "uk"}


@pytest.mark.parametrize(
    ("language", "text", "page"),
    [
        ("en", "housing discrimination", "plan/7/"),
        ("de", "Wohnungsdiskriminierung", "plan/7/"),
        ("de", "Opferunterstützung", "plan/3/"),
        ("fr", "racisme à l'école", "plan/8/"),
        ("it", "discriminazione negli affitti", "plan/7/"),
        ("es", "contratación pública", "plan/5/"),
        ("pl", "dyskryminacja ze względu na wiek", "grounds/age/"),
        ("sv", "åldersdiskriminering", "grounds/age/"),
        ("uk", "підтримка потерпілих", "plan/3/"),
        # Words of several subjects, of groups and of what cities do.
        ("en", "how to combat hate speech", "plan/10/"),
        ("en", "voting rights for foreigners", "plan/4/"),
        ("de", "mehr Migranten in der Stadtverwaltung", "plan/6/"),
        ("fr", "logement des réfugiés", "plan/7/"),
        ("pl", "rada cudzoziemców przy urzędzie miasta", "plan/4/"),
        ("uk", "ненависть в інтернеті", "plan/10/"),
        # A stop word stands in the expression, or is one of another language alone.
        ("it", "persone in sedia a rotelle", "grounds/disability/"),
        ("sv", "hur kämpar städer mot hat", "plan/10/"),
    ],
)
def test_a_subject_leads_to_its_page(language, text, page):
    assert pages_about(text, language)[0] == page


@pytest.mark.parametrize(
    ("language", "text", "page"),
    [
        ("en", "what does the plan say about housing and new neighbours", "plan/7/"),
        ("de", "was sagt der Plan zur Schulbildung in Grundschulen", "plan/8/"),
        ("fr", "quel point parle des crimes de haine", "plan/10/"),
        ("it", "cosa dice il piano sulla partecipazione", "plan/4/"),
        ("es", "apoyo a las víctimas en los diez puntos", "plan/3/"),
        ("pl", "który punkt dotyczy mieszkań", "plan/7/"),
        ("sv", "vad säger planen om skolan", "plan/8/"),
        ("uk", "злочини ненависті в десяти пунктах", "plan/10/"),
    ],
)
def test_what_the_plan_says_leads_to_the_point(language, text, page):
    assert points_about(text, language)[0] == page


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "racism"),
        ("en", "equal rights for all people"),
        ("en", "flats beside a lighthouse"),
        ("de", "Gleichstellungsplan Hannover"),
        ("pl", ""),
    ],
)
def test_what_says_something_else_or_nothing_has_no_subject(language, text):
    assert pages_about(text, language) == []


def test_the_tables_have_every_language():
    rows = rows_of("search/subjects")
    points = {row["page"] for row in rows if row["page"].startswith("plan/")}
    pages = {row["page"] for row in rows}
    assert len(points) == 10
    assert ANY in pages
    assert {(row["page"], row["language"]) for row in rows} == set(product(pages, LANGUAGES))
    assert all(asking_words(language) for language in LANGUAGES)


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    ("language", "text", "path"),
    [
        # More pages have both words in their names.
        ("en", "housing discrimination", "plan/7/"),
        # Who is called so comes first.
        ("de", "Antidiskriminierungsstelle des Bundes", "organisations/antidiskriminierung"),
        # The plan as a whole has these words too.
        ("fr", "éducation dans le plan en dix points", "plan/8/"),
        ("es", "qué dice el plan sobre diversidad cultural", "plan/9/"),
        # "Address" is no word of the answer.
        ("de", "AMIGRA Adresse", "organisations/amigra/"),
    ],
)
def test_the_subject_comes_first_unless_something_is_called_so(language, text, path):
    with override(language):
        hits = search(text, kinds=tuple(KINDS)).hits
    assert hits[0].row.path.startswith(path)


@pytest.mark.django_db
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    ("language", "text", "path"),
    [
        # Letters and digits may be one word or two.
        ("de", "wir 2.0 hannover", "programmes/hannover-wir-2-0/"),
        ("en", "WIR 2 0", "programmes/hannover-wir-2-0/"),
        # The beginning of a name, with a city in it.
        ("sv", "ett piteå för alla", "programmes/ett-pitea-for-alla/"),
        # With nothing but the city it is the city that is asked for.
        ("en", "City of Gothenburg", "cities/goteborg/"),
        # A name of many: the one of the city.
        ("de", "Zehn Punkte Plan Heidelberg", "programmes/heidelberg-zehn-punkte-aktionsplan/"),
        # An abbreviation that is a stop word in other languages.
        ("sv", "do telefon", "organisations/diskrimineringsombudsmannen/"),
        # Points in the order of the text.
        ("it", "punti 9 e 2", "plan/9/"),
    ],
)
def test_names_and_numbers_of_programmes_come_first(language, text, path):
    with override(language):
        hits = search(text, kinds=tuple(KINDS)).hits
    assert hits[0].row.path == path
