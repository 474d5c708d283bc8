"""What a reader of each language sees: dates, numbers, counts, names, lists, as templates write
them."""

import re
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe
from django.utils.translation import ngettext, override

from members.filters import countries_of
from members.models import Country

DAY = "{{ '2024-09-01'|time }} · {{ '2024-09'|time }} · {% time_range '2024-09-13' '2024-09-15' %}"
NUMBERS = "{{ 1234567|number }} · {{ share|number }} · {% money amount 'EUR' %}"
NAMES = "{{ 'SE'|country_name }} · {{ 'uk'|language_name }} · {{ 'pl en it'|language_names }}"
LISTS = "{{ three|joined }} · {% list two as item %}<b>{{ item }}</b>{% endlist %}"

READERS = {
    "en": (
        "1 September 2024 · September 2024 · 13–15 September 2024",
        "1,234,567 · 12.5 · €60,000",
        "Sweden · Ukrainian · Polish, English and Italian",
        "Umeå, Łódź and Iaşi · <b>A &amp; B</b> and <b>Italia</b>",
        ["0 cities", "1 city", "2 cities", "5 cities", "22 cities"],
        ["Austria", "Germany", "Italy", "Spain", "Sweden"],
    ),
    "pl": (
        "1 września 2024 · wrzesień 2024 · 13–15 września 2024",
        "1 234 567 · 12,5 · 60 000 €",
        "Szwecja · ukraiński · polski, angielski i włoski",
        "Umeå, Łódź i Iaşi · <b>A &amp; B</b> i <b>Italia</b>",
        ["0 miast", "1 miasto", "2 miasta", "5 miast", "22 miasta"],
        ["Austria", "Hiszpania", "Niemcy", "Szwecja", "Włochy"],
    ),
    "sv": (
        "1 september 2024 · september 2024 · 13–15 september 2024",
        "1 234 567 · 12,5 · 60 000 €",
        "Sverige · ukrainska · polska, engelska och italienska",
        "Umeå, Łódź och Iaşi · <b>A &amp; B</b> och <b>Italia</b>",
        ["0 städer", "1 stad", "2 städer", "5 städer", "22 städer"],
        ["Italien", "Spanien", "Sverige", "Tyskland", "Österrike"],
    ),
    "de": (
        "1. September 2024 · September 2024 · 13.–15. September 2024",
        "1.234.567 · 12,5 · 60.000 €",
        "Schweden · Ukrainisch · Polnisch, Englisch und Italienisch",
        "Umeå, Łódź und Iaşi · <b>A &amp; B</b> und <b>Italia</b>",
        ["0 Städte", "1 Stadt", "2 Städte", "5 Städte", "22 Städte"],
        ["Deutschland", "Italien", "Österreich", "Schweden", "Spanien"],
    ),
    "fr": (
        "1er septembre 2024 · septembre 2024 · 13–15 septembre 2024",
        "1 234 567 · 12,5 · 60 000 €",
        "Suède · ukrainien · polonais, anglais et italien",
        "Umeå, Łódź et Iaşi · <b>A &amp; B</b> et <b>Italia</b>",
        ["0 ville", "1 ville", "2 villes", "5 villes", "22 villes"],
        ["Allemagne", "Autriche", "Espagne", "Italie", "Suède"],
    ),
    "it": (
        "1 settembre 2024 · settembre 2024 · 13–15 settembre 2024",
        "1.234.567 · 12,5 · 60.000 €",
        "Svezia · ucraino · polacco, inglese e italiano",
        "Umeå, Łódź e Iaşi · <b>A &amp; B</b> e <b>Italia</b>",
        ["0 città", "1 città", "2 città", "5 città", "22 città"],
        ["Austria", "Germania", "Italia", "Spagna", "Svezia"],
    ),
    "es": (
        "1 de septiembre de 2024 · septiembre de 2024 · 13–15 de septiembre de 2024",
        "1.234.567 · 12,5 · 60.000 €",
        "Suecia · ucraniano · polaco, inglés e italiano",
        # y becomes e before the sound i (not before the diphthong of Iaşi), also where it stands in
        # a link.
        "Umeå, Łódź y Iaşi · <b>A &amp; B</b> e <b>Italia</b>",
        ["0 ciudades", "1 ciudad", "2 ciudades", "5 ciudades", "22 ciudades"],
        ["Alemania", "Austria", "España", "Italia", "Suecia"],
    ),
    "uk": (
        "1 вересня 2024 р. · вересень 2024 р. · 13–15 вересня 2024 р.",
        "1 234 567 · 12,5 · 60 000 EUR",
        "Швеція · українська · польська, англійська й італійська",
        "Umeå, Łódź і Iaşi · <b>A &amp; B</b> і <b>Italia</b>",
        ["0 міст", "1 місто", "2 міста", "5 міст", "22 міста"],
        ["Австрія", "Іспанія", "Італія", "Німеччина", "Швеція"],
    ),
}


def written(template: str, **values: object) -> str:
    """What the template says, in plain spaces and without the elements of dates."""
    html = Template("{% load text %}" + template).render(Context(values))
    for mark in ("\u00a0", "\u202f"):
        html = html.replace(mark, " ")
    return html


@pytest.mark.parametrize("code", READERS)
def test_reader_meets_their_own_dates_numbers_names_and_lists(code: str):
    days, numbers, names, lists, _counts, _countries = READERS[code]
    three = ["Umeå", "Łódź", "Iaşi"]
    with override(code):
        assert strip_times(written(DAY)) == days
        assert written(NUMBERS, share=12.5, amount=Decimal(60_000)) == numbers
        assert written(NAMES) == names
        assert written(LISTS, three=three, two=["A & B", "Italia"]) == lists


def strip_times(html: str) -> str:
    assert '<time datetime="2024-09-01">' in html
    return re.sub(r"</?time[^>]*>", "", html)


@pytest.mark.parametrize(
    ("code", "line"), [("en", "A &amp; B: <b>c</b>"), ("fr", "A &amp; B\u00a0: <b>c</b>")]
)
def test_label_and_text_are_escaped_and_punctuated_for_the_reader(code: str, line: str):
    with override(code):
        context = Context({"label": "A & B", "text": mark_safe("<b>c</b>")})
        assert Template("{% load text %}{{ label|labelled:text }}").render(context) == line


@pytest.mark.parametrize("code", READERS)
def test_counts_agree_with_their_number(code: str):
    with override(code):
        for count, words in zip((0, 1, 2, 5, 22), READERS[code][4], strict=True):
            sentence = ngettext(
                "%(cities)s city on this map.", "%(cities)s cities on this map.", count
            )
            assert f" {words}" in f" {sentence % {'cities': count}}"


@pytest.mark.django_db
@pytest.mark.parametrize("code", READERS)
def test_countries_stand_in_the_order_of_the_language(code: str):
    for country in ("AT", "DE", "ES", "IT", "SE"):
        Country.objects.create(code=country, in_eu=True)
    with override(code):
        assert [name for _key, name in countries_of(Country.objects.all(), "code")] == READERS[
            code
        ][5]


@pytest.mark.parametrize("template", ["{% list %}{% endlist %}", "{% list a b %}{% endlist %}"])
def test_list_without_items_or_name_is_a_mistake_of_the_template(template: str):
    with pytest.raises(TemplateSyntaxError, match="needs items and a name"):
        written(template)


def test_list_escapes_what_it_joins_and_takes_none():
    assert (
        written("{% list items as x %}{{ x }}{% endlist %}", items=["<b>", "&"])
        == "&lt;b&gt; and &amp;"
    )
    assert written("{% list nothing as x %}{{ x }}{% endlist %}") == ""
