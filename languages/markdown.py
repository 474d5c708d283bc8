"""Long texts are written in Markdown; HTML in them is shown as text, never obeyed."""

from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4"}

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": False})
_parser.disable(["image", "code", "fence", "html_block", "html_inline"])


def render(text: str) -> SafeString:
    """HTML of a Markdown text: paragraphs, lists, emphasis, quotations and links to web pages or
    mailboxes."""
    html = nh3.clean(
        _parser.render(text),
        tags=ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return mark_safe(html)  # noqa: S308 - cleaned by the allow-list above


def plain(text: str) -> str:
    """The words of a Markdown text without its marks, for calendars and descriptions."""
    return " ".join(unescape(nh3.clean(render(text), tags=set())).split())
