"""Markdown of long texts → HTML. HTML in a text is shown as text and has no effect."""

from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

ALLOWED_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4"}

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": False})
_parser.disable(["image", "code", "fence", "html_block", "html_inline"])


def render(text: str) -> SafeString:
    """The HTML of a Markdown text: paragraphs, lists, emphasis, quotations, and links to web pages
    or mailboxes."""
    unsafe = _parser.render(text)
    html = nh3.clean(
        unsafe,
        tags=ALLOWED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return mark_safe(html)  # noqa: S308 - cleaned by the allow-list above


def plain(text: str) -> str:
    """A Markdown text in one line without Markdown signs, for calendars and descriptions."""
    html = render(text)
    without_tags = nh3.clean(html, tags=set())
    words = unescape(without_tags).split()
    return " ".join(words)
