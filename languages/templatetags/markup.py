"""HTML that many templates write: attributes that name a language, facts joined by points, marked
passages."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from django import template
from django.template.defaultfilters import stringfilter
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from languages.difference import Piece
from languages.search.passages import Fragment
from languages.sentences import excerpt_of
from languages.shared_values import shared_value
from languages.text import current_language

register = template.Library()

BETWEEN_FACTS = " · "
WHITE_SPACE = re.compile(r"[ \t\r\n]+")
# The heading of a section, to which the contents of a page lead.
SECTION_HEADING = re.compile(r'<h2\b[^>]*?\bid="([\w-]+)"[^>]*>(.*?)</h2>', re.DOTALL)
# So much of a description search engines show, in characters; and what is too little.
DESCRIPTION, SHORT_DESCRIPTION = 160, 70
# A page of fewer sections has no contents.
FEWEST_SECTIONS = 3


@register.filter
def lang(language: str) -> SafeString:
    """`<span{{ city.local_language|lang }}>` → `<span lang="pl">`; nothing where the language is
    not known."""
    return _attribute("lang", language)


@register.filter
def foreign_lang(language: str) -> SafeString:
    """The same, but nothing where it is the reader's language: the whole page names that one."""
    if language == current_language():
        language = ""
    return _attribute("lang", language)


@register.filter
def hreflang(language: str) -> SafeString:
    """`<a href="…"{{ source.language|hreflang }}>`: the language of what the link leads to."""
    return _attribute("hreflang", language)


def _attribute(name: str, value: str) -> SafeString:
    if not value:
        return mark_safe("")
    return format_html(' {}="{}"', name, value)


@register.filter(is_safe=True)
@stringfilter
def one_line(text: str) -> str:
    """`{% filter one_line %}…{% endfilter %}`: a text without line breaks, for an attribute. Spaces
    that do not break stay."""
    return WHITE_SPACE.sub(" ", text).strip(" ")


@register.simple_block_tag
def line(content: str) -> str:
    """`{% line as title %}…{% endline %}`: HTML as one line, to stand in two places."""
    return mark_safe(one_line(content))  # noqa: S308 - it was escaped when it was rendered


@register.simple_block_tag
def description(content: str) -> str:
    """`{% description as words %}…{% enddescription %}`: what search engines and other sites show
    under the title of a page: text without HTML, at most `DESCRIPTION` characters."""
    text = unescape(strip_tags(content))
    return excerpt_of(one_line(text), DESCRIPTION, SHORT_DESCRIPTION)


@register.simple_block_tag
def page_contents(content: str) -> SafeString:
    """`{% page_contents %}…{% endpage_contents %}`: sections, and before them a line with a link
    to each heading that has an id; it stays in sight while one reads."""
    sections = mark_safe(content)  # noqa: S308 - it was escaped when it was rendered
    headings = SECTION_HEADING.findall(content)
    if len(headings) < FEWEST_SECTIONS:
        return sections
    rows = [(key, mark_safe(_words_of(heading))) for key, heading in headings]  # noqa: S308
    return format_html(
        '<nav class="page-contents" aria-label="{}"><ul>{}</ul></nav>{}',
        gettext("On this page"),
        format_html_join("", '<li><a href="#{}">{}</a></li>', rows),
        sections,
    )


def _words_of(heading: str) -> str:
    """The text of a heading, in which characters of HTML stay escaped."""
    return one_line(strip_tags(heading))


@register.filter
def aria_current(path: str, url: str) -> SafeString:
    """`<a href="{{ url }}"{{ request.path|aria_current:url }}>`: says that this is the link to the
    page at `path`, or to the pages that hold it."""
    if not path or not url or not path.startswith(url):
        return mark_safe("")
    if path == url:
        return _attribute("aria-current", "page")
    return _attribute("aria-current", "true")


@register.filter
def highlighted(fragments: Iterable[Fragment]) -> SafeString:
    """A passage that the search found, each word of the query in a `mark`."""
    rows = [(_html_of(fragment),) for fragment in fragments]
    return format_html_join("", "{}", rows)


def _html_of(fragment: Fragment) -> str:
    if fragment.is_match:
        return format_html("<mark>{}</mark>", fragment.text)
    return fragment.text


