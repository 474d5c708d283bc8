"""Template tags for HTML that many pages write."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from languages.difference import Piece
from languages.search.passages import Fragment


def render(source: str, **context: object) -> str:
    return Template("{% load markup %}" + source).render(Context(context))


def test_facts_leaves_out_what_is_empty_and_escapes():
    source = """{% facts %}
      {% fact %}{{ publisher }}
      {% fact %}{% if seen %}seen{% endif %}
      {% fact %}
        in German
    {% endfacts %}"""
    assert render(source, publisher="<b>") == "&lt;b&gt; · in German"
    assert render(source, publisher="") == "in German"
    assert render("{% facts %}{% endfacts %}") == ""


def test_facts_of_items():
    source = "{% facts rows as row %} {{ row }} {% endfacts %}"
    assert render(source, rows=["a", "", "<b>"]) == "a · &lt;b&gt;"
    assert render(source, rows=None) == ""


def test_facts_needs_items_and_a_name():
    with pytest.raises(TemplateSyntaxError):
        Template("{% load markup %}{% facts rows %}{% endfacts %}")


def test_facts_begins_with_a_fact():
    with pytest.raises(TemplateSyntaxError):
        Template("{% load markup %}{% facts %}lost{% fact %}kept{% endfacts %}")


def test_language_attributes():
    source = "<a{{ code|lang }}{{ code|foreign_lang }}{{ code|hreflang }}>"
    with translation.override("en"):
        assert render(source, code="pl") == '<a lang="pl" lang="pl" hreflang="pl">'
        assert render(source, code="en") == '<a lang="en" hreflang="en">'
        assert render(source, code="") == "<a>"
        assert render(source, code=None) == "<a>"


def test_one_line_keeps_what_is_escaped():
    source = "{% filter one_line %}\n  {{ text }}\n  here\n{% endfilter %}"
    assert render(source, text="a & b\u00a0: c") == "a &amp; b\u00a0: c here"


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("/en/cities/", ' aria-current="page"'),
        ("/en/cities/krakow/", ' aria-current="true"'),
        ("/en/plan/", ""),
        (None, ""),
    ],
)
def test_aria_current(path: str | None, attribute: str):
    assert render("{{ path|aria_current:url }}", path=path, url="/en/cities/") == attribute


def test_highlighted_marks_hits_and_escapes():
    parts = [Fragment("a <b> "), Fragment("<hit>", is_match=True)]
    assert render("{{ parts|highlighted }}", parts=parts) == (
        "a &lt;b&gt; <mark>&lt;hit&gt;</mark>"
    )


def test_spoken_difference_says_what_went_and_what_came():
    pieces = [Piece("same", "a"), Piece("old", " b"), Piece("new", " <c>")]
    with translation.override("en"):
        assert render("{{ pieces|spoken_difference }}", pieces=pieces) == (
            'a<del><span class="visually-hidden">removed: </span> b</del>'
            '<ins><span class="visually-hidden">added: </span> &lt;c&gt;</ins>'
        )


def test_page_contents_lead_to_each_heading_with_an_id():
    source = """{% page_contents %}
      <section><h2 id="fees">What it <b>costs</b> {{ more }}</h2></section>
      <h2 class="quiet" id="steps">
        The steps
      </h2>
      <h2>Without an id</h2><h3 id="part">A part</h3>
      {% if third %}<h2 id="third">Third</h2>{% endif %}
    {% endpage_contents %}"""
    html = render(source, more="& <i>", third=True)
    links = re.findall(r'<li><a href="#(\w+)">(.*?)</a></li>', html)
    assert links == [
        ("fees", "What it costs &amp; &lt;i&gt;"),
        ("steps", "The steps"),
        ("third", "Third"),
    ]
    assert html.index("<nav") < html.index("<section>")
    assert html.count('id="fees"') == 1
    # Two headings are no contents.
    assert "<nav" not in render(source)
