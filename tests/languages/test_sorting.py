import random
import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from languages.sorting import MAX_KEY_CHARACTERS, SPACE_AND_PUNCTUATION, sort_key

LANGUAGES = ["en", "pl", "sv", "de", "fr", "it", "es", "uk"]

# Cities of the network and places near it, in their own and in English spelling.
CITIES = """
    Aachen city region; Anderlecht; Apolda; Athens; Aubervilliers; Badalona; Barcelona; Belfast;
    Berlin; Bern;
    Bologna; Bonn; Bordeaux; Botkyrka; Bradford; Brugge; Brussels; Bruxelles; Bulle; Cagliari;
    Campi Bisenzio;
    Canton de Fribourg; Canton of Fribourg; Castrop-Rauxel; Celle; Charleroi;
    Città Metropolitana di Cagliari;
    Clermont-Ferrand; Cologne; Constance; Darmstadt; Delmenhorst; Denderleeuw; Dormagen; Dortmund;
    Dour; Dublin;
    Duisburg; Düren district; Düsseldorf; Edinburgh; Erlangen; Esch-sur-Alzette; Firenze; Florence;
    Frankfurt am Main; Fribourg; Gap; Geneva; Genk; Gent; Genève; Ghent; Goslar; Gothenburg; Graz;
    Grenoble;
    Gunzenhausen; Göteborg; Hagen; Halle; Hamm; Hannover; Hanover; Hasselt; Heidelberg;
    Helsingborg; Helsinki;
    Hensies; Herford; Herne; Hochheim am Main; Hofheim; Honnelles; Huy; Ingelheim; Innsbruck;
    Ixelles; Jena; Jülich;
    Kadıköy; Kalmar; Karlsruhe; Kelkheim; Kiel; Kitzingen; Konstanz; Kortrijk; Kraków; Kreis Düren;
    Köln; Lausanne;
    Leipzig; Leuven; Liège; London; Lublin; Lucerne; Luleå; Lund; Luzern; Lyon; Lübeck; Macerata;
    Madrid; Magdeburg;
    Mahón; Malmö; Mannheim; Maó; Metropolitan City of Cagliari; Metropolitan City of Genoa; Metz;
    Molenbeek;
    Monheim am Rhein; Montpellier; Munich; München; Münster; Nancy; Nantes; Nice; Nicosia;
    Nuremberg; Nürnberg;
    Odesa; Offenbach; Oostende; Oslo; Ostend; Oulu; Oświęcim; Palermo; Pappenheim; Paris; Pescara;
    Pianoro; Piteå;
    Potsdam; Quiévrain; Riga; Roeselare; Roma; Rome; Rotterdam; Rīga; Saarbrücken;
    Saint Petersburg; Saint-Denis;
    Saint-Nicolas; Salem; San Lazzaro di Savena; Santa Maria Capua Vetere; Sarajevo; Siegen;
    Sindelfingen;
    Sint-Niklaas; Soest; Spilamberto; Stockholm; Strasbourg; StädteRegion Aachen; Södertälje;
    Terrassa; Torino;
    Toulouse; Turin; Turnhout; Uppsala; Vienna; Villeurbanne; Växjö; Wien; Winterthur; Wolfsburg;
    Wrocław;
    Wuppertal; Wörgl; Yverdon-les-Bains; Zurich; Zürich; Čair; Şişli; Αθήνα; Λευκωσία; Одеса;
    Санкт-Петербург; Чаир
"""
# Words in which the alphabets of our languages differ, capitals, and near doubles.
HAND_PICKED = """
    Lublin; Łódź; łodz; Lodz; Luzern; Lwów; Łomża; ćma; cyna; czas; Ćmielów; żaba; źrebię; zebra;
    Żory; Zabrze;
    ósmy; osa; owca; Ósemka; Øresund; Ölkofen; Öland; Örebro; Ørsta; Zürich; Zuoz; Åre; Ängelholm;
    Ærø; Ystad;
    Ýdalir; Ürümqi; Århus; Arboga; Æbeltoft; Vaxholm; Wien; ñandú; nandu; nube; Ñuble; Núñez;
    Nunez; cote; coté;
    côte; côté; Cote; œuvre; oeuvre; Oeuvre; ofre; Straße; Strasse; STRASSE; Strassen; Muller;
    Müller; Mueller;
    MÜLLER; Müllerin; a; A; á; Á; à; ä; Ä; ab; aB; Ab; AB; áb; resume; résumé; resumé; Résumé;
    Київ; Києва; їжак;
    ірис; йод; іюнь; Іва; гора; ґанок; Ґрунт; дім; гусак; єдність; еко; етап; жук; Ямпіль; Юрківка;
    щука; шум; м'я;
    мія; знання; зна; льон; лан; п'ять; пять; ёлка; елка; Ёлка; Αθήνα; αθηνα; Αθηνα; Βόλος; Ωρωπός;
    ώρα; ωρα;
    10 points; 2 points; 2points; Saint-Denis; Saint Denis; SaintDenis; Saintes; St. Gallen;
    St Gallen; L'Aquila;
    Laquila; L’Aquila; (Halle); Halle (Saale); Halle, Saale; "Halle"; «Halle»; ¿Halle?; Halle & Co;
    Halle – Saale;
    Halle/Saale; Halle 2; €5; 5 €; 50%; #10; _a; ...; Þórshöfn; thor; Tórshavn; Đakovo; Dakovo;
    Dalj; ðal; Ħamrun;
    Hamrun; ŋ; nz; Kadıköy; Kadikoy; Kadizade; Šibenik; Şişli; Sisli; Čair; Rīga; Ōsaka
"""