@register.filter
def spoken_difference(pieces: Iterable[Piece]) -> SafeString:
    """A difference as `marked` of the library `text` writes it, with "removed:" and "added:" for
    those who hear the page."""
    around = {
        "same": ("", "{}{}"),
        "old": (
            pgettext("a word in a text", "removed:"),
            '<del><span class="visually-hidden">{} </span>{}</del>',
        ),
        "new": (
            pgettext("a word in a text", "added:"),
            '<ins><span class="visually-hidden">{} </span>{}</ins>',
        ),
    }
    return format_html_join("", "{}", ((_spoken(piece, *around[piece.kind]),) for piece in pieces))


def _spoken(piece: Piece, word: str, pattern: str) -> SafeString:
    return format_html(pattern, word, piece.text)


class FactsNode(template.Node):
    """The facts that are not empty, with a point between them."""

    def __init__(self, facts: list[template.NodeList]) -> None:
        self.facts = facts

    def render(self, context: template.Context) -> SafeString:
        facts = [fact.render(context) for fact in self.facts]
        return self.join(facts)

    def join(self, facts: Iterable[str]) -> SafeString:
        lines = [fact.strip() for fact in facts]
        html = BETWEEN_FACTS.join(filter(None, lines))
        # Each fact was escaped where it was rendered.
        return mark_safe(html)  # noqa: S308


class FactsOfItemsNode(FactsNode):
    """One fact for each item, with a point between them."""

    def __init__(
        self, items: template.base.FilterExpression, name: str, fact: template.NodeList
    ) -> None:
        super().__init__([fact])
        self.items, self.name = items, name

    def render(self, context: template.Context) -> SafeString:
        return self.join(self._facts(context))

    def _facts(self, context: template.Context) -> Iterator[str]:
        fact = self.facts[0]
        items = self.items.resolve(context) or ()
        for item in items:
            with context.push(**{self.name: item}):
                yield fact.render(context)


@register.tag
def facts(parser: template.base.Parser, token: template.base.Token) -> FactsNode:
    """Facts in one line; what renders as nothing is left out. Each stands after a `{% fact %}`, or
    they are the items of a list:

    {% facts %}
      {% fact %}{{ source.publisher }}
      {% fact %}{% if source.published %}{{ source.published|time }}{% endif %}
    {% endfacts %}

    {% facts strip.phrases as phrase %}{{ phrase }}{% endfacts %}
    """
    words = token.split_contents()
    if len(words) == 1:
        return FactsNode(_single_facts(parser))
    try:
        _tag, items, _as, name = words
    except ValueError as error:
        raise template.TemplateSyntaxError(
            "{% facts %} needs nothing, or items and a name: {% facts phrases as phrase %}"
        ) from error
    fact = parser.parse(("endfacts",))
    parser.delete_first_token()
    return FactsOfItemsNode(parser.compile_filter(items), name, fact)


def _single_facts(parser: template.base.Parser) -> list[template.NodeList]:
    before = parser.parse(("fact", "endfacts"))
    for node in before:
        if not isinstance(node, template.base.TextNode) or node.s.strip():
            raise template.TemplateSyntaxError("{% facts %} begins with a {% fact %}")
    rows = []
    while parser.next_token().contents == "fact":
        fact = parser.parse(("fact", "endfacts"))
        rows.append(fact)
    return rows


class SharedNode(template.Node):
    """The content is rendered once for all pages on which these values are the same."""

    def __init__(
        self, values: list[template.base.FilterExpression], nodelist: template.NodeList
    ) -> None:
        self.values = values
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        values = [value.resolve(context) for value in self.values]
        return shared_value((self, *values), lambda: self.nodelist.render(context))


@register.tag
def shared(parser: template.base.Parser, token: template.base.Token) -> SharedNode:
    """`{% shared request.path|menu_place %}…{% endshared %}`: what reads alike on many pages, and
    depends on nothing of a page but these values."""
    _tag, *values = token.split_contents()
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return SharedNode([parser.compile_filter(value) for value in values], nodelist)


@register.filter
def menu_place(path: str) -> tuple[str, bool]:
    """What the main menu marks on the page at `path`: the part of the site, and whether it is the
    first page of that part: `/en/cities/krakow/` → `("cities", False)`."""
    _before, _language, part, rest = f"{path}///".split("/", 3)
    return part, not rest.strip("/")
