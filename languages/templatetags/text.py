"""Texts, dates and names as the reader's language writes them, marked where they are in another
language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.db import models
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from languages import dates, names
from languages.difference import Piece
from languages.markdown import render
from languages.text import Text, current_language
from languages.text import labelled as labelled_text
from languages.text import named as named_text
from languages.text import translated as translated_text

register = template.Library()


@register.filter
def inline(text: Text | str) -> SafeString | str:
    """A text within a line: in a `span` with `lang` and `dir` where it is not in the reader's
    language."""
    if not isinstance(text, Text) or not text.is_fallback or not text.language:
        return str(text)
    return format_html(
        '<span lang="{}" dir="{}">{}</span>', text.language, text.direction, text.value
    )


@register.simple_tag
def translated(record: models.Model, field: str) -> SafeString | str:
    """`{% translated city "name" %}`: the field's text for this reader, marked where it is a
    fallback."""
    return inline(translated_text(record, field))


@register.simple_tag
def text_of(record: models.Model, field: str) -> Text:
    """`{% text_of city "introduction" as introduction %}`: the text with its language, to be asked
    and rendered."""
    return translated_text(record, field)


@register.simple_tag
def named(record: models.Model) -> SafeString | str:
    """`{% named programme %}`: its name for this reader, else in its own language, marked."""
    return inline(named_text(record))


@register.simple_tag
def name_of(record: models.Model) -> Text:
    """`{% name_of programme as name %}`: the same as a text with its language."""
    return named_text(record)


@register.filter
def labelled(label: object, text: object) -> SafeString:
    """`{{ kind|labelled:name }}`: “Kind: name” with the reader's own punctuation."""
    return mark_safe(labelled_text(conditional_escape(label), conditional_escape(text)))  # noqa: S308 - both are escaped


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """A difference with what went in `del` and what came in `ins`."""
    around = {"same": "{}", "old": "<del>{}</del>", "new": "<ins>{}</ins>"}
    return format_html_join(
        "", "{}", ((format_html(around[piece.kind], piece.text),) for piece in pieces)
    )


@register.filter
def direction(language: str) -> str:
    """`ltr` or `rtl`: `<html lang="{{ language }}" dir="{{ language|direction }}">`."""
    return names.direction(language)


@register.filter
def long_text(text: Text) -> SafeString:
    """A long text as HTML; a fallback stands in a `div` with its language."""
    if not text.is_fallback:
        return render(text.value)
    return format_html(
        '<div lang="{}" dir="{}">{}</div>', text.language, text.direction, render(text.value)
    )


@register.filter
def own_language(text: Text) -> str:
    """The name of the language that a fallback is in, in the reader's language; empty where it is
    no fallback."""
    return (
        names.language_name(text.language, current_language()) if text and text.is_fallback else ""
    )


@register.filter(expects_localtime=True)
def time(value: str | date) -> SafeString | str:
    """A date, known to the day, month or year, written out in a `time` element; "date not known"
    for none."""
    if not value:
        return _("date not known")
    if isinstance(value, date):
        return format_html(
            '<time datetime="{}">{}</time>',
            value.isoformat()[:10],
            dates.format_date(value, current_language()),
        )
    return format_html(
        '<time datetime="{}">{}</time>', value, dates.format_partial(value, current_language())
    )


@register.filter
def moment(value: datetime) -> str:
    """A day with the time, in the portal's time zone: `22 November 2026, 21:19`."""
    local = timezone.localtime(value)
    return f"{dates.format_date(local.date(), current_language())}, {local:%H:%M}"


@register.simple_tag
def time_range(first: str, last: str) -> SafeString | str:
    """Two partial dates as a span of time; one alone where they are the same or one is missing."""
    return (
        dates.format_range(first, last, current_language())
        if first and last and first != last
        else time(first or last)
    )


@register.filter
def country_name(code: str) -> str:
    """`PL` → `Polska` for a Polish reader."""
    return names.country_name(code, current_language())


@register.filter
def language_name(code: str) -> str:
    """`pl` → `polski` for a Polish reader."""
    return names.language_name(code, current_language()) if code else ""


@register.filter
def language_names(codes: str) -> str:
    """`pl en` → `Polish and English`."""
    return names.join_list(
        [names.language_name(code, current_language()) for code in codes.split()],
        current_language(),
    )


@register.filter
def joined(items: Iterable) -> str:
    """`A, B and C`."""
    return names.join_list([str(item) for item in items], current_language())


class ListNode(template.Node):
    """What stands between the tags, once for each item, joined as a sentence joins things."""

    def __init__(
        self, items: template.base.FilterExpression, name: str, nodelist: template.NodeList
    ) -> None:
        self.items, self.name, self.nodelist = items, name, nodelist

    def render(self, context: template.Context) -> SafeString:
        said = []
        for item in self.items.resolve(context) or ():
            with context.push(**{self.name: item}):
                said.append(self.nodelist.render(context).strip())
        # Each item was escaped where it was rendered; what joins them comes from CLDR.
        return mark_safe(names.join_list(said, current_language()))  # noqa: S308


@register.tag("list")
def list_of(parser: template.base.Parser, token: template.base.Token) -> ListNode:
    """`{% list cities as city %}<a href="…">{% translated city "name" %}</a>{% endlist %}` → links:
    `A, B and C`."""
    try:
        _tag, items, _as, name = token.split_contents()
    except ValueError as error:
        raise template.TemplateSyntaxError(
            "{% list %} needs items and a name: {% list cities as city %}"
        ) from error
    nodelist = parser.parse(("endlist",))
    parser.delete_first_token()
    return ListNode(parser.compile_filter(items), name, nodelist)


@register.filter
def number(value: int | float) -> str:
    """`1234567` → `1 234 567` as the reader's language groups it."""
    return names.number(value, current_language())


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """`{% money 1352080 "PLN" %}` → `PLN 1,352,080`."""
    return names.money(amount, currency, current_language())
