"""Template tags and filters: texts, dates, numbers and names in the reader's language.

Text in another language is marked with `lang` and `dir`.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from languages import dates, names
from languages.difference import Piece
from languages.markdown import render
from languages.states import up_to_date
from languages.text import HasOriginalName, HasSourceLanguage, Text, current_language
from languages.text import labelled as labelled_text
from languages.text import named as named_text
from languages.text import translated as translated_text

register = template.Library()


@register.filter
def inline(text: Text | str) -> SafeString | str:
    """A text within a line; a fallback is in a `span` with `lang` and `dir`."""
    if not isinstance(text, Text):
        return str(text)
    if not text.is_fallback or not text.language:
        return text.value
    return format_html(
        '<span lang="{}" dir="{}">{}</span>', text.language, text.direction, text.value
    )


@register.simple_tag
def translated(record: HasSourceLanguage, field: str) -> SafeString | str:
    """`{% translated city "name" %}`: the text of a field for this reader, as `inline` gives it."""
    return inline(translated_text(record, field))


@register.simple_tag
def text_of(record: HasSourceLanguage, field: str) -> Text:
    """`{% text_of city "introduction" as introduction %}`: the same as a `Text`."""
    return translated_text(record, field)


@register.simple_tag
def latest(record: HasSourceLanguage, field: str) -> SafeString | str:
    """`{% latest accession "resources" %}`: as `translated`, never from an outdated translation."""
    return inline(up_to_date(record, field))


@register.simple_tag
def named(record: HasOriginalName) -> SafeString | str:
    """`{% named programme %}`: its name for this reader, else its original name, as `inline` gives
    it."""
    return inline(named_text(record))


@register.simple_tag
def name_of(record: HasOriginalName) -> Text:
    """`{% name_of programme as name %}`: the same as a `Text`."""
    return named_text(record)


@register.filter
def labelled(label: Any, text: Any) -> SafeString:
    """`{{ kind|labelled:name }}`: “Kind: name” with the punctuation of the reader's language."""
    label_html = conditional_escape(label)
    text_html = conditional_escape(text)
    html = labelled_text(label_html, text_html)
    return mark_safe(html)  # noqa: S308 - both are escaped


_PIECE_FORMATS = {"same": "{}", "old": "<del>{}</del>", "new": "<ins>{}</ins>"}


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """A difference as HTML: old text in `del`, new text in `ins`."""
    html = []
    for piece in pieces:
        piece_format = _PIECE_FORMATS[piece.kind]
        html.append(format_html(piece_format, piece.text))
    return mark_safe("".join(html))  # noqa: S308 - each piece is escaped


@register.filter
def direction(language: str) -> str:
    """`ltr` or `rtl`: `<html lang="{{ language }}" dir="{{ language|direction }}">`."""
    return names.direction(language)


@register.filter
def long_text(text: Text) -> SafeString:
    """A Markdown text as HTML; a fallback is in a `div` with `lang` and `dir`."""
    html = render(text.value)
    if not text.is_fallback:
        return html
    return format_html('<div lang="{}" dir="{}">{}</div>', text.language, text.direction, html)


@register.filter
def own_language(text: Text) -> str:
    """The name of a fallback's language, in the reader's language; "" if it is no fallback."""
    if not text or not text.is_fallback:
        return ""
    return names.language_name(text.language, current_language())


@register.filter(expects_localtime=True)
def time(value: str | date) -> SafeString | str:
    """A date or a partial date in a `time` element; "date not known" for ""."""
    if not value:
        return _("date not known")
    language = current_language()
    if isinstance(value, date):
        iso = value.isoformat()
        words = dates.format_date(value, language)
        return _time_element(iso[:10], words)
    words = dates.format_partial(value, language)
    return _time_element(value, words)


@register.filter
def time_after(value: str) -> SafeString | str:
    """A partial date in a `time` element, as it stands after "from", "since" and "until"."""
    if not value:
        return time(value)
    words = dates.format_after(value, current_language())
    return _time_element(value, words)


def _time_element(iso: str, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', iso, words)


@register.filter
def readonly_contents(field: Any) -> Any:
    """What a field of the administration shows that nobody can change here: a partial date is
    written out."""
    form = field.form
    name = field.field["name"]
    model_fields = {one.name: one for one in form.instance._meta.concrete_fields}
    if not isinstance(model_fields.get(name), dates.PartialDateField):
        return field.contents()
    stored = getattr(form.instance, name)
    return dates.format_partial(stored, current_language()) or field.empty_value_display


@register.filter
def moment(value: datetime) -> str:
    """A day with the time, in the portal's time zone: `22 November 2026, 21:19`."""
    local = dates.local_moment(value)
    language = current_language()
    day = dates.format_date(local.date(), language)
    return f"{day}, {local:%H:%M}"


@register.simple_tag
def time_range(first: str, last: str) -> SafeString | str:
    """Two partial dates as a range; one date if they are the same or one is unknown."""
    is_range = first and last and first != last
    if not is_range:
        return time(first or last)
    language = current_language()
    return dates.format_range(first, last, language)


@register.filter
def country_name(code: str) -> str:
    """`PL` → `Polska` for a Polish reader."""
    return names.country_name(code, current_language())


@register.filter
def language_name(code: str) -> str:
    """`pl` → `polski` for a Polish reader."""
    if not code:
        return ""
    return names.language_name(code, current_language())


@register.filter
def language_names(codes: str) -> str:
    """`pl en` → `Polish and English`."""
    return joined(map(language_name, codes.split()))


@register.filter
def joined(items: Iterable[object]) -> str:
    """`A, B and C`."""
    return names.join_list(items, current_language())


class ListNode(template.Node):
    """The content between the tags, rendered for each item and joined as in a sentence."""

    def __init__(
        self, items: template.base.FilterExpression, name: str, nodelist: template.NodeList
    ) -> None:
        self.items = items
        self.name = name
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        parts = []
        items = self.items.resolve(context) or ()
        for item in items:
            with context.push(**{self.name: item}):
                part = self.nodelist.render(context)
                parts.append(part.strip())
        html = joined(parts)
        # Rendering escaped each item, and CLDR has the words between them.
        return mark_safe(html)  # noqa: S308


@register.tag("list")
def list_of(parser: template.base.Parser, token: template.base.Token) -> ListNode:
    """`{% list cities as city %}<a href="…">{% translated city "name" %}</a>{% endlist %}` gives
    links: `A, B and C`."""
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
    """`1234567` → `1 234 567`, with the separators of the reader's language."""
    return names.number(value, current_language())


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """`{% money 1352080 "PLN" %}` → `PLN 1,352,080`."""
    return names.money(amount, currency, current_language())