SAMPLE = sorted(set(re.split(r";\s+", f"{CITIES.strip()}; {HAND_PICKED.strip()}")))


def in_order(texts: list[str], language: str) -> list[str]:
    return sorted(texts, key=lambda text: sort_key(text, language))


@pytest.mark.parametrize(
    ("language", "order"),
    [
        (
            "pl",
            "Ala Ąla Cela Ćela Ela Ęla Lublin Łódź Nowy Ńowy Osa Ósa Sopot Śopot Zabrze Źrebce "
            "Żory",
        ),
        ("en", "Łódź Lublin Öland Orebro Zürich Zwolle"),
        ("sv", "Łódź Luleå Umeå Ystad Zagreb Århus Ängelholm Ærø Öland Örebro Ørsta"),
        ("de", "Öland Oldenburg Zuoz Zürich Zwickau"),
        ("es", "nandu nube ñandú ñu oca"),
        ("fr", "cote coté côte côté"),
        ("it", "Città Cittadella Cittanova"),
        (
            "uk",
            "агов бік вік гора ґанок дім еко єдність жук зуб ирій ірис їжак йод кіт льон юшка яр "
            "Łódź",
        ),
    ],
)
def test_sort_key_orders_as_the_dictionary_does(language: str, order: str) -> None:
    words = order.split()
    assert in_order(words[::-1], language) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_sort_key_decides_by_letters_then_accents_then_capitals(language: str) -> None:
    assert in_order(["resumes", "Résumé", "résumé", "RESUME", "resume"], language) == [
        "resume",
        "RESUME",
        "résumé",
        "Résumé",
        "resumes",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sort_key_puts_space_and_punctuation_before_digits_before_letters(language: str) -> None:
    order = ["a b", "a-b", "a, b", "a.b", "a'b", "a(b", "a€b", "a10b", "a1b", "a2b", "aab"]
    assert in_order(order[::-1], language) == order


def test_sort_key_orders_scripts_by_the_readers_language() -> None:
    assert in_order(["Одеса", "Αθήνα", "Zürich", "2"], "en") == ["2", "Zürich", "Αθήνα", "Одеса"]
    assert in_order(["Одеса", "Αθήνα", "Zürich", "2"], "uk") == ["2", "Одеса", "Zürich", "Αθήνα"]


@pytest.mark.parametrize("language", [*LANGUAGES, "xx", ""])
def test_sort_keys_of_different_texts_differ(language: str) -> None:
    assert len({sort_key(text, language) for text in SAMPLE}) == len(SAMPLE)


def test_sort_key_of_a_plain_word_is_one_byte_per_letter() -> None:
    assert len(sort_key("lublin", "pl")) == 2 * len("lublin")
    assert sort_key("", "pl") == ""


def test_sort_key_of_a_regional_code_is_that_of_the_language() -> None:
    assert sort_key("Łódź", "pl-PL") == sort_key("Łódź", "pl") != sort_key("Łódź", "en-gb")


def test_sort_key_has_a_longest_length() -> None:
    assert len(sort_key("Łódź" * 1000, "pl")) == MAX_KEY_CHARACTERS


def test_sort_key_passes_over_what_nobody_sees() -> None:
    assert sort_key("Ha\0l\u00adl\ud800e", "de") == sort_key("Halle", "de")
    assert sort_key("Bad\u00a0Homburg", "de") == sort_key("Bad Homburg", "de")


def test_sort_key_knows_composed_and_decomposed_letters_as_the_same() -> None:
    assert sort_key("A\u030are", "sv") == sort_key("Åre", "sv")


@given(st.text(st.characters(codec=None)), st.sampled_from([*LANGUAGES, "xx", ""]))
def test_sort_key_is_lower_case_hexadecimal_whatever_the_text(text: str, language: str) -> None:
    assert re.fullmatch("(?:[0-9a-f]{2})*", sort_key(text, language))
    assert len(sort_key(text, language)) <= MAX_KEY_CHARACTERS


def icu_order(texts: list[str], language: str) -> list[str]:
    if connection.vendor != "postgresql":
        pytest.skip("compares with the collations of PostgreSQL")
    with connection.cursor() as cursor:
        query = (
            "SELECT x FROM unnest(%s::text[]) x "  # noqa: S608
            f'ORDER BY x COLLATE "{language}-x-icu"'
        )
        cursor.execute(query, [texts])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sort_key_agrees_with_icu_on_names(db: None, language: str) -> None:
    assert in_order(SAMPLE, language) == icu_order(SAMPLE, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "letters",
    [
        "aceilnosuyzACLNOSZąáàâäåćčçęéèëłńñóöøőśšúüűýźžżßæœĄÅÄŁŃÑÖØŚÜŹŻ -'.1",
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАҐЄІЇЙЬЯёыэъ '-2",
        "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώΑΒΩΆ",
        SPACE_AND_PUNCTUATION + "a1",
    ],
    ids=["latin", "cyrillic", "greek", "punctuation"],
)
def test_sort_key_agrees_with_icu_on_random_words(db: None, language: str, letters: str) -> None:
    seeded = random.Random(2004)
    texts = sorted({"".join(seeded.choices(letters, k=seeded.randint(1, 5))) for _ in range(500)})
    assert in_order(texts, language) == icu_order(texts, language)
